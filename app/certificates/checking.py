"""Check many certificates for someone who has a list: by number and name, by ID, or by QR text.

Every row gets a verdict and a reason. An unknown number and a wrong name get the same answer.
"""

from enum import StrEnum
from urllib.parse import urlsplit

from msgspec import Struct

from app.certificates import answers, cose, log, queries
from app.certificates.answers import PublicFacts
from app.certificates.kinds import Verdict
from app.certificates.queries import PublicEntry
from app.errors import Refusal
from app.rules.certificate_claim import Claim
from app.web.limits import Limit

NUMBER_LIMIT = Limit(5, 3600)
"""Tries with one official number, whoever tries (certificates.md section 2)."""


class Reason(StrEnum):
    """Why a row has its verdict."""

    NONE = ""
    NOT_FOUND = "not_found"
    WRONG_TYPE = "wrong_type"
    BAD_ROW = "bad_row"
    BAD_SIGNATURE = "bad_signature"
    NOT_IN_REGISTER = "not_in_register"
    REGISTER_DIFFERS = "register_differs"
    NAME_DIFFERS = "name_differs"
    TOO_MANY_TRIES = "too_many_tries"


class Question(Struct, frozen=True, kw_only=True, rename={"kind": "type"}):
    """One row: `number` and `name`, or `id`, or `qr_text`; perhaps the expected `type`."""

    number: str = ""
    name: str = ""
    id: str = ""
    qr_text: str = ""
    kind: int | None = None


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The verdict of one row, the reason in a word, and the facts where there are any."""

    verdict: Verdict
    reason: str = ""
    certificate: PublicFacts | None = None
    name: str = ""


async def answer(question: Question, factor: int) -> Answer:
    """Answer one row; `factor` multiplies the tries that a number has."""
    if question.qr_text:
        return await _by_symbol(question)
    if question.id:
        return await _by_id(question)
    if not (question.number.strip() and question.name.strip()):
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.BAD_ROW)
    if NUMBER_LIMIT.take(question.number.strip().upper(), factor):
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.TOO_MANY_TRIES)
    entry = await queries.entry_by_number(question.number, question.name)
    if entry is None:
        return Answer(verdict=Verdict.UNREGISTERED, reason=Reason.NOT_FOUND)
    return await _about(entry, question)


async def _by_id(question: Question) -> Answer:
    try:
        entry = await queries.public_entry(question.id)
    except Refusal:
        return Answer(verdict=Verdict.UNREGISTERED, reason=Reason.NOT_FOUND)
    if question.name and not await queries.is_held_by(entry.id, question.name):
        return Answer(verdict=Verdict.UNREGISTERED, reason=Reason.NOT_FOUND)
    return await _about(entry, question)


async def _about(entry: PublicEntry, question: Question, name: str = "") -> Answer:
    if question.kind is not None and question.kind != int(entry.kind):
        return Answer(verdict=Verdict.UNREGISTERED, reason=Reason.WRONG_TYPE)
    facts = answers.facts_of(entry, await log.host())
    reason = entry.reason_code or entry.doubt
    return Answer(verdict=entry.verdict, reason=reason, certificate=facts, name=name)


def claim_in(text: str) -> Claim | None:
    """Return what a symbol's text says, whether or not its signature holds; None if unreadable."""
    try:
        return cose.parse(cose.from_fragment(urlsplit(text.strip()).fragment)).claim
    except (ValueError, cose.NotOurSignature):
        return None


async def _by_symbol(question: Question) -> Answer:
    """Check the signature of a symbol, then the register; the paper's own name is given back."""
    try:
        parts = urlsplit(question.qr_text.strip())
        signed = cose.parse(cose.from_fragment(parts.fragment))
    except (ValueError, cose.NotOurSignature):
        return Answer(verdict=Verdict.FORGED, reason=Reason.BAD_SIGNATURE)
    key = await queries.known_key(signed.kid.hex())
    if key is None or not cose.is_signed_by(signed, key.public_key):
        return Answer(verdict=Verdict.FORGED, reason=Reason.BAD_SIGNATURE)
    if parts.path != f"/v/{signed.claim.verification_id}":
        return Answer(verdict=Verdict.FORGED, reason=Reason.BAD_SIGNATURE)
    if question.name and not queries.is_same_name(question.name, signed.claim.name):
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.NAME_DIFFERS)
    try:
        entry = await queries.public_entry(signed.claim.verification_id)
    except queries.Unregistered:
        return Answer(verdict=Verdict.UNREGISTERED, reason=Reason.NOT_IN_REGISTER)
    if entry.commit != signed.commit.hex():
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.REGISTER_DIFFERS)
    return await _about(entry, question, signed.claim.name)
