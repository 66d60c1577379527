"""Write down what is to be issued: nothing of it is issued yet."""

from collections.abc import Sequence
from typing import Any

import anyio.to_thread

from app.audit import actions as audit
from app.audit.acts import Act
from app.certificates import holdings, log, official_numbers, readiness, signer
from app.certificates.facts import ClaimFacts, tasks_digest, written
from app.certificates.kinds import BatchState
from app.certificates.preparing import Order
from app.certificates.tables import CertificateBatch, CertificateTask
from app.documents import glyphs
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor
from app.storage.engine import write_transaction
from app.storage.rows import insert_values


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


async def open_batch(order: Order, claims: Sequence[ClaimFacts], by: Actor) -> int:
    """Write a batch down and return its id; issue nothing yet.

    Who already holds the same valid certificate is passed over. Raise `BatchRefused` with the first
    reason where one of the others cannot be issued, `NothingToIssue` where none is left.
    """
    await signer.ready()
    wanted = await _not_issued_yet(order, claims)
    if not wanted:
        raise NothingToIssue
    segments = await official_numbers.template_for(order.kind, order.issuer.id, wanted[0].issued_on)
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
            after=_recorded(order, wanted),
        )
    return int(batch.id)


def _recorded(order: Order, wanted: Sequence[ClaimFacts]) -> dict[str, Any]:
    return {
        "basis": order.basis,
        "kind": int(order.kind),
        "title": order.title,
        "issuer": order.issuer.id,
        "count": len(wanted),
        "sha256": tasks_digest(enumerate(map(written, wanted), start=1)),
    }


async def _not_issued_yet(order: Order, claims: Sequence[ClaimFacts]) -> list[ClaimFacts]:
    keys = [facts.claim_key for facts in claims]
    held = await holdings.held(order.basis, order.kind, keys)
    wanted: dict[str, ClaimFacts] = {}
    for facts in claims:
        if facts.claim_key not in held:
            wanted.setdefault(facts.claim_key, facts)
    return list(wanted.values())


async def _write_tasks(batch_id: int, claims: Sequence[ClaimFacts]) -> None:
    columns = ("batch", "position", "facts", "certificate_id")
    rows = ((batch_id, place, written(facts), None) for place, facts in enumerate(claims, start=1))
    await insert_values(CertificateTask, columns, rows)
