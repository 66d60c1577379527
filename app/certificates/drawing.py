"""What a worker process does for paper: draw symbols, cut photos, typeset.

It imports little, since every worker imports it; what it is given was gathered by `printing`.
"""

import base64
import io
from collections.abc import Sequence
from typing import Any

from PIL import Image

from app.certificates.symbol import draw
from app.documents import typesetting
from app.errors import N_, RuleBroken, refusal

TEMPLATE = "certificate.typ"
PHOTO_PIXELS = (480, 640)
Sheet = dict[str, Any]


@refusal
class BadPhoto(RuleBroken):
    """The photo cannot be read."""

    says = N_("照片不能识别，请使用 JPG 或 PNG 格式的证件照。")
    field = "photo"


def merged(sheets: Sequence[Sheet]) -> bytes:
    """Return one PDF with a page for each sheet."""
    first = sheets[0]
    return typesetting.render(
        TEMPLATE,
        {
            "title": f"{first['heading']} {first['number']}",
            "author": first["issuer"],
            "certificates": [_drawn(sheet) for sheet in sheets],
        },
    )


def single(sheets: Sequence[Sheet]) -> list[bytes]:
    """Return a PDF for each sheet; the compiler keeps what they share."""
    return [merged([sheet]) for sheet in sheets]


def _drawn(sheet: Sheet) -> Sheet:
    """Return a sheet as the template takes it: its symbol and its photo as pictures."""
    symbol = draw(sheet["symbol"])
    return sheet | {
        "symbol": symbol.svg(),
        "symbol_mm": round(symbol.width_mm, 3),
        "photo": _photo_svg(sheet["photo"]) if sheet["photo"] else None,
    }


def _photo_svg(content: bytes) -> str:
    """Wrap a photo so that the typesetter needs no file; 3 by 4, cut to the middle."""
    try:
        picture = Image.open(io.BytesIO(content)).convert("RGB")
    except (OSError, ValueError) as error:
        raise BadPhoto from error
    width, height = picture.size
    wanted = min(width, height * 3 // 4), min(height, width * 4 // 3)
    left, top = (width - wanted[0]) // 2, (height - wanted[1]) // 2
    cut = picture.crop((left, top, left + wanted[0], top + wanted[1]))
    cut.thumbnail(PHOTO_PIXELS)
    written = io.BytesIO()
    cut.save(written, "JPEG", quality=85)
    encoded = base64.b64encode(written.getvalue()).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'viewBox="0 0 3 4">'
        f'<image width="3" height="4" xlink:href="data:image/jpeg;base64,{encoded}"/></svg>'
    )
