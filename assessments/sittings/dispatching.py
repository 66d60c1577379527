"""Send examiners and quality supervisors to a sitting, and take them back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from app.accounts import grants, holders
from app.accounts import queries as account_queries
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.people.actions import PersonFacts
from app.rules.actors import Actor, Duty, Grant, Scope, require
from app.storage.engine import write_transaction
from assessments.rules.lifecycle import SittingStatus
from assessments.sittings import queries
from assessments.sittings.actions import AlreadyAssessing, held_within, subject
from assessments.sittings.queries import DispatchLine
from assessments.sittings.tables import Dispatch

BEFORE = frozenset({SittingStatus.PLANNED, SittingStatus.ENROLLING})
SENT = (Duty.EXAMINER, Duty.QUALITY_SUPERVISOR)
"""The duties with which somebody is sent; every other is the administrator's to grant."""


class ExaminerPlan(msgspec.Struct, frozen=True, kw_only=True):
    """An examiner to send: an account and what the card says."""

    account_id: int
    duty: Duty = Duty.EXAMINER
    employer: str = ""
    card_number: str | None = None
    card_valid_until: date | None = None
    is_lead: bool = False
    person: PersonFacts | None = None


@refusal
class NotSent(RuleBroken):
    """A sitting sends for examiners and quality supervisors, and for nobody else."""

    says = N_("批次只派遣考评员和质量督导员；其他职责请由管理员在账号页授予。")
    field = "duty"


@refusal
class LeadExamines(RuleBroken):
    """The lead is one of the examiners."""

    says = N_("考评组长由考评员担任，质量督导员不能兼任。")
    field = "is_lead"


@refusal
class DispatchedAlready(RuleBroken):
    """The account is in the group."""

    says = N_("{name}已在本批次名单中。")
    field = "sign_in_name"
    name: str


async def dispatch(sitting_id: int, wanted: ExaminerPlan, *, by: Actor, at: datetime) -> None:
    """Send an examiner or a quality supervisor; the duty is granted for this sitting.

    Who was withdrawn before sits down again in the same seat.
    """
    _refuse_unfit(wanted)
    async with write_transaction():
        await _open_within(sitting_id, by)
        account = await account_queries.account(wanted.account_id)
        person_id = account.person_id
        if wanted.person is not None:
            person_id = await holders.link_within(account.id, wanted.person, by=by, at=at)
        there = await queries.dispatches(sitting_id, with_withdrawn=True)
        known = next(
            (item for item in there if (item.account_id, item.duty) == (account.id, wanted.duty)),
            None,
        )
        if known is not None and known.withdrawn_at is None:
            raise DispatchedAlready(account.name)
        seat = known.seat if known else _free_seat(wanted.duty, there)
        await _sit_within(sitting_id, wanted, seat=seat, person_id=person_id, at=at)
        granted = Grant(wanted.duty, Scope("sitting", str(sitting_id)), at)
        await grants.grant_within(account.id, granted, by=by, at=at)
        await audit.record(
            act=Act.EXAMINER_DISPATCHED,
            subject=subject(sitting_id),
            by=by,
            at=at,
            after={
                "account": account.sign_in_name,
                "duty": wanted.duty,
                "seat": seat,
                "is_lead": wanted.is_lead,
            },
        )


def differing(there: DispatchLine, wanted: ExaminerPlan) -> dict[str, Any]:
    """Return what a list says otherwise of who was sent; an empty cell says nothing of a card.

    Who leads is the list's to say, and whose account it is where nobody had said so.
    """
    said: dict[str, Any] = {
        "employer": wanted.employer or there.employer,
        "card_number": wanted.card_number or there.card_number,
        "card_valid_until": wanted.card_valid_until or there.card_valid_until,
        "is_lead": wanted.is_lead,
    }
    news = {name: value for name, value in said.items() if value != getattr(there, name)}
    return news | ({"person": True} if wanted.person and there.person_id is None else {})


