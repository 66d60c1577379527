"""Bring the sheets of an event to another scheme or rule set: who marks what from then on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor
from app.rules.mark_sheet import SheetForm, SheetStatus, code_order
from app.sheets import actions as sheets
from app.sheets import judgements, refitting
from app.sheets import queries as sheet_queries
from app.sheets.actions import SheetSpec
from app.sheets.refitting import MarksFinal, Refit, RefitDecision
from app.sheets.rows import SheetRow
from competitions.draw import queries as draw
from competitions.planning.queries import EventLine, SchemeLine
from competitions.rules.bench import Place
from competitions.scoring import actions, mark_forms, queries
from competitions.scoring.mark_forms import EventForms

MOST_NAMED: Final = 8


class NewSheet(Struct, frozen=True):
    """A sheet that a seat gets because from now on all judges mark something."""

    code: str
    place: Place


class Refitting(Struct, frozen=True):
    """Everything that a change asks of the sheets of an event."""

    refits: Sequence[Refit]
    opened: Sequence[NewSheet]
    forms: EventForms

    @property
    def asked(self) -> list[Refit]:
        """Return the sheets whose judges have to mark something, or mark it again."""
        return [item for item in self.refits if item.is_asked]


@refusal
class TooFewSeats(RuleBroken):
    """The changed rules need more judges than have marked."""

    says = N_(
        "更改后每名选手至少要 {fewest} 名裁判评分，加密号 {code} 只有 {found} 名。"
        "请减少去掉的最高分、最低分，或降低要求的人数。"
    )
    fewest: int
    code: str
    found: int


async def planned(line: EventLine, scheme: SchemeLine) -> Refitting:
    """Return what a scheme under a rule set asks of an event's sheets as they are now.

    `line` and `scheme` are those that shall count. Raise `TooFewSeats`, `TooFewJudges`,
    `MarksFinal`, `HeldMarksWait`.
    """
    forms = mark_forms.of_event(line, scheme)
    seats = _seats(await sheet_queries.sheets_of(line.ledger))
    opened = await _opened(line, scheme, seats) if forms.shared else []
    if forms.shared and not opened:
        _refuse_too_few(seats, actions.fewest_judges(line, scheme.facts))

    def form_of(row: SheetRow) -> SheetForm | None:
        is_first = row.seat == seats[row.subject_code][0]
        return forms.every if is_first else forms.shared

    refits = await refitting.refits_of(line.ledger, form_of)
    await refitting.refuse_final(line.ledger, refits)
    if opened and await _is_locked(line):
        names = "、".join(f"{item.code} {item.place.seat}" for item in opened[:MOST_NAMED])
        raise MarksFinal(len(opened), names + ("……" if len(opened) > MOST_NAMED else ""))
    return Refitting(refits, opened, forms)


def _seats(lines: Sequence[sheet_queries.SheetLine]) -> dict[str, list[str]]:
    """Return the seats that mark each code, the one that marks every aspect first."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in lines:
        if item.status is not SheetStatus.VOID:
            found[item.code].append(item.seat)
    return {code: sorted(seats, key=code_order) for code, seats in found.items()}


async def _opened(
    line: EventLine, scheme: SchemeLine, seats: Mapping[str, Sequence[str]]
) -> list[NewSheet]:
    """Return the sheets that are missing where only one seat marked so far."""
    if any(len(found) > 1 for found in seats.values()):
        return []
    places = await actions.places_of(line, scheme)
    return [
        NewSheet(code, place)
        for code, found in places.items()
        if code in seats
        for place in found
        if place.seat not in seats[code]
    ]


def _refuse_too_few(seats: Mapping[str, Sequence[str]], fewest: int) -> None:
    for code, found in sorted(seats.items()):
        if len(found) < fewest:
            raise TooFewSeats(fewest, code, len(found))


async def _is_locked(line: EventLine) -> bool:
    row = await sheet_queries.ledger_row(line.ledger)
    return row is not None and row["locked_at"] is not None


async def refit_within(
    line: EventLine, plan: Refitting, decision: RefitDecision, *, by: Actor, at: datetime
) -> None:
    """Bring the sheets to what was planned, inside the caller's transaction."""
    await refitting.refit_within(line.ledger, plan.refits, decision, at=at)
    if plan.opened and plan.forms.shared is not None:
        await _open_within(line, plan.opened, plan.forms.shared, by=by, at=at)
    await judgements.allow_within(line.ledger, actions.ledger_of(line).max_spread, at=at)


async def _open_within(
    line: EventLine, opened: Sequence[NewSheet], form: SheetForm, *, by: Actor, at: datetime
) -> None:
    accounts = {item.judge_id: item.account_id for item in await queries.seats(line.id)}
    stations = {item.code: item.station for item in await draw.sealed_codes(line.id)}
    specs = [
        SheetSpec(
            subject_code=item.code,
            seat=item.place.seat,
            form=form,
            station=stations[item.code],
            account_id=accounts[item.place.judge.key],
        )
        for item in opened
    ]
    await sheets.open_sheets_within(ledger=actions.ledger_of(line), specs=specs, by=by, at=at)
    places: dict[str, list[Place]] = defaultdict(list)
    for item in opened:
        places[item.code].append(item.place)
    await actions.record_stand_ins_within(line.id, places, at=at)
