"""What a marks bundle may not be (contracts.md §2): every refusal, each with its place."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.standings import problems_in, standings, standings_of
from tests.builders.bundles import RandomBundle, a_bundle, a_mark

POINTS = {"id": "A1", "kind": "points", "max": "100"}
PANEL = {"id": "P1", "kind": "panel", "max": "10"}


def whole():
    """A bundle that has everything there is."""
    return deepcopy(_whole())


def _whole():
    return a_bundle(
        POINTS,
        PANEL | {"factor": "0.8"},
        {"id": "J1", "kind": "judgement", "max": "3"},
        {
            "id": "M1",
            "kind": "measurement",
            "max": "2",
            "calculation": {
                "kind": "bands",
                "nominal": "1",
                "bands": [{"within": "1", "mark": "1"}],
            },
        },
        {"id": "G1", "kind": "gate", "zeroes": ["M1"]},
        marks=[
            ("A1", "001", "J1", "88"),
            *(("P1", "001", f"J{at}", "8") for at in range(1, 4)),
            *(("J1", "001", f"J{at}", "2") for at in range(1, 4)),
            ("M1", "001", "J1", "1"),
            ("G1", "001", "J1", "1"),
        ],
        module={"weight": "80"},
        rules={
            "scale": {"kind": "worldskills", "centre": 700, "spread": 30},
            "ranking": {
                "by": "total",
                "tie_break": [
                    {"key": "time", "module": "A", "order": "ascending"},
                    {"key": "deductions", "order": "ascending"},
                ],
                "ties": "shared",
            },
            "awards": {
                "kind": "tiers",
                "tiers": [
                    {"label": "金牌", "basis": "rank", "to": 1, "min_score": "1"},
                    {"label": "优", "basis": "percent_of_field", "to": "10", "round": "up"},
                    {"label": "良", "basis": "fraction_of_field", "to": "1/2", "round": "up"},
                    {"label": "中", "basis": "score", "from": "60"},
                ],
            },
        },
        deductions=[{"code": "001", "module": "A", "points": "0.5", "reason": "迟到"}],
        times=[{"code": "001", "module": "A", "seconds": 9120}],
        results=[{"code": "001", "total": "88.42", "scale": None, "rank": 1, "award": "金牌"}],
    )


def reach(document, path):
    for step in path[:-1]:
        document = document[step]
    return document, path[-1]


def codes_after(path, value):
    """The problems after one value was changed."""
    bundle = whole()
    place, name = reach(bundle, path)
    place[name] = value
    return [problem["code"] for problem in standings(bundle)["problems"]]


def places(found, path=()):
    """Every object of a document, with its path."""
    if isinstance(found, dict):
        yield path, found
        for name, value in found.items():
            yield from places(value, (*path, name))
    elif isinstance(found, list):
        for at, value in enumerate(found):
            yield from places(value, (*path, at))


OBJECTS = [path for path, _ in places(whole())]
KEYS = [(*path, name) for path, found in places(whole()) for name in found]
OPTIONAL = {
    "deductions",
    "times",
    "results",
    "weight",
    "factor",
    "delegation",
    "reason",
    "min_score",
    "tie_break",
    "calculation",
}


class TestWholeBundle:
    def test_counts(self):
        assert standings(whole())["problems"] == []

    @pytest.mark.parametrize("path", OBJECTS, ids=str)
    def test_refuses_an_unknown_key_anywhere(self, path):
        assert codes_after((*path, "x"), "y") == ["malformed"]

    @pytest.mark.parametrize("path", KEYS, ids=str)
    def test_needs_every_key_that_is_not_optional(self, path):
        bundle = whole()
        place, name = reach(bundle, path)
        del place[name]

        found = standings(bundle)["problems"]

        assert bool(found) is (name not in OPTIONAL)

    @pytest.mark.parametrize("path", KEYS, ids=str)
    @pytest.mark.parametrize("value", [1.5, True, [[]], {"x": {}}], ids=str)
    def test_refuses_what_has_the_wrong_kind(self, path, value):
        assert codes_after(path, value)

    @pytest.mark.parametrize("path", [path for path in KEYS if path[-1] != "delegation"], ids=str)
    def test_refuses_null_but_where_nothing_may_stand(self, path):
        may_be_null = path[0] == "results" and path[-1] in {"total", "scale", "rank", "award"}
        may_be_null |= path[-1] in {"reason", "min_score"}

        assert bool(codes_after(path, None)) is not may_be_null


NUMBERS = [
    ("modules", 0, "weight"),
    ("modules", 0, "aspects", 0, "max"),
    ("modules", 0, "aspects", 1, "factor"),
    ("modules", 0, "aspects", 3, "calculation", "nominal"),
    ("modules", 0, "aspects", 3, "calculation", "bands", 0, "within"),
    ("modules", 0, "aspects", 3, "calculation", "bands", 0, "mark"),
    ("marks", 0, "value"),
    ("deductions", 0, "points"),
    ("rule_set", "scale", "centre"),
    ("rule_set", "scale", "spread"),
    ("rule_set", "awards", "tiers", 0, "min_score"),
    ("rule_set", "awards", "tiers", 1, "to"),
    ("rule_set", "awards", "tiers", 3, "from"),
]
ILL_WRITTEN = [
    "",
    "NaN",
    "Infinity",
    "1e3",
    "1E-3",
    "+1",
    "1.",
    ".5",
    "01",
    "1,5",
    "1.00000",
    "4" * 40,
    "0x1",
    " 1",
    "１",
]


class TestNumbers:
    @pytest.mark.parametrize("path", NUMBERS, ids=str)
    @pytest.mark.parametrize("text", ILL_WRITTEN)
    def test_are_plain_decimals(self, path, text):
        assert codes_after(path, text)

    @pytest.mark.parametrize("path", [path for path in NUMBERS if path[0] != "rule_set"], ids=str)
    def test_are_never_bare(self, path):
        assert codes_after(path, 1) == ["malformed"]

    @pytest.mark.parametrize(
        "path",
        [path for path in NUMBERS if path[-1] not in {"nominal", "min_score", "from"}],
        ids=str,
    )
    def test_are_not_negative(self, path):
        assert codes_after(path, "-1")

    def test_of_marks_are_not_above_the_maximum(self):
        assert codes_after(("marks", 0, "value"), "100.0001") == ["value"]

    @pytest.mark.parametrize("name", ["max", "factor"])
    def test_of_a_scheme_are_not_0(self, name):
        assert codes_after(("modules", 0, "aspects", 1, name), "0")[0] == "number"

    def test_of_bands_are_not_above_the_maximum(self):
        path = ("modules", 0, "aspects", 3, "calculation", "bands", 0, "mark")

        assert codes_after(path, "2.1") == ["number"]

    @pytest.mark.parametrize("seconds", [-1, 10**12, 10**400])
    def test_of_seconds_are_whole_and_sane(self, seconds):
        assert codes_after(("times", 0, "seconds"), seconds) == ["malformed"]

    @pytest.mark.parametrize("share", ["100.01", "-1", "1e1", 101, 10**40])
    def test_of_percentages_are_plain_and_at_most_100(self, share):
        assert codes_after(("rule_set", "awards", "tiers", 1, "to"), share) == ["number"]

    @pytest.mark.parametrize("share", ["100", 100, "0", "12.5"])
    def test_of_percentages_stand_as_numbers_or_texts(self, share):
        assert codes_after(("rule_set", "awards", "tiers", 1, "to"), share) == []

    @pytest.mark.parametrize("text", ["1/0", "0/2", "3/2", "0.5", "1/2/3", "-1/2", "1 / 2", "½"])
    def test_of_fractions_are_parts_of_one(self, text):
        assert codes_after(("rule_set", "awards", "tiers", 2, "to"), text) == ["number"]


class TestRecords:
    def problems(self, **changes):
        return [problem["code"] for problem in standings(whole() | changes)["problems"]]

    @pytest.mark.parametrize("name", ["entries", "times", "results", "modules"])
    def test_stand_once(self, name):
        bundle = whole()
        bundle[name].append(deepcopy(bundle[name][0]))

        assert "duplicate" in [problem["code"] for problem in standings(bundle)["problems"]]

    def test_of_an_aspect_have_an_identifier_of_their_own(self):
        bundle = whole()
        bundle["modules"].append({"id": "B", "name": "乙", "aspects": [POINTS]})

        assert [problem["code"] for problem in standings(bundle)["problems"]] == ["duplicate"]

    @pytest.mark.parametrize("said", ["88", "87", "not_attempted"])
    def test_of_one_judge_stand_once(self, said):
        marks = [*whole()["marks"], a_mark("A1", "001", "J1", said)]

        assert self.problems(marks=marks) == ["duplicate"]

    @pytest.mark.parametrize(("aspect", "code"), [("Z9", "001"), ("A1", "999")])
    def test_name_what_is_there(self, aspect, code):
        assert self.problems(marks=[*whole()["marks"], a_mark(aspect, code, "J1", "1")]) == [
            "unknown"
        ]

    @pytest.mark.parametrize("name", ["deductions", "times", "results"])
    def test_beside_marks_name_what_is_there(self, name):
        bundle = whole()
        bundle[name][0]["code"] = "999"

        assert [problem["code"] for problem in standings(bundle)["problems"]] == ["unknown"]

    def test_need_a_value_or_a_state(self):
        assert codes_after(("marks", 0), {"aspect": "A1", "code": "001", "judge": "J1"}) == [
            "value"
        ]
        assert codes_after(("marks", 0, "state"), "missing") == ["value"]
        assert codes_after(("marks", 0, "state"), "marked") == ["malformed"]

    def test_have_a_value_or_a_state_also_where_the_value_is_an_old_acquaintance(self):
        """The panel's three values are the same text."""
        assert codes_after(("marks", 3, "state"), "missing") == ["value"]

    def test_of_who_did_not_compete_stand_and_do_not_count(self):
        """A disqualified entry's marks are part of the raw record."""
        bundle = whole()
        bundle["entries"].append({"code": "002", "status": "disqualified"})
        bundle["marks"].append(a_mark("A1", "002", "J1", "99"))

        found = standings(bundle)

        assert [line["code"] for line in found["standings"]] == ["001", "002"]
        assert found["standings"][1]["total"] is None

    def test_of_who_did_not_compete_are_still_records(self):
        bundle = whole()
        bundle["entries"].append({"code": "002", "status": "absent"})
        bundle["marks"].append(a_mark("A1", "002", "J1", "101"))

        assert [problem["code"] for problem in standings(bundle)["problems"]] == ["value"]

    def test_that_lack_are_all_listed(self):
        found = self.problems(marks=[])

        assert found == ["incomplete"] * 5

    @pytest.mark.parametrize("name", ["\n", " ", "\u3000", "\u200b", "a\u2028b", "\x00"])
    @pytest.mark.parametrize(
        "path", [("event", "name"), ("marks", 0, "judge"), ("entries", 0, "delegation")], ids=str
    )
    def test_have_names_that_can_be_written(self, path, name):
        assert codes_after(path, name) == ["malformed"]


