"""Issue within a transaction: numbers, signatures, rows and leaves of some certificates."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.certificates import cose, known_keys, log, numbering, seals, signer
from app.certificates.facts import ClaimFacts, written
from app.certificates.kinds import CertificateStatus
from app.certificates.notes import Leaf, LogEvent
from app.certificates.numbering import NumberFacts, Segments
from app.certificates.tables import (
    Certificate,
    CertificateIssuer,
    CertificatePhoto,
    NumberCounter,
    NumberTemplate,
)
from app.errors import N_, RuleBroken, refusal
from app.people import photos as portraits
from app.rules.certificate_claim import (
    CertificateKind,
    Claim,
    ClaimPart,
    clean_name,
    clean_text,
    fitted,
    issued_at,
)
from app.rules.check_characters import ID_BYTES, id_of
from app.rules.identity import name_key
from app.storage import engine
from app.storage.rows import insert_rows

STATUS_LIST_LENGTH = 131_072
"""Entries of one status list; half of it is filled before the next begins."""


NEW: dict[str, Any] = {
    "status": CertificateStatus.VALID.value,
    "status_at": None,
    "reason_code": "",
    "reason": "",
    "successor_id": None,
    "reissues": 0,
    "version": 1,
    "serial": 0,
    "leaf_index": 0,
    "status_list": 0,
    "status_index": 0,
}
"""How a certificate begins; its places in the register, the log and the status list follow."""


@refusal
class NumberUsed(RuleBroken):
    """A number is never used for another certificate."""

    says = N_("编号 {number} 已经用过，编号模板与以前的重叠，请设置新的模板。")
    field = "pattern"
    number: str


@dataclass(frozen=True)
class Order:
    """What the certificates of one transaction have in common."""

    basis: str
    kind: CertificateKind
    issuer: CertificateIssuer
    title: str
    batch_id: int | None
    at: datetime


@dataclass(frozen=True)
class Draft:
    """One certificate before its number: the facts, and what it replaces."""

    facts: ClaimFacts
    generation: int = 0
    predecessor_id: str | None = None


async def begin_within(at: datetime) -> log.Head:
    """Lock the log for issuing; freeze the host and log the key the first time."""
    head = await log.locked_head()
    if head is None:
        head = await log.first_head()
    await log.refuse_fork(head)
    await known_keys.know_within(head, at)
    return head


@dataclass(frozen=True)
class Issued:
    """A certificate as it was written."""

    id: int
    verification_id: str
    claim_key: str


async def issue_within(head: log.Head, order: Order, drafts: Sequence[Draft]) -> list[Issued]:
    """Number, sign, write and log certificates; printable once a checkpoint covers them."""
    if not drafts:
        return []
    await known_keys.refuse_ended()
    numbers = await _numbers(order, [draft.facts for draft in drafts])
    places = await _status_places(len(drafts))
    held = await portraits.photos_of([draft.facts.person_id for draft in drafts])
    photos = [held.get(draft.facts.person_id or 0) for draft in drafts]
    ids = await engine.free_ids(Certificate, len(drafts))
    rows: list[dict[str, Any]] = []
    for id_, draft, number, place, photo in zip(ids, drafts, numbers, places, photos, strict=True):
        head.serial += 1
        own = {
            "id": id_,
            "number": number,
            "serial": head.serial,
            "leaf_index": head.size + len(rows),
            "status_list": place[0],
            "status_index": place[1],
            "has_photo": photo is not None,
        }
        rows.append(_sealed(head.host, order, draft, own, photo))
    at = log.seconds(order.at)
    await log.append_within(
        head, [Leaf(LogEvent.ISSUED, bytes.fromhex(row["commit"]), at) for row in rows]
    )
    await insert_rows(Certificate, rows)
    await _keep_photos(ids, photos)
    return [
        Issued(id_, row["verification_id"], row["claim_key"])
        for id_, row in zip(ids, rows, strict=True)
    ]


def claim_of(order: Order, facts: ClaimFacts, number: str) -> Claim:
    """Return the claim as it will be signed, with a new verification ID and the full title."""
    return Claim(
        verification_id=id_of(secrets.token_bytes(ID_BYTES)),
        kind=order.kind,
        number=clean_text(number, ClaimPart.NUMBER),
        name=clean_name(facts.name),
        title=clean_text(facts.title or order.title, ClaimPart.TITLE),
        result=clean_text(facts.result, ClaimPart.RESULT, may_be_empty=True),
        issued_at=issued_at(facts.issued_on, order.at),
    )


def prefix_length(host: str) -> int:
    """Return the bytes of the symbol's first segment, up to `#`."""
    return len(cose.address(host, "0" * 16).encode()) + 1


