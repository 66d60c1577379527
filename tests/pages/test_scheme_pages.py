"""Writing a scheme without a script: rows, faults at their cells, versions, workbooks."""

import asyncio
import io
import re
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from app.rules.actors import SYSTEM, Actor, Duty, Scope
from competitions.planning import queries, schemes
from competitions.planning.scheme_forms import acted, form_of, scheme_of, typed_rows, values_of
from competitions.planning.scheme_rows import SchemeRow, read_rows, rows_of
from competitions.planning.worldskills import SHEET
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule, SchemeSection
from tests.builders.competitions import AT, a_competition, a_scheme, an_event, somebody, with_scheme
from tests.builders.visits import Visitor, a_visit
from tests.builders.worldskills import a_sub, a_workbook, bytes_of, measured

pytestmark = pytest.mark.anyio
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STEPS = ("差", "可", "良", "优")
WHOLE = SchemeFacts(
    (
        SchemeModule(
            "A",
            "理论",
            "20",
            (SchemeAspect("A1", "points", "试卷", "100", unit="分", section="1"),),
        ),
        SchemeModule(
            "B",
            "实操",
            "80",
            (
                SchemeAspect("B1", "measurement", "长", "2", section="1", requirement="120 mm"),
                SchemeAspect(
                    "B2", "measurement", "宽", "2", criterion="尺寸", section="1",
                    calculation={"kind": "deduct", "per_error": "0.25"},
                ),
                SchemeAspect(
                    "B3", "judgement", "外观", "3", criterion="尺寸", sub_criterion="表面", day="2",
                    section="2", descriptors=STEPS, hint="看缝",
                ),
                SchemeAspect("B4", "panel", "观感", "1", factor="0.8", section="2", decimals=1),
                SchemeAspect("B5", "gate", "安全", zeroes=("B1", "B4")),
            ),
        ),
    ),
    (SchemeSection("1", "工作 组织", "60"), SchemeSection("2", "制作", "40")),
)  # fmt: skip


async def an_organizer(event_id: int) -> Actor:
    return await somebody(Duty.ORGANIZER, scope=Scope("event", str(event_id)))


async def a_desk() -> tuple[int, str, Actor]:
    event_id = await an_event(await a_competition())
    return event_id, f"/desk/events/{event_id}/scheme", await an_organizer(event_id)


def fields_of(scheme: SchemeFacts, seen: int = 0) -> dict[str, Any]:
    form = form_of(scheme, seen)
    return {name: form.value(name) for name in form.values}


