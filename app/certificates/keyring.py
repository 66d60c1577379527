"""Keys over time: rotate the issuing key, retire it, declare one compromised.

One person proposes, another approves; each change is a leaf of the log and a record of the journal.
What a key signed before it was retired, or before the index of its compromise, stays valid.
"""

import asyncio
from datetime import datetime
from typing import Any

from app.audit import actions as audit
from app.audit.acts import Act
from app.certificates import cose, issuing, key_proposals, known_keys, log, log_keys, signer
from app.certificates.key_proposals import KeyWish, ProposalLine
from app.certificates.kinds import KeyAct, KeyStatus, ProposalState
from app.certificates.notes import Leaf, LogEvent
from app.certificates.publishing import publish
from app.certificates.tables import IssuingKey
from app.errors import N_, NotFound, RuleBroken, refusal
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction

_one_at_a_time = asyncio.Lock()
MAY_KEEP_KEYS = (Duty.ADMINISTRATOR, Duty.CERTIFICATE_OFFICER)
ACTS = {
    KeyAct.ROTATE: Act.KEY_ROTATED,
    KeyAct.RETIRE: Act.KEY_RETIRED,
    KeyAct.COMPROMISED: Act.KEY_COMPROMISED,
    KeyAct.NEW_LOG_KEY: Act.LOG_KEY_REPLACED,
}


@refusal
class KeyNotActive(RuleBroken):
    """The key was retired or declared compromised before."""

    says = N_("密钥 {kid} 已不在使用中，不能重复办理。")
    kid: str


@refusal
class WrongIndex(RuleBroken):
    """The index is not one that this key signed."""

    says = N_("日志序号 {index} 不在这个密钥的使用范围内。")
    field = "from_index"
    index: int


@refusal
class ReasonNeeded(RuleBroken):
    """A change of keys is always given a reason."""

    says = N_("请写明原因，它会记入操作日志。")
    field = "reason"


@refusal
class SecondPersonNeeded(RuleBroken):
    """Who proposed a change of keys does not approve it."""

    says = N_("密钥变更要由提出人以外的另一个人批准。")


async def propose(wish: KeyWish, *, by: Actor, at: datetime) -> int:
    """Propose a change of keys and return its number; another person decides."""
    require(by, MAY_KEEP_KEYS)
    if not wish.reason.strip():
        raise ReasonNeeded
    await signer.known()
    async with write_transaction():
        if wish.act is KeyAct.NEW_LOG_KEY:
            await log_keys.head_within(wish.kid)
        else:
            head = await issuing.begin_within(at)
            _check(await _row(wish.kid), wish, head.size, await known_keys.present())
        number = await key_proposals.open_within(wish, by, at)
        await _record(Act.KEY_CHANGE_PROPOSED, wish, by, at)
    await publish(at)
    return number


async def propose_log_key(reason: str, *, by: Actor, at: datetime) -> int:
    """Propose that the log key that signs now goes on with the log; see `propose`."""
    await signer.known()
    kid = log_keys.signing(await log.host())
    return await propose(KeyWish(act=KeyAct.NEW_LOG_KEY, kid=kid, reason=reason), by=by, at=at)


async def approve(proposal_id: int, *, by: Actor, at: datetime) -> str:
    """Carry a proposal out as the second person; return the kid of the key that signs then.

    A new key is made before the transaction, for that may take long. Where what follows fails, the
    new key is not listed and signs nothing, and to approve again makes another: what becomes
    trusted was made for this approval, whatever lay in the old one's place.
    """
    require(by, MAY_KEEP_KEYS)
    async with _one_at_a_time:
        wish = _wish(await key_proposals.open_one(proposal_id), by)
        await signer.known()
        if wish.act is KeyAct.NEW_LOG_KEY:
            await _replace_log_key(proposal_id, wish, by, at)
        else:
            await _change_key(proposal_id, wish, by, at)
    await publish(at)
    return known_keys.signing()


async def _replace_log_key(proposal_id: int, wish: KeyWish, by: Actor, at: datetime) -> None:
    note = await log_keys.sign_last()
    async with write_transaction():
        await key_proposals.decide_within(proposal_id, ProposalState.APPROVED, by, at)
        vkey = await log_keys.replace_within(wish.kid, note)
        await _record(ACTS[wish.act], wish, by, at, vkey=vkey)


