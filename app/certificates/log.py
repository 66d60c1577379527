"""The log's storage: append leaves, publish checkpoints, serve tiles and proofs.

Leaves are appended inside the transaction of their act. A checkpoint is signed after that commit,
and its text is first written to a file beside the log key: a database that does not hold what the
file says was rolled back, would fork the log, and is refused.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.certificates import notes, signer, tree
from app.certificates.notes import Checkpoint, Leaf, LogEvent
from app.certificates.tables import LogCheckpoint, LogCosignature, LogHead, LogLeaf, LogTile
from app.errors import N_, NotFound, RuleBroken, refusal
from app.storage.engine import in_transaction, read_snapshot, write_transaction

CHUNK = 500


@refusal
class LogWouldFork(RuleBroken):
    """The database is older than what was already published."""

    says = N_(
        "数据库里的证书日志（{held} 条）与已经公布的检查点（{published} 条）不一致，可能是恢复了较早的备份。"
        "为避免日志分叉，已停止签发、撤销和更正。请恢复最新的备份，或联系管理员。"
    )
    held: int
    published: int


class NotInLog(NotFound):
    """No such leaf, tile or checkpoint (yet)."""

    says = N_("日志中没有这一项，或者它还没有纳入检查点。")


@dataclass
class Head:
    """The growing end of the log, locked by the transaction that read it."""

    id: int
    host: str
    size: int
    edges: list[bytes]
    serial: int


@dataclass
class _Memory:
    """What this process knows outside the database."""

    host: str
    path: Path
    checked: str = ""


_memory: list[_Memory] = []


def use(host: str, published_file: Path) -> None:
    """Set the host that the first issue freezes, and the file that remembers the last checkpoint."""
    _memory[:] = [_Memory(host, published_file)]


def present_host() -> str:
    """Return the host of this process's settings."""
    return _memory[0].host


async def host() -> str:
    """Return the frozen host; before the first issue, the one of the settings."""
    row = await LogHead.select(LogHead.host).first()
    return str(row["host"]) if row else present_host()


def origin_of(public_host: str) -> str:
    """Return the log's origin, which is also its key's name."""
    return f"{public_host}/log"


async def vkey() -> str:
    """Return the log's verifier key."""
    return notes.vkey(origin_of(await host()), signer.signers().log.public_key)


async def locked_head() -> Head | None:
    """Lock the end of the log within the caller's transaction; None before the first issue."""
    rows = await LogHead.raw(
        "UPDATE certificate_log_head SET size = size RETURNING id, host, size, edges, serial"
    )
    if not rows:
        return None
    row = rows[0]
    return Head(row["id"], row["host"], row["size"], _edges(row["edges"]), row["serial"])


async def first_head() -> Head:
    """Freeze the host and begin the log, within the caller's transaction."""
    row = LogHead(host=present_host(), size=0, edges="[]", serial=0)
    await row.save()
    return Head(row.id, row.host, 0, [], 0)


async def append_within(head: Head, leaves: Sequence[Leaf]) -> int:
    """Append leaves under the caller's lock and return the index of the first."""
    first = head.size
    finished: list[tuple[tree.Tile, bytes]] = []
    rows: list[LogLeaf] = []
    for leaf in leaves:
        finished += tree.append_to(head.edges, tree.leaf_hash(leaf.data), head.size)
        rows.append(
            LogLeaf(number=head.size, event=int(leaf.event), commit=leaf.commit.hex(), at=leaf.at)
        )
        head.size += 1
    for start in range(0, len(rows), CHUNK):
        await LogLeaf.insert(*rows[start : start + CHUNK])
    if finished:
        await LogTile.insert(
            *(LogTile(level=level, number=number, hashes=hashes) for (level, number), hashes in finished)
        )
    await LogHead.update(
        {LogHead.size: head.size, LogHead.edges: _written(head.edges), LogHead.serial: head.serial}
    ).where(LogHead.id == head.id)
    return first


async def refuse_fork(head: Head) -> None:
    """Raise `LogWouldFork` where the database does not hold what was already published."""
    memory = _memory[0]
    text = memory.path.read_text(encoding="utf-8") if memory.path.exists() else ""
    if not text or text == memory.checked:
        return
    try:
        key = notes.vkey(origin_of(head.host), signer.signers().log.public_key)
        published = notes.parse_checkpoint(notes.open_note(text, key))
    except notes.BadNote:
        raise LogWouldFork(head.size, 0) from None
    if published.size > head.size or await root_at(published.size) != published.root:
        raise LogWouldFork(head.size, published.size)
    memory.checked = text


async def publish(at: datetime) -> int:
    """Sign and keep a checkpoint over all committed leaves; return the size that is covered now."""
    if in_transaction():
        raise RuntimeError("a checkpoint covers committed leaves only")
    async with write_transaction():
        head = await locked_head()
        if head is None:
            return 0
        last = await _last_checkpoint_size()
        if head.size == last:
            return last
        await refuse_fork(head)
        checkpoint = Checkpoint(origin_of(head.host), head.size, tree.edge_root(head.edges))
        note = notes.signed_note(checkpoint.text, checkpoint.origin, signer.signers().log)
        _remember(note)
        await LogCheckpoint(size=head.size, root=checkpoint.root.hex(), note=note, at=at).save()
        return head.size


