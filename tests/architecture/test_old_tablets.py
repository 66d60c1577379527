"""What tablets load keeps to Chrome 91, the oldest that the fitness test lets judge."""

import re

import pytest

from app.sheets.fitness import OLDEST_CHROME
from app.sheets.pages import FILES
from tests.architecture.tree import ROOT

STATIC = ROOT / "app" / "web" / "static"
YOUNGER = {
    "at, findLast, hasOwn": r"\.(?:at|findLast|findLastIndex|toSorted|with)\(|\bObject\.hasOwn\b",
    "structuredClone, randomUUID": r"\bstructuredClone\b|\brandomUUID\b",
    "static blocks": r"\bstatic \{",
    "AbortSignal.timeout": r"\bAbortSignal\.(?:timeout|any)\b",
    "has, layers, containers, nesting": r":has\(|@layer|@container|^\s*&",
    "younger units and colors": r"\d[dsl]v[hw]\b|\bcolor-mix\(|\boklch\(",
}


def test_the_floor_is_the_one_that_is_tested_here() -> None:
    assert OLDEST_CHROME == 91


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".js", ".css"))])
def test_asks_for_nothing_younger(name: str) -> None:
    text = (STATIC / name).read_text(encoding="utf-8")

    found = {feature: re.findall(pattern, text, re.M) for feature, pattern in YOUNGER.items()}

    assert {feature: places for feature, places in found.items() if places} == {}


def test_a_page_that_is_not_ready_takes_no_touch_where_inert_is_unknown() -> None:
    css = (STATIC / "tablet.css").read_text(encoding="utf-8")

    assert "[inert] { pointer-events: none; }" in css
