"""Everything that is wrong with a rule set is said at once, each at its place."""

import json

import pytest

from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_sets import NATIONAL, PRESETS, WORLDSKILLS, read_rule_set


def wrong(path, value, document=NATIONAL):
    """What is said where one value stands in a document."""
    changed = json.loads(json.dumps(document))
    part = changed
    for name in path[:-1]:
        part = part[name]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    found = read_rule_set(changed)
    return [] if isinstance(found, RuleSet) else [(item.where, item.text) for item in found]


class TestShape:
    @pytest.mark.parametrize("code", PRESETS)
    def test_is_right_in_every_preset(self, code):
        assert isinstance(read_rule_set(PRESETS[code][1]), RuleSet)

    @pytest.mark.parametrize(
        ("path", "value", "where", "text"),
        [
            (("extra",), 1, "rule_set.extra", "没有这一项"),
            (("total",), None, "rule_set.total", "缺少这一项"),
            (("panel",), 3, "rule_set.panel", "应是一组有名称的值"),
            (("panel", "drop_highest"), -1, "rule_set.panel.drop_highest", "应不小于 0"),
            (("panel", "drop_highest"), 10**12, "rule_set.panel.drop_highest", "应小于 1000"),
            (("panel", "drop_lowest"), "1", "rule_set.panel.drop_lowest", "应是整数"),
            (("total", "round", "decimals"), 13, "rule_set.total.round.decimals", "应小于 13"),
            (("total", "round", "mode"), "up", "rule_set.total.round.mode", "不在可选的值中"),
            (("module", "round"), "never", "rule_set.module.round", "不在可选的值中"),
            (("module", "round"), 2, "rule_set.module.round", "格式不符：Expected"),
            (("scale", "kind"), "x", "rule_set.scale.kind", "应是 none / worldskills 之一"),
            (("scale", "centre"), 700, "rule_set.scale.centre", "没有这一项"),
            (("awards", "tiers", 3, "to"), 0.5, "rule_set.awards.tiers[3].to", "应是文字"),
            (("awards", "tiers", 0, "label"), "", "rule_set.awards.tiers[0].label", "不能为空"),
            (("awards", "tiers"), {}, "rule_set.awards.tiers", "格式不符：Expected"),
            (("id",), "a/b", "rule_set.id", "编号应是不超过 40 个字、不含斜线的文字"),
            (("id",), "长" * 41, "rule_set.id", "编号应是不超过 40 个字、不含斜线的文字"),
            (("id",), " a", "rule_set.id", "编号应是不超过 40 个字、不含斜线的文字"),
            (("awards", "tiers", 0, "label"), " ", "rule_set.awards.tiers[0].label", "奖项名称应"),
            (("ranking", "by"), "scale", "rule_set.ranking.by", "按换算分排名，却没有换算"),
        ],
    )  # fmt: skip
    def test_names_what_is_wrong_and_where(self, path, value, where, text):
        found = wrong(path, value)

        assert len(found) == 1
        assert found[0][0] == where
        assert found[0][1].startswith(text)

    def test_takes_numbers_as_text_or_whole(self):
        assert wrong(("scale", "centre"), "700.5", WORLDSKILLS) == []
        assert wrong(("scale", "centre"), [], WORLDSKILLS) == [
            ("rule_set.scale.centre", "应是数字")
        ]

    def test_keeps_as_many_rows_as_one_reads(self):
        tier = {"label": "奖", "basis": "rank", "to": 1}
        key = {"key": "deductions", "order": "ascending"}
        many = [("awards", "tiers"), [tier] * 41], [("ranking", "tie_break"), [key] * 41]

        assert [wrong(path, rows) for path, rows in many] == [
            [("rule_set.awards.tiers", "奖项太多，最多 40 档")],
            [("rule_set.ranking.tie_break", "并列判据太多，最多 40 条")],
        ]

    def test_lists_every_fault_of_a_document(self):
        document = json.loads(json.dumps(NATIONAL)) | {
            "extra": 1,
            "ranking": {"by": "x", "tie_break": [{}, 3]},
        }
        document["panel"]["drop_highest"] = "x"

        found = read_rule_set(document)

        assert isinstance(found, list)
        assert {item.where for item in found} == {
            "rule_set.extra",
            "rule_set.panel.drop_highest",
            "rule_set.ranking.by",
            "rule_set.ranking.ties",
            "rule_set.ranking.tie_break[0].key",
            "rule_set.ranking.tie_break[1]",
        }

    @pytest.mark.parametrize("document", [None, [], "x", 3])
    def test_is_refused_where_it_is_no_object(self, document):
        found = read_rule_set(document)

        assert isinstance(found, list)
        assert [item.where for item in found] == ["rule_set"]
