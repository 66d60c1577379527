"""The desk of 放假安排: the days of a year, pasted in by administrators."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from app.errors import N_, RuleBroken, refusal
from app.holidays import actions, queries
from app.people.rail import rail
from app.people.ties import SEERS
from app.rules.actors import Actor, Duty
from app.rules.holidays import FIRST_YEAR, BadLine, read_days
from app.web.clock import SHANGHAI
from app.web.forms import Form, read_form, read_query
from app.web.guards import actor_of, requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page

BASE = "/desk/holidays"


@refusal
class LinesNotRead(RuleBroken):
    """Nothing is entered while a line is wrong."""

    says = N_("有 {count} 行没有读懂，一天都还没有录入。请照各行的问题改好再录入。")
    field = "lines"
    count: int


class DaysForm(Struct, frozen=True):
    """Days as they are pasted, and why where they correct others."""

    lines: Annotated[str, Meta(title=N_("放假和上班的日子"), max_length=5000)]
    reason: Annotated[str, Meta(title=N_("更正已录入日子的原因"), max_length=200)] = ""


class TakeBackForm(Struct, frozen=True):
    """Days that shall not count, and why."""

    why: Annotated[str, Meta(title=N_("撤回这些日子的原因"), max_length=200)] = ""
    ids: Annotated[list[int], Meta(title=N_("要撤回的日子"))] = []


class YearQuery(Struct, frozen=True):
    """Which year is looked at; this one where none is given."""

    year: Annotated[int, Meta(ge=FIRST_YEAR, le=9999)] | None = None


class HolidayPages(Controller):
    """The calendar of working days."""

    path = BASE
    guards = [requires(*SEERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-holidays")
    async def show(self, request: AnyRequest, now: NamedDependency[datetime]) -> AnyResponse:
        return await _page(request, now)

    @post("", name="desk-holidays-enter", guards=[requires(Duty.ADMINISTRATOR)])
    async def enter(
        self, request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        form = await read_form(request, DaysForm)
        bad: Sequence[BadLine] = ()
        if form.ok:
            days, bad = read_days(form.data.lines, last_year=_year(now) + 1)
            try:
                if bad:
                    raise LinesNotRead(len(bad))
                done = await actions.enter(days, reason=form.data.reason, by=actor, at=now)
                toast = _("已录入 {added} 天，更正 {corrected} 天")
                return go(
                    f"{BASE}?year={days[0].day.year}",
                    toast=toast.format(added=done.added, corrected=done.corrected),
                )
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _page(request, now, form, bad=bad)

    @post("/taking-back", name="desk-holidays-take-back", guards=[requires(Duty.ADMINISTRATOR)])
    async def take_back(
        self, request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        form = await read_form(request, TakeBackForm)
        if form.ok:
            try:
                count = await actions.take_back(
                    form.data.ids, reason=form.data.why, by=actor, at=now
                )
                return go(
                    f"{BASE}?year={_chosen(request, now)}",
                    toast=_("已撤回 {count} 天").format(count=count),
                )
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _page(request, now, taking_back=form)


def _year(now: datetime) -> int:
    return now.astimezone(SHANGHAI).year


def _chosen(request: AnyRequest, now: datetime) -> int:
    query = read_query(request, YearQuery)
    return (query.data.year if query.ok else None) or _year(now)


async def _page(
    request: AnyRequest,
    now: datetime,
    form: Form[DaysForm] | None = None,
    *,
    taking_back: Form[TakeBackForm] | None = None,
    bad: Sequence[BadLine] = (),
) -> AnyResponse:
    year, known = _chosen(request, now), await queries.years()
    return page(
        "app/holidays/holidays.html",
        year=year,
        years=sorted({*known, _year(now), _year(now) + 1, year}),
        days=await queries.days(year),
        ended=await queries.ended_days(year),
        form=form or Form(DaysForm),
        taking_back=taking_back or Form(TakeBackForm),
        bad=bad,
        is_keeper=actor_of(request).holds(Duty.ADMINISTRATOR),
        rail=rail("holidays"),
        status_code=422 if form or taking_back else 200,
    )
