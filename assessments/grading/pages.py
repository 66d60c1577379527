"""A sitting's overview, marking, results, certificates; and what the public reads of it."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.audit import queries as journal
from app.certificates import register as certificates
from app.certificates.early import EarlyForm, is_early
from app.errors import N_, NotFound, Refusal, RuleBroken
from app.rules.actors import Actor, Duty
from app.sheets.counts import sheet_counts
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from assessments.enrollment import queries as enrollment
from assessments.grading import actions, certifying, queries, starting
from assessments.grading.checklist import checklist
from assessments.rules.grading import Outcome
from assessments.rules.lifecycle import SittingStatus
from assessments.sittings import actions as sittings_actions
from assessments.sittings import queries as sittings
from assessments.sittings.forms import StepForm
from assessments.sittings.rail import rail

PUBLIC = frozenset({SittingStatus.PUBLISHED, SittingStatus.ARCHIVED})


class VersionForm(Struct, frozen=True):
    """An act on a sitting that was seen in this version."""

    version: int
    reason: Annotated[str, Meta(title=N_("说明"), max_length=200)] = ""


class SittingDesk(Controller):
    """One sitting, from its checklist to its certificates."""

    path = "/desk/assessments/{sitting_id:int}"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-sitting")
    async def overview(
        self, sitting_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        return await _overview(sitting_id, actor)

    @post("/step", name="desk-sitting-step")
    async def step(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, StepForm)
        try:
            if form.data.wanted is SittingStatus.ASSESSING:
                await starting.start(sitting_id, seen_version=form.data.version, by=actor, at=now)
            else:
                await sittings_actions.step(
                    sitting_id,
                    form.data.wanted,
                    seen_version=form.data.version,
                    reason=form.data.reason,
                    by=actor,
                    at=now,
                )
        except RuleBroken as refusal:
            return await _overview(sitting_id, actor, problem=refusal, status_code=422)
        return go(f"/desk/assessments/{sitting_id}", toast=_("已办理"))

    @get("/marking", name="desk-sitting-marking")
    async def marking(
        self, sitting_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await sittings.sitting_for(actor, sitting_id)
        return page(
            "assessments/grading/marking.html",
            sitting=line,
            sheets=await sheet_counts(line.ledger),
            rail=rail(line, "marking"),
        )

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
        return go(f"/desk/assessments/{sitting_id}/results", toast=_("成绩已评定"))

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
        return go(
            f"/desk/assessments/{sitting_id}/results", toast=_("已退回考核中，请重新评定成绩")
        )

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
        return go(f"/desk/assessments/{sitting_id}/results", toast=_("结果已公布"))

    @get("/certificates", name="desk-sitting-certificates")
    async def certificates(
        self,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        return await _certificates(sitting_id, actor, now, Form(EarlyForm))

    @post("/certificates", name="desk-sitting-certify")
    async def certify(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, EarlyForm)
        if form.ok:
            try:
                batch_id = await certifying.issue(
                    sitting_id, reason=form.data.reason, by=actor, at=now
                )
                return go(f"/desk/certificates/batches/{batch_id}")
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _certificates(sitting_id, actor, now, form, status_code=422)


class PublicSittings(Controller):
    """Published results of assessments, names masked."""

    path = "/assessments"

    @get("", name="assessments")
    async def list_published(self) -> AnyResponse:
        return page(
            "assessments/public/sittings.html", sittings=await sittings.published_sittings()
        )

    @get("/{sitting_id:int}", name="assessment")
    async def show(self, sitting_id: FromPath[int]) -> AnyResponse:
        line = await sittings.sitting(sitting_id)
        if line.status not in PUBLIC:
            raise NotFound
        return page(
            "assessments/public/results.html", sitting=line, grades=await queries.grades(line)
        )


async def _overview(
    sitting_id: int, actor: Actor, *, problem: Refusal | None = None, status_code: int = 200
) -> AnyResponse:
    line = await sittings.sitting_for(actor, sitting_id)
    return page(
        "assessments/grading/overview.html",
        sitting=line,
        specification=await sittings.specification_of(line),
        checklist=await checklist(line),
        rooms=await sittings.rooms(sitting_id),
        records=(await journal.records_of(sittings_actions.subject(sitting_id)))[:10],
        may_run=sittings.may_run(actor, line),
        problem=problem,
        rail=rail(line, "overview"),
        status_code=status_code,
    )


async def _results(
    sitting_id: int, actor: Actor, *, problem: Refusal | None = None, status_code: int = 200
) -> AnyResponse:
    line = await sittings.sitting_for(actor, sitting_id)
    grades = await queries.grades(line)
    return page(
        "assessments/grading/results.html",
        sitting=line,
        grades=grades,
        grading=await queries.latest_grading(sitting_id),
        passed=sum(item.outcome is Outcome.PASSED for item in grades),
        may_run=sittings.may_run(actor, line),
        may_publish=actor.holds(Duty.ORGANIZER, *line.scopes),
        problem=problem,
        rail=rail(line, "results"),
        status_code=status_code,
    )


async def _certificates(
    sitting_id: int, actor: Actor, now: datetime, form: Form[EarlyForm], *, status_code: int = 200
) -> AnyResponse:
    line = await sittings.sitting_for(actor, sitting_id)
    return page(
        "assessments/grading/certificates.html",
        sitting=line,
        certificates=await certificates.certificates_of(line.ledger),
        waiting=await certifying.waiting(line),
        counts=await enrollment.counts(sitting_id),
        until=line.notice_until if is_early(line.notice_ends_at, now) else None,
        form=form,
        rail=rail(line, "certificates"),
        status_code=status_code,
    )
