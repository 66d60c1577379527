"""Read results: by code while sealed, with names once the code book is open."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.sheets import queries as sheets
from competitions.draw import queries as draw
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.registration import queries as registration
from competitions.results.tables import ResultVersion
from competitions.rules.lifecycle import EventStatus
from competitions.rules.scheme import SchemeAspect, SchemeFacts
from competitions.scoring import queries as scoring

E4 = 10_000
OPEN = frozenset({EventStatus.UNSEALED, EventStatus.PUBLISHED})


class ResultLine(msgspec.Struct, frozen=True):
    """One computation of an event's standings."""

    id: int
    number: int
    bundle: dict[str, Any]
    standings: dict[str, Any]
    ledger_root: str
    rule_set_sha256: str
    is_agreed: bool
    computed_by: str
    computed_at: datetime
    published_at: datetime | None
    notice_ends_at: datetime | None


class PlaceLine(msgspec.Struct, frozen=True):
    """An entry in its place; name and delegation are empty while the code book is sealed."""

    code: str
    rank: int | None
    is_undecided: bool
    total: str | None
    scale: int | None
    modules: dict[str, str]
    award: str | None
    status: str
    names: str = ""
    delegation: str = ""
    employer: str = ""
    person_ids: tuple[int, ...] = ()
    contestants: tuple[str, ...] = ()


async def latest(event_id: int) -> ResultLine | None:
    """Return the newest computation of an event, None before the first."""
    row = (
        await ResultVersion.select()
        .where(ResultVersion.event == event_id)
        .order_by(ResultVersion.number, ascending=False)
        .first()
    )
    if row is None:
        return None
    read = {"bundle": json.loads(row["bundle"]), "standings": json.loads(row["standings"])}
    return msgspec.convert({**row, **read}, ResultLine)


async def places(line: EventLine, result: ResultLine) -> list[PlaceLine]:
    """Return the standings for a page; with names only once the code book was opened."""
    found = [_place(item) for item in result.standings["standings"]]
    if line.status not in OPEN:
        return found
    entries = {item.id: item for item in await registration.entries_of_event(line.id)}
    by_code = await draw.opened_codes(line.id)
    named = []
    for item in found:
        entry = entries[by_code[item.code]]
        named.append(
            msgspec.structs.replace(
                item,
                names=entry.names,
                delegation=entry.delegation,
                employer="、".join(
                    dict.fromkeys(one.employer for one in entry.contestants if one.employer)
                ),
                person_ids=tuple(one.person_id for one in entry.contestants),
                contestants=tuple(one.name for one in entry.contestants),
            )
        )
    return named


def _place(item: Mapping[str, Any]) -> PlaceLine:
    return PlaceLine(
        code=item["code"],
        rank=item["rank"],
        is_undecided=item["undecided"],
        total=item["total"],
        scale=item["scale"],
        modules=item["modules"] or {},
        award=item["award"],
        status=item["status"],
    )


async def bundle(line: EventLine) -> dict[str, Any]:
    """Return the marks-bundle/1 of an event, from its ledger and records as they are now."""
    scheme = await planning.scheme(line.id)
    facts = scheme.facts if scheme else SchemeFacts()
    codes = await draw.sealed_codes(line.id)
    away = {item.code: item.status for item in await scoring.standings_of_codes(line.id)}
    return {
        "format": "marks-bundle/1",
        "event": {"id": str(line.id), "name": line.name},
        "rule_set": line.rule_set,
        "modules": [
            {
                "id": module.id,
                "name": module.name,
                **({"weight": module.weight} if module.weight else {}),
                "aspects": [_aspect(aspect) for aspect in module.aspects],
            }
            for module in facts.modules
        ],
        "entries": [
            {"code": item.code, "status": away.get(item.code, "competed")} for item in codes
        ],
        "marks": await _marks(line),
        "deductions": [
            {
                "code": item.code,
                "module": item.module,
                "points": decimal(item.points_e4),
                "reason": item.reason,
            }
            for item in await scoring.deductions(line.id)
        ],
        "times": [
            {"code": item.code, "module": item.module, "seconds": item.seconds}
            for item in await scoring.times(line.id)
        ],
    }


async def _marks(line: EventLine) -> list[dict[str, Any]]:
    found = []
    for fact in await sheets.marks_of(line.ledger):
        said: dict[str, Any] = {"aspect": fact.aspect, "code": fact.code, "judge": fact.seat}
        if fact.value is not None:
            said["value"] = decimal(int(fact.value * E4))
        else:
            said["state"] = fact.state.value
        found.append(said)
    return found


def _aspect(aspect: SchemeAspect) -> dict[str, Any]:
    found: dict[str, Any] = {"id": aspect.id, "kind": aspect.kind}
    if aspect.kind == "gate":
        return found | {"zeroes": list(aspect.zeroes)}
    found["max"] = aspect.max
    if aspect.factor:
        found["factor"] = aspect.factor
    if aspect.calculation:
        found["calculation"] = aspect.calculation
    return found


def decimal(value_e4: int) -> str:
    """Write 1/10,000 as a short decimal string."""
    sign, whole, rest = "-" if value_e4 < 0 else "", abs(value_e4) // E4, abs(value_e4) % E4
    return f"{sign}{whole}" + (f".{rest:04d}".rstrip("0") if rest else "")
