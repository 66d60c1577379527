"""Put the pages of proposals together: the list, two ways to propose, one proposal, its print."""

from datetime import datetime
from typing import Any

from litestar.response import Response

from app.errors import NotFound
from app.rules.actors import Actor
from app.web.forms import Form
from app.web.http import AnyResponse
from app.web.locale import gettext as _
from app.web.templating import page
from competitions.planning import queries as planning
from competitions.planning import rule_set_lines
from competitions.planning.queries import EventLine
from competitions.planning.rail import Count, count_event, event_rail
from competitions.planning.rule_set_lines import RuleSetLine
from competitions.planning.scheme_forms import grid_of
from competitions.results import exporting, proposal_votes, proposal_wishes
from competitions.results import proposal_queries as queries
from competitions.results import queries as results
from competitions.results.checklist import Step, state_of
from competitions.results.proposal_effects import Preview, preview
from competitions.results.proposal_forms import (
    CancelForm,
    RuleSetProposalForm,
    VoteForm,
)
from competitions.results.proposal_queries import ProposalLine
from competitions.results.proposal_views import changes_of, effects_of, owed_of, voters_of
from competitions.results.proposal_votes import Voter
from competitions.results.proposal_wishes import Wish
from competitions.results.queries import OPEN
from competitions.rules.duties import READING
from competitions.rules.proposals import (
    CHANGEABLE,
    CONFIRMING,
    PROPOSING,
    ProposalStatus,
    Tally,
    Vote,
    are_names_known,
    confirming_duty,
    seconds,
    standing_first,
)
from competitions.rules.scheme import SchemeFacts


async def list_page(event_id: int, actor: Actor) -> AnyResponse:
    """Show the proposals of an event, and the ways to make one."""
    line = await planning.seen_event(event_id, actor)
    return page(
        "competitions/results/proposals.html",
        event=line,
        proposals=await queries.proposals(event_id),
        may_propose=actor.holds(PROPOSING, *line.scopes) and line.status in CHANGEABLE,
        rail=await event_rail(event_id, "proposals"),
    )


async def scheme_page(
    event_id: int,
    actor: Actor,
    form: Form[Any],
    *,
    scheme: SchemeFacts | None = None,
    status_code: int = 200,
) -> AnyResponse:
    """Show the grid of the scheme that counts; with a scheme, what it would do."""
    line = await planning.seen_event(event_id, actor, PROPOSING)
    known = await planning.scheme(event_id)
    wish = proposal_wishes.scheme_wish(known.facts, scheme) if known and scheme else None
    return page(
        "competitions/results/proposal_scheme.html",
        event=line,
        scheme=known,
        form=form,
        grid=grid_of(form),
        is_unsaved=bool(form.errors or form.value("act")),
        may_propose=line.status in CHANGEABLE and known is not None,
        rail=await event_rail(event_id, "proposals"),
        status_code=status_code,
        **await told_of(line, actor, wish),
    )


async def rule_set_page(
    event_id: int,
    actor: Actor,
    form: Form[RuleSetProposalForm],
    *,
    new: RuleSetLine | None = None,
    status_code: int = 200,
) -> AnyResponse:
    """Show the rule sets to choose from; with a choice, what it would do."""
    line = await planning.seen_event(event_id, actor, PROPOSING)
    wish = proposal_wishes.rule_set_wish(line, new) if new else None
    choices = await rule_set_lines.choices()
    return page(
        "competitions/results/proposal_rule_set.html",
        event=line,
        form=form,
        choices=[item for item in choices if item.sha256 != line.rule_set_sha256],
        may_propose=line.status in CHANGEABLE,
        rail=await event_rail(event_id, "proposals"),
        status_code=status_code,
        **await told_of(line, actor, wish),
    )


async def told_of(line: EventLine, actor: Actor, wish: Wish | None) -> dict[str, Any]:
    """Return what a wish would do, for a page; nothing is told of no wish."""
    found: dict[str, Any] = {
        "changes": changes_of(wish) if wish else None,
        "effects": None,
        "owed": [],
        "obstacles": [],
        "sees_codes": actor.holds(READING, *line.scopes),
        "is_open": line.status in OPEN,
    }
    if wish is not None and wish.before != wish.after:
        found |= await _ahead(line, await preview(line, wish))
    return found


async def _ahead(line: EventLine, ahead: Preview) -> dict[str, Any]:
    return {
        "effects": await effects_of(line, ahead, is_past=False),
        "owed": owed_of(ahead.refitting),
        "obstacles": ahead.obstacles,
    }


