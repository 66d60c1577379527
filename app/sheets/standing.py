"""Whether who shows a pass still marks: an open account, a duty to mark, a badge not replaced.

What was read within the last seconds is taken from memory; new badges empty it.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from msgspec import Struct

from app.accounts import queries as accounts
from app.errors import N_, NotAllowed, refusal
from app.rules.actors import Duty, Grant
from app.sheets.devices import FRESH, MOST_KNOWN, Pass
from app.sheets.tables import JudgeBadge
from app.storage import engine

MARKING: Final = (Duty.MARKING_JUDGE, Duty.EXAMINER, Duty.CHIEF_JUDGE)


@refusal
class PassEnded(NotAllowed):
    """The badge was replaced, or its judge marks no more."""

    says = N_("这张胸牌已换发，或者本人的评分职责、账号已停用。请出示现在的胸牌，或找主办方。")


class Standing(Struct, frozen=True):
    """What a pass rests on; there are no grants where the account is closed or the badge ended."""

    read_at: float
    grants: tuple[Grant, ...]

    def marks(self, at: datetime) -> bool:
        """Tell whether marks count that are made by this pass."""
        return any(grant.duty in MARKING and grant.is_open(at) for grant in self.grants)


@dataclass
class _Memory:
    """What was read of one database."""

    of: object = None
    known: dict[Pass, Standing] = field(default_factory=dict)


_memory = _Memory()


def forget() -> None:
    """Read every pass anew: badges were replaced."""
    _memory.known.clear()


async def ended(shown: Iterable[Pass], at: datetime) -> frozenset[Pass]:
    """Return the passes whose marks do not count any more."""
    wanted, present = set(shown), time.monotonic()
    if not wanted:
        return frozenset()
    if _memory.of is not engine.current() or len(_memory.known) > MOST_KNOWN:
        forget()
        _memory.of = engine.current()
    known = _memory.known
    fresh = {held for held in wanted & known.keys() if present - known[held].read_at < FRESH}
    if fresh != wanted:
        known.update(await _read(wanted - fresh, present))
    return frozenset(held for held in wanted if not known[held].marks(at))


async def _read(passes: set[Pass], present: float) -> dict[Pass, Standing]:
    grants = await accounts.grants_of_open({held.account_id for held in passes})
    worn = {held.badge_id for held in passes} - {0}
    ended_badges = await _not_worn(worn) if worn else set()
    return {
        held: Standing(
            present, () if held.badge_id in ended_badges else grants.get(held.account_id, ())
        )
        for held in passes
    }


async def _not_worn(badge_ids: set[int]) -> set[int]:
    live = await JudgeBadge.select(JudgeBadge.id).where(
        JudgeBadge.id.is_in(sorted(badge_ids)), JudgeBadge.ended_at.is_null()
    )
    return badge_ids - {row["id"] for row in live}
