"""Take in what tablets sent: whatever waits at the same time shares one transaction.

The first batch of a gathering leads: when it has the transaction, the gathering closes, every entry
is judged by itself in the order of arrival, and all become durable with one commit. Where that
fails, each batch is taken alone, so that nobody's batch can spoil another's. Taking a batch twice
is harmless, because what was taken before is answered as before.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from app.sheets import answers, devices, intake, links, standing, taking
from app.sheets.answers import Asked, SheetSnapshot
from app.sheets.devices import Beat
from app.sheets.intake import Sent, Verdict
from app.sheets.links import Link, Links
from app.storage.engine import write_transaction
from app.storage.limits import LastsTooLong
from app.storage.writer import DatabaseBusy

MOST_ENTRIES: Final = 500
MOST_SHEETS: Final = 5_000
"""Of one batch, and of all that share a transaction."""


class Batch(Struct, frozen=True):
    """A tablet's entries and heartbeat, and what it asks: its sheets with the versions it knows.

    `links` are how far it was told of each ledger.
    """

    sent: Sent
    beat: Beat | None
    known: Mapping[str, int]
    links: Links

    async def asked(self, *, is_lost: bool) -> Asked:
        """Return what it may hear of: its judge's sheets, and theirs whose good pass it shows.

        All of it where the house has lost something since it told the tablet. Whoever finds a
        tablet can send what lies sealed there, but sees no pass in it.
        """
        shown = {item.actor for item in self.sent.entries if item.actor and not item.is_sealed}
        good = shown - await standing.ended(shown, self.sent.at)
        known = dict.fromkeys(self.known, 0) if is_lost else self.known
        return Asked(known, {self.sent.tablet.account_id, *(held.account_id for held in good)})


class Taken(Struct, frozen=True):
    """What became of a batch."""

    verdicts: list[Verdict]
    sheets: dict[str, SheetSnapshot]
    is_behind: bool
    links: dict[int, Link]


class Gathering:
    """Batches that wait for the same transaction."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.waiting: list[asyncio.Future[Taken | None]] = []
        self._entries = 0
        self._sheets = 0

    def has_room(self, batch: Batch) -> bool:
        """Tell whether a batch fits in without making the transaction a long one."""
        return (
            self._entries + len(batch.sent.entries) <= MOST_ENTRIES
            and self._sheets + len(batch.known) <= MOST_SHEETS
        )

    def join(self, batch: Batch) -> None:
        """Add a batch."""
        self.batches.append(batch)
        self._entries += len(batch.sent.entries)
        self._sheets += len(batch.known)

    async def told(self) -> Taken | None:
        """Wait for what becomes of the batch that joined last; None where it is to go alone."""
        future: asyncio.Future[Taken | None] = asyncio.get_running_loop().create_future()
        self.waiting.append(future)
        return await future

    def tell(self, taken: Sequence[Taken | None]) -> None:
        """Let everyone go on, apart from who was cancelled meanwhile."""
        for future, one in zip(self.waiting, taken, strict=True):
            if not future.done():
                future.set_result(one)

    def refuse(self, error: Exception) -> None:
        """Let everyone hear of what would happen to each of them alone."""
        for future in self.waiting:
            if not future.done():
                future.set_exception(type(error)(*error.args))


_open: list[Gathering] = []
"""The gathering that still takes batches, where there is one."""


async def take(batch: Batch) -> Taken:
    """Take a batch; return when it is durable."""
    if not _open or not _open[0].has_room(batch):
        gathering = Gathering()
        _open[:] = [gathering]
        gathering.join(batch)
        return await _lead(gathering)
    _open[0].join(batch)
    return await _open[0].told() or await _alone(batch)


async def _lead(gathering: Gathering) -> Taken:
    taken: Sequence[Taken | None] = ()
    try:
        await asyncio.sleep(0)  # Whoever is ready to run comes along.
        taken = await _taken_together(gathering)
    except (DatabaseBusy, LastsTooLong) as error:
        gathering.refuse(error)
        raise
    except Exception:
        if not gathering.waiting:
            raise
    finally:
        _close(gathering)
        gathering.tell(taken[1:] or [None] * len(gathering.waiting))
    return (taken[0] if taken else None) or await _alone(gathering.batches[0])


async def _alone(batch: Batch) -> Taken:
    gathering = Gathering()
    gathering.join(batch)
    return (await _taken_together(gathering))[0]


def _close(gathering: Gathering) -> None:
    if gathering in _open:
        _open.remove(gathering)


async def _taken_together(gathering: Gathering) -> list[Taken]:
    async with write_transaction():
        _close(gathering)
        batches = gathering.batches
        verdicts = await taking.take_within([batch.sent for batch in batches])
        await devices.beat_within([batch.beat for batch in batches if batch.beat])
        behind = await links.lost([batch.links for batch in batches])
        for batch, is_lost in zip(batches, behind, strict=True):
            if is_lost:
                await links.record_within(batch.sent.tablet, batch.links, at=batch.sent.at)
        asked = zip(batches, behind, strict=True)
        sheets = await answers.snapshots(
            [await batch.asked(is_lost=is_lost) for batch, is_lost in asked]
        )
        told = await _links(batches, sheets)
    return [Taken(*part) for part in zip(verdicts, sheets, behind, told, strict=True)]


async def _links(
    batches: Sequence[Batch], sheets: Sequence[Mapping[str, SheetSnapshot]]
) -> list[dict[int, Link]]:
    """Return, for each batch, the last links of the ledgers that its answer tells of."""
    ledgers = [
        await intake.ledgers_of({*told, *(item.sheet for item in batch.sent.entries)} - {""})
        for batch, told in zip(batches, sheets, strict=True)
    ]
    found = await links.of({ledger for part in ledgers for ledger in part})
    return [{ledger: found[ledger] for ledger in part if ledger in found} for part in ledgers]
