"""Spreadsheets as people fill them in: the template that a page offers, typed into by openpyxl."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from openpyxl import load_workbook

from app.web.clock import SHANGHAI, now

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHARACTERS = "10X98765432"


def filled(template: Path, rows: Iterable[Mapping[str, str]], name: str) -> Path:
    """Fill a template by its column titles and save it under another name beside it."""
    book = load_workbook(template)
    sheet = book.worksheets[0]
    places = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=2):
        for title, value in row.items():
            sheet.cell(number, places[title], value or None)
    path = template.with_name(name)
    book.save(path)
    return path


def resident_number(birth: str, order: int, region: str = "522632") -> str:
    """Make up a resident ID number with the right check character (GB 11643-1999)."""
    body = f"{region}{birth}{order:03d}"
    whole = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHARACTERS[whole % 11]


def day_from_now(days: int) -> str:
    """Write a day as a date field takes it."""
    return f"{now().astimezone(SHANGHAI) + timedelta(days=days):%Y-%m-%d}"
