"""One aspect, several judges."""

from fractions import Fraction
from statistics import mean

from hypothesis import given
from hypothesis import strategies as st

from app.rules.panel import judgement_share, spread, trimmed_mean

marks = st.lists(st.integers(0, 100_000), min_size=1, max_size=9)


class TestTrimmedMean:
    def test_drops_one_highest_and_one_lowest_of_five(self):
        """domain.md C6: five judges, the highest and the lowest go, the mean of three stays."""
        values = [82_500, 90_000, 70_000, 85_000, 86_000]

        assert Fraction(*trimmed_mean(values, 1, 1)) == Fraction("8.45")

    def test_drops_one_of_equals_only(self):
        assert Fraction(*trimmed_mean([90_000, 90_000, 80_000], 1, 0)) == Fraction("8.5")

    @given(marks)
    def test_without_drops_is_the_mean(self, values):
        assert Fraction(*trimmed_mean(values, 0, 0)) == mean(map(Fraction, values)) / 10_000

    @given(marks, st.integers(0, 3), st.integers(0, 3), st.randoms())
    def test_does_not_know_the_order_and_lies_among_the_values(self, values, high, low, luck):
        if high + low >= len(values):
            return
        mixed = luck.sample(values, len(values))

        found = Fraction(*trimmed_mean(values, high, low))

        assert found == Fraction(*trimmed_mean(mixed, high, low))
        assert min(values) <= found * 10_000 <= max(values)


class TestJudgement:
    def test_is_the_mean_over_three(self):
        assert Fraction(*judgement_share([10_000, 20_000, 20_000])) == Fraction(5, 9)

    def test_spreads_from_lowest_to_highest(self):
        assert spread([20_000, 0, 10_000]) == 20_000
