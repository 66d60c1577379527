"""Read a workbook safely: a look at the archive's directory, then a child process that may die.

The child (`limited_reader`) is bounded in what it uses up and in how much it may answer.
"""

import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any, Final

import msgspec

from app.documents import limited_reader
from app.documents.limited_child import LimitedChild
from app.documents.limited_reader import FRAME, Found, Frame, Order
from app.errors import N_, RuleBroken, refusal

MOST_BYTES: Final = 32 * 1024 * 1024
MOST_UNPACKED: Final = 100 * 1024 * 1024
MOST_RATIO: Final = 200
MOST_MEMBERS: Final = 200
MOST_DIRECTORY: Final = 256 * 1024
MOST_ANSWER: Final = 256 * 1024 * 1024
MEMORY_BYTES, CPU_SECONDS, WALL_SECONDS = 1024**3, 20, 45.0
BY_TITLES, BY_LANDMARKS = (
    LimitedChild(script, MEMORY_BYTES, CPU_SECONDS, WALL_SECONDS)
    for script in ("limited_reader.py", "landmark_reader.py")
)
OLE_SIGNATURE: Final = b"\xd0\xcf\x11\xe0"
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
END_OF_DIRECTORY: Final = b"PK\x05\x06"
Take = Callable[[Any], None]


@refusal
class NotAWorkbook(RuleBroken):
    """The file is no .xlsx."""

    says = N_(
        "这不是 .xlsx 表格文件。请用 Excel 或 WPS 打开后另存为“Excel 工作簿 (.xlsx)”，再上传。"
    )
    field = "file"


@refusal
class OldWorkbook(RuleBroken):
    """The file is of the format before 2007, or another of its kind."""

    says = N_("这是旧的 .xls 格式。请用 Excel 或 WPS 打开后另存为“Excel 工作簿 (.xlsx)”，再上传。")
    field = "file"


@refusal
class PlainText(RuleBroken):
    """The file is text with separators: leading zeros and long numbers are lost in it."""

    says = N_(
        "这是 .csv 文本文件，身份证号等长数字容易丢失。请把数据放进本页下载的 .xlsx 模板再上传。"
    )
    field = "file"


@refusal
class LockedWorkbook(RuleBroken):
    """The file is protected by a password."""

    says = N_("表格设置了打开密码，无法读取。请取消密码后重新保存、上传。")
    field = "file"


@refusal
class WorkbookTooLarge(RuleBroken):
    """The file would unpack to too much."""

    says = N_(
        "表格太大或内容异常，没有读取。请删去图片和多余的工作表，或拆成几个文件，"
        "每个不超过 10 万行。"
    )
    field = "file"


@refusal
class WorkbookUnreadable(RuleBroken):
    """The reader gave up or was stopped."""

    says = N_("表格内容损坏，无法读取。请把数据复制到本页下载的模板中，保存后再上传。")
    field = "file"


@refusal
class EmptyFile(RuleBroken):
    """Nothing was sent."""

    says = N_("文件是空的，请重新选择。")
    field = "file"


def look_inside(content: bytes) -> None:
    """Raise before anything is unpacked where this is no workbook or would be too much."""
    if not content:
        raise EmptyFile
    if content.startswith(OLE_SIGNATURE):
        raise LockedWorkbook if ENCRYPTED in content else OldWorkbook
    if len(content) > MOST_BYTES:
        raise WorkbookTooLarge
    if not content.startswith(b"PK"):
        raise PlainText if _is_text(content[:4096]) else NotAWorkbook
    _refuse_long_directory(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, struct.error):
        raise WorkbookUnreadable from None
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise NotAWorkbook
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if unpacked > MOST_UNPACKED or unpacked / packed > MOST_RATIO or len(members) > MOST_MEMBERS:
        raise WorkbookTooLarge


def _is_text(start: bytes) -> bool:
    return b"\0" not in start and (b"," in start or b"\t" in start)


def _refuse_long_directory(content: bytes) -> None:
    """Raise where reading the archive's directory itself would be much work."""
    place = content.rfind(END_OF_DIRECTORY, -(65_557))
    if place < 0 or len(content) < place + 16:
        raise WorkbookUnreadable
    if struct.unpack_from("<I", content, place + 12)[0] > MOST_DIRECTORY:
        raise WorkbookTooLarge


async def read(content: bytes, order: Order, take: Take) -> None:
    """Hand over where the table is, then its rows in frames, as the child reads them.

    Raise the refusals above; then what was handed over before counts for nothing.
    """
    look_inside(content)
    child = BY_LANDMARKS if order.landmarks else BY_TITLES
    try:
        code = await child.read(content, msgspec.json.encode(order).decode(), _Frames(take).add)
    except TimeoutError:
        raise WorkbookUnreadable from None
    if code == limited_reader.TOO_MUCH:
        raise WorkbookTooLarge
    if code != 0:
        raise WorkbookUnreadable


class _Frames:
    """Frames made of what the child writes, as it comes; handed on as they are whole."""

    def __init__(self, take: Take) -> None:
        self.take = take
        self.kept = bytearray()
        self.received = 0
        self.read_frame = _read_first

    def add(self, part: bytes) -> None:
        self.kept += part
        self.received += len(part)
        if self.received > MOST_ANSWER:
            raise WorkbookTooLarge
        while len(self.kept) >= FRAME.size:
            end = FRAME.size + FRAME.unpack_from(self.kept)[0]
            if len(self.kept) < end:
                break
            frame = bytes(self.kept[FRAME.size : end])
            del self.kept[:end]
            self.take(self.read_frame(frame))
            self.read_frame = _read_rows


_first = msgspec.msgpack.Decoder(Found)
_following = msgspec.msgpack.Decoder(Frame)


def _read_first(frame: bytes) -> Found | Frame:
    try:
        return _first.decode(frame)
    except msgspec.MsgspecError:
        raise WorkbookUnreadable from None


def _read_rows(frame: bytes) -> Found | Frame:
    try:
        return _following.decode(frame)
    except msgspec.MsgspecError:
        raise WorkbookUnreadable from None
