"""Worksheets of any layout, found by what their cells say, with formulas and merged cells."""

from collections.abc import Sequence
from typing import Any

import msgspec

from app.documents import workbook_reader
from app.documents.limited_reader import Found, Frame, Order, plain_title


class Sheet(msgspec.Struct, frozen=True):
    """A worksheet as it is: cleaned texts in their places, formulas by address, merged ranges.

    `header` is the row of the first landmarks, counted from zero; -1 where only the name fits.
    """

    name: str
    header: int
    cells: list[list[Any]]
    formulas: dict[str, str]
    merges: list[tuple[int, int, int, int]]


async def landmarked(content: bytes, name: str, landmarks: Sequence[str]) -> Sheet | None:
    """Return the worksheet of a name, or else the first with the landmarks; None for neither."""
    order = Order(is_grid=True, sheet=plain_title(name), landmarks=list(landmarks))
    first: list[Found] = []
    rows: list[list[Any]] = []

    def take(frame: Found | Frame) -> None:
        if isinstance(frame, Found):
            first.append(frame)
        else:
            rows.extend(map(list, zip(*frame.columns, strict=True)))

    await workbook_reader.read(content, order, take)
    found = first[0]
    if not found.sheet:
        return None
    return Sheet(found.sheet, found.header, rows, found.formulas, found.merges)
