"""Ledgers, forms, sheets, the records of the ledger, and the tablets that send them.

A subject appears by its code only. Records are appended and never changed; `MarkHead` and
`HeldMark` follow from the records and are checked against them by `python -m app check`.
"""

from piccolo.columns import Serial
from piccolo.table import Table

from app.accounts.tables import Account
from app.storage.columns import Blob, Instant, Text, Unique, Whole, belongs_to


class MarkLedger(Table, tablename="mark_ledger"):
    """The ledger of one event or sitting; `seq` and `root` are the last link of its chain."""

    id: Serial
    name = Text(unique=True)  # "competitions.event:12"
    title = Text()
    subject_word = Text()  # what a code is called: 工位号, 准考证号
    scopes = Text()  # JSON list of "event:12": where duties over this ledger are held
    lead_ids = Text()  # JSON list of account ids that may sign besides the chief judge
    seq = Whole()  # the last record's number
    root = Text()  # its hash, hex SHA-256
    opened_at = Instant()
    locked_at = Instant(optional=True)
    locked_by = Text(optional=True)
    settings = Text(optional=True)  # JSON of app.sheets.settings.LedgerSettings; none as by default


class SheetDefinition(Table, tablename="sheet_definition"):
    """A form as JSON, once for all sheets that use it."""

    id: Serial
    digest = Text(unique=True)  # hex SHA-256 of `definition`
    title = Text()
    scheme_sha256 = Text()
    aspect_count = Whole()
    definition = Text()  # JSON of app.rules.mark_sheet.SheetForm


class MarkSheet(Table, tablename="mark_sheet"):
    """One judge's seat, one code, one form."""

    id: Serial
    key = Text(unique=True)  # what tablets call it
    ledger = belongs_to(MarkLedger, index=True)
    form = belongs_to(SheetDefinition)
    subject_code = Text()
    station = Text()  # empty where the subject has none
    seat = Text()  # "J1"
    account = belongs_to(Account, optional=True, index=True)
    status = Text()  # app.rules.mark_sheet.SheetStatus
    version = Whole()  # one more with each change that a tablet must hear of
    noted = Whole(optional=True)  # the version that brought its last note
    returned_reason = Text()  # why the lead gave it back; empty where not
    submitted_at = Instant(optional=True)
    signed_at = Instant(optional=True)
    signed_by = Text(optional=True)
    signed_root = Text(optional=True)  # the ledger's root when it was signed

    mark_sheet_place_unique = Unique([ledger, form, subject_code, seat])


class LedgerRecord(Table, tablename="ledger_record"):
    """One link of a ledger: a mark, or an act on a sheet. Appended, never changed."""

    id: Serial
    ledger = belongs_to(MarkLedger, index=False)
    seq = Whole()  # 1, 2, 3 … without gaps within the ledger
    hash = Text()  # hex SHA-256 over the hash before it and this record's facts
    kind = Text()  # app.rules.mark_ledger.RecordKind
    outcome = Text()  # app.rules.mark_ledger.Outcome on arrival
    why = Text()  # why it was held; empty where applied
    record_id = Text(unique=True)  # UUIDv7, made by the client
    sheet = belongs_to(MarkSheet, optional=True, index=False)  # none for acts on the whole ledger
    aspect = Text()  # empty for acts on a sheet
    state = Text()  # app.rules.mark_sheet.MarkState; empty for acts
    value_e4 = Whole(optional=True)  # 1/10,000
    parents = Text()  # JSON list of the record ids that it replaces
    account_id = Whole(optional=True)
    account_name = Text()
    second_id = Whole(optional=True)  # who confirmed an amendment
    second_name = Text()
    device = Text()  # the tablet's key, "desk" for the desk
    device_seq = Whole()  # the tablet's own counter
    device_at = Instant()  # by the tablet's clock
    server_at = Instant()
    reason = Text()
    scheme = Text()  # hex SHA-256 of the scheme that the judge saw
    digest = Text()  # hex SHA-256 of what the client sent

    ledger_record_seq_unique = Unique([ledger, seq])
    # The marks of a cell are found by it, however many a sheet has.
    ledger_record_cell_unique = Unique([sheet, aspect, record_id])


class MarkHead(Table, tablename="mark_head"):
    """A mark that no other replaces: the present value of a cell, or one side of a conflict."""

    id: Serial
    sheet = belongs_to(MarkSheet, index=False)
    aspect = Text()
    record_id = Text(unique=True)
    state = Text()
    value_e4 = Whole(optional=True)
    by_name = Text()
    device = Text()
    version = Whole()  # the sheet's version that brought it

    mark_head_cell_unique = Unique([sheet, aspect, record_id])


