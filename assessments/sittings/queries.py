"""Read sittings, their rooms and their examiners."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from app.errors import NotFound
from app.people.tables import Organization
from app.rules.actors import Actor, Duty, Scope, region_scopes
from app.rules.notice import WORKING_DAYS, last_day
from app.web.clock import SHANGHAI
from assessments.rules.examiners import ExaminerFacts
from assessments.rules.lifecycle import SittingStatus
from assessments.sittings.tables import AssessmentRoom, Dispatch, Sitting
from assessments.specifications import queries as specifications
from assessments.specifications.queries import Specification

RUNNERS = (Duty.ORGANIZER, Duty.REGISTRAR)
HELD = (
    SittingStatus.ASSESSING,
    SittingStatus.GRADED,
    SittingStatus.PUBLISHED,
    SittingStatus.ARCHIVED,
)
"""The states of a sitting that takes place or took place."""


class SittingLine(msgspec.Struct, frozen=True):
    """A sitting in a list, and the head of its pages."""

    id: int
    code: str
    name: str
    specification_id: int
    ability: str
    site: str
    institution: str
    issuer: str
    region_code: str
    address: str
    starts_at: datetime
    ends_at: datetime
    enrollment_closes_at: datetime
    status: SittingStatus
    filing_number: str | None
    instructions: str
    published_at: datetime | None
    notice_days: int
    notice_ends_at: datetime | None
    notice_missing_years: str | None
    version: int

    @property
    def day(self) -> date:
        """The day of the assessment where it is held: ages and cards are counted on it."""
        return self.starts_at.astimezone(SHANGHAI).date()

    @property
    def notice_until(self) -> date | None:
        """The last day of the notice."""
        return None if self.notice_ends_at is None else last_day(self.notice_ends_at)

    @property
    def ledger(self) -> str:
        return ledger_of(self.id)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        return scopes_of(self.id, self.region_code)


class RoomLine(msgspec.Struct, frozen=True):
    """A room and its stations."""

    id: int
    name: str
    stations: int


class DispatchLine(msgspec.Struct, frozen=True):
    """Somebody sent to a sitting."""

    id: int
    account_id: int
    person_id: int | None
    name: str
    sign_in_name: str
    duty: Duty
    seat: str | None
    is_lead: bool
    employer: str
    card_number: str | None
    card_valid_until: date | None
    withdrawn_at: datetime | None

    @property
    def facts(self) -> ExaminerFacts:
        return ExaminerFacts(
            self.person_id or -self.account_id,
            self.name,
            self.employer,
            self.card_valid_until,
            self.is_lead,
        )


def ledger_of(sitting_id: int) -> str:
    """Return the name of a sitting's mark ledger."""
    return f"assessments.sitting:{sitting_id}"


def scopes_of(sitting_id: int, region_code: str) -> tuple[Scope, ...]:
    """Return the scopes in which a duty over a sitting may be held."""
    return (Scope("sitting", str(sitting_id)), *region_scopes(region_code))


_COLUMNS = (
    Sitting.id,
    Sitting.code,
    Sitting.name,
    Sitting.specification.as_alias("specification_id"),
    Sitting.specification._.name.as_alias("ability"),
    Sitting.site._.name.as_alias("site"),
    Sitting.institution._.name.as_alias("institution"),
    Sitting.issuer._.name.as_alias("issuer"),
    Sitting.region_code,
    Sitting.address,
    Sitting.starts_at,
    Sitting.ends_at,
    Sitting.enrollment_closes_at,
    Sitting.status,
    Sitting.filing_number,
    Sitting.instructions,
    Sitting.published_at,
    Sitting.notice_days,
    Sitting.notice_ends_at,
    Sitting.notice_missing_years,
    Sitting.version,
)


async def sitting(sitting_id: int) -> SittingLine:
    """Return one sitting; raise `NotFound`."""
    row = await Sitting.select(*_COLUMNS).where(Sitting.id == sitting_id).first()
    if row is None:
        raise NotFound
    return _line(row)


async def sitting_for(
    actor: Actor, sitting_id: int, duties: Sequence[Duty] = tuple(Duty)
) -> SittingLine:
    """Return a sitting in which the actor holds one of some duties; raise `NotFound`."""
    line = await sitting(sitting_id)
    if not actor.holds(tuple(duties), *line.scopes):
        raise NotFound
    return line


