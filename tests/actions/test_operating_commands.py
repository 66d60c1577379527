"""The operator's verbs: migrate, check, backup, restore, settings."""

import asyncio
import json
import shutil
import socket
import sqlite3
import warnings
from pathlib import Path

import pytest

from app.__main__ import main
from app.accounts import queries
from app.commands import greeting
from app.commands.running import in_house
from app.demo import accounts as demo_accounts
from app.rules.actors import Duty
from app.settings import BadSetting, load
from app.web import clock
from tests import databases


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a house that has been migrated."""
    monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path / "var"))
    assert main(["migrate"]) == 0
    return tmp_path / "var"


@pytest.fixture
def seeded(seeded_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of the demonstration."""
    shutil.copytree(seeded_folder, tmp_path / "var")
    monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def edit(folder: Path, *statements: str) -> None:
    with sqlite3.connect(folder / "xiangjiang.sqlite") as database:
        for statement in statements:
            database.execute(statement)
    database.close()


class TestMigrate:
    def test_says_what_it_did_and_does_it_once(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path))

        assert main(["migrate"]) == 0
        assert "the tables as the house opens" in said(capsys)

        assert main(["migrate"]) == 0
        assert said(capsys) == "数据库结构已是最新。\n"


class TestInvite:
    def test_prints_a_link_that_sets_a_password(self, folder, capsys):
        in_house(greeting.greeting)
        said(capsys)

        assert main(["invite", "admin", "--reason", "忘记密码"]) == 0

        told = said(capsys)
        token = told.split("/invitations/")[1].split()[0]
        assert "登录名 admin" in told
        assert in_house(lambda _: queries.open_invitation(token, clock.now())) is not None

    def test_says_who_is_unknown_and_wants_a_reason(self, folder, capsys):
        assert main(["invite", "nobody", "--reason", "忘记密码"]) == 1
        assert said(capsys) == "没有登录名为“nobody”的账号。\n"
        with pytest.raises(SystemExit) as usage:
            main(["invite", "admin"])
        assert usage.value.code == 2

    def test_lets_an_administrator_in_again(self, folder, capsys):
        in_house(greeting.greeting)
        edit(folder, "UPDATE account SET is_closed = 1", "DELETE FROM duty_grant")

        assert main(["invite", "admin", "--reason", "都已停用"]) == 1
        assert "--administrator" in said(capsys)
        assert main(["invite", "admin", "--reason", "都已停用", "--administrator"]) == 0

        line = in_house(lambda _: queries.account(1))
        assert not line.is_closed
        assert [item.duty for item in line.grants] == [Duty.ADMINISTRATOR]


class TestDataFolder:
    def test_may_have_any_name(self, tmp_path, monkeypatch):
        folder = tmp_path / "2026#乡匠 ?100%25"
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(folder))

        assert main(["migrate"]) == 0
        assert main(["check"]) == 0

        assert (folder / "xiangjiang.sqlite").is_file()
        assert [path.name for path in tmp_path.iterdir()] == [folder.name]

    @pytest.mark.parametrize("form", ["sqlite:///{}", "sqlite://{}", "sqlite:{}"])
    def test_may_hold_a_database_that_is_named(self, tmp_path, monkeypatch, form):
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("XIANGJIANG_DATABASE_URL", form.format(tmp_path / "named.sqlite"))

        assert main(["migrate"]) == 0
        assert (tmp_path / "named.sqlite").is_file()


class TestWhatCannotBeReached:
    def test_is_named_with_what_to_do(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path))
        for url, says in (
            ("mysql://a:secret@host/name", "不认识“mysql”这种数据库地址"),
            ("mysql:a:secret@host/name", "不认识“mysql”这种数据库地址"),
            ("postgres://a:secret@127.0.0.1:1/name", "连不上数据库 127.0.0.1:1/name"),
        ):
            monkeypatch.setenv("XIANGJIANG_DATABASE_URL", url)

            with warnings.catch_warnings(action="ignore"):  # Piccolo's own, of the same trouble
                assert main(["migrate"]) == 1

            assert says in (text := said(capsys))
            assert "secret" not in text

    @pytest.mark.parametrize(
        ("parameter", "says"),
        [
            ("sslmode=require", "rejected SSL upgrade"),
            ("search_path=a&no_such_parameter=1", "no_such_parameter"),
            ("sslmode=nonsense", "sslmode"),
        ],
    )
    def test_is_a_server_that_lacks_what_its_address_asks_for(
        self, postgres, parameter, says, tmp_path, capsys, monkeypatch
    ):
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("XIANGJIANG_DATABASE_URL", f"{postgres}/house?{parameter}")

        with warnings.catch_warnings(action="ignore"):  # Piccolo's own, of the same trouble
            assert main(["check"]) == 1

        text = said(capsys)
        assert f"连不上数据库 {postgres.partition('@')[2]}/house：" in text
        assert says in text

    def test_is_a_folder_that_cannot_be_made(self, capsys, monkeypatch):
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", "/proc/nothing")

        assert main(["migrate"]) == 1
        assert "无法读写 /proc/nothing" in said(capsys)

    def test_is_a_port_where_somebody_serves(self, folder, capsys, monkeypatch):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            monkeypatch.setenv("XIANGJIANG_PORT", str(other.getsockname()[1]))

            assert main(["serve"]) == 1

        assert "端口若已被占用，请停掉那个程序" in said(capsys)


