"""How firm awards are, how judges mark, what marks tell: for who watches, not for who marks."""

import re
from collections import OrderedDict

import pytest

from app.rules.actors import SYSTEM, Duty
from app.sheets import queries as sheet_queries
from app.sheets.keying import MarkInput, record_marks_within
from app.sheets.moments import MarkMoment, moments_of
from app.storage.engine import write_transaction
from app.web import background
from competitions.planning import queries as planning
from competitions.registration import queries as registration
from competitions.registration.tables import Judge
from competitions.results import actions, judging, weighing
from competitions.results import queries as results
from competitions.rules.fairness import judge_lines
from competitions.rules.scheme import SchemeAspect
from competitions.rules.trials import TrialKind
from competitions.scoring import queries as scoring
from tests.builders.events import AT, a_scheme, an_event, an_official, lock, mark, marking, unseal
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio

CHART = '<figure class="chart">'
PAGES = ("robustness", "fairness", "analysis")
ASPECTS = tuple(SchemeAspect(f"P{at}", "panel", f"外观{at}", "10") for at in range(5))


async def a_marked_event(levels=(90, 80, 70, 60), strict=0):
    """Five judges over five aspects; J1 marks lower by so many percent."""
    line = await an_event(entries=len(levels), scheme=a_scheme(*ASPECTS))
    codes = await marking(line, seats=5)
    level = dict(zip(codes, levels, strict=True))
    marks = [
        MarkInput(
            code=sheet.code,
            seat=sheet.seat,
            aspect=aspect.id,
            value=f"{(level[sheet.code] - strict * (sheet.seat == 'J1')) / 10:.1f}",
        )
        for sheet in await sheet_queries.sheets_of(line.ledger)
        for aspect in ASPECTS
    ]
    async with write_transaction():
        await record_marks_within(ledger=line.ledger, marks=marks, by=SYSTEM, at=AT, reason="试")
    return line, codes


async def a_computed_event(**parts):
    line, codes = await a_marked_event(**parts)
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    return await planning.event(line.id), codes


async def a_counted_event(*values, rule_set="rural-national"):
    """One judge, one aspect of a hundred points."""
    line = await an_event(entries=len(values), rule_set=rule_set)
    codes = await marking(line)
    await mark(line, dict(zip(codes, values, strict=True)))
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    return await planning.event(line.id), codes


async def shown(tmp_path, line, page, duty=Duty.CHIEF_JUDGE, lang=""):
    async with a_visit(tmp_path, await an_official(line, duty)) as visitor:
        return await visitor.get(f"/desk/events/{line.id}/{page}{lang}")


class TestWhoMayLook:
    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("duty", [Duty.MARKING_JUDGE, Duty.EXAMINER])
    async def test_is_no_judge_who_marks(self, sqlite_database, tmp_path, page, duty):
        line, _ = await a_marked_event()

        assert (await shown(tmp_path, line, page, duty)).status_code in {403, 404}

    @pytest.mark.parametrize("page", ["robustness", "fairness"])
    async def test_is_not_the_organizer(self, sqlite_database, tmp_path, page):
        line, _ = await a_marked_event()

        assert (await shown(tmp_path, line, page, Duty.ORGANIZER)).status_code in {403, 404}

    async def test_sees_the_tabs_that_are_open_to_them(self, sqlite_database, tmp_path):
        line, _ = await a_computed_event()

        chief = await shown(tmp_path, line, "results")
        organizer = await shown(tmp_path, line, "results", Duty.ORGANIZER)

        assert all(f"/desk/events/{line.id}/{page}" in chief.text for page in PAGES)
        assert f"/desk/events/{line.id}/analysis" in organizer.text
        assert f"/desk/events/{line.id}/robustness" not in organizer.text

    @pytest.mark.parametrize("page", PAGES)
    async def test_never_reads_a_name_before_unsealing(self, sqlite_database, tmp_path, page):
        line, _ = await a_computed_event()

        text = (await shown(tmp_path, line, page)).text

        assert not [word for word in ("甲镇", "乙镇", "裁判二") if word in text]


