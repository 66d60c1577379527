"""Send examiners and quality supervisors to a sitting, and take them back."""

from datetime import date, datetime

import msgspec

from app.accounts import grants
from app.accounts import queries as account_queries
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.rules.actors import Actor, Duty, Grant, Scope, require
from app.storage.engine import write_transaction
from assessments.rules.lifecycle import SittingStatus
from assessments.sittings import queries
from assessments.sittings.actions import AlreadyAssessing, subject
from assessments.sittings.tables import Dispatch

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


@refusal
class NotSent(RuleBroken):
    """A sitting sends for examiners and quality supervisors, and for nobody else."""

    says = N_("批次只派遣考评员和质量督导员；其他职责请由管理员在账号页授予。")
    field = "duty"


@refusal
class DispatchedAlready(RuleBroken):
    """The account is in the group."""

    says = N_("{name}已在本批次名单中。")
    field = "account_id"
    name: str


async def dispatch(sitting_id: int, wanted: ExaminerPlan, *, by: Actor, at: datetime) -> None:
    """Send an examiner or a quality supervisor; the duty is granted for this sitting."""
    line = await queries.sitting(sitting_id)
    require(by, queries.RUNNERS, *line.scopes)
    if wanted.duty not in SENT:
        raise NotSent
    account = await account_queries.account(wanted.account_id)
    async with write_transaction():
        there = await queries.dispatches(sitting_id, with_withdrawn=True)
        if any(item.account_id == account.id and item.duty is wanted.duty for item in there):
            raise DispatchedAlready(account.name)
        seat = f"E{sum(item.duty is Duty.EXAMINER for item in there) + 1}"
        await Dispatch(
            sitting=sitting_id,
            account=account.id,
            person=None,
            duty=wanted.duty.value,
            seat=seat if wanted.duty is Duty.EXAMINER else None,
            is_lead=wanted.is_lead,
            employer=wanted.employer,
            card_number=wanted.card_number,
            card_valid_until=wanted.card_valid_until,
            dispatched_at=at,
            withdrawn_at=None,
        ).save()
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


async def withdraw(
    sitting_id: int, dispatch_id: int, *, reason: str, by: Actor, at: datetime
) -> None:
    """Take somebody out of the group before the assessment; the dispatch stays readable."""
    line = await queries.sitting(sitting_id)
    require(by, queries.RUNNERS, *line.scopes)
    if line.status not in {SittingStatus.PLANNED, SittingStatus.ENROLLING}:
        raise AlreadyAssessing
    async with write_transaction():
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
