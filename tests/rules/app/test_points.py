"""Exact points: reading, rounding, writing."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.points import e4_of, on_one_scale, rounded, rounder, shown, whole
from competitions.rules.rule_set import Rounding


def to(decimals, mode="half_up"):
    return Rounding(decimals, mode)


class TestReading:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("0", 0),
            ("8.25", 82_500),
            ("0.0001", 1),
            ("100", 1_000_000),
            ("-1.5", -15_000),
            ("8.2500", 82_500),
            ("99999999.9999", 999_999_999_999),
            ("999999999999", 9_999_999_999_990_000),
        ],
    )
    def test_takes_plain_decimals(self, text, value):
        assert e4_of(text) == value

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "",
                " 1",
                "1 ",
                "+1",
                "1.",
                ".5",
                "01",
                "1e3",
                "1E-2",
                "0x10",
                "1_000",
                "1,5",
                "1.00000",
            ),
            *("NaN", "Infinity", "-Infinity", "nan", "１", "٣", "1\n", "--1", "1.2.3", "½", "23/3"),
            *("1234567890123", "123456789.1234", "4" * 40, "0." + "1" * 40, "9" * 5000),
        ],
    )
    def test_refuses_everything_else(self, text):
        assert e4_of(text) is None

    @given(st.integers(-(10**12) + 1, 10**12 - 1))
    def test_reads_what_is_written(self, e4):
        assert e4_of(shown(Fraction(e4, 10_000), "exact")) == e4


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "half_up", "half_even", "down"),
        [
            ("2.345", "2.35", "2.34", "2.34"),
            ("2.355", "2.36", "2.36", "2.35"),
            ("2.3449", "2.34", "2.34", "2.34"),
            ("2.3451", "2.35", "2.35", "2.34"),
            ("0.005", "0.01", "0.00", "0.00"),
            ("-0.005", "0.00", "0.00", "0.00"),
            ("-2.349", "-2.35", "-2.35", "-2.34"),
            ("7", "7.00", "7.00", "7.00"),
        ],
    )
    def test_follows_the_mode(self, value, half_up, half_even, down):
        modes = [to(2), to(2, "half_even"), to(2, "down")]

        found = [shown(rounded(Fraction(value), rule), rule) for rule in modes]

        assert found == [half_up, half_even, down]

    def test_of_exact_changes_nothing(self):
        assert rounded(Fraction(23, 3), "exact") == Fraction(23, 3)
        assert rounder("exact")(46, 6) == (46, 6)

    def test_sees_the_exact_value_and_no_float(self):
        """2.675 is 2.67499999… as a float, and would round down."""
        assert shown(rounded(Fraction("2.675"), to(2)), to(2)) == "2.68"

    @given(st.fractions(), st.integers(0, 6), st.sampled_from(["half_up", "half_even", "down"]))
    def test_stays_within_a_unit_and_is_stable(self, value, decimals, mode):
        rule = to(decimals, mode)

        found = rounded(value, rule)

        assert abs(found - value) < Fraction(1, 10**decimals)
        assert rounded(found, rule) == found
        assert (10**decimals) % found.denominator == 0

    def test_of_places_may_also_go_up(self):
        assert [whole(Fraction(21, 10), mode) for mode in ("up", "down", "half_up")] == [3, 2, 2]


class TestWriting:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (Fraction(23, 3), "23/3"),
            (Fraction(-1, 3), "-1/3"),
            (Fraction(10), "10"),
            (Fraction(176, 10), "17.6"),
            (Fraction(1, 8), "0.125"),
            (Fraction(0), "0"),
            (Fraction(-5, 2), "-2.5"),
            (Fraction(1, 40), "0.025"),
        ],
    )
    def test_of_exact_values_is_as_short_as_it_goes(self, value, text):
        assert shown(value, "exact") == text

    def test_of_rounded_values_carries_the_decimals(self):
        assert shown(Fraction(176, 10), to(2)) == "17.60"
        assert shown(Fraction(17), to(0)) == "17"


class TestOneScale:
    @given(st.lists(st.fractions(), max_size=8))
    def test_keeps_order_and_proportions(self, values):
        found = on_one_scale(values)

        assert all(
            (one < other) == (mine < yours)
            for one, mine in zip(values, found, strict=True)
            for other, yours in zip(values, found, strict=True)
        )
