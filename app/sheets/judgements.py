"""Judgements of one aspect by several seats: sealed until all are in, then shown, or too far apart.

Scores too far apart are talked over: each judge writes down what was said and marks anew, and no
sheet is taken before its judge has. A sheet that was handed in earlier goes back.

Seats may mark different forms (the first marks every aspect, the others what all mark): those
belong together whose forms hold the aspect, for the same code of the same ledger.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.errors import N_, RuleBroken, refusal
from app.rules import discussions
from app.rules.actors import SYSTEM
from app.rules.discussions import Said
from app.rules.mark_ledger import CellMark, Outcome, RecordKind, heads, present
from app.rules.mark_sheet import E4, MarkState, SheetForm, SheetStatus, is_revealed, spread_e4
from app.sheets import forms, ledger
from app.sheets.heads import raise_versions_within
from app.sheets.ledger import LockedLedger, NewRecord
from app.sheets.rows import rows_of
from app.sheets.settings import encoded, settings_of
from app.sheets.tables import MarkLedger
from app.storage import engine
from app.storage.rows import one_of

Says = tuple[MarkState, int | None]
DESK: Final = "desk"
TALK: Final = N_("几位裁判的评判相差超过规则允许的范围：请商议、写下说明，再各自重评。")
"""Why a sheet goes back by itself; shown in the reader's language."""


class Judgement(Struct, frozen=True):
    """The scores of one aspect for one code: which seats give one, and what was given when.

    `sheets` names the seat of each sheet, `most` is how far apart the scores may lie. Where a gate
    that failed makes the aspect worthless, its scores may be what they are.
    """

    sheets: Mapping[int, str]
    said: tuple[Said, ...]
    most: int
    is_zeroed: bool = False

    @property
    def seats(self) -> tuple[str, ...]:
        """Return who gives a score."""
        return tuple(dict.fromkeys(self.sheets.values()))

    @property
    def given(self) -> dict[str, Says]:
        """Return what each seat has given so far."""
        return {
            seat: found[-1].says
            for seat in self.seats
            if (found := heads(one.mark for one in self.said if one.seat == seat))
        }

    @property
    def is_revealed(self) -> bool:
        """Tell whether all seats have given theirs."""
        return is_revealed(self.given, self.seats)

    @property
    def is_apart(self) -> bool:
        """Tell whether the scores are all in and lie too far apart."""
        is_open = self.is_revealed and not self.is_zeroed
        return is_open and spread_e4(self.given) > self.most * E4

    def owing(self, later: Iterable[NewRecord] = ()) -> frozenset[str]:
        """Return the seats that owe a word, after what is marked `later`, all in one moment."""
        if self.is_zeroed:
            return frozenset()
        new = (
            Said(seat, record.cell_mark, "now", _is_word(record.reason, record.device))
            for record in later
            if (seat := self.sheets.get(record.sheet_id or 0))
        )
        return discussions.owing((*self.said, *new), self.seats, self.most)


@refusal
class JudgementsApart(RuleBroken):
    """The scores of one judgement lie further apart than the rules allow."""

    says = N_(
        "{code} 号“{aspect}”的评判相差超过 {most}。"
        "请各裁判商议、写下说明后重评；已提交的评分表先退回给裁判。"
    )
    code: str
    aspect: str
    most: int


@refusal
class WordOwed(RuleBroken):
    """A seat has not yet written down what was said about scores that lay too far apart."""

    says = N_(
        "{code} 号“{aspect}”的评判曾相差超过 {most}，{seat} 席还没有写下说明并重评。"
        "请裁判补上；裁判已离场的，由裁判长退回评分表，再写下原因代为提交。"
    )
    code: str
    aspect: str
    most: int
    seat: str