async def proposal_page(
    event_id: int,
    number: int,
    actor: Actor,
    *,
    at: datetime,
    **said: Any,
) -> AnyResponse:
    """Show one proposal: what it changes, whom it touches, the votes, and what may be done."""
    line = await planning.seen_event(event_id, actor)
    proposal = await queries.proposal(event_id, number)
    found = await _whole(line, proposal, actor, at)
    forms: dict[str, Any] = {
        "vote": Form(VoteForm),
        "cancel": Form(CancelForm),
        "problem": None,
    } | said
    return page(
        "competitions/results/proposal.html",
        may_vote=found["is_open_to_vote"] and _is_entitled(found["entitled"], actor),
        may_confirm=_may_confirm(line, proposal, found, actor),
        may_cancel=proposal.is_open and actor.holds(PROPOSING, *line.scopes),
        steps=_steps(line, proposal, found),
        choices=list(Vote),
        rail=await event_rail(event_id, "proposals"),
        status_code=422 if said else 200,
        **found,
        **forms,
    )


async def print_page(event_id: int, number: int, actor: Actor, *, at: datetime) -> AnyResponse:
    """Show one proposal on paper."""
    line = await planning.seen_event(event_id, actor)
    proposal = await queries.proposal(event_id, number)
    found = await _whole(line, proposal, actor, at)
    return page("competitions/results/proposal_print.html", **found)


async def bundle_file(event_id: int, number: int, actor: Actor, *, is_after: bool) -> AnyResponse:
    """Give away the bundle of the computation before or after a change, as it was kept."""
    line = await exporting.readable(event_id, actor)
    proposal = await queries.proposal(event_id, number)
    wanted = proposal.result_after if is_after else proposal.result_before
    if wanted is None:
        raise NotFound
    result = await results.version(event_id, wanted)
    name = f"event-{line.id}-result-{wanted}.json"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(result.bundle_file, media_type="application/json", headers=headers)


async def _whole(
    line: EventLine, proposal: ProposalLine, actor: Actor, at: datetime
) -> dict[str, Any]:
    scheme = await planning.scheme(line.id)
    is_stale = proposal.is_open and (
        scheme is None or proposal.is_outdated(scheme.sha256, line.rule_set_sha256)
    )
    is_live = proposal.is_open and not is_stale and line.status in CHANGEABLE
    found = await told_of(line, actor, proposal.wish if is_live else None)
    if proposal.effect is not None:
        is_past = proposal.status is ProposalStatus.APPLIED
        found["effects"] = await effects_of(line, proposal.effect, is_past=is_past)
    entitled = proposal.entitled or await proposal_votes.voters(line, at)
    votes = await proposal_votes.votes(proposal.id)
    known = are_names_known(line.status)
    return found | {
        "event": line,
        "proposal": proposal,
        "changes": changes_of(proposal.wish),
        "is_stale": is_stale,
        "is_live": is_live,
        "is_open_to_vote": is_live,
        "entitled": entitled,
        "voters": voters_of(entitled, votes),
        "votes": votes,
        "tally": proposal_votes.tally_of(entitled, votes, are_names_known=known),
        "seconds": seconds(are_names_known=known),
        "first": standing_first(proposal.first_duty, are_names_known=known),
    }


def _is_entitled(entitled: list[Voter], actor: Actor) -> bool:
    return any(item.account_id == actor.account_id for item in entitled)


def _may_confirm(
    line: EventLine, proposal: ProposalLine, found: dict[str, Any], actor: Actor
) -> bool:
    if not found["is_live"] or not found["tally"].is_carried or found["obstacles"]:
        return False
    first = found["first"]
    if first is not None and proposal.first_by_id == actor.account_id:
        return False
    held = {duty for duty in CONFIRMING if actor.holds(duty, *line.scopes)}
    known = are_names_known(line.status)
    return confirming_duty(held, first, are_names_known=known) is not None


def _steps(line: EventLine, proposal: ProposalLine, found: dict[str, Any]) -> list[Step]:
    """Return what still has to happen before an open proposal is in force."""
    if not found["is_live"]:
        return []
    tally: Tally = found["tally"]
    first, is_free = found["first"], not found["obstacles"]
    agreed = _("同意 {agreed} 票，需要 {needed} 票，裁判长须在内").format(
        agreed=tally.agreed, needed=tally.needed
    )
    who = _("{name} 已确认").format(name=proposal.first_by) if first else ""
    return [
        Step(_("表决通过"), state_of(tally.is_carried, is_next=True), agreed, "#votes"),
        Step(
            _("没有障碍"),
            "done" if is_free else "blocked",
            "" if is_free else _("{count} 处").format(count=len(found["obstacles"])),
            "#obstacles" if not is_free else "#effects",
        ),
        Step(
            _("裁判长和另一职责的一人分别确认"),
            state_of(False, is_next=tally.is_carried and is_free),  # noqa: FBT003 - never both yet
            who,
            "#steps",
        ),
    ]


async def _open(event_id: int) -> Count:
    return Count(await queries.open_count(event_id), is_blocked=True)


count_event("proposals", _open)
