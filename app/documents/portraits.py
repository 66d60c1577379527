"""Portraits for papers: read what people hand in, keep a small JPEG that says nothing else."""

import base64
import io
import struct
from typing import Final

from PIL import Image, ImageOps

from app.errors import N_, RuleBroken, refusal

PIXELS: Final = (480, 640)
MOST_BYTES: Final = 12 * 2**20
MOST_PIXELS: Final = 50_000_000
FEWEST_PIXELS: Final = (90, 120)
UNREADABLE: Final = (OSError, ValueError, SyntaxError, KeyError, TypeError, EOFError, struct.error)
"""What Pillow raises for damaged pictures, and for damaged notes of cameras in sound ones."""


@refusal
class BadPhoto(RuleBroken):
    """The photo cannot be read, or is too large or too small for paper."""

    says = N_(
        "照片不能使用。请用 JPG 或 PNG 格式的证件照，至少 {width}×{height} 像素，不超过 12 MB。"
    )
    field = "photo"
    width: int = FEWEST_PIXELS[0]
    height: int = FEWEST_PIXELS[1]


def portrait(content: bytes) -> bytes:
    """Return a JPEG, 3 by 4, upright, cut to the middle, without what cameras write into it.

    Raise `BadPhoto`.
    """
    if len(content) > MOST_BYTES:
        raise BadPhoto
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise BadPhoto
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (*UNREADABLE, Image.DecompressionBombError) as error:
        raise BadPhoto from error
    if picture.width < FEWEST_PIXELS[0] or picture.height < FEWEST_PIXELS[1]:
        raise BadPhoto
    written = io.BytesIO()
    fitted = ImageOps.fit(picture, _size(picture), Image.Resampling.LANCZOS)
    fitted.save(written, "JPEG", quality=88, optimize=True)
    return written.getvalue()


def _size(picture: Image.Image) -> tuple[int, int]:
    """Return the size on paper: never larger than the picture itself."""
    width = min(picture.width, picture.height * 3 // 4, PIXELS[0])
    return width, width * 4 // 3


def svg(jpeg: bytes) -> str:
    """Wrap a portrait so that the typesetter needs no file."""
    encoded = base64.b64encode(jpeg).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'viewBox="0 0 3 4">'
        f'<image width="3" height="4" xlink:href="data:image/jpeg;base64,{encoded}"/></svg>'
    )
