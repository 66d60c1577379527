"""The WorldSkills workbook, as tidy and as untidy as people send it."""

import string
from typing import Any

import openpyxl
import pytest
from anyio import run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.documents.workbook_reader import WorkbookTooLarge, WorkbookUnreadable
from competitions.planning import worldskills_book
from competitions.planning.worldskills import NoAspectTable, read_workbook
from competitions.planning.worldskills_book import NotOfWorldSkills, WeightedModule, WrongCriterion
from competitions.planning.worldskills_scheme import read_scheme
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule, SchemeSection
from tests.builders.worldskills import STEPS, a_sub, a_workbook, bytes_of, judged, measured

pytestmark = pytest.mark.anyio
PLAIN = {
    "A": [*a_sub("A1", "Wall"), *measured("Plumb", 20), *judged("Finish", 30)],
    "B": [*a_sub("B1", "Arch"), *measured("Span", 50, extra="with a rod", requirement="120 mm")],
}


async def read(book: openpyxl.Workbook | bytes) -> tuple[SchemeFacts | None, list[str], list[str]]:
    table = await read_workbook(book if isinstance(book, bytes) else bytes_of(book))
    assert table is not None
    scheme, notes = read_scheme(table.rows)
    return scheme, [str(item) for item in table.problems], [str(item) for item in notes]


def cell_of(book: openpyxl.Workbook, text: Any, column: int = 0) -> Any:
    """Find the cell that holds a text, or one so many columns beside it."""
    page = book.worksheets[-1]
    for row in page.iter_rows():
        for cell in row:
            if cell.value == text:
                return page.cell(row=cell.row, column=cell.column + column)
    raise LookupError(text)


