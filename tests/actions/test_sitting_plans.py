"""A sitting is planned, and its plan changed until the assessment begins."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from app.errors import NotAllowed
from app.rules.actors import SYSTEM, Duty, Scope
from assessments.rules.lifecycle import SittingStatus
from assessments.sittings import planning, queries
from assessments.sittings.planning import (
    CodeTaken,
    NotInForce,
    OutsideYourRegion,
    RoomTwice,
    SittingPlan,
)
from assessments.specifications import actions as specifications
from tests.builders.assessments import a_sitting, a_specification, supersede
from tests.builders.competitions import somebody
from tests.builders.events import AT

pytestmark = pytest.mark.anyio


async def plan_of(sitting_id: int, **changes: Any) -> SittingPlan:
    """Return the plan of a sitting as it is, but for the changes."""
    line = await queries.sitting(sitting_id)
    own = {name: getattr(line, name) for name in SittingPlan.__struct_fields__ if name != "rooms"}
    return replace(SittingPlan(**own, rooms=(("第一考场", 10),)), **changes)


async def change(sitting_id: int, by=SYSTEM, **changes: Any) -> None:
    """Change the plan of a sitting as it stands now."""
    seen = (await queries.sitting(sitting_id)).version
    wanted = await plan_of(sitting_id, **changes)
    await planning.change(sitting_id, wanted, seen_version=seen, by=by, at=AT)


class TestTheSpecification:
    async def test_stays_though_it_was_superseded(self, database):
        sitting_id = await a_sitting(AT)
        await supersede((await queries.sitting(sitting_id)).specification_id)

        await change(sitting_id, name="改过的名称")

        assert (await queries.sitting(sitting_id)).name == "改过的名称"

    async def test_must_be_in_force_where_it_is_another(self, sqlite_database):
        sitting_id = await a_sitting(AT)
        present = (await queries.sitting(sitting_id)).specification_id
        draft = await specifications.new_version(present, by=SYSTEM, at=AT)

        with pytest.raises(NotInForce):
            await change(sitting_id, specification_id=draft)

        assert (await queries.sitting(sitting_id)).specification_id == present


class TestTheRooms:
    async def test_have_a_name_each(self, sqlite_database):
        sitting_id = await a_sitting(AT)

        with pytest.raises(RoomTwice) as refused:
            await change(sitting_id, rooms=(("第一考场", 10), ("第二考场", 5), ("第一考场", 3)))

        assert refused.value.name == "第一考场"


class TestTheCode:
    async def test_of_another_sitting_is_refused(self, database):
        sitting_id = await a_sitting(AT)
        specification = (await queries.sitting(sitting_id)).specification_id
        await a_sitting(AT, code="CL02", specification_id=specification)

        with pytest.raises(CodeTaken):
            await change(sitting_id, code="CL02")
        await change(sitting_id, name="代码照旧")

    async def test_is_taken_by_one_of_two_at_once(self, database):
        specification = await a_specification(AT)

        found = await asyncio.gather(
            *(
                a_sitting(AT, specification_id=specification, status=SittingStatus.PLANNED)
                for _ in range(3)
            ),
            return_exceptions=True,
        )

        assert [type(item) for item in found if isinstance(item, BaseException)] == [CodeTaken] * 2


class TestTheRegion:
    async def test_is_one_in_which_the_actor_organizes(self, database):
        sitting_id = await a_sitting(AT)
        here = await somebody(Duty.REGISTRAR, scope=Scope("region", "522632"))

        with pytest.raises(OutsideYourRegion):
            await change(sitting_id, by=here, region_code="522631")
        wanted = await plan_of(sitting_id, code="CL09", region_code="522631")
        with pytest.raises(OutsideYourRegion):
            await planning.plan(wanted, by=here, at=AT)
        await change(sitting_id, by=here, name="改过的名称")

        assert (await queries.sitting(sitting_id)).region_code == "522632"

    async def test_is_moved_by_whoever_keeps_the_sitting(self, sqlite_database):
        sitting_id = await a_sitting(AT)
        own = await somebody(Duty.ORGANIZER, scope=Scope("sitting", str(sitting_id)))

        await change(sitting_id, by=own, region_code="522631")

        assert (await queries.sitting(sitting_id)).region_code == "522631"

    async def test_elsewhere_gives_no_right_to_change(self, sqlite_database):
        sitting_id = await a_sitting(AT)
        elsewhere = await somebody(Duty.ORGANIZER, scope=Scope("region", "522631"))

        with pytest.raises(NotAllowed):
            await change(sitting_id, by=elsewhere, region_code="522631")
