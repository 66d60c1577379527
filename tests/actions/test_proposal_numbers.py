"""An event's rule set with other numbers: written down, voted on and in force as one thing."""

from copy import deepcopy
from typing import Any

import pytest

from app.errors import NotAllowed
from app.rules.actors import SYSTEM, Duty
from competitions.planning import queries as planning
from competitions.planning import rule_set_authoring as authoring
from competitions.planning import rule_set_lines, rule_sets
from competitions.results import actions, proposal_applying, proposals, queries
from competitions.results.proposals import ProposedAlready, ReasonMissing
from competitions.rules.proposals import Vote
from competitions.rules.rule_sets import NATIONAL
from tests.builders.events import AT, an_event, an_official, judges_on, lock, mark, marking

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


def changed(document, **parts):
    """The document with no award but the first, under another code where one is given."""
    new = deepcopy(document) | parts
    new["awards"]["tiers"] = new["awards"]["tiers"][:1]
    return new


async def a_computed_event(rule_set="rural-national"):
    line = await an_event(entries=3, rule_set=rule_set)
    codes = await marking(line)
    await mark(line, dict(zip(codes, ("90", "85", "80"), strict=True)))
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    return await planning.event(line.id)


async def in_force(line, number):
    for judge in (await judges_on(line)).values():
        await proposals.vote(line.id, number, Vote.FOR, by=judge, at=AT)
    chief = (await judges_on(line))["C"]
    second = await an_official(line, Duty.SUPERVISOR)
    await proposal_applying.confirm(line.id, number, by=chief, at=AT)
    assert await proposal_applying.confirm(line.id, number, by=second, at=AT)


async def awards(line):
    line = await planning.event(line.id)
    result = await queries.latest(line.id)
    assert result is not None
    return [item.award for item in await queries.places(line, result)]


async def test_of_a_preset_become_a_rule_set_of_its_own():
    line = await a_computed_event()
    before = await awards(line)

    number = await proposals.propose_numbers(
        line.id, changed(NATIONAL, id="ours"), name="本赛项规则", reason="公告", by=SYSTEM, at=AT
    )
    new = await rule_set_lines.by_key("ours/1")
    await in_force(line, number)

    assert new.is_locked
    assert new.derived_from == "rural-national/1"
    assert (await planning.event(line.id)).rule_set_key == "ours/1"
    assert before == ["金牌", "银牌", "铜牌"]
    assert await awards(line) == ["金牌", None, None]


async def test_of_a_rule_set_of_one_s_own_become_its_next_version():
    own = await authoring.create(
        NATIONAL | {"id": "ours"}, name="本县规则", derived_from="", by=SYSTEM, at=AT
    )
    line = await a_computed_event(own)

    number = await proposals.propose_numbers(
        line.id, changed(NATIONAL, id="ours"), name="本县规则", reason="公告", by=SYSTEM, at=AT
    )
    await in_force(line, number)

    assert (await planning.event(line.id)).rule_set_key == "ours/2"
    assert [item.version_number for item in await rule_set_lines.versions("ours")] == [2, 1]


async def test_that_are_refused_leave_nothing_behind():
    line = await a_computed_event()
    kept: dict[str, Any] = {"name": "本赛项规则", "by": SYSTEM, "at": AT}
    misfit = changed(NATIONAL, id="ours")
    misfit["ranking"]["tie_break"] = [{"key": "module", "module": "Z", "order": "descending"}]

    for document, reason, refusal in (
        (NATIONAL | {"id": "ours"}, "公告", authoring.RuleSetUnchanged),
        (changed(NATIONAL, id="ours"), " ", ReasonMissing),
        (misfit, "公告", rule_sets.RuleSetMisfit),
        (changed(NATIONAL, id="rural-province"), "公告", authoring.RuleSetCodeTaken),
    ):
        with pytest.raises(refusal):
            await proposals.propose_numbers(line.id, document, reason=reason, **kept)

    assert await rule_set_lines.versions("ours") == []


async def test_are_not_proposed_twice():
    line = await a_computed_event()
    kept: dict[str, Any] = {"name": "本赛项规则", "reason": "公告", "by": SYSTEM, "at": AT}
    await proposals.propose_numbers(line.id, changed(NATIONAL, id="ours"), **kept)

    with pytest.raises(ProposedAlready):
        await proposals.propose_numbers(line.id, changed(NATIONAL, id="others"), **kept)


async def test_are_proposed_by_the_chief_judge_or_the_organizer():
    line = await a_computed_event()

    with pytest.raises(NotAllowed):
        await proposals.propose_numbers(
            line.id,
            changed(NATIONAL, id="ours"),
            name="x",
            reason="公告",
            by=await an_official(line, Duty.SUPERVISOR),
            at=AT,
        )