def _remember(note: str) -> None:
    memory = _memory[0]
    partial = memory.path.with_name(memory.path.name + ".new")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(memory.path)
    memory.checked = note


async def covered_size() -> int:
    """Return how many leaves are under the latest checkpoint; what is beyond is not printed."""
    return await _last_checkpoint_size()


async def latest_note() -> str:
    """Return the latest checkpoint with its witnesses' lines; raise `NotInLog` before the first."""
    row = await LogCheckpoint.select().order_by(LogCheckpoint.size, ascending=False).first()
    if row is None:
        raise NotInLog
    lines = (
        await LogCosignature.select(LogCosignature.line)
        .where(LogCosignature.size == row["size"])
        .order_by(LogCosignature.witness)
    )
    return str(row["note"]) + "".join(line["line"] for line in lines)


async def latest_checkpoint() -> tuple[Checkpoint, str]:
    """Return the latest checkpoint and its note."""
    note = await latest_note()
    return notes.parse_checkpoint(notes.note_parts(note)[0]), note


async def proof_of(index: int) -> str:
    """Return the proof that a leaf is under the latest checkpoint; raise `NotInLog`."""
    checkpoint, note = await latest_checkpoint()
    if index >= checkpoint.size:
        raise NotInLog
    return notes.proof_text(index, await hashes_of(tree.inclusion_ranges(index, checkpoint.size)), note)


async def consistency_of(old: int, size: int) -> list[bytes]:
    """Return the proof that the tree of `old` leaves is a prefix of the tree of `size`."""
    return await hashes_of(tree.consistency_ranges(old, size))


async def root_at(size: int) -> bytes:
    """Return the root that the log had at an earlier size."""
    return (await hashes_of([(0, size)]))[0] if size else tree.EMPTY_ROOT


async def hashes_of(ranges: Sequence[tuple[int, int]]) -> list[bytes]:
    """Return the tree hash of each range of leaves."""
    wanted = {tree.tile_of(node) for start, end in ranges for node in tree.cover(start, end)}
    tiles = await _tiles(wanted)
    return [tree.range_hash(tiles, start, end) for start, end in ranges]


async def tile(level: int, number: int, width: int) -> bytes:
    """Return the first `width` hashes of a tile, within the latest checkpoint; raise `NotInLog`."""
    covered = await covered_size() >> tree.TILE_HEIGHT * level
    if number * tree.TILE_WIDTH + width > covered:
        raise NotInLog
    found = (await _tiles({(level, number)})).get((level, number), b"")
    return found[: width * tree.HASH_BYTES]


async def entries(number: int, width: int) -> bytes:
    """Return the first `width` leaves of a bundle, within the latest checkpoint."""
    start = number * tree.TILE_WIDTH
    if start + width > await covered_size():
        raise NotInLog
    return notes.entry_bundle([leaf.data for leaf in await leaves(start, start + width)])


async def leaves(start: int, end: int) -> list[Leaf]:
    """Return the leaves of a range in order."""
    rows = (
        await LogLeaf.select()
        .where(LogLeaf.number >= start)
        .where(LogLeaf.number < end)
        .order_by(LogLeaf.number)
    )
    return [_leaf(row) for row in rows]


async def leaf_at(index: int) -> Leaf:
    """Return one leaf; raise `NotInLog`."""
    found = await leaves(index, index + 1)
    if not found:
        raise NotInLog
    return found[0]


async def events_of(commit: str) -> list[tuple[int, Leaf]]:
    """Return every leaf of a commit (hex) with its index, in order."""
    rows = await LogLeaf.select().where(LogLeaf.commit == commit).order_by(LogLeaf.number)
    return [(row["number"], _leaf(row)) for row in rows]


def seconds(at: datetime) -> int:
    """Return an instant as the log writes it."""
    return int(at.astimezone(UTC).timestamp())


async def _tiles(wanted: Iterable[tree.Tile]) -> dict[tree.Tile, bytes]:
    tiles: dict[tree.Tile, bytes] = {}
    async with read_snapshot():
        head = await LogHead.select(LogHead.size, LogHead.edges).first()
        edges = _edges(head["edges"]) if head else []
        size = head["size"] if head else 0
        for level, number in wanted:
            if level < len(edges) and number == size >> tree.TILE_HEIGHT * (level + 1):
                tiles[level, number] = edges[level]
                continue
            row = (
                await LogTile.select(LogTile.hashes)
                .where(LogTile.level == level)
                .where(LogTile.number == number)
                .first()
            )
            if row is not None:
                tiles[level, number] = bytes(row["hashes"])
    return tiles


async def _last_checkpoint_size() -> int:
    row = await LogCheckpoint.select(LogCheckpoint.size).order_by(LogCheckpoint.size, ascending=False).first()
    return int(row["size"]) if row else 0


def _edges(stored: str) -> list[bytes]:
    return [bytes.fromhex(text) for text in msgspec.json.decode(stored, type=list[str])]


def _written(edges: Sequence[bytes]) -> str:
    return msgspec.json.encode([edge.hex() for edge in edges]).decode()


def _leaf(row: dict[str, object]) -> Leaf:
    return Leaf(LogEvent(row["event"]), bytes.fromhex(str(row["commit"])), int(str(row["at"])))
