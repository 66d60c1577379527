"""Issue, revoke, restore, correct, re-issue."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.certificates import (
    batches,
    holdings,
    issuing,
    log,
    official_numbers,
    ordering,
    preparing,
    readiness,
    sealing,
    signer,
    signing_service,
)
from app.certificates.facts import ClaimFacts
from app.certificates.issuers import IssuerFacts, find_or_add_issuer
from app.certificates.kinds import CertificateStatus, RevocationReason
from app.certificates.notes import Leaf, LogEvent
from app.certificates.preparing import Draft, Order
from app.certificates.publishing import publish
from app.certificates.reach import require_over
from app.certificates.tables import Certificate, CertificateIssuer
from app.documents import typesetting
from app.errors import N_, NotFound, RuleBroken, Stale, refusal
from app.rules.actors import Actor, Duty
from app.rules.certificate_claim import CertificateKind
from app.settings import Settings
from app.storage.engine import write_transaction
from app.web import background

__all__ = ["Change", "ClaimFacts", "correct", "issue_batch", "reissue", "restore", "revoke"]

MAY_ISSUE = (Duty.CERTIFICATE_OFFICER, Duty.ORGANIZER)
LARGE = 200
MAY_CHANGE = (Duty.CERTIFICATE_OFFICER,)


@refusal
class WrongStatus(RuleBroken):
    """The certificate stands otherwise than this act needs."""

    says = N_("这张证书现在是“{status}”，不能这样办理。")
    status: CertificateStatus


@refusal
class ReasonNeeded(RuleBroken):
    """An act on a certificate is always given a reason."""

    says = N_("请写明原因，它会记入日志。")
    field = "reason"


class Change(Struct, frozen=True, kw_only=True):
    """Which certificate, as it was seen, and why it is changed."""

    certificate_id: int
    seen_version: int
    reason: str


def open_house(settings: Settings) -> None:
    """Open the keys and the log of this process; make the keys where there are none.

    Where a process of its own signs, no key file is read here.
    """
    if settings.signer is not None:
        signing_service.connect(settings.signer)
    else:
        signer.open_files(settings.signing_key_file, settings.log_key_file)
    log.use(settings.public_host, published_file(settings))


def published_file(settings: Settings) -> Path:
    """Return the file that remembers the last published checkpoint, beside the log key."""
    return settings.log_key_file.with_name(f"{settings.log_key_file.name}.checkpoint")


async def issue_batch(
    *,
    kind: CertificateKind | int,
    basis: str,
    issuer: int | IssuerFacts,
    title: str,
    claims: Sequence[ClaimFacts],
    by: Actor,
    at: datetime,
) -> int:
    """Issue certificates in the background and return the batch; asking twice issues once.

    `issuer` is an issuer's id, or what is registered where its name is new: the region too, whose
    forbidden words count. Raise `ordering.BatchRefused`.
    """
    batch_id = await order_batch(
        kind=kind, basis=basis, issuer=issuer, title=title, claims=claims, by=by, at=at
    )
    background.start(batches.run, batch_id)
    if len(claims) >= LARGE:  # Next they are printed; until then one core has nothing to do.
        background.start(typesetting.prepare)
    return batch_id


async def order_batch(
    *,
    kind: CertificateKind | int,
    basis: str,
    issuer: int | IssuerFacts,
    title: str,
    claims: Sequence[ClaimFacts],
    by: Actor,
    at: datetime,
) -> int:
    """Write a batch down without starting it; `batches.run` issues it (the seed, the shell)."""
    await require_over(by, MAY_ISSUE, basis)
    issuer_row = await _issuer(issuer, by, at)
    order = Order(basis, CertificateKind(kind), issuer_row, title, None, at)
    return await ordering.open_batch(order, claims, by)


async def _issuer(issuer: int | IssuerFacts, by: Actor, at: datetime) -> CertificateIssuer:
    if isinstance(issuer, IssuerFacts):
        issuer = await find_or_add_issuer(issuer, by=by, at=at)
    row = await CertificateIssuer.objects().where(CertificateIssuer.id == issuer).first()
    if row is None or row.is_closed:
        raise batches.UnknownIssuer
    return row


async def revoke(change: Change, code: RevocationReason, *, by: Actor, at: datetime) -> None:
    """Revoke a valid certificate; its page says so at once."""
    await signer.known()
    async with write_transaction():
        row = await _seen(change, by, CertificateStatus.VALID)
        await _log_within(row, LogEvent.REVOKED, at)
        await _set_status(
            row,
            {
                "status": CertificateStatus.REVOKED.value,
                "status_at": at,
                "reason_code": code.value,
                "reason": change.reason,
            },
        )
        await _record(Act.CERTIFICATE_REVOKED, row, change, by, at)
    await publish(at)


async def restore(change: Change, *, by: Actor, at: datetime) -> None:
    """Restore a certificate that was revoked by mistake."""
    await signer.known()
    async with write_transaction():
        row = await _seen(change, by, CertificateStatus.REVOKED)
        await _log_within(row, LogEvent.RESTORED, at)  # It holds whoever would issue a second.
        await holdings.refuse_second(row.basis, CertificateKind(row.kind), row.claim_key)
        await _set_status(
            row,
            {
                "status": CertificateStatus.VALID.value,
                "status_at": at,
                "reason_code": "",
                "reason": "",
            },
        )
        await _record(Act.CERTIFICATE_RESTORED, row, change, by, at)
    await publish(at)


async def correct(change: Change, facts: ClaimFacts, *, by: Actor, at: datetime) -> int:
    """Issue a corrected certificate with a new ID and number; the old one points to it.

    Return the new certificate's id.
    """
    new = await preparing.until_not_overtaken(lambda: _corrected(change, facts, by, at))
    await publish(at)
    return new


async def _corrected(change: Change, facts: ClaimFacts, by: Actor, at: datetime) -> int:
    row = await _seen(change, by, CertificateStatus.VALID)
    order = await _order_like(row, at)
    segments = await official_numbers.template_for(order.kind, order.issuer.id, facts.issued_on)
    readiness.check(order, facts, await log.host(), segments)
    key = row.claim_key
    generations = await holdings.next_generations(row.basis, order.kind, [key])
    draft = Draft(_same_key(facts, key), generations[key], row.verification_id)
    prepared = await preparing.prepare(order, [draft])
    async with write_transaction():
        row = await _seen(change, by, CertificateStatus.VALID)
        head = await issuing.begin_within(at)
        new = (await issuing.issue_within(head, order, prepared))[0]
        leaf = Leaf(LogEvent.CORRECTED, bytes.fromhex(row.commit), log.seconds(at))
        await log.append_within(head, [leaf])
        await _set_status(
            row,
            {
                "status": CertificateStatus.CORRECTED.value,
                "status_at": at,
                "reason": change.reason,
                "successor_id": new.verification_id,
            },
        )
        await _record(Act.CERTIFICATE_CORRECTED, row, change, by, at)
    return new.id


async def _order_like(row: Certificate, at: datetime) -> Order:
    """Return an order of the same kind and issuer as a certificate."""
    issuer = await CertificateIssuer.objects().where(CertificateIssuer.id == row.issuer).first()
    if issuer is None:
        raise batches.UnknownIssuer
    return Order(row.basis, CertificateKind(row.kind), issuer, row.title, None, at)


async def reissue(change: Change, *, by: Actor, at: datetime) -> None:
    """Note that a lost certificate is printed again: same ID and signature, no log event."""
    async with write_transaction():
        row = await _seen(change, by, CertificateStatus.VALID)
        await _set_status(row, {"reissues": row.reissues + 1})
        await log.changed_within()
        await _record(Act.CERTIFICATE_REISSUED, row, change, by, at)


def _same_key(facts: ClaimFacts, key: str) -> ClaimFacts:
    return ClaimFacts(
        name=facts.name,
        issued_on=facts.issued_on,
        result=facts.result,
        title=facts.title,
        short_title=facts.short_title,
        person_id=facts.person_id,
        key=key,
        prints=facts.prints,
    )


async def _seen(change: Change, by: Actor, status: CertificateStatus) -> Certificate:
    if not change.reason.strip():
        raise ReasonNeeded
    row = await Certificate.objects().where(Certificate.id == change.certificate_id).first()
    if row is None:
        raise NotFound
    await require_over(by, MAY_CHANGE, row.basis)
    if row.version != change.seen_version:
        raise Stale
    if row.status != status.value:
        raise WrongStatus(CertificateStatus(row.status))
    return row


async def _log_within(row: Certificate, event: LogEvent, at: datetime) -> None:
    head = await issuing.begin_within(at)
    await log.append_within(head, [Leaf(event, bytes.fromhex(row.commit), log.seconds(at))])


async def _set_status(row: Certificate, values: dict[str, object]) -> None:
    """Change a row and seal it as it stands then, if it was as it was sealed before."""
    changes = {**values, "version": row.version + 1}
    sealed = await sealing.changed(row.to_dict(), changes)
    changed = await (
        Certificate.update({**changes, **sealed})  # type: ignore[dict-item]
        .where(Certificate.id == row.id)
        .where(Certificate.version == row.version)
        .returning(Certificate.id)
    )
    if not changed:
        raise Stale


async def _record(act: Act, row: Certificate, change: Change, by: Actor, at: datetime) -> None:
    await audit.record(
        act=act,
        subject=f"certificates.certificate:{row.id}",
        by=by,
        at=at,
        before={"status": row.status, "number": row.number},
        reason=change.reason.strip(),
    )
