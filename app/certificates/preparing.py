"""Sign what a transaction is about to write, before it begins: the signer may keep one waiting.

What is signed holds the next numbers. Where somebody else took them first, it is signed again.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from app.certificates import cose, log, log_vkeys, official_numbers, signer
from app.certificates.facts import ClaimFacts
from app.certificates.signer import SignerChanged
from app.certificates.tables import CertificateIssuer
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

T = TypeVar("T")


class Overtaken(Exception):
    """What was prepared does not follow on what is there any more; nothing was written."""


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


@dataclass(frozen=True)
class Prepared:
    """A draft with its number and signature; `title` is the full one."""

    draft: Draft
    number: str
    title: str
    claim: Claim
    cose: bytes
    commit: bytes
    public_key: bytes


async def prepare(order: Order, drafts: Sequence[Draft]) -> list[Prepared]:
    """Number and sign drafts, outside any transaction; raise `SignerSilent` or `LogKeyUnknown`."""
    await signer.ready()
    await log_vkeys.refuse_other()
    claims = [draft.facts for draft in drafts]
    numbers, _ = await official_numbers.following(order.kind, order.issuer, claims)
    try:
        return await signer.apart(_signed, await log.host(), order, drafts, numbers)
    except SignerChanged:
        raise Overtaken from None


async def until_not_overtaken(act: Callable[[], Awaitable[T]]) -> T:
    """Carry out an act that prepares and writes; once more each time that it was overtaken."""
    while True:
        try:
            return await act()
        except Overtaken:
            continue


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


def _signed(
    host: str, order: Order, drafts: Sequence[Draft], numbers: Sequence[str]
) -> list[Prepared]:
    key, prepared = signer.signers().issuing, []
    for draft, number in zip(drafts, numbers, strict=True):
        full = claim_of(order, draft.facts, number)
        claim = fitted(full, draft.facts.short_title, prefix_length(host))
        signed, commit = cose.sign(claim, key)
        prepared.append(Prepared(draft, number, full.title, claim, signed, commit, key.public_key))
    return prepared
