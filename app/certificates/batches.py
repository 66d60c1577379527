"""Many certificates at once: asked for in one act, issued in short steps, resumed after a crash."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import anyio.to_thread

from app.audit import actions as audit
from app.audit.acts import Act
from app.certificates import issuing, log, readiness, signer
from app.certificates.facts import ClaimFacts, read_facts, tasks_digest, written
from app.certificates.issuing import Draft, Order
from app.certificates.kinds import BatchState, CertificateStatus
from app.certificates.publishing import patiently, publish
from app.certificates.signer import SignerSilent
from app.certificates.tables import (
    Certificate,
    CertificateBatch,
    CertificateIssuer,
    CertificateTask,
)
from app.documents import glyphs
from app.errors import N_, NotFound, Refusal, RuleBroken, refusal
from app.rules.actors import Actor
from app.rules.certificate_claim import CertificateKind
from app.storage.engine import write_transaction
from app.storage.rows import MOST_SOUGHT, insert_rows, parts
from app.web import background, locale
from app.web.clock import now

logger = logging.getLogger(__name__)
CHUNK = 200
_running: dict[int, asyncio.Lock] = {}


@refusal
class BatchRefused(RuleBroken):
    """Some certificates cannot be issued as they stand; nothing was issued."""

    says = N_("有 {count} 张证书不能签发，尚未签发任何一张。第一处：{first}")
    count: int
    first: str


@refusal
class NothingToIssue(RuleBroken):
    """There is no one to issue to, or everyone has the certificate already."""

    says = N_("没有需要签发的证书：可能名单为空，或者都已经签发过。")


@refusal
class UnknownIssuer(NotFound):
    """There is no such issuer, or it is closed."""

    says = N_("没有这个发证机构，或它已停用。请先在“发证机构”中登记。")


async def open_batch(order: Order, claims: Sequence[ClaimFacts], by: Actor) -> int:
    """Write a batch down and return its id; issue nothing yet.

    Who already holds the same valid certificate is passed over. Raise `BatchRefused` with the first
    reason where one of the others cannot be issued, `NothingToIssue` where none is left.
    """
    signer.signers().probe()
    wanted = await _not_issued_yet(order, claims)
    if not wanted:
        raise NothingToIssue
    segments = await issuing.template_for(order.kind, order.issuer.id, wanted[0].issued_on)
    await anyio.to_thread.run_sync(glyphs.covered)  # Reads the fonts, the first time.
    problems = readiness.problems_of(order, wanted, await log.host(), segments)
    if problems:
        raise BatchRefused(len(problems), problems[0])
    async with write_transaction():
        batch = CertificateBatch(
            basis=order.basis,
            kind=int(order.kind),
            issuer=order.issuer.id,
            title=order.title,
            state=BatchState.RUNNING.value,
            problem="",
            total=len(wanted),
            account_id=by.account_id,
            account_name=by.name,
            created_at=order.at,
            finished_at=None,
        )
        await batch.save()
        await _write_tasks(batch.id, wanted)
        await audit.record(
            act=Act.CERTIFICATES_ORDERED,
            subject=f"certificates.batch:{batch.id}",
            by=by,
            at=order.at,
            after={
                "basis": order.basis,
                "kind": int(order.kind),
                "title": order.title,
                "issuer": order.issuer.id,
                "count": len(wanted),
                "sha256": tasks_digest(enumerate(map(written, wanted), start=1)),
            },
        )
    return int(batch.id)


async def _not_issued_yet(order: Order, claims: Sequence[ClaimFacts]) -> list[ClaimFacts]:
    held = await _held_keys(order, claims)
    wanted: dict[str, ClaimFacts] = {}
    for facts in claims:
        if facts.claim_key not in held:
            wanted.setdefault(facts.claim_key, facts)
    return list(wanted.values())


async def _held_keys(order: Order, claims: Sequence[ClaimFacts]) -> dict[str, int]:
    """Return the valid certificates that there are of these claims, by the claims' keys."""
    held: dict[str, int] = {}
    for part in parts((facts.claim_key for facts in claims), MOST_SOUGHT):
        rows = (
            await Certificate.select(Certificate.claim_key, Certificate.id)
            .where(Certificate.basis == order.basis)
            .where(Certificate.kind == int(order.kind))
            .where(Certificate.status == CertificateStatus.VALID.value)
            .where(Certificate.claim_key.is_in(part))
        )
        held |= {row["claim_key"]: row["id"] for row in rows}
    return held


async def _write_tasks(batch_id: int, claims: Sequence[ClaimFacts]) -> None:
    await insert_rows(
        CertificateTask,
        (
            {
                "batch": batch_id,
                "position": position,
                "facts": written(facts),
                "certificate_id": None,
            }
            for position, facts in enumerate(claims, start=1)
        ),
    )


async def run(batch_id: int) -> None:
    """Issue what is left of a batch; safe to call again at any time, also after a crash."""
    lock = _running.setdefault(batch_id, asyncio.Lock())
    async with lock:
        try:
            while await patiently(partial(_step, batch_id), partial(_note, batch_id)):
                pass
        except Refusal as refusal_:
            await _end(batch_id, BatchState.STOPPED, locale.sentence(refusal_))
            return
        await _end(batch_id, BatchState.DONE, "")


