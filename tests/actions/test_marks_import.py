"""Marks from a workbook are the marks that were typed, or are refused at their cell."""

import pytest

from app.documents.layouts import Row
from app.rules.actors import Scope
from competitions.scoring import importing
from tests.builders.events import AT, an_event, marking

pytestmark = pytest.mark.anyio


async def tell(_done: int, _all: int) -> None:
    """Take what the importer says of its progress."""


@pytest.mark.parametrize("typed", ["9.5①", "8²", "9½", "９．５①", "⒐5", "九"])
async def test_a_sign_beside_a_mark_never_becomes_a_digit_of_it(database, typed):
    row, found = await _checked(typed)

    assert found.good == []
    assert [problem.cell for problem in row.problems] == ["D2"]


@pytest.mark.parametrize(("typed", "value"), [("９．５", "9.5"), ("9.5", "9.5"), ("０", "0")])
async def test_a_mark_may_be_typed_in_full_width(database, typed, value):
    row, found = await _checked(typed)

    assert row.problems == []
    assert [item.value for item in found.good] == [value]


async def _checked(typed):
    line = await an_event(entries=1)
    [code] = await marking(line)
    texts = {"code": code, "seat": "J1", "aspect": "A1", "value": typed}
    letters = dict(zip(importing.LAYOUT.by_key, "ABCDE", strict=True))
    row = Row("评分记录", 2, texts, letters, importing.LAYOUT, [])
    found = await importing.IMPORTER.check(Scope("event", str(line.id)), [row], AT, tell)
    return row, found