class TestReading:
    async def test_finds_criteria_sub_criteria_aspects_and_steps(self) -> None:
        scheme, problems, notes = await read(a_workbook(PLAIN))

        assert (problems, notes) == ([], [])
        assert scheme == SchemeFacts(
            (
                SchemeModule(
                    "A",
                    "Name A",
                    "",
                    (
                        SchemeAspect(
                            "A1.1", "measurement", "Plumb", "20",
                            sub_criterion="Wall", day="1", section="1",
                        ),
                        SchemeAspect(
                            "A1.2", "judgement", "Finish", "30", descriptors=STEPS,
                            sub_criterion="Wall", day="1", section="1",
                        ),
                    ),
                ),
                SchemeModule(
                    "B",
                    "Name B",
                    "",
                    (
                        SchemeAspect(
                            "B1.1", "measurement", "Span", "50", hint="with a rod",
                            requirement="120 mm", sub_criterion="Arch", day="1", section="1",
                        ),
                    ),
                ),
            ),
            (SchemeSection("1", "Work", "100"),),
        )  # fmt: skip

    @pytest.mark.parametrize("shift", [0, 1, 4])
    async def test_does_not_count_columns(self, shift: int) -> None:
        scheme, problems, _notes = await read(a_workbook(PLAIN, shift=shift))

        assert problems == []
        assert scheme == (await read(a_workbook(PLAIN)))[0]

    async def test_takes_columns_that_move_from_block_to_block(self) -> None:
        book = a_workbook(PLAIN)
        top = cell_of(book, "Criterion B").row
        book.worksheets[-1].move_range(f"A{top}:N{top + 2}", cols=2)

        assert (await read(book))[0] == (await read(a_workbook(PLAIN)))[0]

    async def test_knows_the_worksheet_by_what_it_says_too(self) -> None:
        scheme, problems, _notes = await read(a_workbook(PLAIN, sheet="Marks"))

        assert problems == []
        assert scheme is not None

    async def test_passes_over_worksheets_that_are_very_large(self) -> None:
        book = a_workbook(PLAIN)
        book.create_sheet("Notes", 0).cell(1, 300, "far away")

        _scheme, problems, _notes = await read(book)

        assert problems == []

    async def test_passes_over_other_workbooks(self) -> None:
        assert await read_workbook(bytes_of(openpyxl.Workbook())) is None

    async def test_says_where_the_named_sheet_holds_no_aspects(self) -> None:
        book = openpyxl.Workbook()
        book.create_sheet("CIS Marking Scheme Import")["A1"] = "nothing"

        with pytest.raises(NoAspectTable):
            await read_workbook(bytes_of(book))

    async def test_reads_decimals_with_a_comma_and_numbers_as_texts(self) -> None:
        blocks = {"A": [*a_sub("A1"), *measured("One", "0,50"), *measured("Two", "99.5000")]}

        scheme, problems, _notes = await read(a_workbook(blocks))

        assert problems == []
        assert scheme is not None
        assert [aspect.max for aspect in scheme.aspects()] == ["0.5", "99.5"]

    async def test_adds_what_binary_numbers_only_nearly_hold(self) -> None:
        tenths = [line for n in range(10) for line in measured(f"Part {n}", 0.1 + 0.2)]
        blocks = {"A": [*a_sub("A1"), *tenths, *measured("Rest", 97)]}

        scheme, problems, _notes = await read(a_workbook(blocks))

        assert problems == []
        assert scheme is not None
        assert [aspect.max for aspect in scheme.aspects()][:2] == ["0.3", "0.3"]

    async def test_works_formulas_out_whose_results_were_not_kept(self) -> None:
        book = a_workbook({"A": [*a_sub("A1"), *measured("One", "=25*2"), *measured("Two", 50)]})
        one = cell_of(book, "One", 6)
        cell_of(book, "Two", 6).value = f"=SUM({one.coordinate}:{one.coordinate})+ROUND(0.2,0)"

        scheme, problems, _notes = await read(book)

        assert problems == []
        assert scheme is not None
        assert [aspect.max for aspect in scheme.aspects()] == ["50", "50"]

    async def test_works_out_what_guards_and_adds_up_by_kind(self) -> None:
        """What exports hold: a guard against an empty cell, a share, the rest by kind."""
        lines = [*measured("One", "=100*40%"), *measured("Two", 20), *measured("Rest", 0)]
        book = a_workbook({"A": [*a_sub("A1"), *lines]}, shift=2)
        one, two = cell_of(book, "One", 6).coordinate, cell_of(book, "Two", 6).coordinate
        kinds = f"{cell_of(book, 'One', -1).coordinate}:{cell_of(book, 'Two', -1).coordinate}"
        rest = cell_of(book, "Rest", 6)
        rest.value = f'=IF({one}="","",100-SUMIF({kinds},"m",{one}:{two}))'

        scheme, problems, _notes = await read(book)

        assert problems == []
        assert scheme is not None
        assert [aspect.max for aspect in scheme.aspects()] == ["40", "20", "40"]

    @pytest.mark.parametrize("head", ["MAX.\r\n MARK", "Max_x000D_\nMark", "Maximum Mark (points)"])
    async def test_knows_a_head_however_it_is_broken_into_lines(self, head: str) -> None:
        book = a_workbook({"A": [*a_sub("A1"), *measured("One", "100,0")]}, shift=3)
        cell_of(book, "Max\nMark").value = head

        scheme, problems, _notes = await read(book)

        assert problems == []
        assert scheme is not None
        assert [aspect.max for aspect in scheme.aspects()] == ["100"]

    async def test_takes_a_section_from_a_merged_cell(self) -> None:
        book = a_workbook({"A": [*a_sub("A1"), *measured("One", 50), *measured("Two", 50)]})
        first, second = cell_of(book, "One", 4), cell_of(book, "Two", 4)
        book.worksheets[-1].merge_cells(f"{first.coordinate}:{second.coordinate}")

        scheme, problems, _notes = await read(book)

        assert problems == []
        assert scheme is not None
        assert [aspect.section for aspect in scheme.aspects()] == ["1", "1"]

    async def test_reads_a_letter_on_its_own_as_a_criterion(self) -> None:
        lines = [{"sub_id": "A", "sub_name": "Masonry"}, *a_sub("A1"), *measured("One", 100)]

        scheme, _problems, _notes = await read(a_workbook({"A": lines}, names={"Z": "Other"}))

        assert scheme is not None
        assert [module.name for module in scheme.modules] == ["Masonry"]

    async def test_notes_typed_totals_that_the_aspects_do_not_make(self) -> None:
        book = a_workbook(PLAIN)
        total = cell_of(book, "Criterion B", 2)
        total.value = 49

        scheme, problems, notes = await read(book)

        assert problems == []
        assert scheme is not None
        assert notes == [
            f"CIS Marking Scheme Import!{total.coordinate}: "
            "这里写的是 49，按评分点合计是 50；以评分点为准。"
        ]


