"""Find QR texts in a picture or a PDF that someone hands us; sizes are bounded before decoding.

So is the whole work on one file: its pages, the pixels of them all, and the time.
"""

import io
import time
import warnings
from collections.abc import Iterator

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image, UnidentifiedImageError

from app.errors import N_, RuleBroken, refusal

MOST_BYTES = 20_000_000
MOST_PIXELS = 60_000_000
"""Of one picture, and of all pages of one file together."""
MOST_PAGES = 3
MOST_SECONDS = 8.0
FORMATS = ("JPEG", "PNG", "WEBP")
"""What phones and screens make; every other decoder is one more door."""
DOTS_PER_INCH = (150, 300)
POINTS_PER_INCH = 72
SCALES = (1.0, 0.5, 2.0)


@refusal
class NoSymbol(RuleBroken):
    """There is no readable QR symbol in the file."""

    says = N_("没有在文件中读到证书二维码。请换一张清晰、完整、没有反光的图片，或证书的 PDF 文件。")
    field = "file"


@refusal
class NotPicture(RuleBroken):
    """The file is no picture or PDF, or a far too large one."""

    says = N_(
        "这个文件不是图片或 PDF，或者太大。请上传证书的照片（JPG、PNG）或 PDF，不超过 20 MB。"
    )
    field = "file"


def symbol_text(content: bytes) -> str:
    """Return the text of the first certificate symbol in a file.

    Raise `NotPicture` or `NoSymbol`. This takes up to seconds: run it in a thread.
    """
    if len(content) > MOST_BYTES:
        raise NotPicture
    until = time.monotonic() + MOST_SECONDS
    texts: list[str] = []
    for picture in _pictures(content):
        texts += _texts(picture, until)
        ours = [text for text in texts if "/v/" in text]
        if ours:
            return ours[0]
        if time.monotonic() > until:
            break
    if texts:
        return texts[0]
    raise NoSymbol


def _pictures(content: bytes) -> Iterator[Image.Image]:
    if content[:5] == b"%PDF-":
        yield from _pages(content)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise NotPicture
            yield _gray(picture)
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,  # as Pillow calls a broken PNG
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise NotPicture from error


def _pages(content: bytes) -> Iterator[Image.Image]:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise NotPicture from error
    left = float(MOST_PIXELS)
    try:
        for dots in DOTS_PER_INCH:
            scale = dots / POINTS_PER_INCH
            for number in range(min(len(document), MOST_PAGES)):
                page = document[number]
                width, height = page.get_size()
                pixels = width * height * scale**2
                if pixels > left == MOST_PIXELS:
                    raise NotPicture
                if pixels > left:
                    return
                left -= pixels
                yield page.render(scale=scale, grayscale=True).to_pil().convert("L")
    except pdfium.PdfiumError as error:
        raise NotPicture from error
    finally:
        document.close()


def _gray(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "P", "PA"}:
        seen = picture.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(paper, seen).convert("L")
    return picture.convert("L")


def _texts(picture: Image.Image, until: float) -> list[str]:
    for scale in SCALES:
        if time.monotonic() > until:
            break
        size = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
        if size[0] * size[1] > MOST_PIXELS:
            continue
        scaled = picture if scale == 1.0 else picture.resize(size)
        found = zxingcpp.read_barcodes(
            scaled, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        )
        if found:
            return [barcode.text for barcode in found]
    return []