class TestRows:
    def test_of_a_scheme_are_the_scheme_again(self) -> None:
        form = form_of(WHOLE, 1)

        assert scheme_of(form) == WHOLE
        assert form.errors == {}

    def test_keep_what_a_heading_of_nothing_says(self) -> None:
        back = SchemeAspect("A3", "points", "丙", "30")
        under = SchemeAspect("A2", "points", "乙", "30", criterion="大", sub_criterion="小")
        first = SchemeAspect("A1", "points", "甲", "40")
        scheme = SchemeFacts((SchemeModule("A", "实操", "", (first, under, back)),))

        assert read_rows(rows_of(scheme)) == (scheme, {})

    def test_take_what_was_pasted_into_a_module_as_one_line(self) -> None:
        rows = [
            SchemeRow("1", "module", {"id": "A\t", "title": "实操\t一"}),
            SchemeRow("2", "aspect", {"id": "A1", "kind": "points", "title": "甲", "max": "50"}),
        ]

        scheme, errors = read_rows(rows)

        assert errors == {}
        assert scheme is not None
        assert [(item.id, item.name) for item in scheme.modules] == [("A", "实操 一")]

    def test_get_identifiers_that_were_never_given(self) -> None:
        rows = [
            SchemeRow("1", "module", {"id": "A", "title": "实操"}),
            SchemeRow("2", "aspect", {"id": "A1", "kind": "points", "title": "甲", "max": "50"}),
            SchemeRow("3", "aspect", {"kind": "points", "title": "乙", "max": "50,0"}),
            SchemeRow("4", "aspect", {"kind": "points", "decimals": "2"}),
        ]

        scheme, errors = read_rows(rows, taken=["A1", "A2", "A3"])

        assert errors == {}
        assert scheme is not None
        assert [(item.id, item.max) for item in scheme.aspects()] == [("A1", "50"), ("A4", "50")]

    @pytest.mark.parametrize(
        ("rows", "cells"),
        [
            ([], ["rows"]),
            ([("aspect", {"title": "甲", "kind": "points", "max": "1"})], ["r1.title"]),
            ([("module", {}), ("aspect", {"title": "甲"})],
             ["r1.id", "r1.title", "r2.kind", "r2.max"]),
            ([("module", {"id": "A", "title": "甲", "max": "x"}),
              ("aspect", {"kind": "points", "max": "x"})], ["r1.max", "r2.max", "r2.title"]),
            ([("module", {"id": "A B", "title": "甲"}), ("module", {"id": "A B", "title": "甲"})],
             ["r1.id", "r2.id"]),
            ([("module", {"id": "A", "title": "甲"}),
              ("aspect", {"id": "A1", "kind": "judgement", "title": "观", "max": "1",
                          "step0": "差"})], ["r2.step1"]),
            ([("module", {"id": "A", "title": "甲"}),
              ("aspect", {"id": "A1", "kind": "gate", "title": "观"})], ["r2.zeroes"]),
            ([("module", {"id": "A", "title": "甲"}),
              ("aspect", {"id": "A1", "kind": "measurement", "title": "长", "max": "1",
                          "calculation": "随意"})], ["r2.calculation"]),
            ([("module", {"id": "A", "title": "甲", "max": "90"}),
              ("aspect", {"id": "A1", "kind": "points", "title": "长", "max": "1"})], ["rows"]),
        ],
    )  # fmt: skip
    def test_say_what_is_wrong_at_which_cell(
        self, rows: list[tuple[str, dict[str, str]]], cells: list[str]
    ) -> None:
        made = [SchemeRow(str(n), kind, texts) for n, (kind, texts) in enumerate(rows, 1)]

        scheme, errors = read_rows(made)

        assert scheme is None
        assert sorted(errors) == cells

    @pytest.mark.parametrize("text", ["1 工作", "一 工作 很重", "1"])
    def test_say_what_is_wrong_with_a_section(self, text: str) -> None:
        assert "应写成" in read_rows(rows_of(a_scheme()), text)[1]["sections"]

    def test_put_the_faults_of_sections_at_their_table(self) -> None:
        _scheme, errors = read_rows(rows_of(a_scheme()), "1\t工作\t100")

        assert set(errors) == {"sections"}


class TestButtons:
    @pytest.mark.parametrize(
        ("act", "keys"),
        [
            ("up:2", ["2", "1", "3"]),
            ("up:1", ["1", "2", "3"]),
            ("down:2", ["1", "3", "2"]),
            ("down:3", ["1", "2", "3"]),
            ("delete:2", ["1", "3"]),
            ("copy:2", ["1", "2", "4", "3"]),
            ("criterion:2", ["1", "2", "4", "3"]),
            ("more:", ["1", "2", "3", "4", "5", "6", "7", "8"]),
            ("dance:2", ["1", "2", "3"]),
            ("up:99", ["1", "3", "2"]),
        ],
    )
    def test_change_the_rows(self, act: str, keys: list[str]) -> None:
        form = form_of(a_scheme(), 1)

        assert [row.key for row in typed_rows(acted(form, act))] == keys

    def test_copy_all_but_the_identifier(self) -> None:
        rows = typed_rows(acted(form_of(a_scheme(), 1), "copy:2"))

        assert rows[2].texts == {**rows[1].texts, "id": ""}
        assert values_of(rows)["r4.title"] == "工艺技法"


