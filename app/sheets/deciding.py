"""A decision about a mark: what the lead settles before the lock, and how it becomes a record.

Nothing is overwritten. A decision names the records that its page showed, and replaces those or
none: what came meanwhile is seen first.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotFound, RuleBroken, Stale, refusal
from app.rules import mark_ledger
from app.rules.actors import Actor
from app.rules.mark_ledger import CellMark, RecordKind
from app.rules.mark_sheet import MarkState, SheetForm, SheetStatus, e4, fault_of
from app.sheets import acts, forms, heads, queries
from app.sheets import ledger as chain
from app.sheets.acts import ReasonNeeded
from app.sheets.keying import MarkUnfit
from app.sheets.ledger import LockedLedger, NewRecord
from app.sheets.rows import SheetRow, row_by_key
from app.sheets.wording import FAULTS
from app.storage.engine import write_transaction

NOTHING: Final = (MarkState.CLEARED, None)
"""What a cell says that has no mark."""


class Decision(Struct, frozen=True, kw_only=True):
    """What shall hold in a cell; `value` as decimal text, `seen` the records that were shown."""

    sheet: str
    aspect: str
    state: MarkState
    value: str | None
    reason: str
    seen: Collection[str]

    @property
    def value_e4(self) -> int | None:
        """Return the value in 1/10,000; raise ValueError where it is no number."""
        return None if self.value is None else e4(self.value)


class Place(Struct, frozen=True):
    """A cell while its ledger is held: every applied mark, and the held ones that wait for it."""

    row: SheetRow
    form: SheetForm
    aspect: str
    marks: Sequence[CellMark]
    waiting: Sequence[Mapping[str, Any]]

    @property
    def records(self) -> tuple[str, ...]:
        """Return the records that a decision replaces."""
        found = (head.id for head in mark_ledger.heads(self.marks))
        return (*found, *(mark["record_id"] for mark in self.waiting))

    @property
    def standing(self) -> set[tuple[MarkState, int | None]]:
        """Return what holds, one or several that differ; of an aspect that is gone nothing does."""
        is_gone = self.form.aspect(self.aspect) is None
        said = {head.says for head in mark_ledger.heads(self.marks)}
        return {NOTHING} if is_gone or not said else said

    @property
    def late(self) -> set[tuple[MarkState, int | None]]:
        """Return what the held marks say."""
        return {(MarkState(mark["state"]), mark["value_e4"]) for mark in self.waiting}


@refusal
class NothingToDecide(RuleBroken):
    """The lead decides between marks, and never gives one."""

    says = N_("这一项没有两个不同的分数，也没有留待裁定的分数。要改分，请把评分表退回给裁判。")


@refusal
class NotAmongThem(RuleBroken):
    """A decision takes one of the marks that were given."""

    says = N_("只能从裁判给出的分数中选定一个。要改成别的分数，请把评分表退回给裁判。")


@refusal
class SignedAlready(RuleBroken):
    """What was signed changes only after the sheet went back."""

    says = N_(
        "评分表已签字，只能维持签字时的分数。要采用别的分数，请先退回给裁判，改好后重新签字。"
    )


async def decide(ledger: str, decision: Decision, *, by: Actor, at: datetime) -> None:
    """Let the lead decide a cell with two marks or with held ones, before the lock.

    The decision replaces every head of the cell and settles every mark held for it. Raise
    `NothingToDecide`, `NotAmongThem` or `SignedAlready` for what would be an overwrite, `Stale`
    where a mark came after `seen`.
    """
    async with write_transaction():
        held = await acts.led_ledger_within(ledger, by)
        place = await place_within(held, decision)
        refuse_unseen(place, decision.seen)
        _refuse_overwriting(place, decision)
        await append_within(held, place, decision, authors=(by, None), at=at)
        facts = {"sheet": place.row.key, "aspect": decision.aspect}
        subject = f"sheets.ledger:{ledger}"
        await audit.record(
            act=Act.MARK_DECIDED, subject=subject, by=by, at=at, reason=decision.reason, after=facts
        )


def _refuse_overwriting(place: Place, decision: Decision) -> None:
    says = (decision.state, decision.value_e4)
    if len(place.standing) == 1 and not place.waiting:
        raise NothingToDecide
    if place.row.status is SheetStatus.SIGNED and place.standing != {says}:
        raise SignedAlready
    if says not in place.standing | place.late:
        raise NotAmongThem


async def place_within(held: LockedLedger, decision: Decision) -> Place:
    """Return the cell of a decision that fits it; raise `ReasonNeeded`, `NotFound`, `MarkUnfit`."""
    if not decision.reason.strip():
        raise ReasonNeeded
    row = await row_by_key(decision.sheet)
    if row.ledger != held.id:
        raise NotFound
    form = (await forms.by_id({row.form: row.form_digest}))[row.form]
    cells = await heads.marks_of_cells([(row.id, decision.aspect)])
    waiting = [
        mark
        for mark in await queries.unsettled(row.ledger)
        if mark["sheet"] == row.id and mark["aspect"] == decision.aspect
    ]
    marks = cells.get((row.id, decision.aspect), ())
    place = Place(row, form, decision.aspect, marks, waiting)
    _refuse_unfit(place, decision)
    return place


def _refuse_unfit(place: Place, decision: Decision) -> None:
    aspect = place.form.aspect(decision.aspect)
    if aspect is None:
        # The aspect is gone: what came too late for it is kept and set aside, nothing else.
        if decision.state is MarkState.CLEARED and place.waiting:
            return
        raise NotFound
    try:
        fault = fault_of(aspect, decision.state, decision.value_e4)
    except ValueError:
        fault = "not_a_number"
    if fault:
        row = place.row
        raise MarkUnfit(row.subject_code, row.seat, decision.aspect, FAULTS[fault])


def refuse_unseen(place: Place, seen: Collection[str]) -> None:
    """Raise `Stale` unless every record that a decision would replace was shown.

    Whatever happened meanwhile left a new head or a new held mark, so nothing escapes this.
    """
    if not set(place.records) <= set(seen):
        raise Stale


async def append_within(
    held: LockedLedger,
    place: Place,
    decision: Decision,
    *,
    authors: tuple[Actor, Actor | None],
    at: datetime,
) -> str:
    """Make a decision a record of the ledger, and return its id."""
    row, (author, second) = place.row, authors
    record = NewRecord(
        kind=RecordKind.AMENDMENT,
        record_id=chain.new_record_id(at),
        sheet_id=row.id,
        sheet_key=row.key,
        device_at=at,
        aspect=decision.aspect,
        state=decision.state.value,
        value_e4=decision.value_e4,
        parents=place.records,
        account_id=author.account_id,
        account_name=author.name,
        second_id=second.account_id if second else None,
        second_name=second.name if second else "",
        reason=decision.reason.strip(),
        scheme=place.form.scheme.sha256,
    )
    cell = (row.id, decision.aspect)
    await chain.append_within(held, [record], at=at)
    versions = await heads.raise_versions_within([row.id], neighbors_of=[row.id])
    marks = [*place.marks, record.cell_mark]
    await heads.apply_within([record], cells={cell: marks}, versions=versions)
    return record.record_id
