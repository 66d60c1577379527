"""What the server says of a tablet's sheets: what changed since the version that it knows.

The scores of a judgement lie sealed: another seat's score is in an answer only once every seat of
that code and form has given one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from app.rules.mark_sheet import AspectKind, MarkState, SheetForm, decimal_text, is_revealed
from app.sheets import forms
from app.sheets.tables import MarkHead, MarkSheet

Says = tuple[MarkState, int | None]


class HeadFacts(Struct, frozen=True):
    """One head of a cell: value as decimal text, state, who, on which device."""

    id: str
    v: str | None
    m: str
    by: str
    dev: str


class OtherScore(Struct, frozen=True):
    """Another seat's score of a judgement, once all are in."""

    seat: str
    v: str | None
    m: str


class CellFacts(Struct, frozen=True):
    """A cell as the server has it."""

    heads: list[HeadFacts]
    others: list[OtherScore] | None = None


class SheetSnapshot(Struct, frozen=True):
    """A sheet as the server has it; `cells` holds those changed after version `since`."""

    version: int
    since: int
    status: str
    reason: str
    root: str
    cells: dict[str, CellFacts]


class _Seen(Struct, frozen=True):
    id: int
    key: str
    version: int
    status: str
    returned_reason: str
    signed_root: str | None
    ledger: int
    form: int
    digest: str
    subject_code: str
    seat: str


async def snapshots(
    known: Mapping[str, int], accounts: Collection[int | None]
) -> dict[str, SheetSnapshot]:
    """Return the sheets of these judges that changed after the versions that the tablet knows."""
    seen = [sheet for sheet in await _seen(known, accounts) if sheet.version > known[sheet.key]]
    if not seen:
        return {}
    definitions = await forms.by_id({sheet.form: sheet.digest for sheet in seen})
    heads = await _heads(sheet.id for sheet in seen)
    shown = await _shown(seen, definitions)
    return {
        sheet.key: SheetSnapshot(
            version=sheet.version,
            since=known[sheet.key],
            status=sheet.status,
            reason=sheet.returned_reason,
            root=sheet.signed_root or "",
            cells=_cells(sheet, heads.get(sheet.id, {}), shown.get(sheet.id, {}), known[sheet.key]),
        )
        for sheet in seen
    }


async def _seen(known: Mapping[str, int], accounts: Collection[int | None]) -> list[_Seen]:
    owners = sorted({account for account in accounts if account is not None})
    if not known or not owners:
        return []
    keys = ", ".join(["{}"] * len(known))
    judges = ", ".join(["{}"] * len(owners))
    rows = await MarkSheet.raw(
        "SELECT s.id, s.key, s.version, s.status, s.returned_reason, s.signed_root, s.ledger,"  # noqa: S608 - placeholders only
        " s.form, d.digest, s.subject_code, s.seat FROM mark_sheet AS s"
        " JOIN sheet_definition AS d ON d.id = s.form"
        f" WHERE s.key IN ({keys}) AND s.account IN ({judges})",
        *known,
        *owners,
    )
    return msgspec.convert(rows, list[_Seen])


async def _heads(sheet_ids: Iterable[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    rows = (
        await MarkHead.select()
        .where(MarkHead.sheet.is_in(sorted(sheet_ids)))
        .order_by(MarkHead.record_id)
    )
    found: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row["sheet"]][row["aspect"]].append(row)
    return found


def _cells(
    sheet: _Seen,
    heads: Mapping[str, list[dict[str, Any]]],
    shown: Mapping[str, list[OtherScore]],
    since: int,
) -> dict[str, CellFacts]:
    return {
        f"{aspect}:{sheet.seat}": CellFacts([_head(row) for row in rows], shown.get(aspect))
        for aspect, rows in heads.items()
        if aspect in shown or any(row["version"] > since for row in rows)
    }


def _head(row: Mapping[str, Any]) -> HeadFacts:
    return HeadFacts(
        row["record_id"],
        _text(row["value_e4"]),
        row["state"],
        row["by_name"],
        device_label(row["device"]),
    )


def device_label(device: str) -> str:
    """Return what people call a device: the end of a tablet's key, or the desk."""
    return device if device == "desk" else device[-4:].upper()


def _text(value_e4: int | None) -> str | None:
    return None if value_e4 is None else decimal_text(value_e4)


async def _shown(
    seen: Iterable[_Seen], definitions: Mapping[int, SheetForm]
) -> dict[int, dict[str, list[OtherScore]]]:
    """Return, by sheet and aspect, the other seats' scores of judgements that are complete."""
    asked = {sheet.id: sheet for sheet in seen if _judgements(definitions[sheet.form])}
    if not asked:
        return {}
    marks = ", ".join(["{}"] * len(asked))
    rows = await MarkSheet.raw(
        "SELECT own.id AS own, beside.seat, head.aspect, head.state, head.value_e4"  # noqa: S608 - placeholders only
        " FROM mark_sheet AS own"
        " JOIN mark_sheet AS beside ON beside.ledger = own.ledger AND beside.form = own.form"
        " AND beside.subject_code = own.subject_code"
        " LEFT JOIN mark_head AS head ON head.sheet = beside.id"
        f" WHERE own.id IN ({marks}) ORDER BY beside.seat, head.id",
        *asked,
    )
    seats: dict[int, dict[str, None]] = defaultdict(dict)
    given: dict[tuple[int, str], dict[str, Says]] = defaultdict(dict)
    for row in rows:
        seats[row["own"]][row["seat"]] = None
        if row["aspect"] is not None:
            given[row["own"], row["aspect"]][row["seat"]] = (
                MarkState(row["state"]),
                row["value_e4"],
            )
    return {
        sheet_id: {
            aspect: _others(given[sheet_id, aspect], sheet.seat)
            for aspect in _judgements(definitions[sheet.form])
            if is_revealed(given[sheet_id, aspect], tuple(seats[sheet_id]))
        }
        for sheet_id, sheet in asked.items()
    }


def _judgements(form: SheetForm) -> list[str]:
    return [aspect.id for aspect in form.aspects if aspect.kind is AspectKind.JUDGEMENT]


def _others(given: Mapping[str, Says], own_seat: str) -> list[OtherScore]:
    return [
        OtherScore(seat, _text(value), state.value)
        for seat, (state, value) in sorted(given.items())
        if seat != own_seat
    ]