class HeldMark(Table, tablename="held_mark"):
    """A mark that came too late or from the wrong hand and waits for the lead's decision."""

    id: Serial
    sheet = belongs_to(MarkSheet, index=True)
    aspect = Text()
    record_id = Text(unique=True)
    settled_by = Text(optional=True)  # the record id that decided it


class RejectedEntry(Table, tablename="rejected_entry"):
    """What a tablet sent and no ledger could take; kept as it came."""

    id: Serial
    digest = Text(unique=True)  # hex SHA-256 of `sent`
    device = Text(index=True)
    device_seq = Whole(optional=True)
    code = Text()
    sheet = belongs_to(MarkSheet, optional=True, index=True)  # none where it names none of ours
    sent = Text()  # JSON, as it came
    server_at = Instant()


class Tablet(Table, tablename="tablet"):
    """A tablet that may send: known by its token's SHA-256, watched by its heartbeats."""

    id: Serial
    key = Text(unique=True)  # UUIDv7, made by the tablet
    token_digest = Text(unique=True)  # hex SHA-256
    label = Text()  # what people call it
    browser = Text()
    build = Text()
    account = belongs_to(Account, optional=True)  # who signed on last
    paired_at = Instant()
    seen_at = Instant()
    pending = Whole()  # entries it says it still holds
    last_seq = Whole()  # its counter
    clock_error_ms = Whole()  # its clock minus ours
    revoked_at = Instant(optional=True)
    battery = Whole(optional=True)  # percent; none where the browser does not tell
    fitness = Text(optional=True)  # JSON of app.sheets.fitness.Report: the last fitness test
    fitness_at = Instant(optional=True)
    returned_at = Instant(optional=True)  # when the desk took it back at the end of the day


class TabletPairing(Table, tablename="tablet_pairing"):
    """A code on the organizer's screen that makes tablets known."""

    id: Serial
    digest = Text(unique=True)  # hex SHA-256 of the code
    prefix = Text()  # what the tablets are called, before their number
    most = Whole()  # how many tablets may take it
    taken = Whole()  # how many have
    made_by = Text()
    made_at = Instant()
    expires_at = Instant()


class JudgeBadge(Table, tablename="judge_badge"):
    """The number on a judge's badge, with which a shared tablet is opened; never kept itself."""

    id: Serial
    account = belongs_to(Account, index=True)
    digest = Text(unique=True)  # hex HMAC-SHA-256 of the number
    made_by = Text()
    made_at = Instant()
    ended_at = Instant(optional=True)


class SheetFile(Table, tablename="sheet_file"):
    """A photo beside a note, or a signature; the records name it by its SHA-256."""

    id: Serial
    digest = Text(unique=True)  # hex SHA-256 of `content`
    media_type = Text()
    content = Blob()
    sheet = belongs_to(MarkSheet, index=True)
    device = Text()  # the tablet's key, "desk" for the desk
    server_at = Instant()


class Amendment(Table, tablename="amendment"):
    """A correction after the lock: proposed with a reason, confirmed by a second person."""

    id: Serial
    sheet = belongs_to(MarkSheet, index=True)
    aspect = Text()
    state = Text()
    value_e4 = Whole(optional=True)
    reason = Text()
    seen = Text(optional=True)  # JSON list of the record ids it replaces; none for older ones
    proposed_by_id = Whole(optional=True)
    proposed_by = Text()
    proposed_at = Instant()
    decided_by_id = Whole(optional=True)
    decided_by = Text(optional=True)
    decided_at = Instant(optional=True)
    outcome = Text()  # "open", "confirmed", "refused"
    decision_reason = Text()
    record_id = Text(optional=True)  # the record that it became


class AmendedPublication(Table, tablename="amended_publication"):
    """更正公布: published results are published anew, by two persons and for a reason."""

    id: Serial
    ledger = Text(index=True)  # its name; the results were counted from it
    number = Whole()  # of the room's count that is to be published
    reason = Text()
    proposed_by_id = Whole(optional=True)
    proposed_by = Text()
    proposed_at = Instant()
    confirmed_by_id = Whole(optional=True)
    confirmed_by = Text(optional=True)
    confirmed_at = Instant(optional=True)


TABLES: list[type[Table]] = [
    MarkLedger,
    SheetDefinition,
    MarkSheet,
    LedgerRecord,
    MarkHead,
    HeldMark,
    RejectedEntry,
    Tablet,
    TabletPairing,
    JudgeBadge,
    SheetFile,
    Amendment,
    AmendedPublication,
]
"""In an order in which they can be created."""
