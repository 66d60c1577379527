"""A picture or a PDF of a certificate: what is read of it, and that no file holds up another."""

import io
import os
import time
import zlib
from contextlib import suppress
from math import inf
from pathlib import Path

import anyio
import pytest
import qrcode
from PIL import Image

from app.certificates import register, scanning
from app.certificates.scanning import LockedPdf, NoSymbol, NotPicture, TooManyFiles
from app.documents import symbol_reader
from app.documents.limited_child import LimitedChild
from tests.builders.certificates import HOST, issued, open_house, some_facts
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
SIXTY_MEGAPIXELS = (10_000, 6_000)
UNTIL_KILLED = "import time\nwhile True: time.sleep(1)"


@pytest.fixture
def house(database: str, tmp_path: Path) -> Path:
    """A database with keys and a log."""
    open_house(tmp_path)
    return tmp_path


def a_symbol(text: str = "x") -> Image.Image:
    return qrcode.make(text).get_image().convert("RGB")


def a_picture(picture: Image.Image, kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    picture.save(made, kind)
    return made.getvalue()


def a_pdf(*pages: Image.Image) -> bytes:
    made = io.BytesIO()
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:])
    return made.getvalue()


def a_pdf_that_unfolds(side: int) -> bytes:
    """Return a small page that holds a white picture of so many pixels a side."""
    packer = zlib.compressobj(1)
    row = b"\xff" * side
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    picture = f"/XObject/Subtype/Image/Width {side}/Height {side}/ColorSpace/DeviceGray"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
        b"/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length 28>>stream\nq 200 0 0 200 0 0 cm /I Do Q\nendstream",
        f"<</Type{picture}/BitsPerComponent 8/Filter/FlateDecode/Length {len(packed)}>>".encode()
        + b"stream\n"
        + packed
        + b"\nendstream",
    ]
    numbered = (b"%d 0 obj %s endobj\n" % item for item in enumerate(objects, 1))
    return b"%PDF-1.4\n" + b"".join(numbered) + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF"


