"""What competitions hold of a person: entries as a contestant, and places among the judges."""

from collections.abc import Sequence
from typing import Any

from app.errors import N_
from app.people.ties import Tie
from app.rules.actors import Duty, Scope, region_scopes
from competitions.labels import DIVISIONS
from competitions.planning.queries import RUNNERS
from competitions.registration.tables import Contestant, Judge
from competitions.rules.entries import EntryStatus
from competitions.rules.lifecycle import Division

CONTESTANT, JUDGE = N_("选手"), N_("裁判")
REGISTER = N_("裁判名册")
_OF_CONTESTANT = (
    Contestant.person.as_alias("person_id"),
    Contestant.entry.as_alias("entry_id"),
    Contestant.entry._.status.as_alias("status"),
    Contestant.entry._.event.as_alias("event_id"),
    Contestant.entry._.event._.name.as_alias("event"),
    Contestant.entry._.event._.division.as_alias("division"),
    Contestant.competition.as_alias("competition_id"),
    Contestant.competition._.name.as_alias("competition"),
    Contestant.competition._.host_region.as_alias("host_region"),
    Contestant.competition._.starts_on.as_alias("starts_on"),
)
_OF_JUDGE = (
    Judge.person.as_alias("person_id"),
    Judge.competition.as_alias("competition_id"),
    Judge.competition._.name.as_alias("competition"),
    Judge.competition._.host_region.as_alias("host_region"),
    Judge.competition._.starts_on.as_alias("starts_on"),
)


async def ties_of(person_ids: Sequence[int]) -> list[Tie]:
    """Return the entries and the judgeships of persons, whoever may see them."""
    ids = list(person_ids)
    entered = await Contestant.select(*_OF_CONTESTANT).where(Contestant.person.is_in(ids))
    judging = await Judge.select(*_OF_JUDGE).where(Judge.person.is_in(ids))
    return [_entered(row) for row in entered] + [_judging(row) for row in judging]


def _entered(row: dict[str, Any]) -> Tie:
    return Tie(
        person_id=row["person_id"],
        kind=CONTESTANT,
        title=f"{row['event']}（{DIVISIONS[Division(row['division'])]}）",
        place=row["competition"],
        state=EntryStatus(row["status"]),
        on=row["starts_on"],
        href=f"/desk/entries/{row['entry_id']}",
        opens=RUNNERS,
        scopes=(Scope("event", str(row["event_id"])), *_scopes(row)),
    )


def _judging(row: dict[str, Any]) -> Tie:
    return Tie(
        person_id=row["person_id"],
        kind=JUDGE,
        title=REGISTER,
        place=row["competition"],
        state=None,
        on=row["starts_on"],
        href=f"/desk/competitions/{row['competition_id']}/judges",
        opens=(Duty.ORGANIZER,),
        scopes=_scopes(row),
    )


def _scopes(row: dict[str, Any]) -> tuple[Scope, ...]:
    return (Scope("competition", str(row["competition_id"])), *region_scopes(row["host_region"]))
