"""A code that was written down as absent, withdrawn or disqualified competes after all."""

from datetime import datetime

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import NOBODY, Actor, require
from app.rules.mark_sheet import SheetStatus
from app.sheets import actions as sheets
from app.sheets import forms as sheet_forms
from app.sheets import queries as sheet_queries
from app.sheets import refitting as sheet_refitting
from app.sheets.refitting import RefitDecision
from app.sheets.reopening import reopen_sheets_within
from app.sheets.rows import SheetRow, rows_of
from app.storage.engine import write_transaction
from competitions.draw import queries as draw
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject, turn_event_within
from competitions.planning.queries import EventLine, SchemeLine
from competitions.rules.duties import RECORDING
from competitions.rules.lifecycle import EventStatus, require_stage
from competitions.scoring import actions, mark_forms, queries, refitting
from competitions.scoring.incidents import COUNTED, ReasonNeeded
from competitions.scoring.tables import CodeStanding


@refusal
class NotRecorded(RuleBroken):
    """Only what was recorded is taken back."""

    says = N_("加密号 {code} 没有登记过缺考、弃权或取消资格。")
    field = "code"
    code: str


async def take_back_standing(
    event_id: int, code: str, *, reason: str, by: Actor, at: datetime
) -> None:
    """Let a code compete after all, before the lock; its sheets are open again with their marks.

    A disqualification that came after the lock left the sheets as they were, and so does this.
    What was recorded stays in the journal. Raise `NotRecorded`, `LedgerLocked`, or `TooFewForCode`
    where the code has no sheets yet and not enough judges may mark it.
    """
    line = await planning.event(event_id)
    require(by, RECORDING, *line.scopes)
    require_stage(line.status, EventStatus.DRAWN, *COUNTED)
    if not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        await turn_event_within(line)
        taken = (
            await CodeStanding.delete()
            .where(CodeStanding.event == event_id, CodeStanding.code == code)
            .returning(CodeStanding.status, CodeStanding.reason)
        )
        if not taken:
            raise NotRecorded(code)
        if line.status in COUNTED:
            await _reopen_within(line, code, reason=reason, by=by, at=at)
        await audit.record(
            act=Act.CODE_STANDING_TAKEN_BACK,
            subject=event_subject(event_id),
            by=by,
            at=at,
            reason=reason,
            before={"code": code, **taken[0]},
        )


async def _reopen_within(
    line: EventLine, code: str, *, reason: str, by: Actor, at: datetime
) -> None:
    """Open a code's sheets again on the forms of today, and those that it never got."""
    scheme = await planning.scheme(line.id)
    if scheme is None:
        raise actions.NoScheme
    row = await sheet_queries.ledger_row(line.ledger)
    if row and row["locked_at"] is not None and await _sheets(line, code):
        return
    await reopen_sheets_within(ledger=line.ledger, codes={code}, reason=reason, by=by, at=at)
    await _refit_within(line, scheme, code, reason=reason, by=by, at=at)
    await _open_missing_within(line, scheme, code, by=by, at=at)


async def _refit_within(
    line: EventLine, scheme: SchemeLine, code: str, *, reason: str, by: Actor, at: datetime
) -> None:
    """Bring sheets to a scheme that was replaced while they did not count."""
    digests = {row.id: row.form_digest for row in await _sheets(line, code)}
    refits = [
        item
        for item in (await refitting.planned(line, scheme)).refits
        if item.sheet_id in digests
        and (item.form is None or sheet_forms.digest_of(item.form) != digests[item.sheet_id])
    ]
    if refits:
        decision = RefitDecision(reason=reason, first=by, second=NOBODY, scheme=scheme.sha256)
        await sheet_refitting.refit_within(line.ledger, refits, decision, at=at)


async def _open_missing_within(
    line: EventLine, scheme: SchemeLine, code: str, *, by: Actor, at: datetime
) -> None:
    """Open the sheets of seats that have none: the code was away when marking began."""
    seats = {row.seat for row in await _sheets(line, code)}
    forms = mark_forms.of_event(line, scheme)
    places = (await actions.places_of(line, scheme, code=code))[code]
    places = places[:1] if forms.shared is None else places
    missing = [place for place in places if place.seat not in seats]
    if not missing:
        return
    accounts_of = {item.judge_id: item.account_id for item in await queries.seats(line.id)}
    stations = {item.code: item.station for item in await draw.sealed_codes(line.id)}
    specs = [
        spec
        for spec in actions.sheet_specs(code, stations[code], places, forms, accounts_of)
        if spec.seat not in seats
    ]
    ledger = actions.ledger_of(line)
    await sheets.open_sheets_within(ledger=ledger, specs=specs, by=by, at=at)
    await actions.record_stand_ins_within(line.id, {code: missing}, at=at)


async def _sheets(line: EventLine, code: str) -> list[SheetRow]:
    row = await sheet_queries.ledger_row(line.ledger)
    rows = await rows_of(row["id"]) if row else []
    return [
        item for item in rows if item.subject_code == code and item.status is not SheetStatus.VOID
    ]
