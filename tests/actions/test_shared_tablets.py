"""Tablets that judges share: paired by a code, opened by a badge, sealed, watched, taken back."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from app.accounts import grants
from app.accounts import queries as accounts
from app.accounts.closing import close_account
from app.audit.acts import Act
from app.audit.queries import acts_under
from app.errors import NotAllowed, NotFound, RuleBroken
from app.rules.actors import SYSTEM, Actor, Duty, Grant, Scope
from app.rules.mark_sheet import SheetStatus
from app.sheets import (
    backups,
    badges,
    devices,
    files,
    fitness,
    pairing,
    standing,
    sync,
    vaults,
    watching,
)
from app.sheets.backups import NotABackup
from app.sheets.badges import BadgeUnknown
from app.sheets.checking import verify_ledgers
from app.sheets.devices import Pass, TabletFacts
from app.sheets.files import FileUnfit
from app.sheets.fitness import Findings
from app.sheets.pairing import Paired, Pairing, PairingSpent
from app.sheets.rows import SheetRow
from app.sheets.standing import PassEnded
from app.sheets.tables import (
    JudgeBadge,
    LedgerRecord,
    MarkLedger,
    MarkSheet,
    RejectedEntry,
    SheetFile,
    Tablet,
)
from app.sheets.watching import LabelTaken, NotAllCame, StillUnsent
from app.storage.engine import write_transaction
from tests.builders.sheets import AT, FakeTablet, a_judge, a_tablet, open_sheets, outcomes

pytestmark = pytest.mark.anyio
OF_NOBODY = (
    rb'{"proto":"score-sync/1","batch":"b","device":"\u0000","seq":0,"pending":0,"sent_at":0}'
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


async def an_organizer() -> Actor:
    return await a_judge("陈组织", Duty.ORGANIZER)


async def paired(prefix: str = "A厅-") -> tuple[Paired, TabletFacts]:
    code = await pairing.offer(prefix, 5, by=await an_organizer(), at=AT)
    said = Pairing(device=str(uuid4()), code=code, browser="test", build="test")
    done = await pairing.pair(said, at=AT)
    tablet = await devices.tablet_of(done.token)
    assert tablet is not None
    return done, tablet


def sealed(entry: dict[str, object], device: str, account: int, key: bytes | None = None) -> dict:
    """Return an entry as a tablet keeps it: what it says sealed, where it stands in the open."""
    inner = {name: value for name, value in entry.items() if name != "seq"}
    text = vaults.sealed(
        json.dumps(inner).encode(), key or vaults.key_of(device, account), uuid4().bytes[:12]
    )
    clear = {name: entry[name] for name in ("id", "act", "seq", "sheet")}
    return {**clear, "vault": account, "sealed": text}


async def a_shared_tablet(judge: Actor, sheet: SheetRow, *values: str) -> FakeTablet:
    """A tablet that a badge has opened, with sealed marks waiting on it."""
    done, facts = await paired()
    tablet = FakeTablet(facts, done.token, devices.make_pass(judge.account_id or 0, judge.name))
    for value in values:
        tablet.mark(sheet, "B1", value)
    tablet.waiting = [sealed(entry, facts.key, judge.account_id or 0) for entry in tablet.waiting]
    return tablet


async def opened_by_badge(judge: Actor, organizer: Actor) -> tuple[FakeTablet, Pass]:
    """A tablet on which a judge has shown a new badge, and the pass it was given."""
    done, facts = await paired()
    [badge] = await badges.issue([judge.account_id or 0], by=organizer, at=AT)
    held = await badges.open_tablet(badge.number, tablet=facts, at=AT)
    found = await devices.tablet_of(done.token)
    assert found is not None
    words = devices.make_pass(held.account_id, held.name, held.badge_id)
    return FakeTablet(found, done.token, words), held


async def pairings_of(device: str) -> list[tuple[Any, Any]]:
    """What the journal holds of a tablet's being made known: before and after, in order."""
    acts = (await acts_under("sheets.tablet:"))[f"sheets.tablet:{device}"]
    return [(act.before, act.after) for act in acts if act.act is Act.TABLET_PAIRED]


