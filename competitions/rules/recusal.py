"""回避: a judge never marks a compatriot (marking.md §6)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.rules.organization_names import plain_name


class Conflict(StrEnum):
    """Why a judge stands aside for an entry."""

    DELEGATION = "delegation"
    EMPLOYER = "employer"
    COUNTY = "county"
    COACH = "coach"
    PERSON = "person"
    DECLARED = "declared"


@dataclass(frozen=True)
class JudgeTies:
    """What binds a judge: whom they come with, where they work and live, who they are."""

    name: str
    delegation: int | None
    employer: str = ""
    person: int | None = None
    county: str | None = None


@dataclass(frozen=True)
class EntryTies:
    """What binds an entry: its delegation, its contestants' employers and counties, its coach.

    A contest of one county names no counties: everybody is from there.
    """

    delegation: int
    employers: Collection[str] = ()
    coach: str = ""
    people: Collection[int] = ()
    counties: Collection[str | None] = ()


def conflicts(
    judge: JudgeTies, entry: EntryTies, *, is_declared: bool = False
) -> tuple[Conflict, ...]:
    """Return every reason for which this judge may not mark this entry; empty: they may."""
    employers = {plain_name(name) for name in entry.employers} - {""}
    found = {
        Conflict.DELEGATION: judge.delegation == entry.delegation,
        Conflict.EMPLOYER: plain_name(judge.employer) in employers,
        Conflict.COUNTY: judge.county is not None and judge.county in entry.counties,
        Conflict.COACH: bool(plain_name(entry.coach))
        and plain_name(judge.name) in _names(entry.coach),
        Conflict.PERSON: judge.person is not None and judge.person in entry.people,
        Conflict.DECLARED: is_declared,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _names(coaches: str) -> set[str]:
    """Split 指导教师 as people write several: 张三、李四."""
    for mark in "，,;；/ ":
        coaches = coaches.replace(mark, "、")
    return {plain_name(name) for name in coaches.split("、")} - {""}
