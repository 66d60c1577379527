"""Badges: a number, typed or scanned, opens a shared tablet for its judge.

The number is drawn here, shown once on the printed badge, and kept as its HMAC only. It works on
tablets that are known, nowhere else, and never opens the desk.
"""

import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from app.accounts import queries as accounts
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotAllowed, RuleBroken, refusal
from app.rules.actors import Actor, Duty
from app.rules.mark_sheet import SheetStatus
from app.sheets import devices, leads, standing
from app.sheets.devices import Pass, TabletFacts
from app.sheets.standing import PassEnded
from app.sheets.tables import JudgeBadge, MarkSheet, Tablet
from app.storage import secret_key
from app.storage.engine import write_transaction

DIGITS: Final = 8
ISSUING: Final = (Duty.ADMINISTRATOR, Duty.ORGANIZER)
"""Who prints badges: nobody who marks, so that no judge can open another's sheets."""
PURPOSE: Final = "judge-badge"


class Badge(Struct, frozen=True):
    """A badge as it is printed, once."""

    account_id: int
    name: str
    number: str

    @property
    def spaced(self) -> str:
        """Return the number in two groups, as it is read aloud."""
        return f"{self.number[:4]} {self.number[4:]}"


class Holder(Struct, frozen=True):
    """A judge who has sheets, with the present badge."""

    account_id: int
    name: str
    sheets: int
    made_at: datetime | None


@refusal
class BadgeUnknown(RuleBroken):
    """No badge has this number, or it was replaced."""

    says = N_("没有这个评分码，或已换发新卡。请核对胸牌上的 8 位数字，再试一次。")


def digest_of(number: str) -> str:
    """Return under what a number is kept."""
    return hmac.digest(secret_key.derived(PURPOSE), number.encode(), "sha256").hex()


async def holders(by: Actor) -> list[Holder]:
    """Return the judges for whom one may make badges, by name, with when their badge was made.

    Those are the judges all of whose sheets lie where the actor may issue: a badge opens them all.
    It opens none that is locked or void, so those do not count.
    """
    counted = await MarkSheet.raw(
        "SELECT s.account, a.name, l.scopes, count(*) AS sheets FROM mark_sheet AS s"
        " JOIN account AS a ON a.id = s.account JOIN mark_ledger AS l ON l.id = s.ledger"
        " WHERE s.status NOT IN ({}, {})"
        " GROUP BY s.account, a.name, l.id, l.scopes ORDER BY a.name, s.account",
        SheetStatus.LOCKED.value,
        SheetStatus.VOID.value,
    )
    rows = await JudgeBadge.select(JudgeBadge.account, JudgeBadge.made_at).where(
        JudgeBadge.ended_at.is_null()
    )
    made = {row["account"]: row["made_at"] for row in rows}
    elsewhere = {row["account"] for row in counted if not by.holds(ISSUING, *leads.scopes_of(row))}
    found: dict[int, Holder] = {}
    for row in counted:
        if row["account"] not in elsewhere:
            known = found.get(row["account"])
            sheets = row["sheets"] + (known.sheets if known else 0)
            found[row["account"]] = Holder(
                row["account"], row["name"], sheets, made.get(row["account"])
            )
    return list(found.values())


async def issue(account_ids: Sequence[int], *, by: Actor, at: datetime) -> list[Badge]:
    """Make new badges for judges whom `holders` names; those that they had stop working."""
    wanted = sorted(set(account_ids))
    if not wanted or set(wanted) - {holder.account_id for holder in await holders(by)}:
        raise NotAllowed
    names = {line.id: line.name for line in await accounts.accounts() if not line.is_closed}
    async with write_transaction():
        await JudgeBadge.update({JudgeBadge.ended_at: at}).where(
            JudgeBadge.account.is_in(wanted or [0]), JudgeBadge.ended_at.is_null()
        )
        made = [
            Badge(account_id, names[account_id], await _fresh_number())
            for account_id in wanted
            if account_id in names
        ]
        await _save_within(made, by=by, at=at)
        await audit.record(
            act=Act.BADGES_ISSUED,
            subject="sheets.badges:all",
            by=by,
            at=at,
            after={"accounts": [badge.account_id for badge in made]},
        )
    standing.forget()
    return made


