"""Open the mark sheets of an event, and let a stand-in take a seat while marking."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.accounts import grants
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotFound, RuleBroken, refusal
from app.rules.actors import Actor, Duty, Grant, Scope, require
from app.sheets import actions as sheets
from app.sheets import forms as sheet_forms
from app.sheets import queries as sheet_queries
from app.sheets.actions import LedgerSpec, SheetSpec
from app.storage.engine import write_transaction
from competitions.draw import actions as draw_actions
from competitions.draw import queries as draw
from competitions.planning import queries as planning
from competitions.planning import rule_sets, schemes
from competitions.planning.actions import event_subject, hold_event_within, stage_event_within
from competitions.planning.queries import EventLine, SchemeLine
from competitions.registration import queries as registration
from competitions.registration.queries import EntryLine
from competitions.rules import bench
from competitions.rules.bench import Place, Seated
from competitions.rules.duties import STARTING, SeatKind
from competitions.rules.lifecycle import EventStatus, Level, require_stage
from competitions.rules.recusal import EntryTies
from competitions.rules.rule_sets import field_panel
from competitions.rules.scheme import SchemeFacts
from competitions.scoring import mark_forms, queries
from competitions.scoring.incidents import ReasonNeeded, record_absent_within
from competitions.scoring.mark_forms import EventForms
from competitions.scoring.queries import SeatLine
from competitions.scoring.tables import StandIn


@refusal
class TooFewJudges(RuleBroken):
    """The rule set needs more."""

    says = N_("按评分规则至少要 {fewest} 名评分裁判，现有 {found} 名。")
    found: int
    fewest: int


@refusal
class TooFewForCode(RuleBroken):
    """Recusal leaves an entry with too few judges."""

    says = N_("有一个加密号因回避只剩 {found} 名裁判，至少要 {fewest} 名。请增派裁判或替补裁判。")
    found: int
    fewest: int


@refusal
class NoScheme(RuleBroken):
    """There is nothing to mark by."""

    says = N_("还没有评分标准，不能开始评分。")


@refusal
class NothingToTakeOver(RuleBroken):
    """The seat has no open sheet that this judge may mark."""

    says = N_("席位 {seat} 没有这名裁判可以接手的评分表：都已提交，或都须回避。")
    field = "judge_id"
    seat: str


async def start_marking(event_id: int, *, by: Actor, at: datetime) -> int:
    """Lock scheme and rule set, and open a sheet for each seat and code; return how many.

    A judge gets no sheet of an entry they are bound to; a reserve takes the place.
    """
    line = await planning.event(event_id)
    require(by, STARTING, *line.scopes)
    async with write_transaction():
        line = await hold_event_within(event_id)  # Who checks in or seats judges waits, or is seen.
        require_stage(line.status, EventStatus.DRAWN)
        scheme = await _scheme(line)
        await draw_actions.refuse_undrawn(line)
        places = await places_of(line, scheme)
        await schemes.lock_scheme_within(event_id, at)
        await rule_sets.lock_within(line, at)
        absent = await draw.absent_codes_within(event_id)
        await record_absent_within(event_id, absent, by=by, at=at)
        await record_stand_ins_within(event_id, places, at=at)
        await stage_event_within(
            line, EventStatus.MARKING, come_from=(EventStatus.DRAWN,), by=by, at=at
        )
        specs = await _specs_of(line, scheme, places)
        return await sheets.open_sheets_within(ledger=ledger_of(line), specs=specs, by=by, at=at)


async def _specs_of(
    line: EventLine, scheme: SchemeLine, places: Mapping[str, list[Place]]
) -> list[SheetSpec]:
    forms = mark_forms.of_event(line, scheme)
    stations = {item.code: item.station for item in await draw.sealed_codes(line.id)}
    accounts_of = {item.judge_id: item.account_id for item in await queries.seats(line.id)}
    return [
        spec
        for code, found in places.items()
        for spec in sheet_specs(code, stations[code], found, forms, accounts_of)
    ]


async def _scheme(line: EventLine) -> SchemeLine:
    scheme = await planning.scheme(line.id)
    if scheme is None:
        raise NoScheme
    rule_sets.refuse_misfit(line.rule_set, scheme.facts)
    return scheme


async def places_of(
    line: EventLine, scheme: SchemeLine, *, code: str | None = None
) -> dict[str, list[Place]]:
    """Return who marks each code that competes, or one code whatever was recorded of it."""
    judges = await queries.seated(line.id, SeatKind.MARKING)
    fewest = fewest_judges(line, scheme.facts)
    if len(judges) < fewest:
        raise TooFewJudges(len(judges), fewest)
    reserves = await queries.seated(line.id, SeatKind.RESERVE)
    # From the start of marking on, whoever did not come stands among the recorded.
    is_drawn = line.status is EventStatus.DRAWN
    away = await draw.absent_codes_within(line.id) if is_drawn else set()
    away |= {item.code for item in await queries.standings_of_codes(line.id)}
    found: dict[str, list[Place]] = {}
    for one, (entry_id, ties) in sorted((await _ties_by_code(line)).items()):
        if one == code or (code is None and one not in away):
            places = bench.bench(judges, reserves, entry_id, ties)
            if len(places) < fewest:
                raise TooFewForCode(len(places), fewest)
            found[one] = places
    return found


async def _ties_by_code(line: EventLine) -> dict[str, tuple[int, EntryTies]]:
    """Return the entry of each code with what binds it."""
    level = (await planning.competition(line.competition_id)).level
    entries = {item.id: item for item in await registration.entries_of_event(line.id)}
    by_code = await draw.entries_by_code_within(line.id)
    return {
        code: (entry_id, _ties(entries[entry_id], has_counties=level is not Level.COUNTY))
        for code, entry_id in by_code.items()
    }


def _ties(entry: EntryLine, *, has_counties: bool) -> EntryTies:
    return EntryTies(
        delegation=entry.delegation_id,
        employers=[item.employer for item in entry.contestants],
        coach=entry.coach,
        people=[item.person_id for item in entry.contestants],
        counties=[item.county_code for item in entry.contestants] if has_counties else (),
    )


def fewest_judges(line: EventLine, scheme: SchemeFacts) -> int:
    """Return how many marking judges the rule set and the scheme need."""
    return bench.fewest_judges(
        {aspect.kind for aspect in scheme.aspects()},
        panel=field_panel(line.rule_set),
        judgement=int(line.rule_set["judgement"].get("min_judges", 3)),
    )


def ledger_of(line: EventLine) -> LedgerSpec:
    """Return the ledger of an event as its sheets are opened in it."""
    return LedgerSpec(
        name=line.ledger,
        title=line.full_name,
        scopes=line.scopes,
        subject_word="加密号",
        max_spread=int(line.rule_set["judgement"]["max_spread"]),
    )


def sheet_specs(
    code: str, station: str, places: list[Place], forms: EventForms, accounts_of: dict[int, int]
) -> list[SheetSpec]:
    """Return the sheets of a code: its first seat marks every aspect, the others what all mark."""
    given = [forms.every, *([forms.shared] * (len(places) - 1))]
    return [
        SheetSpec(
            subject_code=code,
            seat=place.seat,
            form=form,
            station=station,
            account_id=accounts_of[place.judge.key],
        )
        for place, form in zip(places, given, strict=True)
        if form is not None
    ]


async def record_stand_ins_within(
    event_id: int, places: Mapping[str, Sequence[Place]], *, reason: str = "", at: datetime
) -> None:
    """Write down who marks a code in whose place."""
    rows = [
        StandIn(
            event=event_id,
            code=code,
            seat=place.seat,
            judge=place.judge.key,
            instead_of=place.instead_of.key,
            reason=reason or "、".join(place.reasons),
            recorded_at=at,
        )
        for code, found in places.items()
        for place in found
        if place.instead_of is not None
    ]
    if rows:
        await StandIn.insert(*rows)


async def stand_in(
    event_id: int, seat: str, judge_id: int, *, reason: str, by: Actor, at: datetime
) -> int:
    """Give the open sheets of a seat to a reserve, but those they must stand aside for.

    Return how many; what is left waits for another stand-in. Raise `NothingToTakeOver`.
    """
    line = await planning.event(event_id)
    require(by, STARTING, *line.scopes)
    require_stage(line.status, EventStatus.MARKING)
    if not reason.strip():
        raise ReasonNeeded
    old, new = await _taken_and_taker(event_id, seat, judge_id)
    reserves = await queries.seated(event_id, SeatKind.RESERVE)
    me = next(item for item in reserves if item.key == judge_id)
    specs = await _open_to(line, seat, me, new.account_id)
    if not specs:
        raise NothingToTakeOver(seat)
    async with write_transaction():
        await sheets.open_sheets_within(ledger=ledger_of(line), specs=specs, by=by, at=at)
        places = {spec.subject_code: [Place(seat, me, _seated(old))] for spec in specs}
        await record_stand_ins_within(event_id, places, reason=reason.strip(), at=at)
        duty = Grant(Duty.MARKING_JUDGE, Scope("event", str(event_id)), at)
        await grants.grant_within(new.account_id, duty, by=by, at=at)
        await audit.record(
            act=Act.STAND_IN_SEATED,
            subject=event_subject(event_id),
            by=by,
            at=at,
            reason=reason,
            before={"judge": old.name},
            after={"judge": new.name, "seat": seat, "sheets": len(specs)},
        )
    return len(specs)


async def _taken_and_taker(event_id: int, seat: str, judge_id: int) -> tuple[SeatLine, SeatLine]:
    """Return whose seat is taken and which reserve takes it."""
    by_judge = {item.judge_id: item for item in await queries.seats(event_id)}
    old = next((item for item in by_judge.values() if item.seat == seat), None)
    new = by_judge.get(judge_id)
    if old is None or new is None or new.kind is not SeatKind.RESERVE:
        raise NotFound
    return old, new


def _seated(line: SeatLine) -> Seated:
    return Seated(line.judge_id, line.seat, line.ties)


async def _open_to(line: EventLine, seat: str, judge: Seated, account_id: int) -> list[SheetSpec]:
    """Return the seat's open sheets of codes that this judge may mark, and has no sheet of."""
    opened = await sheet_queries.sheets_of(line.ledger)
    forms = await sheet_forms.by_digest({item.form_digest for item in opened})
    own = {item.code for item in opened if item.account_id == account_id}
    ties = await _ties_by_code(line)
    return [
        SheetSpec(
            subject_code=item.code,
            seat=seat,
            form=forms[item.form_digest],
            station=item.station,
            account_id=account_id,
        )
        for item in opened
        if item.seat == seat
        and item.status == "open"
        and item.code not in own
        and not bench.found(judge, *ties[item.code])
    ]
