"""The composition root: the one place that sees every room."""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.router import Router
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig

from app import labels, routes
from app.accounts import scope_names
from app.accounts.middleware import SessionMiddleware
from app.audit.acts import LABELS as ACTS
from app.certificates import actions as certificates
from app.certificates import batches, drawn, numbering, reach, register
from app.certificates import ties as certificate_ties
from app.certificates import workbooks as certificate_workbooks
from app.certificates.kinds import LABELS as CERTIFICATES
from app.errors import N_
from app.front.pages import FrontPages
from app.imports import organizations, regions, registry
from app.imports import work as imports
from app.imports.kinds import LABELS as IMPORTS
from app.imports.registry import Exporter
from app.people import ties, vault_key
from app.people.kinds import LABELS as ORGANIZATION_KINDS
from app.people.queries import read_region_names
from app.rules.actors import Actor, Scope
from app.rules.certificate_claim import LABELS as CLAIMS
from app.rules.holidays import LABELS as HOLIDAYS
from app.rules.identity import LABELS as IDENTITY
from app.settings import Settings, load
from app.sheets import wording
from app.storage import engine, migrations
from app.venue import calendar
from app.web import background, locale, openapi, operators_log
from app.web.bare import COMPRESSED
from app.web.clock import provide_now
from app.web.csrf import CsrfMiddleware
from app.web.error_pages import EXCEPTION_HANDLERS
from app.web.guards import provide_actor
from app.web.house import House
from app.web.http import HouseRequest
from app.web.limits import BODY_BYTES
from app.web.requests import RequestMiddleware
from app.web.templating import STATIC, static_prefix
from app.web.templating import engine as template_engine
from assessments import labels as assessment_labels
from assessments import routes as assessment_routes
from assessments.enrollment import importing as enrollment
from assessments.enrollment import ties as assessment_ties
from assessments.sittings import importing as examiners
from assessments.sittings import queries as sittings
from assessments.sittings import scopes as sitting_scopes
from assessments.specifications import importing as specifications
from competitions import labels as competition_labels
from competitions import routes as competition_routes
from competitions.planning import importing as scheme
from competitions.planning import queries as planning
from competitions.planning import scopes as competition_scopes
from competitions.registration import importing as registration
from competitions.registration import ties as competition_ties
from competitions.results import exporting as results
from competitions.scoring import importing as marks

YEAR_SECONDS = 365 * 24 * 3600

RESUMED: tuple[Callable[[], Awaitable[None]], ...] = (batches.resume, imports.resume)
"""What goes on where the last process stopped."""

WORDS: tuple[Mapping[Any, str], ...] = (
    labels.DUTIES,
    ACTS,
    ORGANIZATION_KINDS,
    IDENTITY,
    HOLIDAYS,
    *CERTIFICATES,
    CLAIMS,
    numbering.LABELS,
    IMPORTS,
    *competition_labels.LABELS,
    *assessment_labels.LABELS,
)
for words in WORDS:
    locale.learn_labels(words)


async def _event_scopes(event_id: int) -> tuple[Scope, ...]:
    return (await planning.event(event_id)).scopes


async def _sitting_scopes(sitting_id: int) -> tuple[Scope, ...]:
    return (await sittings.sitting(sitting_id)).scopes


async def _register_workbook(_: Scope, by: Actor, at: datetime) -> bytes:
    return await certificate_workbooks.register_workbook(
        bases=await register.visible_to(by, reach.MAY_READ)
    )


