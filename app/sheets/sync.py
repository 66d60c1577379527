"""score-sync/1: take what a tablet sends, once, whatever the network did (offline.md section 3).

Each entry is judged by itself: applied, held for the lead (the sheet is closed, reassigned, the
scheme has changed, or the pass has ended), or rejected and kept as it came. What was taken before
is answered as before.
"""

import hashlib
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from app.sheets import devices, files, gathering, links, vaults
from app.sheets.answers import SheetSnapshot
from app.sheets.devices import Beat, Pass, TabletFacts
from app.sheets.gathering import MOST_ENTRIES, MOST_SHEETS, Batch
from app.sheets.intake import Parsed, Sent, Verdict
from app.sheets.links import LedgerId, Link

PROTO: Final = "score-sync/1"
LONGEST_MS: Final = 253_402_300_799_000
"""The last millisecond of the year 9999: a clock may be wrong by centuries, not by more."""


MOST_COUNTED: Final = 2**53
Counter = Annotated[int, Meta(ge=0, le=MOST_COUNTED)]
"""A whole number that JavaScript and both databases hold exactly."""
SHEET_KEY: Final = re.compile("[a-z2-7]{1,40}")
HEX_SHA256: Final = "^[0-9a-f]{64}$"
SEALED: Final = b'"sealed":'
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What comes of bytes that are no JSON, no text, or nested too deep."""
NUL = b"\\u0000"
"""How JSON writes the one character that PostgreSQL takes in no text."""


class Entry(Struct, frozen=True):
    """One entry as it travels; `at` in milliseconds by the tablet's clock."""

    id: UUID
    act: str
    seq: Counter
    sheet: Annotated[str, Meta(max_length=40)]
    actor: Annotated[str, Meta(max_length=600)] = ""
    at: Annotated[int, Meta(ge=0, le=LONGEST_MS)] = 0
    cell: Annotated[str, Meta(max_length=80)] = ""
    mark: Annotated[str, Meta(max_length=20)] = ""
    value: Annotated[str, Meta(max_length=20)] | None = None
    parents: Annotated[tuple[UUID, ...], Meta(max_length=50)] = ()
    reason: Annotated[str, Meta(max_length=500)] = ""
    scheme: Annotated[str, Meta(max_length=64)] = ""
    files: Annotated[tuple[Annotated[str, Meta(pattern=HEX_SHA256)], ...], Meta(max_length=4)] = ()


class SealedEntry(Struct, frozen=True):
    """An entry as a shared tablet keeps it: what it says is for this house only (`vaults`)."""

    seq: Counter
    vault: Annotated[int, Meta(ge=0, le=2**53)]
    sealed: Annotated[str, Meta(max_length=20_000)]


class SyncBatch(Struct, frozen=True):
    """What a tablet posts; with no entries it is the poll and the heartbeat."""

    proto: str
    batch: Annotated[str, Meta(max_length=40)]
    device: Annotated[str, Meta(max_length=40)]
    seq: Counter
    pending: Counter
    sent_at: int
    known: Annotated[dict[str, Counter], Meta(max_length=MOST_SHEETS)] = {}
    entries: list[msgspec.Raw] = []
    battery: Annotated[int, Meta(ge=0, le=100)] | None = None
    house: Annotated[str, Meta(max_length=64)] = ""
    links: Annotated[dict[LedgerId, Link], Meta(max_length=MOST_SHEETS)] = {}


class EntryResult(Struct, frozen=True, omit_defaults=True):
    """What became of one entry: ok, held or rejected."""

    id: str
    status: str
    code: str = ""
    dup: bool = False


class SyncAnswer(Struct, frozen=True):
    """Written only after the commit.

    `behind` where the house was restored from an older backup since it answered the tablet last:
    then the sheets are told from the beginning, and the tablet sends all that it holds again.
    """

    proto: str
    batch: str
    server_at: str
    results: list[EntryResult]
    sheets: dict[str, SheetSnapshot]
    behind: bool
    house: str
    links: dict[int, Link]


class NotOurProtocol(Exception):
    """The body is no score-sync/1 batch."""


class TooManyEntries(Exception):
    """The batch is too large; the tablet sends it in parts."""


