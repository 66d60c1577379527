"""Read a sitting's marks and grades."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

import msgspec

from app.rules.mark_sheet import code_order
from app.sheets import queries as sheets
from assessments.enrollment import queries as enrollment
from assessments.enrollment.queries import CandidateLine
from assessments.grading.tables import CandidateGrade, SittingGrading
from assessments.rules.grading import Outcome, TaskMark
from assessments.rules.lifecycle import CandidateStatus, SittingStatus
from assessments.sittings.queries import SittingLine

E4 = 10_000
PUBLIC = frozenset({SittingStatus.PUBLISHED, SittingStatus.ARCHIVED})
"""The states of a sitting whose results the public reads."""
TO_MARK = frozenset({CandidateStatus.ACCEPTED, CandidateStatus.PRESENT})


class GradeLine(msgspec.Struct, frozen=True):
    """A candidate's grade for the desk and for publication."""

    candidate_id: int
    person_id: int
    number: str
    name: str
    id_masked: str
    sex: str | None
    employer: str
    outcome: Outcome
    score: Fraction | None

    @property
    def masked_name(self) -> str:
        return self.name[:1] + "*" * (len(self.name) - 1)


class GradingFacts(msgspec.Struct, frozen=True):
    """One grading of a sitting."""

    id: int
    number: int
    ledger_root: str
    graded_by: str
    graded_at: datetime
    reason: str


def task_id(position: int) -> str:
    """Return the aspect id of a task: T1, T2, …"""
    return f"T{position}"


async def marks_by_candidate(line: SittingLine) -> dict[str, list[TaskMark]]:
    """Return the present marks of a sitting by candidate number; a task left out counts 0."""
    found: dict[str, list[TaskMark]] = {}
    for fact in await sheets.marks_of(line.ledger):
        points = Fraction(0) if fact.state == "not_attempted" else fact.value
        found.setdefault(fact.code, []).append(TaskMark(fact.seat, fact.aspect, points))
    return found


async def latest_grading(sitting_id: int) -> GradingFacts | None:
    """Return the last grading, None before the first."""
    row = (
        await SittingGrading.select()
        .where(SittingGrading.sitting == sitting_id)
        .order_by(SittingGrading.number, ascending=False)
        .first()
    )
    return None if row is None else msgspec.convert(row, GradingFacts)


async def published_grading(line: SittingLine) -> GradingFacts | None:
    """Return the grading that the public reads, None before publication."""
    if line.published_at is None:
        return None
    rows = (
        await SittingGrading.select()
        .where(SittingGrading.sitting == line.id)
        .order_by(SittingGrading.number, ascending=False)
    )
    found = [row for row in rows if row["published_at"] is not None]
    # Before gradings said so themselves, the one that was there at publication was the public one.
    found = found or [row for row in rows if row["graded_at"] <= line.published_at]
    return msgspec.convert(found[0], GradingFacts) if found else None


async def grades(line: SittingLine, grading: GradingFacts | None) -> list[GradeLine]:
    """Return the grades of a grading, by candidate number; empty where there is none."""
    if grading is None:
        return []
    people = {item.id: item for item in await enrollment.candidates(line.id)}
    rows = await CandidateGrade.select().where(CandidateGrade.grading == grading.id)
    lines = [_line(row, people[row["candidate"]]) for row in rows]
    return sorted(lines, key=lambda line: code_order(line.number))


async def public_grades(line: SittingLine) -> list[GradeLine]:
    """Return the grades that the public reads, by candidate number."""
    return await grades(line, await published_grading(line))


async def said_by_number(grading_id: int) -> dict[str, tuple[str, str]]:
    """Return the outcome of each candidate number in a grading, and how it came about."""
    rows = await CandidateGrade.select().where(CandidateGrade.grading == grading_id)
    return {row["candidate_number"]: (row["outcome"], row["detail"]) for row in rows}


def _line(row: Mapping[str, Any], person: CandidateLine) -> GradeLine:
    score = row["score_e4"]
    return GradeLine(
        candidate_id=person.id,
        person_id=person.person_id,
        number=row["candidate_number"],
        name=person.name,
        id_masked=person.id_masked,
        sex=person.sex,
        employer=person.employer,
        outcome=Outcome(row["outcome"]),
        score=None if score is None else Fraction(score, E4),
    )
