"""What the desk sees of tablets and does to them: name, take back, strike off."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotAllowed, NotFound, RuleBroken, refusal
from app.rules.actors import Actor, Duty
from app.sheets import devices
from app.sheets.fitness import Report
from app.sheets.tables import Tablet
from app.storage import engine
from app.storage.engine import write_transaction

KEEPING: Final = (Duty.ADMINISTRATOR, Duty.CHIEF_JUDGE, Duty.ORGANIZER)
"""Who names tablets, takes them back and strikes them off."""
SILENT: Final = timedelta(minutes=2)
"""A tablet beats every fifteen seconds while its page is open; after this it is silent."""
LOW_BATTERY: Final = 20
WRONG_CLOCK: Final = timedelta(minutes=2)
LONGEST_LABEL: Final = 20


class TabletLine(Struct, frozen=True):
    """A tablet on the desk's list."""

    id: int
    label: str
    key: str
    browser: str
    build: str
    judge: str
    paired_at: datetime
    seen_at: datetime
    pending: int
    last_seq: int
    clock_error_ms: int
    battery: int | None
    report: Report | None
    fitness_at: datetime | None
    returned_at: datetime | None
    is_revoked: bool

    @property
    def is_out(self) -> bool:
        """Tell whether it is still to be brought back."""
        return self.returned_at is None and not self.is_revoked

    @property
    def is_clock_wrong(self) -> bool:
        """Tell whether its clock is off by minutes."""
        return abs(self.clock_error_ms) > WRONG_CLOCK / timedelta(milliseconds=1)

    @property
    def is_battery_low(self) -> bool:
        """Tell whether it wants a charger."""
        return self.battery is not None and self.battery <= LOW_BATTERY

    def is_silent(self, now: datetime) -> bool:
        """Tell whether it has not been heard of for a while."""
        return now - self.seen_at > SILENT


class Tally(Struct, frozen=True):
    """How the tablets stand at the end of the day; `unsent` and `marks` of those struck off too."""

    known: int
    out: int
    unsent: int
    marks: int
    unfit: int


@refusal
class StillUnsent(RuleBroken):
    """A tablet that holds marks is not put away."""

    says = N_(
        "“{label}”还有 {count} 项没有发送。先让它连上网络发完，或导出备份文件在本页导入，再收回。"
    )
    label: str
    count: int


@refusal
class NotAllCame(RuleBroken):
    """A tablet whose entries did not all come is not put away (offline.md section 3)."""

    says = N_(
        "“{label}”一共记下 {made} 项，这里只收到 {stored} 项。"
        "请在平板上导出备份文件、在本页导入，再收回；平板已坏或已清空的，请停用并写明原因。"
    )
    label: str
    made: int
    stored: int


@refusal
class LabelTaken(RuleBroken):
    """Another tablet is called so."""

    says = N_("已有一台平板叫“{label}”，请换一个名称。")
    field = "label"
    label: str


async def tablets() -> list[TabletLine]:
    """Return every tablet by its name, those struck off last."""
    rows = await Tablet.select(
        *Tablet.all_columns(), Tablet.account._.name.as_alias("judge")
    ).order_by(Tablet.label, Tablet.id)
    lines = [_line(row) for row in rows]
    return sorted(lines, key=lambda line: line.is_revoked)


def _line(row: dict[str, Any]) -> TabletLine:
    report = row["fitness"]
    return TabletLine(
        id=row["id"],
        label=row["label"],
        key=row["key"],
        browser=row["browser"],
        build=row["build"],
        judge=row["judge"] or "",
        paired_at=row["paired_at"],
        seen_at=row["seen_at"],
        pending=row["pending"],
        last_seq=row["last_seq"],
        clock_error_ms=row["clock_error_ms"],
        battery=row["battery"],
        report=None if report is None else msgspec.json.decode(report, type=Report),
        fitness_at=row["fitness_at"],
        returned_at=row["returned_at"],
        is_revoked=row["revoked_at"] is not None,
    )


