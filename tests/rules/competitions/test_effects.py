"""What a change does to every contestant."""

from copy import deepcopy
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.effects import counted, effects
from competitions.rules.reading import Problem, read
from competitions.rules.standings import standings
from tests.builders.bundles import RandomBundle, a_bundle, a_mark

TEN = {"id": "A1", "kind": "points", "max": "10"}
MORE = {"id": "A2", "kind": "points", "max": "10"}
GATE = {"id": "G1", "kind": "gate", "zeroes": ["A1"]}
MEDALS = {
    "kind": "tiers",
    "tiers": [{"label": "金牌", "basis": "rank", "to": 1}],
}


def of(document):
    bundle = read(document)
    assert not isinstance(bundle, Problem)
    return counted(bundle)


def a_field(*values, **parts):
    """Entries 001, 002, … with these values of A1."""
    marks = [("A1", f"{at:03d}", "J1", value) for at, value in enumerate(values, start=1)]
    return a_bundle(TEN, marks=marks, rules={"awards": MEDALS}, **parts)


class TestCounted:
    @given(st.integers(0, 10**6))
    def test_agrees_with_the_standings_where_everything_counts(self, seed):
        document = RandomBundle(seed, is_sound=True).document()
        wanted = standings(document)

        found = of(document)

        assert found.is_whole == (not wanted["problems"])
        if found.is_whole:
            assert list(found.lines) == wanted["standings"]

    @given(st.integers(0, 10**6), st.randoms(use_true_random=False))
    def test_counts_what_it_can_of_anything(self, seed, luck: Random):
        document = RandomBundle(seed).document()
        document["marks"] = [mark for mark in document["marks"] if luck.random() < 0.8]

        found = of(document)

        assert not found.problems
        assert {line["code"] for line in found.lines} == {
            entry["code"] for entry in document["entries"]
        }
        assert bool(found.gaps) == bool(standings(document)["problems"])

    def test_names_what_is_missing_and_what_does_not_fit(self):
        document = a_bundle(TEN, MORE, marks=[("A1", "001", "J1", "11"), ("A1", "002", "J1", "9")])

        found = of(document)

        assert [(gap.code, gap.aspect, gap.why.code) for gap in found.gaps] == [
            ("001", "A1", "value"),
            ("001", "A2", "incomplete"),
            ("002", "A2", "incomplete"),
        ]
        assert [(line["code"], line["total"]) for line in found.lines] == [
            ("002", "9"),
            ("001", "0"),
        ]

    def test_blames_no_aspect_for_another(self):
        found = of(a_bundle(TEN, MORE, marks=[("A1", "001", "J1", "11"), ("A2", "001", "J1", "5")]))

        assert [(gap.aspect, gap.why.code) for gap in found.gaps] == [("A1", "value")]
        assert found.lines[0]["total"] == "5"

    def test_misses_what_a_gate_that_is_left_out_no_longer_zeroes(self):
        twice = [("G1", "001", judge, "not_attempted") for judge in ("J1", "J2")]

        found = of(a_bundle(TEN, GATE, marks=twice))

        assert sorted(gap.aspect for gap in found.gaps) == ["A1", "G1"]
        assert found.lines[0]["total"] == "0"

    def test_takes_no_missing_gate_for_a_failed_one(self):
        found = of(a_bundle(TEN, GATE, marks=[("A1", "001", "J1", "9")]))

        assert [gap.aspect for gap in found.gaps] == ["G1"]
        assert found.lines[0]["total"] == "9"

    def test_ignores_marks_of_what_is_no_longer_there(self):
        document = a_field("9")
        document["marks"] += [a_mark("B9", "001", "J1", "5"), a_mark("A1", "999", "J1", "5")]

        found = of(document)

        assert found.is_whole
        assert found.lines[0]["total"] == "9"

    def test_leaves_who_did_not_compete_alone(self):
        document = a_field("9", codes="001 002")
        document["entries"][1]["status"] = "absent"

        found = of(document)

        assert found.is_whole
        assert [line["status"] for line in found.lines] == ["competed", "absent"]

    def test_counts_nobody_by_rules_that_contradict_themselves(self):
        document = a_field("9")
        document["rule_set"]["ranking"]["by"] = "scale"

        found = of(document)

        assert found.lines == ()
        assert [problem.code for problem in found.problems] == ["ranking"]
        assert not found.is_whole


class TestEffects:
    def test_are_none_where_nothing_changed(self):
        document = a_field("9", "8")

        found = effects(of(document), of(deepcopy(document)))

        assert [(item.code, item.weight) for item in found] == [("001", 0), ("002", 0)]

    def test_put_those_whose_award_changes_first(self):
        before, after = a_field("9", "8", "7"), a_field("9", "8", "7")
        after["rule_set"]["awards"] = {
            "kind": "tiers",
            "tiers": [{"label": "金牌", "basis": "rank", "to": 2}],
        }

        found = effects(of(before), of(after))

        assert [(item.code, item.weight) for item in found] == [("002", 3), ("001", 0), ("003", 0)]
        assert (found[0].before.award, found[0].after.award) == (None, "金牌")
        assert found[0].is_award_changed
        assert not found[0].is_rank_changed

    def test_take_medals_by_their_words(self):
        before, after = a_field("9", "8"), a_field("9", "8")
        after["rule_set"]["awards"] = {
            "kind": "worldskills",
            "tie_threshold": 0,
            "medallion_from": 99,
        }

        found = effects(of(before), of(after))

        assert [(item.code, item.is_award_changed) for item in found] == [
            ("002", True),
            ("001", False),
        ]

    def test_tell_ranks_from_points(self):
        before = a_bundle(
            TEN,
            MORE,
            marks=[
                ("A1", "001", "J1", "9"),
                ("A2", "001", "J1", "0"),
                ("A1", "002", "J1", "8"),
                ("A2", "002", "J1", "2"),
                ("A1", "003", "J1", "1"),
                ("A2", "003", "J1", "1"),
            ],
        )
        after = deepcopy(before)
        after["modules"][0]["aspects"] = [TEN]
        after["marks"] = [mark for mark in before["marks"] if mark["aspect"] == "A1"]

        found = effects(of(before), of(after))

        assert [(item.code, item.weight) for item in found] == [("001", 2), ("002", 2), ("003", 1)]

    def test_count_a_dispute_as_another_place(self):
        before, after = a_field("9", "9"), a_field("9", "9")
        after["rule_set"]["ranking"]["ties"] = "forbidden"

        found = effects(of(before), of(after))

        assert {item.weight for item in found} == {3}
        assert all(item.is_rank_changed for item in found)

    def test_say_how_much_is_missing_on_each_side(self):
        before = a_field("9", "8")
        after = deepcopy(before)
        after["modules"][0]["aspects"] = [TEN, MORE]

        found = effects(of(before), of(after))

        assert [(item.before.gaps, item.after.gaps) for item in found] == [(0, 1), (0, 1)]

    def test_are_of_those_who_compete_in_both(self):
        before, after = a_field("9", "8"), a_field("9", "8")
        after["entries"][1]["status"] = "withdrawn"

        assert [item.code for item in effects(of(before), of(after))] == ["001"]
        assert effects(of(a_field()), of(after)) == []
