"""What the public reads of a certificate, what the desk does with it, and what limits say."""

import hashlib
import io
import json
import zipfile
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from random import Random
from typing import Any

import cwt
import msgspec
import pypdfium2
import pytest
import qrcode
from cwt import COSEKey
from openpyxl import load_workbook
from pycose.headers import KID
from pycose.keys.okp import OKPKey
from pycose.messages.cosemessage import CoseMessage
from pyzbar import pyzbar

from app.accounts import actions as accounts
from app.accounts import grants
from app.certificates import (
    actions,
    answers,
    batches,
    bundle,
    cose,
    drawn,
    issuers,
    log,
    notes,
    notices,
    offices,
    offline,
    printing,
    queries,
    register,
    scanning,
    symbol,
    tiles,
    tree,
)
from app.certificates.actions import Change
from app.certificates.bundle import BadBundle
from app.certificates.facts import ClaimFacts
from app.certificates.issuers import TemplateFacts
from app.certificates.kinds import RevocationReason, Verdict
from app.certificates.register import CertificateLine
from app.certificates.tables import Certificate, CertificateBatch, LogCheckpoint
from app.documents import symbol_reader
from app.rules.actors import EVERYWHERE, SYSTEM, Actor, Duty, Grant, Scope
from app.rules.certificate_claim import CertificateKind
from app.rules.check_characters import printed_id
from app.rules.widths import FULL_WIDTH
from app.storage import engine
from app.storage.engine import write_transaction
from app.web import background, clock
from tests.builders.certificates import (
    AT,
    BASIS,
    DAY,
    HOST,
    TITLE,
    issued,
    lines_of,
    open_house,
    some_facts,
)
from tests.builders.damaged_papers import HARMS, READERS, rendered
from tests.builders.people import a_number, a_person
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
NAME = "阿依古丽·买买提"
DAMAGES = ["kind = 9", "status = 'x'", "\"commit\" = 'zz'", "reason_code = 'x'"]
DAMAGES_OF_A_FILE = ["issued_on = '2026/01/01'", "title = x'00'"]
"""SQLite keeps bytes as a text, and any text as a day."""


@pytest.fixture
def house(database: str, tmp_path: Path) -> Path:
    """A database with keys and a log."""
    open_house(tmp_path)
    return tmp_path


@pytest.fixture(params=DAMAGES + DAMAGES_OF_A_FILE)
def damage(request: pytest.FixtureRequest, house: Path) -> str:
    """An edit of the register after which a row cannot be read."""
    edit: str = request.param
    if engine.is_server() and edit in DAMAGES_OF_A_FILE:
        edit = DAMAGES[0]
    return edit


async def a_certificate(**facts: object) -> CertificateLine:
    plain = {"name": NAME, "issued_on": DAY, "result": "合格", "prints": {"批次": "第一批"}}
    given: dict[str, Any] = plain | facts
    return (await issued([ClaimFacts(**given)]))[0]


async def an_officer(duty: Duty = Duty.CERTIFICATE_OFFICER) -> Actor:
    async with write_transaction():
        account = await accounts.create_account_within(
            sign_in_name="officer", name="证书管理员", by=SYSTEM, at=AT
        )
        await grants.grant_within(account, Grant(duty, EVERYWHERE, AT), by=SYSTEM, at=AT)
    return Actor(account, "证书管理员")


async def revoke(line: CertificateLine, at: datetime = AT) -> None:
    change = Change(certificate_id=line.id, seen_version=line.version, reason="代考，内部说明")
    await actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=at)


