"""A team event from its entries to each member's certificate, counted by both calculators."""

import json

import pytest

from app.certificates import actions as certificates
from app.certificates import batches
from app.certificates.actions import Change
from app.certificates.kinds import RevocationReason
from app.rules.actors import SYSTEM
from competitions.planning import queries as planning
from competitions.recount.__main__ import recount
from competitions.results import actions, certifying, queries
from competitions.rules.lifecycle import EventStatus
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule
from tests.builders.certificates import lines_of, open_house
from tests.builders.events import AT, an_event, lock, mark, marking, unseal

pytestmark = pytest.mark.anyio

TEAM_WORK = SchemeModule("T", "团队协作", "40", (SchemeAspect("T1", "points", "成品", "100"),))
MEMBERS = tuple(
    SchemeModule(f"M{at}", f"队员{at}", "20", (SchemeAspect(f"M{at}.1", "points", "操作", "10"),))
    for at in (1, 2, 3)
)
SCHEME = SchemeFacts((TEAM_WORK, *MEMBERS))
"""The team's own work, and each member's work as a module of the team's entry."""


async def a_marked_event():
    """Two teams of three; the first is better as a team, the second in its members."""
    line = await an_event(entries=2, members=3, scheme=SCHEME)
    first, second = await marking(line)
    await mark(line, {first: "90", second: "80"}, "T1")
    for aspect, ours, theirs in (("M1.1", "9", "10"), ("M2.1", "8.5", "9"), ("M3.1", "7", "10")):
        await mark(line, {first: ours, second: theirs}, aspect)
    await lock(line)
    return line, first, second


@pytest.mark.usefixtures("database")
class TestATeamEvent:
    async def test_draws_one_code_for_a_team(self):
        line = await an_event(entries=2, members=3, scheme=SCHEME)

        assert len(await marking(line)) == 2

    async def test_adds_the_modules_of_the_members_to_the_team_s_total(self):
        line, first, second = await a_marked_event()
        await actions.compute(line.id, by=SYSTEM, at=AT)

        result = await queries.latest(line.id)

        assert result is not None
        assert recount(json.dumps(result.bundle).encode())["problems"] == []
        assert [
            (item["code"], item["total"], item["rank"]) for item in result.standings["standings"]
        ] == [(second, "90.00", 1), (first, "85.00", 2)]

    async def test_gives_the_award_and_a_certificate_to_each_member(self, tmp_path):
        open_house(tmp_path)
        line, _, _ = await a_marked_event()
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        await actions.publish(line.id, by=SYSTEM, at=AT)

        line = await planning.event(line.id)
        result = await queries.latest(line.id)
        assert line.status is EventStatus.PUBLISHED
        assert result is not None
        places = await queries.places(line, result)
        await batches.run(await certifying.order(line.id, reason="颁奖大会", by=SYSTEM, at=AT))
        issued = await lines_of(line.ledger)

        assert [(len(item.contestants), item.award) for item in places] == [
            (3, "金牌"),
            (3, "银牌"),
        ]
        assert {item.party for item in places} == {"甲镇代表队 · 甲队", "乙镇代表队 · 乙队"}
        assert {(item.name, item.result) for item in issued} == {
            (name, place.award_word) for place in places for name in place.contestants
        }
        assert len(issued) == 6
        assert await certifying.waiting(line) == []

    async def test_gives_no_second_certificate_to_a_member_whose_was_revoked(
        self, tmp_path, monkeypatch
    ):
        open_house(tmp_path)
        line, _, _ = await a_marked_event()
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        await actions.publish(line.id, by=SYSTEM, at=AT)
        monkeypatch.setattr(batches, "CHUNK", 1)
        first = await certifying.order(line.id, reason="颁奖大会", by=SYSTEM, at=AT)
        await batches._issue_some(first, AT)
        [revoked] = await lines_of(line.ledger)
        change = Change(certificate_id=revoked.id, seen_version=1, reason="替赛")
        await certificates.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=AT)

        await batches.run(await certifying.order(line.id, reason="颁奖大会", by=SYSTEM, at=AT))

        issued = await lines_of(line.ledger)
        assert len(issued) == len({item.person_id for item in issued}) == 6
        assert [item.status.value for item in issued].count("revoked") == 1
