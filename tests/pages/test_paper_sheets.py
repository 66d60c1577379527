"""Judges' sheets on paper, read back from the PDF."""

import pytest

from app.rules.actors import SYSTEM, Duty
from app.sheets import queries as sheets
from app.sheets.keying import MarkInput, record_marks_within
from app.storage.engine import write_transaction
from competitions.rules.duties import CodeStatus
from competitions.rules.scheme import SchemeAspect
from competitions.scoring import incidents, paper_sheets
from tests.builders.events import (
    AT,
    PANEL,
    POINTS,
    a_scheme,
    an_event,
    an_official,
    judges_on,
    lock,
    marking,
)
from tests.builders.papers import pages_of
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio

STEPS = ("差", "合格", "良好", "优秀")
SCHEME = a_scheme(
    POINTS,
    PANEL,
    SchemeAspect("Q1", "judgement", "观感", "9", descriptors=STEPS),
    SchemeAspect("G1", "gate", "佩戴护具", "", zeroes=("A1",)),
)


async def a_marked_event():
    line = await an_event(entries=2, scheme=SCHEME)
    codes = await marking(line, seats=5)
    opened = await sheets.sheets_of(line.ledger)
    marks = [
        MarkInput(code=sheet.code, seat=sheet.seat, aspect=aspect, value=value)
        for sheet in opened
        for aspect, value in (("A1", "88.5"), ("P1", "7.25"), ("Q1", "2"), ("G1", "1"))
        if sheet.seat == "J1" or aspect in {"P1", "Q1"}
    ]
    async with write_transaction():
        await record_marks_within(ledger=line.ledger, marks=marks, by=SYSTEM, at=AT, reason="试")
    return line, codes


async def printed(tmp_path, line, asked, duty=Duty.CHIEF_JUDGE):
    async with a_visit(tmp_path, await an_official(line, duty)) as visitor:
        return await visitor.get(f"/desk/events/{line.id}/mark-sheets.pdf?{asked}")


class TestBlankSheets:
    @pytest.mark.usefixtures("database")
    async def test_have_a_page_for_each_code_and_seat_and_no_mark(self, tmp_path):
        line, codes = await a_marked_event()

        answer = await printed(tmp_path, line, "kind=blank")

        pages = pages_of(answer.content)
        opened = await sheets.sheets_of(line.ledger)
        assert len(pages) == len(opened) == 10
        assert [f"{item.code} {item.seat}" for item in opened if item.seat == "J1"] == [
            f"{code} J1" for code in codes
        ]
        assert all(
            word in pages[0]
            for word in (codes[0], "J1", "成品得分", "100", "0 差", "3 优秀", "佩戴护具", "签字")
        )
        assert "第 1 / 1 页" in pages[0]
        assert opened[0].key in pages[0]
        assert line.rule_set_sha256[:12] in pages[0]
        assert not any(value in page for page in pages for value in ("88.5", "7.25"))

    async def test_may_be_of_one_seat_and_some_codes(self, sqlite_database, tmp_path):
        line, codes = await a_marked_event()

        answer = await printed(tmp_path, line, f"seat=J2&first={codes[1]}&last={codes[1]}")

        [page] = pages_of(answer.content)
        assert codes[1] in page
        assert "成品得分" not in page  # what one judge marks is not on the others' sheets

    async def test_name_no_judge(self, sqlite_database, tmp_path):
        line, _ = await a_marked_event()

        answer = await printed(tmp_path, line, "kind=blank")

        assert not any("裁判一" in page for page in pages_of(answer.content))

    async def test_leave_out_who_did_not_compete(self, sqlite_database, tmp_path):
        line, codes = await a_marked_event()
        await incidents.record_standing(
            line.id, codes[0], CodeStatus.ABSENT, reason="", by=SYSTEM, at=AT
        )

        answer = await printed(tmp_path, line, "kind=blank&seat=J1")

        assert len(pages_of(answer.content)) == 1


