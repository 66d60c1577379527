"""Many certificates at once: asked for in one act, issued in short steps, resumed after a crash."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.audit import actions as audit
from app.audit.acts import Act
from app.certificates import holdings, issuing, log, preparing
from app.certificates.facts import read_facts
from app.certificates.kinds import BatchState
from app.certificates.preparing import Draft, Order, Overtaken
from app.certificates.publishing import patiently, publish
from app.certificates.tables import (
    CertificateBatch,
    CertificateIssuer,
    CertificateTask,
)
from app.errors import N_, NotFound, Refusal, RuleBroken, Unavailable, refusal
from app.rules.actors import Actor
from app.rules.certificate_claim import CertificateKind
from app.storage.engine import write_transaction
from app.web import background, locale
from app.web.clock import now

logger = logging.getLogger(__name__)
CHUNK = 200
_running: dict[int, asyncio.Lock] = {}


@refusal
class StoppedByFailure(RuleBroken):
    """Something failed that is no refusal; the log for operators says what."""

    says = N_(
        "服务器出了故障，签发停在这里；已签发的都有效。请管理员查看服务日志中“batch … stopped”一行"
        "，排除以后点“继续签发”。"
    )


@refusal
class UnknownIssuer(NotFound):
    """There is no such issuer, or it is closed."""

    says = N_("没有这个发证机构，或它已停用。请先在“发证机构”中登记。")


async def run(batch_id: int) -> None:
    """Issue what is left of a batch; safe to call again at any time, also after a crash."""
    lock = _running.setdefault(batch_id, asyncio.Lock())
    async with lock:
        problem = await _why_stopped(batch_id)
        state = BatchState.STOPPED if problem else BatchState.DONE
        await patiently(partial(_end, batch_id, state, problem))


async def _why_stopped(batch_id: int) -> str:
    """Issue until nothing is left, or return the sentence that says why not."""
    try:
        while await patiently(partial(_step, batch_id), partial(_note, batch_id)):
            pass
    except Refusal as refusal_:
        return locale.sentence(refusal_)
    except Exception:
        logger.exception("batch %s stopped", batch_id)
        return locale.sentence(StoppedByFailure())
    return ""


async def _step(batch_id: int) -> int:
    """Issue a few, and put them under a checkpoint; return how many were taken up."""
    taken = await preparing.until_not_overtaken(lambda: _issue_some(batch_id, now()))
    await log.publish(now())
    await _note(batch_id)
    return taken


async def _note(batch_id: int, missing: Unavailable | None = None) -> None:
    """Say on the page of a running batch what it waits for, or no longer."""
    problem = locale.sentence(missing) if missing else ""
    await (
        CertificateBatch.update({CertificateBatch.problem: problem})
        .where(CertificateBatch.id == batch_id)
        .where(CertificateBatch.problem != problem)
        .where(CertificateBatch.state == BatchState.RUNNING.value)
    )


@dataclass(frozen=True)
class _Work:
    """The next few tasks of a batch, with the certificates that there are of them already."""

    tasks: tuple[tuple[int, str], ...]
    held: dict[str, int]
    drafts: list[Draft]


async def _issue_some(batch_id: int, at: datetime) -> int:
    """Issue the next few tasks in one transaction; return how many were taken up."""
    order = await _order_of(batch_id, at)
    work = await _next_of(batch_id, order)
    if not work.tasks:
        return 0
    prepared = await preparing.prepare(order, work.drafts)
    async with write_transaction():
        head = await issuing.begin_within(at)
        await _refuse_overtaken(order, work)
        issued = await issuing.issue_within(head, order, prepared)
        held = work.held | {item.claim_key: item.id for item in issued}
        await _end_tasks([(task, held[key]) for task, key in work.tasks])
        return len(work.tasks)


async def _refuse_overtaken(order: Order, work: _Work) -> None:
    """Raise `Overtaken` where another process issued some of it meanwhile, or ended some."""
    tasks = [task for task, _ in work.tasks]
    still_open = (
        await CertificateTask.count()
        .where(CertificateTask.id.is_in(tasks))
        .where(CertificateTask.certificate_id.is_null())
    )
    held = await holdings.held(order.basis, order.kind, [key for _, key in work.tasks])
    if still_open != len(tasks) or held != work.held:
        raise Overtaken


async def _next_of(batch_id: int, order: Order) -> _Work:
    tasks = (
        await CertificateTask.select(CertificateTask.id, CertificateTask.facts)
        .where(CertificateTask.batch == batch_id)
        .where(CertificateTask.certificate_id.is_null())
        .order_by(CertificateTask.position)
        .limit(CHUNK)
    )
    claims = [read_facts(task["facts"]) for task in tasks]
    keys = [facts.claim_key for facts in claims]
    if not keys:
        return _Work((), {}, [])
    held = await holdings.held(order.basis, order.kind, keys)
    generations = await holdings.next_generations(order.basis, order.kind, keys)
    drafts = [
        Draft(facts, generations.get(facts.claim_key, 0))
        for facts in claims
        if facts.claim_key not in held
    ]
    return _Work(tuple(zip([task["id"] for task in tasks], keys, strict=True)), held, drafts)


async def _end_tasks(pairs: Sequence[tuple[int, int]]) -> None:
    """Note the certificate of each task."""
    values = ", ".join(["(CAST({} AS BIGINT), CAST({} AS BIGINT))"] * len(pairs))
    await CertificateTask.raw(
        "UPDATE certificate_task SET certificate_id = v.column2"  # noqa: S608 - only places
        f" FROM (VALUES {values}) v WHERE certificate_task.id = v.column1",
        *(number for pair in pairs for number in pair),
    )


async def _order_of(batch_id: int, at: datetime) -> Order:
    batch = await CertificateBatch.objects().where(CertificateBatch.id == batch_id).first()
    if batch is None:
        raise NotFound
    issuer = await CertificateIssuer.objects().where(CertificateIssuer.id == batch.issuer).first()
    if issuer is None:
        raise UnknownIssuer
    return Order(batch.basis, CertificateKind(batch.kind), issuer, batch.title, batch.id, at)


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
                {
                    CertificateBatch.state: BatchState.RUNNING.value,
                    CertificateBatch.problem: "",
                    CertificateBatch.finished_at: None,
                }
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
    await publish(now())
    rows = await CertificateBatch.select(CertificateBatch.id).where(
        CertificateBatch.state == BatchState.RUNNING.value
    )
    for row in rows:
        background.start(run, row["id"])
