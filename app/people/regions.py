"""Load the table of regions and the list of the key counties that the house ships."""

import csv
from datetime import date
from pathlib import Path

from app.people.tables import Region, RegionListing
from app.rules.actors import Scope

DATA = Path(__file__).parent / "data"
KEY_COUNTIES = "key_county"
KEY_COUNTIES_SINCE = date(2021, 8, 27)
CHUNK = 500


async def load_within() -> int:
    """Fill the tables where they are empty; return how many were added (the caller records)."""
    if await Region.exists():
        return 0
    regions = [
        Region(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            parent=row["parent"] or None,
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            source=row["source"],
        )
        for row in region_rows()
    ]
    for start in range(0, len(regions), CHUNK):
        await Region.insert(*regions[start : start + CHUNK])
    await RegionListing.insert(
        *(
            RegionListing(
                list_name=KEY_COUNTIES,
                code=row["code"],
                valid_from=KEY_COUNTIES_SINCE,
                valid_to=None,
                provenance=row["membership"],
            )
            for row in _rows("key_counties_160.csv")
        )
    )
    return len(regions)


def region_rows() -> list[dict[str, str]]:
    """Return the shipped table: code, name, level, parent, valid_from, valid_to, source."""
    return _rows("regions.csv")


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def scopes_of(code: str | None) -> tuple[Scope, ...]:
    """Return the scopes of a region and of those above it; none for no region."""
    if not code:
        return ()
    places = dict.fromkeys((code, code[:4] + "00", code[:2] + "0000"))
    return tuple(Scope("region", place) for place in places)