class TestRobustness:
    @pytest.mark.usefixtures("database")
    async def test_says_in_a_sentence_that_awards_are_firm(self, tmp_path):
        line, _ = await a_computed_event()

        found = await shown(tmp_path, line, "robustness")

        assert "没有一种会改变奖项" in found.text
        assert "会怎样变" not in found.text

    async def test_lists_who_gains_and_who_loses_by_code(self, sqlite_database, tmp_path):
        line, codes = await a_counted_event("90", "89", "70")

        found = await shown(tmp_path, line, "robustness")

        assert re.search(r"试了 \d+ 种变化，有 \d+ 种会改变奖项", found.text)
        assert f"{codes[0]}的一个打分" in found.text
        assert f'<span class="code">{codes[1]}</span> 银牌 → 金牌' in found.text

    async def test_tries_once_what_does_not_change(self, sqlite_database):
        line, _ = await a_computed_event()
        result = await results.latest(line.id)
        assert result is not None

        first = await weighing.robustness(line, result)

        assert first is not None
        assert await weighing.robustness(line, result) is first
        assert first.tried[TrialKind.JUDGE] == 5

    async def test_keeps_no_more_than_it_needs(self, sqlite_database, monkeypatch):
        monkeypatch.setattr(weighing, "KEPT", 0)
        monkeypatch.setattr(weighing, "_kept", OrderedDict())
        line, _ = await a_computed_event()
        result = await results.latest(line.id)
        assert result is not None

        assert await weighing.robustness(line, result) is None
        assert weighing._running == {}

    async def test_asks_for_patience_where_it_takes_long(
        self, sqlite_database, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(weighing, "PATIENCE", 0)
        monkeypatch.setattr(weighing, "_kept", OrderedDict())
        line, _ = await a_computed_event()

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            asked = await visitor.get(f"/desk/events/{line.id}/robustness")
            during = (await visitor.get(f"/desk/events/{line.id}/robustness/progress")).json()
            await background.settle()
            after = (await visitor.get(f"/desk/events/{line.id}/robustness/progress")).json()
            found = await visitor.get(f"/desk/events/{line.id}/robustness")

        assert "正在逐个试" in asked.text
        assert "正在试第 1 类变化，共 3 类" in during["words"]
        assert (during["is_over"], after["is_over"]) == (False, True)
        assert "没有一种会改变奖项" in found.text

    async def test_says_where_trials_came_to_no_end(self, sqlite_database, tmp_path, monkeypatch):
        monkeypatch.setattr(weighing, "_kept", OrderedDict())
        line, _ = await a_computed_event()

        stopped = await shown(tmp_path, line, "robustness/progress")

        assert "没有试完" in stopped.json()["words"]

    async def test_waits_for_the_count_and_for_awards(self, sqlite_database, tmp_path):
        line, _ = await a_marked_event()

        assert "计算成绩之后才能试" in (await shown(tmp_path, line, "robustness")).text

    async def test_has_nothing_to_try_without_awards(self, sqlite_database, tmp_path):
        line, _ = await a_counted_event("10", "20", rule_set="theory-only")

        assert "本赛项没有奖项" in (await shown(tmp_path, line, "robustness")).text


class TestFairness:
    @pytest.mark.usefixtures("database")
    async def test_is_there_while_marking_and_says_who_is_strict(self, tmp_path):
        line, _ = await a_marked_event(strict=5)

        found = await shown(tmp_path, line, "fairness")

        assert "J1 比评委平均低 4.0 个百分点，偏严最多" in found.text
        assert "没有裁判前后明显变宽或变严" in found.text
        assert found.text.count(CHART) == 2
        assert "解密之后才计算" in found.text

    async def test_says_too_few_instead_of_guessing(self, sqlite_database, tmp_path):
        line, _ = await a_marked_event(levels=(90,))

        found = await shown(tmp_path, line, "fairness")

        assert "样本不足" in found.text
        assert CHART not in found.text

    async def test_says_so_before_the_first_mark(self, sqlite_database, tmp_path):
        line = await an_event()

        found = await shown(tmp_path, line, "fairness")

        assert "至少有三名裁判打分以后" in found.text

    async def test_speaks_english(self, sqlite_database, tmp_path):
        line, _ = await a_marked_event(strict=5)

        found = await shown(tmp_path, line, "fairness", lang="?lang=en")

        assert "J1 lies 4.0 percentage points below" in found.text

    @pytest.mark.usefixtures("database")
    async def test_reads_values_in_the_order_of_marking(self):
        line, codes = await a_marked_event(levels=(90, 80))
        async with write_transaction():
            again = MarkInput(code=codes[0], seat="J1", aspect="P0", value="7")
            await record_marks_within(
                ledger=line.ledger, marks=[again], by=SYSTEM, at=AT, reason="改"
            )

        found = await moments_of(line.ledger)

        assert [item.moment for item in found] == list(range(50))
        assert (found[-1].code, found[-1].seat, found[-1].value_e4) == (codes[0], "J1", 70_000)

    async def test_tells_home_from_away_only_once_the_codes_are_open(self, sqlite_database):
        """All delegations of the test are of one county: to a judge of theirs, all is home."""
        line, _ = await a_computed_event()
        seat = next(item for item in await scoring.seats(line.id) if item.seat == "J2")
        home, *_ = await registration.delegations(line.competition_id)
        await Judge.update({Judge.delegation: home.id}).where(Judge.id == seat.judge_id)

        sealed, titles = await judging.given_marks(line)
        await unseal(line)
        opened, _ = await judging.given_marks(await planning.event(line.id))

        assert titles["P0"] == "外观0"
        assert {one.is_home for one in sealed} == {None}
        assert {(one.judge, one.is_home) for one in opened} == {
            *((f"J{at}", None) for at in (1, 3, 4, 5)),
            ("J2", True),
        }
        assert all(item.home is None for item in judge_lines(opened))


class TestAnalysis:
    async def test_shows_three_charts_with_a_table_each(self, sqlite_database, tmp_path):
        line, _ = await a_computed_event()

        found = await shown(tmp_path, line, "analysis", Duty.AUDITOR)

        assert found.text.count(CHART) == found.text.count("<table>") == 3
        assert "最难的是“外观0”，平均只得到 75.0%" in found.text
        assert "样本不足" in found.text

    async def test_waits_for_the_count(self, sqlite_database, tmp_path):
        line, _ = await a_marked_event()

        assert "计算成绩之后才有分析" in (await shown(tmp_path, line, "analysis")).text


class TestSeats:
    def test_tell_a_stand_in_from_the_seats_own_judge(self):
        own = [MarkMoment("P", code, "J2", 7, 80_000, at) for at, code in enumerate("123")]
        other = MarkMoment("P", "4", "J2", 9, 80_000, 3)

        assert judging.names_of([other, *own]) == {("J2", 7): "J2", ("J2", 9): "J2 顶替"}
