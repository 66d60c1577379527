"""Taking a spreadsheet in at the desk: template, cells with reasons, confirmation, and again."""

import asyncio
import io
import re
from datetime import timedelta
from typing import Any

import httpx
import openpyxl
import pytest

from app.rules.actors import Actor, Duty, Grant, Scope
from competitions.planning import queries as planning
from competitions.registration import queries as registration
from tests.builders.competitions import AT, a_competition, an_event, somebody
from tests.builders.large import a_large_table, row_of
from tests.builders.visits import Visitor, a_visit

pytestmark = pytest.mark.anyio
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HIDDEN = re.compile(r'name="version" value="(\d+)"')


async def an_organizer(competition_id: int) -> Actor:
    return await somebody(Duty.ORGANIZER, scope=Scope("competition", str(competition_id)))


async def a_place() -> tuple[int, str]:
    competition_id = await a_competition()
    await an_event(competition_id, quota=100)
    return competition_id, f"/desk/imports/entries?scope=competition:{competition_id}"


async def sent(
    visitor: Visitor, page: str, content: bytes, name: str = "报名.xlsx"
) -> httpx.Response:
    """Upload a workbook and wait until it was looked at."""
    scope = page.partition("scope=")[2]
    answer = await visitor.send(
        page, "/desk/imports/entries", {"scope": scope}, file=(name, content, XLSX)
    )
    if answer.status_code != 303:
        return answer
    return await settled(visitor, answer.headers["location"])


async def settled(visitor: Visitor, path: str) -> httpx.Response:
    for _ in range(200):
        shown = await visitor.get(path)
        if "data-progress" not in shown.text:
            return shown
        await asyncio.sleep(0.05)
    raise AssertionError("the import never ended")


async def confirmed(visitor: Visitor, shown: httpx.Response, **form: Any) -> httpx.Response:
    path = str(shown.url.path)
    found = HIDDEN.search(shown.text)
    assert found is not None
    answer = await visitor.send(path, f"{path}/confirmation", {"version": found[1], **form})
    if answer.status_code != 303:
        return answer
    return await settled(visitor, answer.headers["location"])


def with_cell(content: bytes, cell: str, value: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0][cell] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class TestUpload:
    async def test_offers_a_template_and_says_what_its_columns_hold(
        self, sqlite_database, tmp_path
    ):
        competition_id, page = await a_place()
        async with a_visit(tmp_path, await an_organizer(competition_id)) as visitor:
            shown = await visitor.get(page)
            template = await visitor.get(page.replace("entries?", "entries/template.xlsx?"))

        assert "下载模板" in shown.text
        assert "证件号码" in shown.text
        sheet: Any = openpyxl.load_workbook(io.BytesIO(template.content)).worksheets[0]
        titles = [str(cell.value).rstrip("*") for cell in sheet[1]]
        assert {"代表队", "赛项", "姓名", "证件号码"} <= set(titles)
        assert sheet.freeze_panes == "A2"

    async def test_refuses_what_is_no_workbook_and_keeps_nothing(self, sqlite_database, tmp_path):
        competition_id, page = await a_place()
        async with a_visit(tmp_path, await an_organizer(competition_id)) as visitor:
            answers = [
                await sent(visitor, page, b"name,id\n", "a.csv"),
                await sent(visitor, page, b"\xd0\xcf\x11\xe0" + bytes(600), "a.xls"),
                await sent(visitor, page, b"PK\x03\x04nonsense", "a.xlsx"),
                await sent(visitor, page, b"", "a.xlsx"),
            ]
            shown = await visitor.get(page)

        assert [answer.status_code for answer in answers] == [422] * 4
        assert all("xlsx" in answer.text or "重新选择" in answer.text for answer in answers)
        assert "最近的导入" not in shown.text

    async def test_is_for_those_who_run_the_competition(self, sqlite_database, tmp_path):
        competition_id, page = await a_place()
        judge = await somebody(
            Duty.MARKING_JUDGE, scope=Scope("competition", str(competition_id)), name="评分"
        )
        async with a_visit(tmp_path, judge) as visitor:
            assert (await visitor.get(page)).status_code in {403, 404}

    async def test_is_refused_at_once_where_entries_are_not_taken_now(
        self, sqlite_database, tmp_path
    ):
        closed = AT - timedelta(days=4)
        competition_id = await a_competition(entries_close_at=closed)
        await an_event(competition_id)
        page = f"/desk/imports/entries?scope=competition:{competition_id}"
        content = a_large_table(await planning.events(competition_id), 2)
        scope = Scope("competition", str(competition_id))

        async with a_visit(tmp_path, await somebody(Duty.REGISTRAR, scope=scope)) as visitor:
            shown = await visitor.get(page)
            refused = await sent(visitor, page, content)
        async with a_visit(tmp_path, await an_organizer(competition_id)) as visitor:
            open_still = await visitor.get(page)

        assert refused.status_code == 422
        assert all('class="error-summary"' in answer.text for answer in (shown, refused))
        assert 'class="error-summary"' not in open_still.text


