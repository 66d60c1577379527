"""Judge each entry of a batch by the facts of its sheet, in the order in which they were made."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from app.rules import mark_ledger
from app.rules.mark_ledger import Outcome, RecordKind
from app.rules.mark_sheet import (
    MarkState,
    SheetAspect,
    SheetForm,
    SheetStatus,
    e4,
    fault_of,
    needed_aspects,
    open_aspects,
)
from app.sheets import forms, heads
from app.sheets.devices import Pass, TabletFacts
from app.sheets.heads import Cell
from app.sheets.judgements import Judgement, judgements_of, owed
from app.sheets.ledger import NewRecord
from app.sheets.tables import MarkSheet
from app.storage import engine
from app.storage.rows import one_of, rows_where_in

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MOST_KNOWN: Final = 50_000
FROM_TABLETS: Final = (RecordKind.MARK, RecordKind.NOTE, RecordKind.SUBMIT)
NO_JUDGEMENTS: Final[Mapping[int, Mapping[str, Judgement]]] = MappingProxyType({})
NO_ASPECTS: Final[Mapping[tuple[str, str], SheetAspect]] = MappingProxyType({})
_ledger_by_key: dict[str, int] = {}


class Parsed(Struct, frozen=True):
    """An entry as it was read; `id`, `raw`, `seq` and `sheet` are all of one that is unreadable."""

    id: str
    raw: bytes
    is_readable: bool = False
    is_sealed: bool = False
    act: str = ""
    seq: int | None = None
    sheet: str = ""
    aspect: str = ""
    seat: str = ""
    mark: str = ""
    value: str | None = None
    parents: tuple[str, ...] = ()
    actor: Pass | None = None
    device_at: datetime = EPOCH
    reason: str = ""
    scheme: str = ""
    digest: str = ""


class Sent(Struct, frozen=True):
    """The entries that a tablet sent, and when they came."""

    tablet: TabletFacts
    entries: Sequence[Parsed]
    at: datetime


class Verdict(Struct, frozen=True):
    """What becomes of an entry, with the record to append where there is one."""

    id: str
    status: str
    code: str = ""
    record: NewRecord | None = None
    is_again: bool = False
    sent: Parsed | None = None


class SheetFacts(Struct):
    """A sheet as entries are judged by it."""

    id: int
    key: str
    ledger: int
    form: SheetForm
    form_digest: str
    seat: str
    account: int | None
    status: SheetStatus


async def ledgers_of(keys: set[str]) -> set[int]:
    """Return the ledgers of some sheets; a sheet never changes its ledger."""
    unknown = keys - _ledger_by_key.keys()
    if unknown:
        if len(_ledger_by_key) > MOST_KNOWN:
            _ledger_by_key.clear()
        rows = await rows_where_in(MarkSheet, ("key", "ledger"), "key", sorted(unknown))
        _ledger_by_key.update({row["key"]: row["ledger"] for row in rows})
    return {_ledger_by_key[key] for key in keys if key in _ledger_by_key}


async def sheets_by_key(keys: Iterable[str]) -> dict[str, SheetFacts]:
    """Return sheets with their forms, by key."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    places, arguments = one_of(wanted)
    rows = await engine.fetch(
        "SELECT s.id, s.key, s.ledger, s.seat, s.account, s.status, s.form, d.digest"  # noqa: S608 - placeholders only
        " FROM mark_sheet AS s JOIN sheet_definition AS d ON d.id = s.form"
        f" WHERE s.key IN ({places})",
        arguments,
    )
    known = await forms.by_id({row["form"]: row["digest"] for row in rows})
    return {
        row["key"]: SheetFacts(
            row["id"],
            row["key"],
            row["ledger"],
            known[row["form"]],
            row["digest"],
            row["seat"],
            row["account"],
            SheetStatus(row["status"]),
        )
        for row in rows
    }


