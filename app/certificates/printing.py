"""Certificates on paper: what the template gets, single sheets, one merged file, a ZIP."""

import asyncio
import base64
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PIL import Image

from app.certificates import log, register
from app.certificates.register import CertificateDetail
from app.certificates.symbol import draw
from app.documents import typesetting
from app.errors import N_, RuleBroken, refusal
from app.rules.certificate_claim import LABELS
from app.rules.check_characters import printed_id

TEMPLATE = "certificate.typ"
CHUNK = 50
PHOTO_PIXELS = (480, 640)
DEMO_NOTICE = "演示样本，不是正式证书"


@refusal
class NotPrintable(RuleBroken):
    """Its leaf is not under a checkpoint yet, or it is no longer valid."""

    says = N_("这张证书现在不能打印：它还没有纳入日志检查点，或已不再有效。")


@refusal
class BadPhoto(RuleBroken):
    """The photo cannot be read."""

    says = N_("照片不能识别，请使用 JPG 或 PNG 格式的证件照。")
    field = "photo"


def heading_of(detail: CertificateDetail) -> str:
    """Return the paper's heading."""
    return LABELS[detail.line.kind]


def sheet(detail: CertificateDetail, host: str, photo: bytes | None, notice: str) -> dict[str, Any]:
    """Return what the template needs for one certificate."""
    line = detail.line
    symbol = draw(register.qr_text(host, detail))
    day = line.issued_on
    return {
        "kind": int(line.kind),
        "heading": heading_of(detail),
        "name": line.name,
        "title": line.title,
        "result": line.result,
        "number": line.number,
        "issuer": line.issuer_name,
        "issued_on": f"{day.year}年{day.month}月{day.day}日",
        "prints": [list(pair) for pair in detail.prints.items()],
        "printed_id": printed_id(line.verification_id),
        "host": host,
        "symbol": symbol.svg(),
        "symbol_mm": round(symbol.width_mm, 3),
        "photo": _photo_svg(photo) if photo else None,
        "reissued": detail.reissues > 0,
        "notice": notice,
    }


def document(sheets: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the template's data for one file."""
    first = sheets[0]
    return {
        "title": f"{first['heading']} {first['number']}",
        "author": first["issuer"],
        "certificates": list(sheets),
    }


async def pdf_of(details: Sequence[CertificateDetail], *, is_demo: bool) -> bytes:
    """Return one PDF with a page for each certificate; raise `NotPrintable`."""
    sheets = await _sheets(details, is_demo=is_demo)
    return await typesetting.rendered(TEMPLATE, document(sheets))


async def pdfs_of(details: Sequence[CertificateDetail], *, is_demo: bool) -> list[bytes]:
    """Return a PDF for each certificate."""
    sheets = await _sheets(details, is_demo=is_demo)
    data = [document([each]) for each in sheets]
    return await typesetting.rendered_many(TEMPLATE, data)


async def write_zip(details: Sequence[CertificateDetail], path: Path, *, is_demo: bool) -> None:
    """Write a ZIP with one PDF for each certificate, two handfuls at a time on two cores."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for start in range(0, len(details), 2 * CHUNK):
            halves = [
                details[first : first + CHUNK]
                for first in (start, start + CHUNK)
                if first < len(details)
            ]
            drawn = await asyncio.gather(*(pdfs_of(half, is_demo=is_demo) for half in halves))
            for half, pdfs in zip(halves, drawn, strict=True):
                for detail, pdf in zip(half, pdfs, strict=True):
                    archive.writestr(file_name(detail), pdf)


def file_name(detail: CertificateDetail) -> str:
    """Return a name that sorts by number and that every file system takes."""
    plain = "".join(character if character.isalnum() else "_" for character in detail.line.name)
    number = detail.line.number.replace("/", "_")
    return f"{number}_{plain}.pdf"


def disposition(name: str, *, inline: bool = False) -> dict[str, str]:
    """Return the headers under which a file is kept, and nowhere cached."""
    how = "inline" if inline else "attachment"
    return {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }


async def _sheets(details: Sequence[CertificateDetail], *, is_demo: bool) -> list[dict[str, Any]]:
    if not details or not all(detail.is_printable for detail in details):
        raise NotPrintable
    host = await log.host()
    photos = await register.photos_of([detail.line.id for detail in details if detail.has_photo])
    notice = DEMO_NOTICE if is_demo else ""
    return [sheet(detail, host, photos.get(detail.line.id), notice) for detail in details]


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
