"""Equals that an amendment makes after unsealing: two decide, because names are known."""

import pytest

from app.audit import queries as journal
from app.errors import NotAllowed, NotFound
from app.rules.actors import SYSTEM, Actor, Duty
from competitions.planning import queries as planning
from competitions.results import actions, proposal_applying, proposals, queries, tie_deciding
from competitions.results.actions import StillUndecided
from competitions.results.tie_deciding import DecisionOver, NotTied, OwnDecision
from competitions.rules.lifecycle import EventStatus
from competitions.rules.proposals import Vote
from tests.builders.events import (
    AT,
    amend,
    an_event,
    an_official,
    judges_on,
    lock,
    mark,
    marking,
    unseal,
)

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


async def equals_with_names():
    """An event under a rule set without ties, opened, in which an amendment makes two equal."""
    line = await an_event(entries=3, rule_set="rural-province")
    codes = await marking(line)
    await mark(line, dict(zip(codes, ("90", "85", "80"), strict=True)))
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    await unseal(line)
    await amend(line, codes[1], "90")
    await actions.compute(line.id, by=SYSTEM, at=AT)
    return line, codes


async def ranks(line):
    line = await planning.event(line.id)
    result = await queries.latest(line.id)
    assert result is not None
    return {item.code: item.rank for item in await queries.places(line, result)}


async def test_wait_until_the_supervisor_confirms_what_the_chief_judge_decided():
    line, codes = await equals_with_names()
    chief = await an_official(line, Duty.CHIEF_JUDGE)
    supervisor = await an_official(line, Duty.SUPERVISOR)

    counts = await tie_deciding.decide_tie(
        line.id, [codes[1], codes[0]], reason="用时较短", by=chief, at=AT
    )
    [waiting] = await queries.tie_decisions(line.id)
    before = await ranks(line)
    with pytest.raises(StillUndecided):
        await actions.publish(line.id, by=SYSTEM, at=AT)
    await tie_deciding.confirm_tie(line.id, waiting.id, by=supervisor, at=AT)

    assert not counts
    assert before == {codes[0]: None, codes[1]: None, codes[2]: 3}
    assert await ranks(line) == {codes[1]: 1, codes[0]: 2, codes[2]: 3}
    [decision] = await queries.tie_decisions(line.id)
    assert (decision.decided_by, decision.second_by) == (chief.name, supervisor.name)
    await actions.publish(line.id, by=SYSTEM, at=AT)
    assert (await planning.event(line.id)).status is EventStatus.PUBLISHED


async def test_are_never_decided_by_one_person():
    line, codes = await equals_with_names()
    chief = await an_official(line, Duty.CHIEF_JUDGE)
    supervisor = await an_official(line, Duty.SUPERVISOR)
    same_person = Actor(chief.account_id, chief.name, supervisor.grants)

    await tie_deciding.decide_tie(line.id, codes[:2], reason="用时较短", by=chief, at=AT)
    [waiting] = await queries.tie_decisions(line.id)

    with pytest.raises(OwnDecision):
        await tie_deciding.confirm_tie(line.id, waiting.id, by=same_person, at=AT)
    with pytest.raises(NotAllowed):
        await tie_deciding.confirm_tie(line.id, waiting.id, by=chief, at=AT)


async def test_go_by_the_latest_decision_and_only_once():
    line, codes = await equals_with_names()
    chief = await an_official(line, Duty.CHIEF_JUDGE)
    supervisor = await an_official(line, Duty.SUPERVISOR)
    for order in (codes[:2], [codes[1], codes[0]]):
        await tie_deciding.decide_tie(line.id, order, reason="用时较短", by=chief, at=AT)
    earlier, later = await queries.tie_decisions(line.id)

    with pytest.raises(DecisionOver):
        await tie_deciding.confirm_tie(line.id, earlier.id, by=supervisor, at=AT)
    await tie_deciding.confirm_tie(line.id, later.id, by=supervisor, at=AT)
    with pytest.raises(DecisionOver):
        await tie_deciding.confirm_tie(line.id, later.id, by=supervisor, at=AT)
    with pytest.raises(NotFound):
        await tie_deciding.confirm_tie(line.id, later.id + 1, by=supervisor, at=AT)

    assert (await ranks(line))[codes[1]] == 1


async def test_that_are_equal_no_more_need_no_decision():
    line, codes = await equals_with_names()
    chief = await an_official(line, Duty.CHIEF_JUDGE)
    await tie_deciding.decide_tie(line.id, codes[:2], reason="用时较短", by=chief, at=AT)
    [waiting] = await queries.tie_decisions(line.id)
    await amend(line, codes[1], "88")
    await actions.compute(line.id, by=SYSTEM, at=AT)

    with pytest.raises(NotTied):
        await tie_deciding.confirm_tie(
            line.id, waiting.id, by=await an_official(line, Duty.SUPERVISOR), at=AT
        )


async def test_may_come_of_a_proposal_too():
    line = await an_event(entries=3)
    codes = await marking(line)
    await mark(line, dict(zip(codes, ("90", "90", "80"), strict=True)))
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    await unseal(line)
    bench = await judges_on(line)
    chief, supervisor = bench["C"], await an_official(line, Duty.SUPERVISOR)
    number = await proposals.propose_rule_set(
        line.id, "rural-province", reason="公告不许并列", by=chief, at=AT
    )
    for judge in bench.values():
        await proposals.vote(line.id, number, Vote.FOR, by=judge, at=AT)
    await proposal_applying.confirm(line.id, number, by=chief, at=AT)
    assert await proposal_applying.confirm(line.id, number, by=supervisor, at=AT)
    before = await ranks(line)

    await tie_deciding.decide_tie(line.id, codes[:2], reason="用时较短", by=chief, at=AT)
    [waiting] = await queries.tie_decisions(line.id)
    await tie_deciding.confirm_tie(line.id, waiting.id, by=supervisor, at=AT)

    assert before == {codes[0]: None, codes[1]: None, codes[2]: 3}
    assert await ranks(line) == {codes[0]: 1, codes[1]: 2, codes[2]: 3}


async def test_leave_both_steps_in_the_journal():
    line, codes = await equals_with_names()
    chief = await an_official(line, Duty.CHIEF_JUDGE)
    supervisor = await an_official(line, Duty.SUPERVISOR)
    await tie_deciding.decide_tie(line.id, codes[:2], reason="用时较短", by=chief, at=AT)
    [waiting] = await queries.tie_decisions(line.id)
    await tie_deciding.confirm_tie(line.id, waiting.id, by=supervisor, at=AT)

    found = await journal.records_of(f"competitions.event:{line.id}")

    ours = [
        (item.act, item.account_name) for item in found if item.act.startswith("competitions.tie")
    ]
    assert sorted(ours) == [
        ("competitions.tie.decided", supervisor.name),
        ("competitions.tie.order_proposed", chief.name),
    ]