def a_note(tablet: FakeTablet, sheet: SheetRow, text: str, digest: str) -> dict[str, Any]:
    """Return a note with a photo, as a tablet would send it."""
    tablet.mark(sheet, "B1", None, act="note", mark="", reason=text, files=[digest])
    return tablet.waiting.pop()


def a_file(picture: bytes, sheet: SheetRow, **facts: str) -> dict[str, Any]:
    """Return a file as a backup holds it."""
    text = base64.b64encode(picture).decode()
    digest = hashlib.sha256(picture).hexdigest()
    return {"digest": digest, "sheet": sheet.key, "content": text} | facts


def with_files(tablet: FakeTablet, *kept: dict[str, Any]) -> bytes:
    """Return a tablet's backup file."""
    return json.dumps(json.loads(tablet.body()) | {"files": kept}).encode()


class TestPairing:
    async def test_names_each_tablet_in_turn_until_the_code_is_used_up(self, database: str) -> None:
        organizer = await an_organizer()
        code = await pairing.offer("A厅-", 2, by=organizer, at=AT)

        labels = [
            (await pairing.pair(Pairing(device=str(uuid4()), code=code.lower()), at=AT)).label
            for _ in range(2)
        ]

        assert labels == ["A厅-01", "A厅-02"]
        with pytest.raises(PairingSpent):
            await pairing.pair(Pairing(device=str(uuid4()), code=code), at=AT)

    async def test_refuses_a_wrong_and_a_past_code(self, database: str) -> None:
        code = await pairing.offer("A", 2, by=await an_organizer(), at=AT)

        for wrong, at in (("ABCDEFGHJK", AT), (code, AT + pairing.LIFE + timedelta(seconds=1))):
            with pytest.raises(PairingSpent):
                await pairing.pair(Pairing(device=str(uuid4()), code=wrong), at=at)

    async def test_is_offered_by_those_who_keep_tablets(self, database: str) -> None:
        with pytest.raises(NotAllowed):
            await pairing.offer("A", 2, by=await a_judge("王建国"), at=AT)

    async def test_makes_one_that_was_struck_off_known_again(self, database: str) -> None:
        organizer = await an_organizer()
        code = await pairing.offer("A", 2, by=organizer, at=AT)
        said = Pairing(device=str(uuid4()), code=code)
        first = await pairing.pair(said, at=AT)
        [line] = await watching.tablets()
        await watching.revoke(line.id, reason="遗失", by=organizer, at=AT)
        assert await devices.tablet_of(first.token) is None
        assert await devices.is_revoked(first.token)

        again = await pairing.pair(said, at=AT)

        assert again.label == first.label
        assert await devices.tablet_of(again.token) is not None
        assert not await devices.is_revoked(first.token)
        assert await pairings_of(said.device) == [
            ({}, {"label": first.label}),
            ({"revoked": AT.isoformat()}, {"label": first.label}),
        ]

    async def test_is_noted_where_a_judge_signs_on_without_the_token(self, database: str) -> None:
        judge = await a_judge("王建国")
        tablet = await a_tablet(judge)
        said = devices.SignOn(device=tablet.facts.key)

        await devices.sign_on(msgspec.structs.replace(said, token=tablet.token), by=judge, at=AT)
        assert len(await pairings_of(tablet.facts.key)) == 1
        await devices.sign_on(said, by=judge, at=AT)

        assert [before for before, _ in await pairings_of(tablet.facts.key)] == [
            {},
            {"revoked": None},
        ]