async def _fresh_number() -> str:
    while True:
        number = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if not await JudgeBadge.exists().where(JudgeBadge.digest == digest_of(number)):
            return number


async def _save_within(made: Iterable[Badge], *, by: Actor, at: datetime) -> None:
    for badge in made:
        await JudgeBadge(
            account=badge.account_id,
            digest=digest_of(badge.number),
            made_by=by.name,
            made_at=at,
            ended_at=None,
        ).save()


async def open_tablet(number: str, *, tablet: TabletFacts, at: datetime) -> Pass:
    """Return the judge whose badge was shown to a tablet; raise `BadgeUnknown`.

    So it is for a badge whose judge marks no more.
    """
    clean = "".join(number.split())
    row = (
        await JudgeBadge.select(
            JudgeBadge.id, JudgeBadge.account, JudgeBadge.account._.name.as_alias("name")
        )
        .where(JudgeBadge.digest == digest_of(clean), JudgeBadge.ended_at.is_null())
        .first()
    )
    if row is None:
        raise BadgeUnknown
    held = Pass(row["account"], row["name"], row["id"])
    standing.forget()
    if await standing.ended([held], at):
        raise BadgeUnknown
    await _give(tablet, held.account_id, Act.TABLET_OPENED, by=_actor(held), at=at)
    return held


async def go_on(held: Pass, *, tablet: TabletFacts, at: datetime) -> None:
    """Let a judge go on who is on a tablet, opened meanwhile without a network perhaps.

    Raise `PassEnded`, and tell the tablet of no sheet any more, where the badge was replaced or
    its judge marks no more.
    """
    standing.forget()
    if await standing.ended([held], at):
        await leave_tablet(held.account_id, tablet=tablet, at=at)
        raise PassEnded
    if held.account_id != tablet.account_id:
        await _give(tablet, held.account_id, Act.TABLET_OPENED, by=_actor(held), at=at)


def _actor(held: Pass) -> Actor:
    return Actor(held.account_id, held.name)


async def leave_tablet(account_id: int, *, tablet: TabletFacts, at: datetime) -> None:
    """Let go of a judge: from now on the tablet's token alone hears of no sheet.

    Where another has come meanwhile, who left is gone already, and the other stays.
    """
    if tablet.account_id != account_id:
        return
    line = await accounts.account(account_id)
    await _give(tablet, None, Act.TABLET_LEFT, by=Actor(line.id, line.name), at=at)


async def _give(
    tablet: TabletFacts, account_id: int | None, act: Act, *, by: Actor, at: datetime
) -> None:
    facts: dict[Any, Any] = {Tablet.account: account_id, Tablet.seen_at: at}
    if account_id is not None:  # Who opens it has it; it is out again.
        facts[Tablet.returned_at] = None
    async with write_transaction():
        await Tablet.update(facts).where(Tablet.id == tablet.id)
        await audit.record(act=act, subject=f"sheets.tablet:{tablet.key}", by=by, at=at)
    devices.forget()


VISIT_PURPOSE: Final = "visit-on-tablet"


def make_visit(account_id: int, tablet_id: int, until: datetime) -> str:
    """Return the cookie's words with which a tablet may fetch its judge's empty sheets."""
    body = f"{account_id}.{tablet_id}.{int(until.timestamp())}"
    seal = hmac.digest(secret_key.derived(VISIT_PURPOSE), body.encode(), "sha256").hex()
    return f"{body}.{seal}"


async def visitor_of(text: str, at: datetime) -> int | None:
    """Return whose empty sheets may be fetched: of the judge who is on that tablet still.

    None where the words are not ours or past.
    """
    body, _, seal = text.rpartition(".")
    made = hmac.digest(secret_key.derived(VISIT_PURPOSE), body.encode(), "sha256").hex()
    if not hmac.compare_digest(seal.encode(), made.encode()):
        return None
    account_id, tablet_id, until = map(int, body.split("."))
    is_on = until > at.timestamp() and await Tablet.exists().where(
        Tablet.id == tablet_id, Tablet.account == account_id, Tablet.revoked_at.is_null()
    )
    return account_id if is_on else None
