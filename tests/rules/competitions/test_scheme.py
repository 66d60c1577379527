"""Schemes and rule sets: ready for use, and what deserves a second look."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from app.demo.trades import TRADES, scheme_of
from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_sets import NATIONAL, PRESETS, field_panel, read_rule_set
from competitions.rules.scheme import (
    SchemeAspect,
    SchemeFacts,
    SchemeIncomplete,
    SchemeModule,
    digest,
    modules_document,
    modules_of,
)
from competitions.rules.scheme_checks import (
    cautions,
    faults,
    misfits,
    refuse_incomplete,
    warnings,
)
from competitions.rules.standings import standings
from tests.builders.bundles import a_field

STEPS = ("不合格", "合格", "良好", "优秀")
POINTS = SchemeAspect("A1", "points", "试卷", "100")


def a_scheme(*aspects, weight="", name="实操", more=()):
    return SchemeFacts((SchemeModule("A", name, weight, aspects or (POINTS,)), *more))


def codes(scheme):
    return [problem.code for problem in faults(scheme)]


def rules(**panel):
    found = read_rule_set(NATIONAL)
    assert isinstance(found, RuleSet)
    return replace_panel(found, panel)


def replace_panel(found, panel):
    return changed(found, panel=changed(found.panel, **panel))


class TestFaults:
    @pytest.mark.parametrize("trade", TRADES, ids=lambda trade: trade[0])
    def test_of_the_demonstration_are_none(self, trade):
        assert faults(scheme_of(trade)) == []

    @pytest.mark.parametrize(
        ("scheme", "found"),
        [
            (a_scheme(), []),
            (SchemeFacts(), ["scheme"]),
            (a_scheme(POINTS, POINTS), ["duplicate"]),
            (a_scheme(replace(POINTS, max="0")), ["number"]),
            (a_scheme(replace(POINTS, max="1e3")), ["number"]),
            (a_scheme(replace(POINTS, max="")), ["scheme"]),
            (a_scheme(replace(POINTS, kind="dance")), ["scheme"]),
            (a_scheme(replace(POINTS, title=" ")), ["scheme"]),
            (a_scheme(more=[SchemeModule("B", "空")]), ["scheme"]),
            (
                a_scheme(more=[SchemeModule("A", "重", "", (replace(POINTS, id="B1"),))]),
                ["duplicate"],
            ),
            (a_scheme(weight="80"), ["scheme"]),
            (
                a_scheme(
                    weight="80", more=[SchemeModule("B", "乙", "20", (replace(POINTS, id="B1"),))]
                ),
                [],
            ),
            (a_scheme(POINTS, SchemeAspect("G", "gate", "安全", zeroes=("Z",))), ["gate"]),
            (a_scheme(POINTS, SchemeAspect("G", "gate", "安全", zeroes=("A1",))), []),
            (a_scheme(POINTS, SchemeAspect("G", "gate", "安全")), ["scheme"]),
            (a_scheme(SchemeAspect("J", "judgement", "外观", "10")), ["scheme"]),
            (a_scheme(SchemeAspect("J", "judgement", "外观", "10", descriptors=STEPS)), []),
            (
                a_scheme(
                    SchemeAspect(
                        "M",
                        "measurement",
                        "长",
                        "2",
                        calculation={"kind": "deduct", "per_error": "x"},
                    )
                ),
                ["number"],
            ),
            (a_scheme(*(replace(POINTS, id=f"A{at}") for at in range(501))), ["scheme"]),
        ],
    )
    def test_are_found(self, scheme, found):
        assert codes(scheme) == found

    def test_refuse_with_the_first(self):
        with pytest.raises(SchemeIncomplete, match="权重合计应为 100，现为 80"):
            refuse_incomplete(a_scheme(weight="80"))


class TestWarnings:
    def said(self, scheme, *, judges=5, **panel):
        return [problem.text for problem in warnings(scheme, rules(**panel), judges=judges)]

    def test_of_a_sound_scheme_are_none(self):
        assert self.said(scheme_of(TRADES[0])) == []

    def test_look_at_the_share_of_theory(self):
        practice = SchemeModule("B", "实操", "69", (replace(POINTS, id="B1"),))
        few = a_scheme(weight="30", name="理论知识", more=[replace(practice, weight="70")])
        many = a_scheme(weight="31", name="理论知识", more=[practice])

        assert self.said(few) == []
        assert self.said(many) == ["理论占比超过 30%。"]

    def test_look_at_the_sum(self):
        assert self.said(a_scheme(replace(POINTS, max="90"))) == ["满分合计为 90，不是 100。"]

    @pytest.mark.parametrize(
        ("judges", "panel", "count"),
        [
            (5, {}, 0),
            (6, {}, 1),
            (6, {"drop_highest": 0, "drop_lowest": 0}, 0),
            (2, {"drop_highest": 0, "drop_lowest": 0}, 1),
            (5, {"drop_lowest": 0}, 1),
        ],
    )
    def test_look_at_the_panel(self, judges, panel, count):
        scheme = a_scheme(SchemeAspect("P", "panel", "外观", "100"))

        assert len(self.said(scheme, judges=judges, **panel)) == count

    def test_look_at_judgements_by_two(self):
        scheme = a_scheme(SchemeAspect("J", "judgement", "外观", "100", descriptors=STEPS))
        few = changed(rules(), judgement=changed(rules().judgement, min_judges=2))

        assert [problem.where for problem in warnings(scheme, few, judges=5)] == ["aspect J kind"]

    def test_look_at_how_many_criteria_worldskills_has(self):
        found = read_rule_set(PRESETS["worldskills"][1])
        assert isinstance(found, RuleSet)
        few = a_scheme()
        more = [
            SchemeModule(letter, letter, "", (SchemeAspect(f"{letter}1", "points", "分", "20"),))
            for letter in "BCDE"
        ]

        assert [problem.code for problem in warnings(few, found, judges=5)] == ["criteria"]
        assert warnings(a_scheme(replace(POINTS, max="20"), more=more), found, judges=5) == []


class TestMisfits:
    def test_are_tie_keys_that_name_nothing(self):
        key = {"key": "module", "module": "B", "order": "descending"}
        ranking = {"by": "total", "tie_break": [key], "ties": "shared"}
        found = read_rule_set(NATIONAL | {"ranking": ranking})
        assert isinstance(found, RuleSet)

        other = SchemeModule("B", "乙", "", (replace(POINTS, id="B1"),))
        assert [problem.code for problem in misfits(found, a_scheme())] == ["unknown"]
        assert misfits(found, a_scheme(more=[other])) == []


class TestCautions:
    def test_say_what_does_not_fit_and_what_deserves_a_second_look(self):
        key = {"key": "time", "module": "Z", "order": "ascending"}
        rule_set = NATIONAL | {"ranking": {"by": "total", "tie_break": [key], "ties": "shared"}}

        found = cautions(a_scheme(replace(POINTS, max="90")), rule_set, judges=5)

        assert [problem.text for problem in found] == ["没有模块 Z", "满分合计为 90，不是 100。"]

    def test_wait_until_scheme_and_rule_set_are_sound(self):
        assert cautions(SchemeFacts(), NATIONAL, judges=5) == []
        assert cautions(a_scheme(), {}, judges=5) == []


class TestRuleSets:
    @pytest.mark.parametrize("name", PRESETS)
    def test_that_are_ready_do_count(self, name):
        document = PRESETS[name][1]
        assert isinstance(read_rule_set(document), RuleSet)

        found = standings(a_field([90, 80, 70]) | {"rule_set": document})

        assert [line["rank"] for line in found["standings"]] == [1, 2, 3]
        assert found["standings"][0]["award"]

    def test_that_are_wrong_say_where(self):
        malformed = read_rule_set(NATIONAL | {"x": 1})
        wrong = read_rule_set(NATIONAL | {"ranking": {"by": "scale", "ties": "shared"}})

        assert isinstance(malformed, list)
        assert isinstance(wrong, list)
        assert [problem.code for problem in malformed] == ["malformed"]
        assert [problem.where for problem in wrong] == ["rule_set.ranking.by"]

    def test_say_how_many_judges_a_panel_needs(self):
        assert field_panel(NATIONAL) == 5


class TestDocument:
    SCHEME = a_scheme(
        SchemeAspect("G", "gate", "安全", zeroes=("A2",)),
        SchemeAspect("A2", "panel", "观感", "10", factor="0.8"),
        SchemeAspect("A3", "measurement", "偏差", "5", calculation={"kind": "yes_no"}),
        weight="80",
    )

    def test_says_what_is_computed_with_and_nothing_else(self):
        assert modules_document(self.SCHEME) == [
            {
                "id": "A",
                "name": "实操",
                "weight": "80",
                "aspects": [
                    {"id": "G", "kind": "gate", "zeroes": ["A2"]},
                    {"id": "A2", "kind": "panel", "max": "10", "factor": "0.8"},
                    {
                        "id": "A3",
                        "kind": "measurement",
                        "max": "5",
                        "calculation": {"kind": "yes_no"},
                    },
                ],
            }
        ]

    def test_is_read_by_the_calculator(self):
        [module] = modules_of(self.SCHEME)

        assert [aspect.id for aspect in module.aspects] == ["G", "A2", "A3"]

    def test_has_another_hash_for_another_scheme(self):
        document = {"modules": modules_document(self.SCHEME)}
        other = {"modules": modules_document(a_scheme(weight="80"))}

        assert digest(document) == digest({"modules": modules_document(self.SCHEME)})
        assert digest(document) != digest(other)

    def test_a_whole_scheme_is_refused_nothing(self):
        refuse_incomplete(scheme_of(TRADES[0]))
