"""The secret key and the database are a pair: the database holds the key's fingerprint.

Under another key nobody is found again by the number of a document: the next import would make
every person twice, and their numbers would lie sealed under two keys.
"""

from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, Refusal, refusal
from app.people import vault
from app.people.tables import Person, VaultKey
from app.rules.actors import Actor
from app.storage import engine, secret_key
from app.storage.engine import write_transaction


@refusal
class SecretKeyMissing(Refusal):
    """The key file is not there, and what it sealed is."""

    says = N_(
        "这个数据库的密钥文件 {path} 不在，没有另造一把，什么也没有做。请放回原来的密钥文件"
        "（备份里有），或改正 XIANGJIANG_SECRET_KEY_FILE；原来的确已丢失，见运行手册第四节。"
    )
    path: str


@refusal
class WrongSecretKey(Refusal):
    """The key file is of another house."""

    says = N_(
        "{path} 不是这个数据库的密钥：它解不开库里的证件号，同一个人会被登记成两个。"
        "什么也没有做。请放回原来的密钥文件（备份里有），或改正 XIANGJIANG_SECRET_KEY_FILE；"
        "原来的确已丢失，见运行手册第四节。"
    )
    path: str


async def open_key(path: Path) -> None:
    """Use the key of this database, made only for one that has sealed nothing yet.

    Raise `SecretKeyMissing` or `WrongSecretKey`. A database without fingerprint, as earlier
    releases left it, takes the key that opens the number of its first person.
    """
    there = await engine.table_names()
    kept = await _kept() if VaultKey._meta.tablename in there else None
    sealed = await _sealed() if Person._meta.tablename in there else None
    if not path.exists() and (kept or sealed):  # noqa: ASYNC240 - before anything is served
        raise SecretKeyMissing(str(path))
    secret_key.use(secret_key.load_or_create(path))
    if kept != _fingerprint() if kept else not _opens(sealed):
        raise WrongSecretKey(str(path))
    if kept is None and VaultKey._meta.tablename in there:
        async with write_transaction():
            await _keep_within()


async def open_new_key(path: Path) -> None:
    """Use the key of this file whatever the database holds, made where there is none."""
    secret_key.use(secret_key.load_or_create(path))


async def replace(reason: str, *, by: Actor, at: datetime) -> None:
    """Let the key in use be the database's from now on; what was sealed before stays shut."""
    async with write_transaction():
        await VaultKey.delete(force=True)
        await _keep_within()
        await audit.record(
            act=Act.VAULT_KEY_REPLACED, subject="people.vault", by=by, at=at, reason=reason
        )


async def _keep_within() -> None:
    await engine.hold_name_within("people.vault_key")
    if await _kept() is None:
        await VaultKey.insert(VaultKey(fingerprint=_fingerprint()))


async def _kept() -> str | None:
    row = await VaultKey.select(VaultKey.fingerprint).first()
    return row["fingerprint"] if row else None


async def _sealed() -> bytes | None:
    """Return the first person's sealed number."""
    row = await Person.select(Person.id_sealed).order_by(Person.id).first()
    return bytes(row["id_sealed"]) if row else None


def _fingerprint() -> str:
    return secret_key.derived("fingerprint").hex()


def _opens(sealed: bytes | None) -> bool:
    """Tell whether the key in use opens this; anything opens nothing."""
    try:
        return sealed is None or bool(vault.unseal(sealed))
    except InvalidTag:
        return False
