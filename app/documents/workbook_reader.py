"""Read one worksheet in a child process that may die: `python -m app.documents.workbook_reader FILE`.

A workbook of two kilobytes can abort the reading library, another can make it read for ever; so
it runs apart, with bounds on memory (1 GiB), processor time (20 s) and the clock, after a look at
the archive's directory. The child prints JSON: {"sheet": name, "rows": [[cell, …], …]}; a date is
{"d": "1990-01-02"}, an empty cell null.
"""

import datetime
import json
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

from anyio import fail_after, run_process

from app.errors import N_, RuleBroken, refusal

MOST_BYTES: Final = 32 * 1024 * 1024
MOST_UNPACKED: Final = 100 * 1024 * 1024
MOST_RATIO: Final = 200
MOST_MEMBERS: Final = 200
MEMORY_BYTES: Final = 1024**3
CPU_SECONDS: Final = 20
WALL_SECONDS: Final = 40
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200


@refusal
class NotAWorkbook(RuleBroken):
    """The file is no .xlsx."""

    says = N_("这不是 .xlsx 表格文件。请用 Excel 或 WPS 打开后另存为“Excel 工作簿 (.xlsx)”，再上传。")
    field = "file"


@refusal
class LockedWorkbook(RuleBroken):
    """The file is protected by a password."""

    says = N_("表格设置了打开密码，无法读取。请取消密码后重新保存、上传。")
    field = "file"


@refusal
class WorkbookTooLarge(RuleBroken):
    """The file would unpack to too much."""

    says = N_("表格太大或内容异常，没有读取。请删去图片和多余的工作表，或拆成几个文件，每个不超过 10 万行。")
    field = "file"


@refusal
class WorkbookUnreadable(RuleBroken):
    """The reader gave up or was stopped."""

    says = N_("表格内容损坏，无法读取。请把数据复制到本页下载的模板中，保存后再上传。")
    field = "file"


OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"


def look_inside(path: Path) -> None:
    """Raise before anything is unpacked where the archive is no workbook or would be too much."""
    with path.open("rb") as file:
        start = file.read(4)
    if start == OLE_SIGNATURE:
        raise LockedWorkbook
    if path.stat().st_size > MOST_BYTES:
        raise WorkbookTooLarge
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise NotAWorkbook from None
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise NotAWorkbook
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if unpacked > MOST_UNPACKED or unpacked / packed > MOST_RATIO or len(members) > MOST_MEMBERS:
        raise WorkbookTooLarge


async def read(path: Path) -> tuple[str, list[list[Any]]]:
    """Return the name and the rows of the first visible worksheet; raise the refusals above."""
    look_inside(path)
    command = [sys.executable, "-m", "app.documents.workbook_reader", str(path.absolute())]
    try:
        with fail_after(WALL_SECONDS):
            done = await run_process(command, check=False, cwd=Path(__file__).parent.parent.parent)
    except TimeoutError:
        raise WorkbookUnreadable from None
    if done.returncode != 0:
        raise WorkbookTooLarge if done.returncode == TOO_MANY else WorkbookUnreadable
    answer = json.loads(done.stdout)
    return str(answer["sheet"]), answer["rows"]


TOO_MANY: Final = 3


def main(path: str) -> int:
    """Be the child: bound this process, read, print."""
    _bound()
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only the child needs it

    workbook = CalamineWorkbook.from_path(path)
    name = workbook.sheet_names[0]
    sheet = workbook.get_sheet_by_index(0)
    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
        return TOO_MANY
    first_row, first_column = sheet.start or (0, 0)
    rows: list[list[Any]] = [[] for _ in range(first_row)]
    for row in sheet.to_python(skip_empty_area=True):
        rows.append([None] * first_column + [_plain(cell) for cell in row])
    sys.stdout.write(json.dumps({"sheet": name, "rows": rows}, ensure_ascii=True))
    return 0


def _bound() -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _plain(cell: Any) -> Any:
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime.datetime | datetime.date):
        return {"d": cell.isoformat()[:10]}
    if isinstance(cell, datetime.time | datetime.timedelta):
        return str(cell)
    return cell


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
