"""The operator's verbs: list certificates, verify one, keep keys."""

import asyncio
import json
import sqlite3
from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2
import pytest

from app.__main__ import main
from app.certificates import actions, bundle, printing, register, tiles
from app.certificates.actions import Change
from app.certificates.facts import ClaimFacts
from app.certificates.kinds import RevocationReason
from app.commands import certificates, keys, log, migrate, verify
from app.main import open_house
from app.rules.actors import SYSTEM
from app.settings import load
from app.web.clock import now
from tests.builders.certificates import AT, BASIS, DAY, issued, some_facts


def parsed(module: Any, *arguments: str) -> Namespace:
    parser = ArgumentParser()
    module.add(parser.add_subparsers())
    return parser.parse_args(arguments)


def run(module: Any, *arguments: str) -> int:
    chosen = parsed(module, *arguments)
    return int(chosen.run(chosen))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house of its own with two certificates, their paper, a bundle and a proof."""
    monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("XIANGJIANG_PUBLIC_ORIGIN", "https://verify.example.cn")

    async def work() -> None:
        async with open_house(load()):
            line = (await issued(some_facts(2)))[0]
            made = await bundle.make(now())
            (tmp_path / "offline.json").write_bytes(msgspec.json.encode(made))
            (tmp_path / "a.tlog-proof").write_text(await tiles.proof_of(line.leaf_index))
            detail = await register.certificate(line.id)
            (tmp_path / "a.pdf").write_bytes(await printing.pdf_of([detail], is_demo=True))

    asyncio.run(work())
    picture = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0].render(scale=2).to_pil()
    picture.save(tmp_path / "a.png")
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run(certificates, "certificates", *arguments, "--json") == 0
    return list(json.loads(capsys.readouterr().out))


class TestCertificates:
    def test_are_listed_as_the_contract_says(self, folder, capsys):
        first, second = listed(capsys, "--sitting", "1")

        assert set(first) == {
            "id", "url", "qr_text", "type", "number", "name", "title", "status", "issued_on",
        }  # fmt: skip
        assert first["url"] == f"https://verify.example.cn/v/{first['id']}"
        assert first["qr_text"].startswith(first["url"] + "#")
        assert (first["type"], first["status"], second["status"]) == (1, "valid", "valid")
        assert listed(capsys, "--event", "1") == []

    def test_are_listed_for_people(self, folder, capsys):
        assert run(certificates, "certificates") == 0

        assert capsys.readouterr().out.count("\tvalid\t") == 2


class TestVerify:
    @pytest.mark.parametrize("file", ["a.pdf", "a.png"])
    @pytest.mark.parametrize(
        "how",
        [(), ("--bundle", "offline.json"), ("--bundle", "offline.json", "--proof", "a.tlog-proof")],
    )
    def test_reads_the_paper(self, folder, capsys, monkeypatch, file, how):
        monkeypatch.chdir(folder)

        assert run(verify, "verify", file, *how, "--json") == 0

        found = json.loads(capsys.readouterr().out)
        assert (found["verdict"], found["claim"]["number"]) == ("valid", "2652000000600001")
        is_known = how == () or "--proof" in how
        assert (bool(found["first_logged_at"]), found["late"]) == (is_known, is_known)
        assert run(verify, "verify", file, *how) == 0
        assert ("补登" in capsys.readouterr().out) is is_known

    def test_reads_an_address_and_refuses_a_changed_one(self, folder, capsys, monkeypatch):
        monkeypatch.chdir(folder)
        text = listed(capsys)[0]["qr_text"]

        assert run(verify, "verify", text, "--bundle", "offline.json") == 0
        assert "有效" in capsys.readouterr().out
        assert run(verify, "verify", text[:-1], "--bundle", "offline.json") == 1
        assert "无法通过验证" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("name", "content", "says"),
        [
            ("none.tlog-proof", None, "无法读写 none.tlog-proof"),
            ("torn.tlog-proof", b"\xff\xfe\x00", "日志证明不成立"),
        ],
    )
    def test_blames_the_proof_for_what_is_wrong_with_it(
        self, folder, capsys, monkeypatch, name, content, says
    ):
        monkeypatch.chdir(folder)
        if content:
            (folder / name).write_bytes(content)

        assert main(["verify", "a.png", "--bundle", "offline.json", "--proof", name]) == 1

        out = capsys.readouterr().out
        assert says in out
        assert "密钥包不能用" not in out

    def test_says_that_only_the_register_was_asked(self, folder, capsys, monkeypatch):
        monkeypatch.chdir(folder)
        bare = listed(capsys)[0]["url"]

        assert run(verify, "verify", f"{bare}#achievement") == 0  # As our own credentials say.
        assert run(verify, "verify", bare) == 0
        assert "没有核对纸面" in capsys.readouterr().out
        assert run(verify, "verify", bare, "--bundle", "offline.json") == 1
        assert "不联网不能确认" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("edit", "says"),
        [
            ("UPDATE certificate SET name = '李鬼'", "无法确认：登记与签名不一致"),
            ("UPDATE certificate SET kind = 9", "无法确认：登记被改动或损坏"),
            ("UPDATE certificate SET status = 'revoked'", "无法确认：登记的状态与公开日志不一致"),
            ("DELETE FROM certificate_log_checkpoint", "无法确认：刚刚签发，还没有纳入公开日志"),
            ("DELETE FROM certificate_log_leaf", "未登记：登记里有，公开的日志里却没有"),
            (
                "UPDATE certificate_issuing_key SET status = 'compromised', last_index = 0",
                "无法确认：签名的密钥当时已不可信",
            ),
        ],
    )
    def test_says_what_the_register_has_against_it(self, folder, capsys, edit, says):
        text = listed(capsys)[0]["qr_text"]
        with closing(sqlite3.connect(folder / "xiangjiang.sqlite")) as database:
            database.execute(edit)
            database.commit()

        assert run(verify, "verify", text) == 1
        assert capsys.readouterr().out.startswith(says)

    def test_says_why_it_was_revoked_and_by_what_it_was_corrected(self, folder, capsys):
        revoked, corrected = (one["qr_text"] for one in listed(capsys))

        async def work() -> None:
            async with open_house(load()):
                one, other = await register.certificates_of(BASIS)
                change = Change(certificate_id=one.id, seen_version=1, reason="代考")
                await actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=AT)
                change = Change(certificate_id=other.id, seen_version=1, reason="错字")
                new = ClaimFacts(name="李四", issued_on=DAY, result="合格")
                await actions.correct(change, new, by=SYSTEM, at=AT)

        asyncio.run(work())

        assert run(verify, "verify", revoked) == 1
        assert capsys.readouterr().out.startswith("已撤销：以不正当手段取得")
        assert run(verify, "verify", corrected) == 1
        assert capsys.readouterr().out.startswith("已更正：已被更正，请以新证书为准")

    @pytest.mark.parametrize("how", [(), ("--bundle", "offline.json")])
    def test_knows_a_symbol_that_is_no_certificate_s(self, folder, capsys, monkeypatch, how):
        monkeypatch.chdir(folder)

        assert run(verify, "verify", "https://verify.example.cn/verify#log=c3Ry", *how) == 1
        assert "无法确认：这不是证书的二维码" in capsys.readouterr().out

    def test_says_what_it_cannot_use(self, folder, capsys, monkeypatch):
        monkeypatch.chdir(folder)

        assert run(verify, "verify", "none.png") == 2
        assert run(verify, "verify", "a.png", "--bundle", "a.png") == 1
        assert "密钥包不能用" in capsys.readouterr().out


class TestKeys:
    def test_are_listed_and_changed_by_proposal(self, folder, capsys):
        assert run(keys, "keys", "--json") == 0
        [old] = json.loads(capsys.readouterr().out)["keys"]

        assert run(keys, "keys", "rotate", "--reason", "每年更换") == 0
        assert run(keys, "keys", "retire", old, "--reason", "不再使用") == 0
        assert run(keys, "keys", "compromised", old, "--from-index", "2", "--reason", "泄露") == 0
        assert capsys.readouterr().out.count("请另一人") == 3
        assert run(keys, "keys") == 0

        assert f"{old}  active" in capsys.readouterr().out


class TestLog:
    def test_is_shown_and_taken_up_after_a_lost_disk(self, folder, capsys):
        assert run(log, "log", "--json") == 0
        found = json.loads(capsys.readouterr().out)
        assert found["size"] == 3
        assert found["note"] == found["remembered"]
        (folder / "kept").write_text(found["note"])
        (folder / "log.key.checkpoint").unlink()

        assert run(log, "log", "remember", str(folder / "kept")) == 0
        assert "3 条" in capsys.readouterr().out
        (folder / "log.key.checkpoint").unlink()
        assert run(log, "log", "continue", "--reason", "没有再发") == 0
        assert run(log, "log") == 0
        assert "/log\n3\n" in capsys.readouterr().out


class TestSeals:
    def test_are_set_once_by_migrate_and_again_by_name(self, folder, capsys):
        def take_off() -> None:
            with closing(sqlite3.connect(folder / "xiangjiang.sqlite")) as database, database:
                database.execute("UPDATE certificate SET seal = NULL")

        take_off()
        assert run(migrate, "migrate") == 0
        assert "为 2 张旧证书补上了封记" in capsys.readouterr().out
        take_off()
        assert run(migrate, "migrate") == 0
        assert "封记" not in capsys.readouterr().out

        assert run(log, "log", "seal", "--reason", "换了密钥文件") == 0
        assert "加上了 2 张的封记" in capsys.readouterr().out