async def change(sitting_id: int, wanted: ExaminerPlan, *, by: Actor, at: datetime) -> None:
    """Bring somebody who was sent up to date before the assessment; nothing where nothing differs.

    Raise `Stale` for somebody who is not in the group any more.
    """
    _refuse_unfit(wanted)
    async with write_transaction():
        await _open_within(sitting_id, by)
        there = next(
            (
                item
                for item in await queries.dispatches(sitting_id)
                if (item.account_id, item.duty) == (wanted.account_id, wanted.duty)
            ),
            None,
        )
        if there is None:
            raise Stale
        news = differing(there, wanted)
        if not news:
            return
        before = {name: getattr(there, name, None) for name in news}
        if news.pop("person", None) and wanted.person is not None:
            person_id = await holders.link_within(there.account_id, wanted.person, by=by, at=at)
            news["person"] = person_id
        await Dispatch.update(
            {getattr(Dispatch, name): value for name, value in news.items()}
        ).where(Dispatch.id == there.id)
        await audit.record(
            act=Act.EXAMINER_CHANGED,
            subject=subject(sitting_id),
            by=by,
            at=at,
            before={"account": there.sign_in_name, **before},
            after={"account": there.sign_in_name, **news},
        )


def _refuse_unfit(wanted: ExaminerPlan) -> None:
    if wanted.duty not in SENT:
        raise NotSent
    if wanted.is_lead and wanted.duty is not Duty.EXAMINER:
        raise LeadExamines


async def _open_within(sitting_id: int, by: Actor) -> None:
    line = await held_within(sitting_id)
    require(by, queries.RUNNERS, *line.scopes)
    if line.status not in BEFORE:
        raise AlreadyAssessing


def _free_seat(duty: Duty, there: Sequence[DispatchLine]) -> str | None:
    if duty is not Duty.EXAMINER:
        return None
    return f"E{sum(item.duty is Duty.EXAMINER for item in there) + 1}"


async def _sit_within(
    sitting_id: int,
    wanted: ExaminerPlan,
    *,
    seat: str | None,
    person_id: int | None,
    at: datetime,
) -> None:
    place: dict[str, Any] = {
        "sitting": sitting_id,
        "account": wanted.account_id,
        "duty": wanted.duty.value,
    }
    facts: dict[str, Any] = {
        "person": person_id,
        "seat": seat,
        "is_lead": wanted.is_lead,
        "employer": wanted.employer,
        "card_number": wanted.card_number,
        "card_valid_until": wanted.card_valid_until,
        "dispatched_at": at,
        "withdrawn_at": None,
    }
    again = (
        await Dispatch.update({getattr(Dispatch, name): value for name, value in facts.items()})
        .where(*(getattr(Dispatch, name) == value for name, value in place.items()))
        .returning(Dispatch.id)
    )
    if not again:
        await Dispatch(**place, **facts).save()


async def withdraw(
    sitting_id: int, dispatch_id: int, *, reason: str, by: Actor, at: datetime
) -> None:
    """Take somebody out of the group before the assessment; the dispatch stays readable."""
    async with write_transaction():
        await _open_within(sitting_id, by)
        changed = (
            await Dispatch.update({Dispatch.withdrawn_at: at})
            .where(
                Dispatch.id == dispatch_id,
                Dispatch.sitting == sitting_id,
                Dispatch.withdrawn_at.is_null(),
            )
            .returning(Dispatch.account, Dispatch.duty)
        )
        if not changed:
            raise Stale
        ended = Grant(Duty(changed[0]["duty"]), Scope("sitting", str(sitting_id)), at)
        await grants.end_duty_within(changed[0]["account"], ended, by=by, at=at)
        await audit.record(
            act=Act.EXAMINER_WITHDRAWN,
            subject=subject(sitting_id),
            by=by,
            at=at,
            reason=reason,
            before={"account_id": changed[0]["account"]},
        )