class TestJson:
    def raw(self, text=None):
        return json.dumps(whole()) if text is None else text

    @pytest.mark.parametrize(
        "raw",
        [
            *(
                b"",
                b"{",
                b"null",
                b"[]",
                b'"x"',
                b"1",
                b"\xff\xfe",
                b"PK\x03\x04",
                b"{}x",
                b"[" * 100_000,
            ),
            b'{"a": NaN}',
            b'{"a": Infinity}',
            b'{"a": 1.5}',
            b'{"a": 1e5}',
            b'{"a": ' + b"9" * 5000 + b"}",
        ],
        ids=lambda raw: repr(raw[:12]),
    )
    def test_that_is_none_is_a_problem(self, raw):
        assert [problem["code"] for problem in standings_of(raw)["problems"]] == ["unreadable"]

    def test_of_another_shape_is_a_problem(self):
        assert [problem["code"] for problem in standings_of(b"{}")["problems"]] == ["malformed"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('"version": 1', '"version": 1, "version": 1'),
            ('"value": "88"', '"value": "88", "value": "99"'),
            ('"id": "e1"', '"id": "e1", "id": "e1"'),
        ],
    )
    def test_says_each_key_once(self, old, new):
        raw = self.raw().replace(old, new, 1).encode()

        assert [problem["code"] for problem in standings_of(raw)["problems"]] == ["unreadable"]

    def test_is_utf_8_without_a_mark_before_it(self):
        for raw in (self.raw().encode("utf-16"), b"\xef\xbb\xbf" + self.raw().encode()):
            assert [problem["code"] for problem in standings_of(raw)["problems"]] == ["unreadable"]

    def test_has_no_half_characters(self):
        raw = self.raw().replace('"plain"', '"\\ud800"').encode()

        assert [problem["code"] for problem in standings_of(raw)["problems"]] == ["unreadable"]
        assert not standings_of(self.raw().replace('"plain"', '"\\ud83d\\ude00"').encode())[
            "problems"
        ]

    @given(st.binary(max_size=60))
    def test_never_breaks_the_calculator(self, raw):
        assert standings_of(raw)["problems"]

    @given(
        st.integers(0, 500),
        st.integers(0, 10**9),
        st.sampled_from([None, "", "x", -1, [], {}, "1/3", "9" * 40]),
    )
    def test_of_any_damage_never_breaks_the_calculator(self, seed, at, value):
        document = RandomBundle(seed, is_sound=True).document()
        paths = [(*path, name) for path, found in places(document) for name in found]
        place, name = reach(document, paths[at % len(paths)])
        place[name] = value

        found = standings(document)

        assert bool(found["problems"]) != bool(found["standings"]) or not document["entries"]
        listed = [str(problem) for problem in problems_in(document)]
        assert listed == [problem["text"] for problem in found["problems"]]


class TestManyProblems:
    def test_are_listed_up_to_ten_thousand(self):
        bundle = a_bundle(POINTS, marks=[("A1", "001", f"J{at}", "101") for at in range(10_005)])

        found = standings(bundle)["problems"]

        assert len(found) == 10_001
        assert found[-1]["text"] == "另有 5 处"
