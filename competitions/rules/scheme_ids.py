"""Identifiers of aspects: an aspect keeps its own for ever, and none is given twice."""

import re
from collections.abc import Iterable

NUMBERED = re.compile(r"(.*?)([0-9]{1,6})")


def next_id(head: str, taken: Iterable[str]) -> str:
    """Return the next identifier under a head: one more than the highest number there."""
    highest = 0
    for name in taken:
        found = NUMBERED.fullmatch(name)
        if found and found[1] == head:
            highest = max(highest, int(found[2]))
    return f"{head}{highest + 1}"


def head_of(name: str) -> str:
    """Return an identifier without the number at its end."""
    return re.sub(r"[0-9]+$", "", name)
