"""Who has passed gets a certificate of the ability, once."""

from collections.abc import Sequence
from datetime import datetime

from app.certificates import actions as certificates
from app.certificates import batches, early
from app.certificates import register as issued
from app.certificates.facts import ClaimFacts
from app.certificates.issuers import IssuerFacts
from app.certificates.kinds import CertificateStatus
from app.certificates.register import AnyLine, CertificateLine
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor
from app.rules.certificate_claim import CertificateKind
from app.rules.identity import LABELS, Sex
from app.sheets.republishing import NotRepublished
from app.web import background
from app.web.clock import SHANGHAI
from assessments.grading import counting, queries
from assessments.grading.queries import GradeLine
from assessments.rules.grading import Outcome
from assessments.sittings import queries as sittings
from assessments.sittings.queries import SittingLine


@refusal
class NotPublished(RuleBroken):
    """Certificates follow publication."""

    says = N_("结果公布之后才能签发证书。")


@refusal
class NobodyWaiting(RuleBroken):
    """All who passed have their certificate."""

    says = N_("没有待签发的证书：合格人员都已签发。")


async def waiting(line: SittingLine) -> list[GradeLine]:
    """Return who passed and has no certificate of this sitting yet."""
    held = {item.person_id for item in await issued.certificates_of(line.ledger)}
    return [
        item
        for item in await queries.public_grades(line)
        if item.outcome is Outcome.PASSED and item.person_id not in held
    ]


async def differing(line: SittingLine, there: Sequence[AnyLine]) -> set[int]:
    """Return the valid certificates whose holders have not passed in the public results."""
    outcomes = {item.person_id: item.outcome for item in await queries.public_grades(line)}
    return {
        item.id
        for item in there
        if isinstance(item, CertificateLine)
        and item.status is CertificateStatus.VALID
        and item.person_id is not None
        and outcomes.get(item.person_id, Outcome.PASSED) is not Outcome.PASSED
    }


async def issue(sitting_id: int, *, reason: str = "", by: Actor, at: datetime) -> int:
    """Issue the certificates of a published sitting in the background and return the batch."""
    batch_id = await order(sitting_id, reason=reason, by=by, at=at)
    background.start(batches.run, batch_id)
    return batch_id


async def order(sitting_id: int, *, reason: str = "", by: Actor, at: datetime) -> int:
    """Order the certificates of a published sitting, to be issued by `batches.run`.

    Raise `NotRepublished` where marks were amended since, `NoticeOpen` where the notice still runs
    and there is no reason not to wait.
    """
    line = await sittings.sitting(sitting_id)
    if line.status not in queries.PUBLIC:
        raise NotPublished
    if await counting.is_overtaken(line):
        raise NotRepublished
    early.refuse_unexplained(line.notice_ends_at, reason, at)
    people = await waiting(line)
    if not people:
        raise NobodyWaiting
    specification = await sittings.specification_of(line)
    today = at.astimezone(SHANGHAI).date()
    of_all = {
        N_("职业领域"): specification.facts.occupation_field,
        N_("考核日期"): f"{line.starts_at.astimezone(SHANGHAI):%Y-%m-%d}",
    }
    claims = [
        ClaimFacts(
            name=item.name,
            issued_on=today,
            result="合格",
            person_id=item.person_id,
            prints=_identity(item) | of_all,
        )
        for item in people
    ]
    await early.record(line.ledger, line.notice_ends_at, reason, by=by, at=at)
    return await certificates.order_batch(
        kind=CertificateKind.ABILITY,
        basis=line.ledger,
        issuer=IssuerFacts(name=line.issuer, region_code=line.region_code),
        title=specification.name,
        claims=claims,
        by=by,
        at=at,
    )


def _identity(item: GradeLine) -> dict[str, str]:
    """Tell holders of one name apart, with no more of the number than any page shows."""
    sex = {N_("性别"): LABELS[Sex(item.sex)]} if item.sex else {}
    return sex | {N_("证件号码"): item.id_masked}
