"""How many working days results stand in public: of a competition and of a sitting."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from app.audit.acts import Act
from app.audit.queries import records_of
from app.rules.actors import SYSTEM
from app.rules.notice import WORKING_DAYS
from assessments.grading import actions as grading
from assessments.grading import amending
from assessments.sittings import queries as sittings
from assessments.sittings.tables import Sitting
from competitions.planning import actions as planning
from competitions.planning import queries as competitions
from competitions.planning.actions import CompetitionPlan, NoticeAnnounced, competition_subject
from competitions.planning.tables import Competition
from competitions.results import actions, queries
from tests.builders.assessments import amend, published
from tests.builders.events import AT, an_event, lock, mark, marking, unseal

pytestmark = pytest.mark.anyio


async def change(line, **changes):
    """Change the plan of the competition of an event as it stands now."""
    seen = await competitions.competition(line.competition_id)
    own = {name: getattr(seen, name) for name in CompetitionPlan.__struct_fields__}
    plan = replace(CompetitionPlan(**own | {"series": ""}), **changes)
    await planning.change_competition(seen.id, plan, seen_version=seen.version, by=SYSTEM, at=AT)


async def an_unsealed_event():
    """An event that can be published."""
    line = await an_event(entries=2)
    codes = await marking(line)
    await mark(line, dict(zip(codes, ["90", "80"], strict=True)))
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    await unseal(line)
    return line


@pytest.mark.usefixtures("database")
class TestTheNoticeOfACompetition:
    async def test_is_as_long_as_its_plan_says_and_then_fixed(self):
        line = await an_unsealed_event()
        await change(line, notice_days=7)

        await actions.publish(line.id, by=SYSTEM, at=AT)

        result = await queries.latest(line.id)
        assert result is not None
        assert (result.notice_until, result.notice_missing_years) == (date(2026, 9, 25), "2026")
        with pytest.raises(NoticeAnnounced):
            await change(line, notice_days=3)
        await change(line, venue="体育馆")
        now = await competitions.competition(line.competition_id)
        assert (now.notice_days, now.venue) == (7, "体育馆")
        changed = [
            item
            for item in await records_of(competition_subject(now.id))
            if item.act == Act.COMPETITION_CHANGED
        ]
        assert len(changed) == 2

    async def test_is_the_usual_one_where_an_earlier_release_set_none(self):
        line = await an_unsealed_event()
        await Competition.update({Competition.notice_days: None}, force=True)

        await actions.publish(line.id, by=SYSTEM, at=AT)

        result = await queries.latest(line.id)
        assert result is not None
        assert result.notice_until == date(2026, 9, 23)


@pytest.mark.usefixtures("database")
class TestTheNoticeOfASitting:
    async def test_is_as_long_as_its_plan_says_also_when_amended(self):
        line, group = await published(notice_days=3)
        assert (line.notice_until, line.notice_missing_years) == (date(2026, 9, 21), "2026")
        await amend(line, group, "0")
        later = AT + timedelta(days=1)
        await grading.grade_sitting(
            line.id, seen_version=line.version, reason="", by=SYSTEM, at=later
        )

        await amending.propose(line.id, reason="更正", by=SYSTEM, at=later)
        await amending.confirm(line.id, by=group[-1], at=later)

        assert (await sittings.sitting(line.id)).notice_until == date(2026, 9, 22)

    async def test_is_the_usual_one_where_an_earlier_release_set_none(self):
        line, _ = await published()
        await Sitting.update({Sitting.notice_days: None}, force=True)

        assert (await sittings.sitting(line.id)).notice_days == WORKING_DAYS
        assert line.notice_until == date(2026, 9, 23)
