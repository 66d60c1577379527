"""When each present mark was made, and by whom: for what is told of the day's marking."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from app.rules.mark_sheet import MarkState, SheetStatus
from app.sheets.judgements import DESK
from app.sheets.tables import MarkHead


class MarkMoment(Struct, frozen=True):
    """One present value; `moment` is its place in the order of marking, `account_id` its judge."""

    aspect: str
    code: str
    seat: str
    account_id: int | None
    value_e4: int
    moment: int


async def moments_of(ledger: str) -> list[MarkMoment]:
    """Return the present values of a ledger in the order in which judges gave them.

    By the tablet's clock, then as they came in. A cell in conflict is not among them. What
    came from a tablet its judge gave, whoever has the sheet by now; what was keyed in goes by the
    judge of the sheet.
    """
    rows = await MarkHead.raw(
        "SELECT h.aspect, s.subject_code, s.seat, s.account,"
        " r.account_id, r.device, h.state, h.value_e4"
        " FROM mark_head AS h JOIN mark_sheet AS s ON s.id = h.sheet"
        " JOIN mark_ledger AS l ON l.id = s.ledger"
        " JOIN ledger_record AS r ON r.record_id = h.record_id"
        " WHERE l.name = {} AND s.status <> {} ORDER BY r.device_at, r.seq",
        ledger,
        SheetStatus.VOID.value,
    )
    heads: dict[tuple[str, str, str], int] = {}
    for row in rows:
        cell = row["subject_code"], row["seat"], row["aspect"]
        heads[cell] = heads.get(cell, 0) + 1
    return [
        MarkMoment(*cell, _judge(row), row["value_e4"], at)
        for at, row in enumerate(rows)
        if row["state"] == MarkState.MARKED.value
        and heads[row["subject_code"], row["seat"], row["aspect"]] == 1
        for cell in ((row["aspect"], row["subject_code"], row["seat"]),)
    ]


def _judge(row: Mapping[str, Any]) -> int | None:
    is_keyed = row["device"] == DESK or row["account_id"] is None
    found: int | None = row["account" if is_keyed else "account_id"]
    return found
