"""Read persons, organizations and regions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from app.errors import NotFound
from app.people.kinds import OrganizationKind
from app.people.regions import region_rows
from app.people.tables import Organization, Person, Region, RegionListing
from app.rules.identity import IdKind
from app.storage.rows import rows_where_in
from app.storage.words import has


class RegionLine(msgspec.Struct, frozen=True):
    """A region in force, with the name of the one above."""

    code: str
    name: str
    level: str
    parent: str | None


class OrganizationLine(msgspec.Struct, frozen=True):
    """An organization of the register."""

    id: int
    name: str
    kind: OrganizationKind
    credit_code: str | None
    region_code: str | None
    contact: str | None
    created_at: datetime
    version: int


class OrganizationFilter(msgspec.Struct, frozen=True):
    """Which organizations; empty fields filter nothing. `q` is in a name, or a credit code."""

    q: str = ""
    kind: str = ""
    region: str = ""
    page: int = 1


_table: list[dict[str, str]] = []


async def read_region_names() -> None:
    """Take names and codes from the database, which an import may have brought up to date."""
    rows = await Region.select().order_by(Region.code).order_by(Region.id)
    _table[:] = [
        {
            "code": row["code"],
            "name": row["name"],
            "level": row["level"],
            "parent": row["parent"] or "",
            "valid_from": str(row["valid_from"] or ""),
            "valid_to": str(row["valid_to"] or ""),
        }
        for row in rows
    ]
    _names.cache_clear()
    _codes.cache_clear()


def _rows() -> list[dict[str, str]]:
    """Return the regions of the database; the shipped ones where it was not read."""
    return _table or region_rows()


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Map codes to names and the codes above; of several rows of a code, the present one counts."""
    ordered = sorted(_rows(), key=lambda row: (not row["valid_to"], row["valid_from"]))
    return {row["code"]: (row["name"], row["parent"]) for row in ordered}


def region_name(code: str | None, *, is_long: bool = False) -> str:
    """Return a region's name, `is_long` with the names above it; the code where it is unknown."""
    names = list(_names_upwards(code or ""))
    return "".join(reversed(names)) if is_long else "".join(names[:1])


def _names_upwards(code: str) -> Iterator[str]:
    seen = set()
    while code and code not in seen:
        seen.add(code)
        name, code = _names().get(code, (code, ""))
        yield name


@cache
def _codes() -> dict[str, str | None]:
    """Map names, short and long, to codes; a short name that several share maps to None."""
    found: dict[str, str | None] = {}
    for row in _rows():
        if row["valid_to"]:
            continue
        code = row["code"]
        for name in {row["name"], region_name(code, is_long=True)}:
            found[name] = code if found.get(name, code) == code else None
    return found


def region_code_of(text: str) -> str | None:
    """Return the code of a region given by code or by name; None where unknown or ambiguous."""
    plain = "".join(text.split())
    return plain if plain in _names() else _codes().get(plain)


async def counties() -> list[tuple[str, str]]:
    """Return the codes and long names of all counties, for a field with suggestions."""
    return _suggested(row for row in _rows() if row["level"] == "county")


async def every_region() -> list[tuple[str, str]]:
    """Return the codes and long names of all regions, for a field with suggestions."""
    return _suggested(_rows())


def _suggested(rows: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    codes = dict.fromkeys(row["code"] for row in rows)
    return [(code, region_name(code, is_long=True)) for code in codes]


async def provinces() -> list[RegionLine]:
    """Return the provinces in force, by code."""
    return await regions_below(None)


async def regions_below(parent: str | None) -> list[RegionLine]:
    """Return the regions right below another, provinces for None."""
    query = Region.select().where(Region.valid_to.is_null()).order_by(Region.code)
    query = query.where(Region.parent.is_null() if parent is None else Region.parent == parent)
    return msgspec.convert(await query, list[RegionLine])


async def key_county_codes() -> dict[str, str]:
    """Return the key counties with the provenance of their membership."""
    rows = await RegionListing.select(RegionListing.code, RegionListing.provenance).where(
        RegionListing.list_name == "key_county"
    )
    return {row["code"]: row["provenance"] for row in rows}


async def known_persons(digests: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Return the id and name of the registered persons among these digests."""
    rows = await rows_where_in(Person, ("id", "id_digest", "name"), "id_digest", digests)
    return {row["id_digest"]: (row["id"], row["name"]) for row in rows}


async def person_name(person_id: int) -> str:
    """Return what the register calls somebody; raise `NotFound`."""
    row = await Person.select(Person.name).where(Person.id == person_id).first()
    if row is None:
        raise NotFound
    return str(row["name"])


async def sealed_numbers(person_ids: Sequence[int]) -> dict[int, bytes]:
    """Return the sealed resident numbers of those persons who have one, by person."""
    rows = await rows_where_in(Person, ("id", "id_kind", "id_sealed"), "id", list(person_ids))
    return {row["id"]: bytes(row["id_sealed"]) for row in rows if row["id_kind"] == IdKind.RESIDENT}


async def person_count() -> int:
    """Return how many persons are registered."""
    return int(await Person.count())


async def organization_names() -> list[str]:
    """Return the names of all organizations, for a field with suggestions."""
    rows = await Organization.select(Organization.name).order_by(Organization.name)
    return [row["name"] for row in rows]


_ORGANIZATION = tuple(
    column
    for column in Organization._meta.columns
    if column._meta.name in OrganizationLine.__struct_fields__
)


async def organizations(
    chosen: OrganizationFilter, page_size: int
) -> tuple[list[OrganizationLine], int]:
    """Return one page of the organizations by name, and the count of all that match.

    `chosen.region` is a code: the region itself and all below it.
    """
    query = Organization.select(*_ORGANIZATION).order_by(Organization.name)
    count = Organization.count()
    for condition in _organization_conditions(chosen):
        query, count = query.where(condition), count.where(condition)
    rows = await query.limit(page_size).offset((max(chosen.page, 1) - 1) * page_size)
    return msgspec.convert(rows, list[OrganizationLine]), int(await count)


def _organization_conditions(chosen: OrganizationFilter) -> list[Any]:
    conditions: list[Any] = []
    if chosen.q:
        typed = chosen.q.strip()
        conditions.append(
            has(Organization.name, typed) | (Organization.credit_code == typed.upper())
        )
    if chosen.kind:
        conditions.append(Organization.kind == chosen.kind)
    if chosen.region:
        conditions.append(Organization.region_code.like(within(chosen.region)))
    return conditions


def within(code: str) -> str:
    """Return the pattern of the codes of a region and of all below it: 522600 gives 5226%."""
    significant = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    return f"{significant}%"


async def organization(organization_id: int) -> OrganizationLine:
    """Return one organization; raise `NotFound`."""
    row = (
        await Organization.select(*_ORGANIZATION).where(Organization.id == organization_id).first()
    )
    if row is None:
        raise NotFound
    return msgspec.convert(row, OrganizationLine)


async def organization_count() -> int:
    """Return how many organizations are registered."""
    return int(await Organization.count())
