"""The log's storage: append leaves, publish checkpoints, serve tiles and proofs.

Leaves are appended inside the transaction of their act. A checkpoint is signed after that commit,
and its text is first written to a file beside the log key: a database that does not hold what the
file says was rolled back, would fork the log, and is refused. A witness that remembers more than
we do hands it back (`app.certificates.witnesses`), for a disk that was lost with both: the file
then holds several checkpoints, and the database must hold them all.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from app.certificates import log_vkeys, notes, signer, tiles, tree
from app.certificates.forks import LogWouldFork, PublishedUnknown
from app.certificates.notes import Checkpoint, Leaf
from app.certificates.signer import SignerRefuses
from app.certificates.tables import LogCheckpoint, LogHead, LogLeaf, LogTile
from app.certificates.tiles import Published
from app.storage import engine
from app.storage.engine import in_transaction, write_transaction
from app.storage.rows import insert_rows
from app.storage.whole_files import write_whole

__all__ = ["LogWouldFork", "PublishedUnknown"]

BETWEEN = "\n\n\n"
"""What stands between two remembered notes; a checkpoint's note has no two empty lines."""
UNKNOWN = "unknown\n"
"""Stands among what is remembered where nobody here knows how far the log was published."""


@dataclass
class Head:
    """The growing end of the log, locked by the transaction that read it."""

    id: int
    host: str
    size: int
    edges: list[bytes]
    serial: int
    vkeys: list[str] = field(default_factory=list)


@dataclass
class _Memory:
    """What this process knows outside the database."""

    host: str
    path: Path
    checked: tuple[str, Published] | None = None
    """What was remembered when the log was last found to hold it all, and the largest of that."""
    publishing: asyncio.Lock = field(default_factory=asyncio.Lock)


_memory: list[_Memory] = []


def use(host: str, published_file: Path) -> None:
    """Set the host that the first issue freezes, and the file of the last checkpoint."""
    _memory[:] = [_Memory(host, published_file)]


def present_host() -> str:
    """Return the host of this process's settings."""
    return _memory[0].host


async def host() -> str:
    """Return the frozen host; before the first issue, the one of the settings."""
    row = await LogHead.select(LogHead.host).first()
    return str(row["host"]) if row else present_host()


async def vkeys() -> list[str]:
    """Return the log's verifier keys, the one that signs now last; never that of a stranger."""
    if not (known := await log_vkeys.recorded()):
        await signer.known()
    return known or [log_vkeys.of_signer(await host())]


async def vkey() -> str:
    """Return the verifier key under which the log is signed now."""
    return (await vkeys())[-1]


async def locked_head() -> Head | None:
    """Lock the end of the log within the caller's transaction; None before the first issue."""
    rows = await LogHead.raw(
        "UPDATE certificate_log_head SET size = size RETURNING id, host, size, edges, serial, vkeys"
    )
    return _head_of(rows[0]) if rows else None


async def committed_head() -> Head | None:
    """Return the end of the log without a lock; outside a transaction, as it is on the disk."""
    row = await LogHead.select().first()
    return _head_of(row) if row else None


def _head_of(row: Mapping[str, Any]) -> Head:
    edges, vkeys = tiles.read_edges(row["edges"]), log_vkeys.read(row["vkeys"])
    return Head(row["id"], row["host"], row["size"], edges, row["serial"], vkeys)


async def first_head() -> Head:
    """Freeze the host and begin the log, within the caller's transaction, unless one just did."""
    await engine.hold_name_within("certificates.log")
    if (head := await locked_head()) is not None:
        return head
    vkey = log_vkeys.of_signer(present_host())
    row = LogHead(host=present_host(), size=0, edges="[]", serial=0, changes=0, vkeys=vkey)
    await row.save()
    return Head(row.id, row.host, 0, [], 0, [vkey])


async def append_within(head: Head, leaves: Sequence[Leaf]) -> int:
    """Append leaves under the caller's lock and return the index of the first."""
    first = head.size
    finished: list[tuple[tree.Tile, bytes]] = []
    for number, leaf in enumerate(leaves, start=first):
        finished += tree.append_to(head.edges, tree.leaf_hash(leaf.data), number)
    await insert_rows(
        LogLeaf,
        (
            {"number": number, "event": int(leaf.event), "commit": leaf.commit.hex(), "at": leaf.at}
            for number, leaf in enumerate(leaves, start=first)
        ),
    )
    head.size += len(leaves)
    if finished:
        await LogTile.insert(
            *(
                LogTile(level=level, number=number, hashes=hashes)
                for (level, number), hashes in finished
            )
        )
    await LogHead.update(
        {
            LogHead.size: head.size,
            LogHead.edges: _written(head.edges),
            LogHead.serial: head.serial,
            LogHead.changes: LogHead.changes + 1,
        }
    ).where(LogHead.id == head.id)
    return first


