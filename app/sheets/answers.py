"""What the server says of a tablet's sheets: what changed since the version that it knows.

The scores of a judgement lie sealed: another seat's score is in an answer only once every seat of
that code and form has given one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from app.rules.mark_ledger import RecordKind
from app.rules.mark_sheet import SheetForm, decimal_text
from app.sheets import files, forms
from app.sheets.judgements import Judgement, judgements_of
from app.storage import engine
from app.storage.rows import one_of


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


class Shown(Struct, frozen=True):
    """A judgement whose scores are all in; a word is "owed" by this seat, "given", or neither.

    `most` is how far the scores may lie apart by the rules of today.
    """

    others: list[OtherScore]
    talk: str
    most: int


class CellFacts(Struct, frozen=True):
    """A cell as the server has it; `others`, `talk` and `most` are those of `Shown`."""

    heads: list[HeadFacts]
    others: list[OtherScore] | None = None
    talk: str = ""
    most: int | None = None


class NoteFacts(Struct, frozen=True):
    """A note on a cell, with the SHA-256 of each photo beside it."""

    id: str
    cell: str
    text: str
    files: list[str]
    by: str
    dev: str


class SheetSnapshot(Struct, frozen=True):
    """A sheet as the server has it; `cells` holds those changed after version `since`.

    `notes` are all notes of the sheet, or None where there is no new one since.
    """

    version: int
    since: int
    status: str
    reason: str
    root: str
    scheme: str
    cells: dict[str, CellFacts]
    notes: list[NoteFacts] | None = None


class Asked(Struct, frozen=True):
    """Which sheets a tablet knows in which version, and whose it may hear of."""

    known: Mapping[str, int]
    accounts: Collection[int | None]


class _Seen(Struct, frozen=True):
    id: int
    key: str
    account: int | None
    version: int
    status: str
    returned_reason: str
    signed_root: str | None
    form: int
    digest: str
    scheme: str
    seat: str
    noted: int | None

    def has_news(self, since: int) -> bool:
        """Tell whether it may hold notes that a version does not have."""
        return since == 0 or (self.noted or 0) > since


async def snapshots(asked: Sequence[Asked]) -> list[dict[str, SheetSnapshot]]:
    """Return, for each who asks, its sheets that changed after the versions that it knows."""
    oldest: dict[str, int] = {}
    for one in asked:
        for key, version in one.known.items():
            oldest[key] = min(version, oldest.get(key, version))
    owners = {account for one in asked for account in one.accounts if account is not None}
    seen = [sheet for sheet in await _changed(oldest) if sheet.account in owners]
    if not seen:
        return [{} for _ in asked]
    definitions = await forms.by_id({sheet.form: sheet.digest for sheet in seen})
    shown = await _shown(seen, definitions)
    heads = await _heads(
        (sheet.id, -1 if sheet.id in shown else oldest[sheet.key]) for sheet in seen
    )
    notes = await _notes([sheet for sheet in seen if sheet.has_news(oldest[sheet.key])])
    return [
        {
            sheet.key: _snapshot(sheet, heads[sheet.id], shown.get(sheet.id, {}), since, notes)
            for sheet in seen
            if sheet.account in one.accounts
            and sheet.version > (since := one.known.get(sheet.key, sheet.version))
        }
        for one in asked
    ]


async def _changed(known: Mapping[str, int]) -> Iterable[_Seen]:
    places, arguments = one_of(known.items(), "(?, CAST(? AS BIGINT))")
    if not arguments:
        return ()
    rows = await engine.fetch(
        "SELECT s.id, s.key, s.account, s.version, s.status, s.returned_reason, s.signed_root,"  # noqa: S608 - placeholders only
        " s.form, d.digest, d.scheme_sha256 AS scheme, s.seat, s.noted"
        f" FROM (VALUES {places}) AS told"
        " JOIN mark_sheet AS s ON s.key = told.column1"
        " JOIN sheet_definition AS d ON d.id = s.form WHERE s.version > told.column2",
        arguments,
    )
    return {row["id"]: _Seen(**row) for row in rows}.values()


async def _notes(sheets: Collection[_Seen]) -> dict[int, list[NoteFacts]]:
    """Return every note of some sheets, oldest first."""
    places, arguments = one_of(sheet.id for sheet in sheets)
    if not arguments:
        return {}
    seats = {sheet.id: sheet.seat for sheet in sheets}
    rows = await engine.fetch(
        "SELECT sheet, record_id, aspect, reason, account_name, device FROM ledger_record"  # noqa: S608 - placeholders only
        f" WHERE sheet IN ({places}) AND kind = '{RecordKind.NOTE.value}' ORDER BY seq",
        arguments,
    )
    found: dict[int, list[NoteFacts]] = defaultdict(list)
    for row in rows:
        found[row["sheet"]].append(_note(row, seats[row["sheet"]]))
    return found


def _note(row: Mapping[str, Any], seat: str) -> NoteFacts:
    return NoteFacts(
        row["record_id"],
        f"{row['aspect']}:{seat}",
        files.words_of(row["reason"]),
        files.names_in(row["reason"]),
        row["account_name"],
        device_label(row["device"]),
    )


async def _heads(
    sheets: Iterable[tuple[int, int]],
) -> dict[int, dict[str, list[Mapping[str, Any]]]]:
    """Return the heads of the cells that changed on some sheets after a version of each."""
    places, arguments = one_of(sheets, "(CAST(? AS INTEGER), CAST(? AS BIGINT))")
    rows = await engine.fetch(
        "SELECT DISTINCT h.sheet, h.aspect, h.record_id, h.state, h.value_e4, h.by_name, h.device,"  # noqa: S608 - placeholders only
        f" h.version FROM (VALUES {places}) AS told JOIN mark_head AS changed"
        " ON changed.sheet = told.column1 AND changed.version > told.column2"
        " JOIN mark_head AS h ON h.sheet = changed.sheet AND h.aspect = changed.aspect"
        " ORDER BY h.record_id",
        arguments,
    )
    found: dict[int, dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row["sheet"]][row["aspect"]].append(row)
    return found


def _snapshot(
    sheet: _Seen,
    heads: Mapping[str, list[Mapping[str, Any]]],
    shown: Mapping[str, Shown],
    since: int,
    notes: Mapping[int, list[NoteFacts]],
) -> SheetSnapshot:
    return SheetSnapshot(
        version=sheet.version,
        since=since,
        status=sheet.status,
        reason=sheet.returned_reason,
        root=sheet.signed_root or "",
        scheme=sheet.scheme,
        cells=_cells(sheet, heads, shown, since),
        notes=notes.get(sheet.id, []) if sheet.has_news(since) else None,
    )


def _cells(
    sheet: _Seen,
    heads: Mapping[str, list[Mapping[str, Any]]],
    shown: Mapping[str, Shown],
    since: int,
) -> dict[str, CellFacts]:
    return {
        f"{aspect}:{sheet.seat}": _cell([_head(row) for row in rows], shown.get(aspect))
        for aspect, rows in heads.items()
        if aspect in shown or any(row["version"] > since for row in rows)
    }


def _cell(heads: list[HeadFacts], shown: Shown | None) -> CellFacts:
    if shown is None:
        return CellFacts(heads)
    return CellFacts(heads, shown.others, shown.talk, shown.most)


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
) -> dict[int, dict[str, Shown]]:
    """Return, by sheet and aspect, the other seats' scores of judgements that are complete."""
    asked = {sheet.id: sheet for sheet in seen if definitions[sheet.form].judgements}
    found = await judgements_of(asked)
    return {
        sheet_id: {
            aspect: _shown_to(asked[sheet_id].seat, judgement)
            for aspect, judgement in judged.items()
            if judgement.is_revealed and len(judgement.seats) > 1
        }
        for sheet_id, judged in found.items()
    }


def _shown_to(own_seat: str, judgement: Judgement) -> Shown:
    owing = judgement.owing()
    others = [
        OtherScore(seat, _text(value), state.value)
        for seat, (state, value) in sorted(judgement.given.items())
        if seat != own_seat
    ]
    talk = "owed" if own_seat in owing else "given" if owing else ""
    return Shown(others, talk, judgement.most)