async def _known(ids: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    places, arguments = one_of(ids)
    if not arguments:
        return {}
    rows = await engine.fetch(
        "SELECT record_id, digest, outcome, why FROM ledger_record"  # noqa: S608 - placeholders only
        f" WHERE record_id IN ({places})",
        arguments,
    )
    return {row["record_id"]: (row["digest"], row["outcome"], row["why"]) for row in rows}


class Intake:
    """The facts that entries are judged by; they change as entries are taken."""

    def __init__(
        self,
        *,
        sheets: dict[str, SheetFacts],
        cells: dict[Cell, list[mark_ledger.CellMark]],
        known: dict[str, tuple[str, str, str]],
        former: Mapping[tuple[str, str], SheetAspect] = NO_ASPECTS,
        judged: Mapping[int, Mapping[str, Judgement]] = NO_JUDGEMENTS,
    ) -> None:
        self.sheets = sheets
        self.cells = cells
        self.known = known
        self.former = former
        self.judged = judged
        self.new: list[NewRecord] = []
        self.ended: frozenset[Pass] = frozenset()

    @classmethod
    async def gather_within(cls, entries: Sequence[Parsed]) -> "Intake":
        """Read what the entries are judged by, after their ledgers were locked."""
        sheets = await sheets_by_key(item.sheet for item in entries if item.is_readable)
        placed = [(sheets[item.sheet].id, item) for item in entries if item.sheet in sheets]
        whole = {sheet for sheet, item in placed if item.act == RecordKind.SUBMIT}
        cells = {(sheet, item.aspect) for sheet, item in placed if sheet not in whole}
        former = [
            (item.scheme, item.aspect)
            for _, item in placed
            if item.scheme not in ("", sheets[item.sheet].form.scheme.sha256)
        ]
        return cls(
            sheets=sheets,
            cells=await heads.marks_by_cell(whole) | await heads.marks_of_cells(cells),
            known=await _known(item.id for item in entries if item.is_readable),
            former=await forms.former_aspects(former),
            judged=await judgements_of(sorted(whole)),
        )

    def ledger_of(self, record: NewRecord) -> int:
        """Return the ledger that a new record belongs to."""
        return self.sheets[record.sheet_key].ledger

    def is_judgement(self, record: NewRecord) -> bool:
        """Tell whether a new record bears on judgements, which the neighbors may then see."""
        return self.sheets[record.sheet_key].form.bears_on_judgements(record.aspect)

    def judge(self, item: Parsed, device: str) -> Verdict:
        """Decide on one entry that a device sent, and remember what it changed."""
        if item.is_readable and item.id in self.known:
            return self._again(item)
        code = self._fault(item)
        if code:
            return self._rejected(item, code)
        sheet = self.sheets[item.sheet]
        if item.act == RecordKind.NOTE:  # A fact that changes no mark is never too late.
            return self._take(item, sheet, "", device)
        why = self._late(item, sheet)
        if item.act == RecordKind.SUBMIT:
            code = why or self._not_submittable(sheet)
            return self._rejected(item, code) if code else self._take(item, sheet, "", device)
        return self._take(item, sheet, why, device)

    def _again(self, item: Parsed) -> Verdict:
        digest, outcome, why = self.known[item.id]
        if digest != item.digest:
            return self._rejected(item, "id_reuse")
        status = "held" if outcome == Outcome.HELD.value else "ok"
        return Verdict(item.id, status, why, is_again=True)

    def _fault(self, item: Parsed) -> str:
        if not item.is_readable or item.act not in FROM_TABLETS or item.id in item.parents:
            return "unreadable"
        if item.sheet not in self.sheets:
            return "unknown_sheet"
        if item.actor is None:
            return "unknown_judge"
        return (
            "" if item.act == RecordKind.SUBMIT else self._mark_fault(item, self.sheets[item.sheet])
        )

    def _mark_fault(self, item: Parsed, sheet: SheetFacts) -> str:
        """Return why a mark fits no aspect; one made by a former scheme fits what that asked."""
        aspect = self.former.get((item.scheme, item.aspect)) or sheet.form.aspect(item.aspect)
        if aspect is None or item.seat != sheet.seat:
            return "unknown_aspect"
        if item.act == RecordKind.NOTE:
            return "" if item.reason else "unreadable"
        try:
            value = None if item.value is None else e4(item.value)
            return fault_of(aspect, MarkState(item.mark), value)
        except ValueError:
            return "not_a_number" if item.mark in tuple(MarkState) else "unreadable"

    def _late(self, item: Parsed, sheet: SheetFacts) -> str:
        if item.actor is None or sheet.account != item.actor.account_id:
            return "reassigned"
        if item.actor in self.ended:
            return "pass_ended"
        if item.scheme and item.scheme != sheet.form.scheme.sha256:
            return "scheme_changed"
        return "" if sheet.status is SheetStatus.OPEN else "closed"

    def _not_submittable(self, sheet: SheetFacts) -> str:
        found = {
            name: mark_ledger.heads(marks)
            for (sheet_id, name), marks in self.cells.items()
            if sheet_id == sheet.id and sheet.form.aspect(name) is not None
        }
        if any(mark_ledger.is_conflict(found_heads) for found_heads in found.values()):
            return "conflict"
        marked = {
            name: mark.says
            for name, found_heads in found.items()
            if (mark := mark_ledger.present(found_heads))
        }
        if open_aspects(sheet.form, marked):
            return "incomplete"
        values = {name: value for name, (_, value) in marked.items() if value is not None}
        untold = set(owed(self.judged.get(sheet.id, {}), sheet.seat, self.new))
        return "apart" if untold.intersection(needed_aspects(sheet.form, values)) else ""

    def _take(self, item: Parsed, sheet: SheetFacts, why: str, device: str) -> Verdict:
        is_mark = item.act == RecordKind.MARK
        actor = item.actor or Pass(0, "")
        record = NewRecord(
            kind=RecordKind(item.act),
            record_id=item.id,
            sheet_id=sheet.id,
            sheet_key=sheet.key,
            device_at=item.device_at,
            outcome=Outcome.HELD if why else Outcome.APPLIED,
            why=why,
            aspect=item.aspect,
            state=item.mark if is_mark else "",
            value_e4=e4(item.value) if is_mark and item.value is not None else None,
            parents=item.parents,
            account_id=actor.account_id,
            account_name=actor.name,
            device=device,
            device_seq=item.seq or 0,
            reason=item.reason,
            scheme=item.scheme,
            digest=item.digest,
        )
        self.known[item.id] = (item.digest, record.outcome.value, why)
        if item.act == RecordKind.SUBMIT:
            sheet.status = SheetStatus.SUBMITTED
        elif is_mark and not why:
            self.cells.setdefault((sheet.id, item.aspect), []).append(record.cell_mark)
            self.new.append(record)
        return Verdict(item.id, "held" if why else "ok", why, record)

    def _rejected(self, item: Parsed, code: str) -> Verdict:
        return Verdict(item.id, "rejected", code, sent=item)