def _sealed(
    host: str, order: Order, draft: Draft, place: dict[str, Any], photo: bytes | None
) -> dict[str, Any]:
    """Return the whole row of a certificate: its number and places, what is signed, the seal."""
    facts, key = draft.facts, signer.signers().issuing
    full = claim_of(order, facts, place["number"])
    claim = fitted(full, facts.short_title, prefix_length(host))
    signed, commit = cose.sign(claim, key)
    row = (
        NEW
        | place
        | {
            "verification_id": claim.verification_id,
            "number": claim.number,
            "kind": int(order.kind),
            "basis": order.basis,
            "claim_key": facts.claim_key,
            "generation": draft.generation,
            "batch_id": order.batch_id,
            "person_id": facts.person_id,
            "name": claim.name,
            "name_key": name_key(claim.name),
            "title": full.title,
            "claim_title": claim.title,
            "result": claim.result,
            "issuer": order.issuer.id,
            "issuer_name": order.issuer.name,
            "issued_on": claim.issued_on,
            "prints": written(facts.prints),
            "cose": signed,
            "commit": commit.hex(),
            "kid": cose.kid_of(key.public_key).hex(),
            "predecessor_id": draft.predecessor_id,
            "created_at": order.at,
        }
    )
    return row | {"seal": seals.seal(row, key.public_key, issued_at=claim.issued_at, photo=photo)}


async def _keep_photos(ids: Sequence[int], photos: Sequence[bytes | None]) -> None:
    """Keep each holder's photo as it is now, so that the paper is always the same."""
    kept = [
        {"certificate": id_, "content": photo}
        for id_, photo in zip(ids, photos, strict=True)
        if photo is not None
    ]
    await insert_rows(CertificatePhoto, kept)


async def template_for(kind: CertificateKind, issuer_id: int, day: date) -> Segments:
    """Return the number template in force: the issuer's own, the general one, or the default."""
    rows = (
        await NumberTemplate.select(NumberTemplate.pattern, NumberTemplate.issuer)
        .where(NumberTemplate.kind == int(kind))
        .where(NumberTemplate.effective_on <= day)
        .order_by(NumberTemplate.effective_on, ascending=False)
        .order_by(NumberTemplate.id, ascending=False)
    )
    own = [row["pattern"] for row in rows if row["issuer"] == issuer_id]
    general = [row["pattern"] for row in rows if row["issuer"] is None]
    return numbering.parse_template([*own, *general, numbering.DEFAULTS[kind]][0])


def number_facts(issuer: CertificateIssuer, facts: ClaimFacts) -> NumberFacts:
    """Return what a number is made of."""
    return NumberFacts(facts.issued_on, issuer.region_code, issuer.body_code, facts.level)


async def _numbers(order: Order, claims: Sequence[ClaimFacts]) -> list[str]:
    templates = {
        day: await template_for(order.kind, order.issuer.id, day)
        for day in {facts.issued_on for facts in claims}
    }
    parts = [(templates[facts.issued_on], number_facts(order.issuer, facts)) for facts in claims]
    names = [numbering.render(segments, facts, None) for segments, facts in parts]
    last = {name: await _take_serials(name, count) for name, count in Counter(names).items()}
    numbers = []
    for name, (segments, facts) in zip(names, parts, strict=True):
        last[name] += 1
        numbers.append(numbering.render(segments, facts, last[name]))
    await _refuse_used(numbers)
    return numbers


async def _refuse_used(numbers: Sequence[str]) -> None:
    """Raise `NumberUsed`: templates of different widths can write one number in two ways."""
    row = (
        await Certificate.select(Certificate.number)
        .where(Certificate.number.is_in(list(numbers)))
        .first()
    )
    if row is not None:
        raise NumberUsed(row["number"])


async def _take_serials(name: str, count: int) -> int:
    """Take serials under the log's lock; return the last one that was used before."""
    row = await NumberCounter.select(NumberCounter.last).where(NumberCounter.name == name).first()
    if row is None:
        await NumberCounter(name=name, last=count).save()
        return 0
    await NumberCounter.update({NumberCounter.last: row["last"] + count}).where(
        NumberCounter.name == name
    )
    return int(row["last"])


async def _status_places(count: int) -> list[tuple[int, int]]:
    """Draw random free places of the status lists, so that no public address is a sequence."""
    row = await Certificate.select(Certificate.status_list).order_by(
        Certificate.status_list, ascending=False
    ).first()  # fmt: skip
    current = row["status_list"] if row else 0
    held = await Certificate.count().where(Certificate.status_list == current)
    places: list[tuple[int, int]] = []
    while len(places) < count:
        if held >= STATUS_LIST_LENGTH // 2:
            current, held = current + 1, 0
        room = min(count - len(places), STATUS_LIST_LENGTH // 2 - held)
        places += [(current, index) for index in await _free_indices(current, room)]
        held += room
    return places


async def _free_indices(status_list: int, count: int) -> list[int]:
    free: dict[int, None] = {}
    while len(free) < count:
        drawn = {secrets.randbelow(STATUS_LIST_LENGTH) for _ in range(count - len(free))}
        taken = (
            await Certificate.select(Certificate.status_index)
            .where(Certificate.status_list == status_list)
            .where(Certificate.status_index.is_in(list(drawn)))
        )
        free |= dict.fromkeys(drawn - {row["status_index"] for row in taken})
    return list(free)
