"""Vetting of entries (资格审查): the states of an entry and the steps between them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.errors import N_, RuleBroken, refusal


class EntryStatus(StrEnum):
    """资格审查 of an entry."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STANDING = frozenset({EntryStatus.REGISTERED, EntryStatus.ACCEPTED, EntryStatus.RETURNED})
"""The states in which an entry holds its place; the others free it for somebody else."""
WAITING = frozenset({EntryStatus.REGISTERED, EntryStatus.RETURNED})
"""The states in which somebody still has to act."""

ENTRY_STEPS: Mapping[EntryStatus, frozenset[EntryStatus]] = MappingProxyType(
    {
        EntryStatus.REGISTERED: frozenset(
            {
                EntryStatus.ACCEPTED,
                EntryStatus.RETURNED,
                EntryStatus.REFUSED,
                EntryStatus.WITHDRAWN,
            }
        ),
        EntryStatus.RETURNED: frozenset(
            {
                EntryStatus.REGISTERED,
                EntryStatus.ACCEPTED,
                EntryStatus.REFUSED,
                EntryStatus.WITHDRAWN,
            }
        ),
        EntryStatus.ACCEPTED: frozenset({EntryStatus.RETURNED, EntryStatus.WITHDRAWN}),
        EntryStatus.REFUSED: frozenset({EntryStatus.REGISTERED}),
        EntryStatus.WITHDRAWN: frozenset({EntryStatus.REGISTERED}),
    }
)


@refusal
class WrongEntryStep(RuleBroken):
    """The state does not lead there."""

    says = N_("这个报名现在是“{now}”，不能改为“{wanted}”。")
    field = "status"
    now: EntryStatus
    wanted: EntryStatus


@refusal
class ReasonNeeded(RuleBroken):
    """Whatever is decided against an entry says why."""

    says = N_("退回、不予通过或退赛时请写明原因，代表队会看到。")
    field = "note"


def step_entry(now: EntryStatus, wanted: EntryStatus, *, note: str) -> EntryStatus:
    """Return the wanted state; raise `WrongEntryStep`, or `ReasonNeeded` where one is owed."""
    if wanted not in ENTRY_STEPS[now]:
        raise WrongEntryStep(now, wanted)
    if wanted in {EntryStatus.RETURNED, EntryStatus.REFUSED, EntryStatus.WITHDRAWN} and not (
        note.strip()
    ):
        raise ReasonNeeded
    return wanted
