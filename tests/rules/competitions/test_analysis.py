"""What the marks tell of the tasks, by hand-worked examples."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.analysis import (
    AspectShare,
    Bin,
    ModuleShare,
    aspect_shares,
    distribution,
    module_shares,
)
from competitions.rules.averages import box, mean, median
from tests.builders.bundles import RandomBundle, a_bundle, a_field
from tests.rules.competitions.test_explanation import counted

totals = st.lists(st.fractions(0, 1000, max_denominator=100), max_size=40)


def a_bin(low, high, count):
    return Bin(Fraction(low), Fraction(high), count)


class TestAverages:
    def test_are_exact(self):
        third = Fraction(1, 3)

        assert mean([third, third, third]) == third
        assert median([Fraction(3), Fraction(1), Fraction(2)]) == 2
        assert median([Fraction(3), Fraction(1)]) == 2

    @pytest.mark.parametrize(
        ("values", "found"),
        [
            ([5], (5, 5, 5, 5, 5)),
            ([1, 2], (1, 1, Fraction(3, 2), 2, 2)),
            ([1, 2, 3, 4, 5], (1, Fraction(3, 2), 3, Fraction(9, 2), 5)),
            ([1, 2, 3, 4, 5, 6], (1, 2, Fraction(7, 2), 5, 6)),
        ],
    )
    def test_box_them_by_halves(self, values, found):
        assert box([Fraction(value) for value in reversed(values)]) == found


class TestDistribution:
    def test_sorts_into_round_bins(self):
        values = [Fraction(one) for one in ("62", "70", "71.5", "79.99", "80", "90")]

        assert distribution(values) == [
            a_bin(60, 65, 1),
            a_bin(65, 70, 0),
            a_bin(70, 75, 2),
            a_bin(75, 80, 1),
            a_bin(80, 85, 1),
            a_bin(85, 90, 0),
            a_bin(90, 95, 1),
        ]

    def test_has_one_bin_for_equals_and_none_for_nobody(self):
        assert [item.count for item in distribution([Fraction(80)] * 3)] == [3]
        assert distribution([]) == []

    @given(totals)
    def test_counts_everyone_once_in_at_most_ten_bins(self, values):
        bins = distribution(values)

        assert sum(item.count for item in bins) == len(values)
        assert len(bins) <= 10
        for item in bins:
            assert item.count == sum(item.low <= value < item.high for value in values)


class TestModules:
    def test_stand_as_shares_of_what_they_give(self):
        weighted = counted(a_field([50, 60, 90], module={"weight": "20"}))
        panel = {"id": "P", "kind": "panel", "max": "10", "factor": "2"}
        gate = {"id": "G", "kind": "gate", "zeroes": ["P"]}
        plain = counted(
            a_bundle(panel, gate, marks=[("P", "001", "J1", "5"), ("G", "001", "J1", "1")])
        )

        assert module_shares(weighted, "003") == [
            ModuleShare("A", "实操", Fraction(60, 99999), Fraction(90, 99999))
        ]
        assert module_shares(plain) == [ModuleShare("A", "实操", Fraction(1, 2))]
        assert module_shares(counted(a_field([]))) == []


class TestAspects:
    def test_stand_with_the_hardest_first(self):
        easy = {"id": "E", "kind": "points", "max": "10"}
        hard = {"id": "H", "kind": "panel", "max": "10", "factor": "0.5"}
        marks = [
            (name, f"{code:03d}", "J1", str(value))
            for code in range(9)
            for name, value in (("E", 9), ("H", code))
        ]
        gate = {"id": "G", "kind": "gate", "zeroes": ["E"]}
        gates = [("G", f"{code:03d}", "J1", "1") for code in range(9)]

        assert aspect_shares(counted(a_bundle(easy, hard, gate, marks=[*marks, *gates]))) == [
            AspectShare("H", "A", Fraction(4, 10), Fraction(6, 10)),
            AspectShare("E", "A", Fraction(9, 10), Fraction(0)),
        ]

    def test_do_not_compare_thirds_of_a_small_field(self):
        [found] = aspect_shares(counted(a_field([1, 2, 3, 4, 5, 6, 7, 8])))

        assert found.discrimination is None
        assert aspect_shares(counted(a_field([]))) == []

    @given(st.integers(0, 10**9))
    def test_lie_between_nothing_and_everything_where_nothing_is_rounded(self, seed):
        document = RandomBundle(seed, is_sound=True).document()
        for name in ("panel", "factored", "aspect"):
            document["rule_set"][name]["round"] = "exact"

        assert all(0 <= item.mean <= 1 for item in aspect_shares(counted(document)))
