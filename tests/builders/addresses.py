"""The table of addresses, as the golden file holds it, for tests that try every one of them."""

import re
from functools import cache

from tests.architecture import tree


@cache
def addresses(method: str = "") -> tuple[str, ...]:
    """Return every address that takes a method, or any; blanks stand in braces."""
    lines = (tree.ROOT / "tests" / "golden" / "routes.txt").read_text(encoding="utf-8").splitlines()
    parts = [line.split() for line in lines]
    return tuple(dict.fromkeys(part[0] for part in parts if not method or part[1] == method))


@cache
def _patterns(method: str) -> dict[str, re.Pattern[str]]:
    return {path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in addresses(method)}


def kind_of(path: str, method: str = "") -> str:
    """Return the address in the table that a path fits, a plain one before one with a blank."""
    fitting = [name for name, pattern in _patterns(method).items() if pattern.fullmatch(path)]
    return min(fitting, key=lambda name: name.count("{"), default=path)
