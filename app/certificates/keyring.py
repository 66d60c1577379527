"""Keys over time: rotate the issuing key, declare one compromised. Both are leaves of the log."""

from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.certificates import cose, issuing, log, signer
from app.certificates.kinds import KeyStatus
from app.certificates.notes import Leaf, LogEvent
from app.certificates.tables import IssuingKey
from app.errors import N_, NotFound, RuleBroken, refusal
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction

MAY_KEEP_KEYS = (Duty.ADMINISTRATOR,)


@refusal
class KeyNotActive(RuleBroken):
    """The key was retired or declared compromised before."""

    says = N_("密钥 {kid} 已不在使用中，不能重复办理。")
    kid: str


@refusal
class WrongIndex(RuleBroken):
    """The index is not one that this key signed."""

    says = N_("日志序号 {index} 不在这个密钥的使用范围内。")
    field = "index"
    index: int


class KeyChange(Struct, frozen=True, kw_only=True):
    """Which key, and why."""

    kid: str
    reason: str


async def rotate(key_file: Path, log_key_file: Path, *, by: Actor, at: datetime) -> str:
    """Retire the active key, make a new one and return its kid.

    The old file is kept beside the new one under its kid, for it may still be needed as evidence;
    what it signed stays valid.
    """
    require(by, MAY_KEEP_KEYS)
    old = cose.kid_of(signer.signers().issuing.public_key).hex()
    fresh = key_file.with_name(f"{key_file.name}.next")
    signer.create(fresh)
    async with write_transaction():
        head = await issuing.begin_within(at)
        await _end_within(old, KeyStatus.RETIRED, head.size - 1)
        public_key = bytes.fromhex((await _row(old))["public_key"])
        await log.append_within(
            head, [Leaf(LogEvent.KEY_RETIRED, cose.key_commit(public_key), log.seconds(at))]
        )
        _exchange(key_file, fresh, old)
        signers = signer.open_files(key_file, log_key_file)
        await issuing.begin_within(at)
        new = cose.kid_of(signers.issuing.public_key).hex()
        await audit.record(
            act=Act.KEY_ROTATED,
            subject=f"certificates.key:{new}",
            by=by,
            at=at,
            before={"kid": old},
        )
    await log.publish(at)
    return new


async def declare_compromised(
    change: KeyChange, from_index: int, *, by: Actor, at: datetime
) -> None:
    """Stop believing what a key signed from a log index on; what it signed before stays valid."""
    require(by, MAY_KEEP_KEYS)
    async with write_transaction():
        head = await issuing.begin_within(at)
        row = await _row(change.kid)
        if row["status"] == KeyStatus.COMPROMISED.value:
            raise KeyNotActive(change.kid)
        if not row["first_index"] < from_index <= head.size:
            raise WrongIndex(from_index)
        last = (
            from_index - 1 if row["last_index"] is None else min(from_index - 1, row["last_index"])
        )
        await IssuingKey.update(
            {IssuingKey.status: KeyStatus.COMPROMISED.value, IssuingKey.last_index: last}
        ).where(IssuingKey.kid == change.kid)
        commit = cose.key_commit(bytes.fromhex(row["public_key"]))
        await log.append_within(head, [Leaf(LogEvent.KEY_COMPROMISED, commit, log.seconds(at))])
        await audit.record(
            act=Act.KEY_COMPROMISED,
            subject=f"certificates.key:{change.kid}",
            by=by,
            at=at,
            after={"from_index": from_index},
            reason=change.reason,
        )
    await log.publish(at)


def _exchange(key_file: Path, fresh: Path, old: str) -> None:
    key_file.replace(key_file.with_name(f"{key_file.name}.{old}"))
    fresh.replace(key_file)


async def _row(kid: str) -> dict[str, Any]:
    row: dict[str, Any] | None = await IssuingKey.select().where(IssuingKey.kid == kid).first()
    if row is None:
        raise NotFound
    return row


async def _end_within(kid: str, status: KeyStatus, last_index: int) -> None:
    ended = await (
        IssuingKey.update({IssuingKey.status: status.value, IssuingKey.last_index: last_index})
        .where(IssuingKey.kid == kid)
        .where(IssuingKey.status == KeyStatus.ACTIVE.value)
        .returning(IssuingKey.id)
    )
    if not ended:
        raise KeyNotActive(kid)