def decode_batch(body: bytes) -> SyncBatch:
    """Read a batch; raise `NotOurProtocol` or `TooManyEntries`."""
    try:
        batch = msgspec.json.decode(body, type=SyncBatch)
    except UNREADABLE as error:
        raise NotOurProtocol from error
    if batch.proto != PROTO or any("\0" in key for key in batch.known):
        raise NotOurProtocol
    if len(batch.entries) > MOST_ENTRIES:
        raise TooManyEntries
    return batch


async def receive(batch: SyncBatch, *, tablet: TabletFacts, at: datetime) -> SyncAnswer:
    """Take a batch; answer with what became of it and what changed on the tablet's sheets."""
    entries = [parse(raw, tablet.key) for raw in batch.entries]
    beat = None
    if not entries or devices.is_beat_due(tablet):
        pending = max(0, batch.pending - len(entries))
        error = _clock_error(batch.sent_at, at)
        beat = Beat(tablet, pending, batch.seq, error, at, batch.battery)
    told = batch.links if batch.house == links.house() else {}
    taken = await gathering.take(Batch(Sent(tablet, entries, at), beat, batch.known, told))
    server_at = at.astimezone(UTC).isoformat()
    return SyncAnswer(
        PROTO,
        batch.batch,
        server_at,
        _results(taken.verdicts),
        taken.sheets,
        taken.is_behind,
        links.house(),
        taken.links,
    )


def _results(verdicts: list[Verdict]) -> list[EntryResult]:
    return [EntryResult(v.id, v.status, v.code, v.is_again) for v in verdicts]


def _clock_error(sent_at: int, at: datetime) -> int:
    return max(-(2**31), min(2**31 - 1, sent_at - int(at.timestamp() * 1000)))


def parse(raw: msgspec.Raw | bytes, device: str = "") -> Parsed:
    """Read one entry of a device by itself, so that a bad one cannot fail the others."""
    text = bytes(raw)
    is_sealed = SEALED in text
    try:
        if is_sealed:
            text = _unsealed(text, device)
        if NUL in text:
            return _unreadable(text)
        entry = msgspec.json.decode(text, type=Entry)
    except (*UNREADABLE, vaults.NotOurSeal):
        return _unreadable(text)
    actor = devices.read_pass(entry.actor)
    aspect, _, seat = entry.cell.rpartition(":")
    return Parsed(
        id=str(entry.id),
        raw=text,
        is_readable=True,
        is_sealed=is_sealed,
        act=entry.act,
        seq=entry.seq,
        sheet=entry.sheet,
        aspect=aspect,
        seat=seat,
        mark=entry.mark,
        value=entry.value,
        parents=tuple(str(parent) for parent in entry.parents),
        actor=actor,
        device_at=datetime.fromtimestamp(entry.at / 1000, UTC),
        reason="\n".join((entry.reason.strip(), *map(files.named, entry.files))).strip(),
        scheme=entry.scheme,
        digest=_digest(entry, actor),
    )


def _unsealed(text: bytes, device: str) -> bytes:
    """Return a sealed entry as if it had come open, with the counter that stands outside."""
    entry = msgspec.json.decode(text, type=SealedEntry)
    plain = vaults.opened(entry.sealed, vaults.key_of(device, entry.vault))
    facts = msgspec.json.decode(plain, type=dict[str, Any])
    return msgspec.json.encode(facts | {"seq": entry.seq})


def _unreadable(text: bytes) -> Parsed:
    """Return what can be told of an entry that cannot be read: its name, counter and sheet."""
    try:
        found = msgspec.json.decode(text)
    except UNREADABLE:
        found = None
    facts = found if isinstance(found, dict) else {}
    seq, sheet = facts.get("seq"), str(facts.get("sheet", ""))
    return Parsed(
        id=str(facts.get("id", ""))[:40],
        raw=text,
        seq=seq if type(seq) is int and 0 <= seq <= MOST_COUNTED else None,
        sheet=sheet if SHEET_KEY.fullmatch(sheet) else "",
    )


def _digest(entry: Entry, actor: Pass | None) -> str:
    facts = [
        entry.id,
        entry.act,
        entry.sheet,
        entry.cell,
        entry.mark,
        entry.value,
        entry.parents,
        entry.at,
        entry.reason,
        entry.scheme,
        actor.account_id if actor else None,
        *entry.files,
    ]
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()