class TestWithoutTheSettingsOfTheService:
    @pytest.mark.parametrize(
        "words",
        [
            ("check",),
            ("backup", "b.zip"),
            ("certificates", "--json"),
            ("export", "regions", "r.xlsx"),
            ("log",),
            ("keys",),
        ],
    )
    def test_finds_no_house_and_makes_none(self, words, tmp_path, capsys, monkeypatch):
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("XIANGJIANG_DATA_DIR", raising=False)

        assert main(words) == 1

        out = said(capsys)
        assert f"{tmp_path}/var/xiangjiang.sqlite 没有数据库" in out
        assert "XIANGJIANG_DATA_DIR" in out
        assert list(tmp_path.iterdir()) == []

    def test_finds_no_house_in_an_empty_server(self, postgres, tmp_path, capsys, monkeypatch):
        url = asyncio.run(databases.empty_postgres(postgres, "no_house"))
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path / "var"))
        monkeypatch.setenv("XIANGJIANG_DATABASE_URL", url)

        assert main(["backup", str(tmp_path / "b.zip")]) == 1
        assert f"{url.partition('@')[2]} 没有数据库" in said(capsys)
        assert list(tmp_path.iterdir()) == []

        assert main(["migrate"]) == 0
        assert main(["backup", str(tmp_path / "b.zip")]) == 0


class TestWhatIsDamaged:
    """It is named in a sentence; nobody is shown a traceback."""

    def test_is_the_secret_key(self, folder, capsys):
        (folder / "secret.key").write_bytes(b"short")

        assert main(["check"]) == 1
        assert f"{folder}/secret.key 不是密钥文件：应为 32 字节，现为 5 字节" in said(capsys)

    @pytest.mark.parametrize("words", [("check",), ("serve",), ("restore", "none.zip")])
    def test_is_the_database(self, words, folder, capsys):
        (folder / "xiangjiang.sqlite").write_bytes(b"no database" * 1000)
        said(capsys)

        assert main(words) == 1
        assert "数据库出了问题，没有办成：file is not a database" in said(capsys)

    def test_is_the_database_of_a_server(self, postgres, tmp_path, capsys, monkeypatch):
        url = asyncio.run(databases.copied_postgres(postgres, "damaged"))
        asyncio.run(databases._execute(url, "ALTER TABLE person DROP COLUMN id_sealed"))
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path / "var"))
        monkeypatch.setenv("XIANGJIANG_DATABASE_URL", url)

        assert main(["backup", str(tmp_path / "b.zip")]) == 1
        assert "数据库出了问题" in said(capsys)

    def test_is_a_checkpoint_to_remember(self, folder, tmp_path, capsys):
        (tmp_path / "note").write_bytes(b"\xff\xfe\x00")

        assert main(["log", "remember", str(tmp_path / "note")]) == 1
        assert "检查点" in said(capsys)


