"""Rows of the register that hold what was never written there: no list fails for one of them."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import msgspec
from msgspec import Struct

from app.certificates.tables import Certificate
from app.errors import N_, RuleBroken, refusal
from app.storage import engine

T = TypeVar("T")
UNREADABLE = (ValueError, TypeError, msgspec.MsgspecError)
TEXTS = """
SELECT id, CAST(number AS TEXT) AS number, CAST(name AS TEXT) AS name,
    CAST(title AS TEXT) AS title, CAST(person_id AS BIGINT) AS person_id
FROM certificate WHERE id = ?
"""


@refusal
class RowDamaged(RuleBroken):
    """The row was edited past the house, or its file is damaged."""

    says = N_(
        "第 {id} 张证书的登记被改动或损坏，读不出来。"
        "请管理员运行 xiangjiang check 核对，再从备份恢复。"
    )
    id: int


class DamagedLine(Struct, frozen=True, kw_only=True):
    """What can still be shown of such a row in a list."""

    is_damaged: ClassVar[bool] = True
    id: int
    number: str
    name: str
    title: str
    person_id: int | None


async def read_lines(
    query: Callable[..., Any], columns: tuple[Any, ...], line: Callable[[dict[str, Any]], T]
) -> list[T | DamagedLine]:
    """Return the rows of a query as lines, in its order; a damaged one as what it still shows."""
    try:
        return [line(row) for row in await query(*columns)]
    except UNREADABLE:
        ids = [row["id"] for row in await query(Certificate.id)]
        return [await _one(id_, columns, line) for id_ in ids]


async def _one(
    id_: int, columns: tuple[Any, ...], line: Callable[[dict[str, Any]], T]
) -> T | DamagedLine:
    try:
        row = await Certificate.select(*columns).where(Certificate.id == id_).first()
        return line(row or {})
    except UNREADABLE:
        shown = (await engine.fetch(TEXTS, [id_]))[0]
        return DamagedLine(**{name: shown[name] for name in DamagedLine.__struct_fields__})