async def judgements_of(sheet_ids: Iterable[int]) -> dict[int, dict[str, Judgement]]:
    """Return, by sheet, the judgements of its code with all that every seat has said."""
    rows = await _marks_beside(sheet_ids)
    definitions = await forms.by_id({row["form"]: row["digest"] for row in rows})
    sheets: dict[int, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    said: dict[int, dict[str, list[Said]]] = defaultdict(lambda: defaultdict(list))
    gates: dict[tuple[int, int, int, str], list[CellMark]] = defaultdict(list)
    asked: dict[int, tuple[tuple[str, ...], int]] = {}
    for row in rows:
        form = definitions[row["form"]]
        judged = form.judgements
        if row["id"] == row["own"] and row["own"] not in asked:
            asked[row["own"]] = judged, settings_of(row).max_spread
        for aspect in judged:
            sheets[row["own"]][aspect][row["id"]] = row["seat"]
        if row["aspect"] in judged:
            said[row["own"]][row["aspect"]].append(_said(row))
        elif form.zeroed_by(row["aspect"]):
            gates[row["own"], row["id"], row["form"], row["aspect"]].append(_said(row).mark)
    zeroed = _zeroed(gates, definitions)
    return {
        own: {
            name: Judgement(
                _by_seat(sheets[own][name]), tuple(said[own][name]), most, name in zeroed[own]
            )
            for name in aspects
        }
        for own, (aspects, most) in asked.items()
        if aspects
    }


async def _marks_beside(sheet_ids: Iterable[int]) -> Sequence[Mapping[str, Any]]:
    """Return the sheets that count for the codes of some sheets, each with its marks."""
    places, arguments = one_of(sheet_ids)
    if not arguments:
        return []
    return await engine.fetch(
        "SELECT own.id AS own, beside.id, beside.seat, beside.form, definition.digest,"  # noqa: S608 - placeholders only
        " book.settings, record.aspect, record.record_id, record.parents, record.state,"
        " record.value_e4, record.reason, record.device, record.server_at"
        " FROM mark_sheet AS own JOIN mark_ledger AS book ON book.id = own.ledger"
        " JOIN mark_sheet AS beside ON beside.ledger = own.ledger"
        " AND beside.subject_code = own.subject_code"
        f" AND beside.status <> '{SheetStatus.VOID.value}'"
        " JOIN sheet_definition AS definition ON definition.id = beside.form"
        " LEFT JOIN ledger_record AS record ON record.sheet = beside.id"
        f" AND record.state <> '' AND record.outcome = '{Outcome.APPLIED.value}'"
        f" WHERE own.id IN ({places}) ORDER BY record.seq, beside.seat",
        arguments,
    )


def _zeroed(
    gates: Mapping[tuple[int, int, int, str], Iterable[CellMark]],
    definitions: Mapping[int, SheetForm],
) -> Mapping[int, set[str]]:
    """Return, by sheet, what the gates that failed for its code make worthless."""
    found: dict[int, set[str]] = defaultdict(set)
    for (own, _, form, gate), marks in gates.items():
        mark = present(heads(marks))
        if mark is not None and mark.value_e4 == 0:
            found[own].update(definitions[form].zeroed_by(gate))
    return found


def _by_seat(sheets: Mapping[int, str]) -> dict[int, str]:
    return dict(sorted(sheets.items(), key=lambda sheet: (sheet[1], sheet[0])))


def _said(row: Mapping[str, Any]) -> Said:
    parents = frozenset(msgspec.json.decode(row["parents"], type=list[str]))
    mark = CellMark(row["record_id"], parents, MarkState(row["state"]), row["value_e4"])
    return Said(row["seat"], mark, str(row["server_at"]), _is_word(row["reason"], row["device"]))


def _is_word(reason: str, device: str) -> bool:
    """Tell whether a mark carries what was said; the desk keys in paper that does."""
    return bool(reason.strip()) or device == DESK


async def refuse_apart(codes: Mapping[int, str]) -> None:
    """Raise `JudgementsApart` for the first judgement, by sheet and code, that is too wide.

    Raise `WordOwed` for one that was, until the seat of the sheet has said its word.
    """
    for sheet_id, judged in (await judgements_of(codes)).items():
        for aspect, judgement in judged.items():
            if judgement.is_apart:
                raise JudgementsApart(codes[sheet_id], aspect, judgement.most)
            if (seat := judgement.sheets[sheet_id]) in judgement.owing():
                raise WordOwed(codes[sheet_id], aspect, judgement.most, seat)


def owed(
    judged: Mapping[str, Judgement], seat: str, later: Sequence[NewRecord] = ()
) -> tuple[str, ...]:
    """Return the aspects over which a seat owes a word, after what is marked `later`."""
    return tuple(
        aspect
        for aspect, judgement in judged.items()
        if seat in judgement.owing(record for record in later if record.aspect == aspect)
    )


async def owed_by(sheets: Mapping[int, str]) -> dict[int, tuple[str, ...]]:
    """Return the aspects over which the seats of some sheets still owe a word, by sheet."""
    return {
        sheet_id: aspects
        for sheet_id, judged in (await judgements_of(sheets)).items()
        if (aspects := owed(judged, sheets[sheet_id]))
    }


async def reopen_within(
    held: Mapping[int, LockedLedger], judged: Iterable[int | None], *, at: datetime
) -> None:
    """Give back the sheets that were handed in before the others' scores showed a wide spread.

    `judged` are the sheets on which a judgement was given. What the lead has signed stays with the
    lead, who is told so on the desk and cannot lock it.
    """
    places, arguments = one_of(judged)
    if not arguments:
        return
    rows = await engine.fetch(
        "SELECT DISTINCT beside.id, beside.key, beside.ledger, beside.seat"  # noqa: S608 - placeholders only
        " FROM mark_sheet AS own JOIN mark_sheet AS beside ON beside.ledger = own.ledger"
        " AND beside.subject_code = own.subject_code"
        f" WHERE own.id IN ({places}) AND beside.status = '{SheetStatus.SUBMITTED.value}'",
        arguments,
    )
    owing = await owed_by({row["id"]: row["seat"] for row in rows})
    back: dict[int, list[NewRecord]] = defaultdict(list)
    for row in rows:
        if row["id"] in owing:
            back[row["ledger"]].append(_returned(row, at))
    await ledger.append_all_within([(held[key], part) for key, part in back.items()], at=at)
    await engine.run_each(
        "UPDATE mark_sheet SET status = ?, returned_reason = ?, version = version + 1 WHERE id = ?",
        [(SheetStatus.OPEN.value, TALK, sheet_id) for sheet_id in sorted(owing)],
    )


async def allow_within(ledger_name: str, most: int, *, at: datetime) -> None:
    """Let scores lie so far apart from now on, and give back the sheets that owe a word for it.

    A locked ledger stays as it is.
    """
    held = await ledger.lock_within(ledger_name)
    if held.is_locked:
        return
    row = await MarkLedger.select(MarkLedger.settings).where(MarkLedger.id == held.id).first()
    chosen = replace(settings_of(row or {"settings": None}), max_spread=most)
    await MarkLedger.update({MarkLedger.settings: encoded(chosen)}).where(MarkLedger.id == held.id)
    sheets = [row.id for row in await rows_of(held.id) if row.status is not SheetStatus.VOID]
    await raise_versions_within(sheets)
    await reopen_within({held.id: held}, sheets, at=at)


def _returned(sheet: Mapping[str, Any], at: datetime) -> NewRecord:
    return NewRecord(
        kind=RecordKind.RETURN,
        record_id=ledger.new_record_id(at),
        sheet_id=sheet["id"],
        sheet_key=sheet["key"],
        device_at=at,
        account_name=SYSTEM.name,
        reason=TALK,
    )
