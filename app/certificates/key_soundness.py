"""Hold the issuing keys against the log, and what was proposed for them against the journal."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from app.audit import queries as journal
from app.audit.acts import Act
from app.audit.queries import PastAct
from app.certificates import cose, known_keys, log, log_vkeys, signer, tiles
from app.certificates.keyring import ACTS
from app.certificates.kinds import KeyStatus, ProposalState
from app.certificates.notes import LogEvent
from app.certificates.tables import IssuingKey, KeyProposal, LogHead, LogLeaf
from app.storage.engine import read_snapshot

KEY_EVENTS = (LogEvent.KEY_ADDED, LogEvent.KEY_RETIRED, LogEvent.KEY_COMPROMISED)
STATUS_AFTER = {
    LogEvent.KEY_ADDED: KeyStatus.ACTIVE,
    LogEvent.KEY_RETIRED: KeyStatus.RETIRED,
    LogEvent.KEY_COMPROMISED: KeyStatus.COMPROMISED,
}
Row = Mapping[str, Any]
Leaves = dict[str, list[tuple[int, Any]]]


async def problems() -> list[str]:
    """Return where keys and proposals are not what was logged and recorded."""
    async with read_snapshot():
        acts = await journal.acts_under("certificates.key:")
        return [
            *await _key_problems(acts),
            *await _log_key_problems(acts),
            *await _proposal_problems(acts),
        ]


async def _key_problems(acts: dict[str, list[PastAct]]) -> list[str]:
    leaves: Leaves = {}
    events = [int(event) for event in KEY_EVENTS]
    for row in await LogLeaf.select().where(LogLeaf.event.is_in(events)).order_by(LogLeaf.number):
        with suppress(ValueError):  # The log's own check names it.
            leaf = tiles.leaf_of(row)
            leaves.setdefault(row["commit"], []).append((row["number"], leaf))
    found = []
    for row in await IssuingKey.select().order_by(IssuingKey.id):
        try:
            public_key = bytes.fromhex(row["public_key"])
        except ValueError:
            public_key = b""
        logged = leaves.pop(cose.key_commit(public_key).hex(), [])
        from_index = _from_index(acts.get(f"certificates.key:{row['kid']}", []))
        if row["kid"] != cose.kid_of(public_key).hex() or not logged:
            found.append(f"key {row['kid']} is not in the log")
        elif parts := _differences(row, logged, from_index):
            found.append(f"key {row['kid']} differs from the log: {' '.join(parts)}")
    found += [f"the key of log entry {logged[0][0]} is missing" for logged in leaves.values()]
    return found + await _signing_problems()


async def _log_key_problems(acts: dict[str, list[PastAct]]) -> list[str]:
    """Return where the log's keys are not those that the journal tells, or another signs now.

    The first is nobody's decision: the checkpoints under it are what tells.
    """
    held = await log_vkeys.recorded()
    if not held:
        return []
    replaced = (one for past in acts.values() for one in past if one.act is Act.LOG_KEY_REPLACED)
    told = [str(one.after.get("vkey")) for one in sorted(replaced, key=lambda one: one.at)]
    if held[-len(told) :] != told if told else len(held) > 1:
        return ["the keys of the log differ from the journal"]
    try:
        await log_vkeys.refuse_other()
    except log_vkeys.LogKeyUnknown as problem:
        return [f"another log key signs now: {problem}"]
    except signer.SignerSilent:
        return []
    return []


async def _signing_problems() -> list[str]:
    """Return why the key that signs now is nobody's decision."""
    try:
        if await LogHead.exists():
            await known_keys.refuse_unfit()
    except known_keys.KeyUnknown as problem:
        return [f"key {problem.kid} signs now and is not listed: {problem}"]
    except (known_keys.KeyEnded, signer.SignerSilent):
        return []  # Both are told elsewhere: on the page of keys, by the signer's own check.
    return []


def _from_index(past: list[PastAct]) -> int | None:
    """Return from where on a key is not believed, as the journal tells."""
    told = [one.after.get("from_index") for one in past if one.act is Act.KEY_COMPROMISED]
    return told[-1] if told else None


def _differences(row: Row, logged: list[tuple[int, Any]], from_index: int | None) -> list[str]:
    first, added = logged[0]
    ends = [number - 1 for number, leaf in logged if leaf.event is not LogEvent.KEY_ADDED]
    if from_index is not None:
        ends.append(from_index - 1)
    said = {
        "first_index": first,
        "last_index": min(ends, default=None),
        "status": STATUS_AFTER[logged[-1][1].event].value,
        "added_at": added.at,
    }
    held = {**row, "added_at": log.seconds(row["added_at"])}
    return sorted(name for name, value in said.items() if held[name] != value)


async def _proposal_problems(acts: dict[str, list[PastAct]]) -> list[str]:
    told = Counter(
        (subject.partition(":")[2], *_facts(one))
        for subject, past in acts.items()
        for one in past
        if one.after
    )
    held = Counter(one for row in await KeyProposal.select() for one in _acts_of(row))
    return [
        f"a proposal for key {kid} differs from the journal"
        for kid, *_ in [*(told - held), *(held - told)]
    ]


def _facts(one: PastAct) -> tuple[object, ...]:
    facts = (one.after.get("act"), one.after.get("from_index"), one.reason)
    by = (one.account_id, one.account_name, one.at)
    return one.act, *(facts if one.act is not Act.KEY_CHANGE_DECLINED else facts[::2]), *by


def _acts_of(row: Row) -> list[tuple[object, ...]]:
    """Return what the journal tells of a proposal: that it was made, and how it was decided."""
    facts = (row["act"], row["from_index"], row["reason"])
    by = (row["proposed_by"], row["proposed_name"], row["proposed_at"])
    decided = (row["decided_by"], row["decided_name"], row["decided_at"])
    made = (row["kid"], Act.KEY_CHANGE_PROPOSED, *facts, *by)
    if row["state"] == ProposalState.OPEN.value:
        return [made] if decided == (None, "", None) else []
    if row["state"] == ProposalState.APPROVED.value:
        return [made, (row["kid"], ACTS.get(row["act"]), *facts, *decided)]
    return [made, (row["kid"], Act.KEY_CHANGE_DECLINED, *facts[::2], *decided)]
