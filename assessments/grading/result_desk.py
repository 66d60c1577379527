"""The results of a sitting at the desk: graded, taken back, published, published anew."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.errors import N_, Refusal, RuleBroken
from app.holidays.wording import coming_notice, how_counted
from app.rules.actors import Actor, Duty
from app.sheets.republishing import RepublishingForm
from app.web import clock
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from assessments.grading import actions, amending
from assessments.rules.grading import Outcome
from assessments.sittings import queries as sittings
from assessments.sittings.rail import rail


class VersionForm(Struct, frozen=True):
    """An act on a sitting that was seen in this version."""

    version: int
    reason: Annotated[str, Meta(title=N_("说明"), max_length=200)] = ""


class SittingResults(Controller):
    """From locked sheets to published results."""

    path = "/desk/assessments/{sitting_id:int}"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("/results", name="desk-sitting-results")
    async def results(
        self, sitting_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        return await _results(sitting_id, actor)

    @post("/grades", name="desk-sitting-grade")
    async def grade(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, VersionForm)
        try:
            await actions.grade_sitting(
                sitting_id,
                seen_version=form.data.version,
                reason=form.data.reason,
                by=actor,
                at=now,
            )
        except RuleBroken as refusal:
            return await _results(sitting_id, actor, problem=refusal, status_code=422)
        return _back(sitting_id, _("成绩已评定"))

    @post("/grades/reopening", name="desk-sitting-reopen")
    async def reopen(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, VersionForm)
        try:
            await actions.reopen(
                sitting_id,
                seen_version=form.data.version,
                reason=form.data.reason,
                by=actor,
                at=now,
            )
        except RuleBroken as refusal:
            return await _results(sitting_id, actor, problem=refusal, status_code=422)
        return _back(sitting_id, _("已退回考核中，请重新评定成绩"))

    @post("/publication", name="desk-sitting-publish")
    async def publish(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, VersionForm)
        try:
            await actions.publish(sitting_id, seen_version=form.data.version, by=actor, at=now)
        except RuleBroken as refusal:
            return await _results(sitting_id, actor, problem=refusal, status_code=422)
        return _back(sitting_id, _("结果已公布"))

    @post("/republishing", name="desk-sitting-republish")
    async def republish(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, RepublishingForm)
        if form.ok:
            try:
                await amending.propose(sitting_id, reason=form.data.reason, by=actor, at=now)
                return _back(sitting_id, _("已提出更正公布，等待另一人确认"))
            except RuleBroken as refusal:
                return await _results(
                    sitting_id, actor, problem=refusal, again=form, status_code=422
                )
        return await _results(sitting_id, actor, again=form, status_code=422)

    @post("/republishing/confirmation", name="desk-sitting-republish-confirm")
    async def confirm(
        self,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        try:
            await amending.confirm(sitting_id, by=actor, at=now)
        except RuleBroken as refusal:
            return await _results(sitting_id, actor, problem=refusal, status_code=422)
        return _back(sitting_id, _("更正后的成绩已公布"))


def _back(sitting_id: int, toast: str) -> AnyResponse:
    return go(f"/desk/assessments/{sitting_id}/results", toast=toast)


async def _results(
    sitting_id: int,
    actor: Actor,
    *,
    problem: Refusal | None = None,
    again: Form[RepublishingForm] | None = None,
    status_code: int = 200,
) -> AnyResponse:
    line = await sittings.sitting_for(actor, sitting_id)
    facts = await amending.facts(line, actor)
    return page(
        "assessments/grading/results.html",
        sitting=line,
        passed=sum(item.outcome is Outcome.PASSED for item in facts["grades"]),
        may_run=sittings.may_run(actor, line),
        may_publish=actor.holds(Duty.ORGANIZER, *line.scopes),
        coming=await coming_notice(line.notice_days, clock.now()),
        how_counted=how_counted,
        problem=problem,
        again=again or Form(RepublishingForm),
        rail=rail(line, "results"),
        status_code=status_code,
        **facts,
    )
