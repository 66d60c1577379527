"""Enroll a whole list: who is new is added, who is known is brought up to date."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.audit import actions as audit
from app.audit.acts import Act
from app.people import actions as people
from app.people import filling
from app.rules.actors import Actor
from app.storage.engine import write_transaction
from assessments.enrollment import queries
from assessments.enrollment.actions import (
    Application,
    new_row,
    open_sitting_within,
    refuse_past,
)
from assessments.enrollment.queries import CandidateLine
from assessments.enrollment.tables import Candidate
from assessments.rules.candidacy import refuse_too_young
from assessments.rules.lifecycle import CandidateStatus
from assessments.sittings.actions import subject

C = Candidate
CHUNK = 400


def differing(known: CandidateLine, application: Application) -> dict[str, Any]:
    """Return what an application says otherwise than what is registered of a candidate.

    Where somebody is from is kept where the application does not say it.
    """
    said = {
        "name": application.person.name,
        "employer": application.employer,
        "category": application.category,
        "region_code": application.person.region_code or known.region_code,
    }
    return {name: value for name, value in said.items() if value != getattr(known, name)}


async def enroll_many(
    sitting_id: int, applications: Sequence[Application], *, by: Actor, at: datetime
) -> tuple[int, int]:
    """Enroll many persons in one transaction; known ones are brought up to date.

    Return how many were added and how many changed.
    """
    async with write_transaction():
        line = await open_sitting_within(sitting_id, by)
        refuse_past(line, at)
        for application in applications:
            refuse_too_young(
                application.person.birth_on or application.person.number.birth_on, line.day
            )
        persons = [item.person for item in applications]
        filled = await filling.fill_within(persons, by=by, at=at)
        ids = await people.find_or_add_many_within(persons, by=by, at=at)
        known = await queries.by_person(sitting_id)
        by_id = dict(zip(ids, applications, strict=True))
        new = [
            new_row(sitting_id, id_, item, at) for id_, item in by_id.items() if id_ not in known
        ]
        for start in range(0, len(new), CHUNK):
            await C.insert(*new[start : start + CHUNK])
        there = [(known[id_], item) for id_, item in by_id.items() if id_ in known]
        updated = await _update_within(sitting_id, there, by=by, at=at)
        changed = len(updated | (filled & known.keys()))
        await audit.record(
            act=Act.CANDIDATE_ENROLLED,
            subject=subject(sitting_id),
            by=by,
            at=at,
            after={"added": len(new), "changed": changed},
        )
    return len(new), changed


async def _update_within(
    sitting_id: int,
    pairs: Sequence[tuple[CandidateLine, Application]],
    *,
    by: Actor,
    at: datetime,
) -> set[int]:
    """Write what a list says of known candidates and record it; return of which persons.

    Who was returned has been mended, and waits for vetting again.
    """
    changes = [(old, news) for old, item in pairs if (news := differing(old, item))]
    for old, news in changes:
        columns: dict[Any, Any] = {getattr(C, name): value for name, value in news.items()}
        if old.status is CandidateStatus.RETURNED:
            columns[C.status] = CandidateStatus.APPLIED.value
        await C.update(columns | {C.version: C.version + 1}).where(C.id == old.id)
    if changes:
        await audit.record(
            act=Act.CANDIDATE_CHANGED,
            subject=subject(sitting_id),
            by=by,
            at=at,
            before={
                str(old.id): {name: getattr(old, name) for name in news} for old, news in changes
            },
            after={str(old.id): news for old, news in changes},
        )
    return {old.person_id for old, _ in changes}
