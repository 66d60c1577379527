"""The log's verifier keys: those that signed it, and whether the one of this process is the last.

The database holds them, so that a key file that was lost or set wrongly signs nothing.
"""

from collections.abc import Sequence

from app.certificates import notes, signer, tiles
from app.certificates.notes import BadNote, Checkpoint
from app.certificates.tables import LogHead
from app.errors import N_, Unavailable, refusal
from app.storage.engine import write_transaction

BETWEEN = "\n"


@refusal
class LogKeyUnknown(Unavailable):
    """The log key that would sign is another than the one that signed the log."""

    heading = N_("日志密钥不是原来的")
    says = N_(
        "现在的日志密钥不是本日志一直用的那一把，不用它签名：原来的密钥文件可能丢失、被换掉或设置有误。"
        "请管理员放回原来的；确已丢失的，用 xiangjiang log continue --new-log-key 提出启用新的，"
        "由另一人批准。正在签发的批次会自己接着签，证书查验、撤销不受影响。"
    )


def origin_of(host: str) -> str:
    """Return the log's origin, which is also its keys' name."""
    return f"{host}/log"


def of_signer(host: str) -> str:
    """Return the verifier key of the log key of this process, whoever's it is."""
    return notes.vkey(origin_of(host), signer.signers().log.public_key)


def read(stored: str | None) -> list[str]:
    """Read the keys of a row, the present one last; earlier releases wrote none down."""
    return stored.split(BETWEEN) if stored else []


async def recorded() -> list[str]:
    """Return the keys of the log, the present one last; none before they are written down."""
    row = await LogHead.select(LogHead.vkeys).first()
    return read(row["vkeys"]) if row else []


async def is_own() -> bool:
    """Tell whether the log key of this process is the log's; of a new log, any is.

    Where none is written down, it is the one that signed the last checkpoint.
    """
    row = await LogHead.select(LogHead.host, LogHead.vkeys).first()
    if row is None:
        return True
    signing, known = of_signer(row["host"]), read(row["vkeys"])
    if known:
        return known[-1] == signing
    note = await tiles.last_note()
    return not note or checkpoint_of(note, [signing]) is not None


async def refuse_other() -> None:
    """Raise `LogKeyUnknown` where another log key would sign than the log's."""
    if not await is_own():
        raise LogKeyUnknown


async def own(host: str) -> str:
    """Return the verifier key of this process; raise `LogKeyUnknown` where it is not the log's."""
    await refuse_other()
    return of_signer(host)


async def write_down() -> None:
    """Keep the key of a log that an earlier release began; raise `LogKeyUnknown` for another."""
    await signer.known()
    await refuse_other()
    async with write_transaction():
        for row in await LogHead.select(LogHead.host).where(LogHead.vkeys.is_null()):
            await LogHead.update({LogHead.vkeys: of_signer(row["host"])}).where(
                LogHead.vkeys.is_null()
            )


async def add_within(host: str) -> str:
    """Let the key of this process be the log's from now on; return its verifier key."""
    vkey = of_signer(host)
    await LogHead.update({LogHead.vkeys: BETWEEN.join([*await recorded(), vkey])}, force=True)
    return vkey


def checkpoint_of(note: str, vkeys: Sequence[str]) -> Checkpoint | None:
    """Return the checkpoint of a note that one of these keys signed; None for a damaged one."""
    try:
        return notes.parse_checkpoint(notes.open_note(note, *vkeys))
    except BadNote:
        return None