class TestManyPages:
    ASPECTS = tuple(f"{at:02}" for at in range(30))

    def scheme(self):
        return a_scheme(
            *(
                SchemeAspect(
                    f"Q{at}",
                    "judgement",
                    f"观感 {at} " * 12,
                    "3",
                    descriptors=("差", "合格", "良好" * 30, f"优秀 {at}"),
                )
                for at in self.ASPECTS
            )
        )

    async def test_name_code_and_seat_on_each(self, sqlite_database, tmp_path):
        line = await an_event(entries=2, scheme=self.scheme())
        codes = await marking(line, seats=3)

        answer = await printed(tmp_path, line, "kind=blank&seat=J2")

        pages = pages_of(answer.content)
        half = len(pages) // 2
        assert half > 1
        for code, own in zip(codes, (pages[:half], pages[half:]), strict=True):
            assert all({code, "J2"} <= set(page.split()) for page in own)
            assert [f"第 {at} / {half} 页" in page for at, page in enumerate(own, 1)] == [
                True
            ] * half

    async def test_keep_what_is_marked_beside_its_place(self, sqlite_database, tmp_path):
        line = await an_event(scheme=self.scheme())

        answer = await printed(tmp_path, line, "kind=spare", Duty.ORGANIZER)

        pages = pages_of(answer.content)
        for at in self.ASPECTS:
            [page] = [page for page in pages if f"观感 {at}" in page]
            assert f"优秀 {at}" in page
        assert all("加密号" in page and "席位" in page for page in pages)
        assert sum(page.count("编号 评分点 满分 打分") for page in pages) == len(pages)


class TestFilledSheets:
    async def test_say_what_was_submitted(self, sqlite_database, tmp_path):
        line, _ = await a_marked_event()
        before = await printed(tmp_path, line, "kind=filled")
        await lock(line)

        answer = await printed(tmp_path, line, "kind=filled&seat=J1")

        assert before.status_code == 422
        assert "提交之后才能打印" in before.text
        pages = pages_of(answer.content)
        assert len(pages) == 2
        assert all(word in pages[0] for word in ("88.5", "7.25", "已锁定"))


class TestSpareForms:
    async def test_can_be_printed_before_the_draw(self, sqlite_database, tmp_path):
        line = await an_event(scheme=SCHEME)

        answer = await printed(tmp_path, line, "kind=spare", Duty.ORGANIZER)

        [page] = pages_of(answer.content)
        assert all(word in page for word in ("加密号", "席位", "成品得分", "观感"))


class TestEnglish:
    async def test_has_no_chinese_punctuation(self, sqlite_database, tmp_path):
        line = await an_event(scheme=SCHEME)

        async with a_visit(tmp_path, await an_official(line, Duty.SUPERVISOR)) as visitor:
            scheme = await visitor.get(f"/desk/events/{line.id}/scheme?lang=en")
            paper = await visitor.get(f"/desk/events/{line.id}/mark-sheets.pdf?kind=spare")

        for text in (scheme.text, "".join(pages_of(paper.content))):
            assert "0 差; 1 合格; 2 良好; 3 优秀" in text
            assert "；" not in text


class TestWhoPrints:
    async def test_is_no_judge_who_marks(self, sqlite_database, tmp_path):
        line, _ = await a_marked_event()

        async with a_visit(tmp_path, (await judges_on(line))["J1"]) as visitor:
            found = await visitor.get(f"/desk/events/{line.id}/mark-sheets.pdf?kind=filled")

        assert found.status_code == 403

    async def test_is_told_what_is_not_there_or_too_much(
        self, sqlite_database, tmp_path, monkeypatch
    ):
        line, _ = await a_marked_event()
        unwritten = await printed(tmp_path, line, "seat=J9")
        monkeypatch.setattr(paper_sheets, "MOST", 3)

        many = await printed(tmp_path, line, "kind=blank")

        assert (unwritten.status_code, many.status_code) == (422, 422)
        assert "没有这样的评分表" in unwritten.text
        assert "一次最多打印 3 张" in many.text

    async def test_finds_it_on_the_desk(self, sqlite_database, tmp_path):
        line, _ = await a_marked_event()

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            desk = await visitor.get(f"/desk/events/{line.id}/marking")
            scheme = await visitor.get(f"/desk/events/{line.id}/scheme")

        assert "打印纸质评分表" in desk.text
        assert "kind=spare" in scheme.text
