"""Read the log: leaves, tiles, roots, proofs and checkpoints as they were published."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from app.certificates import notes, tree
from app.certificates.notes import Checkpoint, Leaf, LogEvent
from app.certificates.tables import LogCheckpoint, LogCosignature, LogHead, LogLeaf, LogTile
from app.errors import N_, NotFound
from app.storage.engine import read_snapshot


class Published(NamedTuple):
    """What this database published last; the root in hex."""

    size: int
    root: str


class NotInLog(NotFound):
    """No such leaf, tile or checkpoint (yet)."""

    says = N_("日志中没有这一项，或者它还没有纳入检查点。")


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


async def last_note() -> str:
    """Return the latest checkpoint as our keys signed it; empty before the first."""
    row = (
        await LogCheckpoint.select(LogCheckpoint.note)
        .order_by(LogCheckpoint.size, ascending=False)
        .first()
    )
    return str(row["note"]) if row else ""


async def latest_checkpoint() -> tuple[Checkpoint, str]:
    """Return the latest checkpoint and its note."""
    note = await latest_note()
    return notes.parse_checkpoint(notes.note_parts(note)[0]), note


async def proof_of(index: int) -> str:
    """Return the proof that a leaf is under the latest checkpoint; raise `NotInLog`."""
    checkpoint, note = await latest_checkpoint()
    if index >= checkpoint.size:
        raise NotInLog
    path = await hashes_of(tree.inclusion_ranges(index, checkpoint.size))
    return notes.proof_text(index, path, note, (await leaf_at(index)).data)


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
    return [leaf_of(row) for row in await leaf_rows(start, end)]


async def leaf_rows(start: int, end: int) -> list[dict[str, Any]]:
    """Return the rows of a range of leaves in order, whatever they hold."""
    return (
        await LogLeaf.select()
        .where(LogLeaf.number >= start)
        .where(LogLeaf.number < end)
        .order_by(LogLeaf.number)
    )


async def leaf_at(index: int) -> Leaf:
    """Return one leaf; raise `NotInLog`."""
    found = await leaves(index, index + 1)
    if not found:
        raise NotInLog
    return found[0]


async def _tiles(wanted: Iterable[tree.Tile]) -> dict[tree.Tile, bytes]:
    tiles: dict[tree.Tile, bytes] = {}
    async with read_snapshot():
        head = await LogHead.select(LogHead.size, LogHead.edges).first()
        edges = read_edges(head["edges"]) if head else []
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


async def covered_size() -> int:
    """Return how many leaves are under the latest checkpoint; what is beyond is not printed."""
    return (await last_published()).size


async def last_published() -> Published:
    """Return the size and the root of the latest checkpoint; of none, those of an empty log."""
    row = (
        await LogCheckpoint.select(LogCheckpoint.size, LogCheckpoint.root)
        .order_by(LogCheckpoint.size, ascending=False)
        .first()
    )
    return Published(row["size"], row["root"]) if row else Published(0, tree.EMPTY_ROOT.hex())


async def pending() -> int:
    """Return how many leaves are under no checkpoint yet."""
    head = await LogHead.select(LogHead.size).first()
    return max(0, head["size"] - await covered_size()) if head else 0


def leaf_of(row: Mapping[str, Any]) -> Leaf:
    """Return the leaf that a row holds."""
    return Leaf(LogEvent(row["event"]), bytes.fromhex(row["commit"]), row["at"])


def read_edges(stored: str) -> list[bytes]:
    """Read the partial tiles of the growing end, the lowest first; raise `ValueError`."""
    try:
        return [bytes.fromhex(text) for text in msgspec.json.decode(stored, type=list[str])]
    except msgspec.MsgspecError as error:
        raise ValueError(stored) from error