async def _change_key(proposal_id: int, wish: KeyWish, by: Actor, at: datetime) -> None:
    await _renew_for(wish)
    async with write_transaction():
        await key_proposals.decide_within(proposal_id, ProposalState.APPROVED, by, at)
        head = await issuing.begin_within(at)
        row = await _row(wish.kid)
        _check(row, wish, head.size, wish.kid)
        await _carry_out_within(head, row, wish, at)
        await _record(ACTS[wish.act], wish, by, at)


async def _renew_for(wish: KeyWish) -> None:
    """Let the signer make the new key that was proposed."""
    head = await log.committed_head()
    row = await _row(wish.kid)
    _check(row, wish, head.size if head else 0, await known_keys.present())
    if wish.act is KeyAct.ROTATE:
        await signer.apart(signer.signers().renew)


def _wish(line: ProposalLine, by: Actor) -> KeyWish:
    """Return what was proposed; raise `SecondPersonNeeded` to who proposed it."""
    if line.proposed_by == by.account_id:
        raise SecondPersonNeeded
    return KeyWish(act=line.act, kid=line.kid, reason=line.reason, from_index=line.from_index)


async def decline(proposal_id: int, *, by: Actor, at: datetime) -> None:
    """Decline a proposal, or take one's own back."""
    require(by, MAY_KEEP_KEYS)
    async with write_transaction():
        line = await key_proposals.decide_within(proposal_id, ProposalState.DECLINED, by, at)
        wish = KeyWish(act=line.act, kid=line.kid, reason=line.reason)
        await _record(Act.KEY_CHANGE_DECLINED, wish, by, at)


def _check(row: dict[str, Any], wish: KeyWish, size: int, present: str) -> None:
    """Raise the refusal that says why this cannot be done with this key.

    Only the `present` key is rotated.
    """
    status = KeyStatus(row["status"])
    if wish.act is KeyAct.COMPROMISED:
        if status is KeyStatus.COMPROMISED:
            raise KeyNotActive(wish.kid)
        if wish.from_index is None or not row["first_index"] < wish.from_index <= size:
            raise WrongIndex(wish.from_index or 0)
        return
    is_rotated = wish.act is KeyAct.ROTATE
    if wish.kid != present if is_rotated else status is not KeyStatus.ACTIVE:
        raise KeyNotActive(wish.kid)


async def _carry_out_within(
    head: log.Head, row: dict[str, Any], wish: KeyWish, at: datetime
) -> None:
    commit = cose.key_commit(bytes.fromhex(row["public_key"]))
    if wish.act is KeyAct.COMPROMISED:
        before = head.size - 1 if row["last_index"] is None else row["last_index"]
        last = min((wish.from_index or 0) - 1, before)
        await _end_within(wish.kid, KeyStatus.COMPROMISED, last)
        await log.append_within(head, [Leaf(LogEvent.KEY_COMPROMISED, commit, log.seconds(at))])
        return
    if row["status"] == KeyStatus.ACTIVE.value:
        await _end_within(wish.kid, KeyStatus.RETIRED, head.size - 1)
        await log.append_within(head, [Leaf(LogEvent.KEY_RETIRED, commit, log.seconds(at))])
    if wish.act is KeyAct.ROTATE:
        await known_keys.add_within(head, at)


async def _row(kid: str) -> dict[str, Any]:
    row: dict[str, Any] | None = await IssuingKey.select().where(IssuingKey.kid == kid).first()
    if row is None:
        raise NotFound
    return row


async def _end_within(kid: str, status: KeyStatus, last_index: int) -> None:
    await IssuingKey.update(
        {IssuingKey.status: status.value, IssuingKey.last_index: last_index}
    ).where(IssuingKey.kid == kid)


async def _record(act: Act, wish: KeyWish, by: Actor, at: datetime, **more: str) -> None:
    await audit.record(
        act=act,
        subject=f"certificates.key:{wish.kid}",
        by=by,
        at=at,
        after={"act": wish.act.value, "from_index": wish.from_index, **more},
        reason=wish.reason.strip(),
    )
