"""The secret key and the database are a pair: neither is opened with another."""

import asyncio
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.__main__ import main
from app.audit.queries import journal_problems
from app.audit.tables import AuditRecord
from app.commands.running import in_house
from app.people.tables import Person, VaultKey
from app.people.vault_key import SecretKeyMissing, WrongSecretKey, open_key, open_new_key, replace
from app.rules.actors import SYSTEM
from app.storage import secret_key
from tests.builders.competitions import AT, a_competition, an_entry, an_event


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a house with persons in it."""
    monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path / "var"))
    assert main(["migrate"]) == 0
    in_house(lambda _: a_house_with_entries())
    return tmp_path / "var"


async def a_house_with_entries() -> None:
    competition_id = await a_competition()
    await an_entry(competition_id, await an_event(competition_id))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    capsys.readouterr()
    return main(words), capsys.readouterr().out


def of_an_earlier_release(folder: Path) -> None:
    """Take the fingerprint out of a database."""
    with closing(sqlite3.connect(folder / "xiangjiang.sqlite")) as database, database:
        database.execute("DELETE FROM vault_key")


@pytest.fixture(params=["bound", "of an earlier release"])
def house(request: pytest.FixtureRequest, folder: Path) -> Path:
    if request.param != "bound":
        of_an_earlier_release(folder)
    return folder


class TestHouse:
    def test_takes_no_other_key(self, house, capsys):
        (house / "secret.key").write_bytes(secrets.token_bytes(32))

        for verb in ("check", "migrate", "seed", "serve"):
            done, out = run(capsys, verb)
            assert done == 1
            assert f"{house}/secret.key 不是这个数据库的密钥" in out

    def test_makes_no_other_key(self, house, capsys, monkeypatch):
        monkeypatch.setenv("XIANGJIANG_SECRET_KEY_FILE", str(house / "secert.key"))

        for verb in ("check", "migrate", "serve"):
            done, out = run(capsys, verb)
            assert done == 1
            assert f"密钥文件 {house}/secert.key 不在" in out
        assert not (house / "secert.key").exists()

    def test_keeps_its_own(self, house, capsys):
        assert run(capsys, "migrate")[0] == 0
        assert run(capsys, "check")[0] == 0

    def test_takes_the_present_key_while_it_knows_nobody(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path))
        assert run(capsys, "migrate")[0] == 0
        (tmp_path / "secret.key").write_bytes(secrets.token_bytes(32))

        assert run(capsys, "log")[0] == 0

        (tmp_path / "secret.key").write_bytes(secrets.token_bytes(32))
        assert run(capsys, "log")[0] == 1

    def test_is_restored_with_its_key_or_asks_for_it(self, folder, tmp_path, capsys, monkeypatch):
        assert run(capsys, "backup", str(tmp_path / "with.zip"))[0] == 0
        assert run(capsys, "backup", str(tmp_path / "without.zip"), "--no-keys")[0] == 0
        elsewhere = tmp_path / "elsewhere"
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(elsewhere))

        done, out = run(capsys, "restore", str(tmp_path / "without.zip"))
        assert (done, f"请把原来的密钥文件放回 {elsewhere}/secret.key" in out) == (0, True)
        assert sorted(path.name for path in elsewhere.iterdir()) == ["xiangjiang.sqlite"]
        done, out = run(capsys, "check")
        assert (done, "secret.key 不在" in out) == (1, True)
        (elsewhere / "secret.key").write_bytes((folder / "secret.key").read_bytes())
        assert run(capsys, "check")[0] == 0

        (elsewhere / "secret.key").write_bytes(b"x" * 32)
        done, out = run(capsys, "restore", str(tmp_path / "with.zip"), "--replace")
        assert done == 0
        [kept] = elsewhere.glob("secret.key.*")
        assert f"原有的密钥文件与备份中的不同，另存为 {kept}" in out
        assert kept.read_bytes() == b"x" * 32
        assert run(capsys, "check")[0] == 0

    def test_goes_on_under_a_new_key_when_the_old_one_is_given_up(self, house, capsys):
        (house / "secret.key").unlink()

        assert run(capsys, "log", "seal", "--reason", "磁盘损坏")[0] == 1
        assert not (house / "secret.key").exists()
        assert run(capsys, "log", "seal", "--new-secret-key", "--reason", "磁盘损坏")[0] == 0

        assert run(capsys, "check")[0] == 0
        assert run(capsys, "migrate")[0] == 0
        with closing(sqlite3.connect(house / "xiangjiang.sqlite")) as database:
            told = "SELECT reason FROM audit_record WHERE act = 'people.vault.key_replaced'"
            assert database.execute(told).fetchall() == [("磁盘损坏",)]


@pytest.mark.anyio
async def test_is_kept_on_either_engine(database, tmp_path):
    key = tmp_path / "secret.key"
    await asyncio.gather(open_key(key), open_key(key))
    assert await VaultKey.count() == 1
    await a_house_with_entries()
    assert await Person.count() > 0
    key.write_bytes(secrets.token_bytes(secret_key.KEY_BYTES))

    with pytest.raises(WrongSecretKey):
        await open_key(key)
    with pytest.raises(SecretKeyMissing):
        await open_key(tmp_path / "none.key")

    await open_new_key(key)
    await replace("丢失", by=SYSTEM, at=AT)
    await open_key(key)
    assert await VaultKey.count() == 1
    assert await journal_problems() == []
    assert await AuditRecord.exists().where(AuditRecord.act == "people.vault.key_replaced")
