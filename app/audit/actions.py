"""Write the journal, inside the transaction of the act that it records."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import msgspec

from app.audit.acts import Act
from app.audit.tables import AuditRecord, JournalHead
from app.rules.actors import Actor
from app.rules.journal_chain import GENESIS, link
from app.storage.engine import in_transaction

Facts = Mapping[str, Any]


class OutsideTransaction(Exception):
    """A journal record was written outside the transaction of its act: a bug."""


async def record(
    *,
    act: Act,
    subject: str,
    by: Actor,
    at: datetime,
    before: Facts | None = None,
    after: Facts | None = None,
    reason: str = "",
) -> int:
    """Append one record within the caller's transaction and return its number.

    `before` and `after` hold what changed, as plain values; never ID numbers, marks or codes that
    are sealed.
    """
    if not in_transaction():
        raise OutsideTransaction(act)
    head = await _locked_head()
    facts: dict[str, Any] = {
        "number": head.number + 1,
        "act": act.value,
        "subject": subject,
        "account_id": by.account_id,
        "account_name": by.name,
        "address": by.address,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "reason": reason,
        "before": "" if before is None else _json(before),
        "after": "" if after is None else _json(after),
    }
    digest = link(bytes.fromhex(head.hash), facts).hex()
    await AuditRecord(**(facts | {"at": at, "hash": digest})).save()
    await JournalHead.update({JournalHead.number: head.number + 1, JournalHead.hash: digest}).where(
        JournalHead.id == head.id
    )
    return head.number + 1


async def _locked_head() -> JournalHead:
    found = await JournalHead.raw(
        "UPDATE journal_head SET number = number RETURNING id, number, hash"
    )
    if not found:
        head = JournalHead(number=0, hash=GENESIS.hex())
        await head.save()
        return head
    return JournalHead(**found[0])


def _json(facts: Facts) -> str:
    return msgspec.json.encode(
        {str(key): _plain(value) for key, value in facts.items()}, order="sorted"
    ).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