class TestPreview:
    async def test_names_the_cell_the_value_and_the_reason(self, database, tmp_path):
        competition_id, page = await a_place()
        [event] = await planning.events(competition_id)
        good = a_large_table([event], 5)
        number = row_of(1, event)["id_number"]
        bad = with_cell(good, "J3", number[:-1] + ("1" if number[-1] != "1" else "2"))

        async with a_visit(tmp_path, await an_organizer(competition_id)) as visitor:
            shown = await sent(visitor, page, bad)
            refused = await confirmed(visitor, shown)
            marked = await visitor.get(f"{shown.url.path}/marked.xlsx")

        assert "J3" in shown.text
        assert "校验不符" in shown.text
        assert number not in shown.text
        assert refused.status_code == 422
        assert await registration.entries(competition_id) == []
        sheet: Any = openpyxl.load_workbook(io.BytesIO(marked.content)).worksheets[0]
        assert "校验不符" in str(sheet.cell(3, sheet.max_column).value)

    async def test_takes_the_other_rows_when_that_is_said(self, database, tmp_path):
        competition_id, page = await a_place()
        content = with_cell(a_large_table(await planning.events(competition_id), 5), "J3", "1")

        async with a_visit(tmp_path, await an_organizer(competition_id)) as visitor:
            shown = await sent(visitor, page, content)
            done = await confirmed(visitor, shown, is_partial="true")

        assert "已导入" in done.text
        assert len(await registration.entries(competition_id)) == 4


class TestConfirmation:
    async def test_writes_once_and_a_second_time_changes_nothing(self, database, tmp_path):
        competition_id, page = await a_place()
        content = a_large_table(await planning.events(competition_id), 5)

        async with a_visit(tmp_path, await an_organizer(competition_id)) as visitor:
            first = await confirmed(visitor, await sent(visitor, page, content))
            again = await sent(visitor, page, content)

        assert "已导入" in first.text
        assert "没有变化" in again.text
        assert len(await registration.entries(competition_id)) == 5

    async def test_may_be_withdrawn(self, sqlite_database, tmp_path):
        competition_id, page = await a_place()
        content = a_large_table(await planning.events(competition_id), 5)

        async with a_visit(tmp_path, await an_organizer(competition_id)) as visitor:
            shown = await sent(visitor, page, content)
            path = str(shown.url.path)
            found = HIDDEN.search(shown.text)
            assert found is not None
            answer = await visitor.send(path, f"{path}/withdrawal", {"version": found[1]})

        assert answer.status_code == 303
        assert await registration.entries(competition_id) == []

    async def test_is_nobody_elses_business(self, sqlite_database, tmp_path):
        competition_id, page = await a_place()
        other = await somebody(Duty.ORGANIZER, scope=Scope("competition", "999"), name="别处")
        assert isinstance(other.grants[0], Grant)
        content = a_large_table(await planning.events(competition_id), 2)

        async with a_visit(tmp_path, await an_organizer(competition_id)) as visitor:
            path = str((await sent(visitor, page, content)).url.path)
        async with a_visit(tmp_path, other) as visitor:
            assert (await visitor.get(path)).status_code in {403, 404}

    async def test_once_more_leads_to_what_was_imported(self, sqlite_database, tmp_path):
        competition_id, page = await a_place()
        content = a_large_table(await planning.events(competition_id), 3)
        async with a_visit(tmp_path, await an_organizer(competition_id)) as visitor:
            shown = await sent(visitor, page, content)
            first = await confirmed(visitor, shown)
            second = await confirmed(visitor, shown)

        assert "已导入" in first.text
        assert second.text == first.text
        assert len(await registration.entries(competition_id)) == 3
