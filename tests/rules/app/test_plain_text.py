"""Names are one line of characters that can be written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.plain_text import is_writable, one_line


@pytest.mark.parametrize(
    ("pasted", "line"),
    [
        ("砌\t筑", "砌 筑"),
        ("砌 \r\n\t 筑\t", "砌 筑"),
        ("砌\u2028筑", "砌 筑"),
        ("张  三", "张  三"),
        ("砌　筑", "砌　筑"),
    ],
)
def test_what_was_pasted_in_becomes_one_blank(pasted, line):
    assert one_line(pasted) == line


@given(st.text(alphabet=st.characters(exclude_characters="\0")))
def test_every_line_can_be_written(text):
    line = one_line(text)

    assert one_line(line) == line
    assert is_writable(f"甲{line}")


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "甲\x00乙", "甲\t乙"])
def test_what_nobody_can_read_is_no_name(text):
    assert not is_writable(text)
