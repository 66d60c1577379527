"""Who marked, as far as it may be told: while codes are sealed the seat stands for the judge.

A judge stands aside for a delegation: the reserve's name beside a code would tell whose work it is.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from msgspec import Struct

from app.sheets.tables import MarkSheet

AreSealed = Callable[[int], Awaitable[bool]]
_rooms: dict[str, AreSealed] = {}


class Veil(Struct, frozen=True):
    """The judges of a ledger whose names are not shown beside a code; none once codes are open."""

    judges: frozenset[str] = frozenset()

    @property
    def hides_judges(self) -> bool:
        """Tell whether the codes are sealed."""
        return bool(self.judges)

    def name(self, person: str, seat: str | None) -> str:
        """Return who did something on a sheet: a judge by the seat, anybody else by name."""
        return seat if seat and person in self.judges else person


def learn(room: str, are_sealed: AreSealed) -> None:
    """Let a room say whether the codes of its ledgers are sealed; others have none to seal."""
    _rooms[room] = are_sealed


async def veil_over(ledger: Mapping[str, Any]) -> Veil:
    """Return what hides the judges of a ledger."""
    room, _, key = str(ledger["name"]).partition(":")
    if room not in _rooms or not await _rooms[room](int(key)):
        return Veil()
    rows = await MarkSheet.select(MarkSheet.account._.name.as_alias("judge")).where(
        MarkSheet.ledger == ledger["id"], MarkSheet.account.is_not_null()
    )
    return Veil(frozenset(row["judge"] for row in rows))
