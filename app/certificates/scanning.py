"""Find the certificate's symbol in a picture or a PDF that someone hands us.

The file is read in a child process of limited means. Two are read at once, of one asker's files
only one, and nobody waits for ever: what hangs holds up its sender alone.
"""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

import msgspec
from anyio import Lock, Semaphore, fail_after

from app.documents import symbol_reader
from app.documents.limited_child import LimitedChild
from app.documents.symbol_reader import Seen
from app.errors import N_, RuleBroken, Unavailable, refusal
from app.web.locale import gettext as _

MOST_BYTES: Final = 20_000_000
MOST_SECONDS: Final = 8.0
READER = LimitedChild("symbol_reader.py", 640 * 1024**2, 12, 15.0)
MOST_WAIT: Final = 20.0
OURS: Final = "/v/"


@refusal
class NoSymbol(RuleBroken):
    """There is no readable QR symbol in the file."""

    says = N_("没有在文件中读到证书二维码。请换一张清晰、完整、没有反光的图片，或证书的 PDF 文件。")
    field = "file"


@refusal
class NoSymbolSoFar(NoSymbol):
    """There is none on the pages that were read; there are more."""

    says = N_(
        "前 {most} 页里没有读到证书二维码，后面的页不读。请只上传证书的那一页，或证书的照片。"
    )
    most: int


@refusal
class NotPicture(RuleBroken):
    """The file is no picture or PDF, or a far too large one."""

    says = N_(
        "这个文件不是图片或 PDF，或者太大。请上传证书的照片（JPG、PNG）或 PDF，不超过 20 MB。"
    )
    field = "file"


@refusal
class LockedPdf(RuleBroken):
    """The PDF opens with a password only."""

    says = N_(
        "这个 PDF 设置了打开密码，读不出二维码。请上传没有密码的 PDF，或证书的照片（JPG、PNG）。"
    )
    field = "file"


@refusal
class TooManyFiles(Unavailable):
    """Others' files are being read, and it takes too long."""

    says = N_("现在上传图片的人太多，这一次没有读取。请等半分钟再试，或按编号和姓名查询。")
    field = "file"


SEVERAL: Final = N_(
    "文件里有 {count} 张证书的二维码，这里查验的是第一张。其余的请分开上传，或填一份名单一次查完。"
)
UNREAD: Final = N_("这个 PDF 还有 {count} 页没有读：每个文件只读前 {most} 页。")


class Symbol(msgspec.Struct, frozen=True):
    """The text to check; how many certificates' symbols were seen, and pages not looked at."""

    text: str
    certificates: int
    unread_pages: int

    def beside(self) -> list[str]:
        """Say what else the file holds or may hold; nothing where that is all."""
        found = []
        if self.certificates > 1:
            found.append(_(SEVERAL).format(count=self.certificates))
        if self.unread_pages:
            most = symbol_reader.MOST_PAGES
            found.append(_(UNREAD).format(count=self.unread_pages, most=most))
        return found


async def symbol_in(content: bytes) -> Symbol:
    """Return the first certificate's symbol of a file, or the first of any other kind.

    Raise `NotPicture`, `LockedPdf` or `NoSymbol`.
    """
    if len(content) > MOST_BYTES:
        raise NotPicture
    answer = bytearray()
    try:
        code = await READER.read(content, str(MOST_SECONDS), answer.extend)
    except TimeoutError:
        raise NotPicture from None
    if code == symbol_reader.LOCKED:
        raise LockedPdf
    if code != 0:
        raise NotPicture
    seen = msgspec.json.decode(answer, type=Seen)
    if not seen.texts:
        raise NoSymbolSoFar(symbol_reader.MOST_PAGES) if seen.unread else NoSymbol
    ours = [text for text in seen.texts if OURS in text]
    return Symbol([*ours, *seen.texts][0], len(ours), seen.unread)


_places = Semaphore(2)
_lines: WeakValueDictionary[str, Lock] = WeakValueDictionary()


@asynccontextmanager
async def in_turn(asker: str) -> AsyncGenerator[None]:
    """Wait for a place to read a file of an asker's; raise `TooManyFiles` where it takes long."""
    line = _lines.setdefault(asker, Lock())
    async with AsyncExitStack() as turn:
        try:
            with fail_after(MOST_WAIT):
                await turn.enter_async_context(line)
                await turn.enter_async_context(_places)
        except TimeoutError:
            raise TooManyFiles from None
        yield
