"""The child that looks for QR symbols in a picture or a PDF: `symbol_reader.py SECONDS < FILE`.

It runs within bounds (`bounded`), imports nothing of the house, and writes what it read as one
`Seen` in JSON. Sizes are bounded before decoding, and so is the work on one file: its pages, the
pixels of them all, and the time.
"""

import io
import sys
import time
import warnings
from collections.abc import Iterator
from typing import Final

import msgspec
from PIL import Image, UnidentifiedImageError

NOT_PICTURE, LOCKED = 3, 4
MOST_PIXELS: Final = 60_000_000
"""Of one picture, and of all pages of one file together."""
MOST_CLEAR_PIXELS: Final = 20_000_000
"""Of a picture that can be seen through: its colors must be laid on paper first."""
MOST_PAGES: Final = 3
FORMATS: Final = ("JPEG", "PNG", "WEBP")
"""What phones and screens make; every other decoder is one more door."""
DOTS_PER_INCH: Final = (150, 300)
POINTS_PER_INCH: Final = 72
SCALES: Final = (1.0, 0.5, 2.0)


class Seen(msgspec.Struct):
    """The texts of the symbols of a file, each once, and how many pages were not looked at."""

    texts: list[str]
    unread: int


class NotPicture(Exception):
    """The file is no picture or PDF, or a far too large one."""


class Locked(Exception):
    """The PDF opens with a password only."""


def main() -> int:
    """Read a file, and write what was seen; the exit code says why where it is not 0."""
    until = time.monotonic() + float(sys.argv[1])
    try:
        seen = symbols(sys.stdin.buffer.read(), until)
    except NotPicture:
        return NOT_PICTURE
    except Locked:
        return LOCKED
    sys.stdout.buffer.write(msgspec.json.encode(seen))
    return 0


def symbols(content: bytes, until: float) -> Seen:
    """Return the symbols of a file; the pages of a PDF are looked at until some hold one."""
    if content[:5] == b"%PDF-":
        return _in_pages(content, until)
    return Seen(list(dict.fromkeys(_texts(_picture(content), until))), 0)


def _picture(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            is_clear = picture.has_transparency_data
            if picture.width * picture.height > (MOST_CLEAR_PIXELS if is_clear else MOST_PIXELS):
                raise NotPicture
            picture.draft("L", None)
            return _on_paper(picture) if is_clear else picture.convert("L")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,  # as Pillow calls a broken PNG
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise NotPicture from error


def _on_paper(picture: Image.Image) -> Image.Image:
    """Return a picture that can be seen through as it looks on white paper, in gray."""
    seen = picture if "A" in picture.getbands() else picture.convert("RGBA")
    paper = Image.new("L", seen.size, "white")
    paper.paste(seen.convert("L"), mask=seen.getchannel("A"))
    return paper


def _in_pages(content: bytes, until: float) -> Seen:
    """Look through the first pages, and once more at a finer scale where none holds a symbol."""
    import pypdfium2 as pdfium  # It takes longer to import than a picture to read.

    texts: dict[str, None] = {}
    try:
        document = pdfium.PdfDocument(content)
        count = len(document)
        sizes = [document.get_page_size(number) for number in range(min(count, MOST_PAGES))]
        for scale, number in _drawings(sizes):
            if (texts and number == 0) or time.monotonic() > until:
                break
            drawn = document[number].render(scale=scale, grayscale=True).to_pil().convert("L")
            texts |= dict.fromkeys(_texts(drawn, until))
    except pdfium.PdfiumError as error:
        is_locked = error.err_code == pdfium.raw.FPDF_ERR_PASSWORD
        raise (Locked if is_locked else NotPicture) from error
    return Seen(list(texts), count - len(sizes))


def _drawings(sizes: list[tuple[float, float]]) -> Iterator[tuple[float, int]]:
    """Yield a scale and the place of a page while all their pixels are not too many."""
    left = float(MOST_PIXELS)
    for dots in DOTS_PER_INCH:
        scale = dots / POINTS_PER_INCH
        for number, (width, height) in enumerate(sizes):
            pixels = width * height * scale**2
            if pixels > left == MOST_PIXELS:
                raise NotPicture
            if pixels > left:
                return
            left -= pixels
            yield scale, number


def _texts(picture: Image.Image, until: float) -> list[str]:
    """Read the symbols of a picture, at another size where none is found."""
    import zxingcpp  # Only here: the server knows this file's words and reads no picture.

    codes = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for scale in SCALES:
        if time.monotonic() > until:
            break
        size = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
        if size[0] * size[1] > MOST_PIXELS:
            continue
        scaled = picture if scale == 1.0 else picture.resize(size)
        if found := zxingcpp.read_barcodes(scaled, formats=codes):
            return [barcode.text for barcode in found]
    return []


if __name__ == "__main__":
    raise SystemExit(main())