class TestCheck:
    def test_finds_a_sound_house_sound(self, folder, capsys):
        assert main(["check"]) == 0
        assert said(capsys).count("正常") == 4

        assert main(["check", "--json"]) == 0
        assert json.loads(said(capsys)) == {"schema": [], "journal": [], "ledgers": [], "log": []}

    def test_names_an_edited_record_of_the_journal(self, seeded, capsys):
        edit(seeded, "UPDATE audit_record SET reason = '改过' WHERE number = 3")

        assert main(["check", "--json"]) == 1
        found = json.loads(said(capsys))
        assert [problem for problem in found["journal"] if "3" in problem]
        assert found["ledgers"] == found["log"] == found["schema"] == []

    @pytest.mark.parametrize("table", ["ledger_record", "mark_head"])
    def test_names_a_mark_changed_behind_its_back(self, seeded, capsys, table):
        edit(
            seeded,
            f"UPDATE {table} SET value_e4 = value_e4 - 10000 WHERE id ="
            f" (SELECT id FROM {table} WHERE value_e4 > 10000 LIMIT 1)",
        )

        assert main(["check"]) == 1
        out = said(capsys)
        assert "评分账册：有问题" in out
        assert "操作日志：正常" in out

    def test_names_a_table_that_is_missing(self, folder, capsys):
        edit(folder, "DROP TABLE region_listing")
        said(capsys)

        assert main(["check"]) == 1
        assert "region_listing" in said(capsys)

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM journal_head",
            "INSERT INTO journal_head (number, hash) SELECT number, hash FROM journal_head",
        ],
    )
    def test_names_a_journal_that_cannot_go_on(self, seeded, capsys, statement):
        edit(seeded, statement)

        assert main(["check"]) == 1
        out = said(capsys)
        assert "操作日志：有问题" in out
        assert "heads" in out

    def test_names_a_file_that_is_damaged(self, seeded, capsys):
        with sqlite3.connect(seeded / "xiangjiang.sqlite") as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [(root,)] = database.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = 'organization'"
            ).fetchall()
            [(size,)] = database.execute("PRAGMA page_size").fetchall()
        database.close()
        with (seeded / "xiangjiang.sqlite").open("r+b") as file:
            file.seek((root - 1) * size)
            file.write(b"\xff" * size)
        said(capsys)

        assert main(["check", "--json"]) == 1
        found = json.loads(said(capsys))
        assert list(found) == ["schema"]
        assert "已损坏" in found["schema"][0]

    def test_names_rows_that_lead_nowhere_and_looks_at_the_rest(self, seeded, capsys):
        edit(seeded, "DELETE FROM competition", "UPDATE audit_record SET reason = 'x'")

        assert main(["check", "--json"]) == 1
        found = json.loads(said(capsys))
        assert [line for line in found["schema"] if "competition" in line and "没有的行" in line]
        assert found["journal"]


class TestBackupAndRestore:
    def test_carries_the_house_to_another_machine(self, seeded, capsys, monkeypatch, tmp_path):
        assert main(["backup", str(tmp_path / "house.zip")]) == 0
        key = (seeded / "secret.key").read_bytes()
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path / "elsewhere"))

        assert main(["restore", str(tmp_path / "house.zip")]) == 0
        assert (tmp_path / "elsewhere" / "secret.key").read_bytes() == key
        assert main(["check"]) == 0
        said(capsys)

        assert main(["restore", str(tmp_path / "house.zip")]) == 1
        assert "--replace" in said(capsys)

    def test_takes_a_house_that_holds_nothing_for_empty(self, folder, tmp_path, capsys):
        assert main(["backup", str(tmp_path / "house.zip")]) == 0
        assert main(["check"]) == 0
        assert main(["restore", str(tmp_path / "house.zip")]) == 0

        in_house(lambda _: demo_accounts.create(clock.now()))
        assert main(["restore", str(tmp_path / "house.zip")]) == 1
        assert "--replace" in said(capsys)

    def test_says_which_key_could_not_be_written(self, folder, tmp_path, capsys, monkeypatch):
        assert main(["backup", str(tmp_path / "house.zip")]) == 0
        monkeypatch.setenv("XIANGJIANG_SECRET_KEY_FILE", "/proc/none/secret.key")
        said(capsys)

        assert main(["restore", str(tmp_path / "house.zip"), "--replace"]) == 1
        out = said(capsys)
        assert "无法读写 /proc/none" in out
        assert "没有恢复" not in out

    def test_leaves_the_keys_at_home_when_asked(self, folder, capsys, monkeypatch, tmp_path):
        assert main(["backup", str(tmp_path / "house.zip"), "--no-keys"]) == 0
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path / "elsewhere"))
        said(capsys)

        assert main(["restore", str(tmp_path / "house.zip")]) == 0
        assert "备份中没有密钥文件" in said(capsys)


