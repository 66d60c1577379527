"""A rule set as the rule book says it."""

import re

import pytest

from competitions.rules.clause_changes import changes
from competitions.rules.phrases import Phrase
from competitions.rules.rule_book import clauses, rounding, tie_key
from competitions.rules.rule_brief import SOURCES, brief
from competitions.rules.rule_set import (
    AspectKey,
    DeductionsKey,
    ModuleKey,
    Rounding,
    RuleSet,
    TimeKey,
)
from competitions.rules.rule_sets import COUNTY, NATIONAL, PRESETS, PROVINCE, read_rule_set


def text(said):
    """A sentence with its blanks filled."""
    facts = {
        name: text(fact) if isinstance(fact, Phrase) else fact for name, fact in said.facts.items()
    }
    return said.says.format(**facts)  # fmt: skip


def book(document):
    rules = read_rule_set(document)
    assert isinstance(rules, RuleSet), rules
    return clauses(rules)


def said(document, key):
    return next(text(clause.said) for clause in book(document) if clause.key == key)


class TestRuleBook:
    @pytest.mark.parametrize("code", PRESETS)
    def test_fills_every_blank_and_names_each_clause_once(self, code):
        found = book(PRESETS[code][1])

        keys = [clause.key for clause in found]
        assert len(keys) == len(set(keys))
        for clause in found:
            assert re.fullmatch(r"[^{}]+。", text(clause.said))
            assert "{" not in clause.meaning.format(**clause.said.facts)

    def test_says_the_panel_with_the_judges_it_needs(self):
        assert (
            said(NATIONAL, "panel.drops") == "每个评分点去掉 1 个最高分和 1 个最低分，其余取平均。"
        )
        assert "至少要有 5 名评委" in said(NATIONAL, "panel.min_remaining")
        assert said(COUNTY, "panel.drops") == "每个评分点不去分，全部评委的分数取平均。"

    def test_says_ties_in_their_order(self):
        keys = [
            {"key": "time", "module": "B", "order": "ascending"},
            {"key": "module", "module": "B", "order": "descending"},
        ]
        document = NATIONAL | {"ranking": {"by": "total", "tie_break": keys, "ties": "shared"}}

        assert said(document, "ranking.tie_break.0") == "相同的，模块 B 用时少的在前。"
        assert said(document, "ranking.tie_break.1") == "仍相同的，模块 B 得分高的在前。"
        assert said(PROVINCE, "ranking.ties") == "不允许并列：仍相同的由裁判长书面裁定先后。"

    def test_says_each_tier_with_its_conditions(self):
        share = {"label": "银", "basis": "percent_of_field", "to": "20", "round": "up"}
        half = {"label": "铜", "basis": "fraction_of_field", "to": "1/2", "round": "down"}
        given = [
            {"label": "金", "basis": "rank", "to": 1, "field_at_least": 6, "min_score": "60"},
            share | {"min_score": 60},
            half | {"field_at_least": 3},
            {"label": "优", "basis": "score", "from": "60"},
        ]
        document = NATIONAL | {"awards": {"kind": "tiers", "tiers": given}}

        assert [said(document, f"awards.{place}") for place in range(4)] == [
            "金：到第 1 名为止；低于 60 分的不授，参赛不满 6 人的不设。",
            "银：接着往下取参赛人数的 20%，不足一人的进一；低于 60 分的不授。",
            "铜：往下取到参赛人数的 1/2，不足一人的舍去；参赛不满 3 人的不设。",
            "优：60 分以上（含）。",
        ]
        assert said(NATIONAL | {"awards": {"kind": "none"}}, "awards") == "不设奖项。"

    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            ("exact", "不舍入，按精确值计算"),
            (Rounding(2, "half_up"), "四舍五入到小数点后 2 位"),
            (Rounding(0, "half_even"), "四舍六入五成双到整数"),
            (Rounding(1, "down"), "舍去小数点后 1 位以后的部分"),
        ],
    )
    def test_says_roundings(self, rule, words):
        assert text(rounding(rule)) == words

    @pytest.mark.parametrize(
        ("key", "words"),
        [
            (TimeKey("B", "descending"), "模块 B 用时多的在前"),
            (ModuleKey("B", "ascending"), "模块 B 得分低的在前"),
            (AspectKey("B1", "descending"), "评分点 B1 得分高的在前"),
            (AspectKey("B1", "ascending"), "评分点 B1 得分低的在前"),
            (DeductionsKey("ascending"), "扣分少的在前"),
            (DeductionsKey("descending"), "扣分多的在前"),
        ],
    )
    def test_says_tie_keys(self, key, words):
        assert text(tie_key(key)) == words


class TestInShort:
    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("rural-national", "去 1 高 1 低；可以并列；4 档奖项：金牌 / 银牌 / 铜牌 / 优胜奖"),
            ("rural-province", "去 1 高 1 低；不许并列；3 档奖项：一等奖 / 二等奖 / 三等奖"),
            ("county-craft", "不去分；可以并列；4 档奖项：一等奖 / 二等奖 / 三等奖 / 优秀奖"),
            ("worldskills", "去 1 高 1 低；换算到 700 分；可以并列；奖牌分差 2"),
        ],
    )
    def test_tells_rule_sets_apart(self, code, words):
        rules = read_rule_set(PRESETS[code][1])
        assert isinstance(rules, RuleSet)

        assert "；".join(map(text, brief(rules))) == words

    def test_says_where_there_is_no_award(self):
        rules = read_rule_set(NATIONAL | {"awards": {"kind": "none"}})
        assert isinstance(rules, RuleSet)

        assert text(brief(rules)[-1]) == "不设奖"

    def test_gives_every_section_its_source(self):
        assert {clause.section for clause in book(NATIONAL)} == set(SOURCES)


class TestChanges:
    def test_are_none_between_equals(self):
        assert changes(book(NATIONAL), book(NATIONAL | {"id": "copy", "version": 9})) == []

    def test_name_what_was_changed_added_and_taken_out(self):
        found = {item.key: item for item in changes(book(NATIONAL), book(PROVINCE))}

        assert set(found) == {
            "ranking.tie_break.0",
            "ranking.ties",
            "awards.0",
            "awards.1",
            "awards.2",
            "awards.3",
        }
        assert found["ranking.tie_break.0"].before is None
        assert found["awards.3"].after is None
        assert found["awards.0"].before != found["awards.0"].after
