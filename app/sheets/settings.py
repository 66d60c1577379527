"""How a ledger's sheets behave on tablets: what the rules say, and what its lead chose."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.rules.actors import Actor
from app.sheets import acts
from app.sheets.tables import MarkLedger
from app.storage.engine import write_transaction


class LedgerSettings(Struct, frozen=True, kw_only=True):
    """`max_spread`: how far judgements of one aspect may lie apart, from the rule set."""

    max_spread: int = 1
    shows_sum: bool = False
    asks_contestant: bool = False


def settings_of(row: Mapping[str, Any]) -> LedgerSettings:
    """Return a ledger's settings from its row."""
    text = row["settings"]
    return LedgerSettings() if text is None else msgspec.json.decode(text, type=LedgerSettings)


def encoded(settings: LedgerSettings) -> str:
    """Return settings as a ledger keeps them."""
    return msgspec.json.encode(settings).decode()


async def choose(
    ledger: str, *, shows_sum: bool, asks_contestant: bool, by: Actor, at: datetime
) -> None:
    """Let the lead choose what sheets show and ask for."""
    async with write_transaction():
        held = await acts.led_ledger_within(ledger, by)
        before = settings_of(await acts.ledger_row(ledger))
        after = msgspec.structs.replace(
            before, shows_sum=shows_sum, asks_contestant=asks_contestant
        )
        await MarkLedger.update({MarkLedger.settings: encoded(after)}).where(
            MarkLedger.id == held.id
        )
        await audit.record(
            act=Act.LEDGER_SET,
            subject=f"sheets.ledger:{ledger}",
            by=by,
            at=at,
            before=msgspec.structs.asdict(before),
            after=msgspec.structs.asdict(after),
        )
