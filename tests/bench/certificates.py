"""1,000 certificates signed, logged, drawn with their codes: as PDFs in a ZIP, and as one PDF.

Beside it stands the smallest PDF writer: the same texts as glyphs of one font subset, the same code
as rectangles (the fastest way there is here to it), no signature, no log, no database, no layout.
"""

import asyncio
import os
import re
import tempfile
import time
import zipfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

os.environ.setdefault("PICCOLO_CONF", "app.storage.piccolo_conf")

from app.certificates import actions, printing, register
from app.certificates.register import CertificateDetail
from app.certificates.symbol import draw
from app.documents import typesetting
from app.main import open_house
from app.rules.actors import SYSTEM
from app.rules.certificate_claim import CertificateKind
from app.settings import load
from app.web import background
from tests.bench.measuring import Figure, peak_megabytes, processor_seconds, seconds
from tests.builders.certificates import AT, BASIS, TITLE, an_issuer, some_facts

COUNT = 1000
PAGE = (842, 595)
DARK = re.compile("1+")

Text = tuple[Sequence[str], str]


@dataclass
class Spent:
    """What a job took: by the clock, of processors with all workers ended, at most of memory."""

    seconds: float = 0
    processor: float = 0
    server: int = 0
    worker: int = 0

    def note(self, bare_processor: float) -> str:
        """Say it in short."""
        return (
            f"{self.seconds:.1f} s, server at most {self.server} MB and worker {self.worker} MB"
            f" (goal 150); by processor time {bare_processor / self.processor:.2f}"
        )


async def issue(count: int, folder: Path) -> None:
    """Issue, sign, log and print each alone into a ZIP, as an officer does at the desk."""
    batch = await actions.issue_batch(
        kind=CertificateKind.ABILITY,
        basis=BASIS,
        issuer=await an_issuer(authorized_words=("专项职业能力",), authority="黔人社〔2026〕1号"),
        title=TITLE,
        claims=some_facts(count),
        by=SYSTEM,
        at=AT,
    )
    await background.settle()
    details = register.batch_certificates(batch)
    await printing.write_zip(details, folder / "own.zip", is_demo=False)


async def merge(folder: Path) -> None:
    """Print what was issued into one file."""
    details = register.batch_certificates(1)
    await printing.write_pdf(details, folder / "own.pdf", is_demo=False)


def measured(work: Callable[[], Awaitable[None]], folder: Path) -> Spent:
    """Let one job be done in an open house, with workers of its own."""
    spent = Spent()

    async def whole() -> None:
        async with open_house(load({"XIANGJIANG_DATA_DIR": str(folder)})):
            spent.processor, began = -processor_seconds(), time.perf_counter()
            await work()
            spent.seconds = time.perf_counter() - began
            spent.worker = await typesetting.in_worker(peak_megabytes)
            spent.server = peak_megabytes()

    asyncio.run(whole())
    spent.processor += processor_seconds()  # Of the workers too: they ended with the loop.
    return spent


async def texts_of(folder: Path) -> list[Text]:
    """Return what stands on the certificates that were issued."""
    async with open_house(load({"XIANGJIANG_DATA_DIR": str(folder)})):
        return [_printed(detail) async for detail in register.batch_certificates(1)]


def _printed(detail: CertificateDetail) -> Text:
    line = detail.line
    words = (printing.heading_of(detail), line.number, line.name, line.title, line.issuer_name)
    return words, register.qr_text("verify.example.cn", detail)


def bare(texts: Sequence[Text], folder: Path) -> None:
    """Write the smallest PDFs that show the same words and the same code."""
    from tests.bench import (
        smallest_pdf,
    )  # Its font tools are no part of the server that was measured.

    font, glyphs = _font(texts)
    with zipfile.ZipFile(folder / "bare.zip", "w", zipfile.ZIP_STORED) as archive:
        for place, (words, code) in enumerate(texts):
            page = page_of(words, code, glyphs)
            archive.writestr(f"{place}.pdf", smallest_pdf.pdf_of([page], PAGE, font))


def bare_merged(texts: Sequence[Text], folder: Path) -> None:
    """Write the smallest PDF of all of them, a page each."""
    from tests.bench import smallest_pdf

    font, glyphs = _font(texts)
    pages = [page_of(words, code, glyphs) for words, code in texts]
    (folder / "bare.pdf").write_bytes(smallest_pdf.pdf_of(pages, PAGE, font))


def _font(texts: Sequence[Text]) -> tuple[bytes, dict[str, str]]:
    from tests.bench import smallest_pdf

    return smallest_pdf.subset_of(
        {letter for words, _ in texts for word in words for letter in word}
    )


def page_of(words: Sequence[str], code: str, glyphs: dict[str, str]) -> str:
    """Draw one page: lines of text, and the code as runs of black."""
    runs = [
        f"{600 + 2 * run.start()} {400 - 2 * down} {2 * len(run[0])} 2 re"
        for down, row in enumerate(draw(code).rows)
        for run in DARK.finditer(row)
    ]
    lines = [
        f"BT /F 18 Tf 80 {480 - 40 * place} Td <{''.join([glyphs[c] for c in word])}> Tj ET"
        for place, word in enumerate(words)
    ]
    return "\n".join([*lines, *runs, "f"])


def figures(count: int = COUNT) -> list[Figure]:
    """Issue once, print in both ways, then write the same words and codes barely."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        singly = measured(lambda: issue(count, folder), folder)
        together = measured(lambda: merge(folder), folder)
        texts = asyncio.run(texts_of(folder))
        floors = []
        for work in (bare, bare_merged):
            used, took = processor_seconds(), seconds(partial(work, texts, folder))
            floors.append((took, processor_seconds() - used))
        with zipfile.ZipFile(folder / "own.zip") as archive:
            largest = max(item.file_size for item in archive.infolist())
    (zip_floor, zip_used), (pdf_floor, pdf_used) = floors
    note = f"largest {largest // 1000} kB (goal 100), {singly.note(zip_used)}"
    return [
        Figure(
            f"{count:,} certificates signed, as PDFs in a ZIP",
            singly.seconds,
            zip_floor,
            0.45,
            note,
        ),
        Figure(
            f"{count:,} certificates as one PDF",
            together.seconds,
            pdf_floor,
            0.1,
            together.note(pdf_used),
        ),
    ]
