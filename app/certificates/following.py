"""Follow a log as a witness does: each checkpoint must grow out of the last one that was seen."""

from collections.abc import Callable

from app.certificates import notes, tree
from app.certificates.notes import BadNote, Checkpoint

Fetch = Callable[[str], bytes]
"""Give the bytes of an address under the log's prefix, such as `checkpoint` or `tile/0/000`."""


class LogMisbehaves(Exception):
    """The log forked, shrank, or does not serve what it signed; the message says which."""


class NoLogHere(Exception):
    """What was answered is no signed note: the page of a proxy, say, that asks for a sign-in."""


def latest(fetch: Fetch, *vkeys: str) -> tuple[Checkpoint, str]:
    """Return the log's present checkpoint and its note.

    Raise `NoLogHere` for something else, `LogMisbehaves` for a note that the log did not sign.
    """
    note = fetch("checkpoint").decode("utf-8", "replace")
    try:
        notes.note_parts(note)
    except BadNote as problem:
        raise NoLogHere(f"/log/checkpoint: {problem}") from problem
    try:
        checkpoint = notes.parse_checkpoint(notes.open_note(note, *vkeys))
    except BadNote as problem:
        raise LogMisbehaves(f"the checkpoint is {problem}") from problem
    if checkpoint.origin != notes.parse_vkey(vkeys[0])[0]:
        raise LogMisbehaves(f"the checkpoint is of another log, {checkpoint.origin}")
    return checkpoint, note


def check_growth(fetch: Fetch, old: Checkpoint | None, new: Checkpoint) -> None:
    """Raise `LogMisbehaves` unless the tree of `new` is served and grew out of that of `old`."""
    if old is not None and new.size < old.size:
        raise LogMisbehaves(f"the log shrank from {old.size} to {new.size} leaves")
    if old is not None and new.size == old.size:
        if new.root != old.root:
            raise LogMisbehaves(f"the log has two roots of {new.size} leaves")
        return
    before = 0 if old is None else old.size
    whole = [(0, new.size)] if new.size else []
    ranges = tree.consistency_ranges(before, new.size) if before else []
    tiles = _tiles(fetch, new.size, [*whole, *ranges])
    try:
        root = tree.range_hash(tiles, 0, new.size) if new.size else tree.EMPTY_ROOT
        path = [tree.range_hash(tiles, start, end) for start, end in ranges]
    except KeyError as error:
        raise LogMisbehaves("a tile is shorter than the checkpoint says") from error
    if root != new.root:
        raise LogMisbehaves("the tiles are not those of the checkpoint")
    old_root = tree.EMPTY_ROOT if old is None else old.root
    if not tree.is_consistent(before, new.size, old_root, new.root, path):
        raise LogMisbehaves(f"the log of {new.size} leaves did not grow out of that of {before}")


def _tiles(fetch: Fetch, size: int, ranges: list[tuple[int, int]]) -> dict[tree.Tile, bytes]:
    wanted = {tree.tile_of(node) for start, end in ranges for node in tree.cover(start, end)}
    return {tile: fetch(_address(tile, size)) for tile in sorted(wanted)}


def _address(tile: tree.Tile, size: int) -> str:
    level, number = tile
    width = min(tree.TILE_WIDTH, (size >> tree.TILE_HEIGHT * level) - number * tree.TILE_WIDTH)
    part = "" if width == tree.TILE_WIDTH else f".p/{width}"
    return f"tile/{level}/{tree.tile_path(number)}{part}"
