"""更改提议, the numbers of a rule set: the editor, filled with what counts, beside the effect."""

from datetime import datetime
from typing import Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.errors import RuleBroken
from app.rules.actors import Actor
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.locale import label
from app.web.templating import page
from competitions.planning import queries as planning
from competitions.planning import rule_set_lines
from competitions.planning.queries import EventLine
from competitions.planning.rail import event_rail
from competitions.planning.rule_set_editor import editor_of, is_trial, try_out
from competitions.planning.rule_set_forms import document_of, rules_of, values_of
from competitions.planning.rule_set_lines import RuleSetLine
from competitions.results import proposals
from competitions.results.proposal_desk import made
from competitions.results.proposal_forms import NumbersProposalForm
from competitions.results.proposal_pages import told_of
from competitions.results.proposal_wishes import rule_set_wish
from competitions.rules.proposals import CHANGEABLE, PROPOSING
from competitions.rules.scheme import digest

PREVIEW = "preview:"

NumbersForm = Form[Any]


class NumbersProposalDesk(Controller):
    """Propose other numbers for the rule set of an event."""

    path = "/desk/events/{event_id:int}/proposals/numbers"
    guards = [requires(*PROPOSING)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-proposal-numbers")
    async def write(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        line, now = await _known(event_id, actor)
        values = values_of(now.document, name=_own_name(now)) | {"code": _own_code(now, line)}
        return await _page(event_id, actor, Form(NumbersProposalForm, values))

    @post("", name="desk-proposal-numbers-make")
    async def propose(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form: NumbersForm = await read_form(request, NumbersProposalForm)
        _line, known = await _known(event_id, actor)
        if is_trial(form):
            try_out(form)
            return await _page(event_id, actor, form)
        new = _typed(form, known)
        if new is not None and form.value("act") == PREVIEW:
            return await _page(event_id, actor, form, new=new)
        if new is not None:
            document, name, reason = new.document, new.name, form.data.reason
            try:
                number = await proposals.propose_numbers(
                    event_id, document, name=name, reason=reason, by=actor, at=now
                )
                return made(event_id, number)
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _page(event_id, actor, form, status_code=422)


async def _known(event_id: int, actor: Actor) -> tuple[EventLine, RuleSetLine]:
    line = await planning.seen_event(event_id, actor, PROPOSING)
    return line, await rule_set_lines.rule_set(line.rule_set_id)


def _own_name(now: RuleSetLine) -> str:
    """Return the name to begin with: a preset's belongs to the house."""
    name = label(now.name)
    return _("{name}（修改）").format(name=name) if now.is_preset else name


def _own_code(now: RuleSetLine, line: EventLine) -> str:
    return f"{now.code}-{line.id}" if now.is_preset else ""


def _typed(form: NumbersForm, now: RuleSetLine) -> RuleSetLine | None:
    """Return the rule set as typed; None with a sentence at each field that is wrong."""
    code = form.value("code") if now.is_preset else now.code
    number = 1 if now.is_preset else now.version_number
    if now.is_preset and not code:
        form.errors["code"] = _("请填写规则编号。")
    if rules_of(form, code=str(code or "-"), number=number) is None:
        return None
    document = document_of(form, code=str(code), number=number)
    return RuleSetLine(0, str(code), number, form.data.name, document, digest(document))


async def _page(
    event_id: int,
    actor: Actor,
    form: NumbersForm,
    *,
    new: RuleSetLine | None = None,
    status_code: int = 200,
) -> AnyResponse:
    """Show the editor; with a rule set as typed, what it would do."""
    line, now = await _known(event_id, actor)
    return page(
        "competitions/results/proposal_numbers.html",
        event=line,
        now=now,
        may_propose=line.status in CHANGEABLE,
        rail=await event_rail(line.id, "proposals"),
        status_code=status_code,
        **editor_of(form),
        **await told_of(line, actor, rule_set_wish(line, new) if new else None),
    )
