"""Imports go on after a restart, but none may end one process after the other."""

from datetime import UTC, datetime

import pytest

from app.documents import workbooks
from app.imports import actions, queries, regions, work
from app.imports.actions import Upload
from app.imports.kinds import ImportState
from app.rules.actors import EVERYWHERE, Duty
from app.web import background
from tests.builders.people import someone

pytestmark = pytest.mark.anyio
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


async def an_upload() -> int:
    """A workbook that is being checked."""
    content = workbooks.export(
        regions.LAYOUT, [{"code": "520000", "name": "贵州省", "level": "省级", "source": "公告"}]
    )
    keeper = await someone(Duty.ADMINISTRATOR)
    sent = Upload("regions.xlsx", content)
    return await actions.upload(regions.IMPORTER, EVERYWHERE, sent, by=keeper, at=AT)


async def restarted() -> None:
    """The process ends in the middle of its work, and the next one takes it up."""
    await background.finish()
    await work.resume()


async def test_a_check_goes_on_after_a_restart(sqlite_database):
    import_id = await an_upload()

    await restarted()
    await background.settle()

    line = await queries.one_import(import_id)
    assert (line.state, line.row_count, line.problem) == (ImportState.CHECKED, 1, "")


async def test_a_check_that_ends_every_process_is_begun_three_times(sqlite_database):
    import_id = await an_upload()

    for _ in range(work.MOST_BEGINNINGS - 1):
        await restarted()
        assert (await queries.one_import(import_id)).state is ImportState.READING
    await restarted()

    line = await queries.one_import(import_id)
    assert line.state is ImportState.REFUSED
    assert line.problem == work.BROKEN
    assert not await queries.under_way()
