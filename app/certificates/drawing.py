"""What a worker process does for paper: draw symbols, cut photos, typeset.

It imports little, since every worker imports it; what it is given was gathered by `printing`.
"""

from collections.abc import Sequence
from typing import Any

from app.certificates.symbol import draw
from app.documents import portraits, typesetting

TEMPLATE = "certificate.typ"
Sheet = dict[str, Any]


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
        "photo": portraits.svg(sheet["photo"]) if sheet["photo"] else None,
    }
