"""Recompute the log and compare it with the register: what `check` finds wrong, in words."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from piccolo.query.functions import Max

from app.certificates import (
    cose,
    key_soundness,
    log,
    notes,
    queries,
    sealing,
    seals,
    signer,
    testimony,
    ties,
    tiles,
    tree,
    witnesses,
)
from app.certificates.cose import NotOurSignature
from app.certificates.kinds import Verdict
from app.certificates.notes import BadNote, Leaf, LogEvent
from app.certificates.signer import SignerRefuses, SignerSilent
from app.certificates.tables import Certificate, LogCheckpoint, LogHead, LogTile
from app.storage.engine import read_snapshot

COLUMNS = (
    Certificate.id,
    Certificate.verification_id,
    Certificate.title,
    Certificate.commit,
    Certificate.cose,
)
CHUNK = 1000
MOST = 50


async def signer_problems() -> list[str]:
    """Return why nothing can be signed now; empty where it can."""
    try:
        signer.signers().probe()
    except SignerSilent as problem:
        return [f"{problem} {problem.socket}"]
    except SignerRefuses as problem:
        return [str(problem)]
    return []


async def log_problems(trusted: Sequence[str] = ()) -> list[str]:
    """Return what is broken in the log, its checkpoints and the register; empty where all holds.

    The lines of witnesses hold against the keys of those that are `trusted`.
    """
    problems = await _memory_problems()
    for checks in (_tree_problems, _register_problems):
        async with read_snapshot():  # What is issued meanwhile would look like a forgery.
            problems += await checks()
    problems += await witnesses.problems(trusted)
    problems += await key_soundness.problems() + await testimony.problems()
    return problems[:MOST]


async def _memory_problems() -> list[str]:
    """Return why what is remembered stops all issuing; to remember nothing is no fault."""
    if not log.remembered():
        return []
    try:
        head = await log.committed_head() or log.Head(0, log.present_host(), 0, [], 0)
        await log.refuse_fork(head)
    except (log.LogWouldFork, log.PublishedUnknown) as problem:
        longer = await log.committed_head()
        if longer is not None and longer.size > head.size:
            return await _memory_problems()  # It was published between the two reads.
        return [f"log: {problem}"]
    except (SignerSilent, ValueError):
        return []  # The tree's check says so.
    return []


async def _tree_problems() -> list[str]:
    head = await LogHead.select().first()
    if head is None:
        return []
    checkpoints = {
        row["size"]: row for row in await LogCheckpoint.select().order_by(LogCheckpoint.size)
    }
    try:
        keys = await log.vkeys()
    except SignerSilent:
        return ["log: not checked, for the signing process has not told its public key"]
    edges: list[bytes] = []
    size = 0
    problems: list[str] = []
    async for leaf in _leaves():
        data = leaf.data if leaf else b""
        if leaf is None:
            problems.append(f"log: entry {size} was edited or is damaged")
        for place, hashes in tree.append_to(edges, tree.leaf_hash(data), size):
            if await _tile(place) != hashes:
                problems.append(f"log: tile {place[0]}/{place[1]} is not the hashes of its leaves")
        size += 1
        if size in checkpoints:
            problems += _checkpoint_problems(checkpoints.pop(size), tree.edge_root(edges), keys)
    problems += [
        f"log: a checkpoint covers {left} leaves, {size} are there" for left in checkpoints
    ]
    return problems + await _head_problems(head, size, edges)


async def _head_problems(head: dict[str, Any], size: int, edges: list[bytes]) -> list[str]:
    problems = []
    last = await Certificate.select(Max(Certificate.serial, "serial")).first()
    if last is not None and (last["serial"] or 0) != head["serial"]:
        problems.append(f"log: the head says serial {head['serial']}, {last['serial']} is the last")
    try:
        kept = tiles.read_edges(head["edges"])
    except ValueError:
        kept = []
    if head["size"] != size or [edge for edge in kept if edge] != [edge for edge in edges if edge]:
        problems.append(f"log: the head says {head['size']} leaves, {size} are there, or others")
    return problems


async def _leaves() -> AsyncIterator[Leaf | None]:
    """Return every leaf in order; None for one that no log holds."""
    start = 0
    while rows := await tiles.leaf_rows(start, start + CHUNK):
        for row in rows:
            try:
                yield tiles.leaf_of(row)
            except ValueError:
                yield None
        start += CHUNK


async def _tile(place: tree.Tile) -> bytes:
    row = (
        await LogTile.select(LogTile.hashes)
        .where(LogTile.level == place[0])
        .where(LogTile.number == place[1])
        .first()
    )
    return bytes(row["hashes"]) if row else b""


def _checkpoint_problems(row: dict[str, Any], root: bytes, keys: Sequence[str]) -> list[str]:
    try:
        checkpoint = notes.parse_checkpoint(notes.open_note(row["note"], *keys))
    except BadNote as problem:
        return [f"log: the checkpoint of {row['size']} leaves is {problem}"]
    if (checkpoint.size, checkpoint.root, row["root"]) != (row["size"], root, root.hex()):
        return [f"log: the leaves are not those of the checkpoint of {row['size']}"]
    return []


async def _register_problems() -> list[str]:
    problems: list[str] = []
    known: set[str] = set()
    after = 0
    while rows := await _rows(after):
        for row in rows:
            known.add(row["commit"])
            problems += await _row_problems(row)
        after = rows[-1]["id"]
    number = 0
    async for leaf in _leaves():
        if leaf and leaf.event is LogEvent.ISSUED and leaf.commit.hex() not in known:
            problems.append(f"register: the certificate of log entry {number} is missing")
        number += 1
    return problems


async def _rows(after: int) -> list[dict[str, Any]]:
    query = Certificate.select(*COLUMNS).where(Certificate.id > after).order_by(Certificate.id)
    return [dict(row) for row in await query.limit(CHUNK)]


async def _row_problems(row: dict[str, Any]) -> list[str]:
    name = f"register: certificate {row['id']}"
    try:
        signed = cose.parse(bytes(row["cose"]))
    except (NotOurSignature, TypeError):
        return [f"{name} has no signature of ours"]
    if signed.claim.verification_id != row["verification_id"]:
        return [f"{name} has the signature of another"]
    try:
        entry = await queries.entry_of(row["verification_id"], believes_seals=False)
    except queries.Damaged:
        return [f"{name} was edited or is damaged"]
    if entry.verdict is Verdict.UNREGISTERED:
        return [f"{name} is not in the log"]
    if entry.verdict is Verdict.UNCERTAIN:
        return [f"{name} differs: {entry.doubt} {' '.join(entry.differs)}".rstrip()]
    if entry.title != row["title"]:
        return [f"{name} has a title that is neither signed nor sealed"]
    return [f"{name} {problem}" for problem in await _unsigned_problems(row["id"])]


async def _unsigned_problems(certificate_id: int) -> list[str]:
    row = await sealing.row_of(certificate_id)
    if row is None:
        return ["was edited or is damaged"]
    problems = await ties.problems_of(row)
    if row["seal"] is None or len(row["seal"]) != seals.LENGTH:
        problems.append("is not sealed")
    elif not await sealing.is_whole(row):
        problems.append("was edited in what its seal covers and its signature does not")
    return problems
