"""Awards become certificates, once the results are published."""

from collections.abc import Sequence
from datetime import datetime

from app.certificates import actions as certificates
from app.certificates import batches, early, register
from app.certificates.facts import ClaimFacts
from app.certificates.issuers import IssuerFacts
from app.certificates.kinds import CertificateStatus
from app.certificates.register import AnyLine, CertificateLine
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor
from app.rules.certificate_claim import CertificateKind
from app.sheets.republishing import NotRepublished
from app.web import background
from app.web.clock import SHANGHAI
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.results import queries, recounting
from competitions.results.published import published_result
from competitions.results.queries import PlaceLine
from competitions.rules.awards import award_word
from competitions.rules.lifecycle import EventStatus


@refusal
class NotPublished(RuleBroken):
    """Certificates follow publication."""

    says = N_("成绩公布之后才能签发证书。")


@refusal
class NobodyWaiting(RuleBroken):
    """All who were awarded have their certificate."""

    says = N_("没有待签发的获奖证书：获奖选手都已签发。")


async def waiting(line: EventLine) -> list[PlaceLine]:
    """Return the awarded entries with somebody who has no certificate of this event yet."""
    result = await published_result(line.id)
    if result is None or line.status is not EventStatus.PUBLISHED:
        return []
    held = await _holders(line)
    return [
        item
        for item in await queries.places(line, result)
        if item.award and any(person not in held for person in item.person_ids)
    ]


async def wanted_count(line: EventLine) -> int:
    """Return how many certificates those who wait are to get; of a team, each gets one."""
    held = await _holders(line)
    people = {person for item in await waiting(line) for person in item.person_ids}
    return len(people - held)


async def differing(line: EventLine, issued: Sequence[AnyLine]) -> set[int]:
    """Return the valid award certificates that say something else than the public results do."""
    result = await published_result(line.id)
    if result is None or line.status is not EventStatus.PUBLISHED:
        return set()
    awards = {
        person: item.award_word
        for item in await queries.places(line, result)
        for person in item.person_ids
    }
    return {
        item.id
        for item in issued
        if isinstance(item, CertificateLine)
        and item.kind is CertificateKind.AWARD
        and item.status is CertificateStatus.VALID
        and item.person_id in awards
        and item.result != awards[item.person_id]
    }


async def _holders(line: EventLine) -> set[int | None]:
    """Return who was given a certificate of this event, also where it was revoked since."""
    return {item.person_id for item in await register.certificates_of(line.ledger)}


async def issue(event_id: int, *, reason: str = "", by: Actor, at: datetime) -> int:
    """Issue the award certificates of an event in the background and return the batch."""
    batch_id = await order(event_id, reason=reason, by=by, at=at)
    background.start(batches.run, batch_id)
    return batch_id


async def order(event_id: int, *, reason: str = "", by: Actor, at: datetime) -> int:
    """Order the award certificates of a published event, to be issued by `batches.run`.

    Raise `NotRepublished` where marks were amended since, `NoticeOpen` where the notice still runs
    and there is no reason not to wait.
    """
    line = await planning.event(event_id)
    result = await published_result(event_id)
    if line.status is not EventStatus.PUBLISHED or result is None:
        raise NotPublished
    if await recounting.is_overtaken(line):
        raise NotRepublished
    early.refuse_unexplained(result.notice_ends_at, reason, at)
    places = await waiting(line)
    if not places:
        raise NobodyWaiting
    competition, held = await planning.competition(line.competition_id), await _holders(line)
    today = at.astimezone(SHANGHAI).date()
    claims = [
        ClaimFacts(
            name=name,
            issued_on=today,
            result=award_word(item.award),
            title=f"{competition.name}{line.full_name}",
            short_title=line.full_name,
            person_id=person_id,
            prints={N_("代表队"): item.party, N_("名次"): str(item.rank)},
        )
        for item in places
        for name, person_id in zip(item.contestants, item.person_ids, strict=True)
        if person_id not in held
    ]
    await early.record(line.ledger, result.notice_ends_at, reason, by=by, at=at)
    return await certificates.order_batch(
        kind=CertificateKind.AWARD,
        basis=line.ledger,
        issuer=IssuerFacts(name=competition.organizer, region_code=competition.host_region),
        title=f"{competition.name}{line.name}",
        claims=claims,
        by=by,
        at=at,
    )