async def refuse_fork(head: Head, last: Published | None = None) -> None:
    """Raise `LogWouldFork` where the database does not hold what was already published.

    Raise `PublishedUnknown` where nobody here remembers what was published. `last` is what the
    database published last, for whoever has read it.
    """
    text = remembered()
    if _is_still_held(text, head, last or await tiles.last_published()):
        return None
    kept = remembered_notes()
    ours = head.vkeys or [await log_vkeys.own(head.host)]
    published = [log_vkeys.checkpoint_of(note, ours) for note in kept if note != UNKNOWN]
    lost = [one for one in published if one is None or not await holds(one, head.size)]
    if lost:
        raise LogWouldFork(head.size, max(one.size if one else 0 for one in lost))
    if UNKNOWN in kept or (not kept and await tiles.covered_size()):
        raise PublishedUnknown(head.size)
    if remembered() != text:
        return await refuse_fork(head, last)  # Somebody handed one in meanwhile.
    if largest := max(filter(None, published), key=lambda one: one.size, default=None):
        _memory[0].checked = text, Published(largest.size, largest.root.hex())
    return None


def _is_still_held(text: str, head: Head, last: Published) -> bool:
    """Tell whether what is remembered was checked before, and by the log that is here now.

    Under a server that goes on, a database may be replaced by an older one at any time. What was
    checked holds in every log that has the same root at the same size.
    """
    return (text, last) == _memory[0].checked and last.size <= head.size


async def holds(published: Checkpoint, size: int) -> bool:
    """Tell whether the log of `size` leaves is one that grew out of this checkpoint."""
    return published.size <= size and await tiles.root_at(published.size) == published.root


def remembered() -> str:
    """Return what this machine remembers of what was published; empty for nothing."""
    path = _memory[0].path
    return path.read_text(encoding="utf-8") if path.exists() else ""


def remembered_notes() -> list[str]:
    """Return the checkpoints that this machine remembers, each by itself."""
    return [f"{note.rstrip()}\n" for note in remembered().split(BETWEEN) if note.strip()]


async def publish(at: datetime) -> int:
    """Sign and keep a checkpoint over all committed leaves; return the size that is covered now.

    Inside the transaction the log may already be longer: on SQLite others share the COMMIT that is
    still to come, and what they wrote is lost where it fails.
    """
    if in_transaction():
        raise RuntimeError("a checkpoint covers committed leaves only")
    async with _memory[0].publishing:
        head, last = await committed_head(), await tiles.last_published()
        if head is not None and not head.vkeys:
            await log_vkeys.write_down()
        if head is None or head.size <= last.size:
            return last.size
        keys = await signer.ready()
        await log_vkeys.refuse_other()
        await refuse_fork(head, last)
        checkpoint = Checkpoint(
            log_vkeys.origin_of(head.host), head.size, tree.edge_root(head.edges)
        )
        try:
            note = await signer.apart(
                notes.signed_note, checkpoint.text, checkpoint.origin, keys.log
            )
        except SignerRefuses:
            longer = await committed_head()
            if longer is None or longer.size <= head.size:
                raise
        else:
            return await _publish_signed(checkpoint, note, at)
    return await publish(at)  # Another process was faster, and the signer remembers its checkpoint.


async def _publish_signed(checkpoint: Checkpoint, note: str, at: datetime) -> int:
    async with write_transaction():
        longer, last = await locked_head(), await tiles.last_published()
        if longer is None or checkpoint.size <= last.size:
            return last.size  # Another process was faster.
        await refuse_fork(longer, last)
        if longer.vkeys and log_vkeys.checkpoint_of(note, longer.vkeys[-1:]) is None:
            raise log_vkeys.LogKeyUnknown  # The signer was another one meanwhile.
        if not await _is_of(longer, checkpoint):
            raise LogWouldFork(longer.size, checkpoint.size)
        remember(note)
        _memory[0].checked = note, Published(checkpoint.size, checkpoint.root.hex())
        await LogCheckpoint(
            size=checkpoint.size, root=checkpoint.root.hex(), note=note, at=at
        ).save()
        await changed_within()
        return checkpoint.size


async def _is_of(head: Head, checkpoint: Checkpoint) -> bool:
    """Tell whether a log holds what was read from it before: no other one took its place."""
    if head.size == checkpoint.size:
        return tree.edge_root(head.edges) == checkpoint.root
    return await holds(checkpoint, head.size)


async def changed_within() -> None:
    """Say that public pages may show something else from this transaction on."""
    await LogHead.update({LogHead.changes: LogHead.changes + 1}, force=True)


async def changes() -> int:
    """Return a number that goes up with every change that a public page could show."""
    rows = await engine.fetch("SELECT changes FROM certificate_log_head")
    return int(rows[0]["changes"]) if rows else 0


def remember(*kept: str) -> None:
    """Keep checkpoints that our log key signed, and no others, outside the database, on the disk.

    Of two notes of one checkpoint the first is kept.
    """
    once: dict[str, str] = {}
    for note in kept:
        once.setdefault(note.partition("\n\n")[0], note)
    write_whole(_memory[0].path, BETWEEN.removesuffix("\n").join(once.values()))


def seconds(at: datetime) -> int:
    """Return an instant as the log writes it."""
    return int(at.astimezone(UTC).timestamp())


def _written(edges: Sequence[bytes]) -> str:
    return msgspec.json.encode([edge.hex() for edge in edges]).decode()
