"""Do the judges mark alike, by hand-worked examples; too few samples say nothing."""

from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.fairness import (
    CLOSE,
    FEWEST_AT_HOME,
    FEWEST_FOR_DRIFT,
    FEWEST_MARKS,
    AspectLine,
    Given,
    aspect_lines,
    judge_lines,
    loudest,
)

PERCENT = Fraction(1, 100)


def marks(judge, *percents, aspect="P", homes=()):
    """One judge's marks over codes 0, 1, 2 … in percent of the maximum, in this order."""
    return [
        Given(judge, str(at), aspect, value * PERCENT, at, at in homes if homes else None)
        for at, value in enumerate(percents)
    ]


def a_panel(first, times=FEWEST_MARKS, homes=()):
    """Three judges: the first gives what is said, the others 70 each time."""
    values = [first] * times if isinstance(first, int) else first
    return [
        *marks("J1", *values, homes=homes),
        *marks("J2", *([70] * len(values))),
        *marks("J3", *([70] * len(values))),
    ]


class TestSeverity:
    def test_is_the_distance_from_the_panels_mean(self):
        """64, 70, 70: the mean is 68, so J1 lies 4 below and the others 2 above."""
        first, second, third = judge_lines(a_panel(64))

        assert (first.judge, first.severity, first.spread) == ("J1", -4 * PERCENT, 4 * PERCENT)
        assert second.severity == third.severity == 2 * PERCENT
        assert first.box == (-4 * PERCENT,) * 5

    def test_says_nothing_below_its_samples(self):
        [line, *_] = judge_lines(a_panel(64, times=FEWEST_MARKS - 1))

        assert (line.marks, line.severity, line.spread, line.box) == (9, None, None, None)

    def test_needs_three_judges(self):
        assert judge_lines([*marks("J1", 60), *marks("J2", 70)]) == []

    @given(
        st.lists(st.tuples(*[st.integers(0, 100)] * 3), min_size=FEWEST_MARKS, max_size=20),
        st.integers(),
    )
    def test_sums_to_nothing_and_minds_no_order(self, cells, seed):
        given_marks = [
            one
            for judge, values in zip(("J1", "J2", "J3"), zip(*cells, strict=True), strict=True)
            for one in marks(judge, *values)
        ]
        mixed = list(given_marks)
        Random(seed).shuffle(mixed)

        lines = judge_lines(given_marks)

        assert sum(line.severity or 0 for line in lines) == 0
        assert judge_lines(mixed) == lines


class TestDrift:
    def test_is_the_last_third_less_the_first(self):
        """The first five at 70, then 73, then 76: J1 lies 0, 2 and 4 above the panel's mean."""
        line = judge_lines(a_panel([*[70] * 5, *[73] * 5, *[76] * 5]))[0]

        assert line.drift == 4 * PERCENT
        assert line.parts == tuple(
            value * PERCENT for value in (0, Fraction(2, 3), 2, Fraction(10, 3), 4)
        )

    def test_goes_by_the_order_of_marking(self):
        given_marks = a_panel([*[70] * 5, *[73] * 5, *[76] * 5])
        backwards = [
            Given(one.judge, one.code, one.aspect, one.share, -one.moment) for one in given_marks
        ]

        assert judge_lines(backwards)[0].drift == -4 * PERCENT

    def test_says_nothing_below_its_samples(self):
        line = judge_lines(a_panel(70, times=FEWEST_FOR_DRIFT - 1))[0]

        assert (line.drift, line.parts) == (None, ())


class TestHome:
    def test_sets_marks_at_home_beside_those_away(self):
        """At home 76 gives 4 above the mean, away 70 gives 0."""
        line = judge_lines(a_panel([*[76] * 5, *[70] * 5], homes=range(FEWEST_AT_HOME)))[0]

        assert (line.home_marks, line.home) == (5, 4 * PERCENT)

    def test_says_nothing_without_enough_of_each_kind(self):
        few = judge_lines(a_panel([76] * 10, homes=range(4)))[0]
        unknown = judge_lines(a_panel([76] * 10))[0]

        assert (few.home_marks, few.home) == (4, None)
        assert (unknown.home_marks, unknown.home) == (0, None)


class TestAspects:
    def test_stand_with_the_widest_first(self):
        given_marks = [
            *(
                one
                for judge, value in (("J1", 60), ("J2", 70), ("J3", 80))
                for one in marks(judge, value, value)
            ),
            *(one for judge in ("J1", "J2", "J3") for one in marks(judge, 50, aspect="Q")),
            *marks("J1", 1, aspect="alone"),
        ]

        assert aspect_lines(given_marks) == [
            AspectLine("P", 2, Fraction(1, 5)),
            AspectLine("Q", 1, Fraction(0)),
        ]


class TestLoudest:
    def test_is_whoever_lies_farthest_away(self):
        assert loudest([("J1", PERCENT), ("J2", -3 * PERCENT), ("J3", None)]) == (
            "J2",
            -3 * PERCENT,
        )

    def test_is_nobody_where_all_are_close_or_unknown(self):
        assert loudest([("J1", CLOSE / 2)]) is None
        assert loudest([("J1", None)]) is None
