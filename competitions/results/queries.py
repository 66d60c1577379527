"""Read results: by code while sealed, with names once the code book is open."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from anyio import to_thread

from app.errors import NotFound
from app.rules.mark_sheet import E4, MarkState, decimal_text
from app.rules.notice import last_day
from app.sheets import queries as sheets
from app.sheets.queries import MarkFact
from competitions.draw import queries as draw
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.registration import queries as registration
from competitions.results.tables import ResultVersion, TieDecision
from competitions.rules import standings
from competitions.rules.awards import award_word
from competitions.rules.duties import CodeStatus
from competitions.rules.lifecycle import EventStatus
from competitions.rules.scheme import SchemeFacts, modules_document
from competitions.scoring import queries as scoring

OPEN = frozenset({EventStatus.UNSEALED, EventStatus.PUBLISHED})


class ResultLine(msgspec.Struct, frozen=True):
    """One computation of an event's standings; `bundle_file` is the bundle as it is given away."""

    id: int
    number: int
    bundle: dict[str, Any]
    bundle_file: bytes
    bundle_sha256: str
    standings: dict[str, Any]
    ledger_root: str
    rule_set_sha256: str
    is_agreed: bool
    computed_by: str
    computed_at: datetime
    published_at: datetime | None
    notice_ends_at: datetime | None
    notice_missing_years: str | None = None

    @property
    def notice_until(self) -> date | None:
        """Return the last day of the notice."""
        return None if self.notice_ends_at is None else last_day(self.notice_ends_at)


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
    party: str = ""
    employer: str = ""
    person_ids: tuple[int, ...] = ()
    contestants: tuple[str, ...] = ()

    @property
    def award_word(self) -> str:
        """Return the award as people read it; empty for none."""
        return award_word(self.award)

    @property
    def absence(self) -> CodeStatus | None:
        """Return why the entry did not compete, None where it did."""
        return None if self.status == "competed" else CodeStatus(self.status)


class DecisionLine(msgspec.Struct, frozen=True):
    """What was decided of equal codes."""

    id: int
    codes: list[str]
    reason: str
    decided_by: str
    decided_by_id: int | None
    decided_at: datetime
    needs_second: bool | None
    second_by: str | None
    second_at: datetime | None

    @property
    def counts(self) -> bool:
        """Tell whether places go by it: decided with names known, a second has to confirm it."""
        return not self.needs_second or self.second_at is not None


async def latest(event_id: int) -> ResultLine | None:
    """Return the newest computation of an event, None before the first."""
    return await newest(ResultVersion.event == event_id)


async def newest(condition: Any) -> ResultLine | None:
    """Return the newest computation of which this holds."""
    row = (
        await ResultVersion.select()
        .where(condition)
        .order_by(ResultVersion.number, ascending=False)
        .first()
    )
    return None if row is None else _result(row)


async def version(event_id: int, number: int) -> ResultLine:
    """Return one computation of an event; raise `NotFound`."""
    row = (
        await ResultVersion.select()
        .where(ResultVersion.event == event_id, ResultVersion.number == number)
        .first()
    )
    if row is None:
        raise NotFound
    return _result(row)


def _result(row: Mapping[str, Any]) -> ResultLine:
    file = row["bundle"].encode()
    read = {
        "bundle": json.loads(file),
        "bundle_file": file,
        "bundle_sha256": hashlib.sha256(file).hexdigest(),
        "standings": json.loads(row["standings"]),
    }
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
                party=entry.party,
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


async def undecided(event_id: int, result: ResultLine) -> list[list[str]]:
    """Return each group of codes that are equal, where ties are forbidden and nobody decided.

    Decisions only take groups away, so an event is counted again only where some were open.
    """
    if not any(item["undecided"] for item in result.standings["standings"]):
        return []
    decided = await decisions(event_id)
    return await to_thread.run_sync(standings.undecided, result.bundle, decided)


async def decisions(event_id: int) -> list[list[str]]:
    """Return what counts of the decisions about equal codes; a later one stands instead."""
    return [item.codes for item in await tie_decisions(event_id) if item.counts]


async def tie_decisions(event_id: int) -> list[DecisionLine]:
    """Return what the chief judge decided of equal codes, for the page and the result book."""
    rows = await TieDecision.select().where(TieDecision.event == event_id).order_by(TieDecision.id)
    return [
        msgspec.convert({**row, "codes": json.loads(row["codes"])}, DecisionLine) for row in rows
    ]


def waiting_decisions(every: Sequence[DecisionLine]) -> list[DecisionLine]:
    """Return the decisions that wait for a second, of the same codes the latest alone."""
    latest = {frozenset(item.codes): item for item in every}
    return [item for item in latest.values() if not item.counts]


async def bundle(line: EventLine) -> dict[str, Any]:
    """Return the marks-bundle/1 of an event, from its ledger and records as they are now."""
    scheme = await planning.scheme(line.id)
    facts = scheme.facts if scheme else SchemeFacts()
    return bundle_under(await records(line), line.rule_set, facts)


def bundle_under(
    found: Mapping[str, Any], rule_set: Mapping[str, Any], scheme: SchemeFacts
) -> dict[str, Any]:
    """Return the bundle of an event's records under a rule set and a scheme.

    Marks of an aspect that a scheme no longer has stay in the ledger and are not counted.
    """
    known = {aspect.id for aspect in scheme.aspects()}
    return {
        **found,
        "rule_set": rule_set,
        "modules": modules_document(scheme),
        "marks": [mark for mark in found["marks"] if mark["aspect"] in known],
    }


async def records(line: EventLine) -> dict[str, Any]:
    """Return everything of a bundle that does not depend on the rule set or the scheme."""
    codes = await draw.sealed_codes(line.id)
    away = {item.code: item.status.value for item in await scoring.standings_of_codes(line.id)}
    return {
        "format": "marks-bundle/1",
        "event": {"id": str(line.id), "name": line.name},
        "rule_set": {},
        "modules": [],
        "entries": [
            {"code": item.code, "status": away.get(item.code, "competed")} for item in codes
        ],
        "marks": marks_document(await sheets.marks_of(line.ledger)),
        "deductions": [
            {
                "code": item.code,
                "module": item.module,
                "points": decimal_text(item.points_e4),
                "reason": item.reason,
            }
            for item in await scoring.deductions(line.id)
        ],
        "times": [
            {"code": item.code, "module": item.module, "seconds": item.seconds}
            for item in await scoring.times(line.id)
        ],
    }


def marks_document(facts: Sequence[MarkFact]) -> list[dict[str, Any]]:
    """Return the marks of a bundle.

    Where every judge of a cell says that it was not attempted, that is the aspect's only record.
    """
    cells: dict[tuple[str, str], list[MarkFact]] = defaultdict(list)
    for fact in facts:
        cells[fact.aspect, fact.code].append(fact)
    kept = [
        fact
        for cell in cells.values()
        for fact in (cell[:1] if all(map(_is_not_attempted, cell)) else cell)
    ]
    return [
        {"aspect": fact.aspect, "code": fact.code, "judge": fact.seat}
        | (
            {"state": fact.state.value}
            if fact.value is None
            else {"value": decimal_text(int(fact.value * E4))}
        )
        for fact in kept
    ]


def _is_not_attempted(fact: MarkFact) -> bool:
    return fact.state is MarkState.NOT_ATTEMPTED
