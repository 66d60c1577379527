"""From examiners' marks to passed or not (domain.md A2, B5).

Each examiner marks alone; the mean of the examiners' totals is the candidate's score; who reaches
the pass mark has passed. The mean is exact; it is shown with two decimals, half up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

from app.errors import N_, RuleBroken, refusal


class PassPolicy(StrEnum):
    """What must reach the pass mark (domain.md A2)."""

    TOTAL = "total"
    EVERY_TASK = "every_task"


class Outcome(StrEnum):
    """评定: absent and disqualified are states of their own, not scores."""

    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"
    DISQUALIFIED = "disqualified"


@dataclass(frozen=True)
class PassRule:
    """When a candidate has passed: out of 100, marked by how many."""

    pass_mark: int
    fewest_examiners: int
    policy: PassPolicy = PassPolicy.TOTAL


@dataclass(frozen=True)
class TaskMark:
    """One examiner's mark of one task; `points` None where it was not given yet."""

    examiner: str
    task: str
    points: Fraction | None


@dataclass(frozen=True)
class Grade:
    """A candidate's score, 0 to 100, and what it comes to."""

    score: Fraction
    outcome: Outcome
    by_task: Mapping[str, Fraction]
    by_examiner: Mapping[str, Fraction]


@refusal
class MarksMissing(RuleBroken):
    """Not every examiner has marked every task."""

    says = N_("考号 {number} 还缺 {count} 个评分，不能评定。")
    number: str
    count: int


@refusal
class ExaminersMissing(RuleBroken):
    """Fewer examiners marked than the group must have."""

    says = N_("考号 {number} 只有 {found} 名考评员评分，至少要 {fewest} 名。")
    number: str
    found: int
    fewest: int


def grade(
    number: str,
    marks: Sequence[TaskMark],
    weights: Mapping[str, int],
    rule: PassRule,
) -> Grade:
    """Grade one candidate; `weights` are the tasks' most points.

    Raise `ExaminersMissing` or `MarksMissing` where the sheets are not complete.
    """
    examiners = sorted({mark.examiner for mark in marks})
    if len(examiners) < rule.fewest_examiners:
        raise ExaminersMissing(number, len(examiners), rule.fewest_examiners)
    given = {(mark.examiner, mark.task): mark.points for mark in marks if mark.points is not None}
    missing = len(examiners) * len(weights) - len(given)
    if missing:
        raise MarksMissing(number, missing)
    by_task = {
        task: sum((given[name, task] for name in examiners), Fraction(0)) / len(examiners)
        for task in weights
    }
    by_examiner = {
        name: sum((given[name, task] for task in weights), Fraction(0)) for name in examiners
    }
    score = sum(by_task.values(), Fraction(0))
    has_passed = score >= rule.pass_mark and (
        rule.policy is PassPolicy.TOTAL
        or all(by_task[task] * 100 >= rule.pass_mark * weight for task, weight in weights.items())
    )
    return Grade(score, Outcome.PASSED if has_passed else Outcome.FAILED, by_task, by_examiner)


def shown(score: Fraction) -> str:
    """Write a score with two decimals, half up: what is published and printed."""
    hundredths = floor(score * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}"
