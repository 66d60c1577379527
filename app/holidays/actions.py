"""Enter the State Council's 放假安排, correct it, and take days back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.holidays.queries import HolidayLine
from app.holidays.tables import Holiday
from app.rules.actors import Actor, Duty, require
from app.rules.holidays import NamedDay
from app.storage.engine import hold_name_within, write_transaction

SUBJECT = "holidays.calendar"


@refusal
class CorrectionUnexplained(RuleBroken):
    """Notices were counted by what was entered; who changes it says why."""

    says = N_("{days}已录入为别的内容。确实要更正的，请写明原因。")
    field = "reason"
    days: str


@refusal
class NothingNew(RuleBroken):
    """Every day is there already, as it was typed."""

    says = N_("这些日子都已经录入过，没有变化。")
    field = "lines"


@refusal
class NothingChosen(RuleBroken):
    """Some days are ticked."""

    says = N_("请先勾选要撤回的日子。")
    field = "ids"


@refusal
class TakenBackUnexplained(RuleBroken):
    """Whoever takes a day back says why."""

    says = N_("请写明撤回的原因。")
    field = "why"


class Entered(msgspec.Struct, frozen=True):
    """How many days are new, and how many were corrected."""

    added: int
    corrected: int


async def enter(days: Sequence[NamedDay], *, reason: str, by: Actor, at: datetime) -> Entered:
    """Enter days; those that stand otherwise are corrected, for a reason.

    Notices that are open keep their end: it was announced.
    """
    require(by, Duty.ADMINISTRATOR)
    async with write_transaction():
        await hold_name_within(SUBJECT)
        known = await _standing_within(Holiday.day.is_in([item.day for item in days]))
        new = [item for item in days if item.day not in known]
        changed = [item for item in days if item.day in known and known[item.day].named != item]
        if not new and not changed:
            raise NothingNew
        if changed and not reason.strip():
            raise CorrectionUnexplained("、".join(str(item.day) for item in changed))
        old = [known[item.day] for item in changed]
        await _end_within(old, reason=reason, by=by, at=at)
        await Holiday.insert(*(_row(item, by=by, at=at) for item in [*new, *changed]))
        if new:
            await audit.record(
                act=Act.HOLIDAYS_ENTERED, subject=SUBJECT, by=by, at=at, after=_facts(new)
            )
        if changed:
            await audit.record(
                act=Act.HOLIDAYS_CORRECTED,
                subject=SUBJECT,
                by=by,
                at=at,
                reason=reason.strip(),
                before=_facts(line.named for line in old),
                after=_facts(changed),
            )
    return Entered(len(new), len(changed))


async def take_back(ids: Sequence[int], *, reason: str, by: Actor, at: datetime) -> int:
    """Let days count no more, and return how many; raise `Stale` where one has ended already."""
    require(by, Duty.ADMINISTRATOR)
    wanted = set(ids)
    if not wanted:
        raise NothingChosen
    if not reason.strip():
        raise TakenBackUnexplained
    async with write_transaction():
        await hold_name_within(SUBJECT)
        known = await _standing_within(Holiday.id.is_in(sorted(wanted)))
        if len(known) != len(wanted):
            raise Stale
        await _end_within(known.values(), reason=reason, by=by, at=at)
        await audit.record(
            act=Act.HOLIDAYS_TAKEN_BACK,
            subject=SUBJECT,
            by=by,
            at=at,
            reason=reason.strip(),
            before=_facts(line.named for line in known.values()),
        )
    return len(wanted)


async def _standing_within(condition: Any) -> dict[date, HolidayLine]:
    rows = await Holiday.select().where(condition, Holiday.ended_at.is_null()).order_by(Holiday.day)
    lines = msgspec.convert(rows, list[HolidayLine])
    return {line.day: line for line in lines}


async def _end_within(
    lines: Iterable[HolidayLine], *, reason: str, by: Actor, at: datetime
) -> None:
    ids = [line.id for line in lines]
    if ids:
        await Holiday.update(
            {
                Holiday.ended_by: by.name,
                Holiday.ended_at: at,
                Holiday.reason: reason.strip(),
            }
        ).where(Holiday.id.is_in(ids))


def _row(item: NamedDay, *, by: Actor, at: datetime) -> Holiday:
    return Holiday(
        day=item.day,
        kind=item.kind.value,
        name=item.name,
        entered_by=by.name,
        entered_at=at,
        ended_by=None,
        ended_at=None,
        reason=None,
    )


def _facts(days: Iterable[NamedDay]) -> Mapping[str, str]:
    return {str(item.day): item.said for item in days}
