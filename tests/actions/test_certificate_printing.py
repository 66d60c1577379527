"""Print certificates in workers: ready early, in their order, whole or not at all."""

import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from msgspec.structs import replace

from app.certificates import actions, printing, register
from app.certificates.printing import NotPrintable
from app.certificates.register import CertificateDetail
from app.documents import typesetting
from app.rules.actors import SYSTEM
from app.rules.certificate_claim import CertificateKind
from app.web import background
from tests.builders.certificates import (
    AT,
    BASIS,
    TITLE,
    an_issuer,
    issued,
    open_house,
    some_facts,
)

pytestmark = pytest.mark.anyio
Writer = Callable[..., Awaitable[None]]
SIGNS = r"""C#"引'\u{41}\"]}$1_*@<x>//`\\"""
WRITERS = pytest.mark.parametrize("write", [printing.write_pdf, printing.write_zip])


@pytest.fixture
async def details(sqlite_database: str, tmp_path: Path) -> Sequence[CertificateDetail]:
    """More certificates than one worker is given at once."""
    open_house(tmp_path)
    await issued(some_facts(printing.HANDFUL + 3))
    return [detail async for detail in register.batch_certificates(1)]


async def one_by_one(details: Sequence[CertificateDetail]) -> AsyncIterator[CertificateDetail]:
    for detail in details:
        yield detail


def words(pdf: Any) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def compilers() -> int:
    """Return how many compilers of this process have read the fonts."""
    return typesetting._compiler.cache_info().currsize


class TestFilesOfABatch:
    async def test_hold_every_certificate_in_its_order(self, details, tmp_path):
        await printing.write_pdf(one_by_one(details), tmp_path / "a.pdf", is_demo=False)
        await printing.write_zip(one_by_one(details), tmp_path / "a.zip", is_demo=True)

        numbers = [detail.line.number for detail in details]
        merged = words(tmp_path / "a.pdf")
        assert sorted(numbers, key=merged.index) == numbers
        with zipfile.ZipFile(tmp_path / "a.zip") as archive:
            singles = [words(archive.read(name)) for name in archive.namelist()]
        assert all(number in text for number, text in zip(numbers, singles, strict=True))
        assert all(printing.DEMO_NOTICE in text for text in singles)
        assert printing.DEMO_NOTICE not in merged

    @WRITERS
    async def test_are_not_left_behind_in_part(self, details, tmp_path, write: Writer):
        broken = [*details[:-1], replace(details[-1], is_printable=False)]
        with pytest.raises(NotPrintable):
            await write(one_by_one(broken), tmp_path / "part", is_demo=False)

        assert not (tmp_path / "part").exists()

    @WRITERS
    async def test_are_refused_where_nothing_would_be_in_them(self, tmp_path, write: Writer):
        with pytest.raises(NotPrintable):
            await write(one_by_one([]), tmp_path / "empty", is_demo=False)

        assert not (tmp_path / "empty").exists()


class TestAPaper:
    async def test_says_every_sign_as_it_is(self, details):
        told = replace(details[0], line=replace(details[0].line, title=SIGNS))
        assert SIGNS in "".join(words(await printing.pdf_of([told], is_demo=False)).split())


class TestLargeBatch:
    async def test_finds_the_workers_ready(self, sqlite_database, tmp_path, monkeypatch):
        open_house(tmp_path)
        monkeypatch.setattr(actions, "LARGE", 2)

        await actions.issue_batch(
            kind=CertificateKind.ABILITY,
            basis=BASIS,
            issuer=await an_issuer(
                authorized_words=("专项职业能力",), authority="黔人社〔2026〕1号"
            ),
            title=TITLE,
            claims=some_facts(2),
            by=SYSTEM,
            at=AT,
        )
        await background.settle()

        assert await typesetting.in_worker(compilers) == 1
        assert len([detail async for detail in register.batch_certificates(1)]) == 2