class TestDesk:
    async def test_begins_with_the_modules_of_the_rule_set(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        _event_id, path, organizer = await a_desk()

        async with a_visit(tmp_path, organizer) as visitor:
            shown = await visitor.get(path)

        assert 'name="r1.title" value="实操"' in shown.text
        assert shown.text.count('value="aspect"') >= 5

    async def test_writes_what_was_sent_and_shows_it(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        event_id, path, organizer = await a_desk()

        async with a_visit(tmp_path, organizer) as visitor:
            answer = await visitor.send(path, path, fields_of(WHOLE))
            shown = await visitor.get(path)

        known = await queries.scheme(event_id)
        assert answer.status_code == 303
        assert known is not None
        assert known.facts == WHOLE
        assert "工作 组织" in shown.text

    async def test_keeps_everything_typed_and_marks_the_wrong_cells(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        event_id, path, organizer = await a_desk()
        sent = fields_of(WHOLE) | {"r2.max": "十分", "r7.step2": "", "r4.title": "改过"}

        async with a_visit(tmp_path, organizer) as visitor:
            answer = await visitor.send(path, path, sent)

        assert answer.status_code == 422
        assert await queries.scheme(event_id) is None
        assert 'href="#r2.max"' in answer.text
        assert re.search(r'id="r2\.max"[^>]*aria-invalid="true"[^>]*value="十分"', answer.text)
        assert 'value="改过"' in answer.text
        assert "看缝" in answer.text

    async def test_moves_rows_without_a_script_and_writes_nothing(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        event_id, path, organizer = await a_desk()

        async with a_visit(tmp_path, organizer) as visitor:
            answer = await visitor.send(path, path, fields_of(WHOLE) | {"act": "down:4"})

        assert answer.status_code == 200
        assert answer.text.index('name="r5.title"') < answer.text.index('name="r4.title"')
        assert await queries.scheme(event_id) is None

    async def test_does_not_overwrite_what_another_wrote(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        event_id, path, organizer = await a_desk()
        await with_scheme(event_id)

        async with a_visit(tmp_path, organizer) as visitor:
            await schemes.write_scheme(event_id, a_scheme(title="造型"), by=SYSTEM, at=AT)
            answer = await visitor.send(path, path, fields_of(WHOLE, seen=1))
            again = await visitor.send(path, path, fields_of(WHOLE, seen=2))

        assert answer.status_code == 422
        assert "存了第 2 版" in answer.text
        assert "看缝" in answer.text
        assert 'name="seen" value="2"' in answer.text
        assert again.status_code == 303

    async def test_shows_a_locked_scheme_without_fields(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        event_id, path, organizer = await a_desk()
        await with_scheme(event_id)
        await schemes.lock_scheme_within(event_id, AT)

        async with a_visit(tmp_path, organizer) as visitor:
            shown = await visitor.get(path)

        assert "工艺技法" in shown.text
        assert "r1.title" not in shown.text

    async def test_compares_versions(self, sqlite_database: str, tmp_path: Path) -> None:
        event_id, path, organizer = await a_desk()
        await with_scheme(event_id)

        async with a_visit(tmp_path, organizer) as visitor:
            alone = await visitor.get(f"{path}/versions")
            await schemes.write_scheme(event_id, a_scheme(title="造型"), by=SYSTEM, at=AT)
            shown = await visitor.get(f"{path}/versions")
            turned = await visitor.get(f"{path}/versions?old=2&new=1")
            odd = await visitor.get(f"{path}/versions?old=x&new=99")

        assert "还没有可以比较的" in alone.text
        assert "<del>工艺技法</del> → <ins>造型</ins>" in shown.text
        assert "<del>造型</del> → <ins>工艺技法</ins>" in turned.text
        assert odd.status_code == 200

    async def test_offers_schemes_of_other_competitions(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        event_id, path, _organizer = await a_desk()
        other = await with_scheme(await an_event(await a_competition(name="别的大赛"), "电工"))
        everywhere = await somebody(Duty.ORGANIZER, scope=Scope("all", ""))

        async with a_visit(tmp_path, everywhere) as visitor:
            shown = await visitor.get(path)
            copied = await visitor.send(path, f"{path}/copy", {"source": other})

        assert "别的大赛 · 电工" in shown.text
        assert copied.status_code == 303
        assert await queries.scheme(event_id) is not None

    async def test_shows_the_sheet_of_judges(self, sqlite_database: str, tmp_path: Path) -> None:
        event_id, path, organizer = await a_desk()
        await schemes.write_scheme(event_id, WHOLE, by=SYSTEM, at=AT)

        async with a_visit(tmp_path, organizer) as visitor:
            shown = await visitor.get(f"{path}/sheet")
            none = await visitor.get(f"/desk/events/{event_id + 1}/scheme/sheet")

        assert "共 2 项" in shown.text
        assert "实操 尺寸 表面" in shown.text
        assert "120 mm" in shown.text
        assert none.status_code == 404


class TestWorkbooks:
    async def test_of_worldskills_are_looked_at_matched_and_written(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        event_id, path, organizer = await a_desk()
        page = f"/desk/imports/scheme?scope=event:{event_id}"
        first = {"A": [*a_sub("A1", "墙"), *measured("垂直度", 40), *measured("平整度", 60)]}
        more = [*a_sub("A1", "墙"), *measured("砂浆", 10), *measured("垂直度", 40)]
        second = {"A": [*more, *measured("平整度", 50)]}

        async with a_visit(tmp_path, organizer) as visitor:
            assert "CIS Marking Scheme Import" in (await visitor.get(page)).text
            shown = await uploaded(visitor, page, bytes_of(a_workbook(first)))
            await confirmed(visitor, shown)
            shown = await uploaded(visitor, page, bytes_of(a_workbook(second)))
            assert "新增评分点" in shown.text
            assert "A1.3 砂浆" in shown.text
            assert "满分 60 → 50" in shown.text
            await confirmed(visitor, shown)
            exported = await visitor.get(f"{path}/worldskills.xlsx")

        known = await queries.scheme(event_id)
        assert known is not None
        assert [(item.id, item.title) for item in known.facts.aspects()] == [
            ("A1.3", "砂浆"), ("A1.1", "垂直度"), ("A1.2", "平整度"),
        ]  # fmt: skip
        assert SHEET in openpyxl.load_workbook(io.BytesIO(exported.content)).sheetnames

    async def test_with_problems_list_cells_and_come_back_marked(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        event_id, _path, organizer = await a_desk()
        page = f"/desk/imports/scheme?scope=event:{event_id}"
        blocks = {"A": [*a_sub("A1"), *measured("垂直度", "四十")]}

        async with a_visit(tmp_path, organizer) as visitor:
            shown = await uploaded(visitor, page, bytes_of(a_workbook(blocks)))
            marked = await visitor.get(f"{shown.url.path}/marked.xlsx")

        [cell] = re.findall(r"<th scope=\"row\" class=\"code fit\">([A-Z]+\d+)</th>", shown.text)
        book = openpyxl.load_workbook(io.BytesIO(marked.content))
        assert "应填数字" in shown.text
        assert book.active is not None
        assert book.active[cell].value == "四十"
        assert book.active[cell].fill.fill_type == "solid"

    async def test_of_our_own_come_back_the_same(
        self, sqlite_database: str, tmp_path: Path
    ) -> None:
        event_id, path, organizer = await a_desk()
        await schemes.write_scheme(event_id, WHOLE, by=SYSTEM, at=AT)
        page = f"/desk/imports/scheme?scope=event:{event_id}"

        async with a_visit(tmp_path, organizer) as visitor:
            exported = await visitor.get(f"{path}/export.xlsx")
            shown = await uploaded(visitor, page, exported.content)

        assert "导入后会怎样" not in shown.text
        assert re.search(r"没有变化</dt>\s*<dd>6</dd>", shown.text), shown.text[:3000]


async def uploaded(visitor: Visitor, page: str, content: bytes) -> httpx.Response:
    form = {"scope": page.partition("scope=")[2]}
    answer = await visitor.send(
        page, "/desk/imports/scheme", form, file=("scheme.xlsx", content, XLSX)
    )
    return await settled(visitor, answer.headers["location"])


async def settled(visitor: Visitor, path: str) -> httpx.Response:
    for _ in range(400):
        shown = await visitor.get(path)
        if "data-progress" not in shown.text:
            return shown
        await asyncio.sleep(0.05)
    raise AssertionError("the import never ended")


async def confirmed(visitor: Visitor, shown: httpx.Response) -> None:
    path = str(shown.url.path)
    found = re.search(r'name="version" value="(\d+)"', shown.text)
    assert found is not None
    answer = await visitor.send(path, f"{path}/confirmation", {"version": found[1]})
    assert answer.status_code == 303, answer.text
    done = await settled(visitor, path)
    assert "查看导入的内容" in done.text
