"""Small, valid, boring sheets: one ledger, judges, forms, and the entries that tablets send."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec

from app.accounts import actions as accounts
from app.accounts import grants
from app.rules.actors import SYSTEM, Actor, Duty, Grant, Scope
from app.rules.mark_sheet import AspectKind, SchemeName, SheetAspect, SheetForm
from app.sheets import actions, devices, ledger, sync
from app.sheets.actions import LedgerSpec, SheetSpec
from app.sheets.board import cells_of, form_of
from app.sheets.devices import SignOn, TabletFacts
from app.sheets.links import Link
from app.sheets.rows import SheetRow, row_by_key, rows_of
from app.sheets.sync import PROTO, EntryResult, SyncAnswer
from app.sheets.tables import MarkLedger
from app.storage.engine import write_transaction

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
LEDGER = "competitions.event:12"
SCOPE = Scope("event", "12")
SCHEME = "ab" * 32


def an_aspect(name: str, kind: AspectKind = AspectKind.POINTS, **facts: Any) -> SheetAspect:
    """An aspect worth ten points."""
    highest = None if kind is AspectKind.GATE else "10"
    return SheetAspect(id=name, kind=kind, title=f"评分点{name}", max=highest, **facts)


def a_form(*aspects: SheetAspect, title: str = "模块B") -> SheetForm:
    """A form with two aspects unless others are given."""
    return SheetForm(
        title=title,
        scheme=SchemeName("砌筑评分标准", 1, SCHEME),
        aspects=aspects or (an_aspect("B1"), an_aspect("B2")),
    )


async def a_judge(name: str, *duties: Duty) -> Actor:
    """An account with duties over the ledger's event; a marking judge unless others are given."""
    wanted = duties or (Duty.MARKING_JUDGE,)
    held = tuple(Grant(duty, SCOPE, AT) for duty in wanted)
    async with write_transaction():
        account_id = await accounts.create_account_within(
            sign_in_name=f"judge-{uuid4().hex[:10]}", name=name, by=SYSTEM, at=AT
        )
        for grant in held:
            await grants.grant_within(account_id, grant, by=SYSTEM, at=AT)
    return Actor(account_id, name, held)


async def open_sheets(
    judges: Mapping[str, Actor | None],
    *,
    codes: Sequence[str] = ("017",),
    form: SheetForm | None = None,
    name: str = LEDGER,
    lead_ids: tuple[int, ...] = (),
) -> list[SheetRow]:
    """Open a ledger with a sheet for each code and seat."""
    chosen = form or a_form()
    specs = [
        SheetSpec(
            subject_code=code,
            seat=seat,
            form=chosen,
            station=code.lstrip("0"),
            account_id=judge.account_id if judge else None,
        )
        for code in codes
        for seat, judge in judges.items()
    ]
    spec = LedgerSpec(name=name, title="砌筑（职工组）", scopes=(SCOPE,), lead_ids=lead_ids)
    async with write_transaction():
        await actions.open_sheets_within(ledger=spec, specs=specs, by=SYSTEM, at=AT)
    row = await MarkLedger.select(MarkLedger.id).where(MarkLedger.name == name).first()
    assert row is not None
    return await rows_of(row["id"])


async def shown(key: str, aspect: str) -> list[str]:
    """The records of a cell that the page of its sheet shows now; none where it has no such."""
    row = await row_by_key(key)
    cells = await cells_of(row, await form_of(row))
    return [record for cell in cells if cell.aspect == aspect for record in cell.seen]


async def a_tablet(judge: Actor) -> "FakeTablet":
    """A tablet paired with a judge; it keeps its own counter as the real one does."""
    key = str(uuid4())
    token, _ = await devices.sign_on(
        SignOn(device=key, browser="test", build="test"), by=judge, at=AT
    )
    facts = await devices.tablet_of(token)
    assert facts is not None
    assert judge.account_id is not None
    return FakeTablet(facts, token, devices.make_pass(judge.account_id, judge.name))


@dataclass
class FakeTablet:
    """Makes entries and sends them, in the words of the protocol."""

    facts: TabletFacts
    token: str
    pass_: str
    seq: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)
    house: str = ""
    links: dict[int, Link] = field(default_factory=dict)

    def mark(self, sheet: SheetRow, aspect: str, value: str | None = "8", /, **facts: Any) -> str:
        """Put a mark among the waiting entries and return its id."""
        self.seq += 1
        entry = {
            "id": ledger.new_record_id(AT),
            "act": "mark",
            "seq": self.seq,
            "sheet": sheet.key,
            "cell": f"{aspect}:{sheet.seat}",
            "mark": "marked" if value is not None else "not_attempted",
            "value": value,
            "parents": [],
            "actor": self.pass_,
            "at": int(AT.timestamp() * 1000),
            "reason": "",
            "scheme": SCHEME,
        } | facts
        self.waiting.append(entry)
        return str(entry["id"])

    def submit(self, sheet: SheetRow) -> str:
        """Put a submission among the waiting entries."""
        return self.mark(sheet, "", None, act="submit", cell="", mark="")

    def body(self, known: Mapping[str, int] | None = None) -> bytes:
        """Return what the tablet would post."""
        batch = {
            "proto": PROTO,
            "batch": str(uuid4()),
            "device": self.facts.key,
            "seq": self.seq,
            "pending": len(self.waiting),
            "sent_at": int(AT.timestamp() * 1000),
            "known": dict(known or {}),
            "house": self.house,
            "links": msgspec.to_builtins(self.links, str_keys=True),
            "entries": self.waiting,
        }
        return json.dumps(batch).encode()

    async def send(
        self, known: Mapping[str, int] | None = None, *, at: datetime = AT
    ) -> SyncAnswer:
        """Send what waits and forget it, as after an answer."""
        answer = await self.send_again(known, at=at)
        self.waiting = []
        return answer

    async def send_again(
        self, known: Mapping[str, int] | None = None, *, at: datetime = AT
    ) -> SyncAnswer:
        """Send what waits and keep it, as when the answer was lost."""
        batch = sync.decode_batch(self.body(known))
        answer = await sync.receive(batch, tablet=self.facts, at=at)
        self.house = answer.house
        self.links = answer.links if answer.behind else self.links | answer.links
        return answer


def outcomes(results: Sequence[EntryResult]) -> list[tuple[str, str]]:
    """Return status and code of each result."""
    return [(result.status, result.code) for result in results]
