"""Telephone numbers: mobiles and landlines as people write them."""

import pytest

from app.rules.phones import WrongPhone, checked_phone


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800138000", "13800138000"),
        (" 138 0013 8000 ", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("０８５１８５５５１２３４", "085185551234"),
        ("0851-85551234", "085185551234"),
        ("+86 138 0013 8000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("", ""),
    ],
)
def test_are_taken_as_digits(typed, number):
    assert checked_phone(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "12",
        "1380013800",
        "23800138000",
        "手机",
        "138001380001234",
        "+861",
        "+8523800138000",
        "1380013800⑧",
    ],
)
def test_are_refused_where_nobody_could_be_called(typed):
    with pytest.raises(WrongPhone):
        checked_phone(typed)
