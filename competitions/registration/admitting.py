"""Write entries that were admitted: entries, teams and contestants, in a few statements."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

import msgspec

from app.people.actions import PersonFacts
from app.rules.actors import Actor
from app.storage.rows import insert_values
from competitions.planning.queries import CompetitionLine
from competitions.registration import standing
from competitions.registration.delegations import DelegationFacts, add_delegations_within
from competitions.registration.standing import StandingLine
from competitions.registration.tables import Contestant, Entry
from competitions.rules.entries import EntryStatus

OWN = (
    "employer",
    "position",
    "skill_level",
    "skill_certificate",
    "household",
    "clothes_size",
    "diet",
    "county_code",
)
"""What a contestant brings to one competition, apart from who they are."""
ENTRY = (
    "event",
    "delegation",
    "team",
    "coach",
    "status",
    "note",
    "registered_at",
    "registered_by",
    "version",
)
OWN_OF = attrgetter(*OWN)


class EntryFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One contestant as registered: a delegation by name, an event, a person."""

    delegation: str
    event_id: int
    person: PersonFacts
    employer: str = ""
    county_code: str | None = None
    coach: str = ""
    delegation_region: str | None = None
    team: str = ""
    position: str = ""
    skill_level: str = ""
    skill_certificate: str = ""
    household: str = ""
    clothes_size: str = ""
    diet: str = ""


def differing(old: StandingLine, facts: EntryFacts, delegation_id: int | None) -> dict[str, Any]:
    """Return what a table says otherwise of a contestant who stands already."""
    wanted: dict[str, Any] = {name: getattr(facts, name) for name in (*OWN, "coach", "team")}
    wanted["delegation_id"] = delegation_id
    return {name: value for name, value in wanted.items() if getattr(old, name) != value}


async def insert_within(
    line: CompetitionLine,
    facts: Sequence[EntryFacts],
    person_ids: Sequence[int],
    *,
    by: Actor,
    at: datetime,
) -> list[int]:
    """Write new contestants and the entries they need; return the entry of each.

    Those of one team share an entry; a team that stands already takes them in.
    """
    wanted = {
        item.delegation: DelegationFacts(name=item.delegation, region_code=item.delegation_region)
        for item in facts
    }
    delegations = await add_delegations_within(line.id, list(wanted.values()), by=by, at=at)
    there = await standing.teams(line.id) if any(item.team for item in facts) else {}
    keys: list[Any] = [
        (item.event_id, delegations[item.delegation], item.team) if item.team else place
        for place, item in enumerate(facts)
    ]
    known = {key: found[0] for key, found in there.items() if key in set(keys)}
    new = {key: item for key, item in zip(keys, facts, strict=True) if key not in known}
    as_all = (EntryStatus.REGISTERED.value, "", at, by.name, 1)
    rows = (
        (item.event_id, delegations[item.delegation], item.team, item.coach, *as_all)
        for item in new.values()
    )
    made = await insert_values(Entry, ENTRY, rows)
    known |= dict(zip(new, made, strict=True))
    entry_ids = [known[key] for key in keys]
    await _insert_contestants(line.id, facts, person_ids, entry_ids)
    return entry_ids


async def _insert_contestants(
    competition_id: int,
    facts: Sequence[EntryFacts],
    person_ids: Sequence[int],
    entry_ids: Sequence[int],
) -> None:
    rows = (
        (entry_id, competition_id, person_id, item.person.name, 0, *OWN_OF(item))
        for item, person_id, entry_id in zip(facts, person_ids, entry_ids, strict=True)
    )
    await insert_values(
        Contestant, ("entry", "competition", "person", "name", "retired_entry", *OWN), rows
    )