async def sittings() -> list[SittingLine]:
    """Return all sittings, newest first."""
    rows = (
        await Sitting.select(*_COLUMNS)
        .order_by(Sitting.starts_at, ascending=False)
        .order_by(Sitting.id)
    )
    return [_line(row) for row in rows]


def _line(row: Mapping[str, Any]) -> SittingLine:
    return msgspec.convert({**row, "notice_days": row["notice_days"] or WORKING_DAYS}, SittingLine)


async def spans() -> list[tuple[date, date]]:
    """Return the first and last day of each sitting that is not canceled, where it is held."""
    return [
        (line.day, line.ends_at.astimezone(SHANGHAI).date())
        for line in await sittings()
        if line.status is not SittingStatus.CANCELED
    ]


async def sittings_for(actor: Actor) -> list[SittingLine]:
    """Return the sittings in which the actor holds any duty, newest first."""
    return [line for line in await sittings() if actor.holds(tuple(Duty), *line.scopes)]


async def published_sittings() -> list[SittingLine]:
    """Return the sittings whose results the public may read, newest first."""
    public = {SittingStatus.PUBLISHED, SittingStatus.ARCHIVED}
    return [line for line in await sittings() if line.status in public]


async def specification_of(line: SittingLine) -> Specification:
    """Return the version of the specification that a sitting uses."""
    return await specifications.specification(line.specification_id)


async def rooms(sitting_id: int) -> list[RoomLine]:
    """Return the rooms of a sitting in order."""
    rows = (
        await AssessmentRoom.select()
        .where(AssessmentRoom.sitting == sitting_id)
        .order_by(AssessmentRoom.id)
    )
    return [RoomLine(row["id"], row["name"], row["stations"]) for row in rows]


async def dispatches(sitting_id: int, *, with_withdrawn: bool = False) -> list[DispatchLine]:
    """Return who was sent to a sitting, examiners by seat."""
    query = (
        Dispatch.select(
            Dispatch.id,
            Dispatch.account.as_alias("account_id"),
            Dispatch.person.as_alias("dispatched_person"),
            Dispatch.account._.person.as_alias("account_person"),
            Dispatch.account._.name.as_alias("name"),
            Dispatch.account._.sign_in_name.as_alias("sign_in_name"),
            Dispatch.duty,
            Dispatch.seat,
            Dispatch.is_lead,
            Dispatch.employer,
            Dispatch.card_number,
            Dispatch.card_valid_until,
            Dispatch.withdrawn_at,
        )
        .where(Dispatch.sitting == sitting_id)
        .order_by(Dispatch.duty)
        .order_by(Dispatch.id)
    )
    if not with_withdrawn:
        query = query.where(Dispatch.withdrawn_at.is_null())
    # Whose account it is may have been said after the dispatch.
    rows = [
        {**row, "person_id": row["account_person"] or row["dispatched_person"]}
        for row in await query
    ]
    return msgspec.convert(rows, list[DispatchLine])


async def examiners(sitting_id: int) -> list[DispatchLine]:
    """Return the examiners of a sitting who were not withdrawn."""
    return [line for line in await dispatches(sitting_id) if line.duty is Duty.EXAMINER]


async def earlier_groups(line: SittingLine, most: int = 3) -> list[frozenset[int]]:
    """Return the groups of the last sittings held at the same site, latest first, by person."""
    site = await Sitting.select(Sitting.site).where(Sitting.id == line.id).first()
    rows = (
        await Sitting.select(Sitting.id)
        .where(
            Sitting.site == (site or {"site": 0})["site"],
            Sitting.starts_at < line.starts_at,
            Sitting.status.is_in([status.value for status in HELD]),
        )
        .order_by(Sitting.starts_at, ascending=False)
        .order_by(Sitting.id, ascending=False)
        .limit(most)
    )
    return [frozenset(item.facts.person_id for item in await examiners(row["id"])) for row in rows]


async def organizations(*kinds: str) -> list[tuple[int, str]]:
    """Return the organizations of some kinds, all where none is named, by name."""
    query = Organization.select(Organization.id, Organization.name).order_by(Organization.name)
    if kinds:
        query = query.where(Organization.kind.is_in(list(kinds)))
    return [(row["id"], row["name"]) for row in await query]


def may_run(actor: Actor, line: SittingLine) -> bool:
    """Tell whether the actor organizes this sitting."""
    return actor.holds(RUNNERS, *line.scopes)
