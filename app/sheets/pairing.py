"""Make tablets known by a code on the organizer's screen: one code for as many as stand there."""

import secrets
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from app.accounts.tokens import digest_of, new_token
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotAllowed, RuleBroken, refusal
from app.rules.actors import NOBODY, Actor
from app.sheets import devices
from app.sheets.tables import Tablet, TabletPairing
from app.sheets.watching import KEEPING
from app.storage.engine import write_transaction

ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH: Final = 10
LIFE: Final = timedelta(hours=2)
MOST_TABLETS: Final = 200


class Pairing(Struct, frozen=True):
    """What an unknown tablet shows to be made known."""

    device: Annotated[str, Meta(min_length=8, max_length=40)]
    code: Annotated[str, Meta(max_length=40)]
    browser: Annotated[str, Meta(max_length=300)] = ""
    build: Annotated[str, Meta(max_length=200)] = ""


class Paired(Struct, frozen=True):
    """A tablet's token and name."""

    token: str
    label: str


@refusal
class PairingSpent(RuleBroken):
    """The code is unknown, past, or was used by as many tablets as it was made for."""

    says = N_("登记码不对、已过期，或已登记满。请在主办方的“平板”页面重新出一个。")


async def offer(prefix: str, most: int, *, by: Actor, at: datetime) -> str:
    """Make a code with which up to `most` tablets make themselves known; return it."""
    if not by.holds_anywhere(*KEEPING):
        raise NotAllowed
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    async with write_transaction():
        await TabletPairing(
            digest=digest_of(code),
            prefix=prefix.strip(),
            most=most,
            taken=0,
            made_by=by.name,
            made_at=at,
            expires_at=at + LIFE,
        ).save()
        facts = {"prefix": prefix.strip(), "most": most}
        await audit.record(
            act=Act.PAIRING_OFFERED, subject="sheets.tablets:all", by=by, at=at, after=facts
        )
    return code


async def pair(said: Pairing, *, at: datetime) -> Paired:
    """Make a tablet known and name it; one that was struck off is known again.

    Raise `PairingSpent`.
    """
    code = said.code.strip().upper()
    async with write_transaction():
        offered = (
            await TabletPairing.update({TabletPairing.taken: TabletPairing.taken + 1})
            .where(
                TabletPairing.digest == digest_of(code),
                TabletPairing.expires_at > at,
                TabletPairing.taken < TabletPairing.most,
            )
            .returning(TabletPairing.prefix, TabletPairing.made_by)
        )
        if not offered:
            raise PairingSpent
        token = new_token()
        facts: dict[Any, Any] = {
            "token_digest": digest_of(token),
            "account": None,
            "browser": said.browser[:200],
            "build": said.build[:100],
            "seen_at": at,
        }
        by = Actor(None, offered[0]["made_by"], address=NOBODY.address)
        row = await Tablet.select().where(Tablet.key == said.device).first()
        if row is not None:
            again = facts | {"revoked_at": None, "returned_at": None}
            await Tablet.update(again).where(Tablet.id == row["id"])
            await devices.record_again_within(row, by=by, at=at)
            devices.forget()
            return Paired(token, row["label"])
        label = await _free_label(offered[0]["prefix"])
        await devices.add_within(said.device, label, facts, by=by, at=at)
        return Paired(token, label)


async def _free_label(prefix: str) -> str:
    rows = await Tablet.select(Tablet.label)
    taken = {row["label"] for row in rows}
    numbers = (f"{prefix}{number:02d}" for number in range(1, len(taken) + 2))
    return next(label for label in numbers if label not in taken)
