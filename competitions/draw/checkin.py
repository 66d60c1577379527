"""检录: who came, with the right papers and tools."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor, require
from app.storage.engine import write_transaction
from competitions.draw import queries
from competitions.draw.tables import CheckIn
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject, hold_event_within
from competitions.planning.queries import RUNNERS
from competitions.registration import queries as registration
from competitions.registration.actions import entry_subject
from competitions.rules.entries import EntryStatus
from competitions.rules.lifecycle import EventStatus, require_stage


class CheckInFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What was found at the check-in."""

    is_present: bool
    is_document_right: bool = True
    are_tools_right: bool = True
    note: str = ""


@refusal
class NotAdmitted(RuleBroken):
    """Only accepted entries are checked in."""

    says = N_("这个报名没有通过审查，不能检录。")


@refusal
class SayWhatIsWrong(RuleBroken):
    """Papers or tools that are not right are described."""

    says = N_("证件或工具有问题、或选手缺席时，请写明情况。")
    field = "note"


@refusal
class AllCheckedIn(RuleBroken):
    """Nobody is left to check in."""

    says = N_("没有待检录的选手。")


async def check_in(entry_id: int, facts: CheckInFacts, *, by: Actor, at: datetime) -> None:
    """Record what was found of one entry, or correct it, until marking begins."""
    entry = await registration.entry(entry_id)
    line = await planning.event(entry.event_id)
    require(by, RUNNERS, *line.scopes)
    if entry.status is not EntryStatus.ACCEPTED:
        raise NotAdmitted
    is_right = facts.is_present and facts.is_document_right and facts.are_tools_right
    if not is_right and not facts.note.strip():
        raise SayWhatIsWrong
    async with write_transaction():
        await _hold_within(line.id)
        old = (await queries.check_ins(line.id)).get(entry_id)
        if old is None:
            await _row(entry_id, facts, by.name, at).save()
        else:
            await CheckIn.update(
                {
                    CheckIn.is_present: facts.is_present,
                    CheckIn.is_document_right: facts.is_document_right,
                    CheckIn.are_tools_right: facts.are_tools_right,
                    CheckIn.note: facts.note.strip(),
                    CheckIn.checked_by: by.name,
                    CheckIn.checked_at: at,
                    CheckIn.version: old.version + 1,
                }
            ).where(CheckIn.entry == entry_id)
        await audit.record(
            act=Act.CHECKED_IN,
            subject=entry_subject(entry_id),
            by=by,
            at=at,
            reason=facts.note.strip(),
            before={"is_present": old.is_present} if old else None,
            after=msgspec.to_builtins(facts),
        )


async def check_in_rest(event_id: int, *, by: Actor, at: datetime) -> int:
    """Record everybody who was not checked in yet as present and in order; return how many."""
    line = await planning.event(event_id)
    require(by, RUNNERS, *line.scopes)
    async with write_transaction():
        await _hold_within(event_id)
        there = await queries.check_ins(event_id)
        rest = [
            item.id
            for item in await registration.entries_of_event(event_id)
            if item.status is EntryStatus.ACCEPTED and item.id not in there
        ]
        if not rest:
            raise AllCheckedIn
        await _insert_within(rest, by.name, at)
        await audit.record(
            act=Act.CHECKED_IN,
            subject=event_subject(event_id),
            by=by,
            at=at,
            after={"entries": rest, "is_present": True},
        )
        return len(rest)


async def _hold_within(event_id: int) -> None:
    """Hold an event before its marking begins: then absence is written down by code."""
    line = await hold_event_within(event_id)
    require_stage(line.status, EventStatus.PREPARING, EventStatus.DRAWN)


async def _insert_within(entry_ids: Sequence[int], checked_by: str, at: datetime) -> None:
    facts = CheckInFacts(is_present=True)
    for start in range(0, len(entry_ids), 400):
        await CheckIn.insert(
            *(_row(item, facts, checked_by, at) for item in entry_ids[start : start + 400])
        )


def _row(entry_id: int, facts: CheckInFacts, checked_by: str, at: datetime) -> CheckIn:
    return CheckIn(
        entry=entry_id,
        is_present=facts.is_present,
        is_document_right=facts.is_document_right,
        are_tools_right=facts.are_tools_right,
        note=facts.note.strip(),
        checked_by=checked_by,
        checked_at=at,
        version=1,
    )
