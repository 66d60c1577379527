"""Sections of a standard: weights of 100, marks within five points of them."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from competitions.rules.scheme import (
    SchemeAspect,
    SchemeFacts,
    SchemeModule,
    SchemeSection,
    digest,
    document_of,
)
from competitions.rules.scheme_checks import faults
from competitions.rules.scheme_parts import Place, place_of
from competitions.rules.sections import given, points, section_faults, section_warnings, whole_of

ONE = SchemeAspect("A1", "points", "组织", "40", section="1")
TWO = SchemeAspect("A2", "points", "制作", "60", section="2")
GATE = SchemeAspect("G", "gate", "安全", zeroes=("A1",))


def a_standard(one="40", two="60"):
    return SchemeSection("1", "工作组织", one), SchemeSection("2", "制作", two)


def a_scheme(*aspects, sections=None, weight=""):
    chosen = a_standard() if sections is None else sections
    return SchemeFacts((SchemeModule("A", "实操", weight, aspects or (ONE, TWO)),), chosen)


def places(scheme):
    return [place_of(problem) for problem in section_faults(scheme)]


class TestSections:
    @pytest.mark.parametrize(
        ("scheme", "found"),
        [
            (a_scheme(), []),
            (a_scheme(sections=a_standard("45", "55")), []),
            (
                a_scheme(sections=a_standard("46", "54")),
                [Place("section", "1", "weight"), Place("section", "2", "weight")],
            ),
            (a_scheme(sections=a_standard("40", "59")), [Place("scheme")]),
            (a_scheme(ONE, replace(TWO, max="59")), [Place("scheme")]),
            (
                a_scheme(sections=(*a_standard(), SchemeSection("2", "再", "0"))),
                [
                    Place("section", "2", "id"),
                    Place("section", "2", "weight"),
                    Place("section", "2", "weight"),
                ],
            ),
            (
                a_scheme(sections=a_standard("x", "100")),
                [
                    Place("section", "1", "weight"),
                    Place("section", "1", "weight"),
                    Place("section", "2", "weight"),
                ],
            ),
            (
                a_scheme(ONE, replace(TWO, section="9")),
                [Place("aspect", "A2", "section"), Place("section", "2", "weight")],
            ),
            (a_scheme(ONE, TWO, sections=()),
             [Place("aspect", "A1", "section"), Place("aspect", "A2", "section")]),
        ],
    )  # fmt: skip
    def test_are_compared_with_the_standard(self, scheme, found):
        assert sorted(places(scheme)) == sorted(found)

    def test_count_a_module_at_its_weight(self):
        halved = (replace(ONE, max="10", section="1"), replace(TWO, max="10", section=""))
        scheme = a_scheme(*halved, weight="80")

        assert given(scheme) == {"1": Fraction(40), "": Fraction(40)}

    def test_give_nothing_where_a_module_gives_nothing(self):
        assert given(a_scheme(GATE)) == {"": Fraction(0)}

    def test_may_be_left_unsaid_with_a_warning(self):
        scheme = a_scheme(ONE, replace(TWO, section=""), GATE)

        assert [place_of(item) for item in section_warnings(scheme)] == [
            Place("aspect", "A2", "section")
        ]
        assert list(section_warnings(a_scheme(replace(ONE, section=""), sections=()))) == []

    @drawn(st.lists(st.integers(1, 400_000), min_size=1, max_size=8))
    def test_share_out_what_the_scheme_gives(self, marks):
        aspects = [
            SchemeAspect(
                f"A{n}", "points", "项", points(Fraction(mark, 10_000)), section=str(n % 3)
            )
            for n, mark in enumerate(marks)
        ]
        scheme = a_scheme(*aspects, weight="70")

        assert sum(given(scheme).values()) == whole_of(scheme) == 70

    def test_are_written_as_people_read_points(self):
        assert [points(Fraction(1, 3)), points(Fraction(1, 4)), points(Fraction(3))] == [
            "0.33",
            "0.25",
            "3",
        ]


class TestDocument:
    def test_leaves_out_what_schemes_learned_to_say_later(self):
        plain = SchemeFacts((SchemeModule("A", "实操", "", (SchemeAspect("A1", "points", "分"),)),))

        document = document_of(plain)

        assert set(document) == {"modules"}
        assert set(document["modules"][0]["aspects"][0]) == {
            "id", "kind", "title", "max", "factor", "criterion", "hint", "unit", "decimals",
            "descriptors", "calculation", "zeroes",
        }  # fmt: skip
        assert digest(document) == (
            "46c14e47baa1fac900c5801d9337417c24064e8c437ba122e1dd67c88e4d71f9"
        )

    def test_says_it_where_it_is_said(self):
        document = document_of(a_scheme(replace(ONE, sub_criterion="备料", day="1")))

        assert document["sections"][0] == {"id": "1", "name": "工作组织", "weight": "40"}
        assert document["modules"][0]["aspects"][0]["sub_criterion"] == "备料"
        assert "requirement" not in document["modules"][0]["aspects"][0]

    def test_a_scheme_with_a_standard_is_ready(self):
        assert faults(a_scheme()) == []