class TestBadges:
    async def test_opens_a_tablet_for_its_judge(self, database: str) -> None:
        judge = await a_judge("王建国")
        await open_sheets({"J1": judge})
        _, tablet = await paired()
        [badge] = await badges.issue([judge.account_id or 0], by=await an_organizer(), at=AT)

        opened = await badges.open_tablet(badge.spaced, tablet=tablet, at=AT)

        assert (opened.account_id, opened.name) == (judge.account_id, "王建国")
        stored = await JudgeBadge.select(JudgeBadge.digest)
        assert badge.number not in str(stored)

    async def test_a_new_one_ends_the_old_one(self, database: str) -> None:
        judge, organizer = await a_judge("王建国"), await an_organizer()
        await open_sheets({"J1": judge})
        _, tablet = await paired()
        [old] = await badges.issue([judge.account_id or 0], by=organizer, at=AT)
        await badges.issue([judge.account_id or 0], by=organizer, at=AT)

        with pytest.raises(BadgeUnknown):
            await badges.open_tablet(old.number, tablet=tablet, at=AT)

    async def test_leave_nothing_to_read_for_who_finds_the_tablet(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_shared_tablet(judge, sheet, "8.25")
        held = devices.read_pass(tablet.pass_)
        assert held is not None

        async def told() -> bool:
            found = await devices.tablet_of(tablet.token)
            assert found is not None
            tablet.facts = found
            return sheet.key in (await tablet.send_again({sheet.key: 0})).sheets

        assert not await told()
        await badges.go_on(held, tablet=tablet.facts, at=AT)
        assert await told()
        await badges.leave_tablet(judge.account_id or 0, tablet=tablet.facts, at=AT)
        assert not await told()
        await badges.leave_tablet(judge.account_id or 0, tablet=tablet.facts, at=AT)
        assert await LedgerRecord.count() == 1

    async def test_go_on_for_open_accounts_only(self, database: str) -> None:
        judge = await a_judge("王建国")
        done, tablet = await paired()
        held = devices.read_pass(devices.make_pass(judge.account_id or 0, judge.name))
        assert held is not None
        seen = (await accounts.account(held.account_id)).version
        await close_account(held.account_id, is_closed=True, seen_version=seen, by=SYSTEM, at=AT)

        with pytest.raises(NotAllowed):
            await badges.go_on(held, tablet=tablet, at=AT)

        found = await devices.tablet_of(done.token)
        assert found is not None
        assert found.account_id is None

    async def test_let_go_of_a_judge_whose_account_was_closed_meanwhile(
        self, database: str
    ) -> None:
        judge = await a_judge("王建国")
        tablet = await a_tablet(judge)
        account_id = judge.account_id or 0
        visit = badges.make_visit(account_id, tablet.facts.id, AT + timedelta(hours=1))
        held = devices.read_pass(tablet.pass_)
        assert held is not None
        await badges.go_on(held, tablet=tablet.facts, at=AT)
        seen = (await accounts.account(account_id)).version
        await close_account(account_id, is_closed=True, seen_version=seen, by=SYSTEM, at=AT)

        with pytest.raises(NotAllowed):
            await badges.go_on(held, tablet=tablet.facts, at=AT)

        found = await devices.tablet_of(tablet.token)
        assert found is not None
        assert found.account_id is None
        assert await badges.visitor_of(visit, AT) is None

    async def test_that_were_replaced_open_nothing_and_their_marks_wait(
        self, database: str
    ) -> None:
        judge, organizer = await a_judge("王建国"), await an_organizer()
        [sheet] = await open_sheets({"J1": judge}, codes=("017",))
        tablet, held = await opened_by_badge(judge, organizer)
        tablet.mark(sheet, "B1", "8.25")
        assert outcomes((await tablet.send()).results) == [("ok", "")]

        await badges.issue([judge.account_id or 0], by=organizer, at=AT)
        tablet.mark(sheet, "B2", "9")
        answer = await tablet.send({sheet.key: 0})
        with pytest.raises(PassEnded):
            await badges.go_on(held, tablet=tablet.facts, at=AT)

        assert outcomes(answer.results) == [("held", "pass_ended")]
        rows = await LedgerRecord.select().order_by(LedgerRecord.id)
        assert [row["outcome"] for row in rows] == ["applied", "held"]
        found = await devices.tablet_of(tablet.token)
        assert found is not None
        assert found.account_id is None
        tablet.facts = found
        tablet.mark(sheet, "B2", "9.5")
        assert (await tablet.send({sheet.key: 0})).sheets == {}

    @pytest.mark.parametrize("ends", ["duty", "account"])
    async def test_of_one_who_marks_no_more_open_nothing_and_their_marks_wait(
        self, database: str, ends: str
    ) -> None:
        judge, organizer = await a_judge("王建国"), await an_organizer()
        account = judge.account_id or 0
        [sheet] = await open_sheets({"J1": judge})
        [badge] = await badges.issue([account], by=organizer, at=AT)
        tablet, held = await opened_by_badge(judge, organizer)
        if ends == "duty":
            async with write_transaction():
                await grants.end_duty_within(account, judge.grants[0], by=SYSTEM, at=AT)
        else:
            seen = (await accounts.account(account)).version
            await close_account(account, is_closed=True, seen_version=seen, by=SYSTEM, at=AT)
        standing.forget()
        tablet.mark(sheet, "B1", "8.25")
        submission = tablet.submit(sheet)

        answer = await tablet.send()

        assert outcomes(answer.results) == [("held", "pass_ended"), ("rejected", "pass_ended")]
        assert answer.results[1].id == submission
        with pytest.raises(PassEnded):
            await badges.go_on(held, tablet=tablet.facts, at=AT)
        with pytest.raises(BadgeUnknown):
            await badges.open_tablet(badge.number, tablet=tablet.facts, at=AT)

    async def test_are_not_made_by_those_who_mark(self, database: str) -> None:
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        await open_sheets({"J1": chief})
        with pytest.raises(NotAllowed):
            await badges.issue([chief.account_id or 0], by=chief, at=AT)

    async def test_are_not_made_for_judges_of_another_place(self, database: str) -> None:
        judge = await a_judge("王建国")
        await open_sheets({"J1": judge})
        elsewhere = Actor(9, "别处", (Grant(Duty.ORGANIZER, Scope("event", "77"), AT),))

        assert await badges.holders(elsewhere) == []
        with pytest.raises(NotAllowed):
            await badges.issue([judge.account_id or 0], by=elsewhere, at=AT)

    @pytest.mark.parametrize("status", [SheetStatus.LOCKED, SheetStatus.VOID])
    async def test_are_made_for_judges_whose_sheets_elsewhere_are_done(
        self, database: str, status: SheetStatus
    ) -> None:
        judge, organizer = await a_judge("王建国"), await an_organizer()
        await open_sheets({"J1": judge})
        [before] = await open_sheets({"J1": judge}, name="competitions.event:3")
        await MarkLedger.update({MarkLedger.scopes: '["event:3"]'}).where(
            MarkLedger.id == before.ledger
        )
        with pytest.raises(NotAllowed):
            await badges.issue([judge.account_id or 0], by=organizer, at=AT)

        await MarkSheet.update({MarkSheet.status: status.value}).where(MarkSheet.id == before.id)

        [line] = await badges.holders(organizer)
        assert (line.account_id, line.sheets) == (judge.account_id, 1)
        assert len(await badges.issue([line.account_id], by=organizer, at=AT)) == 1

    async def test_are_listed_for_judges_with_sheets(self, database: str) -> None:
        judge = await a_judge("王建国")
        await a_judge("没有评分表")
        await open_sheets({"J1": judge}, codes=("001", "002"))
        organizer = await an_organizer()
        await badges.issue([judge.account_id or 0], by=organizer, at=AT)

        [line] = await badges.holders(organizer)

        assert (line.name, line.sheets, line.made_at) == ("王建国", 2, AT)

    async def test_a_visit_ends_and_cannot_be_forged(self, database: str) -> None:
        judge = await a_judge("王建国")
        tablet = (await a_tablet(judge)).facts
        account_id = judge.account_id or 0
        visit = badges.make_visit(account_id, tablet.id, AT + timedelta(hours=1))

        assert await badges.visitor_of(visit, AT) == account_id
        assert await badges.visitor_of(visit, AT + timedelta(hours=2)) is None
        assert await badges.visitor_of(f"9{visit}", AT) is None
        assert await badges.visitor_of("", AT) is None

    async def test_the_next_judge_stays_when_the_last_ones_leaving_comes_late(
        self, database: str
    ) -> None:
        before, after = await a_judge("王建国"), await a_judge("李秀英")
        tablet = (await a_tablet(before)).facts
        visits = {
            judge: badges.make_visit(judge.account_id or 0, tablet.id, AT + timedelta(hours=1))
            for judge in (before, after)
        }
        held = devices.read_pass(devices.make_pass(after.account_id or 0, after.name))
        assert held is not None
        await badges.go_on(held, tablet=tablet, at=AT)
        tablet = msgspec.structs.replace(tablet, account_id=after.account_id)

        await badges.leave_tablet(before.account_id or 0, tablet=tablet, at=AT)

        assert await badges.visitor_of(visits[after], AT) == after.account_id
        assert await badges.visitor_of(visits[before], AT) is None
        await badges.leave_tablet(after.account_id or 0, tablet=tablet, at=AT)
        assert await badges.visitor_of(visits[after], AT) is None


class TestSealedEntries:
    async def test_are_opened_by_the_house_whoever_sends_them(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_shared_tablet(judge, sheet, "8.25")
        assert "8.25" not in tablet.body().decode()

        answer = await tablet.send_again()
        again = await tablet.send()

        assert outcomes(answer.results) == outcomes(again.results) == [("ok", "")]
        assert [row["value_e4"] for row in await LedgerRecord.select()] == [82_500]
        assert await verify_ledgers() == []

    async def test_that_were_changed_are_rejected_and_kept(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_shared_tablet(judge, sheet, "8", "9", "7")
        raw = bytearray(base64.b64decode(tablet.waiting[0]["sealed"]))
        raw[-3] ^= 1
        tablet.waiting[0]["sealed"] = base64.b64encode(raw).decode()
        tablet.waiting[1]["sealed"] = "no base64!"

        answer = await tablet.send()

        assert outcomes(answer.results) == [
            ("rejected", "unreadable"),
            ("rejected", "unreadable"),
            ("ok", ""),
        ]
        assert await RejectedEntry.count() == 2

    async def test_come_in_from_the_backup_file_of_a_lost_tablet(self, database: str) -> None:
        judge, organizer = await a_judge("王建国"), await an_organizer()
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_shared_tablet(judge, sheet, "8.25")
        await watching.revoke(tablet.facts.id, reason="遗失", by=organizer, at=AT)

        outcome = await backups.take_in(tablet.body(), by=organizer, at=AT)

        assert (outcome.taken, outcome.rejected) == (1, 0)


class TestBackupFiles:
    async def test_bring_photos_and_signatures_back_sealed_as_they_lay(self, database: str) -> None:
        judge, organizer = await a_judge("王建国"), await an_organizer()
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_shared_tablet(judge, sheet, "8.25")
        digest = hashlib.sha256(PNG).hexdigest()
        note = a_note(tablet, sheet, "缺损", digest)
        tablet.waiting.append(sealed(note, tablet.facts.key, judge.account_id or 0))
        await Tablet.update({Tablet.pending: 3}).where(Tablet.id == tablet.facts.id)
        key = vaults.key_of(tablet.facts.key, judge.account_id or 0)
        kept = a_file(PNG, sheet, content=vaults.sealed(PNG, key, bytes(12)))
        body = with_files(tablet, kept | {"vault": judge.account_id})

        outcome = await backups.take_in(body, by=organizer, at=AT)
        again = await backups.take_in(body, by=organizer, at=AT)

        assert (outcome.taken, outcome.files, outcome.files_refused) == (2, 1, 0)
        assert (again.taken, again.again, again.files) == (0, 2, 1)
        assert (await files.file_of(digest)).content == PNG
        await watching.take_back(tablet.facts.id, by=organizer, at=AT)

    async def test_of_strangers_leave_nothing_behind(self, database: str) -> None:
        judge, organizer = await a_judge("王建国"), await an_organizer()
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        huge = b"\xff\xd8\xff" + bytes(files.MOST_BYTES)
        page = b"<html>"
        for content in (PNG, huge, page):
            tablet.waiting.append(
                a_note(tablet, sheet, "看图", hashlib.sha256(content).hexdigest())
            )
        body = with_files(
            tablet,
            a_file(PNG + b"2", sheet),  # no record names it
            a_file(PNG, sheet) | {"sheet": "nowhere"},
            a_file(PNG, sheet, content="no base64!"),
            a_file(PNG, sheet) | {"vault": judge.account_id},
            a_file(PNG, sheet, content=base64.b64encode(b"other").decode()),
            a_file(huge, sheet),
            a_file(page, sheet),
            {"digest": "../../etc/passwd", "sheet": sheet.key, "content": ""},
            a_file(PNG, sheet) | {"sheet": "\0"},
        )

        await Tablet.update({Tablet.pending: 3}).where(Tablet.id == tablet.facts.id)

        outcome = await backups.take_in(body, by=organizer, at=AT)

        assert (outcome.taken, outcome.files, outcome.files_refused) == (3, 0, 9)
        assert await SheetFile.count() == 0
        with pytest.raises(StillUnsent):
            await watching.take_back(tablet.facts.id, by=organizer, at=AT)

    async def test_carry_photos_that_the_house_has_refused(self, database: str) -> None:
        judge, organizer = await a_judge("王建国"), await an_organizer()
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        page = b"<html>"
        named = [hashlib.sha256(content).hexdigest() for content in (PNG, page)]
        tablet.waiting += [a_note(tablet, sheet, "看图", digest) for digest in named]
        kept = [a_file(content, sheet) | {"refused": True} for content in (PNG, page)]
        await Tablet.update({Tablet.pending: 2}).where(Tablet.id == tablet.facts.id)

        outcome = await backups.take_in(with_files(tablet, *kept), by=organizer, at=AT)

        assert (outcome.files, outcome.files_refused) == (1, 1)
        assert (await files.file_of(named[0])).content == PNG
        await watching.take_back(tablet.facts.id, by=organizer, at=AT)

    @pytest.mark.parametrize(
        "body", [b"", b"\xff", b"[]", b"[" * 100_000 + b"]" * 100_000, OF_NOBODY]
    )
    async def test_that_are_none_are_refused(self, database: str, body: bytes) -> None:
        with pytest.raises(NotABackup):
            await backups.take_in(body, by=await an_organizer(), at=AT)


class TestNotes:
    async def test_is_a_record_that_changes_no_mark(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        done, facts = await paired()
        tablet = FakeTablet(facts, done.token, devices.make_pass(judge.account_id or 0, "王建国"))
        digest = hashlib.sha256(PNG).hexdigest()
        tablet.mark(sheet, "B1", "8")
        tablet.mark(sheet, "B1", None, act="note", mark="", reason="缺损", files=[digest])
        tablet.mark(sheet, "B1", None, act="note", mark="", reason=" ")

        answer = await tablet.send({sheet.key: 1})

        assert outcomes(answer.results) == [("ok", ""), ("ok", ""), ("rejected", "unreadable")]
        reason = (await LedgerRecord.select().where(LedgerRecord.kind == "note"))[0]["reason"]
        assert (files.words_of(reason), files.names_in(reason)) == ("缺损", [digest])
        assert [head.v for head in answer.sheets[sheet.key].cells["B1:J1"].heads] == ["8"]
        assert await verify_ledgers() == []

    async def test_reaches_the_judges_other_tablet_once(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        first, second = await a_tablet(judge), await a_tablet(judge)
        digest = hashlib.sha256(PNG).hexdigest()
        note = first.mark(sheet, "B1", None, act="note", mark="", reason="缺损", files=[digest])
        await first.send()

        told = (await second.send({sheet.key: 0})).sheets[sheet.key]
        second.mark(sheet, "B2", "8")
        later = (await second.send({sheet.key: told.version})).sheets[sheet.key]
        first.mark(sheet, "B2", None, act="note", mark="", reason="又看了一遍")
        both = (await first.send({sheet.key: told.version})).sheets[sheet.key]

        assert told.notes is not None
        [said] = told.notes
        assert (said.id, said.cell, said.text, said.files) == (note, "B1:J1", "缺损", [digest])
        assert (said.by, said.dev) == ("王建国", first.facts.key[-4:].upper())
        assert later.notes is None
        assert [found.text for found in both.notes or []] == ["缺损", "又看了一遍"]

    async def test_keeps_the_photo_that_it_names_once(self, database: str) -> None:
        [sheet] = await open_sheets({"J1": await a_judge("王建国")})
        digest = hashlib.sha256(PNG).hexdigest()
        for _ in range(2):
            await files.keep(PNG, digest=digest, sheet_id=sheet.id, device="t", at=AT)

        found = await files.file_of(digest)

        assert (found.media_type, found.content) == ("image/png", PNG)
        for content, name in ((PNG, "0" * 64), (b"<html>", hashlib.sha256(b"<html>").hexdigest())):
            with pytest.raises(FileUnfit):
                await files.keep(content, digest=name, sheet_id=sheet.id, device="t", at=AT)


class TestWatching:
    async def test_a_tablet_with_unsent_marks_is_not_put_away(self, database: str) -> None:
        organizer = await an_organizer()
        _, tablet = await paired()
        await Tablet.update({Tablet.pending: 3}).where(Tablet.id == tablet.id)

        with pytest.raises(StillUnsent):
            await watching.take_back(tablet.id, by=organizer, at=AT)
        tally = watching.tally(await watching.tablets())

        assert (tally.known, tally.out, tally.unsent, tally.marks) == (1, 1, 1, 3)

    async def test_marks_on_a_tablet_that_was_struck_off_are_missing(self, database: str) -> None:
        organizer = await an_organizer()
        _, tablet = await paired()
        await Tablet.update({Tablet.pending: 3}).where(Tablet.id == tablet.id)
        await watching.revoke(tablet.id, reason="遗失", by=organizer, at=AT)

        tally = watching.tally(await watching.tablets())

        assert (tally.known, tally.out, tally.unsent, tally.marks) == (0, 0, 1, 3)
        with pytest.raises(NotAllowed):
            await watching.settle(tablet.id, reason="补录", by=await a_judge("王建国"), at=AT)
        await watching.settle(tablet.id, reason="已按纸质表补录", by=organizer, at=AT)
        assert watching.tally(await watching.tablets()).marks == 0
        acts = (await acts_under("sheets.tablet:"))[f"sheets.tablet:{tablet.key}"]
        assert [act.before for act in acts if act.act is Act.TABLET_SETTLED] == [{"pending": 3}]
        with pytest.raises(NotFound):
            await watching.settle(tablet.id, reason="补录", by=organizer, at=AT)

    async def test_entries_of_a_tablet_that_was_struck_off_are_missing_by_its_count(
        self, database: str
    ) -> None:
        judge, organizer = await a_judge("王建国"), await an_organizer()
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", "8")
        await tablet.send()
        await Tablet.update({Tablet.last_seq: 3, Tablet.pending: 0}).where(
            Tablet.id == tablet.facts.id
        )

        await watching.revoke(tablet.facts.id, reason="进水", by=organizer, at=AT)

        assert watching.tally(await watching.tablets()).marks == 2

    async def test_a_tablet_that_may_still_send_is_waited_for(self, database: str) -> None:
        organizer = await an_organizer()
        _, tablet = await paired()
        await Tablet.update({Tablet.pending: 3}).where(Tablet.id == tablet.id)

        with pytest.raises(NotFound):
            await watching.settle(tablet.id, reason="补录", by=organizer, at=AT)

    async def test_a_tablet_is_put_away_when_all_that_it_counted_has_come(
        self, database: str
    ) -> None:
        judge, organizer = await a_judge("王建国"), await an_organizer()
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", "8")
        tablet.mark(sheet, "B9", "8")
        tablet.mark(sheet, "B2", "8", at="early")
        lost = tablet.mark(sheet, "B2", "8")
        kept = tablet.waiting.pop()
        tablet.mark(sheet, "B2", "9", scheme="cd" * 32)
        devices._beaten_at.clear()
        answer = await tablet.send_again()
        assert [result.status for result in answer.results] == [
            "ok",
            "rejected",
            "rejected",
            "held",
        ]
        await Tablet.update({Tablet.last_seq: 5, Tablet.pending: 0}).where(
            Tablet.id == tablet.facts.id
        )

        with pytest.raises(NotAllCame) as refused:
            await watching.take_back(tablet.facts.id, by=organizer, at=AT)
        assert (refused.value.made, refused.value.stored) == (5, 4)
        tablet.waiting = [kept]
        [result] = (await tablet.send()).results
        assert (result.id, result.status) == (lost, "ok")
        await tablet.send_again()

        assert await watching.take_back(tablet.facts.id, by=organizer, at=AT) == tablet.facts.label

    async def test_a_tablet_that_a_judge_opens_is_out_again(self, database: str) -> None:
        judge, organizer = await a_judge("王建国"), await an_organizer()
        await open_sheets({"J1": judge})
        tablet, held = await opened_by_badge(judge, organizer)
        [badge] = await badges.issue([judge.account_id or 0], by=organizer, at=AT)
        await badges.leave_tablet(held.account_id, tablet=tablet.facts, at=AT)
        await watching.take_back(tablet.facts.id, by=organizer, at=AT)
        assert not watching.tally(await watching.tablets()).out

        await badges.open_tablet(badge.number, tablet=tablet.facts, at=AT + timedelta(days=1))

        assert watching.tally(await watching.tablets()).out == 1
        left = await devices.tablet_by_key(tablet.facts.key)
        assert left is not None
        await watching.take_back(left.id, by=organizer, at=AT)
        await badges.leave_tablet(held.account_id, tablet=left, at=AT)
        assert not watching.tally(await watching.tablets()).out

    async def test_takes_back_and_names(self, database: str) -> None:
        organizer = await an_organizer()
        _, first = await paired()
        _, second = await paired()

        await watching.take_back(first.id, by=organizer, at=AT)
        await watching.rename(second.id, "主席台", by=organizer, at=AT)

        lines = {line.label: line for line in await watching.tablets()}
        assert (lines["A厅-01"].is_out, lines["主席台"].is_out) == (False, True)
        with pytest.raises(LabelTaken):
            await watching.rename(second.id, "A厅-01", by=organizer, at=AT)
        for act in (
            watching.take_back(second.id, by=await a_judge("王建国"), at=AT),
            watching.rename(second.id, "x", by=await a_judge("王建国"), at=AT),
        ):
            with pytest.raises(NotAllowed):
                await act

    async def test_knows_battery_clock_and_silence(self, database: str) -> None:
        judge = await a_judge("王建国")
        done, facts = await paired()
        tablet = FakeTablet(facts, done.token, devices.make_pass(judge.account_id or 0, "王建国"))
        batch = json.loads(tablet.body())
        batch |= {"battery": 12, "sent_at": int((AT + timedelta(hours=3)).timestamp() * 1000)}
        devices._beaten_at.clear()
        await sync.receive(sync.decode_batch(json.dumps(batch).encode()), tablet=facts, at=AT)

        [line] = await watching.tablets()

        assert (line.battery, line.is_battery_low, line.is_clock_wrong) == (12, True, True)
        assert not line.is_silent(AT)
        assert line.is_silent(AT + timedelta(minutes=10))


FIT = Findings(
    chrome=120,
    is_secure=True,
    has_worker=True,
    is_persisted=True,
    free_mb=4_000,
    write_ms=20,
    has_survived=True,
    clock_error_s=1,
    battery=90,
    has_camera=True,
    has_touch=True,
    answer_ms=30,
    width=800,
)


class TestFitness:
    async def test_is_go_and_kept_for_the_desk(self, database: str) -> None:
        _, tablet = await paired()

        report = await fitness.keep(FIT, tablet=tablet, at=AT)

        [line] = await watching.tablets()
        assert report.is_go
        assert {finding.verdict for finding in report.findings} == {"go"}
        assert (line.report, line.fitness_at) == (report, AT)

    @pytest.mark.parametrize(
        ("change", "stops"),
        [
            ({"chrome": 80}, ("browser",)),
            ({"is_secure": False, "has_worker": False}, ("secure", "worker")),
            ({"free_mb": 20}, ("space",)),
            ({"write_ms": None}, ("write",)),
            ({"has_survived": False}, ("survival",)),
            ({"answer_ms": None}, ("server",)),
            ({"is_persisted": False, "battery": 10, "clock_error_s": -9_000}, ()),
        ],
    )
    async def test_says_what_forbids_judging(
        self, change: dict[str, object], stops: tuple[str, ...]
    ) -> None:
        report = fitness.report_of(msgspec.structs.replace(FIT, **change))

        assert report.stops == stops
        assert report.is_go is not bool(stops)


async def test_every_refusal_says_something(database: str) -> None:
    for refusal in (
        PairingSpent(),
        BadgeUnknown(),
        FileUnfit(),
        StillUnsent("A", 1),
        NotAllCame("A", 2, 1),
    ):
        assert isinstance(refusal, RuleBroken)
        assert refusal.says
