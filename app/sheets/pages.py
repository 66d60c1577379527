"""The pages of tablets: the list, a sheet, and what the browser needs to keep them offline."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.errors import NotAllowed
from app.rules.actors import Actor
from app.sheets import acts, badges, forms, leads, wording
from app.sheets.definitions import sheet_view
from app.sheets.doors import VISIT_COOKIE
from app.sheets.judgements import TALK
from app.sheets.rows import row_by_key
from app.sheets.settings import settings_of
from app.sheets.tablet_words import CHECK_WORDS, FRAME_WORDS, HOME_WORDS, SHEET_WORDS
from app.web.guards import SignInNeeded
from app.web.http import AnyRequest
from app.web.locale import gettext as _
from app.web.templating import STATIC, asset, page, static_prefix

FILES: Final = (
    "tablet.css",
    "qr_reader.js",
    "tablet/icon.svg",
    "vendor/idb.js",
    *(
        f"tablet/{name}.js"
        for name in (
            "bounce",
            "cells",
            "check",
            "device",
            "door",
            "fitness",
            "frame",
            "home",
            "keypad",
            "notes",
            "paint",
            "place",
            "poly1305",
            "presence",
            "press",
            "reach",
            "sender",
            "sheet",
            "signing",
            "store",
            "stopwatch",
            "theme",
            "touched",
            "uuid7",
            "vault",
            "worth",
        )
    ),
)
LATER: Final = ("vendor/qr/decode.js", "vendor/qr/index.js")
"""What reads badges where the browser cannot; too large for the first load."""


class TabletPages(Controller):
    """What judges and examiners open. A page itself holds no mark and no name."""

    path = "/j"

    @get("/", name="tablet.home")
    async def home(self) -> Response[Any]:
        """Show the list's frame; its script fills it from the tablet's memory."""
        return page("app/sheets/home.html", headers=_signed(), words=_said(HOME_WORDS))

    @get("/check", name="tablet.check")
    async def check(self) -> Response[Any]:
        """Show the fitness test's frame; its script measures and asks the house for the verdict."""
        return page("app/sheets/check.html", headers=_signed(), words=_said(CHECK_WORDS))

    @get("/sheet", name="tablet.frame")
    async def frame(self) -> Response[Any]:
        """Show the frame of a sheet: without a network its script opens the page that was kept."""
        return page("app/sheets/frame.html", headers=_signed(), words=_said(FRAME_WORDS))

    @get("/sheets/{key:str}", name="tablet.sheet")
    async def sheet(
        self,
        request: AnyRequest,
        key: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Show a sheet's definition to its judge, or to whoever may see the ledger."""
        visitor = await badges.visitor_of(request.cookies.get(VISIT_COOKIE, ""), now)
        if not actor.is_signed_in and visitor is None:
            raise SignInNeeded
        row = await row_by_key(key)
        ledger = await acts.ledger_row(row.ledger_name)
        is_own = row.account is not None and row.account in {actor.account_id, visitor}
        if not is_own and not leads.may_see(actor, ledger):
            raise NotAllowed
        form = (await forms.by_id({row.form: row.form_digest}))[row.form]
        wording.as_in(row.ledger_name)
        return page(
            "app/sheets/sheet.html",
            headers=_signed() | {"x-scheme": form.scheme.sha256, "cache-control": "no-store"},
            sheet=sheet_view(row, form),
            settings=settings_of(ledger),
            talk=TALK,
            words=_said(SHEET_WORDS),
        )

    @get("/sw.js", name="tablet.worker")
    async def worker(self) -> Response[str]:
        """Give the service worker of this build."""
        return Response(
            _worker(),
            media_type="text/javascript",
            headers={"cache-control": "no-cache", "service-worker-allowed": "/j/"},
        )

    @get("/manifest.webmanifest", name="tablet.manifest")
    async def manifest(self) -> Response[bytes]:
        """Let the list be put on a home screen, which also makes its storage last."""
        facts = {
            "name": _("乡匠评分"),
            "short_name": _("乡匠评分"),
            "start_url": "/j/",
            "scope": "/j/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0b4ea2",
            "icons": [{"src": asset("tablet/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        }
        return Response(
            msgspec.json.encode(facts),
            media_type="application/manifest+json",
            headers={"cache-control": "no-cache"},
        )


def _said(words: Mapping[str, str]) -> dict[str, str]:
    return {name: _(says) for name, says in words.items()}


def _addresses(names: tuple[str, ...]) -> str:
    return msgspec.json.encode([asset(name) for name in names]).decode()


def _build() -> str:
    return static_prefix().rsplit("/", 1)[-1]


def _signed() -> dict[str, str]:
    """Tell our own pages from a portal's, and which build's files they ask for."""
    return {"x-app": "xiangjiang", "x-build": _build(), "cache-control": "no-cache"}


@cache
def _worker() -> str:
    text = (STATIC / "sw.js").read_text("utf-8")
    return (
        text.replace("__PREFIX__", static_prefix())
        .replace("__BUILD__", _build())
        .replace("__FILES__", _addresses(FILES))
        .replace("__LATER__", _addresses(LATER))
    )
