"""A result book of 2,000 rows as a PDF, typeset in a process of its own.

Beside it stands the smallest PDF writer: the same words of every row as glyphs of one font subset
at fixed places, with no measuring, no header, no lines and no process.
"""

import asyncio
import os
from collections.abc import Sequence

os.environ.setdefault("PICCOLO_CONF", "app.storage.piccolo_conf")

from app.documents import typesetting
from competitions.results import books
from tests.bench.measuring import Figure, interleaved, processor_seconds
from tests.bench.smallest_pdf import pdf_of, subset_of
from tests.builders.books import a_competition_line, a_place, published

ROWS, PAGE_ROWS, ROUNDS = 2_000, 45, 3
PAGE = (595, 842)


def own() -> bytes:
    """Put the book together and print it; not from the shelf of kept ones."""
    event = published([a_place(rank) for rank in range(1, ROWS + 1)])
    document = books.result_book(a_competition_line(), [event])
    return asyncio.run(typesetting.printed_book(books.TEMPLATE, document))


def bare(rows: Sequence[Sequence[str]]) -> bytes:
    """Write the same cells."""
    font, glyphs = subset_of({letter for row in rows for cell in row for letter in cell})
    pages = [
        "\n".join(
            f"BT /F 9 Tf {45 + 65 * column} {790 - 16 * place} Td"
            f" <{''.join([glyphs[letter] for letter in cell])}> Tj ET"
            for place, row in enumerate(rows[first : first + PAGE_ROWS])
            for column, cell in enumerate(row)
        )
        for first in range(0, len(rows), PAGE_ROWS)
    ]
    return pdf_of(pages, PAGE, font)


def figures() -> list[Figure]:
    """Measure in turn."""
    event = published([a_place(rank) for rank in range(1, ROWS + 1)])
    rows = books.result_book(a_competition_line(), [event])["events"][0]["rows"]
    used = processor_seconds()
    size = len(own())
    used = processor_seconds() - used
    took, floor = interleaved(own, lambda: bare(rows), ROUNDS)
    note = f"{took:.1f} s (goal 1.5), {used:.1f} s of a processor, {size // 1000} kB"
    return [Figure(f"result book of {ROWS:,} rows as PDF", took, floor, 0.1, note)]
