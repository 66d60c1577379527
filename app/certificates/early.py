"""Certificates before the public notice is over: for a reason, which the journal keeps."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor
from app.rules.notice import last_day
from app.storage.engine import write_transaction


class EarlyForm(Struct, frozen=True):
    """Why certificates are issued before the notice is over."""

    reason: Annotated[str, Meta(title=N_("提前签发的理由"), max_length=200)] = ""


@refusal
class NoticeOpen(RuleBroken):
    """Objections may still change who gets what."""

    says = N_("公示期还没有结束，有异议的还可以提出。提前签发证书，请写明理由。")
    field = "reason"


def is_early(notice_ends_at: datetime | None, at: datetime) -> bool:
    """Tell whether a notice is still running."""
    return notice_ends_at is not None and at < notice_ends_at


def refuse_unexplained(notice_ends_at: datetime | None, reason: str, at: datetime) -> None:
    """Raise `NoticeOpen` where certificates come early without a reason."""
    if is_early(notice_ends_at, at) and not reason.strip():
        raise NoticeOpen


async def record(
    basis: str, notice_ends_at: datetime | None, reason: str, *, by: Actor, at: datetime
) -> None:
    """Write down why certificates are about to be ordered early; nothing where they are not.

    It comes before the order, which a crash must not leave without it.
    """
    if notice_ends_at is None or not is_early(notice_ends_at, at):
        return
    async with write_transaction():
        await audit.record(
            act=Act.CERTIFICATES_EARLY,
            subject=basis,
            by=by,
            at=at,
            reason=reason.strip(),
            after={"notice_until": last_day(notice_ends_at)},
        )
