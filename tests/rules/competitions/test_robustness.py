"""How firm the awards are: what is tried, and that a full recount says the same."""

from collections import Counter
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.points import E4
from competitions.rules.mark_moves import moves_of, units
from competitions.rules.phrases import plain
from competitions.rules.robustness import edges, joined, robustness, robustness_of
from competitions.rules.rule_set import Rounding
from competitions.rules.standings import standings
from competitions.rules.trials import AwardMove, Moved, TrialKind
from tests.builders.bundles import TWO, RandomBundle, a_bundle, a_field
from tests.rules.competitions.test_explanation import counted

FIRST = {
    "awards": {"kind": "tiers", "tiers": [{"label": "一", "basis": "rank", "to": 1}]},
}
SEEDS = st.integers(0, 10**9)


def tried(document, decided=()):
    return robustness(counted(document, decided))


def awards_of(document):
    found = standings(document)
    return None if found["problems"] else {one["code"]: one["award"] for one in found["standings"]}


def moves_between(before, after):
    return {
        AwardMove(code, award, after[code])
        for code, award in before.items()
        if award != after[code]
    }


def with_rounding(document, place, rounding):
    """The same event, rounded otherwise in one place."""
    other = deepcopy(document)
    other["rule_set"][place]["round"] = (
        rounding
        if isinstance(rounding, str)
        else {"decimals": rounding.decimals, "mode": rounding.mode}
    )
    return other


def without_judge(document, judge):
    """The same event without a judge wherever others marked too; one judge fewer is enough."""
    other = deepcopy(document)
    kinds = {one["id"]: one["kind"] for module in other["modules"] for one in module["aspects"]}
    cells = Counter(
        (one["aspect"], one["code"])
        for one in other["marks"]
        if kinds[one["aspect"]] in {"panel", "judgement"}
    )
    other["marks"] = [
        one
        for one in other["marks"]
        if one["judge"] != judge or cells[one["aspect"], one["code"]] < 2
    ]
    rules = other["rule_set"]
    rules["panel"]["min_remaining"] = max(1, rules["panel"]["min_remaining"] - 1)
    rules["judgement"]["min_judges"] = max(1, rules["judgement"].get("min_judges", 3) - 1)
    return other


def with_moved(document, code, moved):
    """The same event with one mark moved; what one value decides moves for all its judges."""
    other = deepcopy(document)
    kinds = {one["id"]: one["kind"] for module in other["modules"] for one in module["aspects"]}
    is_shared = kinds[moved.aspect] in {"panel", "judgement"}
    for one in other["marks"]:
        is_it = (one["aspect"], one["code"]) == (moved.aspect, code) and "value" in one
        if is_it and (one["judge"] == moved.judge or not is_shared):
            one["value"] = plain(moved.after_e4)
    return other


class TestEveryTrial:
    @settings(max_examples=25)
    @given(SEEDS)
    def test_is_what_a_full_recount_says(self, seed):
        document = RandomBundle(seed, is_sound=True).document()
        before = awards_of(document)

        for trial in tried(document).trials:
            if trial.kind is TrialKind.JUDGE:
                others = [without_judge(document, trial.judge)]
            elif trial.kind is TrialKind.ROUNDING:
                others = [with_rounding(document, trial.place, trial.rounding)]
            else:
                others = [with_moved(document, trial.code, one) for one in trial.examples]
            for other in others:
                after = awards_of(other)
                assert after is not None
                assert moves_between(before, after) == set(trial.moves)

    @settings(max_examples=25)
    @given(SEEDS)
    def test_leaves_out_nothing_that_would_change_an_award(self, seed):
        document = RandomBundle(seed, is_sound=True).document()
        before, found = awards_of(document), tried(document)
        known = {trial.judge for trial in found.trials if trial.kind is TrialKind.JUDGE}
        places = {
            (trial.place, trial.rounding)
            for trial in found.trials
            if trial.kind is TrialKind.ROUNDING
        }

        for judge in {one["judge"] for one in document["marks"]} - known:
            after = awards_of(without_judge(document, judge))
            assert after is None or after == before
        for place in ("panel", "factored", "aspect", "module", "total"):
            for rounding in ("exact", Rounding(2, "half_up"), Rounding(2, "half_even")):
                if (place, rounding) not in places:
                    assert awards_of(with_rounding(document, place, rounding)) == before


