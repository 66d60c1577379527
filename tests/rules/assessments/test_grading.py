"""From examiners' marks to passed or not: the mean decides, 60 passes (domain.md A2, B5)."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules.grading import (
    ExaminersMissing,
    Grade,
    MarksMissing,
    Outcome,
    PassPolicy,
    PassRule,
    TaskMark,
    grade,
    shown,
)

WEIGHTS = {"1": 30, "2": 50, "3": 20}


def marks(*rows: tuple[float | None, ...]) -> list[TaskMark]:
    """One row an examiner, in the order of the tasks."""
    return [
        TaskMark(f"E{place}", task, None if points is None else Fraction(str(points)))
        for place, row in enumerate(rows, start=1)
        for task, points in zip(WEIGHTS, row, strict=True)
    ]


def graded(given_marks: list[TaskMark], policy: PassPolicy = PassPolicy.TOTAL) -> Grade:
    return grade("2611A001", given_marks, WEIGHTS, PassRule(60, 3, policy))


class TestScore:
    def test_is_the_mean_of_the_examiners_totals(self):
        found = graded(marks((20, 40, 15), (22, 41, 14), (21, 38, 16)))

        assert found.by_examiner == {"E1": 75, "E2": 77, "E3": 75}
        assert found.by_task == {"1": 21, "2": Fraction(119, 3), "3": 15}
        assert found.score == Fraction(227, 3)
        assert found.outcome is Outcome.PASSED

    @pytest.mark.parametrize(("last", "outcome"), [(10.1, Outcome.FAILED), (10.2, Outcome.PASSED)])
    def test_passes_at_sixty_and_not_below(self, last, outcome):
        # 59.9, 59.9 and 60.1 or 60.2: means of 59.9667 and exactly 60.
        found = graded(marks((20, 30, 9.9), (20, 30, 9.9), (20, 30, last)))

        assert found.outcome is outcome

    def test_is_exact_where_rounding_would_have_passed(self):
        found = graded(marks((20, 30, 10), (20, 30, 10), (20, 30, 9.99)))

        assert shown(found.score) == "60.00"
        assert found.score < 60
        assert found.outcome is Outcome.FAILED

    @given(
        st.lists(
            st.tuples(*(st.integers(0, weight) for weight in WEIGHTS.values())),
            min_size=3,
            max_size=5,
        )
    )
    def test_lies_between_the_examiners_and_ignores_their_order(self, rows):
        found = graded(marks(*rows))
        totals = [sum(row) for row in rows]

        assert min(totals) <= found.score <= max(totals)
        for order in list(permutations(rows))[:6]:
            assert graded(marks(*order)).score == found.score

    @given(st.integers(0, 100_00))
    def test_is_shown_with_two_decimals(self, hundredths):
        assert shown(Fraction(hundredths, 100)) == f"{hundredths / 100:.2f}"
        assert shown(Fraction(hundredths * 10 + 5, 1000)) == f"{(hundredths + 1) / 100:.2f}"


class TestEveryTask:
    def test_must_reach_its_share_where_the_specification_says_so(self):
        weak = marks((30, 50, 11), (30, 50, 12), (30, 50, 12))

        assert graded(weak).outcome is Outcome.PASSED
        assert graded(weak, PassPolicy.EVERY_TASK).outcome is Outcome.FAILED

    def test_is_enough_at_exactly_its_share(self):
        even = marks(*[(18, 30, 12)] * 3)

        assert graded(even, PassPolicy.EVERY_TASK).outcome is Outcome.PASSED

    def test_cannot_make_up_for_the_total(self):
        low = marks(*[(18, 30, 11.9)] * 3)

        assert graded(low, PassPolicy.EVERY_TASK).outcome is Outcome.FAILED


class TestIncomplete:
    def test_fewer_examiners_than_the_group_must_have(self):
        with pytest.raises(ExaminersMissing) as refused:
            graded(marks((20, 40, 15), (22, 41, 14)))

        assert (refused.value.found, refused.value.fewest) == (2, 3)

    def test_a_mark_that_was_not_given_is_no_zero(self):
        with pytest.raises(MarksMissing) as refused:
            graded(marks((20, 40, 15), (22, None, 14), (21, 38, None)))

        assert (refused.value.number, refused.value.count) == ("2611A001", 2)
