"""What differs between two schemes or two rule sets, in words."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.changes import calculation, scheme_changes
from competitions.rules.rule_changes import rule_set_changes
from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_sets import PRESETS
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule, SchemeSection
from tests.builders.bundles import a_rule_set
from tests.builders.phrases import said

FIRST = SchemeAspect("A1", "points", "成品", "60")
SECOND = SchemeAspect("A2", "judgement", "外观", "40", descriptors=("差", "中", "良", "优"))
GATE = SchemeAspect("G1", "gate", "安全", zeroes=("A1", "A2"))


def a_module(*aspects, id="A", name="实操", weight=""):
    return SchemeModule(id, name, weight, aspects)


def in_words(change):
    before, after = ("；".join(map(said, side)) for side in (change.before, change.after))
    return said(change.of), said(change.side), before, after


def changed(before, after):
    """Differences as (of, side, before, after), in Chinese."""
    schemes = (SchemeFacts(tuple(modules)) for modules in (before, after))
    return list(map(in_words, scheme_changes(*schemes)))


def differing(before=None, after=None):
    """Differences between two rule sets that differ in these parts."""
    rules = (msgspec.convert(a_rule_set(**(parts or {})), RuleSet) for parts in (before, after))
    return list(map(in_words, rule_set_changes(*rules)))


class TestSchemeChanges:
    def test_are_none_where_nothing_changed(self):
        assert changed([a_module(FIRST)], [a_module(FIRST)]) == []

    def test_name_modules(self):
        before = [a_module(FIRST, weight="100"), a_module(SECOND, id="B", name="理论")]
        after = [a_module(FIRST, name="制作"), a_module(SECOND, id="C", name="理论", weight="20")]

        assert changed(before, after) == [
            ("模块 A 制作", "名称", "实操", "制作"),
            ("模块 A 制作", "权重", "权重 100", "按满分直接相加"),
            ("模块 C 理论", "模块", "无", "权重 20"),
            ("模块 B 理论", "模块", "按满分直接相加", "无"),
            ("评分点 A2 外观", "所属模块", "B", "C"),
        ]

    def test_name_aspects_that_come_and_go(self):
        assert changed([a_module(FIRST, SECOND)], [a_module(FIRST, GATE)]) == [
            ("评分点 G1 安全", "评分点", "无", "否决项"),
            ("评分点 A2 外观", "评分点", "评判 0—3，满分 40", "无"),
        ]

    def test_name_every_side_of_an_aspect(self):
        other = replace(
            FIRST,
            kind="panel",
            title="成品质量",
            max="50",
            factor="0.5",
            criterion="质量",
            sub_criterion="表面",
            day="1",
            section="S1",
            requirement="平整",
            hint="看整体",
            unit="分",
            decimals=1,
            descriptors=("一", "二"),
            calculation={"kind": "yes_no"},
            zeroes=("A2",),
        )

        found = changed([a_module(FIRST)], [a_module(other)])

        assert {item[0] for item in found} == {"评分点 A1 成品质量"}
        assert [item[1:] for item in found] == [
            ("名称", "成品", "成品质量"),
            ("类型", "打分（一人）", "评委打分"),
            ("满分", "60", "50"),
            ("系数", "1", "0.5"),
            ("计算方式", "直接记分", "是否"),
            ("否决的评分点", "无", "A2"),
            ("各档描述", "无", "一；二"),
            ("小数位", "2", "1"),
            ("计量单位", "无", "分"),
            ("评分大项", "无", "质量"),
            ("评分子项", "无", "表面"),
            ("评分日", "无", "1"),
            ("标准板块", "无", "S1"),
            ("要求或标称尺寸", "无", "平整"),
            ("评分说明", "无", "看整体"),
        ]

    def test_name_another_order(self):
        assert changed([a_module(FIRST, SECOND)], [a_module(SECOND, FIRST)]) == [
            ("评分点", "次序", "A1、A2", "A2、A1")
        ]

    def test_name_the_sections_of_the_standard(self):
        section = SchemeSection("S1", "组织", "100")
        before = SchemeFacts((a_module(FIRST),))

        [change] = scheme_changes(before, replace(before, sections=(section,)))

        assert in_words(change) == ("标准板块", "权重", "无", "S1 组织 100")

    def test_say_how_a_measure_becomes_points(self):
        bands = [{"within": "0.5", "mark": "2"}, {"within": "1", "mark": "1"}]

        assert list(map(said, calculation({"kind": "deduct", "per_error": "0.25"}))) == [
            "每错扣 0.25"
        ]
        assert list(
            map(said, calculation({"kind": "bands", "nominal": "100", "bands": bands}))
        ) == ["标准 100", "±0.5 得 2", "±1 得 1"]

    @given(st.text(), st.text())
    def test_leave_what_people_wrote_as_it_is(self, before, after):
        found = changed(
            [a_module(replace(FIRST, hint=before))], [a_module(replace(FIRST, hint=after))]
        )

        assert [item[2:] for item in found] == (
            [] if before == after else [(before or "无", after or "无")]
        )


class TestRuleSetChanges:
    def test_are_none_where_nothing_changed(self):
        assert differing() == []

    def test_name_every_number(self):
        half = {"decimals": 1, "mode": "half_even"}
        found = differing(
            None,
            {
                "panel": {"drop_highest": 1, "drop_lowest": 2, "min_remaining": 3, "round": half},
                "factored": {"round": {"decimals": 2, "mode": "half_up"}},
                "aspect": {"round": {"decimals": 0, "mode": "down"}},
                "module": {"round": half},
                "total": {"round": half},
                "judgement": {"max_spread": 2, "min_judges": 4},
                "scale": {"kind": "worldskills", "centre": 700, "spread": 30},
                "ranking": {"by": "scale", "ties": "forbidden"},
            },
        )

        even = "保留 1 位小数，四舍六入五成双"
        assert found == [
            ("评委打分", "去掉最高分", "0 个", "1 个"),
            ("评委打分", "去掉最低分", "0 个", "2 个"),
            ("评委打分", "去分后至少剩", "1 个", "3 个"),
            ("舍入", "评委平均分", "不取舍", even),
            ("舍入", "乘系数之后", "不取舍", "保留 2 位小数，四舍五入"),
            ("舍入", "评分点", "不取舍", "保留 0 位小数，舍去尾数"),
            ("舍入", "模块", "不取舍", even),
            ("舍入", "总分", "不取舍", even),
            ("评判 0—3", "最大差距", "1", "2"),
            ("评判 0—3", "至少几人评判", "3 个", "4 个"),
            ("量表分", "换算", "不换算", "世界技能大赛量表，中心 700，幅度 30"),
            ("名次", "依据", "总分", "量表分"),
            ("名次", "仍相同时", "并列共享名次", "不允许并列，由裁判长裁定"),
        ]

    def test_name_the_keys_between_equals(self):
        keys = [
            {"key": "time", "module": "B", "order": "ascending"},
            {"key": "module", "module": "B", "order": "descending"},
            {"key": "aspect", "aspect": "B1", "order": "descending"},
            {"key": "deductions", "order": "ascending"},
        ]
        ranking = {"by": "total", "ties": "shared", "tie_break": keys}

        assert differing(None, {"ranking": ranking}) == [
            (
                "名次",
                "总分相同时",
                "无",
                "模块 B 用时，少者在前；模块 B 得分，多者在前；"
                "评分点 B1 得分，多者在前；扣分，少者在前",
            )
        ]

    @pytest.mark.parametrize(
        ("tier", "said"),
        [
            ({"basis": "rank", "to": 3}, "奖：到第 3 名"),
            ({"basis": "score", "from": "60"}, "奖：60 分起"),
            (
                {"basis": "percent_of_field", "to": "10", "round": "up", "min_score": "60"},
                "奖：参赛人数的 10%（进一），不低于 60 分",
            ),
            (
                {"basis": "fraction_of_field", "to": "1/2", "round": "down", "field_at_least": 6},
                "奖：到参赛人数的 1/2（舍去），至少 6 人参赛时",
            ),
        ],
    )
    def test_name_tiers(self, tier, said):
        awards = {"kind": "tiers", "tiers": [tier | {"label": "奖"}]}

        assert differing(None, {"awards": awards}) == [("奖项", "设奖", "无", said)]

    def test_name_medals(self):
        medals = {"kind": "worldskills", "tie_threshold": 2, "medallion_from": 700}

        [found] = differing(None, {"awards": medals})

        assert found[3] == "世界技能大赛奖牌，2 分以内并列，700 分起优胜奖"

    @given(st.sampled_from(sorted(PRESETS)), st.sampled_from(sorted(PRESETS)))
    def test_are_found_exactly_where_rules_differ(self, before, after):
        rules = [msgspec.convert(PRESETS[name][1], RuleSet) for name in (before, after)]
        nameless = [msgspec.structs.replace(item, id="", version=1) for item in rules]

        assert bool(rule_set_changes(*rules)) == (nameless[0] != nameless[1])
