"""Correct what is registered of a candidate: the name, where from, whose document it is.

Until the certificate is issued: a slip that shows only when the document is looked at on the day,
or during the notice, is mended too, then with its reason.
"""

from datetime import datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.certificates import register as certificates
from app.errors import N_, RuleBroken, refusal
from app.people import actions as people
from app.people.actions import NameDiffers, PersonFacts
from app.people.organizations import NothingChanged
from app.people.queries import person_name
from app.rules.actors import Actor, require
from app.rules.identity import masked_name, name_key, normalized_name
from app.sheets.acts import ReasonNeeded
from app.storage.engine import write_transaction
from assessments.enrollment import queries
from assessments.enrollment.actions import scope_of_candidate, update_within
from assessments.enrollment.queries import CandidateLine
from assessments.enrollment.tables import Candidate
from assessments.rules.candidacy import AppliedAlready, refuse_too_young
from assessments.rules.lifecycle import CandidateStatus, SittingStatus
from assessments.sittings import queries as sittings
from assessments.sittings.actions import held_within
from assessments.sittings.queries import SittingLine

C = Candidate
BEFORE = frozenset({SittingStatus.PLANNED, SittingStatus.ENROLLING})
OVER = frozenset({SittingStatus.ARCHIVED, SittingStatus.CANCELED})


class CandidateChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is right about a candidate; `person` only where the document's number was wrong."""

    name: str
    employer: str = ""
    category: str | None = None
    region_code: str | None = None
    person: PersonFacts | None = None
    reason: str = ""


@refusal
class CorrectionsOver(RuleBroken):
    """What is archived or canceled stays as it is."""

    says = N_("批次已归档或已取消，考生信息不能再改。")


@refusal
class EmployerFixed(RuleBroken):
    """Who marks whom was settled by the employers at the beginning."""

    says = N_("考核已经开始，回避已按原单位安排，单位不能再改。")
    field = "employer"


@refusal
class CertificateThere(RuleBroken):
    """The certificate has been issued to this name and person; there is a correction of its own."""

    says = N_("{name}的证书已经签发，姓名和证件请在证书页面更正。")
    field = "name"
    name: str


@refusal
class NumberOfExaminer(RuleBroken):
    """An examiner would turn out to be assessed in the same sitting, after the sheets were made."""

    says = N_("这个证件号是本批次考评员{name}的，考核开始后不能改到本人名下。")
    field = "id_number"
    name: str


async def correct(
    candidate_id: int, change: CandidateChange, *, seen_version: int, by: Actor, at: datetime
) -> None:
    """Correct a candidate; who was returned waits for vetting again.

    Raise `NameDiffers` where the register calls the person otherwise: it is corrected first, or
    the number was wrong too.
    """
    change = msgspec.structs.replace(change, name=normalized_name(change.name))
    async with write_transaction():
        old = await queries.candidate(candidate_id)
        line = await held_within(old.sitting_id)
        require(by, sittings.RUNNERS, *line.scopes)
        _refuse(line, old, change)
        person_id = await _person_within(line, old, change, by=by, at=at)
        before, after = _told(old, old.person_id), _told(change, person_id)
        if before == after:
            raise NothingChanged
        if person_id != old.person_id or change.name != old.name:
            await _refuse_certified(line, old)
        columns: dict[Any, Any] = {getattr(C, name): value for name, value in after.items()}
        if old.status is CandidateStatus.RETURNED:
            columns[C.status] = CandidateStatus.APPLIED.value
        await update_within(candidate_id, seen_version, columns)
        await audit.record(
            act=Act.CANDIDATE_CHANGED,
            subject=scope_of_candidate(candidate_id),
            by=by,
            at=at,
            reason=change.reason.strip(),
            before={name: value for name, value in before.items() if value != after[name]},
            after={name: value for name, value in after.items() if value != before[name]},
        )


def _told(facts: CandidateLine | CandidateChange, person_id: int) -> dict[str, Any]:
    own = ("name", "employer", "category", "region_code")
    return {name: getattr(facts, name) for name in own} | {"person": person_id}


def _refuse(line: SittingLine, old: CandidateLine, change: CandidateChange) -> None:
    if line.status in OVER:
        raise CorrectionsOver
    if line.status in BEFORE:
        return
    if change.employer != old.employer:
        raise EmployerFixed
    if not change.reason.strip():
        raise ReasonNeeded


async def _person_within(
    line: SittingLine, old: CandidateLine, change: CandidateChange, *, by: Actor, at: datetime
) -> int:
    """Return whose candidacy it is; who is meant must be known by the name that is given."""
    if change.person is None:
        known = await person_name(old.person_id)
        if name_key(known) != name_key(change.name):
            raise NameDiffers(old.id_masked, masked_name(known), change.name)
        return old.person_id
    refuse_too_young(change.person.birth_on or change.person.number.birth_on, line.day)
    person_id = await people.find_or_add_within(change.person, by=by, at=at)
    there = (await queries.by_person(line.id)).get(person_id)
    if there is not None and there.id != old.id:
        raise AppliedAlready(there.name, there.number or "—")
    if line.status not in BEFORE:
        for examiner in await sittings.examiners(line.id):
            if examiner.person_id == person_id:
                raise NumberOfExaminer(examiner.name)
    return person_id


async def _refuse_certified(line: SittingLine, old: CandidateLine) -> None:
    issued = await certificates.certificates_of(line.ledger)
    if any(item.person_id == old.person_id for item in issued):
        raise CertificateThere(old.name)
