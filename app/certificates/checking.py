"""Check many certificates for someone who has a list: by number and name, by ID, or by QR text.

Every row gets a verdict and a reason. An unknown number and a wrong name get the same answer.
"""

import logging
from enum import StrEnum

from msgspec import Struct

from app.certificates import answers, cose, log, numbering, offline, queries
from app.certificates.answers import PublicFacts
from app.certificates.kinds import Verdict
from app.certificates.queries import PublicEntry
from app.certificates.verdicts import Doubt
from app.errors import Refusal
from app.rules.certificate_claim import Claim
from app.rules.check_characters import WrongIdCheck, WrongVerificationId, parse_id
from app.web.limits import Limit

logger = logging.getLogger(__name__)
NUMBER_LIMIT = Limit(5, 3600)
"""Tries with one official number or ID, whoever tries (certificates.md section 2)."""
LONGEST_NUMBER = 60


class Reason(StrEnum):
    """Why a row has its verdict."""

    NONE = ""
    NOT_FOUND = "not_found"
    WRONG_TYPE = "wrong_type"
    BAD_ROW = "bad_row"
    BAD_SIGNATURE = "bad_signature"
    NOT_IN_LOG = "not_in_log"
    NOT_IN_REGISTER = "not_in_register"
    REGISTER_DIFFERS = "register_differs"
    NAME_DIFFERS = "name_differs"
    ROW_DIFFERS = "row_differs"
    ADDRESS = "address"
    NOT_OURS = "not_ours"
    TOO_MANY_TRIES = "too_many_tries"
    NOT_ANSWERED = "not_answered"


class Question(Struct, frozen=True, kw_only=True, rename={"kind": "type"}):
    """One row: `number` and `name`, or `id`, or `qr_text`; perhaps the expected `type`.

    What stands beside an ID or a symbol must be of the same certificate.
    """

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


async def answer_row(question: Question, factor: int) -> Answer:
    """Answer one row of many: whatever is wrong with it, the others get their answers."""
    try:
        return await answer(question, factor)
    except Exception:
        logger.exception("a row of a list was not answered")
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.NOT_ANSWERED)


async def answer(question: Question, factor: int) -> Answer:
    """Answer one question; `factor` multiplies the tries that a number has."""
    try:
        if question.qr_text:
            return await _by_symbol(question, factor)
        if question.id:
            return await _by_id(question.id, question, factor)
        return await _by_number(question, factor)
    except queries.Damaged:
        return Answer(verdict=Verdict.UNCERTAIN, reason=Doubt.DAMAGED.value)


async def _by_number(question: Question, factor: int) -> Answer:
    number = numbering.asked(question.number)
    if not (number and question.name.strip()):
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.BAD_ROW)
    if len(number) > LONGEST_NUMBER:
        return Answer(verdict=Verdict.UNREGISTERED, reason=Reason.NOT_FOUND)
    if NUMBER_LIMIT.take(number, factor):
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.TOO_MANY_TRIES)
    entry = await queries.entry_by_number(question.number, question.name)
    if entry is None:
        return Answer(verdict=Verdict.UNREGISTERED, reason=Reason.NOT_FOUND)
    return await _about(entry, question)


async def _by_id(text: str, question: Question, factor: int) -> Answer:
    """Answer by an ID; a name that is not the holder's counts against it, as with a number."""
    try:
        verification_id = parse_id(text)
        if question.name:
            key = f"id:{verification_id}"
            if NUMBER_LIMIT.take(key, factor):
                return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.TOO_MANY_TRIES)
            if not await queries.is_held_by(verification_id, question.name):
                return Answer(verdict=Verdict.UNREGISTERED, reason=Reason.NOT_FOUND)
            NUMBER_LIMIT.give_back(key)
        entry = await queries.entry_of(verification_id)
    except (WrongVerificationId, WrongIdCheck, queries.Unregistered):
        return Answer(verdict=Verdict.UNREGISTERED, reason=Reason.NOT_FOUND)
    return await _about(entry, question)


async def _about(entry: PublicEntry, question: Question, name: str = "") -> Answer:
    if _names_another(question, entry):
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.ROW_DIFFERS)
    if question.kind is not None and question.kind != int(entry.kind):
        return Answer(verdict=Verdict.UNREGISTERED, reason=Reason.WRONG_TYPE)
    facts = answers.facts_of(entry, await log.host())
    reason = entry.reason_code or entry.doubt
    if entry.verdict is Verdict.UNREGISTERED:
        reason = Reason.NOT_IN_LOG
    return Answer(verdict=entry.verdict, reason=reason, certificate=facts, name=name)


def _names_another(question: Question, entry: PublicEntry) -> bool:
    """Tell whether a row holds a number or an ID that is not this certificate's."""
    number = numbering.asked(question.number)
    if number and number != numbering.asked(entry.number):
        return True
    try:
        return bool(question.id) and parse_id(question.id) != entry.id
    except Refusal:
        return True


def claim_in(text: str) -> Claim | None:
    """Return what a symbol's text says, whether or not its signature holds; None if unreadable."""
    try:
        return offline.signed_in(text).claim
    except cose.NotOurSignature:
        return None


async def _by_symbol(question: Question, factor: int) -> Answer:
    """Check the signature of a symbol, then the register; the paper's own name is given back.

    An address of ours without its signature, as some scanners hand it on, is answered as its ID.
    """
    host = await log.host()
    if bare := offline.bare_id(question.qr_text, host):
        return await _by_id(bare, question, factor)
    if offline.is_foreign(question.qr_text, host):
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.NOT_OURS)
    return await _by_signature(question, host)


async def _by_signature(question: Question, host: str) -> Answer:
    try:
        signed = offline.signed_in(question.qr_text)
    except cose.NotOurSignature:
        return Answer(verdict=Verdict.FORGED, reason=Reason.BAD_SIGNATURE)
    key = await queries.known_key(signed.kid.hex())
    if key is None or not cose.is_signed_by(signed, key.public_key):
        return Answer(verdict=Verdict.FORGED, reason=Reason.BAD_SIGNATURE)
    claim = signed.claim
    if not offline.is_at(question.qr_text, host, claim.verification_id):
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.ADDRESS)
    if question.name and not queries.is_same_name(question.name, claim.name):
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.NAME_DIFFERS)
    try:
        entry = await queries.entry_of(claim.verification_id)
    except queries.Unregistered:
        return Answer(verdict=Verdict.UNREGISTERED, reason=Reason.NOT_IN_REGISTER)
    if entry.commit != signed.commit.hex():
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.REGISTER_DIFFERS)
    return await _about(entry, question, claim.name)