class TestFirmness:
    def test_is_told_where_everyone_lies_far_apart(self):
        found = tried(a_field([90, 60, 30], rules=FIRST))

        assert found.is_firm
        assert found.tried == {TrialKind.ROUNDING: 15, TrialKind.STEP: 6}
        assert found.refused == {}

    def test_is_the_same_from_a_document(self):
        document = a_field([90, 89, 30], rules=FIRST)

        assert robustness_of(document, ()) == tried(document)

    def test_is_the_same_kind_by_kind(self):
        document = a_field([90, 89, 30], rules=FIRST)

        parts = [robustness_of(document, (), (kind,)) for kind in TrialKind]

        assert joined(parts) == tried(document)

    def test_tries_those_at_the_edge_of_an_award(self):
        document = a_field([90, 80, 70, 60, 50, 40], rules=FIRST)

        assert edges(counted(document)) == ("001", "002", "003")
        assert edges(counted(a_field([90, 80]))) == ()

    def test_names_who_gains_and_who_loses_by_a_step(self):
        """Seconds of equals: one point up for the second, or down for the first, and both share."""
        document = a_field([90, 89, 30], rules=FIRST)

        up, down = [trial for trial in tried(document).trials if trial.kind is TrialKind.STEP][::-1]

        assert (down.code, down.is_up, down.count) == ("001", False, 1)
        assert down.examples == (Moved("A1", "J1", 90 * E4, 89 * E4),)
        assert down.moves == up.moves == (AwardMove("002", None, "一"),)
        assert (up.code, up.is_up) == ("002", True)

    def test_names_the_judge_without_whom_it_turns(self):
        part = {"id": "P", "kind": "panel", "max": "10"}
        given_marks = {"001": (9, 7, 7), "002": (7, 7.5, 8)}
        marks = [
            ("P", code, f"J{at}", str(value))
            for code, values in given_marks.items()
            for at, value in enumerate(values, 1)
        ]
        panel = {"drop_highest": 0, "drop_lowest": 0, "min_remaining": 3, "round": TWO}
        document = a_bundle(part, marks=marks, rules=FIRST | {"panel": panel})

        [trial] = [one for one in tried(document).trials if one.kind is TrialKind.JUDGE]

        assert trial.judge == "J1"
        assert trial.moves == (AwardMove("001", "一", None), AwardMove("002", None, "一"))

    def test_names_the_rounding_that_parts_or_joins(self):
        """7/3 and 2.33 are equal with two decimals and not exactly."""
        part = {"id": "P", "kind": "panel", "max": "10"}
        marks = [
            ("P", code, f"J{at}", value)
            for code, values in {"001": ("3", "2", "2"), "002": ("2.33",) * 3}.items()
            for at, value in enumerate(values, 1)
        ]
        document = a_bundle(part, marks=marks, rules=FIRST | {"total": {"round": TWO}})

        found = [
            (trial.place, trial.rounding, trial.moves)
            for trial in tried(document).trials
            if trial.kind is TrialKind.ROUNDING
        ]

        assert ("total", "exact", (AwardMove("002", "一", None),)) in found

    def test_counts_apart_what_the_rules_refuse(self):
        part = {"id": "B", "kind": "judgement", "max": "3"}
        marks = [
            ("B", code, f"J{at}", str(value))
            for code, values in {"001": (3, 3, 2), "002": (1, 1, 1)}.items()
            for at, value in enumerate(values, 1)
        ]
        document = a_bundle(part, marks=marks, rules=FIRST | {"judgement": {"max_spread": 1}})
        alone = deepcopy(document)
        alone["rule_set"]["panel"] |= {"drop_highest": 9}

        found = tried(document)

        assert found.refused == {TrialKind.STEP: 1}  # a 2 that falls to 1 beside a 3
        assert found.tried[TrialKind.JUDGE] == 3

    def test_tells_too_few_judges_from_a_change(self):
        part = {"id": "P", "kind": "panel", "max": "10"}
        marks = [("P", "001", f"J{at}", "9") for at in range(3)]
        panel = {"drop_highest": 1, "drop_lowest": 1, "min_remaining": 1, "round": TWO}
        document = a_bundle(part, marks=marks, rules=FIRST | {"panel": panel})

        assert tried(document).refused == {TrialKind.JUDGE: 3}

    def test_goes_by_what_was_decided(self):
        rules = FIRST | {"ranking": {"by": "total", "ties": "forbidden"}}
        found = tried(a_field([90, 90, 30], rules=rules), decided=[["002", "001"]])

        assert {trial.code for trial in found.trials} == {"001", "002"}


class TestSteps:
    @pytest.mark.parametrize(
        ("part", "value", "steps"),
        [
            ({"kind": "points", "max": "10"}, "9.5", ["9.6", "9.4"]),
            ({"kind": "points", "max": "10"}, "10", ["9"]),
            ({"kind": "points", "max": "10"}, "0", ["1"]),
            ({"kind": "measurement", "max": "2", "calculation": {"kind": "yes_no"}}, "1", ["0"]),
            (
                {
                    "kind": "measurement",
                    "max": "2",
                    "calculation": {"kind": "deduct", "per_error": "0.5"},
                },
                "1",
                ["0", "2"],
            ),
            *[
                (
                    {
                        "kind": "measurement",
                        "max": "2",
                        "calculation": {
                            "kind": "bands",
                            "nominal": "100",
                            "bands": [{"within": "1", "mark": "2"}, {"within": "2", "mark": "1"}],
                        },
                    },
                    value,
                    steps,
                )
                for value, steps in (
                    ("100", ["102"]),
                    ("98.5", ["101", "102.0001"]),
                    ("90", ["102"]),
                )
            ],
        ],
    )
    def test_go_by_the_kind_of_the_aspect(self, part, value, steps):
        document = a_bundle(
            {"id": "X"} | part,
            {"id": "Y", "kind": "points", "max": "99"},
            {"id": "G", "kind": "gate", "zeroes": ["Z"]},
            {"id": "Z", "kind": "points", "max": "9"},
            marks=[
                ("X", "001", "J1", value),
                ("X", "001", "J2", value),
                ("X", "002", "J1", "not_attempted"),
                *[(name, code, "J1", "0") for name in "YGZ" for code in ("001", "002")],
            ],
            rules=FIRST,
        )
        found = counted(document)

        moves = [one for one in moves_of(found, "001", units(found)) if one.number == 0]
        others = [one.number for one in moves_of(found, "002", units(found))]

        assert [plain(one.after_e4) for one in moves] == steps
        assert all(set(one.cell.values()) == {one.after_e4} for one in moves)
        assert set(others) == {1}  # neither what was not attempted, nor a gate, nor what it took
