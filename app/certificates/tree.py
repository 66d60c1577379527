"""RFC 6962 trees over tiles of 256 hashes (C2SP tlog-tiles): pure arithmetic, no storage.

A node is `(height, index)`: the complete subtree over leaves `index * 2**height` up. A tile at
level L holds nodes of height 8 L; the nodes between are folded from its hashes.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

HASH_BYTES: Final = 32
TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 256
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

TILE_PATH: Final = re.compile(r"((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([0-9]{1,3}))?")

Node = tuple[int, int]
Tile = tuple[int, int]


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf (section 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node (section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the tree hash over peaks, the largest first; of nothing, the empty tree's."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def full_root(hashes: Sequence[bytes]) -> bytes:
    """Return the tree hash over a power of two of equal subtrees."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[place], level[place + 1]) for place in range(0, len(level), 2)]
    return level[0]


def cover(start: int, end: int) -> list[Node]:
    """Return the complete subtrees that make up leaves `start` to `end`, the largest first.

    `start` must be aligned to the largest of them, as every range of a proof is.
    """
    nodes: list[Node] = []
    while start < end:
        height = (end - start).bit_length() - 1
        nodes.append((height, start >> height))
        start += 1 << height
    return nodes


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Return the leaf ranges whose hashes prove that `index` is in a tree of `size` (2.1.1)."""
    start, end = 0, size
    ranges: list[tuple[int, int]] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, size: int) -> list[tuple[int, int]]:
    """Return the leaf ranges whose hashes prove that a tree of `old` grew to `size` (2.1.2)."""
    start, end, ranges = 0, size, []
    is_whole = True
    while old != end - start or not is_whole:
        if old == end - start:
            ranges.append((start, end))
            break
        middle = start + _split(end - start)
        if old <= middle - start:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            old -= middle - start
            start, is_whole = middle, False
    return ranges[::-1]


def _split(length: int) -> int:
    return 1 << (length - 1).bit_length() - 1


def tile_of(node: Node) -> Tile:
    """Return the level and number of the tile from which a node is folded."""
    height, index = node
    level, rest = divmod(height, TILE_HEIGHT)
    return level, (index << rest) // TILE_WIDTH


def node_from(tiles: Mapping[Tile, bytes], node: Node) -> bytes:
    """Fold a node from the hashes of its tile; raise KeyError where the tile is too short."""
    height, index = node
    rest = height % TILE_HEIGHT
    first = (index << rest) % TILE_WIDTH
    hashes = tiles[tile_of(node)][first * HASH_BYTES : (first + (1 << rest)) * HASH_BYTES]
    if len(hashes) != HASH_BYTES << rest:
        raise KeyError(node)
    return full_root(split_hashes(hashes))


def range_hash(tiles: Mapping[Tile, bytes], start: int, end: int) -> bytes:
    """Return the tree hash of a range of leaves."""
    return fold([node_from(tiles, node) for node in cover(start, end)])


def split_hashes(hashes: bytes) -> list[bytes]:
    """Return the single hashes of a tile."""
    return [hashes[place : place + HASH_BYTES] for place in range(0, len(hashes), HASH_BYTES)]


def append_to(edges: list[bytes], leaf: bytes, size: int) -> list[tuple[Tile, bytes]]:
    """Add a leaf hash to the partial tiles of a tree of `size`; return those that are full now."""
    finished: list[tuple[Tile, bytes]] = []
    level, carried = 0, leaf
    while True:
        if level == len(edges):
            edges.append(b"")
        edges[level] += carried
        if len(edges[level]) < TILE_WIDTH * HASH_BYTES:
            return finished
        number = size >> TILE_HEIGHT * (level + 1)
        finished.append(((level, number), edges[level]))
        carried = full_root(split_hashes(edges[level]))
        edges[level] = b""
        level += 1


def edge_root(edges: Sequence[bytes]) -> bytes:
    """Return the root of the tree whose partial tiles these are, the lowest level first."""
    peaks: list[bytes] = []
    for hashes in reversed([split_hashes(edge) for edge in edges]):
        place = 0
        for height, _ in cover(0, len(hashes)):
            peaks.append(full_root(hashes[place : place + (1 << height)]))
            place += 1 << height
    return fold(peaks)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes, computed afresh (checks and tests)."""
    bounds = [0]
    for height, _ in cover(0, len(leaves)):
        bounds.append(bounds[-1] + (1 << height))
    return fold([full_root(leaves[start:end]) for start, end in pairwise(bounds)])


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a path proves a leaf hash at an index (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether a path proves that the old tree is a prefix (RFC 9162 section 2.1.4.2)."""
    if old in {0, size}:
        return not path and (old == 0 or old_root == root)
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not 0 < old < size or not hashes:
        return False
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not place & 1 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == root


def tile_path(number: int) -> str:
    """Write a tile's number as path elements: 1234067 is `x001/x234/067`."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    return "/".join(groups)


def parse_tile_path(path: str) -> tuple[int, int]:
    """Read `x001/x234/067[.p/W]` into number and width (256 for a full tile); raise ValueError."""
    found = TILE_PATH.fullmatch(path)
    if found is None:
        raise ValueError(path)
    number = int(found[1].replace("x", "").replace("/", ""))
    width = int(found[2]) if found[2] else TILE_WIDTH
    rewritten = tile_path(number) + (f".p/{width}" if found[2] else "")
    if rewritten != path or (found[2] and not 0 < width < TILE_WIDTH):
        raise ValueError(path)
    return number, width
