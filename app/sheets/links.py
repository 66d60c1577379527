"""How far a tablet was told of each ledger, as a link of its chain: number and hash.

A house that no longer has such a link was restored from an older backup, however much it has taken
in since. It then tells the tablet everything anew, and the tablet sends all that it holds again:
what is here already counts once, what was lost comes back. A house of another key is another house,
which has lost nothing: a tablet comes to it from an exercise, say, with marks that are none of its.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta, Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.rules.actors import SYSTEM
from app.sheets.devices import TabletFacts
from app.storage import engine, secret_key
from app.storage.rows import one_of

LENGTH: Final = 16  # hex digits of a hash, enough to know it by
PURPOSE: Final = "house-of-tablets"


class Link(Struct, frozen=True, array_like=True):
    """A link of a ledger's chain."""

    seq: Annotated[int, Meta(ge=0, le=2**53)]
    root: Annotated[str, Meta(max_length=64)]


LedgerId = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Links = Mapping[LedgerId, Link]


def house() -> str:
    """Return what tablets know this house by, restored or not."""
    return secret_key.derived(PURPOSE).hex()[:LENGTH]


async def lost(told: Sequence[Links]) -> list[bool]:
    """Tell of each tablet whether the house has lost a link that it told the tablet of."""
    wanted = {(ledger, link.seq) for links in told for ledger, link in links.items()}
    places, arguments = one_of(sorted(wanted), "(CAST(? AS INTEGER), CAST(? AS BIGINT))")
    if not arguments:
        return [False] * len(told)
    rows = await engine.fetch(
        f"SELECT r.ledger, r.seq, r.hash FROM (VALUES {places}) AS told"  # noqa: S608 - placeholders only
        " JOIN ledger_record AS r ON r.ledger = told.column1 AND r.seq = told.column2",
        arguments,
    )
    here = {(row["ledger"], row["seq"]): row["hash"][:LENGTH] for row in rows}
    return [
        any(here.get((ledger, link.seq)) != link.root for ledger, link in links.items())
        for links in told
    ]


async def of(ledgers: Collection[int]) -> dict[int, Link]:
    """Return the last links of some ledgers, as they are to be told."""
    places, arguments = one_of(sorted(ledgers))
    if not arguments:
        return {}
    rows = await engine.fetch(
        f"SELECT id, seq, root FROM mark_ledger WHERE seq > 0 AND id IN ({places})",  # noqa: S608 - placeholders only
        arguments,
    )
    return {row["id"]: Link(row["seq"], row["root"][:LENGTH]) for row in rows}


async def record_within(tablet: TabletFacts, told: Links, *, at: datetime) -> None:
    """Note that a tablet sends everything again after a restored backup."""
    await audit.record(
        act=Act.TABLET_AHEAD,
        subject=f"sheets.tablet:{tablet.key}",
        by=SYSTEM,
        at=at,
        after={"label": tablet.label, "told": {str(key): told[key].seq for key in sorted(told)}},
    )
