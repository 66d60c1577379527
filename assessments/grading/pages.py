"""A sitting's overview, marking and certificates; and what the public reads of it."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.audit import queries as journal
from app.certificates import register as certificates
from app.certificates.early import EarlyForm, is_early
from app.errors import NotFound, Refusal, RuleBroken
from app.holidays.wording import how_counted
from app.rules.actors import Actor
from app.sheets import republishing
from app.sheets.counts import sheet_counts
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from assessments.enrollment import queries as enrollment
from assessments.grading import certifying, counting, queries, starting
from assessments.grading.checklist import checklist
from assessments.rules.lifecycle import SittingStatus
from assessments.sittings import actions as sittings_actions
from assessments.sittings import queries as sittings
from assessments.sittings.forms import StepForm
from assessments.sittings.rail import rail


class SittingDesk(Controller):
    """One sitting, from its checklist to its certificates."""

    path = "/desk/assessments/{sitting_id:int}"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-sitting")
    async def overview(
        self,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        return await _overview(sitting_id, actor, at=now)

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
            return await _overview(sitting_id, actor, at=now, problem=refusal, status_code=422)
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
        if line.status not in queries.PUBLIC:
            raise NotFound
        return page(
            "assessments/public/results.html",
            sitting=line,
            grades=await queries.public_grades(line),
            amended=await republishing.confirmed(line.ledger),
            how_counted=how_counted,
        )


async def _overview(
    sitting_id: int,
    actor: Actor,
    *,
    at: datetime,
    problem: Refusal | None = None,
    status_code: int = 200,
) -> AnyResponse:
    line = await sittings.sitting_for(actor, sitting_id)
    return page(
        "assessments/grading/overview.html",
        sitting=line,
        specification=await sittings.specification_of(line),
        checklist=await checklist(line, at),
        rooms=await sittings.rooms(sitting_id),
        records=(await journal.records_of(sittings_actions.subject(sitting_id)))[:10],
        may_run=sittings.may_run(actor, line),
        problem=problem,
        rail=rail(line, "overview"),
        status_code=status_code,
    )


async def _certificates(
    sitting_id: int, actor: Actor, now: datetime, form: Form[EarlyForm], *, status_code: int = 200
) -> AnyResponse:
    line = await sittings.sitting_for(actor, sitting_id)
    issued = await certificates.certificates_of(line.ledger)
    return page(
        "assessments/grading/certificates.html",
        sitting=line,
        certificates=issued,
        differing=await certifying.differing(line, issued),
        is_overtaken=await counting.is_overtaken(line),
        waiting=len(await certifying.waiting(line)),
        counts=await enrollment.counts(sitting_id),
        until=line.notice_until if is_early(line.notice_ends_at, now) else None,
        form=form,
        rail=rail(line, "certificates"),
        status_code=status_code,
    )
