"""A large table of entries, with rows that are wrong in every way there is."""

import asyncio
import re
import time

import pytest

from app.imports import registry, work
from app.imports.progress import tell_nobody
from app.rules.actors import SYSTEM, Scope
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.registration import importing
from competitions.registration import queries as registration
from tests.builders.competitions import AT, a_competition, an_event
from tests.builders.large import FAULTS, a_large_table

pytestmark = pytest.mark.anyio
COUNT, WRONG = 2000, 50
registry.learn(*importing.IMPORTERS)


async def a_large_competition() -> tuple[int, Scope]:
    competition_id = await a_competition()
    for name in ("砌筑", "电工", "美发"):
        await an_event(competition_id, name, quota=COUNT)
    return competition_id, Scope("competition", str(competition_id))


async def written(scope: Scope, content: bytes) -> tuple[int, int]:
    _, checked = await work.examine("entries", scope, content, AT, tell_nobody)
    async with write_transaction():
        outcome = await work.write_within("entries", scope, checked, by=SYSTEM, at=AT)
    return outcome.added, outcome.changed


class TestLargeTable:
    async def test_names_each_bad_cell_and_takes_the_others_once(self, database):
        competition_id, scope = await a_large_competition()
        content = a_large_table(await planning.events(competition_id), COUNT, wrong=WRONG)

        table, checked = await work.examine("entries", scope, content, AT, tell_nobody)

        columns = {item.key: item for item in table.rows[0].layout.columns}
        places = list(columns)
        named = {problem.cell for problem in table.problems}
        for turn in range(WRONG):
            key = FAULTS[turn % len(FAULTS)][0]
            letter = chr(ord("A") + places.index(key))
            assert f"{letter}{turn * COUNT // WRONG + 2}" in named
        rows = {re.sub(r"\D", "", cell) for cell in named}
        assert len(rows) == WRONG
        assert all(problem.reason for problem in table.problems)
        assert (len(checked.good), checked.new) == (COUNT - WRONG, COUNT - WRONG)

        assert await written(scope, content) == (COUNT - WRONG, 0)
        assert await written(scope, content) == (0, 0)
        assert len(await registration.entries(competition_id)) == COUNT - WRONG

    async def test_takes_in_what_was_mended_without_doubles(self, database):
        competition_id, scope = await a_large_competition()
        events = await planning.events(competition_id)
        await written(scope, a_large_table(events, COUNT, wrong=WRONG))

        assert await written(scope, a_large_table(events, COUNT)) == (WRONG, 0)
        assert len(await registration.entries(competition_id)) == COUNT

    async def test_lets_others_work_while_it_is_written(self, database):
        competition_id, scope = await a_large_competition()
        content = a_large_table(await planning.events(competition_id), COUNT)
        waits: list[float] = []

        async def ask() -> None:
            while True:
                began = time.perf_counter()
                await planning.competition(competition_id)
                await asyncio.sleep(0)
                waits.append(time.perf_counter() - began)

        asking = asyncio.create_task(ask())
        await written(scope, content)
        asking.cancel()

        # One answer a batch of rows at the least: whoever asks is never kept until the end.
        assert len(waits) > 2 * COUNT / 500
