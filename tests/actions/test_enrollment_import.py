"""Candidates from a workbook: bad cells are named, and nobody is enrolled twice."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.audit import queries as journal
from app.documents import workbooks
from app.documents.layouts import Table
from app.errors import Refusal
from app.imports.registry import Checked, Outcome
from app.people.correcting import Correction, correct_person
from app.people.history import history_of
from app.rules.actors import SYSTEM, Scope
from assessments.enrollment import actions, importing, queries
from assessments.enrollment.actions import EnrollmentClosed
from assessments.rules.lifecycle import CandidateStatus, SittingStatus
from assessments.sittings.actions import subject
from tests.builders.assessments import a_sitting
from tests.builders.rosters import filled, resident_number

pytestmark = pytest.mark.anyio
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def a_row(number: int, **changes: str) -> dict[str, str]:
    return {
        "姓名": "甲乙丙丁"[number] + "考生",
        "证件号码": resident_number("19880815", 2 * number + 2),
        "单位或院校": "刺梨合作社",
        "户籍地": "522632",
    } | changes


async def checked(
    sitting_id: int, rows: list[dict[str, str]], folder: Path
) -> tuple[Table, Checked]:
    scope = Scope("sitting", str(sitting_id))
    layout = await importing.IMPORTER.layout(scope)
    blank = folder / "blank.xlsx"
    blank.write_bytes(workbooks.template(layout))
    table = await workbooks.read_table(filled(blank, rows, "filled.xlsx").read_bytes(), layout)

    async def tell(_done: int, _all: int) -> None:
        return None

    return table, await importing.IMPORTER.check(scope, table.rows, AT, tell)


async def taken(sitting_id: int, rows: list[dict[str, str]], folder: Path) -> Outcome:
    _, found = await checked(sitting_id, rows, folder)
    scope = Scope("sitting", str(sitting_id))
    return await importing.IMPORTER.apply(scope, found.good, SYSTEM, AT)


async def test_each_bad_cell_is_named_with_its_reason(database, tmp_path):
    sitting_id = await a_sitting(AT)
    await taken(sitting_id, [a_row(3)], tmp_path)
    child = f"{AT - timedelta(days=15 * 365):%Y%m%d}"

    table, found = await checked(
        sitting_id,
        [
            a_row(0),
            a_row(1, 证件号码=a_row(0)["证件号码"]),
            a_row(2, 证件号码=resident_number(child, 4), 户籍地="乌有县"),
            a_row(3, 姓名="别的名字"),
            {"单位或院校": "刺梨合作社"},
        ],
        tmp_path,
    )

    problems = {problem.cell: problem.reason for problem in table.problems}
    assert set(problems) == {"F3", "F4", "H4", "A5", "A6", "F6"}
    assert "与第 2 行是同一个人" in problems["F3"]
    assert "未满 16 周岁" in problems["F4"]
    assert "已登记在“丁**”名下" in problems["A5"]
    assert (len(found.good), found.new, found.changed, found.unchanged) == (1, 1, 0, 0)


async def test_a_second_list_fills_what_the_first_left_out(database, tmp_path):
    sitting_id = await a_sitting(AT)
    bare = {name: word for name, word in a_row(0).items() if name not in ("手机", "民族")}
    whole = bare | {"手机": "13800138000", "民族": "苗族", "文化程度": "大专"}
    await taken(sitting_id, [bare], tmp_path)

    _, found = await checked(sitting_id, [whole], tmp_path)
    outcome = await taken(sitting_id, [whole], tmp_path)
    _, again = await checked(sitting_id, [whole], tmp_path)

    assert (found.new, found.changed, found.unchanged) == (0, 1, 0)
    assert (outcome.added, outcome.changed) == (0, 1)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    [line] = await queries.candidates(sitting_id)
    assert line.phone_masked == "138******00"
    told = (await history_of(f"people.person:{line.person_id}"))[0].differences
    assert {(item.field, item.before, item.after) for item in told} == {
        ("手机", "", "138******00"),
        ("民族", "", "苗族"),
        ("文化程度", "", "大专"),
    }


async def test_the_newest_list_counts_and_the_journal_keeps_what_was_before(database, tmp_path):
    sitting_id = await a_sitting(AT)
    first = a_row(0) | {"手机": "13800138000", "民族": "苗族"}
    newest = first | {"手机": "13900139000", "民族": ""}
    await taken(sitting_id, [first], tmp_path)

    table, found = await checked(sitting_id, [newest], tmp_path)
    await taken(sitting_id, [newest], tmp_path)

    assert not table.problems
    assert (found.new, found.changed, found.unchanged) == (0, 1, 0)
    [line] = await queries.candidates(sitting_id)
    told = (await history_of(f"people.person:{line.person_id}"))[0].differences
    assert {(item.field, item.before, item.after) for item in told} == {
        ("手机", "138******00", "139******00"),
    }


async def test_numbers_in_slipped_columns_are_told_masked(sqlite_database, tmp_path):
    sitting_id = await a_sitting(AT)
    row = a_row(0)
    number, impossible = row["证件号码"], row["证件号码"][:6] + "19901332" + row["证件号码"][14:]
    slipped = [
        row | {"姓名": number, "性别": f" {number[:6]} {number[6:]}"},
        row | {"证件号码": impossible, "户籍地": number},
    ]

    table, _ = await checked(sitting_id, slipped, tmp_path)

    told = "".join(problem.reason + problem.value for problem in table.problems)
    assert {problem.cell[0] for problem in table.problems} >= {"A", "B", "F", "H"}
    assert number[6:14] not in told
    assert "19901332" not in told


async def test_taking_a_workbook_in_again_changes_nobody(database, tmp_path):
    sitting_id = await a_sitting(AT)
    first = await taken(sitting_id, [a_row(0), a_row(1)], tmp_path)
    await actions.accept_all(sitting_id, by=SYSTEM, at=AT)
    rows = [a_row(0), a_row(1, 单位或院校="新东家"), a_row(2)]

    _, found = await checked(sitting_id, rows, tmp_path)
    second = await taken(sitting_id, rows, tmp_path)

    assert (first.added, first.changed) == (2, 0)
    assert (found.new, found.changed, found.unchanged) == (1, 1, 1)
    assert (second.added, second.changed) == (1, 1)
    lines = {line.name: line for line in await queries.candidates(sitting_id)}
    assert {name: line.status for name, line in lines.items()} == {
        "甲考生": CandidateStatus.ACCEPTED,
        "乙考生": CandidateStatus.ACCEPTED,
        "丙考生": CandidateStatus.APPLIED,
    }
    assert lines["乙考生"].employer == "新东家"


async def test_a_sitting_that_takes_nobody_takes_no_workbook(database, tmp_path):
    sitting_id = await a_sitting(AT, status=SittingStatus.PLANNED)

    with pytest.raises(EnrollmentClosed) as refused:
        await checked(sitting_id, [a_row(0)], tmp_path)

    assert isinstance(refused.value, Refusal)


async def test_age_is_counted_on_the_day_where_it_is_held(sqlite_database, tmp_path):
    begins = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # 1 December, half past seven, at the site
    sitting_id = await a_sitting(AT, starts_at=begins, ends_at=begins + timedelta(hours=4))
    sixteen = a_row(0, 证件号码=resident_number("20101201", 2))
    fifteen = a_row(1, 证件号码=resident_number("20101202", 4))

    table, found = await checked(sitting_id, [sixteen, fifteen], tmp_path)
    written = await importing.IMPORTER.apply(
        Scope("sitting", str(sitting_id)), found.good, SYSTEM, AT
    )

    assert [problem.cell[-1] for problem in table.problems] == ["3"]
    assert written.added == 1


async def test_a_corrected_list_brings_name_and_region_up_to_date_and_is_recorded(
    database, tmp_path
):
    sitting_id = await a_sitting(AT)
    await taken(sitting_id, [a_row(0), a_row(1)], tmp_path)
    [first, other] = await queries.candidates(sitting_id)
    await rename(first.person_id, "甲考升")
    rows = [a_row(0, 姓名="甲考升", 户籍地="522631"), a_row(1, 户籍地="")]

    _, found = await checked(sitting_id, rows, tmp_path)
    outcome = await taken(sitting_id, rows, tmp_path)
    _, again = await checked(sitting_id, rows, tmp_path)

    assert (found.new, found.changed, found.unchanged) == (0, 1, 1)
    assert (outcome.added, outcome.changed) == (0, 1)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    [mended, kept] = await queries.candidates(sitting_id)
    assert (mended.name, mended.region_code, mended.version) == ("甲考升", "522631", 2)
    assert (kept.region_code, kept.version) == ("522632", other.version)
    record = next(
        item for item in await journal.records_of(subject(sitting_id)) if "甲考升" in item.after
    )
    assert str(first.id) in record.before
    assert "甲考生" in record.before


async def test_a_list_that_mends_a_returned_candidate_lets_it_be_vetted_again(database, tmp_path):
    sitting_id = await a_sitting(AT)
    await taken(sitting_id, [a_row(0)], tmp_path)
    [line] = await queries.candidates(sitting_id)
    await actions.vet(
        line.id, CandidateStatus.RETURNED, note="缺单位", seen_version=1, by=SYSTEM, at=AT
    )

    await taken(sitting_id, [a_row(0, 单位或院校="茶叶合作社")], tmp_path)

    assert (await queries.candidate(line.id)).status is CandidateStatus.APPLIED


async def test_an_export_after_a_correction_of_the_register_can_be_taken_in(database, tmp_path):
    sitting_id = await a_sitting(AT)
    await taken(sitting_id, [a_row(0)], tmp_path)
    [line] = await queries.candidates(sitting_id)
    await rename(line.person_id, "甲考升")
    scope = Scope("sitting", str(sitting_id))
    content = await importing.EXPORTER.workbook(scope, SYSTEM, AT)

    table = await workbooks.read_table(content, await importing.IMPORTER.layout(scope))

    async def tell(_done: int, _all: int) -> None:
        return None

    found = await importing.IMPORTER.check(scope, table.rows, AT, tell)
    assert table.problems == []
    assert (found.new, found.changed, found.unchanged) == (0, 1, 0)


async def rename(person_id: int, name: str) -> None:
    wanted = Correction(name=name, phone=None, reason="错录一字")
    await correct_person(person_id, wanted, seen_version=1, by=SYSTEM, at=AT)
