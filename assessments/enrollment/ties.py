"""What assessments hold of a person: candidacies, and duties at sittings."""

from collections.abc import Sequence
from typing import Any

from app.errors import N_
from app.labels import DUTIES
from app.people.ties import Tie
from app.rules.actors import Duty
from assessments.enrollment.tables import Candidate
from assessments.rules.lifecycle import CandidateStatus
from assessments.sittings.queries import RUNNERS, scopes_of
from assessments.sittings.tables import Dispatch

CANDIDATE = N_("考生")
_OF_CANDIDATE = (
    Candidate.person.as_alias("person_id"),
    Candidate.status,
    Candidate.sitting.as_alias("sitting_id"),
    Candidate.sitting._.name.as_alias("sitting"),
    Candidate.sitting._.specification._.name.as_alias("ability"),
    Candidate.sitting._.region_code.as_alias("region_code"),
    Candidate.sitting._.starts_at.as_alias("starts_at"),
)
_OF_DISPATCH = (
    Dispatch.person.as_alias("person_id"),
    Dispatch.duty,
    Dispatch.sitting.as_alias("sitting_id"),
    Dispatch.sitting._.name.as_alias("sitting"),
    Dispatch.sitting._.specification._.name.as_alias("ability"),
    Dispatch.sitting._.region_code.as_alias("region_code"),
    Dispatch.sitting._.starts_at.as_alias("starts_at"),
)


async def ties_of(person_ids: Sequence[int]) -> list[Tie]:
    """Return the candidacies of persons and the sittings that they were sent to."""
    ids = list(person_ids)
    applied = await Candidate.select(*_OF_CANDIDATE).where(Candidate.person.is_in(ids))
    sent = await Dispatch.select(*_OF_DISPATCH).where(
        Dispatch.person.is_in(ids), Dispatch.withdrawn_at.is_null()
    )
    return [_applied(row) for row in applied] + [_sent(row) for row in sent]


def _applied(row: dict[str, Any]) -> Tie:
    return Tie(
        kind=CANDIDATE,
        state=CandidateStatus(row["status"]),
        href=f"/desk/assessments/{row['sitting_id']}/candidates",
        opens=RUNNERS,
        **_sitting(row),
    )


def _sent(row: dict[str, Any]) -> Tie:
    return Tie(
        kind=DUTIES[Duty(row["duty"])],
        state=None,
        href=f"/desk/assessments/{row['sitting_id']}/examiners",
        opens=RUNNERS,
        **_sitting(row),
    )


def _sitting(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "person_id": row["person_id"],
        "title": row["ability"],
        "place": row["sitting"],
        "on": row["starts_at"],
        "scopes": scopes_of(row["sitting_id"], row["region_code"]),
    }
