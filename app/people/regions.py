"""Load the table of regions and the list of the key counties that the house ships."""

import csv
from datetime import date, datetime
from pathlib import Path

from app.audit import actions as audit
from app.audit.acts import Act
from app.people.tables import Region, RegionListing
from app.rules.actors import Actor

DATA = Path(__file__).parent / "data"
KEY_COUNTIES = "key_county"
KEY_COUNTIES_SINCE = date(2021, 8, 27)
CHUNK = 500


async def load_within(*, by: Actor, at: datetime) -> int:
    """Fill the tables where they are empty; return how many regions were added."""
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
        for row in _rows("regions.csv")
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
    await audit.record(
        act=Act.REGIONS_IMPORTED, subject="people.regions", by=by, at=at, after={"regions": len(regions)}
    )
    return len(regions)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
