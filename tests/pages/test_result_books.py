"""成绩册 and 获奖名单: printed from published results, read back from the paper."""

import asyncio
import re

import msgspec
import pytest

from app.documents import typesetting
from app.rules.actors import SYSTEM, Duty
from app.web import locale
from competitions.results import actions, books
from tests.builders.books import a_competition_line, a_place, an_event_line, published
from tests.builders.events import AT, an_event, an_official, lock, mark, marking, unseal
from tests.builders.papers import pages_of
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio


async def a_published_event(*values: str):
    line = await an_event(entries=len(values))
    codes = await marking(line)
    await mark(line, dict(zip(codes, values, strict=True)))
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    await unseal(line)
    await actions.publish(line.id, by=SYSTEM, at=AT)
    return line


async def printed(document: books.Document) -> list[str]:
    return pages_of(await typesetting.printed_book(books.TEMPLATE, document))


class TestPublishedBook:
    async def test_says_every_place_and_what_proves_it(self, database, tmp_path):
        line = await a_published_event("90", "80.5", "70")
        [event] = await books.published(line.competition_id)
        base = f"/competitions/{line.competition_id}/events/{line.id}"

        async with a_visit(tmp_path) as visitor:
            shown = await visitor.get(base)
            answer = await visitor.get(f"{base}/result-book.pdf")

        assert f'href="{base}/result-book.pdf"' in shown.text
        assert answer.headers["content-type"] == "application/pdf"
        cover, table = pages_of(answer.content)
        assert all(word in cover for word in ("测试大赛", "成 绩 册", "砌筑（公开组）", "县人社局"))
        for place in event.places:
            start = f"{place.rank} {place.delegation} {place.names}"
            assert f"{start} {place.total} {place.total} {place.award_word}" in table
        assert event.result.ledger_root in table
        assert event.result.rule_set_sha256 in table
        assert f"评分账册 {event.result.ledger_root[:16]}，第 1 次计算" in table
        assert "第 2 / 2 页" in table
        assert "裁判长（签字）" in table
        assert "（未录入 2026 年放假安排，按周一至周五计）" in table.replace("\n", "")

    async def test_says_of_the_notice_what_the_page_says(self, sqlite_database, tmp_path):
        line = await a_published_event("90", "80.5")
        base = f"/competitions/{line.competition_id}/events/{line.id}"

        async with a_visit(tmp_path) as visitor:
            for language in ("zh", "en"):
                shown = await visitor.get(f"{base}?lang={language}")
                book = await visitor.get(f"{base}/result-book.pdf")

                said = re.search("<p>((公示期|Public notice)[^<]+)", shown.text)
                assert said
                assert "".join(said[1].split()) in "".join("".join(pages_of(book.content)).split())

    async def test_of_a_competition_has_its_published_events_only(self, sqlite_database, tmp_path):
        line = await a_published_event("90", "80")

        async with a_visit(tmp_path) as visitor:
            shown = await visitor.get(f"/competitions/{line.competition_id}")
            book = await visitor.get(f"/competitions/{line.competition_id}/result-book.pdf")
            awards = await visitor.get(f"/competitions/{line.competition_id}/award-list.pdf")

        assert "/result-book.pdf" in shown.text
        assert len(pages_of(book.content)) == 2
        cover, table = pages_of(awards.content)
        assert "获 奖 名 单" in cover
        assert all(word in table for word in ("金牌", "单位或院校", "镇合作社"))

    async def test_stands_on_the_results_desk(self, sqlite_database, tmp_path):
        line = await a_published_event("90", "80")

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            shown = await visitor.get(f"/desk/events/{line.id}/results")

        base = f"/competitions/{line.competition_id}/events/{line.id}"
        assert f'href="{base}/result-book.pdf"' in shown.text
        assert f'href="{base}/award-list.pdf"' in shown.text

    @pytest.mark.parametrize("name", ["result-book", "award-list"])
    async def test_is_not_there_before_publication(self, sqlite_database, tmp_path, name):
        line = await an_event(entries=2)
        base = f"/competitions/{line.competition_id}"
        paths = [f"{base}/{name}.pdf", f"{base}/events/{line.id}/{name}.pdf"]

        async with a_visit(tmp_path) as visitor:
            answers = [await visitor.get(path) for path in paths]

        assert [answer.status_code for answer in answers] == [404, 404]


class TestBook:
    async def test_has_a_list_of_events_with_the_pages_where_they_begin(self):
        events = [
            published([a_place(rank) for rank in range(1, 61)], an_event_line("砌筑", 1)),
            published([a_place(rank) for rank in range(1, 9)], an_event_line("电工", 2)),
        ]

        _cover, contents, *tables = await printed(books.result_book(a_competition_line(), events))

        assert len(tables) == 3
        assert "目录" in contents
        assert contents.index("砌筑（职工组） 参赛 60 3") < contents.index(
            "电工（职工组） 参赛 8 5"
        )
        assert "名次 代表队 姓名" in tables[1], "the header stands on every page"
        assert "第 5 / 5 页" in tables[2]

    async def test_says_of_the_absent_why_they_have_no_total(self):
        away = msgspec.structs.replace(
            a_place(3), rank=None, total=None, modules={}, award=None, status="withdrawn"
        )
        event = published([a_place(1), a_place(2), away])

        _cover, table = await printed(books.result_book(a_competition_line(), [event]))

        assert f"— {away.delegation} {away.names} — — — 弃权" in table

    async def test_never_breaks_a_name_at_its_dot(self):
        names = ["阿依古丽·买买提", "买买提江·吐尔逊", "阿依古丽江·买买提江·吾买尔江"]
        team = msgspec.structs.replace(a_place(1), names="、".join(names))

        _cover, table = await printed(books.result_book(a_competition_line(), [published([team])]))

        _head, row = table.split("奖项", 1)
        assert all(name in row for name in names[:2])
        assert names[2] in row.replace(" ", ""), "what no column holds is broken elsewhere"
        assert "· " not in row
        assert " ·" not in row

    async def test_lists_no_award_where_nobody_has_one(self):
        event = published([msgspec.structs.replace(a_place(1), award=None)])

        _cover, table = await printed(books.award_list(a_competition_line(), [event]))

        assert "没有获奖者。" in table

    async def test_is_in_english_for_who_reads_english(self):
        locale.use("en")
        try:
            event = published([a_place(1)])
            cover, table = await printed(books.result_book(a_competition_line(), [event]))
        finally:
            locale.use("zh")

        assert "Result book" in cover
        assert all(word in table for word in ("Rank Delegation Name", "Gold", "Page 2 of 2"))

    async def test_is_kept_once_it_is_printed(self):
        document = books.award_list(a_competition_line(), [published([a_place(1)])])

        found = await asyncio.gather(*(books.pdf_of(document) for _ in range(3)))

        assert found[0] is await books.pdf_of(document)
        assert len({len(pdf) for pdf in found}) == 1
