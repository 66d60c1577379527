"""The smallest writer of PDFs: pages of ready drawing commands, one font subset, nothing else."""

import zlib
from collections.abc import Sequence
from io import BytesIO

from fontTools import subset
from fontTools.ttLib import TTFont

from app.documents.typesetting import FONTS

FONT = FONTS / "NotoSerifSC-Regular.ttf"
FLATE = "/Filter/FlateDecode"
FONT_OBJECTS = 4
"""The fonts' objects come first, then each page's two, then the list of pages and the catalog."""


def subset_of(letters: set[str]) -> tuple[bytes, dict[str, str]]:
    """Cut the font to these letters; return it packed, and each letter's glyph in hex."""
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    with TTFont(FONT, lazy=True) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text="".join(letters))
        cutter.subset(font)
        written = BytesIO()
        font.save(written)
        names = font.getBestCmap()
        glyphs = {letter: f"{font.getGlyphID(names[ord(letter)]):04x}" for letter in letters}
    return zlib.compress(written.getvalue()), glyphs


def pdf_of(pages: Sequence[str], size: tuple[int, int], font: bytes) -> bytes:
    """Return a file of pages that show text with the font `F`."""
    parts = [
        b"<</Type/Font/Subtype/Type0/BaseFont/F/Encoding/Identity-H/DescendantFonts[2 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/F/CIDToGIDMap/Identity/FontDescriptor 3 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>",
        b"<</Type/FontDescriptor/FontName/F/Flags 4/FontFile2 4 0 R>>",
        _stream(font),
    ]
    root = FONT_OBJECTS + 2 * len(pages) + 1
    for page in pages:
        parts.append(
            f"<</Type/Page/Parent {root} 0 R/MediaBox[0 0 {size[0]} {size[1]}]"
            f"/Contents {len(parts) + 2} 0 R/Resources<</Font<</F 1 0 R>>>>>>".encode()
        )
        parts.append(_stream(zlib.compress(page.encode())))
    kids = " ".join(f"{FONT_OBJECTS + 2 * place + 1} 0 R" for place in range(len(pages)))
    parts.append(f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode())
    parts.append(f"<</Type/Catalog/Pages {root} 0 R>>".encode())
    return _assembled(parts)


def _stream(packed: bytes) -> bytes:
    return f"<</Length {len(packed)}{FLATE}>>stream\n".encode() + packed + b"\nendstream"


def _assembled(parts: Sequence[bytes]) -> bytes:
    written = bytearray(b"%PDF-1.7\n")
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    start, size = len(written), len(parts) + 1
    written += b"xref\n0 %d\n0000000000 65535 f \n" % size
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        len(parts),
        start,
    )
    return bytes(written)