class TestSettings:
    def test_show_the_value_and_hide_a_secret(self, folder, capsys, monkeypatch):
        monkeypatch.setenv("XIANGJIANG_DATABASE_URL", "postgres://house:wonder@127.0.0.1/house")
        said(capsys)

        assert main(["settings"]) == 0
        out = said(capsys)
        assert str(folder) in out
        assert "XIANGJIANG_DATABASE_URL=postgres://house:********@127.0.0.1/house" in out
        assert "wonder" not in out

    def test_hide_a_secret_that_stands_among_the_parameters(self, folder, capsys, monkeypatch):
        address = "postgres://house@127.0.0.1/house?user=house&password=won@der&sslmode=disable"
        monkeypatch.setenv("XIANGJIANG_DATABASE_URL", address)
        said(capsys)

        assert main(["settings"]) == 0
        assert "?user=house&password=********&sslmode=disable" in said(capsys)

    def test_show_what_holds_where_nothing_is_set(self, folder, capsys, monkeypatch):
        monkeypatch.setenv("XIANGJIANG_PORT", "8123")
        said(capsys)

        assert main(["settings", "--json"]) == 0
        shown = {item["name"]: item for item in json.loads(said(capsys))}
        values = {name.removeprefix("XIANGJIANG_"): item["value"] for name, item in shown.items()}
        assert values["DATABASE_URL"] == f"sqlite:///{folder}/xiangjiang.sqlite"
        assert values["PUBLIC_ORIGIN"] == "http://127.0.0.1:8123"
        assert values["LOG_KEY_FILE"] == f"{folder}/log.key"
        assert shown["XIANGJIANG_PUBLIC_ORIGIN"]["default"] == "http://127.0.0.1:<PORT>"
        assert all(item["meaning"] for item in shown.values())

    def test_name_the_one_that_cannot_be_used(self, folder, capsys, monkeypatch):
        monkeypatch.setenv("XIANGJIANG_PORT", "eighty")
        said(capsys)

        assert main(["check"]) == 1
        assert "XIANGJIANG_PORT=eighty" in said(capsys)

    @pytest.mark.parametrize(
        "origin",
        [
            "https://",
            "https:///",
            "https://x?y",
            "https://x#y",
            "https://u@h",
            "https://u:p@h",
            "https://a b",
            "https://x:",
            "https://x:0",
            "https://x:99999",
            "https://x/path",
            "https://.",
            "https://[::1",
            "ftp://x",
            "jineng.example.gov.cn",
        ],
    )
    @pytest.mark.parametrize("name", ["PUBLIC_ORIGIN", "VENUE_ORIGIN"])
    def test_take_an_origin_with_nothing_else_in_it(self, name, origin):
        with pytest.raises(BadSetting, match=f"XIANGJIANG_{name}="):
            load({f"XIANGJIANG_{name}": origin})

    @pytest.mark.parametrize(
        ("origin", "host"),
        [
            ("https://jineng.example.gov.cn", "jineng.example.gov.cn"),
            ("https://jineng.example.gov.cn:8443/", "jineng.example.gov.cn:8443"),
            ("http://127.0.0.1:8000", "127.0.0.1:8000"),
            ("https://技能.example.cn", "技能.example.cn"),
            ("http://[::1]:8000", "[::1]:8000"),
        ],
    )
    def test_take_every_origin(self, origin, host):
        assert load({"XIANGJIANG_PUBLIC_ORIGIN": origin}).public_host == host

    @pytest.mark.parametrize("proxies", ["localhost", "10.8.0.1/24", "127.0.0.1,0.0.0.0/0"])
    def test_take_addresses_and_networks_of_proxies(self, proxies):
        with pytest.raises(BadSetting, match="XIANGJIANG_TRUSTED_PROXIES="):
            load({"XIANGJIANG_TRUSTED_PROXIES": proxies})

    def test_give_the_host_of_the_hall_without_its_port(self):
        hosts = [
            load({"XIANGJIANG_VENUE_ORIGIN": origin}).venue_host
            for origin in ("https://pf.example.cn:8443", "https://pf.example.cn", "https://[::1]:8")
        ]
        assert hosts == ["pf.example.cn", "pf.example.cn", "[::1]"]


class TestSeed:
    @pytest.mark.usefixtures("seeded")
    def test_keeps_what_is_there(self, capsys):
        assert main(["seed"]) == 0
        assert "保持不变" in said(capsys)
        assert demo_accounts.PASSWORD not in said(capsys)

    def test_says_that_it_was_interrupted_and_what_to_do(self, folder, capsys):
        in_house(lambda _: demo_accounts.create(clock.now()))
        said(capsys)

        for _ in range(2):
            assert main(["seed"]) == 1
            out = said(capsys)
            assert "演示数据只写了一半" in out
            assert f"请删去数据目录 {folder}" in out


class TestGreeting:
    def greeting_with(self, monkeypatch: pytest.MonkeyPatch, demo: str) -> str:
        monkeypatch.setenv("XIANGJIANG_DEMO", demo)
        return in_house(greeting.greeting)

    def test_says_that_somebody_counts_after_the_lock(self, seeded, monkeypatch):
        assert "到“成绩”页计算，名次就出来了" in self.greeting_with(monkeypatch, "1")

    def test_warns_of_the_demonstration_outside_a_demonstration(self, seeded, monkeypatch):
        text = self.greeting_with(monkeypatch, "")
        assert "危险" in text
        assert str(seeded) in text
        assert "危险" not in self.greeting_with(monkeypatch, "1")

        edit(seeded, "UPDATE account SET password_hash = NULL WHERE id % 2 = 0")
        assert "危险" in self.greeting_with(monkeypatch, "")
        edit(seeded, "UPDATE account SET is_closed = 1")
        assert "危险" not in self.greeting_with(monkeypatch, "")

    @pytest.mark.usefixtures("folder")
    def test_warns_of_nothing_in_a_house_of_its_own(self, monkeypatch):
        assert "危险" not in self.greeting_with(monkeypatch, "")
