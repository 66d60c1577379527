"""The symbol: bit for bit the library's, two segments, read back by a decoder."""

import pytest
import zxingcpp
from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData

from app.certificates import cose, symbol
from app.certificates.symbol import SymbolTooLarge
from tests.builders.certificates import HOST, ISSUING, a_claim

PREFIX = f"https://{HOST}/v/0123456789ABCDEF#"


def drawn_by_the_library(prefix: str, digits: str) -> QRCode:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=symbol.MASK)
    code.add_data(QRData(prefix.encode(), mode=MODE_8BIT_BYTE), optimize=0)
    code.add_data(QRData(digits.encode(), mode=MODE_NUMBER), optimize=0)
    code.make(fit=True)
    return code


def picture_of(drawn: symbol.Symbol, scale: int) -> Image.Image:
    side = len(drawn.rows) + 8
    picture = Image.new("L", (side, side), 255)
    for row, cells in enumerate(drawn.rows):
        for column, cell in enumerate(cells):
            picture.putpixel((column + 4, row + 4), 0 if cell == "1" else 255)
    return picture.resize((side * scale, side * scale), Image.Resampling.NEAREST)


class TestSymbol:
    @pytest.mark.parametrize("count", [1, 2, 3, 50, 100, 200, 301, 420, 526, 601, 700, 800, 850])
    def test_is_the_one_that_the_library_draws(self, count):
        digits = ("1" + "8374650921" * 100)[:count]

        drawn, other = symbol.draw(PREFIX + digits), drawn_by_the_library(PREFIX, digits)

        assert drawn.version == other.version
        assert list(drawn.rows) == [
            "".join("01"[cell] for cell in row) for row in other.get_matrix()
        ]

    @pytest.mark.parametrize("scale", [2, 5])
    def test_is_read_back_as_it_was_signed(self, scale):
        signed, _ = cose.sign(a_claim(), ISSUING)
        text = cose.qr_text(HOST, "0123456789ABCDEF", signed)

        found = zxingcpp.read_barcodes(picture_of(symbol.draw(text), scale))

        assert [code.text for code in found] == [text]

    def test_is_no_larger_than_version_15(self):
        with pytest.raises(SymbolTooLarge):
            symbol.draw(PREFIX + "1" * 1000)

    def test_is_a_vector_with_a_quiet_zone_of_four(self):
        drawn = symbol.draw(PREFIX + "1" * 500)
        side = len(drawn.rows) + 8

        assert f'viewBox="0 0 {side} {side}"' in drawn.svg()
        assert drawn.width_mm == pytest.approx(side * 0.53)
