"""WorldSkills marking-scheme workbooks as people keep them: any columns, any habits."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

SHEET = "CIS Marking Scheme Import"
KEYS = (
    "sub_id", "sub_name", "day", "kind", "title", "score", "extra", "requirement", "section",
    "calculation", "max",
)  # fmt: skip
HEADS = (
    "Sub\nCriterion\nID",
    "Sub Criterion\nName or Description",
    "Day of Marking",
    "Aspect\nType\nM = Meas\nJ = Judg",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\nor Nominal Size\n(Meas only)",
    "WSSS Section",
    "Calculation Row\n(Export only)",
    "Max\nMark",
)
STEPS = ("No", "Poor", "Good", "Excellent")
Line = dict[str, Any]


def a_sub(key: str, name: str = "Session", **more: Any) -> list[Line]:
    """Return the row of a sub-criterion."""
    return [{"sub_id": key, "sub_name": name, "day": 1, **more}]


def measured(title: str, mark: Any, **more: Any) -> list[Line]:
    """Return the row of a measurement."""
    return [{"kind": "M", "title": title, "max": mark, "section": 1, **more}]


def judged(title: str, mark: Any, steps: Sequence[str] = STEPS, **more: Any) -> list[Line]:
    """Return the row of a judgement and the rows of its steps."""
    head = {"kind": "J", "title": title, "max": mark, "section": 1, **more}
    return [head, *({"score": n, "extra": text} for n, text in enumerate(steps))]


def a_workbook(
    blocks: dict[str, list[Line]],
    *,
    shift: int = 0,
    sections: Sequence[tuple[Any, str, Any]] = ((1, "Work", 100),),
    names: dict[str, str] | None = None,
    sheet: str = SHEET,
) -> openpyxl.Workbook:
    """Return a workbook of criteria by letter, everything `shift` columns further right."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "Info"
    page["A1"] = "Skill 20"
    page = book.create_sheet(sheet)
    lead = [None] * shift
    page.append([*lead, "20 Bricklaying"])
    page.append([])
    if sections:
        page.append([*lead, "WorldSkills Standards Specification"])
        page.append([*lead, "Section", *[None] * 7, "WSSS\nMarks", "Aspect\nMarks", "Variation"])
        for section in sections:
            page.append([*lead, section[0], section[1], *[None] * 6, section[2], 0, 0])
        page.append([*lead, *[None] * 8, "Total", 0])
        page.append([])
    page.append([*lead, "Criteria"])
    page.append([*lead, "ID", "Name", *[None] * 8, "Mark"])
    for letter, name in (names or {key: f"Name {key}" for key in blocks}).items():
        page.append([*lead, letter, name, *[None] * 8, "=N99"])
    for letter, lines in blocks.items():
        page.append([])
        page.append([*lead, *HEADS, f"Criterion {letter}", "Total\nMark", "=SUM(K1:K9)"])
        for line in lines:
            page.append([*lead, *(line.get(key) for key in KEYS)])
    page.append([])
    page.append([*lead, "Judgement aspects: mark awarded = (score 0-3 / 3) x Max Mark."])
    return book


def bytes_of(book: openpyxl.Workbook) -> bytes:
    """Return a workbook's file."""
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
