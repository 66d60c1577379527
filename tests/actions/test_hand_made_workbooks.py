"""Workbooks as people really make them, not from the template: what is read, what is asked."""

import io
from collections.abc import Mapping, Sequence

import openpyxl
import pytest

from app.documents.workbook_reader import WorkbookTooLarge
from app.documents.workbooks import Layout, NoRows, SheetsAlike, Table, read_table
from assessments.enrollment.workbooks import CANDIDATES
from competitions.planning.workbooks import SCHEME
from competitions.registration.workbooks import ENTRIES

pytestmark = pytest.mark.anyio
Rows = Sequence[Sequence[str]]
HEADER = ("代表队", "赛项", "组别", "姓名", "证件类型", "证件号码", "性别")
LI = ("猫营镇", "砌筑", "职工", "李娜", "身份证", "11010519491231002X", "女性")


def a_book(sheets: Mapping[str, Rows], hidden: str = "") -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = "hidden" if title == hidden else "visible"
        for row in rows:
            sheet.append(row)
    book.save(content)
    return content.getvalue()


async def read(sheets: Mapping[str, Rows], hidden: str = "", layout: Layout = ENTRIES) -> Table:
    return await read_table(a_book(sheets, hidden), layout)


class TestWords:
    async def test_that_people_use_are_read_as_the_choices(self):
        table = await read({"报名": [HEADER, LI]})

        assert table.problems == []
        texts = table.rows[0].texts
        assert [texts[key] for key in ("division", "id_kind", "sex")] == [
            "职工组",
            "居民身份证",
            "女",
        ]

    @pytest.mark.parametrize("title", ["模块编号", "Module ID", "Module number"])
    async def test_of_an_earlier_template_are_read_as_the_column(self, title: str):
        rows = [(title, "类型", "评分点"), ("A", "打分", "整理工位")]

        table = await read({"评分标准": rows}, layout=SCHEME)

        assert table.problems == []
        assert table.rows[0].texts["module"] == "A"


class TestFormulasThatFailed:
    async def test_are_named_and_never_taken_for_empty_cells(self):
        rows: Rows = [
            (*HEADER, "手机", "备注以外"),
            (*LI, "#N/A", "#REF!"),
            (*LI[:3], "#VALUE!", *LI[4:]),
            LI,
        ]

        table = await read({"说明": [("说明",)], "报名": rows})

        reason = "公式出错（如 #N/A、#REF!），没有结果。请改正，或直接填写内容。"
        assert [(item.cell, item.reason) for item in table.problems] == [
            ("H2", reason),
            ("D3", reason),
        ]

    async def test_are_found_wherever_they_are_in_a_long_sheet(self):
        rows: Rows = [(*HEADER, "手机")] + [
            (*LI, "13800138000" if n % 997 else "#N/A") for n in range(9000)
        ]

        table = await read({"报名": rows})

        assert [item.cell for item in table.problems] == [f"H{n + 2}" for n in range(0, 9000, 997)]


class TestWorksheets:
    async def test_that_look_alike_are_never_passed_over(self):
        with pytest.raises(SheetsAlike) as refused:
            await read({"猫营镇": [HEADER, LI], "板当镇": [HEADER, LI], "宗地镇": [HEADER, LI]})

        assert (refused.value.one, refused.value.others) == ("猫营镇", "板当镇、宗地镇")

    @pytest.mark.parametrize("other", [[], [HEADER], [("说明", "请如实填写"), ("一", "二")]])
    async def test_without_rows_of_that_kind_are_nothing_to_ask_about(self, other):
        for sheets in (
            {"报名": [HEADER, LI], "其他": other},
            {"其他": other, "报名": [HEADER, LI]},
        ):
            table = await read(sheets)

            assert table.worksheet == "报名"
            assert len(table.rows) == 1

    async def test_may_tell_of_a_column_first(self):
        notes: Rows = [("列", "怎样填写"), ("姓名", "与证件一致"), ("手机", "可以留空")]
        rows: Rows = [("姓名", "证件号码", "手机"), ("李娜", "11010519491231002X", "13800138000")]

        for sheets in ({"填写说明": notes, "考生": rows}, {"考生": rows, "填写说明": notes}):
            table = await read_table(a_book(sheets), CANDIDATES)

            assert (table.worksheet, len(table.rows)) == ("考生", 1)

    async def test_that_are_hidden_are_not_read(self):
        table = await read({"旧": [HEADER, LI, LI], "报名": [HEADER, LI]}, hidden="旧")

        assert (table.worksheet, len(table.rows)) == ("报名", 1)

    @pytest.mark.parametrize("large", [[["x"] * 202], [["x"], *[()] * 100_001, ["x"]]])
    async def test_that_are_very_large_are_passed_over(self, large):
        for sheets in (
            {"报名": [HEADER, LI], "底稿": large},
            {"底稿": large, "报名": [HEADER, LI]},
        ):
            table = await read(sheets)

            assert (table.worksheet, len(table.rows)) == ("报名", 1)

    async def test_that_are_very_large_are_told_of_where_no_other_fits(self):
        with pytest.raises(WorkbookTooLarge):
            await read({"底稿": [["x"] * 202], "说明": [("说明", "请如实填写")]})

    async def test_may_all_be_empty(self):
        with pytest.raises(NoRows):
            await read({"报名": [HEADER], "其他": [HEADER]})
