"""Edit every column around certificates behind the product's back, and see who tells.

`tests/golden/edits.txt` says of each column, and of each deleted row, who exposes it: the database
itself, `check`, or the public page. What nobody exposes stands in `LEFT_OPEN` with the reason.
"""

import os
import sqlite3
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from piccolo.columns import Column
from piccolo.table import Table

from app.audit.queries import journal_problems
from app.certificates import (
    actions,
    cosignatures,
    issuers,
    keyring,
    log,
    progress,
    queries,
    soundness,
    tiles,
    witnesses,
)
from app.certificates.actions import Change
from app.certificates.issuers import TemplateFacts
from app.certificates.key_proposals import KeyWish
from app.certificates.kinds import KeyAct, RevocationReason, Verdict
from app.certificates.notes import Leaf, LogEvent
from app.certificates.tables import TABLES, NumberCounter
from app.people import actions as people
from app.people import photos
from app.rules.actors import EVERYWHERE, SYSTEM, Actor, Duty, Grant
from app.rules.certificate_claim import CertificateKind
from app.storage.engine import write_transaction
from app.storage.rows import insert_rows
from tests.builders.certificates import (
    AT,
    DAY,
    OTHER,
    an_issuer,
    issued,
    open_house,
    some_facts,
)
from tests.builders.events import a_person
from tests.builders.pictures import a_picture
from tests.golden_files import Golden

pytestmark = pytest.mark.anyio
WITNESS = "witness.example.cn/w1"
VKEY = cosignatures.vkey(WITNESS, OTHER.public_key)
ADMINISTRATOR = Actor(7, "王五", (Grant(Duty.ADMINISTRATOR, EVERYWHERE, AT),))
OFFICER = Actor(8, "赵六", (Grant(Duty.CERTIFICATE_OFFICER, EVERYWHERE, AT),))
CONFIRMED = frozenset({Verdict.VALID, Verdict.REVOKED, Verdict.CORRECTED})

NOTHING_REFERS = "a row's own number; nothing refers to it"
LEFT_OPEN = {
    "certificate_number_counter": "its certificates are what counts; the next one begins at 1 and"
    " meets NumberUsed",
    "certificate_number_counter.id": NOTHING_REFERS,
    "certificate_number_counter.name": "as a deleted row",
    "certificate_number_counter.last": "put back, it meets NumberUsed; forward, it leaves a gap",
    "certificate_task.id": NOTHING_REFERS,
    "certificate_photo.id": NOTHING_REFERS,
    "certificate_issuing_key.id": NOTHING_REFERS,
    "certificate_key_proposal.id": NOTHING_REFERS,
    "certificate_log_head.id": NOTHING_REFERS,
    "certificate_log_head.changes": "it only says when public documents are made anew",
    "certificate_log_leaf.id": NOTHING_REFERS,
    "certificate_log_tile.id": NOTHING_REFERS,
    "certificate_log_checkpoint": "a later one covers the same leaves; without the last one, pages"
    " confirm nothing that it covered",
    "certificate_log_checkpoint.id": NOTHING_REFERS,
    "certificate_log_checkpoint.at": "when it was published; the note, which counts, has no time,"
    " and the lines of witnesses carry their own",
    "certificate_log_cosignature": "witnesses keep what they signed and hand it in again",
    "certificate_log_cosignature.id": NOTHING_REFERS,
    "certificate_log_cosignature.at": "when it came here; the line carries the time that counts",
}
SUBTLE: dict[str, Any] = {
    "certificate.serial": 10_000,
    "certificate.leaf_index": 10_000,
    "certificate.status": "valid",
    "certificate.reason_code": "other",
    "certificate.successor_id": "F" * 16,
    "certificate.predecessor_id": "F" * 16,
    "certificate.prints": '{"等级":"一级"}',
    "certificate.seal": None,
    "certificate_batch.state": "running",
    "certificate_issuing_key.status": "active",
    "certificate_key_proposal.act": "retire",
    "certificate_key_proposal.state": "open",
    "certificate_log_leaf.number": 10_000,
    "certificate_task.facts": '{"name":"李鬼","issued_on":"2026-11-20","key":"k0"}',
}
"""Values that could have been there; all others are changed a little."""


