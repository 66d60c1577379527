"""The key that signs now: listed by the first issue or by two persons, refused after its end."""

from datetime import datetime

from app.certificates import cose, log, signer
from app.certificates.kinds import KeyStatus
from app.certificates.notes import Leaf, LogEvent
from app.certificates.tables import IssuingKey
from app.errors import N_, RuleBroken, Unavailable, refusal


@refusal
class KeyEnded(RuleBroken):
    """The key that would sign was retired or declared compromised."""

    says = N_("签发密钥 {kid} 已停用或失密，不能再签发。请先在“密钥与日志”中更换密钥。")
    kid: str


@refusal
class KeyUnknown(Unavailable):
    """Nobody approved the key that would sign: a file was lost, replaced, or set wrongly."""

    heading = N_("签发密钥没有登记")
    says = N_(
        "现在的签发密钥 {kid} 没有登记，不用它签名：原来的密钥文件可能丢失、被换掉或设置有误。"
        "请管理员放回原来的；确已丢失的，在“密钥与日志”中提出更换，由另一人批准。"
        "正在签发的批次会自己接着签，证书查验、撤销不受影响。"
    )
    kid: str


def signing() -> str:
    """Return the kid of the key that signs now, listed or not."""
    return cose.kid_of(signer.signers().issuing.public_key).hex()


async def present() -> str:
    """Return the kid of the key whose place a new one takes.

    It is the one that signs; where that is not listed, the old one was lost, and was the last.
    """
    rows = await IssuingKey.select(IssuingKey.kid).order_by(IssuingKey.id)
    kids = [row["kid"] for row in rows]
    return signing() if signing() in kids or not kids else str(kids[-1])


async def begin_within(head: log.Head, at: datetime) -> None:
    """List the key of this process as the log begins, within the caller's transaction."""
    if head.size == 0:
        await add_within(head, at)


async def add_within(head: log.Head, at: datetime) -> None:
    """Log the key that signs now and list it, within the caller's transaction.

    Only the log's beginning and an approved rotation do so: any other would be nobody's decision.
    """
    public_key = signer.signers().issuing.public_key
    digest = cose.key_commit(public_key)
    first = await log.append_within(head, [Leaf(LogEvent.KEY_ADDED, digest, log.seconds(at))])
    await IssuingKey(
        kid=signing(),
        public_key=public_key.hex(),
        first_index=first,
        last_index=None,
        status=KeyStatus.ACTIVE.value,
        added_at=at,
    ).save()


async def refuse_unfit() -> None:
    """Raise `KeyUnknown` or `KeyEnded` unless the key that signs is a listed, active one."""
    row = await IssuingKey.select(IssuingKey.status).where(IssuingKey.kid == signing()).first()
    if row is None:
        raise KeyUnknown(signing())
    if row["status"] != KeyStatus.ACTIVE.value:
        raise KeyEnded(signing())
