"""Read the versioned table of regions: every row, also those that are no longer in force."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from app.people.kinds import RegionLevel
from app.people.queries import (
    key_county_codes,
    read_region_names,
    region_code_of,
    region_name,
    within,
)
from app.people.tables import Region
from app.storage.rows import insert_rows
from app.storage.words import has

IN_FORCE, ENDED = "in_force", "ended"
Key = tuple[str, date | None]
"""Code and first day."""


class RegionRow(msgspec.Struct, frozen=True):
    """A region for a period; no first day means before our data, no last day in force.

    `membership` says how surely it is a key county, None where it is none.
    """

    code: str
    name: str
    level: RegionLevel
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    source: str
    membership: str | None = None


class RegionFacts(msgspec.Struct, frozen=True):
    """A row of the table as a workbook says it; known again by code and first day."""

    code: str
    name: str
    level: RegionLevel
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    source: str

    @property
    def key(self) -> Key:
        return self.code, self.valid_from


class RegionFilter(msgspec.Struct, frozen=True):
    """Which regions; empty fields filter nothing. `q` is a name, or the start of a code."""

    q: str = ""
    level: str = ""
    parent: str = ""
    state: str = ""
    is_key: str = ""
    page: int = 1


async def regions(chosen: RegionFilter, page_size: int) -> tuple[list[RegionRow], int]:
    """Return one page of the regions by code, and the count of all that match."""
    keys = await key_county_codes()
    query = Region.select().order_by(Region.code).order_by(Region.id)
    count = Region.count()
    for condition in _conditions(chosen, keys):
        query, count = query.where(condition), count.where(condition)
    rows = await query.limit(page_size).offset((max(chosen.page, 1) - 1) * page_size)
    lines = [{**row, "membership": keys.get(row["code"])} for row in rows]
    return msgspec.convert(lines, list[RegionRow]), int(await count)


async def counts() -> dict[str, int]:
    """Return how many rows each level has, and `key` for the key counties."""
    rows = await Region.raw("SELECT level, COUNT(*) AS found FROM region GROUP BY level")
    found = {str(row["level"]): int(row["found"]) for row in rows}
    return found | {"key": len(await key_county_codes())}


async def is_any_ended() -> bool:
    """Tell whether the table holds a region that is no longer in force."""
    return bool(await Region.exists().where(Region.valid_to.is_not_null()))


def above(code: str) -> list[tuple[str, str]]:
    """Return the codes and names from the province down to a region itself."""
    places = dict.fromkeys((code[:2] + "0000", code[:4] + "00", code)) if code else ()
    return [(place, name) for place in places if (name := region_name(place)) != place]


def _conditions(chosen: RegionFilter, keys: Iterable[str]) -> list[Any]:
    conditions: list[Any] = []
    typed = "".join(chosen.q.split())
    if typed.isdecimal():
        conditions.append(Region.code.like(f"{typed}%"))
    elif typed:
        exact = region_code_of(typed) or ""
        conditions.append(has(Region.name, typed) | (Region.code == exact))
    if chosen.level:
        conditions.append(Region.level == chosen.level)
    if chosen.parent:
        conditions.append(Region.code.like(within(chosen.parent)))
        conditions.append(Region.code != chosen.parent)
    if chosen.state == IN_FORCE:
        conditions.append(Region.valid_to.is_null())
    if chosen.state == ENDED:
        conditions.append(Region.valid_to.is_not_null())
    if chosen.is_key:
        conditions.append(Region.code.is_in(list(keys) or [""]))
    return conditions


async def by_key() -> dict[Key, RegionFacts]:
    """Return every row by code and first day."""
    rows = await Region.select().order_by(Region.code).order_by(Region.id)
    facts = msgspec.convert(rows, list[RegionFacts])
    return {item.key: item for item in facts}


async def write_within(facts: Sequence[RegionFacts]) -> tuple[int, int]:
    """Add and change rows, and take the names from them; return how many of each.

    A code that was abolished keeps its row: old documents still carry it.
    """
    known = await by_key()
    new = [item for item in facts if item.key not in known]
    changed = [item for item in facts if item.key in known and known[item.key] != item]
    await insert_rows(Region, [msgspec.to_builtins(item, builtin_types=(date,)) for item in new])
    for item in changed:
        first_day = Region.valid_from.is_null()
        if item.valid_from is not None:
            first_day = Region.valid_from == item.valid_from
        await Region.update(
            {
                Region.name: item.name,
                Region.level: item.level.value,
                Region.parent: item.parent,
                Region.valid_to: item.valid_to,
                Region.source: item.source,
            }
        ).where(Region.code == item.code, first_day)
    await read_region_names()
    return len(new), len(changed)
