"""Issue within a transaction: numbers, rows and leaves of certificates that are signed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.certificates import cose, known_keys, log, official_numbers, seals, signer
from app.certificates.facts import written
from app.certificates.kinds import CertificateStatus
from app.certificates.notes import Leaf, LogEvent
from app.certificates.preparing import Order, Overtaken, Prepared
from app.certificates.tables import Certificate, CertificatePhoto
from app.people import photos as portraits
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


async def begin_within(at: datetime) -> log.Head:
    """Lock the log; freeze the host and list the key that signs the first time."""
    head = await log.locked_head()
    if head is None:
        head = await log.first_head()
    await log.refuse_fork(head)
    await known_keys.begin_within(head, at)
    return head


@dataclass(frozen=True)
class Issued:
    """A certificate as it was written."""

    id: int
    verification_id: str
    claim_key: str


async def issue_within(head: log.Head, order: Order, prepared: Sequence[Prepared]) -> list[Issued]:
    """Write and log certificates that are signed; printable once a checkpoint covers them.

    Raise `Overtaken` where their numbers are not the next ones, or another key signs by now.
    """
    if not prepared:
        return []
    await known_keys.refuse_unfit()
    await _take_numbers(order, prepared)
    places = await _status_places(len(prepared))
    held = await portraits.photos_of([one.draft.facts.person_id for one in prepared])
    photos = [held.get(one.draft.facts.person_id or 0) for one in prepared]
    ids = await engine.free_ids(Certificate, len(prepared))
    rows: list[dict[str, Any]] = []
    for id_, one, place, photo in zip(ids, prepared, places, photos, strict=True):
        head.serial += 1
        own = {
            "id": id_,
            "serial": head.serial,
            "leaf_index": head.size + len(rows),
            "status_list": place[0],
            "status_index": place[1],
            "has_photo": photo is not None,
        }
        rows.append(_sealed(_row(order, one) | own, one, photo))
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


async def _take_numbers(order: Order, prepared: Sequence[Prepared]) -> None:
    claims = [one.draft.facts for one in prepared]
    numbers, counters = await official_numbers.following(order.kind, order.issuer, claims)
    key = signer.signers().issuing.public_key
    if [(one.number, one.public_key) for one in prepared] != [(number, key) for number in numbers]:
        raise Overtaken
    await official_numbers.take_within(counters)


def _row(order: Order, one: Prepared) -> dict[str, Any]:
    """Return the columns of a certificate that are its own, but for its places."""
    facts, claim = one.draft.facts, one.claim
    return NEW | {
        "verification_id": claim.verification_id,
        "number": claim.number,
        "kind": int(order.kind),
        "basis": order.basis,
        "claim_key": facts.claim_key,
        "generation": one.draft.generation,
        "batch_id": order.batch_id,
        "person_id": facts.person_id,
        "name": claim.name,
        "name_key": name_key(claim.name),
        "title": one.title,
        "claim_title": claim.title,
        "result": claim.result,
        "issuer": order.issuer.id,
        "issuer_name": order.issuer.name,
        "issued_on": claim.issued_on,
        "prints": written(facts.prints),
        "cose": one.cose,
        "commit": one.commit.hex(),
        "kid": cose.kid_of(one.public_key).hex(),
        "predecessor_id": one.draft.predecessor_id,
        "created_at": order.at,
    }


def _sealed(row: dict[str, Any], one: Prepared, photo: bytes | None) -> dict[str, Any]:
    issued_at = one.claim.issued_at
    return row | {"seal": seals.seal(row, one.public_key, issued_at=issued_at, photo=photo)}


async def _keep_photos(ids: Sequence[int], photos: Sequence[bytes | None]) -> None:
    """Keep each holder's photo as it is now, so that the paper is always the same."""
    kept = [
        {"certificate": id_, "content": photo}
        for id_, photo in zip(ids, photos, strict=True)
        if photo is not None
    ]
    await insert_rows(CertificatePhoto, kept)


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
