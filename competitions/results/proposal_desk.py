"""更改提议 at the desk: propose with a preview, vote, put in force by two, cancel, print."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.errors import NotFound, RuleBroken, Stale
from app.rules.actors import Actor
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from competitions.planning import queries as planning
from competitions.planning import rule_set_lines, scheme_versions
from competitions.planning.rule_set_lines import RuleSetLine
from competitions.planning.rule_sets import UnknownRuleSet
from competitions.planning.scheme_forms import acted, form_of, scheme_of
from competitions.results import proposal_applying as applying
from competitions.results import proposal_pages as pages
from competitions.results import proposals
from competitions.results.proposal_forms import (
    CancelForm,
    RuleSetProposalForm,
    SchemeProposalForm,
    VoteForm,
)
from competitions.rules.duties import READING
from competitions.rules.proposals import PROPOSING

PREVIEW = "preview:"


class ProposalsDesk(Controller):
    """The proposals of an event, and new ones."""

    path = "/desk/events/{event_id:int}/proposals"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-proposals")
    async def show(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        return await pages.list_page(event_id, actor)

    @get("/scheme", name="desk-proposal-scheme", guards=[requires(*PROPOSING)])
    async def write_scheme(
        self, event_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        known = await planning.scheme(event_id)
        form = form_of(known.facts if known else None, known.version_number if known else 0)
        return await pages.scheme_page(event_id, actor, Form(SchemeProposalForm, form.values))

    @post("/scheme", name="desk-proposal-scheme-make", guards=[requires(*PROPOSING)])
    async def propose_scheme(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, SchemeProposalForm)
        if (act := str(form.value("act"))) and act != PREVIEW:
            return await pages.scheme_page(event_id, actor, acted(form, act))
        taken = await scheme_versions.aspect_ids(event_id)
        scheme = scheme_of(form, taken=taken) if form.ok else None
        if scheme is not None and act:
            return await pages.scheme_page(event_id, actor, form, scheme=scheme)
        if scheme is not None:
            try:
                number = await proposals.propose_scheme(
                    event_id, scheme, reason=form.data.reason, by=actor, at=now
                )
                return made(event_id, number)
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await pages.scheme_page(event_id, actor, form, status_code=422)

    @get("/rule-set", name="desk-proposal-rule-set", guards=[requires(*PROPOSING)])
    async def choose_rule_set(
        self, request: AnyRequest, event_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        chosen = request.query_params.get("rule_set", "")
        form = Form(RuleSetProposalForm, {"rule_set": chosen})
        return await pages.rule_set_page(event_id, actor, form)

    @post("/rule-set", name="desk-proposal-rule-set-make", guards=[requires(*PROPOSING)])
    async def propose_rule_set(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, RuleSetProposalForm)
        if form.value("act") == PREVIEW and not form.error("rule_set"):
            form.errors.pop("reason", None)
            new = await _known(form)
            return await pages.rule_set_page(event_id, actor, form, new=new)
        if form.ok:
            key, reason = form.data.rule_set, form.data.reason
            try:
                number = await proposals.propose_rule_set(
                    event_id, key, reason=reason, by=actor, at=now
                )
                return made(event_id, number)
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await pages.rule_set_page(event_id, actor, form, status_code=422)


async def _known(form: Form[RuleSetProposalForm]) -> RuleSetLine | None:
    """Return the chosen rule set; None where there is none, which the form then says."""
    try:
        return await rule_set_lines.by_key(str(form.value("rule_set")))
    except NotFound:
        form.refuse(UnknownRuleSet())
        return None


def made(event_id: int, number: int) -> AnyResponse:
    return go(f"/desk/events/{event_id}/proposals/{number}", toast=_("提议已提出，等待表决"))


class ProposalDesk(Controller):
    """One proposal."""

    path = "/desk/events/{event_id:int}/proposals/{number:int}"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-proposal")
    async def show(
        self,
        event_id: FromPath[int],
        number: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        return await pages.proposal_page(event_id, number, actor, at=now)

    @get("/print", name="desk-proposal-print")
    async def print_out(
        self,
        event_id: FromPath[int],
        number: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        return await pages.print_page(event_id, number, actor, at=now)

    @get(["/before.json", "/after.json"], name="desk-proposal-bundle", guards=[requires(*READING)])
    async def bundle(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        number: FromPath[int],
        actor: NamedDependency[Actor],
    ) -> AnyResponse:
        is_after = request.scope["path"].endswith("after.json")
        return await pages.bundle_file(event_id, number, actor, is_after=is_after)

    @post("/votes", name="desk-proposal-vote")
    async def vote(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        number: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, VoteForm)
        if form.ok:
            said, remark = form.data.vote, form.data.remark
            try:
                await proposals.vote(event_id, number, said, remark=remark, by=actor, at=now)
                return _back(event_id, number, _("表决已记录"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await pages.proposal_page(event_id, number, actor, at=now, vote=form)

    @post("/confirmation", name="desk-proposal-confirm")
    async def confirm(
        self,
        event_id: FromPath[int],
        number: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        try:
            is_in_force = await applying.confirm(event_id, number, by=actor, at=now)
        except (RuleBroken, Stale) as refusal:
            return await pages.proposal_page(event_id, number, actor, at=now, problem=refusal)
        word = _("更改已经生效") if is_in_force else _("已确认，等待另一人确认")
        return _back(event_id, number, word)

    @post("/cancellation", name="desk-proposal-cancel")
    async def cancel(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        number: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, CancelForm)
        if form.ok:
            try:
                await proposals.cancel(event_id, number, reason=form.data.why, by=actor, at=now)
                return _back(event_id, number, _("提议已撤回，一切照旧"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await pages.proposal_page(event_id, number, actor, at=now, cancel=form)


def _back(event_id: int, number: int, toast: str) -> AnyResponse:
    return go(f"/desk/events/{event_id}/proposals/{number}", toast=toast)
