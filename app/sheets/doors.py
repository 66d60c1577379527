"""How a shared tablet is made known, opened by a badge, and found fit."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, TypeVar

import msgspec
from litestar import Controller, Response, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from app.errors import NotAllowed, NotFound
from app.sheets import badges, devices, fitness, pairing
from app.sheets.devices import Pass, TabletFacts
from app.sheets.fitness import Findings
from app.sheets.pairing import Pairing
from app.sheets.sync import PROTO
from app.sheets.tablet import signed_on
from app.web.http import AnyRequest
from app.web.limits import Limit, asker, enforce
from app.web.locale import gettext as _

VISIT_COOKIE: Final = "xj_tablet"
VISIT_LIFE: Final = timedelta(hours=16)
PAIRINGS: Final = Limit(60, 300)
"""Guesses of a code from one address; forty tablets stand behind one."""
BADGES: Final = Limit(10, 300)
"""Numbers tried on one tablet."""
JSON: Final = "application/json"
NO_STORE: Final = {"cache-control": "no-store"}
Shape = TypeVar("Shape", bound=Struct)


class Shown(Struct, frozen=True):
    """The number on a badge."""

    number: Annotated[str, Meta(max_length=20)]


class Held(Struct, frozen=True):
    """The pass of the judge who opened the tablet."""

    pass_: Annotated[str, Meta(max_length=600)] = msgspec.field(name="pass")


class Left(Struct, frozen=True):
    """The judge who has left a tablet, perhaps long ago."""

    account: Annotated[int, Meta(ge=0, le=2**53)]


class Closed(Struct, frozen=True):
    """The house has heard of it; a portal's page says no such thing."""

    proto: str = PROTO


class ShownFinding(Struct, frozen=True):
    """One line of the report, in words."""

    check: str
    verdict: str
    verdict_word: str
    value: str


class ShownReport(Struct, frozen=True):
    """The report as the tablet shows it."""

    label: str
    is_go: bool
    findings: list[ShownFinding]


class TabletDoors(Controller):
    """What a tablet calls besides sending marks."""

    path = "/j/api"

    @post("/pair", name="tablet.pair", status_code=200)
    async def pair(self, request: AnyRequest, now: NamedDependency[datetime]) -> Response[bytes]:
        """Make a tablet known by the code on the organizer's screen."""
        _refuse_elsewhere(request)
        enforce(PAIRINGS, asker(request.scope), request.app.state.settings.limit_factor)
        return _json(await pairing.pair(await _read(request, Pairing), at=now))

    @post("/open", name="tablet.open", status_code=200)
    async def open(self, request: AnyRequest, now: NamedDependency[datetime]) -> Response[bytes]:
        """Open a known tablet for the judge whose badge it was shown."""
        _refuse_elsewhere(request)
        tablet, token = await tablet_that_asks(request)
        enforce(BADGES, tablet.key, request.app.state.settings.limit_factor)
        shown = await _read(request, Shown)
        held = await badges.open_tablet(shown.number, tablet=tablet, at=now)
        return await _welcome(request, held, tablet, token, now)

    @post("/renew", name="tablet.renew", status_code=200)
    async def renew(self, request: AnyRequest, now: NamedDependency[datetime]) -> Response[bytes]:
        """Give the judge who opened a tablet the list of sheets anew."""
        _refuse_elsewhere(request)
        tablet, token = await tablet_that_asks(request)
        held = devices.read_pass((await _read(request, Held)).pass_)
        if held is None:
            raise NotAllowed
        await badges.go_on(held, tablet=tablet, at=now)
        return await _welcome(request, held, tablet, token, now)

    @post("/close", name="tablet.close", status_code=200)
    async def close(self, request: AnyRequest, now: NamedDependency[datetime]) -> Response[bytes]:
        """Let go of the judge: no sheet is given or told of any more, filled in or empty.

        The cookie is left to itself: it opens nothing any more, and the next judge's may be there.
        """
        tablet, _token = await tablet_that_asks(request)
        left = await _read(request, Left)
        await badges.leave_tablet(left.account, tablet=tablet, at=now)
        return _json(Closed())

    @post("/fitness", name="tablet.fitness.take", status_code=200)
    async def fitness(self, request: AnyRequest, now: NamedDependency[datetime]) -> Response[bytes]:
        """Judge what a tablet found out about itself, and keep it for the desk."""
        tablet, _token = await tablet_that_asks(request)
        report = await fitness.keep(await _read(request, Findings), tablet=tablet, at=now)
        lines = [
            ShownFinding(
                check=_(fitness.CHECKS[item.check]),
                verdict=item.verdict,
                verdict_word=_(fitness.VERDICTS[item.verdict]),
                value=item.value,
            )
            for item in report.findings
        ]
        return _json(ShownReport(tablet.label, report.is_go, lines))


async def _welcome(
    request: AnyRequest, held: Pass, tablet: TabletFacts, token: str, at: datetime
) -> Response[bytes]:
    answer = _json(await signed_on(held, device=tablet.key, token=token, label=tablet.label))
    answer.set_cookie(
        Cookie(
            key=VISIT_COOKIE,
            value=badges.make_visit(held.account_id, tablet.id, at + VISIT_LIFE),
            path="/j",
            httponly=True,
            samesite="strict",
            secure=request.app.state.settings.is_https,
        )
    )
    return answer


def _refuse_elsewhere(request: AnyRequest) -> None:
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise NotAllowed


async def tablet_that_asks(request: AnyRequest) -> tuple[TabletFacts, str]:
    """Return the tablet whose token a request shows, and the token; raise `NotAllowed`."""
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    tablet = await devices.tablet_of(token) if scheme == "Bearer" and token else None
    if tablet is None:
        raise NotAllowed
    return tablet, token


async def _read(request: AnyRequest, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(await request.body(), type=shape)
    except msgspec.DecodeError as error:
        raise NotFound from error


def _json(answer: Any) -> Response[bytes]:
    return Response(msgspec.json.encode(answer), media_type=JSON, headers=NO_STORE)