async def _step(batch_id: int) -> int:
    """Issue a few, and put them under a checkpoint; return how many were taken up."""
    taken = await _issue_some(batch_id, now())
    await log.publish(now())
    await _note(batch_id)
    return taken


async def _note(batch_id: int, silence: SignerSilent | None = None) -> None:
    """Say on the page of a running batch what it waits for, or no longer."""
    problem = locale.sentence(silence) if silence else ""
    await (
        CertificateBatch.update({CertificateBatch.problem: problem})
        .where(CertificateBatch.id == batch_id)
        .where(CertificateBatch.problem != problem)
        .where(CertificateBatch.state == BatchState.RUNNING.value)
    )


async def _issue_some(batch_id: int, at: datetime) -> int:
    """Issue the next few tasks in one transaction; return how many were taken up."""
    async with write_transaction():
        batch = await CertificateBatch.objects().where(CertificateBatch.id == batch_id).first()
        if batch is None:
            raise NotFound
        head = await issuing.begin_within(at)
        tasks = (
            await CertificateTask.select(CertificateTask.id, CertificateTask.facts)
            .where(CertificateTask.batch == batch_id)
            .where(CertificateTask.certificate_id.is_null())
            .order_by(CertificateTask.position)
            .limit(CHUNK)
        )
        if not tasks:
            return 0
        order = await _order_of(batch, at)
        claims = [read_facts(task["facts"]) for task in tasks]
        held = await _held_keys(order, claims)
        generations = await _generations(order, claims)
        drafts = [
            Draft(facts, generations.get(facts.claim_key, 0))
            for facts in claims
            if facts.claim_key not in held
        ]
        issued = await issuing.issue_within(head, order, drafts)
        held |= {item.claim_key: item.id for item in issued}
        await _end_tasks(
            [(task["id"], held[facts.claim_key]) for task, facts in zip(tasks, claims, strict=True)]
        )
        return len(tasks)


async def _end_tasks(pairs: Sequence[tuple[int, int]]) -> None:
    """Note the certificate of each task."""
    values = ", ".join(["(CAST({} AS BIGINT), CAST({} AS BIGINT))"] * len(pairs))
    await CertificateTask.raw(
        "UPDATE certificate_task SET certificate_id = v.column2"  # noqa: S608 - only places
        f" FROM (VALUES {values}) v WHERE certificate_task.id = v.column1",
        *(number for pair in pairs for number in pair),
    )


async def _order_of(batch: CertificateBatch, at: datetime) -> Order:
    issuer = await CertificateIssuer.objects().where(CertificateIssuer.id == batch.issuer).first()
    if issuer is None:
        raise UnknownIssuer
    return Order(batch.basis, CertificateKind(batch.kind), issuer, batch.title, batch.id, at)


async def _generations(order: Order, claims: Sequence[ClaimFacts]) -> dict[str, int]:
    """Return the next generation of those whose earlier certificate is no longer valid."""
    rows = (
        await Certificate.select(Certificate.claim_key, Certificate.generation)
        .where(Certificate.basis == order.basis)
        .where(Certificate.kind == int(order.kind))
        .where(Certificate.claim_key.is_in([facts.claim_key for facts in claims]))
    )
    following: dict[str, int] = {}
    for row in rows:
        following[row["claim_key"]] = max(following.get(row["claim_key"], 0), row["generation"] + 1)
    return following


async def _end(batch_id: int, state: BatchState, problem: str) -> None:
    at = now()
    async with write_transaction():
        ended = await (
            CertificateBatch.update(
                {
                    CertificateBatch.state: state.value,
                    CertificateBatch.problem: problem,
                    CertificateBatch.finished_at: at,
                }
            )
            .where(CertificateBatch.id == batch_id)
            .where(CertificateBatch.state == BatchState.RUNNING.value)
            .returning(
                CertificateBatch.account_id, CertificateBatch.account_name, CertificateBatch.total
            )
        )
        if not ended:
            return
        await audit.record(
            act=Act.CERTIFICATES_ISSUED if state is BatchState.DONE else Act.CERTIFICATES_STOPPED,
            subject=f"certificates.batch:{batch_id}",
            by=Actor(ended[0]["account_id"], ended[0]["account_name"]),
            at=at,
            after={"count": ended[0]["total"], "problem": problem},
        )


async def continue_batch(batch_id: int, by: Actor, at: datetime) -> None:
    """Take a stopped batch up again."""
    async with write_transaction():
        changed = await (
            CertificateBatch.update(
                {CertificateBatch.state: BatchState.RUNNING.value, CertificateBatch.problem: ""}
            )
            .where(CertificateBatch.id == batch_id)
            .where(CertificateBatch.state == BatchState.STOPPED.value)
            .returning(CertificateBatch.id)
        )
        if not changed:
            raise NotFound
        await audit.record(
            act=Act.CERTIFICATES_CONTINUED, subject=f"certificates.batch:{batch_id}", by=by, at=at
        )
    background.start(run, batch_id)


async def resume() -> None:
    """Take up what a crash interrupted: unfinished batches, and leaves without a checkpoint."""
    try:
        await publish(now())
    except Refusal as refusal_:
        logger.error("the log was not published: %s", refusal_)  # noqa: TRY400 - no bug of ours
    rows = await CertificateBatch.select(CertificateBatch.id).where(
        CertificateBatch.state == BatchState.RUNNING.value
    )
    for row in rows:
        background.start(run, row["id"])
