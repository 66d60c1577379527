"""Which characters the fonts of certificates draw."""

from fontTools.ttLib import TTFont

from app.documents import glyphs
from app.documents.typesetting import FONTS


class TestCoveredCharacters:
    def test_are_those_that_a_font_library_finds_in_the_fonts(self):
        known: set[int] = set()
        for path in FONTS.glob("*.ttf"):
            with TTFont(path, lazy=True) as font:
                known |= set(font.getBestCmap())

        assert {code for code, is_drawn in enumerate(glyphs.covered()) if is_drawn} == known

    def test_leave_out_what_would_be_a_gap(self):
        assert glyphs.missing("阿依古丽·买买提 𬭎㛃䶮") == ""
        assert glyphs.missing("张\U0010fffe三\ue000\U0010fffe") == "\U0010fffe\ue000"