async def answers_to(folder: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the API says of each row of a list."""
    async with a_visit(folder) as visitor:
        answer = await visitor.client.post("/api/v1/verify", json={"rows": rows})
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


async def symbol_of(line: CertificateLine) -> str:
    return register.qr_text(HOST, await register.certificate(line.id))


def widened(text: str) -> str:
    """Return a text as it is typed on a Chinese keyboard set to full width."""
    return text.translate({narrow: wide for wide, narrow in FULL_WIDTH.items()})


PLAIN = {"accept-encoding": "identity"}


class TestHead:
    async def test_is_answered_wherever_the_public_may_look(self, house):
        line = await a_certificate()
        about = f"/v/{line.verification_id}"
        parts = (about, *(f"{about}.{kind}" for kind in ("json", "tlog-proof", "leaf")))
        trust = ("/log/checkpoint", "/log/vkey", "/log/tile/0/000.p/2", "/keys.json")
        others = ("/offline.json", "/.well-known/did.json", "/status/0", "/verify", "/healthz")
        unknown = ("/v/0000000000000000", "/log/tile/9/000", "/nowhere")

        async with a_visit(house) as visitor:
            for address in (*parts, *trust, *others, *unknown):
                whole = await visitor.client.get(address, headers=PLAIN)
                visitor.client.cookies.clear()
                head = await visitor.client.head(address, headers=PLAIN)

                assert head.status_code == whole.status_code
                assert set(head.headers) == set(whole.headers)
                assert head.headers.get("content-length") == whole.headers.get("content-length")
                assert whole.content
                assert not head.content

    async def test_changes_nothing(self, house):
        async with a_visit(house) as visitor:
            refused = await visitor.client.head("/api/v1/verify")

        assert refused.status_code == 405


class TestThePublicPage:
    async def test_shows_status_and_masked_facts_and_no_more(self, house):
        line = await a_certificate(person_id=7)
        async with a_visit(house) as visitor:
            page = await visitor.get(f"/v/{line.verification_id}")

        assert page.status_code == 200
        for shown in (
            "有效",
            "专项职业能力证书",
            "阿**",
            line.number,
            line.issuer_name,
            "首次登记",
        ):
            assert shown in page.text
        for hidden in (NAME, "阿依", "合格", "第一批"):
            assert hidden not in page.text

    async def test_keeps_to_itself(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            page = await visitor.get(f"/v/{line.verification_id}")

        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-robots-tag"] == "noindex"
        assert page.headers["content-security-policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert "unsafe" not in page.headers["content-security-policy"]
        assert len(page.content) < 15_000

    async def test_shows_an_edit_behind_our_back_though_it_was_kept(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            for _ in range(3):
                page = await visitor.get(f"/v/{line.verification_id}")
            assert "阿**" in page.text
            assert "有效" in page.text

            await engine.run_each("UPDATE certificate SET name = ?", [["李四"]])
            edited = await visitor.get(f"/v/{line.verification_id}")

        assert "登记、签名和日志不一致" in edited.text
        assert "阿**" not in edited.text

    async def test_shows_no_title_and_no_issuer_that_nothing_vouches_for(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            await engine.run_each("UPDATE certificate SET title = ?", [["一级刺梨大师"]])
            titled = await visitor.get(f"/v/{line.verification_id}")
            await engine.run_each("UPDATE certificate SET issuer_name = ?", [["黔山大学"]])
            issued_by = await visitor.get(f"/v/{line.verification_id}")

        assert "一级刺梨大师" not in titled.text
        assert line.title in titled.text
        assert 'data-verdict="uncertain"' in issued_by.text
        assert "<dt>不一致</dt><dd>发证机构</dd>" in issued_by.text

    @pytest.mark.parametrize("name", [b"visit=1", b""])
    def test_is_personal_for_whoever_sends_any_cookie(self, name):
        plain: list[tuple[bytes, bytes]] = [(b"accept", b"*/*")]
        scope: Any = {"headers": [*plain, (b"cookie", b""), (b"cookie", name)]}

        assert drawn.is_personal(scope)
        assert not drawn.is_personal(scope | {"headers": plain})

    async def test_says_so_when_the_row_cannot_even_be_read(self, house, damage):
        line = await a_certificate()
        await engine.run_each(f"UPDATE certificate SET {damage} WHERE id = ?", [[line.id]])

        async with a_visit(house) as visitor:
            page = await visitor.get(f"/v/{line.verification_id}")
            facts = await visitor.get(f"/v/{line.verification_id}.json")
            holder = await visitor.get(f"/v/{line.verification_id}/holder")

        assert (page.status_code, facts.status_code) == (422, 422)
        for answer in (page, holder):
            assert 'data-verdict="uncertain"' in answer.text
            assert "登记被改动或损坏" in answer.text
        known = {"id": line.verification_id, "status": "uncertain", "doubt": "register_damaged"}
        assert facts.json() == known

    async def test_says_at_once_that_it_was_revoked_and_the_kind_of_reason(self, house):
        line = await a_certificate()
        await revoke(line)
        async with a_visit(house) as visitor:
            page = await visitor.get(f"/v/{line.verification_id}")

        assert 'data-verdict="revoked"' in page.text
        assert "以不正当手段取得" in page.text
        assert "代考" not in page.text

    async def test_points_to_the_corrected_one(self, house):
        line = await a_certificate()
        change = Change(certificate_id=line.id, seen_version=1, reason="错字")
        new = await actions.correct(
            change, ClaimFacts(name="李四", issued_on=DAY, result="合格"), by=SYSTEM, at=AT
        )
        successor = (await register.certificate(new)).line.verification_id
        async with a_visit(house) as visitor:
            page = await visitor.get(f"/v/{line.verification_id}")

        assert 'data-verdict="corrected"' in page.text
        assert f"/v/{successor}" in page.text

    async def test_reads_the_id_however_it_is_typed(self, house):
        line = await a_certificate()
        printed = printed_id(line.verification_id)
        async with a_visit(house) as visitor:
            for typed in (
                line.verification_id.lower(),
                printed,
                printed.lower(),
                printed.replace("-", ""),
            ):
                assert (await visitor.get(f"/v/{typed}")).status_code == 200
                facts = (await visitor.get(f"/v/{typed}.json")).json()
                assert (facts["id"], facts["status"]) == (line.verification_id, "valid")

    async def test_does_not_know_an_unknown_one(self, house):
        await a_certificate()
        async with a_visit(house) as visitor:
            page = await visitor.get("/v/0000000000000000")
            facts = await visitor.get("/v/0000000000000000.json")
            typo = await visitor.get("/v/abc")

        assert (page.status_code, facts.status_code, typo.status_code) == (404, 404, 404)
        assert 'data-verdict="unregistered"' in page.text
        assert facts.json()["status"] == "unregistered"

    async def test_says_when_it_was_logged_late(self, house):
        line = await a_certificate(issued_on=DAY - timedelta(days=30))
        picture = io.BytesIO()
        qrcode.make(await symbol_of(line)).get_image().save(picture, "PNG")
        async with a_visit(house) as visitor:
            page = await visitor.get(f"/v/{line.verification_id}")
            file = ("a.png", picture.getvalue(), "image/png")
            scanned = await visitor.send("/verify", "/verify/file", {}, file=file)

        for shown in (page, scanned):
            assert "补登" in shown.text
            assert "首次登记" in shown.text

    async def test_speaks_english(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            page = await visitor.get(f"/v/{line.verification_id}?lang=en")

        assert "This certificate is registered and valid now." in page.text

    async def test_is_filled_in_for_each_from_one_frame(self, house):
        odd, plain = await issued(
            [
                ClaimFacts(name="甲<b>", title='编织 & "绣"', issued_on=DAY, result="合格"),
                ClaimFacts(name="乙三", title="竹编", issued_on=DAY, result="合格"),
            ]
        )
        async with a_visit(house) as visitor:
            asked = f"/v/{plain.verification_id}?from=somebody"
            alone = [(await visitor.get(asked)).text for _ in range(2)]
            pages_ = [(await visitor.get(f"/v/{one.verification_id}")).text for one in (odd, plain)]

        for line, text in zip((odd, plain), pages_, strict=True):
            assert line.number in text
            assert printed_id(line.verification_id) in text
            assert "\ue000" not in text
            assert "somebody" not in text
        assert "编织 &amp; &#34;绣&#34;" in pages_[0]
        assert "竹编" not in pages_[0]
        assert alone[0].replace("?from=somebody&amp;lang=en", "?lang=en") == pages_[1]

    async def test_says_what_went_wrong_though_its_frame_was_kept(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            await visitor.get(f"/v/{line.verification_id}")
            async with write_transaction():
                await engine.fetch("ALTER TABLE certificate_log_head RENAME TO elsewhere")
            failed = await visitor.client.get(f"/v/{line.verification_id}")

        assert failed.status_code == 500
        assert "系统出了问题" in failed.text

    async def test_answers_sixty_times_a_minute(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            statuses = [
                (await visitor.get(f"/v/{line.verification_id}")).status_code for _ in range(61)
            ]
            last = await visitor.get(f"/v/{line.verification_id}")

        assert statuses == [200] * 60 + [429]
        assert 0 < int(last.headers["retry-after"]) <= 60
        assert last.headers["referrer-policy"] == "no-referrer"


class TestTheHolderCheck:
    async def test_says_yes_or_no_and_no_more(self, house):
        ending = a_number()[-6:]
        line = await a_certificate(person_id=await a_person(NAME))
        place = f"/v/{line.verification_id}/holder"
        async with a_visit(house) as visitor:
            right = await visitor.client.post(place, data={"ending": f" {ending} "})
            wrong = await visitor.client.post(place, data={"ending": "000000"})
            again = [await visitor.client.post(place, data={"ending": ending}) for _ in range(4)]
            unknown = await visitor.client.post("/v/0000000000000000/holder", data={"ending": "1"})

        *others, late = again
        assert ["与登记相符" in answer.text for answer in (right, wrong, *others)] == [
            True, False, True, True, True,
        ]  # fmt: skip
        assert "与登记不符" in wrong.text
        assert ending not in wrong.text
        assert (late.status_code, unknown.status_code) == (429, 404)
        assert 3500 < int(late.headers["retry-after"]) <= 3600
        assert "请过 60 分钟再试" in late.text

    async def test_counts_no_slip_and_reads_what_a_chinese_keyboard_writes(self, house):
        ending = a_number()[-6:]
        line = await a_certificate(person_id=await a_person(NAME))
        place = f"/v/{line.verification_id}/holder"
        async with a_visit(house) as visitor:
            slips = [
                await visitor.client.post(place, data={"ending": typed})
                for typed in (ending[-1], "", f"0{ending}", a_number(), "字" * 300, ending[:5])
            ]
            wide = await visitor.client.post(place, data={"ending": widened(ending.lower())})

        assert [slip.status_code for slip in slips] == [422] * 6
        assert "只填这六个数字或字母" in slips[0].text
        assert f'value="{ending[-1]}"' in slips[0].text
        assert "与登记相符" in wide.text

    async def test_knows_no_holder_of_a_certificate_without_one(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            answer = await visitor.client.post(
                f"/v/{line.verification_id}/holder", data={"ending": "123456"}
            )

        assert "没有登记证件号码" in answer.text


class TestTheLogsAddresses:
    async def test_are_enough_to_recompute_the_checkpoint(self, house):
        await issued(some_facts(300))
        async with a_visit(house) as visitor:
            key = (await visitor.get("/log/vkey")).text
            note = (await visitor.get("/log/checkpoint")).text
            full = (await visitor.get("/log/tile/entries/000")).content
            rest = (await visitor.get("/log/tile/entries/001.p/45")).content
            hashes = (await visitor.get("/log/tile/0/000")).content
            upper = (await visitor.get("/log/tile/1/000.p/1")).content

        head = notes.parse_checkpoint(notes.open_note(note, key))
        leaves = [tree.leaf_hash(entry) for entry in [*entries_of(full), *entries_of(rest)]]
        assert (head.size, head.root) == (301, tree.root_of(leaves))
        assert hashes == b"".join(leaves[:256])
        assert upper == tree.root_of(leaves[:256])

    @pytest.mark.parametrize(
        "path",
        [
            "0/002",
            "0/001.p/46",
            "0/001",
            "2/000.p/1",
            "00/000",
            "64/000",
            "9" * 5000 + "/000",
            "x/000",
            "0/0",
            "entries/002",
        ],
    )
    async def test_serve_nothing_beyond_the_checkpoint(self, house, path):
        await issued(some_facts(300))
        async with a_visit(house) as visitor:
            assert (await visitor.get(f"/log/tile/{path}")).status_code == 404

    async def test_have_nothing_before_the_first_certificate(self, house):
        async with a_visit(house) as visitor:
            assert (await visitor.get("/log/checkpoint")).status_code == 404
            assert (await visitor.get("/keys.json")).json() == {}

    async def test_prove_a_certificate(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            proof = (await visitor.get(f"/v/{line.verification_id}.tlog-proof")).text
            leaf = (await visitor.get(f"/v/{line.verification_id}.leaf")).content
            keys = (await visitor.get("/keys.json")).json()

        index, path, note = notes.parse_proof(proof)
        head = notes.parse_checkpoint(notes.open_note(note, await log.vkey()))
        assert tree.includes(tree.leaf_hash(leaf), index, head.size, path, head.root)
        signed = cose.parse((await register.certificate(line.id)).cose)
        assert notes.parse_leaf(leaf).commit == signed.commit
        assert cose.is_signed_by(signed, bytes.fromhex(keys[signed.kid.hex()]["public_key"]))

    async def test_let_the_cose_libraries_of_others_verify_a_paper(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            published = (await visitor.get("/keys.json")).json()
            leaf = notes.parse_leaf((await visitor.get(f"/v/{line.verification_id}.leaf")).content)
        digits = (await symbol_of(line)).partition("#")[2]
        signed = int(digits).to_bytes((int(digits).bit_length() + 7) // 8)[1:]

        message: Any = CoseMessage.decode(signed)
        kid = message.phdr[KID]
        key = bytes.fromhex(published[kid.hex()]["public_key"])
        message.key = OKPKey(crv="ED25519", x=key)
        claims: Any = cwt.decode(signed, COSEKey.new({1: 1, 3: -8, -1: 6, -2: key, 2: kid, 4: [2]}))

        assert message.verify_signature()
        assert kid == hashlib.sha256(key).digest()[:4]
        assert leaf.commit == hashlib.sha256(message._create_sig_structure()).digest()
        assert claims[-65537] == [1, line.number, NAME, line.title, line.result]


def entries_of(raw: bytes) -> list[bytes]:
    entries = []
    while raw:
        length = int.from_bytes(raw[:2])
        entries.append(raw[2 : 2 + length])
        raw = raw[2 + length :]
    return entries


class TestTheOfflineBundle:
    async def test_judges_without_the_server(self, house):
        valid, revoked = await issued(some_facts(2))
        await revoke(revoked)
        async with a_visit(house) as visitor:
            raw = (await visitor.get("/offline.json")).content
        known = bundle.open_bundle(raw, clock.now(), await log.vkey())
        proof = await tiles.proof_of(valid.leaf_index)

        assert offline.judge(await symbol_of(valid), known).verdict is Verdict.VALID
        logged = offline.judge(await symbol_of(valid), known, proof)
        leaf = await tiles.leaf_at(valid.leaf_index)
        assert (logged.why, logged.logged_at, logged.is_late) == ("logged", leaf.at, True)
        assert offline.judge(await symbol_of(revoked), known).verdict is Verdict.REVOKED
        assert offline.judge(await symbol_of(valid), known, proof[:-9]).verdict is Verdict.UNCERTAIN
        elsewhere = (await symbol_of(valid)).replace(HOST, "evil.example")
        assert offline.judge(elsewhere, known).why == "address"
        bare = (await symbol_of(valid)).partition("#")[0]
        assert offline.judge(bare, known) == offline.Finding(Verdict.UNCERTAIN, "no_signature")
        assert offline.judge("https://[", known).why == "not_ours"
        assert offline.judge("https://[#1", known).verdict is Verdict.FORGED
        before = msgspec.structs.replace(known, keys={})  # The key came into use after this one.
        doubted = offline.judge(await symbol_of(valid), before)
        assert (doubted.verdict, doubted.why) == (Verdict.UNCERTAIN, "unknown_key")

    async def test_finds_by_a_proof_that_it_was_logged_in_time(self, house):
        day = clock.now().astimezone(clock.SHANGHAI).date()
        [line] = await issued(some_facts(1, issued_on=day), at=clock.now())
        async with a_visit(house) as visitor:
            raw = (await visitor.get("/offline.json")).content
        known = bundle.open_bundle(raw, clock.now(), await log.vkey())

        found = offline.judge(await symbol_of(line), known, await tiles.proof_of(line.leaf_index))

        leaf = await tiles.leaf_at(line.leaf_index)
        assert (found.logged_at, found.is_late) == (leaf.at, False)

    async def test_ends_on_its_date_and_holds_its_signature(self, house):
        await a_certificate()
        made = await bundle.make(AT)
        raw = json.dumps(
            {"format": made.format, "payload": made.payload, "signature": made.signature}
        ).encode()

        assert bundle.open_bundle(raw, AT).host == HOST
        with pytest.raises(BadBundle, match="expired"):
            bundle.open_bundle(raw, AT + timedelta(days=bundle.VALID_DAYS))
        with pytest.raises(BadBundle, match="expired"):
            bundle.open_bundle(raw, AT - bundle.AHEAD)
        assert bundle.open_bundle(raw, AT - timedelta(hours=23)).host == HOST
        with pytest.raises(BadBundle, match="signature"):
            bundle.open_bundle(
                raw.replace(HOST.encode(), b"verify.example.co"), AT, await log.vkey()
            )
        with pytest.raises(BadBundle, match="malformed"):
            bundle.open_bundle(b"{}", AT)
        with pytest.raises(BadBundle, match="malformed"):
            bundle.open_bundle(raw.replace(b"+00:00", b""), AT)


class TestTheQuery:
    async def test_finds_by_number_and_full_name(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            page = await visitor.send(
                "/verify", "/verify", {"number": line.number, "name": "阿依古丽买买提"}
            )

        assert 'data-verdict="valid"' in page.text
        assert f'<a href="/v/{line.verification_id}?lang=en"' in page.text

    async def test_answers_a_page_that_was_kept_before_this_visit(self, house):
        line = await a_certificate()
        asked = {"number": line.number, "name": line.name}
        picture = {"file": ("a.txt", b"no picture", "text/plain")}
        async with a_visit(house) as visitor:
            found = await visitor.client.post("/verify", data=asked, headers={"origin": "null"})
            unread = await visitor.client.post("/verify/file", files=picture)

        assert 'data-verdict="valid"' in found.text
        assert "不是图片" in unread.text
        assert '<a href="/verify?lang=en"' in unread.text
        assert "set-cookie" not in found.headers

    async def test_finds_a_number_with_small_letters_as_it_is_printed(self, house):
        line = await a_certificate()
        other = line.number[:-1]
        await Certificate.update({"number": f"{other}x"}).where(Certificate.id == line.id)
        async with a_visit(house, await an_officer()) as visitor:
            found = await visitor.send("/verify", "/verify", {"number": f"{other}x", "name": NAME})
            wrong = await visitor.send("/verify", "/verify", {"number": f"{other}X", "name": NAME})
            listed = await visitor.get(f"/desk/certificates?q={other}x")

        assert 'id="verdict"' in found.text
        assert "没有查到" in wrong.text
        assert "没有符合条件" not in listed.text

    @pytest.mark.parametrize("pattern", ["JN{year}（{serial}）号", "JN({year}){serial}"])
    async def test_finds_a_number_and_an_id_however_wide_they_are_typed(self, house, pattern):
        template = TemplateFacts(kind=CertificateKind.ABILITY, effective_on=DAY, pattern=pattern)
        await issuers.set_template(template, by=SYSTEM, at=AT)
        line = await a_certificate()
        narrow = line.number.translate(str.maketrans("（）", "()"))
        rows: list[dict[str, Any]] = [
            {"number": typed, "name": NAME}
            for typed in (line.number, narrow, widened(line.number.lower()))
        ]
        rows.append({"id": widened(printed_id(line.verification_id))})
        rows.append({"id": line.verification_id, "number": widened(line.number)})
        async with a_visit(house) as visitor:
            page = await visitor.send("/verify", "/verify", rows[2])

        assert 'data-verdict="valid"' in page.text
        assert [row["verdict"] for row in await answers_to(house, rows)] == ["valid"] * 5

    @pytest.mark.parametrize("name", ["A. Smith", "A.买买提", "J.K.罗琳"])
    async def test_finds_the_holder_whose_name_has_a_full_stop(self, house, name):
        line = await a_certificate(name=name)
        one = {"number": line.number, "name": name}
        rows = [one, {"id": line.verification_id, "name": name}]
        rows.append({"qr_text": await symbol_of(line), "name": name})
        async with a_visit(house) as visitor:
            page = await visitor.send("/verify", "/verify", one)
            answer = await visitor.client.post("/api/v1/verify", json={"rows": rows})
            credential = await visitor.client.post(
                f"/v/{line.verification_id}.credential.json", data={"name": name}
            )

        assert 'data-verdict="valid"' in page.text
        assert [row["verdict"] for row in answer.json()["rows"]] == ["valid"] * 3
        assert credential.status_code == 200

    async def test_gives_one_answer_for_a_wrong_name_and_an_unknown_number(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            wrong = await visitor.send(
                "/verify", "/verify", {"number": line.number, "name": "李四"}
            )
            unknown = await visitor.send(
                "/verify", "/verify", {"number": "2652000000600099", "name": "李四"}
            )

        assert wrong.text.replace(line.number, "") == unknown.text.replace("2652000000600099", "")
        assert "没有查到" in wrong.text

    async def test_gives_that_answer_for_a_damaged_row_too_and_answers_the_others(
        self, house, damage
    ):
        line, sound = await issued(some_facts(2))
        await engine.run_each(f"UPDATE certificate SET {damage} WHERE id = ?", [[line.id]])
        rows = [{"number": one.number, "name": one.name} for one in (line, sound)]
        async with a_visit(house) as visitor:
            form = {"number": line.number, "name": line.name}
            page = await visitor.send("/verify", "/verify", form)
        found = [(row["verdict"], row.get("reason")) for row in await answers_to(house, rows)]

        assert page.status_code == 200
        assert "没有查到" in page.text
        assert found == [("unregistered", "not_found"), ("valid", None)]

    async def test_calls_a_damaged_row_uncertain_by_id_and_by_symbol(self, house, damage):
        line = await a_certificate()
        text = await symbol_of(line)
        await engine.run_each(f"UPDATE certificate SET {damage} WHERE id = ?", [[line.id]])
        named = {"id": line.verification_id, "name": NAME}
        rows = [{"id": line.verification_id}, named, {"qr_text": text}, named | {"name": "李四"}]

        found = [(row["verdict"], row.get("reason")) for row in await answers_to(house, rows)]

        assert found == [("uncertain", "register_damaged")] * 3 + [("unregistered", "not_found")]

    async def test_limits_tries_with_one_number(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            form = {"number": line.number, "name": "李四"}
            found = [await visitor.send("/verify", "/verify", form) for _ in range(6)]

        assert [answer.status_code for answer in found] == [200] * 5 + [429]
        assert 0 < int(found[-1].headers["retry-after"]) <= 3600
        assert "这个编号查询次数过多，请过 60 分钟再试" in found[-1].text

    async def test_limits_names_tried_with_one_id_in_a_list(self, house):
        line = await a_certificate()
        wrong = [{"id": line.verification_id, "name": f"张{place}"} for place in range(4)]
        right = {"id": line.verification_id, "name": NAME}
        rows = [*wrong, *[right] * 3, wrong[0], right]

        found = [(row["verdict"], row.get("reason")) for row in await answers_to(house, rows)]

        assert found == [
            *[("unregistered", "not_found")] * 4,
            *[("valid", None)] * 3,
            ("unregistered", "not_found"),
            ("uncertain", "too_many_tries"),
        ]

    async def test_vouches_for_no_number_or_id_beside_that_of_another(self, house):
        line, other = await issued(some_facts(2))
        text = await symbol_of(line)
        rows = [
            {"id": line.verification_id, "number": "2652000000600099"},
            {"id": line.verification_id, "number": f" {line.number.lower()} "},
            {"qr_text": text, "number": other.number, "name": line.name},
            {"qr_text": text, "id": other.verification_id},
            {"qr_text": text, "id": "x"},
            {"qr_text": text, "id": printed_id(line.verification_id), "number": line.number},
        ]

        found = [(row["verdict"], row.get("reason")) for row in await answers_to(house, rows)]

        differs, agrees = ("uncertain", "row_differs"), ("valid", None)
        assert found == [differs, agrees, differs, differs, differs, agrees]

    async def test_answers_an_address_without_its_signature_as_its_id(self, house):
        line = await a_certificate()
        bare, digits = (await symbol_of(line)).split("#")
        rows: list[dict[str, Any]] = [
            {"qr_text": bare},
            {"qr_text": f"{bare}#", "name": NAME},
            {"qr_text": bare, "name": "李四"},
            {"qr_text": bare, "type": 2},
            {"qr_text": bare[:-1] + "~"},
            {"qr_text": bare.replace(HOST, "evil.example")},
            {"qr_text": f"https://evil.example/v/{line.verification_id}#{digits}"},
            {"qr_text": f"https://{HOST}/v/0123456789ABCDEF#{digits}"},
            {"qr_text": f"http://{HOST}/v/{line.verification_id}#{digits}"},
            {"qr_text": "https://[/v/1#1"},
            {"qr_text": f"{bare}#wechat_redirect"},
            {"qr_text": f"https://{HOST}/verify#log=c3RyYW5n"},
            {"qr_text": "SF1234567890123"},
        ]

        answered = await answers_to(house, rows)

        assert [(row["verdict"], row.get("reason")) for row in answered] == [
            ("valid", None),
            ("valid", None),
            ("unregistered", "not_found"),
            ("unregistered", "wrong_type"),
            ("unregistered", "not_found"),
            ("uncertain", "not_ours"),
            ("uncertain", "address"),
            ("uncertain", "address"),
            ("uncertain", "address"),
            ("forged", "bad_signature"),
            ("valid", None),
            ("uncertain", "not_ours"),
            ("uncertain", "not_ours"),
        ]
        assert answered[0]["certificate"]["name"] == "阿**"
        assert "name" not in answered[0]

    async def test_counts_no_number_that_none_can_have(self, house):
        rows = [{"number": "9" * 61, "name": "李四"}] * 6

        found = {row["reason"] for row in await answers_to(house, rows)}

        assert found == {"not_found"}

    async def test_leads_from_a_typed_code_to_its_page(self, house):
        line = await a_certificate()
        async with a_visit(house) as visitor:
            right = await visitor.get(f"/verify?id={printed_id(line.verification_id)}")
            wrong = await visitor.get("/verify?id=12")

        assert right.headers["location"] == f"/v/{line.verification_id}"
        assert "16 位" in wrong.text

    async def test_answers_many_at_once_with_a_reason_each(self, house):
        line = await a_certificate()
        text = await symbol_of(line)
        rows = [
            {"number": line.number, "name": NAME},
            {"number": line.number, "name": "李四"},
            {"number": "unknown", "name": "李四"},
            {"id": line.verification_id.lower(), "type": 1},
            {"id": line.verification_id, "type": 2},
            {"qr_text": text},
            {"qr_text": text[:-1] + str((int(text[-1]) + 1) % 10)},
            {"qr_text": text, "name": "李四"},
            {},
        ]
        async with a_visit(house) as visitor:
            answer = await visitor.client.post("/api/v1/verify", json={"rows": rows})

        found = [(row["verdict"], row.get("reason", "")) for row in answer.json()["rows"]]
        assert found == [
            ("valid", ""),
            ("unregistered", "not_found"),
            ("unregistered", "not_found"),
            ("valid", ""),
            ("unregistered", "wrong_type"),
            ("valid", ""),
            ("forged", "bad_signature"),
            ("uncertain", "name_differs"),
            ("uncertain", "bad_row"),
        ]

    async def test_takes_a_thousand_rows_and_no_more(self, house):
        async with a_visit(house) as visitor:
            answer = await visitor.client.post(
                "/api/v1/verify", json={"rows": [{"id": "x"}] * 1001}
            )

        assert answer.status_code == 422

    async def test_takes_what_is_nested_beyond_reading_for_malformed(self, house):
        async with a_visit(house) as visitor:
            answer = await visitor.client.post(
                "/api/v1/verify",
                content=b"[" * 100_000,
                headers={"content-type": "application/json"},
            )

        assert answer.status_code == 400


class TestThePaper:
    async def test_carries_the_symbol_at_its_size_and_is_read_from_it(self, house):
        line = await a_certificate()
        officer = await an_officer()
        async with a_visit(house, officer) as visitor:
            pdf = (await visitor.get(f"/desk/certificates/{line.id}/pdf")).content
            checked = await visitor.send(
                "/verify", "/verify/file", {}, file=("a.pdf", pdf, "application/pdf")
            )

        assert (await scanning.symbol_in(pdf)).text == await symbol_of(line)
        page, _, digits = (await symbol_of(line)).partition("#")
        assert f'<a href="{page.removeprefix(f"https://{HOST}")}?lang=en#{digits}"' in checked.text
        picture = pypdfium2.PdfDocument(pdf)[0].render(scale=300 / 72).to_pil()
        [code] = pyzbar.decode(picture)
        assert code.data.decode() == await symbol_of(line)
        modules = len(symbol.draw(code.data.decode()).rows)
        assert code.rect.width / 300 * 25.4 / modules == pytest.approx(0.53, abs=0.01)
        assert 'data-verdict="valid"' in checked.text
        assert NAME in checked.text

    async def test_is_read_by_two_readers_though_blurred_tilted_noisy_and_torn(self, house):
        line = await a_certificate()
        text = await symbol_of(line)
        picture = rendered(
            await printing.pdf_of([await register.certificate(line.id)], is_demo=False)
        )

        for harm in ("clean, 300 dpi", "150 dpi", "blur 0.15 mm", "tilt 10 degrees", "blot 2 %"):
            seen = HARMS[harm](picture, Random(1))
            assert [read(seen) for read in READERS.values()] == [{text}] * 2, harm
        for harm in ("blur 0.25 mm", "noise 60", "shadow to 40 %", "photo: all, mild"):
            assert READERS["zxing-cpp"](HARMS[harm](picture, Random(1))) == {text}, harm

    async def test_comes_as_one_file_and_as_many(self, house):
        lines = await issued(some_facts(43))  # More than one worker is given at once.
        officer = await an_officer()
        async with a_visit(house, officer) as visitor:
            answer = await visitor.get(f"/desk/certificates/batches/{lines[0].batch_id}/pdf")
            packed = (
                await visitor.get(f"/desk/certificates/batches/{lines[0].batch_id}/zip")
            ).content

        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["cache-control"] == "no-store"
        pages = [
            page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content)
        ]
        assert len(pages) == 43
        assert all(line.number in page for line, page in zip(lines, pages, strict=True))
        archive = zipfile.ZipFile(io.BytesIO(packed))
        found = [symbol_reader.symbols(archive.read(name), inf) for name in archive.namelist()]
        assert {seen.texts[0] for seen in found} == {await symbol_of(line) for line in lines}

    @pytest.mark.parametrize("lost", ["signature", "address"])
    async def test_is_not_vouched_for_by_half_a_symbol(self, house, lost):
        line = await a_certificate()
        bare, digits = (await symbol_of(line)).split("#")
        text = bare if lost == "signature" else f"{bare.replace(HOST, 'evil.example')}#{digits}"
        picture = io.BytesIO()
        qrcode.make(text).get_image().save(picture, "PNG")
        async with a_visit(house) as visitor:
            page = await visitor.send(
                "/verify", "/verify/file", {}, file=("a.png", picture.getvalue(), "image/png")
            )

        if lost == "signature":
            assert page.headers["location"] == f"/v/{line.verification_id}"
        else:
            assert 'data-verdict="uncertain"' in page.text
            assert "网址不是本站的" in page.text

    async def test_is_refused_where_there_is_no_symbol(self, house):
        async with a_visit(house) as visitor:
            page = await visitor.send(
                "/verify", "/verify/file", {}, file=("a.txt", b"no picture", "text/plain")
            )

        assert page.status_code == 422


class TestTheDesk:
    async def test_revokes_restores_and_reissues(self, house):
        line = await a_certificate()
        desk = f"/desk/certificates/{line.id}"
        async with a_visit(house, await an_officer()) as visitor:
            bare = await visitor.send(
                desk, f"{desk}/revocation", {"version": 1, "code": "", "reason": ""}
            )
            form = {"version": 1, "code": "fraud", "reason": "代考"}
            assert (await visitor.send(desk, f"{desk}/revocation", form)).status_code == 303
            stale = await visitor.send(
                desk, f"{desk}/restoration", {"version": 1, "reason": "误撤"}
            )
            back = await visitor.send(desk, f"{desk}/restoration", {"version": 2, "reason": "误撤"})
            again = await visitor.send(desk, f"{desk}/reissue", {"version": 3, "reason": "遗失"})
            shown = await visitor.get(desk)

        assert bare.status_code == stale.status_code == 422
        assert "请选择撤销原因" in bare.text
        assert back.status_code == again.status_code == 303
        assert "补发证书" in shown.text

    async def test_corrects_and_shows_why_it_will_not(self, house):
        line = await a_certificate()
        desk = f"/desk/certificates/{line.id}/correction"
        form = {
            "version": 1,
            "name": "李四",
            "title": "中国刺梨",
            "issued_on": "2026-11-20",
            "reason": "错字",
        }
        async with a_visit(house, await an_officer()) as visitor:
            refused = await visitor.send(desk, desk, form)
            done = await visitor.send(desk, desk, form | {"title": "刺梨"})

        assert "中国" in refused.text
        assert refused.status_code == 422
        assert done.status_code == 303

    @pytest.mark.parametrize("act", ["reissue", "revocation", "restoration"])
    async def test_keeps_a_refused_reason_in_its_own_form(self, house, act):
        line = await a_certificate()
        if act == "restoration":
            await revoke(line)
        desk, long = f"/desk/certificates/{line.id}", "遗失" * 300
        form = {"version": 1, "code": "fraud", "reason": long}
        async with a_visit(house, await an_officer()) as visitor:
            shown = await visitor.send(desk, f"{desk}/{act}", form)

        assert shown.status_code == 422
        [before, after] = shown.text.split(long)
        assert f"{desk}/{act}" in before.rpartition("<form")[2]
        assert 'href="#reason"' in before
        assert before.count('id="reason"') + after.count('id="reason"') == 1

    async def test_keeps_issuers_and_number_templates(self, house):
        async with a_visit(house, await an_officer()) as visitor:
            base = "/desk/certificates"
            issuer = {"name": "某中心", "region_code": "520000", "words": "全国、中国"}
            unnamed = await visitor.send(f"{base}/issuers", f"{base}/issuers", issuer)
            odd = [
                await visitor.send(
                    f"{base}/issuers", f"{base}/issuers", issuer | {"words": ""} | part
                )
                for part in ({"body_code": "a-1"}, {"region_code": "52000a"})
            ]
            named = await visitor.send(
                f"{base}/issuers",
                f"{base}/issuers",
                issuer | {"authority": "人社部〔2026〕1号", "body_code": "ab１2"},
            )
            shown = await visitor.get(f"{base}/issuers")
            tried = await visitor.get(f"{base}/numbers?pattern=S{{yy}}{{serial:3}}&serial=7")
            wrong = await visitor.get(f"{base}/numbers?pattern=s")
            template = {"kind": "1", "effective_on": "2026-01-01", "pattern": "{level}{serial:3}"}
            level = await visitor.send(f"{base}/numbers", f"{base}/numbers", template)
            template = {"kind": "1", "effective_on": "2026-01-01", "pattern": "S{yy}{serial:3}"}
            kept = await visitor.send(f"{base}/numbers", f"{base}/numbers", template)
            keys = await visitor.get(f"{base}/keys")

        assert (unnamed.status_code, named.status_code, kept.status_code) == (422, 303, 303)
        assert "全国、中国" in shown.text
        assert [answer.status_code for answer in odd] == [422, 422]
        assert (await offices.issuers())[0].body_code == "AB12"
        assert (level.status_code, "一个等级一个模板" in level.text) == (422, True)
        assert "S26007" in tried.text
        assert "不能使用" in wrong.text
        assert keys.status_code == 200

    async def test_goes_on_with_a_batch_that_was_stopped(self, house):
        [line] = await issued(some_facts(1))
        order = await actions.order_batch(
            kind=1, basis=BASIS, issuer=1, title=TITLE, claims=some_facts(2), by=SYSTEM, at=AT
        )
        kept = log.remembered()
        (house / "log.checkpoint").write_text("something else")
        await batches.run(order)
        (house / "log.checkpoint").write_text(kept)
        batch = f"/desk/certificates/batches/{order}"
        async with a_visit(house, await an_officer()) as officer:
            stopped = await officer.get(batch)
            async with batches._running[order]:  # It waits, as a long one would.
                await officer.send(batch, f"{batch}/continuation")
                running = await officer.get(batch)
            await background.settle()
            done = await officer.get(batch)

        assert "证书日志" in stopped.text
        assert "refresh" not in stopped.headers
        assert running.headers["refresh"] == "2"
        assert "已签发 1 张，共 1 张" in done.text
        assert len(await lines_of()) == 2
        assert line.status.value == "valid"

    async def test_lets_an_auditor_read_a_stopped_batch_and_no_more(self, house):
        [line] = await issued(some_facts(1))
        await CertificateBatch.update({"state": "stopped"}, force=True)
        batch = f"/desk/certificates/batches/{line.batch_id}"
        async with a_visit(house, await an_officer(Duty.AUDITOR)) as auditor:
            read = await auditor.get(batch)
            refused = await auditor.send(batch, f"{batch}/continuation")

        assert f"{batch}/continuation" not in read.text
        assert "由证书管理员或组织者继续" in read.text
        assert refused.status_code == 403

    async def test_lists_and_filters(self, house):
        await issued(
            [ClaimFacts(name="李四", issued_on=DAY), ClaimFacts(name="王五", issued_on=DAY)]
        )
        async with a_visit(house, await an_officer()) as visitor:
            found = await visitor.get("/desk/certificates?q=李")
            none = await visitor.get("/desk/certificates?status=revoked")

        assert "李四" in found.text
        assert "王五" not in found.text
        assert "没有符合条件的证书" in none.text

    async def test_gives_the_register_as_a_workbook(self, house):
        line = await a_certificate(name="=1+1")
        async with a_visit(house, await an_officer()) as visitor:
            sent = await visitor.get("/desk/certificates/register.xlsx")

        rows = list(load_workbook(io.BytesIO(sent.content)).active.iter_rows(values_only=True))
        assert rows[1][1:4] == (line.number, "专项职业能力证书", "=1+1")

    async def test_is_not_for_strangers(self, house):
        line = await a_certificate()
        async with a_visit(house) as stranger:
            assert (await stranger.get(f"/desk/certificates/{line.id}")).status_code == 303


class TestTheKeys:
    async def test_are_changed_by_two_persons(self, house):
        await a_certificate()
        [key] = await queries.keys()
        form = {"act": "retire", "kid": key.kid, "reason": "每年更换", "from_index": ""}
        async with a_visit(house, await an_officer()) as officer:
            keys = "/desk/certificates/keys"
            empty = await officer.send(keys, keys, form | {"reason": ""})
            asked = await officer.send(keys, keys, form)
            shown = (await officer.get(keys)).text
            alone = await officer.send(keys, f"{keys}/proposals/1/approval")
            taken = await officer.send(keys, f"{keys}/proposals/1/decline")

        assert (empty.status_code, asked.status_code, alone.status_code) == (422, 303, 422)
        assert "每年更换" in shown
        assert "要由您以外的另一位" in shown
        assert taken.status_code == 303
        assert (await queries.keys())[0].status.value == "active"


class TestTheNotice:
    async def test_prints_the_root_of_the_day(self, house):
        await issued(some_facts(2))
        head, _ = await tiles.latest_checkpoint()
        async with a_visit(house) as visitor:
            today = await visitor.get("/log/notice")
            before = await visitor.get("/log/notice/2020-01-01")
            after = await visitor.get("/log/notice/9999-12-31")

        for group in (head.root.hex()[:4], head.root.hex()[-4:], "记录数", HOST):
            assert group in today.text
        assert (before.status_code, after.status_code) == (404, 404)

    async def test_counts_what_that_days_checkpoints_covered(self, house):
        line = (await issued(some_facts(2)))[0]
        await LogCheckpoint.update({"at": clock.now() - timedelta(days=1)}, force=True)
        await revoke(line, clock.now())
        today = clock.now().astimezone(clock.SHANGHAI).date()

        found = [await notices.of_day(today - timedelta(days=ago)) for ago in (1, 0)]

        assert [(one.issued, one.ended, one.is_last) for one in found] == [
            (2, 0, False),
            (0, 1, True),
        ]

    async def test_is_not_for_whoever_asks_without_end(self, house):
        await issued(some_facts(1))
        async with a_visit(house) as visitor:
            found = [await visitor.get("/log/notice") for _ in range(61)]

        assert [answer.status_code for answer in found] == [200] * 60 + [429]


class TestInstants:
    def test_are_written_in_utc(self):
        assert answers.instant(0) == "1970-01-01T00:00:00Z"
        assert answers.instant(None) is None


class TestTheList:
    async def test_shows_each_officer_their_own_sitting(self, house):
        await issued([ClaimFacts(name="李四", issued_on=DAY)], basis="assessments.sitting:1")
        await issued([ClaimFacts(name="王五", issued_on=DAY)], basis="assessments.sitting:2")
        async with write_transaction():
            account = await accounts.create_account_within(
                sign_in_name="one", name="一号", by=SYSTEM, at=AT
            )
            grant = Grant(Duty.CERTIFICATE_OFFICER, Scope("sitting", "2"), AT)
            await grants.grant_within(account, grant, by=SYSTEM, at=AT)
        async with a_visit(house, Actor(account, "一号")) as visitor:
            found = await visitor.get("/desk/certificates")
            other = (await register.certificates_of("assessments.sitting:1"))[0]
            refused = await visitor.get(f"/desk/certificates/{other.id}")

        assert "王五" in found.text
        assert "李四" not in found.text
        assert refused.status_code == 403
