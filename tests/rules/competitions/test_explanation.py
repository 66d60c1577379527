"""Why am I fourth: every number of the walk is the counter's, every rule is named."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.points import shown
from competitions.rules.bundle import Bundle
from competitions.rules.counted import Counted
from competitions.rules.explanation import explain
from competitions.rules.reading import read
from competitions.rules.standings import count, to_json
from tests.builders.bundles import TWO, RandomBundle, a_bundle, a_field
from tests.builders.phrases import lines, said

GOLDEN = Path(__file__).parents[2] / "golden"


def counted(document, decided=()) -> Counted:
    bundle = read(document)
    assert isinstance(bundle, Bundle), bundle
    found = Counted.of(bundle, decided)
    assert isinstance(found, Counted), found
    return found


def explained(document, code="001", decided=()):
    found = explain(counted(document, decided), code)
    assert found is not None
    return found


def aspect(document, code="001", at=0):
    return explained(document, code).modules[0].aspects[at]


class TestEveryExplanation:
    @given(st.integers(0, 10**9))
    def test_ends_where_the_standings_end(self, seed):
        found = counted(RandomBundle(seed, is_sound=True).document())
        rules = found.counter.rules

        for line in count(found.bundle).lines:
            why = explain(found, line.code)
            if line.status != "competed":
                assert why is None
                continue
            assert why is not None
            assert line.total is not None
            assert (why.exact_total, why.item.scale, why.item.rank, why.award) == (
                line.total,
                line.scale,
                line.rank,
                line.award,
            )
            assert why.total.split(" ≈ ")[0] == shown(line.total, rules.total.round)
            told = to_json(line, rules)["modules"]
            assert {item.id: item.points.split(" ≈ ")[0] for item in why.modules} == told

    @given(st.integers(0, 10**9))
    def test_shows_the_value_of_each_last_step_as_it_was_counted(self, seed):
        found = counted(RandomBundle(seed, is_sound=True).document())

        for item in found.ranked:
            why = explain(found, item.entry.code)
            assert why is not None
            for module, points in zip(why.modules, item.entry.modules, strict=True):
                assert value(module.steps[-1].value) == points
            marks = [part for module in why.modules for part in module.aspects]
            for part, mark in zip(marks, item.entry.aspects, strict=True):
                if part.kind != "gate":
                    assert value(part.steps[-1].value) == value(part.mark) == Fraction(*mark)
            assert value(why.total_steps[-1].value) == item.entry.total

    @given(st.integers(0, 10**9))
    def test_names_the_award_that_was_given_last(self, seed):
        found = counted(RandomBundle(seed, is_sound=True).document())

        for item in found.ranked:
            why = explain(found, item.entry.code)
            assert why is not None
            last = said(why.award_steps[-1].how)
            assert last.endswith("在内") == (why.award is not None)
            assert "不在内" not in last

    def test_has_no_word_for_who_is_not_there(self):
        assert explain(counted(a_field([80, 90])), "999") is None


def value(text: str) -> Fraction:
    return Fraction(text.split(" ≈ ", maxsplit=1)[0])


class TestThePublishedExample:
    def test_walks_from_marks_to_the_award(self, golden):
        document = json.loads((GOLDEN / "bundle-rural.json").read_bytes())
        why = explained(document, "001")
        parts = [
            *(
                line
                for module in why.modules
                for line in (
                    f"== {module.name} {module.points}",
                    *(
                        f"{part.id}: {line}"
                        for part in module.aspects
                        for line in lines(part.steps)
                    ),
                    *lines(module.steps),
                )
            ),
            *lines(why.total_steps),
            *lines(why.scale_steps),
            *lines(why.rank_steps),
            *lines(why.award_steps),
        ]

        golden("explanation-rural.txt", "\n".join(parts) + "\n")


class TestMarks:
    def test_strike_out_what_the_panel_dropped(self):
        panel = {"drop_highest": 1, "drop_lowest": 1, "min_remaining": 1, "round": TWO}
        marks = [("P", "001", f"J{at}", v) for at, v in enumerate(["7", "8", "8", "9"], 1)]

        found = aspect(
            a_bundle(
                {"id": "P", "kind": "panel", "max": "10", "factor": "0.5"},
                marks=[*marks, ("P", "001", "J5", "missing")],
                rules={"panel": panel, "factored": {"round": TWO}},
            )
        )

        assert [(one.judge, one.value, one.is_dropped) for one in found.values] == [
            ("J1", "7", True),
            ("J2", "8", False),
            ("J3", "8", False),
            ("J4", "9", True),
            ("J5", "", False),
        ]
        assert (found.most, found.mark) == ("5", "4")
        assert lines(found.steps) == [
            "2 个分数的平均 | 8 | 去掉 1 个最高分、1 个最低分，其余取平均，保留 2 位小数，四舍五入",
            "平均分舍入 | 8.00",
            "乘以系数 0.5 | 4",
            "乘系数后舍入 | 4.00 | 乘系数后保留 2 位小数，四舍五入",
        ]

    @pytest.mark.parametrize(
        ("calculation", "value", "line"),
        [
            (None, "1.5", "直接记分 | 1.5"),
            ({"kind": "yes_no"}, "1", "达到要求 | 2 | 达到得满分 2，否则 0 分"),
            ({"kind": "yes_no"}, "0", "没有达到要求 | 0 | 达到得满分 2，否则 0 分"),
            (
                {"kind": "deduct", "per_error": "0.25"},
                "3",
                "3 个错误 | 1.25 | 满分 2，每个错误扣 0.25，扣完为止",
            ),
            (
                {"kind": "bands", "nominal": "100", "bands": [{"within": "0.5", "mark": "2"}]},
                "100.4",
                "测得 100.4 | 2 | 标准值 100，±0.5 以内得 2，再远 0 分",
            ),
        ],
    )
    def test_say_how_they_were_worked_out(self, calculation, value, line):
        part = {"id": "B", "kind": "measurement", "max": "2"}
        part |= {"calculation": calculation} if calculation else {}

        found = aspect(a_bundle(part, marks=[("B", "001", "J1", value)]))

        assert lines(found.steps) == [line]

    def test_say_which_gate_took_them(self):
        gate = {"id": "G", "kind": "gate", "zeroes": ["B"]}
        part = {"id": "B", "kind": "points", "max": "9"}
        document = a_bundle(gate, part, marks=[("G", "001", "J1", "0"), ("B", "001", "J1", "8")])

        assert lines(aspect(document).steps) == ["没有达到要求 | 没有达到要求时，B计 0 分"]
        assert lines(aspect(document, at=1).steps) == ["G没有达到要求，本项计 0 分 | 0"]

    def test_say_what_was_not_attempted_and_rounded(self):
        part = {"id": "B", "kind": "judgement", "max": "1"}
        marks = [("B", "001", f"J{at}", "2") for at in range(3)] + [
            ("B", "002", "J1", "not_attempted")
        ]
        document = a_bundle(part, marks=marks, rules={"aspect": {"round": TWO}})

        assert lines(aspect(document).steps)[-1] == (
            "评分点舍入 | 0.67 | 评分点得分保留 2 位小数，四舍五入"
        )
        assert lines(aspect(document, "002").steps) == ["未做，计 0 分 | 0"]


class TestModules:
    def test_say_weight_and_deductions_down_to_nothing(self):
        document = a_field(
            [10, 40],
            module={"weight": "20"},
            deductions=[{"code": "001", "module": "A", "points": "3"}],
        )

        assert lines(explained(document).modules[0].steps) == [
            "各评分点相加 | 10",
            "按权重折算 | 200/99999 ≈ 0.0020 | 本模块占 20 分，评分点满分合计 99999",
            "违规扣 3 分 | 0 | 扣分从模块得分中扣，扣到 0 分为止",
        ]

    def test_say_so_where_a_module_counts_for_nothing(self):
        document = a_field([10, 40], module={"weight": "0"})

        assert lines(explained(document).modules[0].steps) == [
            "各评分点相加 | 10",
            "按权重折算 | 0 | 本模块占 0 分，评分点满分合计 99999",
        ]


KEYS = [
    {"key": "time", "module": "A", "order": "ascending"},
    {"key": "time", "module": "A", "order": "descending"},
    {"key": "module", "module": "A", "order": "descending"},
    {"key": "module", "module": "A", "order": "ascending"},
    {"key": "aspect", "aspect": "A1", "order": "descending"},
    {"key": "aspect", "aspect": "A1", "order": "ascending"},
    {"key": "deductions", "order": "ascending"},
    {"key": "deductions", "order": "descending"},
]


def ranked_by(*keys, ties="shared"):
    return {"ranking": {"by": "total", "tie_break": list(keys), "ties": ties}}


class TestRank:
    def test_is_set_between_its_neighbors(self):
        found = lines(explained(a_field([90, 80, 70]), "002").rank_steps)

        assert found == [
            "3 名参赛，按总分排名 | 按总分从高到低排名",
            "前面是第 1 名 001：90，高于本人的 80",
            "后面是第 3 名 003：70，低于本人的 80",
        ]

    def test_names_the_key_that_parts_equals(self):
        times = [
            {"code": "001", "module": "A", "seconds": 9310},
            {"code": "002", "module": "A", "seconds": 9120},
        ]
        document = a_field([80, 80, 80], rules=ranked_by(KEYS[0]), times=times)

        assert lines(explained(document, "002").rank_steps)[1] == (
            "后面是第 2 名 001：同为 80，但实操用时（少的在前）是 2:35:10，"
            "本人是 2:32:00，所以本人在前"
        )
        assert lines(explained(document, "003").rank_steps)[1] == (
            "前面是第 2 名 001：同为 80，但实操用时（少的在前）是 2:35:10，本人是 没有记录"
        )

    def test_names_every_key_that_may_part(self):
        rule = lines(explained(a_field([80], rules=ranked_by(*KEYS))).rank_steps)[0]

        assert "实操用时（少的在前）、实操用时（多的在前）、实操得分（高的在前）" in rule
        assert "A1得分（高的在前）、A1得分（低的在前）、扣分（少的在前）、扣分（多的在前）" in rule

    def test_parts_by_points_and_deductions_too(self):
        document = a_bundle(
            {"id": "A1", "kind": "points", "max": "100"},
            marks=[("A1", "001", "J1", "81"), ("A1", "002", "J1", "80")],
            deductions=[{"code": "001", "module": "A", "points": "1"}],
            rules=ranked_by(KEYS[2], KEYS[6]),
        )
        by_aspect = document | {
            "rule_set": document["rule_set"] | ranked_by(KEYS[4]),
        }

        assert lines(explained(document).rank_steps)[1] == (
            "前面是第 1 名 002：同为 80，但扣分（少的在前）是 0，本人是 1"
        )
        assert "A1得分（高的在前）是 80，本人是 81" in lines(explained(by_aspect).rank_steps)[1]

    def test_tells_a_shared_from_an_undecided_and_a_decided_place(self):
        shared = explained(a_field([80, 80]))
        forbidden = a_field([80, 80], rules=ranked_by(ties="forbidden"))
        undecided = explained(forbidden)
        decided = explained(forbidden, decided=[["002", "001"]])

        assert lines(shared.rank_steps)[1].startswith("与 002 完全相同，并列第 1 名")
        assert lines(undecided.rank_steps)[1].startswith("与 002 完全相同，名次待裁判长裁定")
        assert lines(undecided.award_steps) == ["名次裁定之后才有奖项"]
        assert lines(decided.rank_steps)[1].startswith("与 002 完全相同，由裁判长裁定先后")

    def test_goes_by_the_scale_where_the_rule_set_has_one(self):
        rules = {
            "scale": {"kind": "worldskills", "centre": 700, "spread": 30},
            "ranking": {"by": "scale", "ties": "shared"},
        }
        why = explained(a_field([90, 80, 60], rules=rules))

        assert lines(why.scale_steps)[:2] == [
            "参赛者总分的中位数 | 80",
            "各人离中位数多远的中位数 | 10",
        ]
        assert why.scale_steps[2].value == "720"
        assert lines(why.rank_steps)[1] == "后面是第 2 名 002：700，低于本人的 720"


def tiered(*tiers):
    return {"awards": {"kind": "tiers", "tiers": list(tiers)}}


class TestAward:
    def test_says_why_not_the_better_one(self):
        rules = tiered(
            {"label": "一", "basis": "rank", "to": 1},
            {"label": "二", "basis": "percent_of_field", "to": "50", "round": "up"},
            {"label": "三", "basis": "fraction_of_field", "to": "4/5", "round": "down"},
            {"label": "优", "basis": "score", "from": "60", "min_score": "50"},
            {"label": "大", "basis": "rank", "to": 9, "field_at_least": 9},
        )
        document = a_field([95, 90, 85, 80, 65, 40], rules=rules)

        assert lines(explained(document, "001").award_steps) == ["一：第 1 名在内 | 一取到第 1 名"]
        assert lines(explained(document, "005").award_steps) == [
            "一：第 5 名不在内 | 一取到第 1 名",
            "二：取到第 4 名，第 5 名不在内 | 二取参赛名额的 50%，进位到整数，接着前一奖项往下取",
            "三：取到第 4 名，第 5 名不在内 | 三取到参赛名额的 4/5，舍去小数",
            "优：达到分数线，在内 | 优从 60 分起，不低于 50 分",
        ]
        assert lines(explained(document, "006").award_steps)[3:] == [
            "优：要达到 60 分，本人 40 分，没有达到 | 优从 60 分起，不低于 50 分",
            "大：参赛不足 9 名，不设 | 大取到第 9 名",
            "没有奖项",
        ]
        assert lines(explained(a_field([9])).award_steps) == ["评分规则没有设奖"]

    def test_says_how_far_a_medal_reached(self):
        rules = {"awards": {"kind": "worldskills", "tie_threshold": 2, "medallion_from": "50"}}
        document = a_field([90, 89, 80, 60, 40], rules=rules)
        tau = "与本奖牌第一人相差不超过 2 分的都得本奖牌"

        assert lines(explained(document, "005").award_steps) == [
            f"金牌：88 分以上，本人 40，没有达到 | {tau}",
            f"银牌：金牌有 2 枚、银牌有 0 枚，不再设 | {tau}",
            f"铜牌：78 分以上，本人 40，没有达到 | {tau}",
            "优胜奖：50 分以上，本人 40，没有达到 | 没有奖牌、达到 50 分的得优胜奖",
            "没有奖项",
        ]
        assert lines(explained(document, "002").award_steps) == [
            f"金牌：88 分以上，本人 89，在内 | {tau}"
        ]


class TestCounted:
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda bundle: bundle["entries"].append(bundle["entries"][0]),
            lambda bundle: bundle["marks"].append(bundle["marks"][0]),
            lambda bundle: bundle["marks"].pop(),
        ],
    )
    def test_lists_what_keeps_a_bundle_from_counting(self, spoil):
        document = a_field([80, 90])
        spoil(document)
        bundle = read(document)
        assert isinstance(bundle, Bundle)

        assert isinstance(Counted.of(bundle), list)