def a_locked_pdf() -> bytes:
    """Return a PDF that names an encryption, and no password that opens it."""
    plain = a_pdf(a_symbol())
    locked = (
        b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O("
        + b"o" * 32
        + b")/U("
        + b"u" * 32
        + b")>>/ID[(i)(i)]"
    )
    return plain.replace(b"/Root", locked + b"/Root", 1)


def a_child(folder: Path, program: str, *, cpu_seconds: int = 5, wall: float = 5.0) -> LimitedChild:
    script = folder / "child.py"
    script.write_text(program, encoding="utf-8")
    return LimitedChild(str(script), 256 * 1024**2, cpu_seconds, wall)


def texts(content: bytes) -> list[str]:
    return symbol_reader.symbols(content, inf).texts


class TestAFile:
    def test_is_read_as_phones_and_screens_make_it_and_nothing_else(self):
        read: dict[str, list[str] | str] = {}
        for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM"):
            try:
                read[kind] = texts(a_picture(a_symbol(), kind))
            except symbol_reader.NotPicture:
                read[kind] = "refused"

        assert [kind for kind, text in read.items() if text == ["x"]] == ["JPEG", "PNG", "WEBP"]
        assert sum(text == "refused" for text in read.values()) == 4

    @pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
    def test_is_read_as_it_looks_on_white_paper(self, mode):
        symbol = a_symbol().convert("L")
        black = Image.new("RGBA", symbol.size, (0, 0, 0, 255))
        black.putalpha(symbol.point(lambda light: 255 - light))
        seen = black.convert(mode)

        assert seen.has_transparency_data
        assert texts(a_picture(seen)) == ["x"]

    def test_is_refused_where_its_picture_is_broken(self):
        whole = a_picture(a_symbol())

        for place in range(8, min(len(whole), 120)):
            broken = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
            with suppress(symbol_reader.NotPicture):
                symbol_reader.symbols(broken, inf)

    def test_is_looked_for_on_the_first_pages_and_no_longer_than_is_right(self):
        page = a_symbol()
        blank = Image.new("RGB", page.size, "white")

        assert texts(a_pdf(blank, blank, page)) == ["x"]
        late = symbol_reader.symbols(a_pdf(blank, blank, blank, page), inf)
        assert (late.texts, late.unread) == ([], 1)
        large = Image.new("RGB", (3000, 2000), "white")
        assert texts(a_pdf(large, large, large)) == []
        with pytest.raises(symbol_reader.NotPicture):
            texts(a_pdf(Image.new("RGB", (5000, 3000), "white")))
        assert symbol_reader.symbols(a_pdf(page), time.monotonic() - 1).texts == []

    def test_gives_up_every_symbol_once(self):
        first, second = a_symbol("x"), a_symbol("y")
        both = Image.new("RGB", (first.width * 2, first.height), "white")
        both.paste(first, (0, 0))
        both.paste(second, (first.width, 0))

        assert sorted(texts(a_picture(both))) == ["x", "y"]
        assert texts(a_pdf(second, first, second)) == ["y", "x"]


class TestTheChild:
    async def test_reads_what_it_is_given(self):
        assert (await scanning.symbol_in(a_picture(a_symbol()))).text == "x"
        assert (await scanning.symbol_in(a_pdf(a_symbol()))).text == "x"
        with pytest.raises(NoSymbol):
            await scanning.symbol_in(a_picture(Image.new("L", (9, 9))))
        with pytest.raises(NotPicture):
            await scanning.symbol_in(b"no picture")
        with pytest.raises(NotPicture):
            await scanning.symbol_in(bytes(scanning.MOST_BYTES + 1))

    async def test_tells_a_locked_file_from_a_broken_one(self):
        with pytest.raises(LockedPdf):
            await scanning.symbol_in(a_locked_pdf())
        with pytest.raises(NotPicture):
            await scanning.symbol_in(b"%PDF-1.7 nothing")

    async def test_gets_by_with_little_memory(self, monkeypatch):
        """What it may take was less than the old way took: 740 MB for one color."""
        narrow = LimitedChild("symbol_reader.py", 320 * 1024**2, 12, 30.0)
        monkeypatch.setattr(scanning, "READER", narrow)
        one_color = Image.new("P", SIXTY_MEGAPIXELS, 1)
        one_color.putpalette([255, 255, 255, 0, 0, 0])

        with pytest.raises(NoSymbol):
            await scanning.symbol_in(a_picture(one_color))
        with pytest.raises(NotPicture):
            await scanning.symbol_in(a_picture(Image.new("LA", SIXTY_MEGAPIXELS)))

    async def test_is_not_filled_by_what_unfolds(self, monkeypatch):
        monkeypatch.setattr(
            scanning, "READER", LimitedChild("symbol_reader.py", 256 * 1024**2, 12, 60.0)
        )

        with pytest.raises((NoSymbol, NotPicture)):
            await scanning.symbol_in(a_pdf_that_unfolds(18_000))

    @pytest.mark.parametrize(
        "program",
        [
            "bytes(512 * 1024**2)",
            "while True: pass",
            "import os; os.abort()",
            "raise SystemExit(9)",
        ],
    )
    async def test_may_die(self, tmp_path, monkeypatch, program):
        monkeypatch.setattr(scanning, "READER", a_child(tmp_path, program, cpu_seconds=1, wall=60))

        with pytest.raises(NotPicture):
            await scanning.symbol_in(a_picture(a_symbol()))

    async def test_is_killed_and_gone_where_it_hangs(self, tmp_path, monkeypatch):
        told = tmp_path / "pid"
        program = f"import os; open({str(told)!r}, 'w').write(str(os.getpid()))\n{UNTIL_KILLED}"
        monkeypatch.setattr(scanning, "READER", a_child(tmp_path, program, wall=2.0))

        with pytest.raises(NotPicture):
            await scanning.symbol_in(a_picture(a_symbol()))

        with pytest.raises(ProcessLookupError):
            os.kill(int(told.read_text()), 0)


class TestThePage:
    async def test_says_how_many_were_seen_and_what_was_not_read(self, house):
        lines = await issued(some_facts(4))
        texts = [register.qr_text(HOST, await register.certificate(line.id)) for line in lines]
        bare = [text.partition("#")[0] for text in texts[:2]]
        async with a_visit(house) as visitor:
            one, many, without = [
                await visitor.send("/verify", "/verify/file", {}, file=("a.pdf", content))
                for content in (
                    a_pdf(a_symbol(texts[0])),
                    a_pdf(*map(a_symbol, texts)),
                    a_pdf(*map(a_symbol, bare)),
                )
            ]
            followed = await visitor.get(without.headers["location"])

        assert [answer.status_code for answer in (one, many, without)] == [200, 200, 303]
        assert "张证书的二维码" not in one.text
        assert "有 3 张证书的二维码，这里查验的是第一张" in many.text
        assert "还有 1 页没有读" in many.text
        assert lines[0].name in many.text
        assert lines[1].number not in many.text
        assert "有 2 张证书的二维码" in followed.text

    async def test_says_where_it_did_not_look(self, house):
        blank = Image.new("RGB", (90, 90), "white")
        async with a_visit(house) as visitor:
            sent = await visitor.send(
                "/verify", "/verify/file", {}, file=("a.pdf", a_pdf(*[blank] * 4))
            )

        assert sent.status_code == 422
        assert "前 3 页里没有读到证书二维码" in sent.text


class TestTheQueue:
    async def test_lets_others_pass_whoever_sends_what_hangs(self, tmp_path, monkeypatch):
        hangs, reads = a_child(tmp_path, UNTIL_KILLED, wall=60), scanning.READER

        async def send(asker: str, child: LimitedChild) -> None:
            async with scanning.in_turn(asker):
                monkeypatch.setattr(scanning, "READER", child)
                await scanning.symbol_in(a_picture(a_symbol()))

        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(send, "one who floods", hangs)
            await anyio.wait_all_tasks_blocked()
            with anyio.fail_after(30):
                await send("another", reads)
            group.cancel_scope.cancel()

    async def test_says_so_where_it_is_too_long(self, house, monkeypatch):
        monkeypatch.setattr(scanning, "MOST_WAIT", 0.01)
        file = ("a.png", a_picture(a_symbol()), "image/png")
        async with scanning.in_turn("one"), scanning.in_turn("another"):
            with pytest.raises(TooManyFiles):
                async with scanning.in_turn("a third"):
                    pass
            async with a_visit(house) as visitor:
                answer = await visitor.send("/verify", "/verify/file", {}, file=file)

        assert answer.status_code == 503
        assert "请等半分钟再试" in answer.text
        assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("text", ["SF1234567890123", "https://verify.example.cn/verify#log=c3Ry"])
async def test_a_symbol_that_is_no_certificate_s_is_called_so(house: Path, text: str) -> None:
    content = a_picture(a_symbol(text))
    async with a_visit(house) as visitor:
        page = await visitor.send("/verify", "/verify/file", {}, file=("a.png", content))

    assert 'data-verdict="uncertain"' in page.text
    assert "这不是证书的二维码" in page.text
    assert "签名不成立" not in page.text
