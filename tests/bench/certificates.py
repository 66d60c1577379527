"""1,000 certificates signed, logged, drawn with their codes, as PDFs in a ZIP.

Beside it stands the smallest PDF writer: the same texts as glyphs of one font subset, the same code
as rectangles (the fastest way there is here to it), no signature, no log, no database, no layout.
"""

import asyncio
import os
import re
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("PICCOLO_CONF", "app.storage.piccolo_conf")

from app.certificates import printing, register
from app.certificates.register import CertificateDetail
from app.certificates.symbol import draw
from app.documents import typesetting
from app.main import open_house
from app.settings import load
from tests.bench.measuring import Figure, peak_megabytes, processor_seconds, seconds
from tests.builders.certificates import issued, some_facts

COUNT = 1000
PAGE = (842, 595)
DARK = re.compile("1+")

Text = tuple[Sequence[str], str]


async def own(folder: Path, spent: dict[str, float]) -> list[Text]:
    """Issue, sign, log and print; note what it took, and return what was printed."""
    async with open_house(load({"XIANGJIANG_DATA_DIR": str(folder)})):
        used, began = processor_seconds(), time.perf_counter()
        await issued(some_facts(COUNT))
        details = await register.batch_certificates(1)
        await printing.write_zip(details, folder / "own.zip", is_demo=False)
        took = time.perf_counter() - began
        memory = await typesetting.in_worker(peak_megabytes)
    spent |= {"seconds": took, "began": used, "worker": memory, "server": peak_megabytes()}
    return [_printed(detail) for detail in details]


def _printed(detail: CertificateDetail) -> Text:
    line = detail.line
    words = (printing.heading_of(detail), line.number, line.name, line.title, line.issuer_name)
    return words, register.qr_text("verify.example.cn", detail)


def bare(texts: Sequence[Text], folder: Path) -> None:
    """Write the smallest PDFs that show the same words and the same code."""
    # Read only now: it counts for nothing in what our own process holds.
    from tests.bench.smallest_pdf import pdf_of, subset_of

    font, glyphs = subset_of({letter for words, _ in texts for word in words for letter in word})
    with zipfile.ZipFile(folder / "bare.zip", "w", zipfile.ZIP_STORED) as archive:
        for place, (words, code) in enumerate(texts):
            archive.writestr(f"{place}.pdf", pdf_of([page_of(words, code, glyphs)], PAGE, font))


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


def figures() -> list[Figure]:
    """Issue once, then write the same words and codes barely."""
    spent: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        texts = asyncio.run(own(folder, spent))
        ended = processor_seconds()  # Of the workers too: they ended with the loop.
        floor = seconds(lambda: bare(texts, folder))
        ratio = (processor_seconds() - ended) / (ended - spent["began"])
        with zipfile.ZipFile(folder / "own.zip") as archive:
            largest = max(item.file_size for item in archive.infolist())
    took = spent["seconds"]
    note = (
        f"{took:.1f} s (goal 5), largest {largest // 1000} kB (goal 100), server at most"
        f" {spent['server']:.0f} MB and worker {spent['worker']:.0f} MB (goal 150);"
        f" by processor time {ratio:.2f}"
    )
    return [Figure(f"{COUNT} certificates signed, as PDFs in a ZIP", took, floor, 0.45, note)]