@pytest.fixture
async def printed(database: str, tmp_path: Path) -> str:
    """The ID of the first certificate, a revoked one; every table has a row beside it."""
    open_house(tmp_path)
    async with write_transaction():
        person_id = await people.find_or_add_within(a_person(1), by=SYSTEM, at=AT)
    await photos.keep(person_id, a_picture(), by=SYSTEM, at=AT)
    first = (await issued(some_facts(1, person_id=person_id)))[0]
    await issued(some_facts(2), basis="assessments.sitting:2")
    await an_issuer("黔山大学")
    change = Change(certificate_id=first.id, seen_version=1, reason="冒用他人材料")
    await actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=AT)
    template = TemplateFacts(kind=CertificateKind.ABILITY, effective_on=DAY, pattern="A{serial:9}")
    await issuers.set_template(template, by=SYSTEM, at=AT)
    await a_full_tile()
    await a_compromised_key()
    checkpoint, note = await tiles.latest_checkpoint()
    line = cosignatures.cosigned(checkpoint.text, WITNESS, OTHER, 1_800_000_000)
    await witnesses.accept(note + line, [VKEY], AT)
    return first.verification_id


async def a_full_tile() -> None:
    async with write_transaction():
        head = await log.locked_head()
        assert head is not None
        await log.append_within(
            head, [Leaf(LogEvent.REVOKED, os.urandom(32), log.seconds(AT)) for _ in range(256)]
        )
    await log.publish(AT)


async def a_compromised_key() -> None:
    kid, size = (await queries.keys())[0].kid, await tiles.covered_size()
    for act, index in ((KeyAct.COMPROMISED, size), (KeyAct.COMPROMISED, size - 1)):
        wish = KeyWish(act=act, kid=kid, reason="疑似外泄", from_index=index)
        number = await keyring.propose(wish, by=ADMINISTRATOR, at=AT)
        if index == size:
            decided = number
    await keyring.approve(decided, by=OFFICER, at=AT)


def a_little_else(value: Any, column: Column) -> Any:
    """Another value of the same kind; for a nullable one without a value, one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime | date):
        return value + timedelta(1)
    if isinstance(value, bytes | memoryview):
        return bytes(value)[:-1] + bytes([bytes(value)[-1] ^ 1])
    if isinstance(value, int) or column.value_type is int:
        return (value or 0) + 1
    if column.value_type is datetime:
        return AT
    text = value or ""
    is_hex = len(text) > 7 and set(text) <= set("0123456789abcdef")
    return text[:-1] + ("0" if text[-1] != "0" else "1") if is_hex else f"{text}x"


async def who_tells(edit: Any, printed: str) -> list[str]:
    """Carry an edit out and return who exposes it."""
    try:
        await edit
    except (sqlite3.IntegrityError, asyncpg.PostgresError):
        return ["database"]
    told = []
    if await soundness.log_problems([VKEY]) + await journal_problems():
        told.append("check")
    try:
        entry = await queries.public_entry(printed)
        is_confirmed = entry.verdict in CONFIRMED
    except (queries.Unregistered, queries.Damaged):
        is_confirmed = False
    return told if is_confirmed else [*told, "page"]


def said(place: str, told: list[str]) -> str:
    assert bool(told) is (place not in LEFT_OPEN), f"{place}: {told}"
    return f"{place}: {', '.join(told) or 'left open, ' + LEFT_OPEN[place]}"


class TestEdits:
    async def test_are_told_by_somebody(self, printed, golden: Golden):
        before = await soundness.log_problems([VKEY])
        lines = []
        for table in TABLES:
            lines.append(await self.deleted(table, printed))
            lines += [await self.edited(table, column, printed) for column in table._meta.columns]

        assert before == []
        assert await soundness.log_problems([VKEY]) == []
        golden("edits.txt", "\n".join(lines) + "\n")

    async def deleted(self, table: type[Table], printed: str) -> str:
        name, row = (
            table._meta.tablename,
            await table.select().order_by(table._meta.primary_key).first(),
        )
        assert row is not None, f"{name} has no row"
        own = table._meta.primary_key == row["id"]

        told = await who_tells(table.delete().where(own), printed)

        if told != ["database"]:
            await insert_rows(table, [row])
        return said(name, told)

    async def edited(self, table: type[Table], column: Column, printed: str) -> str:
        key, name = table._meta.primary_key, column._meta.name
        place = f"{table._meta.tablename}.{name}"
        row = await table.select().order_by(key).first()
        assert row is not None
        new = SUBTLE[place] if place in SUBTLE else a_little_else(row[name], column)
        own = key == (row["id"] if name != "id" else 10_000)
        if name == "id":
            new = 10_000

        told = await who_tells(table.update({column: new}).where(key == row["id"]), printed)

        if told != ["database"]:
            await table.update({column: row[name]}).where(own)
        return said(place, told)

    async def test_of_a_counter_give_no_number_twice(self, database, tmp_path):
        open_house(tmp_path)
        await issued(some_facts(1))
        await NumberCounter.delete(force=True)

        lines = await issued(some_facts(2))

        assert len(lines) == 1
        batch = (await progress.batches())[0]
        assert "已经用过" in batch.problem