def tally(lines: Iterable[TabletLine]) -> Tally:
    """Count what the end of the day asks for; marks on a tablet that was struck off are missing."""
    every = list(lines)
    there = [line for line in every if not line.is_revoked]
    return Tally(
        known=len(there),
        out=sum(line.is_out for line in there),
        unsent=sum(line.pending > 0 for line in every),
        marks=sum(line.pending for line in every),
        unfit=sum(line.report is None or not line.report.is_go for line in there),
    )


async def rename(tablet_id: int, label: str, *, by: Actor, at: datetime) -> None:
    """Call a tablet by another name; raise `LabelTaken`."""
    _require_keeper(by)
    async with write_transaction():
        row = await _row_within(tablet_id)
        if await Tablet.exists().where(Tablet.label == label, Tablet.id != tablet_id):
            raise LabelTaken(label)
        await Tablet.update({Tablet.label: label}).where(Tablet.id == tablet_id)
        devices.forget()
        await audit.record(
            act=Act.TABLET_NAMED,
            subject=f"sheets.tablet:{row['key']}",
            by=by,
            at=at,
            before={"label": row["label"]},
            after={"label": label},
        )


async def take_back(tablet_id: int, *, by: Actor, at: datetime) -> str:
    """Note that a tablet was brought back, and return its name.

    Raise `StillUnsent`, or `NotAllCame` where the house has fewer entries than the tablet counted.
    """
    _require_keeper(by)
    async with write_transaction():
        row = await _row_within(tablet_id)
        if row["pending"]:
            raise StillUnsent(row["label"], row["pending"])
        stored = await _stored(row["key"], row["last_seq"])
        if stored < row["last_seq"]:
            raise NotAllCame(row["label"], row["last_seq"], stored)
        await Tablet.update({Tablet.returned_at: at}).where(Tablet.id == tablet_id)
        subject = f"sheets.tablet:{row['key']}"
        await audit.record(act=Act.TABLET_RETURNED, subject=subject, by=by, at=at)
        return str(row["label"])


async def revoke(tablet_id: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Strike a tablet off; all that did not come is waited for, as a backup file or by `settle`."""
    _require_keeper(by)
    async with write_transaction():
        row = await _row_within(tablet_id)
        missing = row["last_seq"] - await _stored(row["key"], row["last_seq"])
        changed = (
            await Tablet.update(
                {Tablet.revoked_at: at, Tablet.pending: max(row["pending"], missing)}
            )
            .where(Tablet.id == tablet_id, Tablet.revoked_at.is_null())
            .returning(Tablet.key)
        )
        if not changed:
            raise NotFound
        devices.forget()
        subject = f"sheets.tablet:{row['key']}"
        await audit.record(act=Act.TABLET_REVOKED, subject=subject, by=by, at=at, reason=reason)


async def settle(tablet_id: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Wait no longer for what a tablet held that was struck off; the reason says what was done.

    Raise `NotFound` for one that holds nothing, or may still send.
    """
    _require_keeper(by)
    async with write_transaction():
        row = await _row_within(tablet_id)
        if row["revoked_at"] is None or not row["pending"]:
            raise NotFound
        await Tablet.update({Tablet.pending: 0}).where(Tablet.id == tablet_id)
        await audit.record(
            act=Act.TABLET_SETTLED,
            subject=f"sheets.tablet:{row['key']}",
            by=by,
            at=at,
            reason=reason,
            before={"pending": row["pending"]},
        )


async def _stored(key: str, last_seq: int) -> int:
    """Return how many of a tablet's entries have come, taken, held or rejected."""
    [row] = await engine.fetch(
        "SELECT COUNT(*) AS entries FROM ("
        "SELECT device_seq FROM ledger_record WHERE device = ? AND device_seq BETWEEN 1 AND ?"
        " UNION"
        " SELECT device_seq FROM rejected_entry WHERE device = ? AND device_seq BETWEEN 1 AND ?"
        ") AS come",
        [key, last_seq, key, last_seq],
    )
    return int(row["entries"])


def _require_keeper(by: Actor) -> None:
    if not by.holds_anywhere(*KEEPING):
        raise NotAllowed


async def _row_within(tablet_id: int) -> dict[str, Any]:
    row = await Tablet.select().where(Tablet.id == tablet_id).first()
    if row is None:
        raise NotFound
    return row
