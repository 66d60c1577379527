"""Texts that can be written on paper: no control characters, and something to see."""

import re
from typing import Final

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
PASTED: Final = re.compile(r"\s*[\x01-\x1f\x7f-\x9f\u2028\u2029]\s*")
VISIBLE: Final = re.compile(r"[^\s\u200b-\u200f\u2060\ufeff]")


def is_writable(text: str) -> bool:
    """Tell whether a name can be read on paper: not blanks alone, and no control characters."""
    return not CONTROL.search(text) and VISIBLE.search(text) is not None


def one_line(text: str) -> str:
    """Return a text as one line: a blank for tabs and line breaks that were pasted in."""
    return PASTED.sub(" ", text).strip()
