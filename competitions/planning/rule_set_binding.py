"""The rule set of an event: what decides it, whether it fits the scheme, another in its place."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.errors import N_, NotFound, RuleBroken
from app.rules.actors import Actor
from app.web.forms import Form, read_form, read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.planning import queries, rule_set_lines, rule_sets
from competitions.planning.queries import EventLine
from competitions.planning.rail import event_rail
from competitions.planning.rule_set_lines import UNMARKED, RuleSetLine
from competitions.planning.rule_sets import BINDERS
from competitions.planning.wording import worded
from competitions.rules.clause_changes import changes
from competitions.rules.rule_book import clauses
from competitions.rules.rule_brief import SOURCES
from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_set_cautions import cautions_of
from competitions.rules.rule_sets import field_panel, read_rule_set
from competitions.rules.scheme_checks import cautions


class BindingForm(Struct, frozen=True):
    """The version to bind to, of an event that was seen in this version."""

    rule_set: Annotated[str, Meta(title=N_("评分规则"), max_length=60)]
    version: int


class CandidateFilter(Struct, frozen=True):
    """Which version to look at before it is chosen."""

    to: str = ""


class EventRuleSetDesk(Controller):
    """The rule set of an event."""

    path = "/desk/events/{event_id:int}/rule-set"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-event-rule-set")
    async def show(
        self, request: AnyRequest, event_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await queries.seen_event(event_id, actor)
        query = read_query(request, CandidateFilter)
        return await _page(line, actor, Form(BindingForm), to=query.data.to if query.ok else "")

    @post("", name="desk-event-rule-set-bind", guards=[requires(*BINDERS)])
    async def bind(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, BindingForm)
        line = await queries.seen_event(event_id, actor)
        if form.ok:
            try:
                await rule_sets.bind(
                    event_id,
                    form.data.rule_set,
                    seen_version=form.data.version,
                    by=actor,
                    at=now,
                )
                return go(f"/desk/events/{event_id}/rule-set", toast=_("已换用评分规则"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        to = str(form.value("rule_set"))
        return await _page(line, actor, form, to=to, status_code=422)


async def _page(
    line: EventLine,
    actor: Actor,
    form: Form[BindingForm],
    *,
    to: str = "",
    status_code: int = 200,
) -> AnyResponse:
    now = await rule_set_lines.rule_set(line.rule_set_id)
    new = await _candidate(to, now)
    return page(
        "competitions/planning/event_rule_set.html",
        event=line,
        now=now,
        new=new,
        form=form,
        choices=[item for item in await rule_set_lines.choices() if item.key != now.key],
        may_bind=actor.holds(BINDERS, *line.scopes) and line.status in UNMARKED,
        is_marked=line.status not in UNMARKED,
        clauses=clauses(_rules(now)),
        changes=changes(clauses(_rules(now)), clauses(_rules(new))) if new else [],
        cautions=await _cautions(line, new or now),
        sources=SOURCES,
        worded=worded,
        rail=await event_rail(line.id, "rule_set"),
        status_code=status_code,
    )


async def _candidate(key: str, now: RuleSetLine) -> RuleSetLine | None:
    if not key or key == now.key:
        return None
    try:
        return await rule_set_lines.by_key(key)
    except NotFound:
        return None


async def _cautions(line: EventLine, chosen: RuleSetLine) -> list[str]:
    """Return what to look at twice: in the rule set, and where it meets the event's scheme."""
    found = [worded(item) for item in cautions_of(_rules(chosen))]
    scheme = await queries.scheme(line.id)
    if scheme is not None:
        judges = field_panel(chosen.document)
        met = cautions(scheme.facts, chosen.document, judges=judges)
        found += [worded(item) for item in met]
    return list(dict.fromkeys(found))


def _rules(line: RuleSetLine) -> RuleSet:
    found: Any = read_rule_set(line.document)
    if not isinstance(found, RuleSet):  # nothing unsound is ever written down
        raise TypeError(line.key)
    return found
