"""Which characters our fonts can print: asked before issuing, since typst only leaves a gap."""

from functools import cache
from typing import Final

from fontTools.ttLib import TTFont

from app.documents.typesetting import FONTS

INVISIBLE: Final = frozenset(" \u00a0\u3000\n")


@cache
def covered() -> frozenset[int]:
    """Return the code points that at least one of our fonts draws."""
    points: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            # Glyphs without names: making up tens of thousands takes longer than reading them.
            font.setGlyphOrder(range(font["maxp"].numGlyphs))
            points.update(font.getBestCmap())
    return frozenset(points)


def missing(text: str) -> str:
    """Return the characters of a text that no font of ours draws, each once."""
    known = covered()
    return "".join(
        dict.fromkeys(
            character
            for character in text
            if ord(character) not in known and character not in INVISIBLE
        )
    )
