"""Certificates on paper: what the template gets, single sheets, one merged file, a ZIP."""

import asyncio
import zipfile
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Coroutine, Iterator, Sequence
from contextlib import aclosing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from app.certificates import drawing, log, register
from app.certificates.register import CertificateDetail
from app.documents import typesetting
from app.documents.joining import Joined
from app.errors import N_, RuleBroken, refusal
from app.rules.certificate_claim import LABELS
from app.rules.check_characters import printed_id

HANDFUL = 20
"""Certificates given to a worker at once; of a merged file it remembers the last ten handfuls."""
T = TypeVar("T")
Details = AsyncIterable[CertificateDetail]
AHEAD = typesetting.WORKERS + 1
DEMO_NOTICE = "演示样本，不是正式证书"


@refusal
class NotPrintable(RuleBroken):
    """Its leaf is not under a checkpoint yet, or it is no longer valid."""

    says = N_("这张证书现在不能打印：它还没有纳入日志检查点，或已不再有效。")


def heading_of(detail: CertificateDetail) -> str:
    """Return the paper's heading."""
    return LABELS[detail.line.kind]


def sheet(detail: CertificateDetail, host: str, photo: bytes | None, notice: str) -> dict[str, Any]:
    """Return what one certificate's paper says; a worker draws the symbol and the photo."""
    line = detail.line
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
        "symbol": register.qr_text(host, detail),
        "photo": photo,
        "reissued": detail.reissues > 0,
        "notice": notice,
    }


async def pdf_of(details: Sequence[CertificateDetail], *, is_demo: bool) -> bytes:
    """Return one PDF with a page for each of some certificates; raise `NotPrintable`."""
    sheets = await _sheets(details, is_demo=is_demo)
    return await typesetting.in_worker(drawing.merged, sheets)


async def pdfs_of(details: Sequence[CertificateDetail], *, is_demo: bool) -> list[bytes]:
    """Return a PDF for each certificate."""
    sheets = await _sheets(details, is_demo=is_demo)
    return await typesetting.in_worker(drawing.single, sheets)


async def write_pdf(details: Details, path: Path, *, is_demo: bool) -> None:
    """Write one PDF with a page for each of any number of certificates; raise `NotPrintable`."""
    with _whole_or_none(path), path.open("wb") as file:
        joined = Joined(file)
        async with aclosing(_ahead(details, partial(pdf_of, is_demo=is_demo))) as coming:
            async for _, part in coming:
                joined.add(part)
        joined.end()


async def write_zip(details: Details, path: Path, *, is_demo: bool) -> None:
    """Write a ZIP with one PDF for each certificate; raise `NotPrintable`.

    PDFs are compressed already, so they are only stored.
    """
    with _whole_or_none(path), zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        async with aclosing(_ahead(details, partial(pdfs_of, is_demo=is_demo))) as coming:
            async for handful, pdfs in coming:
                for detail, pdf in zip(handful, pdfs, strict=True):
                    archive.writestr(file_name(detail), pdf)


async def _handfuls(details: Details) -> AsyncGenerator[list[CertificateDetail]]:
    handful: list[CertificateDetail] = []
    async for detail in details:
        handful.append(detail)
        if len(handful) == HANDFUL:
            yield handful
            handful = []
    if handful:
        yield handful


@contextmanager
def _whole_or_none(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


async def _ahead(
    details: Details, work: Callable[[Sequence[CertificateDetail]], Coroutine[Any, Any, T]]
) -> AsyncGenerator[tuple[Sequence[CertificateDetail], T]]:
    """Yield handfuls with what work made of each; every worker is given its next one early."""
    waiting: deque[tuple[Sequence[CertificateDetail], asyncio.Task[T]]] = deque()
    is_empty = True
    try:
        async for handful in _handfuls(details):
            waiting.append((handful, asyncio.create_task(work(handful))))
            if len(waiting) == AHEAD:
                yield waiting[0][0], await waiting[0][1]
                waiting.popleft()
            is_empty = False
        while waiting:
            yield waiting[0][0], await waiting[0][1]
            waiting.popleft()
        if is_empty:
            raise NotPrintable
    finally:
        for _, task in waiting:
            task.cancel()
        await asyncio.gather(*(task for _, task in waiting), return_exceptions=True)


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