class TestProblems:
    @pytest.mark.parametrize(
        ("lines", "beside", "column", "reason"),
        [
            (measured("Bad", ""), "Bad", 6, "请填写满分"),
            (measured("Bad", "ten"), "Bad", 6, "应填数字"),
            (measured("Bad", -1), "Bad", 6, "应填数字"),
            (measured("Bad", 0), "Bad", 6, "不能是 0"),
            (measured("Bad", 0.33333), "Bad", 6, "最多四位小数"),
            (measured("Bad", "=VLOOKUP(1,A1:B2,2)"), "Bad", 6, "公式里的 VLOOKUP 这里不会算"),
            (measured("Bad", "=1/0"), "Bad", 6, "公式除以了 0"),
            (measured("Bad", "=Info!A1"), "Bad", 6, "引用了别的工作表“Info”"),
            (measured("Bad", "='Other part'!A1*2"), "Bad", 6, "引用了别的工作表“Other part”"),
            (measured("Bad", "=E15"), "Bad", 6, "不是数的内容“Bad”"),
            (measured("Bad", "=1^2"), "Bad", 6, "公式算不出来"),
            (measured("Bad", 50, section=7), "Bad", 4, "标准板块表里的一个编号"),
            (measured("Bad", 50, section="1,2"), "Bad", 4, "标准板块表里的一个编号"),
            (measured("Bad", 50, kind="X"), "Bad", -1, "类型应为 M"),
            (measured("Bad", 50, kind=None), "Bad", -1, "缺少类型"),
            (measured("", 50, requirement="Bad"), "Bad", -3, "请填写评分点的名称"),
            (judged("Bad", 50, STEPS[:3]), "Bad", 1, "缺少 3 分的描述"),
            ([*measured("Bad", 50), {"score": 1, "extra": "Odd"}], "Odd", -1, "上面没有评判项"),
            ([*judged("Bad", 50), {"score": 3, "extra": "Odd"}], "Odd", -1, "写了两次"),
            ([*judged("Bad", 50), {"score": 4, "extra": "Odd"}], "Odd", -1, "应为 0、1、2、3"),
            (judged("Bad", 50, ("No", "", "Good", "Best")), "No", 0, "请写明这一档的描述"),
        ],
    )
    async def test_are_listed_by_cell(
        self, lines: list[Any], beside: str, column: int, reason: str
    ) -> None:
        book = a_workbook({"A": [*a_sub("A1"), *measured("Good", 50), *lines]})
        cell = cell_of(book, beside, column)
        below = 1 if reason == "请写明这一档的描述" else 0

        scheme, problems, _notes = await read(book)

        assert scheme is None
        place = f"CIS Marking Scheme Import!{cell.column_letter}{cell.row + below}: "
        assert any(text.startswith(place) and reason in text for text in problems), problems

    async def test_are_what_merged_marks_leave_open(self) -> None:
        book = a_workbook({"A": [*a_sub("A1"), *measured("One", 50), *measured("Two", 50)]})
        first, second = cell_of(book, "One", 6), cell_of(book, "Two", 6)
        book.worksheets[-1].merge_cells(f"{first.coordinate}:{second.coordinate}")

        _scheme, problems, _notes = await read(book)

        assert [text for text in problems if second.coordinate in text and "合并" in text]

    async def test_are_sections_out_of_balance(self) -> None:
        sections = ((1, "Work", 60), (2, "Art", 40))

        scheme, problems, _notes = await read(a_workbook(PLAIN, sections=sections))

        assert scheme is None
        assert len(problems) == 2
        assert all("相差超过 5 分" in text for text in problems)

    async def test_are_aspects_under_nothing(self) -> None:
        book = a_workbook({"A": measured("One", 100)})
        cell_of(book, "Criterion A").value = None

        _scheme, problems, _notes = await read(book)

        assert any("没有评分子项的编号" in text for text in problems)

    async def test_are_all_listed_at_once(self) -> None:
        lines = [line for n in range(40) for line in measured(f"Bad {n}", "x")]

        _scheme, problems, _notes = await read(a_workbook({"A": [*a_sub("A1"), *lines]}))

        assert len(problems) == 40

    async def test_of_too_long_a_sheet_are_one_refusal(self) -> None:
        book = a_workbook(PLAIN)
        book.worksheets[-1]["A6000"] = "far away"

        with pytest.raises(WorkbookTooLarge):
            await read_workbook(bytes_of(book))

    async def test_do_not_grow_with_what_is_merged(self) -> None:
        book = a_workbook(PLAIN)
        book.worksheets[-1].merged_cells.add("P1:GR4000")  # without a cell object for each

        _scheme, problems, _notes = await read(book)

        assert problems == []

    async def test_of_a_broken_file_are_one_refusal(self) -> None:
        content = bytes_of(a_workbook(PLAIN))

        with pytest.raises(WorkbookUnreadable):
            await read_workbook(content[: len(content) // 2] + content[-200:])


WORDS = st.text(string.ascii_letters + "长宽高 ±=+-'\"", min_size=1, max_size=12).map(
    lambda text: " ".join(text.split()) or "x"
)
NAMES = st.one_of(st.just(""), WORDS)
TENTHS = st.integers(1, 90_000).map(lambda n: f"{n / 10_000:g}")


@st.composite
def aspects(draw: st.DrawFn, letter: str, count: int) -> tuple[SchemeAspect, ...]:
    found = []
    numbers: dict[int, int] = {}
    sub, head = 0, None
    for _number in range(count):
        new = (draw(NAMES), draw(NAMES), draw(st.sampled_from(["", "1", "2"])))
        if head is None or (draw(st.booleans()) and new != head):
            sub, head = sub + 1, new
        numbers[sub] = numbers.get(sub, 0) + 1
        is_judged = draw(st.booleans())
        calculation = {"kind": "deduct", "per_error": "0.25"} if draw(st.booleans()) else None
        found.append(
            SchemeAspect(
                f"{letter}{sub}.{numbers[sub]}",
                "judgement" if is_judged else "measurement",
                draw(WORDS),
                draw(TENTHS),
                criterion=head[0],
                sub_criterion=head[1],
                day=head[2],
                hint=draw(NAMES),
                requirement=draw(NAMES),
                descriptors=STEPS if is_judged else (),
                calculation=None if is_judged else calculation,
            )
        )
    return tuple(found)


@st.composite
def schemes(draw: st.DrawFn) -> SchemeFacts:
    letters = "ABCDEFGHI"[: draw(st.integers(1, 3))]
    return SchemeFacts(
        tuple(
            SchemeModule(letter, draw(WORDS), "", draw(aspects(letter, draw(st.integers(1, 4)))))
            for letter in letters
        )
    )


class TestWriting:
    @given(schemes())
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def test_comes_back_as_the_same_scheme(self, scheme: SchemeFacts) -> None:
        async def there_and_back() -> Any:
            return await read(worldskills_book.workbook(scheme, "砌筑"))

        found, problems, notes = run(there_and_back)

        assert (problems, notes) == ([], [])
        assert found == scheme

    def test_refuses_what_the_workbook_cannot_say(self) -> None:
        points = SchemeAspect("A1", "points", "试卷", "100")
        measurement = SchemeAspect("A1", "measurement", "长", "100")

        with pytest.raises(NotOfWorldSkills, match="A1"):
            worldskills_book.workbook(SchemeFacts((SchemeModule("A", "理论", "", (points,)),)), "")
        with pytest.raises(WeightedModule):
            worldskills_book.workbook(
                SchemeFacts((SchemeModule("A", "实操", "80", (measurement,)),)), ""
            )
        with pytest.raises(WrongCriterion):
            worldskills_book.workbook(
                SchemeFacts((SchemeModule("甲", "实操", "", (measurement,)),)), ""
            )
