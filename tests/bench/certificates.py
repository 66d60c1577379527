"""1,000 certificates signed, logged, drawn with their codes, as PDFs in a ZIP.

Beside it stands the smallest PDF writer: the same texts as glyphs of one font subset, the same code
as rectangles, no signature, no log, no database, no layout.
"""

import asyncio
import os
import resource
import tempfile
import time
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

os.environ.setdefault("PICCOLO_CONF", "app.storage.piccolo_conf")

from fontTools import subset
from fontTools.ttLib import TTFont
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from app.certificates import printing, register
from app.main import open_house
from app.settings import load
from tests.bench.measuring import Figure
from tests.browser import ROOT
from tests.builders.certificates import issued, some_facts

COUNT = 1000
FONT = ROOT / "app" / "documents" / "fonts" / "NotoSerifSC-Regular.ttf"
PAGE = (842, 595)

Text = tuple[Sequence[str], str]


async def own(folder: Path) -> tuple[float, list[Text]]:
    """Issue, sign, log and print; return the seconds and what was printed."""
    settings = load({"XIANGJIANG_DATA_DIR": str(folder)})
    async with open_house(settings):
        began = time.perf_counter()
        await issued(some_facts(COUNT))
        details = await register.batch_certificates(1)
        await printing.write_zip(details, folder / "own.zip", is_demo=False)
        took = time.perf_counter() - began
        texts: list[Text] = [
            (
                (
                    printing.heading_of(detail),
                    detail.line.number,
                    detail.line.name,
                    detail.line.title,
                    detail.line.issuer_name,
                ),
                register.qr_text("verify.example.cn", detail),
            )
            for detail in details
        ]
    return took, texts


def bare(texts: Sequence[Text], folder: Path) -> float:
    """Write the smallest PDFs that show the same words and the same code."""
    began = time.perf_counter()
    font, glyphs = subset_of({letter for words, _ in texts for word in words for letter in word})
    with zipfile.ZipFile(folder / "bare.zip", "w", zipfile.ZIP_STORED) as archive:
        for place, (words, code) in enumerate(texts):
            archive.writestr(f"{place}.pdf", smallest_pdf(words, code, font, glyphs))
    return time.perf_counter() - began


def subset_of(letters: set[str]) -> tuple[bytes, dict[str, int]]:
    """Cut the font to these letters; return it packed, and each letter's glyph."""
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    with TTFont(FONT, lazy=True) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text="".join(letters))
        cutter.subset(font)
        written = BytesIO()
        font.save(written)
        names = font.getBestCmap()
        glyphs = {letter: font.getGlyphID(names[ord(letter)]) for letter in letters}
    return zlib.compress(written.getvalue()), glyphs


def smallest_pdf(words: Sequence[str], code: str, font: bytes, glyphs: dict[str, int]) -> bytes:
    """Write one page: lines of text, and the code as runs of black."""
    drawn = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=3)
    drawn.add_data(code)
    drawn.make(fit=True)
    runs = [
        f"{600 + 2 * across} {400 - 2 * down} 2 2 re"
        for down, row in enumerate(drawn.modules)
        for across, is_dark in enumerate(row)
        if is_dark
    ]
    lines = [
        f"BT /F 18 Tf 80 {480 - 40 * place} Td <{''.join(f'{glyphs[c]:04x}' for c in word)}> Tj ET"
        for place, word in enumerate(words)
    ]
    content = zlib.compress("\n".join([*lines, *runs, "f"]).encode())
    flate = "/Filter/FlateDecode"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {PAGE[0]} {PAGE[1]}]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>>>>>".encode(),
        f"<</Length {len(content)}{flate}>>stream\n".encode() + content + b"\nendstream",
        b"<</Type/Font/Subtype/Type0/BaseFont/F/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/F/CIDToGIDMap/Identity/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>",
        b"<</Type/FontDescriptor/FontName/F/Flags 4/FontFile2 8 0 R>>",
        f"<</Length {len(font)}{flate}>>stream\n".encode() + font + b"\nendstream",
    ]
    written = bytearray(b"%PDF-1.7\n")
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, start)
    return bytes(written)


def figures() -> list[Figure]:
    """Issue once, then write the same words and codes barely."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        took, texts = asyncio.run(own(folder))
        floor = bare(texts, folder)
        with zipfile.ZipFile(folder / "own.zip") as archive:
            largest = max(item.file_size for item in archive.infolist())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    note = f"{took:.1f} s (goal 5), largest {largest // 1000} kB (goal 100), {memory} MB"
    return [Figure(f"{COUNT} certificates signed, as PDFs in a ZIP", took, floor, 0.45, note)]
