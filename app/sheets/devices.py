"""Tablets and passes: which device sends, and which judge made an entry.

A tablet proves itself by a token; an entry names its judge by a pass that was made when the judge
signed on, so that signing out, or another judge signing in, never touches what waits on a tablet.
"""

import base64
import hmac
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from app.accounts.tokens import digest_of, new_token
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotAllowed, refusal
from app.rules.actors import Actor
from app.sheets.tables import Tablet
from app.storage import engine, secret_key
from app.storage.engine import write_transaction

PURPOSE = "tablet-pass"
LABEL_LENGTH = 4
FRESH: Final = 5.0  # seconds
MOST_KNOWN: Final = 5_000
_by_digest: dict[str, tuple[float, "TabletFacts"]] = {}
_beaten_at: dict[str, float] = {}


@refusal
class TabletRevoked(NotAllowed):
    """This tablet was struck off."""

    says = N_("这台平板已停用。请换一台平板，或请管理员重新登记。")


class TabletFacts(Struct, frozen=True):
    """A tablet as the protocol needs it."""

    id: int
    key: str
    label: str
    account_id: int | None


class Beat(Struct, frozen=True):
    """A tablet's heartbeat: how many entries it still holds, its counter, its clock."""

    tablet: TabletFacts
    pending: int
    last_seq: int
    clock_error_ms: int
    at: datetime
    battery: int | None = None


class SignOn(Struct, frozen=True):
    """What a tablet says of itself when a judge opens it."""

    device: Annotated[str, Meta(min_length=8, max_length=40)]
    token: Annotated[str, Meta(max_length=200)] = ""
    browser: Annotated[str, Meta(max_length=300)] = ""
    build: Annotated[str, Meta(max_length=200)] = ""


class Pass(Struct, frozen=True, array_like=True):
    """Who made an entry, and the badge that opened the tablet; 0 for who signed in there."""

    account_id: int
    name: str
    badge_id: int = 0


def make_pass(account_id: int, name: str, badge_id: int = 0) -> str:
    """Return the signed words with which entries name their judge."""
    body = msgspec.json.encode(Pass(account_id, name, badge_id))
    return f"{_text(body)}.{_text(_seal(body, secret_key.derived(PURPOSE)))}"


def read_pass(text: str) -> Pass | None:
    """Return who a pass names, None where it is not ours."""
    return _read_pass(text, secret_key.derived(PURPOSE))


@lru_cache(MOST_KNOWN)
def _read_pass(text: str, key: bytes) -> Pass | None:
    """Each entry shows its judge's pass, so the seal of one is recomputed again and again."""
    body, _, seal = text.partition(".")
    try:
        raw, given = _raw(body), _raw(seal)
        if not hmac.compare_digest(given, _seal(raw, key)):
            return None
        return msgspec.json.decode(raw, type=Pass)
    except (ValueError, msgspec.DecodeError):
        return None


def _seal(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


async def sign_on(said: SignOn, *, by: Actor, at: datetime) -> tuple[str, str]:
    """Pair a tablet with a signed-in judge; return its token and label.

    A tablet that shows its token keeps it. One that lost it gets a new one; the old stops working.
    Raise `TabletRevoked` for one that was struck off.
    """
    async with write_transaction():
        row = await Tablet.select().where(Tablet.key == said.device).first()
        if row is not None and row["revoked_at"] is not None:
            raise TabletRevoked
        is_known = (
            row is not None
            and bool(said.token)
            and hmac.compare_digest(row["token_digest"], digest_of(said.token))
        )
        chosen = said.token if is_known else new_token()
        facts: dict[Any, Any] = {
            "token_digest": digest_of(chosen),
            "account": by.account_id,
            "browser": said.browser[:200],
            "build": said.build[:100],
            "seen_at": at,
        }
        if row is not None:
            forget()
            await Tablet.update(facts | {"returned_at": None}).where(Tablet.id == row["id"])
            if not is_known:
                await record_again_within(row, by=by, at=at)
            return chosen, str(row["label"])
        label = said.device[-LABEL_LENGTH:].upper()
        await add_within(said.device, label, facts, by=by, at=at)
        return chosen, label


async def add_within(
    key: str, label: str, facts: dict[Any, Any], *, by: Actor, at: datetime
) -> None:
    """Keep a tablet that was not known before."""
    await Tablet(
        key=key, label=label, paired_at=at, pending=0, last_seq=0, clock_error_ms=0, **facts
    ).save()
    await audit.record(
        act=Act.TABLET_PAIRED,
        subject=f"sheets.tablet:{key}",
        by=by,
        at=at,
        after={"label": label},
    )


async def record_again_within(row: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Note that a tablet of this row was given a new token; it may have been struck off before."""
    revoked_at: datetime | None = row["revoked_at"]
    await audit.record(
        act=Act.TABLET_PAIRED,
        subject=f"sheets.tablet:{row['key']}",
        by=by,
        at=at,
        before={"revoked": revoked_at.astimezone(UTC).isoformat() if revoked_at else None},
        after={"label": row["label"]},
    )


async def tablet_of(token: str) -> TabletFacts | None:
    """Return the tablet that holds a token, None for an unknown or revoked one.

    What was read within the last seconds is taken from memory; revoking empties it.
    """
    digest = digest_of(token)
    read_at, known = _by_digest.get(digest, (0.0, None))
    if known is not None and time.monotonic() - read_at < FRESH:
        return known
    tablet = await _found("token_digest = ? AND revoked_at IS NULL", digest)
    if tablet is None:
        return None
    if len(_by_digest) >= MOST_KNOWN:
        _by_digest.clear()
    _by_digest[digest] = (time.monotonic(), tablet)
    return tablet


async def is_revoked(token: str) -> bool:
    """Tell whether a token belongs to a tablet that was struck off: it shall forget everything."""
    return await _found("token_digest = ? AND revoked_at IS NOT NULL", digest_of(token)) is not None


async def tablet_by_key(key: str) -> TabletFacts | None:
    """Return a tablet by its own name, revoked or not: a backup file may come from a lost one."""
    return await _found("key = ?", key)


def forget() -> None:
    """Read every tablet anew: one was struck off or got another token."""
    _by_digest.clear()


async def _found(which: str, value: str) -> TabletFacts | None:
    rows = await engine.fetch(
        f"SELECT id, key, label, account AS account_id FROM tablet WHERE {which}",  # noqa: S608 - our own words
        [value],
    )
    return TabletFacts(**rows[0]) if rows else None


def is_beat_due(tablet: TabletFacts) -> bool:
    """Tell whether a tablet's heartbeat was not noted in the last seconds."""
    return time.monotonic() - _beaten_at.get(tablet.key, 0.0) >= FRESH


async def beat_within(beats: Sequence[Beat]) -> None:
    """Note heartbeats, always in the same order of tablets, so that nobody waits in a circle."""
    ordered = sorted(beats, key=lambda beat: beat.tablet.id)
    await engine.run_each(
        "UPDATE tablet SET pending = ?, last_seq = ?, clock_error_ms = ?, seen_at = ?, battery = ?"
        " WHERE id = ?",
        [
            (
                beat.pending,
                beat.last_seq,
                beat.clock_error_ms,
                beat.at,
                beat.battery,
                beat.tablet.id,
            )
            for beat in ordered
        ],
    )
    if len(_beaten_at) >= MOST_KNOWN:
        _beaten_at.clear()
    _beaten_at.update({beat.tablet.key: time.monotonic() for beat in ordered})
