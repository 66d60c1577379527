"""Seal rows as they are changed, and once those that older releases left without a seal."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.audit import queries as journal
from app.audit.acts import Act
from app.certificates import actions, queries, register, sealing, soundness
from app.certificates.actions import Change
from app.certificates.kinds import RevocationReason, Verdict
from app.certificates.register import CertificateLine
from app.certificates.sealing import Sealed
from app.certificates.tables import Certificate
from app.rules.actors import SYSTEM
from app.storage import engine
from tests.builders.certificates import (
    AT,
    ISSUER,
    TITLE,
    as_of_an_earlier_release,
    issued,
    open_house,
    rename_issuer,
    some_facts,
)

pytestmark = pytest.mark.anyio
LONG = "刺梨种植与初加工" * 20


@pytest.fixture
async def house(database: str, tmp_path: Path) -> str:
    """A database with the keys and the log of one process."""
    open_house(tmp_path)
    return database


async def is_whole(line: CertificateLine) -> bool:
    row = await sealing.row_of(line.id)
    return row is not None and await sealing.is_whole(row)


async def a_change(line: CertificateLine) -> Change:
    version = (await register.certificate(line.id)).line.version
    return Change(certificate_id=line.id, seen_version=version, reason="核实有误")


class TestAnAct:
    async def test_seals_the_row_as_it_stands_then(self, house):
        revoked, corrected, reissued, restored = await issued(some_facts(4))

        await actions.revoke(await a_change(revoked), RevocationReason.FRAUD, by=SYSTEM, at=AT)
        await actions.revoke(await a_change(restored), RevocationReason.FRAUD, by=SYSTEM, at=AT)
        await actions.restore(await a_change(restored), by=SYSTEM, at=AT)
        await actions.reissue(await a_change(reissued), by=SYSTEM, at=AT)
        facts = some_facts(1)[0]
        new = await actions.correct(await a_change(corrected), facts, by=SYSTEM, at=AT)

        lines = [revoked, corrected, reissued, restored, (await register.certificate(new)).line]
        assert [await is_whole(line) for line in lines] == [True] * 5
        assert (await queries.public_entry(revoked.verification_id)).reason_code == "fraud"
        assert await soundness.log_problems() == []

    async def test_vouches_for_nothing_that_was_edited_before_it(self, house):
        line = (await issued(some_facts(1)))[0]
        await Certificate.update({"prints": '{"等级":"一级"}'}, force=True)

        await actions.revoke(await a_change(line), RevocationReason.FRAUD, by=SYSTEM, at=AT)

        entry = await queries.public_entry(line.verification_id)
        assert (entry.verdict, entry.reason_code) == (Verdict.REVOKED, "")
        assert "seal covers" in " ".join(await soundness.log_problems())


class TestThePage:
    @pytest.mark.parametrize(
        ("edit", "part", "shown"),
        [
            ({"reason_code": "other"}, "reason_code", ""),
            ({"successor_id": "F" * 16}, "successor_id", None),
            ({"predecessor_id": "F" * 16}, "predecessor_id", None),
            ({"reissues": 9}, "reissues", 0),
        ],
    )
    async def test_shows_no_part_that_nothing_vouches_for(self, house, edit, part, shown):
        line = (await issued(some_facts(1)))[0]
        await actions.revoke(await a_change(line), RevocationReason.FRAUD, by=SYSTEM, at=AT)

        await Certificate.update(edit, force=True)

        entry = await queries.public_entry(line.verification_id)
        assert (entry.verdict, getattr(entry, part)) == (Verdict.REVOKED, shown)


class TestTheRegisterOfAnEarlierRelease:
    @pytest.mark.parametrize("seals_them", [True, False])
    async def test_is_sealed_once_and_the_journal_says_so(self, house, seals_them):
        lines = await issued(some_facts(4, title=TITLE))
        await actions.revoke(await a_change(lines[0]), RevocationReason.FRAUD, by=SYSTEM, at=AT)
        facts = some_facts(1)[0]
        await actions.correct(await a_change(lines[1]), facts, by=SYSTEM, at=AT)
        await as_of_an_earlier_release(*(line.id for line in lines), seals_them=seals_them)
        found = await soundness.log_problems()

        done = await sealing.seal_once(SYSTEM, AT)

        assert [problem.endswith("is not sealed") for problem in found] == [True] * 4
        assert done == Sealed(4, 0)
        assert await soundness.log_problems() == []
        records = await journal.records_of(sealing.SUBJECT)
        assert [(record.act, record.after) for record in records] == [
            (Act.CERTIFICATES_SEALED.value, '{"left":0,"sealed":4}')
        ]

    @pytest.mark.parametrize("seals_them", [True, False])
    async def test_is_valid_under_the_name_that_its_issuer_had(self, house, seals_them):
        line = (await issued(some_facts(1)))[0]
        await as_of_an_earlier_release(line.id, seals_them=seals_them)
        await rename_issuer("黔山技能评价中心")
        before = await queries.public_entry(line.verification_id)

        await sealing.seal_once(SYSTEM, AT)

        entry = await queries.public_entry(line.verification_id)
        assert before.verdict is (Verdict.VALID if seals_them else Verdict.UNCERTAIN)
        assert (entry.verdict, entry.issuer) == (Verdict.VALID, ISSUER)

    @pytest.mark.parametrize("seals_them", [True, False])
    @pytest.mark.parametrize(
        "edit",
        [
            {"name": "李四"},
            {"status": "revoked"},
            {"reason_code": "fraud"},
            {"issuer_name": "黔山大学"},
            {"title": "一级刺梨大师"},
            {"successor_id": "F" * 16},
            {"name_key": "李四"},
            {"kid": "00000000"},
            {"commit": "zz"},
            {"cose": b"\x00"},
        ],
    )
    async def test_keeps_out_what_does_not_hold(self, house, edit: dict[Any, Any], seals_them):
        line, other = await issued(some_facts(2))
        await as_of_an_earlier_release(line.id, other.id, seals_them=seals_them)
        await Certificate.update(edit).where(Certificate.id == line.id)

        done = await sealing.seal_once(SYSTEM, AT)

        assert done == Sealed(1, 1)
        problems = " ".join(await soundness.log_problems())
        assert f"certificate {line.id} " in problems
        assert f"certificate {other.id} " not in problems

    async def test_passes_over_a_row_that_nobody_can_read(self, house):
        line, other = await issued(some_facts(2))
        await as_of_an_earlier_release(line.id, other.id)
        if engine.is_server():
            return
        await engine.run_each(
            "UPDATE certificate SET created_at = 'yesterday' WHERE id = ?", [[line.id]]
        )

        assert await sealing.seal_once(SYSTEM, AT) == Sealed(1, 1)
        assert f"certificate {line.id} was edited or is damaged" in " ".join(
            await soundness.log_problems()
        )

    async def test_vouches_for_a_full_title_that_was_ordered(self, house):
        ordered = await issued(some_facts(1, short_title="刺梨"))
        own = await issued(some_facts(1, title=LONG, short_title="刺梨"), basis="x:2")
        await as_of_an_earlier_release(ordered[0].id, own[0].id)

        assert await sealing.seal_once(SYSTEM, AT) == Sealed(1, 1)
        assert f"certificate {own[0].id} has a title that is neither signed nor sealed" in " ".join(
            await soundness.log_problems()
        )

    async def test_goes_on_where_it_was_interrupted(self, house, monkeypatch):
        monkeypatch.setattr(sealing, "CHUNK", 2)
        lines = await issued(some_facts(9))
        await as_of_an_earlier_release(*(line.id for line in lines))
        first = asyncio.create_task(sealing.seal_once(SYSTEM, AT))
        for _ in range(10_000):
            if await is_whole(lines[0]):
                break
            await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first])
        sealed = sum([await is_whole(line) for line in lines])

        done = await sealing.seal_once(SYSTEM, AT)

        assert 2 <= sealed < 9
        assert done == Sealed(9 - sealed, 0)
        assert await soundness.log_problems() == []

    async def test_is_sealed_once_in_its_life_unless_somebody_says_why(self, house):
        line = (await issued(some_facts(1)))[0]
        await sealing.seal_once(SYSTEM, AT)
        await as_of_an_earlier_release(line.id)

        again = await sealing.seal_once(SYSTEM, AT)
        alone = await is_whole(line)
        asked = await sealing.seal_all("换了 secret.key", SYSTEM, AT)

        assert (again, alone) == (None, False)
        assert (asked, await is_whole(line)) == (Sealed(1, 0), True)
