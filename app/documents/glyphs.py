"""Which characters our fonts can print: asked before issuing, since typst only leaves a gap."""

import struct
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from app.documents.typesetting import FONTS

INVISIBLE: Final = frozenset(" \u00a0\u3000\n")
WINDOWS_FULL: Final = (3, 10)
"""The map of all of Unicode, by its platform and encoding (OpenType, `cmap`); of format 12."""


@cache
def covered() -> bytes:
    """Return a byte for each code point: 1 where at least one of our fonts draws it."""
    drawn = bytearray(sys.maxunicode + 1)
    for path in sorted(FONTS.glob("*.ttf")):
        for first, last in _ranges(path):
            drawn[first : last + 1] = b"\1" * (last + 1 - first)
    return bytes(drawn)


def _ranges(path: Path) -> Iterator[tuple[int, int]]:
    """Read the first and last code points of every stretch that a font draws.

    A library would make an object of each of ninety thousand characters, and the server keep them.
    """
    with path.open("rb") as font:
        (count,) = struct.unpack(">4xH6x", font.read(12))
        tables = struct.iter_unpack(">4s4xI4x", font.read(16 * count))
        start = dict(tables)[b"cmap"]
        font.seek(start)
        (count,) = struct.unpack(">2xH", font.read(4))
        maps = {
            (platform, encoding): place
            for platform, encoding, place in struct.iter_unpack(">HHI", font.read(8 * count))
        }
        font.seek(start + maps[WINDOWS_FULL])
        (count,) = struct.unpack(">12xI", font.read(16))
        for first, last, _glyph in struct.iter_unpack(">III", font.read(12 * count)):
            yield first, last


def missing(text: str) -> str:
    """Return the characters of a text that no font of ours draws, each once."""
    known = covered()
    return "".join(
        dict.fromkeys(
            character
            for character in text
            if not known[ord(character)] and character not in INVISIBLE
        )
    )
