"""The desk of the register of judges, and of the links with which they take over their accounts."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from app.errors import RuleBroken
from app.people import queries as people
from app.rules.actors import Actor, Duty
from app.rules.identity import IdKind
from app.settings import Settings
from app.web.clock import SHANGHAI
from app.web.forms import Form, filled, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.planning import queries as planning
from competitions.planning.rail import Count, competition_rail, count_competition
from competitions.registration import exporting, judge_correcting, judges, queries
from competitions.registration.forms import ChosenForm, JudgeChangeForm, JudgeForm
from competitions.registration.judges import JudgeLink
from competitions.registration.pages import SPREADSHEET


class JudgeDesk(Controller):
    """The register of judges."""

    path = "/desk/competitions/{competition_id:int}/judges"
    guards = [requires(Duty.ORGANIZER)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-judges")
    async def list_judges(
        self, competition_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        return await _judges_page(competition_id, actor, Form(JudgeForm))

    @post("", name="desk-judge-create")
    async def create(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, JudgeForm)
        if form.ok:
            try:
                await judges.register_judges(competition_id, [form.data.facts()], by=actor, at=now)
                back = f"/desk/competitions/{competition_id}/judges"
                return go(back, toast=_("裁判已登记，请为新账号生成一次性链接"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _judges_page(competition_id, actor, form)

    @post("/invitations", name="desk-judges-invite")
    async def invite(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, ChosenForm)
        empty = Form(JudgeForm)
        try:
            links = await judges.invite_judges(competition_id, form.data.chosen, by=actor, at=now)
        except RuleBroken as refusal:
            empty.refuse(refusal)
            return await _judges_page(competition_id, actor, empty)
        return await _judges_page(
            competition_id, actor, empty, links=links, origin=_origin(request)
        )

    @get("/export.xlsx", name="desk-judges-export")
    async def export(
        self,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        content = await exporting.judges_workbook(competition_id, by=actor, at=now)
        headers = {
            "content-disposition": f'attachment; filename="judges-{competition_id}.xlsx"',
            "cache-control": "no-store",
        }
        return Response(content, media_type=SPREADSHEET, headers=headers)


class OneJudgeDesk(Controller):
    """Mend what is said of one judge."""

    path = "/desk/judges/{judge_id:int}"
    guards = [requires(Duty.ORGANIZER)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-judge")
    async def edit(self, judge_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        return await _judge_page(judge_id, actor, None)

    @post("", name="desk-judge-change")
    async def change(
        self,
        request: AnyRequest,
        judge_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, JudgeChangeForm)
        competition, _judge = await judge_correcting.judge(judge_id)
        if form.ok:
            try:
                facts = form.data.facts(now.astimezone(SHANGHAI).date())
                await judge_correcting.change_judge(
                    judge_id, facts, seen_version=form.data.version, by=actor, at=now
                )
                back = f"/desk/competitions/{competition.id}/judges"
                return go(back, toast=_("裁判已修改"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _judge_page(judge_id, actor, form)


async def _judge_page(
    judge_id: int, actor: Actor, form: Form[JudgeChangeForm] | None
) -> AnyResponse:
    competition, judge = await judge_correcting.judge(judge_id)
    await planning.seen_competition(competition.id, actor, (Duty.ORGANIZER,))
    shown = form or filled(JudgeChangeForm, judge)
    if form is None:
        shown.values["county_code"] = [people.region_name(judge.county_code, is_long=True)]
    return page(
        "competitions/registration/judge.html",
        competition=competition,
        judge=judge,
        form=shown,
        delegations=await queries.delegations(competition.id),
        regions=await people.counties(),
        id_kinds=list(IdKind),
        rail=await competition_rail(competition.id, "judges"),
        status_code=422 if form else 200,
    )


def _origin(request: AnyRequest) -> str:
    settings: Settings = request.app.state.settings
    return settings.public_origin


async def _judges_page(
    competition_id: int,
    actor: Actor,
    form: Form[JudgeForm],
    *,
    links: list[JudgeLink] | None = None,
    origin: str = "",
) -> AnyResponse:
    return page(
        "competitions/registration/judges.html",
        competition=await planning.seen_competition(competition_id, actor, (Duty.ORGANIZER,)),
        judges=await queries.judges(competition_id),
        delegations=await queries.delegations(competition_id),
        regions=await people.counties(),
        region_name=people.region_name,
        form=form,
        links=links or [],
        origin=origin,
        rail=await competition_rail(competition_id, "judges"),
        status_code=422 if form.errors else 200,
        headers={"cache-control": "no-store"} if links else {},
    )


async def _judge_count(competition_id: int) -> Count:
    return Count(len(await queries.judges(competition_id)))


count_competition("judges", _judge_count)
