"""Read specifications."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from app.errors import NotFound
from app.storage.words import has
from assessments.rules.grading import PassPolicy
from assessments.rules.lifecycle import SpecificationStatus
from assessments.rules.specification import SpecificationFacts, TaskFacts
from assessments.specifications.tables import AbilitySpecification, SpecificationTask

T = AbilitySpecification


class SpecificationLine(msgspec.Struct, frozen=True):
    """A specification in a list."""

    id: int
    code: str
    version_number: int
    name: str
    trade: str
    status: SpecificationStatus
    provenance: str
    is_official: bool
    task_count: int


class Specification(msgspec.Struct, frozen=True):
    """A whole specification with its tasks."""

    id: int
    code: str
    version_number: int
    trade: str
    status: SpecificationStatus
    provenance: str
    is_official: bool
    source_channel: str | None
    national_number: str | None
    provincial_number: str | None
    pass_policy: PassPolicy
    in_force_on: date | None
    version: int
    facts: SpecificationFacts

    @property
    def name(self) -> str:
        return self.facts.name


class SpecificationFilter(msgspec.Struct, frozen=True):
    """Which specifications; empty fields filter nothing."""

    q: str = ""
    trade: str = ""
    status: str = ""


async def specification(specification_id: int) -> Specification:
    """Return one specification; raise `NotFound`."""
    row = await T.select().where(T.id == specification_id).first()
    if row is None:
        raise NotFound
    return _whole(row, await _tasks(specification_id))


async def public_specification(code: str) -> Specification:
    """Return the version of a code that the public reads; raise `NotFound` where none is public.

    The one in force, else the last: once that is abolished, an earlier one never takes its place.
    """
    issued = await specifications(SpecificationFilter(), only=ISSUED)
    for line in _present(issued):
        if line.code == code:
            return await specification(line.id)
    raise NotFound


async def catalogue(chosen: SpecificationFilter) -> list[SpecificationLine]:
    """Return what the public may choose from, each specification once; none that is abolished."""
    present = {
        line.id for line in _present(await specifications(SpecificationFilter(), only=ISSUED))
    }
    return [
        line
        for line in await specifications(chosen, only=ISSUED - {SpecificationStatus.ABOLISHED})
        if line.id in present
    ]


def _present(issued: Iterable[SpecificationLine]) -> Iterable[SpecificationLine]:
    """Return of each code the version in force, else the last."""
    found: dict[str, SpecificationLine] = {}
    for line in sorted(issued, key=_precedence):
        found[line.code] = line
    return found.values()


def _precedence(line: SpecificationLine) -> tuple[bool, int]:
    return line.status is SpecificationStatus.IN_FORCE, line.version_number


ISSUED = frozenset(
    {
        SpecificationStatus.IN_FORCE,
        SpecificationStatus.SUPERSEDED,
        SpecificationStatus.ABOLISHED,
    }
)
"""The states of what was in force at some time."""


async def specifications(
    chosen: SpecificationFilter, *, only: Iterable[str] | None = None
) -> list[SpecificationLine]:
    """Return the specifications that match, by trade and code; `only` limits the statuses."""
    query = T.select().order_by(T.trade).order_by(T.code).order_by(T.version_number)
    if only is not None:
        query = query.where(T.status.is_in(sorted(only)))
    if chosen.q.strip():
        query = query.where(has(T.name, chosen.q.strip()))
    if chosen.trade:
        query = query.where(T.trade == chosen.trade)
    if chosen.status:
        query = query.where(T.status == chosen.status)
    rows = await query
    counts = await task_counts()
    return [_line(row, counts.get(row["id"], 0)) for row in rows]


async def task_counts() -> dict[int, int]:
    """Return how many tasks each specification has."""
    rows = await SpecificationTask.raw(
        "SELECT specification, COUNT(*) AS tasks FROM specification_task GROUP BY specification"
    )
    return {row["specification"]: row["tasks"] for row in rows}


async def trades() -> list[tuple[str, int]]:
    """Return the trades with the number of specifications in force."""
    rows = await T.raw(
        "SELECT trade, COUNT(*) AS found FROM ability_specification"
        " WHERE status = {} GROUP BY trade ORDER BY trade",
        SpecificationStatus.IN_FORCE.value,
    )
    return [(row["trade"], row["found"]) for row in rows]


async def _tasks(specification_id: int) -> tuple[TaskFacts, ...]:
    rows = (
        await SpecificationTask.select()
        .where(SpecificationTask.specification == specification_id)
        .order_by(SpecificationTask.position)
    )
    return tuple(
        TaskFacts(row["name"], lines(row["norms"]), lines(row["knowledge"]), row["weight"])
        for row in rows
    )


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text that are not empty."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _line(row: Mapping[str, Any], task_count: int) -> SpecificationLine:
    return msgspec.convert({**row, "task_count": task_count}, SpecificationLine)


def _whole(row: Mapping[str, Any], tasks: tuple[TaskFacts, ...]) -> Specification:
    facts = SpecificationFacts(
        tasks=tasks,
        **{name: row[name] for name in SpecificationFacts.__dataclass_fields__ if name in row},
    )
    return msgspec.convert({**row, "facts": facts}, Specification)
