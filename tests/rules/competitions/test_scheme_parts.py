"""What may be wrong with one part of a scheme, each problem at its place."""

from dataclasses import replace

import pytest

from competitions.rules.reading import Problem
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule
from competitions.rules.scheme_checks import faults
from competitions.rules.scheme_ids import next_id
from competitions.rules.scheme_parts import Place, part_warnings, place_of

POINTS = SchemeAspect("A1", "points", "试卷", "100")
JUDGED = SchemeAspect("J", "judgement", "外观", "10", descriptors=("差", "可", "良", "优"))
GATE = SchemeAspect("G", "gate", "安全", zeroes=("A1",))


def a_scheme(*aspects, name="实操"):
    return SchemeFacts((SchemeModule("A", name, "", aspects or (POINTS,)),))


def banded(*bands):
    written = [{"within": within, "mark": mark} for within, mark in bands]
    calculation = {"kind": "bands", "nominal": "100", "bands": written}
    return SchemeAspect("M", "measurement", "长", "2", calculation=calculation)


def places(scheme):
    return [place_of(problem) for problem in faults(scheme)]


class TestFaults:
    @pytest.mark.parametrize(
        ("scheme", "place"),
        [
            (SchemeFacts(), Place("scheme")),
            (a_scheme(name=""), Place("module", "A", "title")),
            (a_scheme(name="实\t操"), Place("module", "A", "title")),
            (a_scheme(replace(POINTS, id="A\x7f1")), Place("aspect", "A\x7f1", "id")),
            (
                SchemeFacts((SchemeModule("", "甲", "", (POINTS,)),)),
                Place("scheme"),
            ),
            (SchemeFacts((SchemeModule("A", "甲", "", (POINTS,)), SchemeModule("B", "乙"))),
             Place("module", "B", "title")),
            (a_scheme(replace(POINTS, id="")), Place("scheme")),
            (a_scheme(replace(POINTS, kind="dance")), Place("aspect", "A1", "kind")),
            (a_scheme(replace(POINTS, max="")), Place("aspect", "A1", "max")),
            (a_scheme(replace(POINTS, max="0")), Place("aspect", "A1", "max")),
            (a_scheme(replace(POINTS, title=" ")), Place("aspect", "A1", "title")),
            (a_scheme(POINTS, POINTS), Place("aspect", "A1", "id")),
            (a_scheme(POINTS, replace(GATE, zeroes=())), Place("aspect", "G", "zeroes")),
            (a_scheme(POINTS, replace(GATE, zeroes=("Z",))), Place("aspect", "G", "zeroes")),
            (a_scheme(POINTS, replace(GATE, zeroes=("G",))), Place("aspect", "G", "zeroes")),
            (a_scheme(replace(JUDGED, descriptors=("差",))), Place("aspect", "J", "descriptors")),
            (
                a_scheme(replace(JUDGED, descriptors=("差", " ", "良", "优"))),
                Place("aspect", "J", "descriptors"),
            ),
            (a_scheme(banded(("1", "2"), ("0.5", "1"))), Place("aspect", "M", "calculation")),
            (a_scheme(banded(("1", "3"))), Place("aspect", "M", "calculation")),
            (a_scheme(banded(("x", "1"))), Place("aspect", "M", "calculation")),
            (
                SchemeFacts((SchemeModule("A", "甲", "x", (POINTS,)),)),
                Place("module", "A", "weight"),
            ),
            (
                a_scheme(replace(banded(), calculation={"kind": "bands", "nominal": "1"})),
                Place("scheme"),
            ),
        ],
    )  # fmt: skip
    def test_say_where_they_are(self, scheme, place):
        assert places(scheme)[0] == place

    @pytest.mark.parametrize(
        "scheme",
        [a_scheme(POINTS, GATE), a_scheme(JUDGED), a_scheme(banded(("0.5", "2"), ("1", "1")))],
    )
    def test_of_sound_parts_are_none(self, scheme):
        assert faults(scheme) == []

    def test_have_a_place_for_a_word_that_is_no_field(self):
        assert place_of(Problem("x", "aspect 甲 乙", "")) == Place("aspect", "甲 乙", "title")
        assert place_of(Problem("x", "modules", "", {"name": "B"})) == Place("module", "B", "id")


class TestWarnings:
    def test_of_sound_parts_are_none(self):
        assert list(part_warnings(a_scheme(POINTS, GATE))) == []

    def test_point_at_modules_that_give_nothing(self):
        gate = replace(GATE, id="G2")
        scheme = SchemeFacts((*a_scheme().modules, SchemeModule("B", "安全", "", (gate,))))

        assert [place_of(item) for item in part_warnings(scheme)] == [Place("module", "B", "title")]

    def test_point_at_gates_of_gates_and_at_rewarded_errors(self):
        gates = a_scheme(POINTS, GATE, replace(GATE, id="H", zeroes=("G",)))
        bands = a_scheme(banded(("0.5", "1"), ("1", "2")))

        assert [place_of(item) for item in part_warnings(gates)] == [Place("aspect", "H", "zeroes")]
        assert [place_of(item) for item in part_warnings(bands)] == [
            Place("aspect", "M", "calculation")
        ]


class TestIdentifiers:
    @pytest.mark.parametrize(
        ("taken", "found"),
        [
            ((), "B1"),
            (("B1", "B9", "B10"), "B11"),
            (("A7", "BB3", "B-2", "B2x"), "B1"),
            (("B3",), "B4"),
        ],
    )
    def test_go_on_after_the_highest(self, taken, found):
        assert next_id("B", taken) == found