registry.learn(organizations.IMPORTER, organizations.EXPORTER)
registry.learn(*registration.IMPORTERS, *registration.EXPORTERS)
registry.learn(scheme.IMPORTER, scheme.EXPORTER, scheme.WORLDSKILLS_EXPORTER)
registry.learn(regions.IMPORTER, regions.EXPORTER)
registry.learn(enrollment.IMPORTER, enrollment.EXPORTER)
registry.learn(examiners.IMPORTER, examiners.EXPORTER)
registry.learn(specifications.IMPORTER, specifications.EXPORTER)
registry.learn(marks.IMPORTER, marks.EXPORTER)
registry.learn(results.EXPORTER)
registry.learn(Exporter("certificates", N_("证书登记表"), "all", _register_workbook))
reach.learn("competitions.event", _event_scopes)
reach.learn("assessments.sitting", _sitting_scopes)
ties.learn("competitions", competition_ties.ties_of)
ties.learn("assessments", assessment_ties.ties_of)
ties.learn("certificates", certificate_ties.ties_of)
calendar.learn(planning.spans, sittings.spans)
scope_names.learn("competition", competition_scopes.COMPETITIONS)
scope_names.learn("event", competition_scopes.EVENTS)
scope_names.learn("sitting", sitting_scopes.SITTINGS)


@asynccontextmanager
async def open_house(
    settings: Settings,
    *,
    is_prepared: bool = True,
    may_be_new: bool = True,
    open_key: Callable[[Path], Awaitable[None]] = vault_key.open_key,
) -> AsyncIterator[None]:
    """Open what a process holds while it works, keys and database, and close it in reverse.

    Raise `migrations.NotMigrated` for a database that is behind, unless `is_prepared` is false:
    then it is taken as it is. Raise `engine.NoHouse` where there is none and none may be made.
    """
    await engine.open_database(settings.database_url, may_be_new=may_be_new)
    try:
        if is_prepared:
            await migrations.prepare()
        await open_key(settings.secret_key_file)
        if is_prepared:
            await read_region_names()
        certificates.open_house(settings)
        yield
    finally:
        await background.finish()
        await engine.close_database()


@asynccontextmanager
async def serving(app: Litestar) -> AsyncIterator[None]:
    """Serve in an open house, and take up the work that the last process left."""
    async with open_house(app.state.settings):
        for resume in RESUMED:
            background.start(resume)
        settle_memory()
        yield
        operators_log.write()


def settle_memory() -> None:
    """Let the collector never again look through what lives as long as the process.

    It would walk through it again and again while a large table is read.
    """
    gc.collect()
    gc.freeze()


def create_app(settings: Settings | None = None) -> Litestar:
    """Compose the rooms into one application."""
    chosen = settings or load()
    return House(
        route_handlers=[
            FrontPages,
            *routes.HANDLERS,
            *competition_routes.HANDLERS,
            *assessment_routes.HANDLERS,
            _static_files(),
        ],
        lifespan=[serving],
        state=State({"settings": chosen}),
        outermost=[
            RequestMiddleware(is_https=chosen.is_https, trusted_proxies=chosen.trusted_proxies),
            drawn.DrawnPages(chosen.limit_factor),
        ],
        middleware=[
            SessionMiddleware(is_https=chosen.is_https),
            CsrfMiddleware(is_https=chosen.is_https),
        ],
        dependencies={
            "settings": Provide(_settings, sync_to_thread=False),
            "now": Provide(provide_now, sync_to_thread=False),
            "actor": Provide(provide_actor, sync_to_thread=False),
        },
        before_request=_speak_as_the_room,
        exception_handlers=EXCEPTION_HANDLERS,
        request_class=HouseRequest,
        request_max_body_size=BODY_BYTES,
        template_config=TemplateConfig(instance=template_engine()),
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=1, exclude_opt_key=COMPRESSED
        ),
        openapi_config=openapi.config(),
        include_in_schema=False,
        logging_config=None,
    )


async def _speak_as_the_room(request: HouseRequest) -> None:
    wording.as_in(request.scope["path"])


def _settings(state: State) -> Settings:
    settings: Settings = state.settings
    return settings


def _static_files() -> Router:
    return create_static_files_router(
        path=static_prefix(),
        directories=[STATIC],
        cache_control=CacheControlHeader(max_age=YEAR_SECONDS, public=True, immutable=True),
        include_in_schema=False,
    )
