"""Sixteen on the day (domain.md A1)."""

from datetime import date

import pytest

from assessments.rules.candidacy import TooYoung, refuse_too_young

DAY = date(2026, 12, 10)


@pytest.mark.parametrize("born", [date(2010, 12, 10), date(1950, 1, 1), None])
def test_lets_those_of_sixteen_apply(born):
    refuse_too_young(born, DAY)


def test_refuses_the_day_before_the_birthday():
    with pytest.raises(TooYoung) as refused:
        refuse_too_young(date(2010, 12, 11), DAY)
    assert refused.value.least == 16


def test_counts_a_leap_day_as_reached_in_march():
    with pytest.raises(TooYoung):
        refuse_too_young(date(2008, 2, 29), date(2024, 2, 28))
    refuse_too_young(date(2008, 2, 29), date(2024, 2, 29))
