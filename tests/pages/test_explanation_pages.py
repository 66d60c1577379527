"""Why am I fourth: at the desk by code, each contestant's own sheet after publication."""

import re

import msgspec
import pypdfium2
import pytest

from app.rules.actors import SYSTEM, Duty
from competitions.results import actions
from competitions.rules.duties import CodeStatus
from competitions.scoring import incidents
from tests.builders.events import (
    AT,
    PANEL,
    a_scheme,
    an_event,
    an_official,
    lock,
    mark,
    marking,
    unseal,
)
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
FULL_WIDTH = re.compile("[（）：；，。、“”]")


async def a_computed_event(*values):
    """An event with a panel of five, its codes, one of them absent."""
    line = await an_event(entries=len(values) + 1, scheme=a_scheme(PANEL))
    codes = await marking(line, seats=5)
    await incidents.record_standing(
        line.id, codes[-1], CodeStatus.WITHDRAWN, reason="自愿", by=SYSTEM, at=AT
    )
    await mark(line, dict(zip(codes, values, strict=False)), aspect="P1")
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    return line, codes


async def a_published_event(*values):
    line, codes = await a_computed_event(*values)
    await unseal(line)
    await actions.publish(line.id, by=SYSTEM, at=AT)
    return line, codes


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_bounded() for page in document)


class TestTheDesk:
    @pytest.mark.usefixtures("database")
    async def test_explains_by_code_without_a_name(self, tmp_path):
        line, codes = await a_computed_event("9", "8", "7")
        base = f"/desk/events/{line.id}/results"

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            listed = await visitor.get(base)
            shown = await visitor.get(f"{base}/{codes[1]}")
            paper = await visitor.get(f"{base}/{codes[1]}/explanation.pdf")

        assert f'href="{base}/{codes[1]}"' in listed.text
        for text in (shown.text, text_of(paper.content)):
            assert f"前面是第 1 名 {codes[0]}：9.00，高于本人的 8.00" in text.replace("\r\n", "")
            assert "去掉 1 个最高分、1 个最低分" in text
            assert "金牌：第 2 名不在内" in text
            assert not [
                name for name in ("代表队", "甲镇", "乙镇", "丙镇", "裁判一") if name in text
            ]

    async def test_says_why_a_code_has_no_rank(self, sqlite_database, tmp_path):
        line, codes = await a_computed_event("9", "8")
        base = f"/desk/events/{line.id}/results/{codes[-1]}"

        async with a_visit(tmp_path, await an_official(line, Duty.AUDITOR)) as visitor:
            shown = await visitor.get(base)
            paper = await visitor.get(f"{base}/explanation.pdf")

        assert "弃权：不计总分，不参加排名。" in shown.text
        assert "弃权" in text_of(paper.content)

    @pytest.mark.parametrize("duty", [Duty.MARKING_JUDGE, Duty.CODING_JUDGE, Duty.SUPERVISOR])
    async def test_is_closed_to_others(self, sqlite_database, tmp_path, duty):
        line, codes = await a_computed_event("9")
        base = f"/desk/events/{line.id}/results/{codes[0]}"

        async with a_visit(tmp_path, await an_official(line, duty)) as visitor:
            found = [await visitor.get(path) for path in (base, f"{base}/explanation.pdf")]

        assert {answer.status_code for answer in found} <= {403, 404}

    async def test_is_closed_to_the_chief_judge_of_another_event(self, sqlite_database, tmp_path):
        line, codes = await a_computed_event("9")
        other = msgspec.structs.replace(line, id=line.id + 1)

        async with a_visit(tmp_path, await an_official(other, Duty.CHIEF_JUDGE)) as visitor:
            found = await visitor.get(f"/desk/events/{line.id}/results/{codes[0]}")

        assert found.status_code == 404

    async def test_knows_no_other_code(self, sqlite_database, tmp_path):
        line, _ = await a_computed_event("9")

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            found = await visitor.get(f"/desk/events/{line.id}/results/999")

        assert found.status_code == 404

    async def test_has_nothing_to_say_before_the_count(self, sqlite_database, tmp_path):
        line = await an_event()
        codes = await marking(line)

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            found = await visitor.get(f"/desk/events/{line.id}/results/{codes[0]}")

        assert found.status_code == 404


class TestTheContestantsSheet:
    async def test_is_public_after_publication_with_judges_by_seat(self, sqlite_database, tmp_path):
        line, codes = await a_published_event("9", "8", "7")
        results = f"/competitions/{line.competition_id}/events/{line.id}"

        async with a_visit(tmp_path) as stranger:
            listed = await stranger.get(results)
            shown = await stranger.get(f"{results}/entries/{codes[1]}")
            paper = await stranger.get(f"{results}/entries/{codes[1]}/explanation.pdf")
            english = await stranger.get(f"{results}/entries/{codes[1]}?lang=en")

        assert f"{results}/entries/{codes[1]}" in listed.text
        assert shown.headers["x-robots-tag"] == "noindex"
        assert "镇代表队" in shown.text
        assert "J5" in shown.text
        assert "裁判一" not in shown.text
        assert f"前面是第 1 名 {codes[0]}" not in shown.text
        assert "镇代表队" in text_of(paper.content)
        assert "Mean of 3 marks" in english.text

    async def test_has_no_chinese_punctuation_in_english(self, sqlite_database, tmp_path):
        line, codes = await a_published_event("9", "8", "7")
        entry = f"/competitions/{line.competition_id}/events/{line.id}/entries/{codes[1]}"

        async with a_visit(tmp_path) as stranger:
            chinese = text_of((await stranger.get(f"{entry}/explanation.pdf")).content)
            shown = await stranger.get(f"{entry}?lang=en")
            english = text_of((await stranger.get(f"{entry}/explanation.pdf")).content)

        assert FULL_WIDTH.findall(shown.text + english) == []
        assert re.search(r"J\d \([\d.]+\)", english)
        assert re.search(r"J\d（[\d.]+）", chinese)
        assert "(10)" not in chinese

    async def test_is_not_there_before(self, sqlite_database, tmp_path):
        line, codes = await a_computed_event("9", "8")
        await unseal(line)
        base = f"/competitions/{line.competition_id}/events/{line.id}/entries/{codes[0]}"

        async with a_visit(tmp_path) as stranger:
            found = [await stranger.get(path) for path in (base, f"{base}/explanation.pdf")]

        assert [answer.status_code for answer in found] == [404, 404]

    async def test_belongs_to_its_competition(self, sqlite_database, tmp_path):
        line, codes = await a_published_event("9")

        async with a_visit(tmp_path) as stranger:
            found = await stranger.get(f"/competitions/9999/events/{line.id}/entries/{codes[0]}")

        assert found.status_code == 404
