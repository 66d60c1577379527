"""The key that signs now: logged before its first certificate, refused after its end."""

from datetime import datetime

from app.certificates import cose, log, signer
from app.certificates.kinds import KeyStatus
from app.certificates.notes import Leaf, LogEvent
from app.certificates.tables import IssuingKey
from app.errors import N_, RuleBroken, refusal


@refusal
class KeyEnded(RuleBroken):
    """The key that would sign was retired or declared compromised."""

    says = N_("签发密钥 {kid} 已停用或失密，不能再签发。请先在“密钥与日志”中更换密钥。")
    kid: str


async def know_within(head: log.Head, at: datetime) -> None:
    """Log the key of this process and list it, within the caller's transaction, the first time."""
    public_key = signer.signers().issuing.public_key
    if await IssuingKey.exists().where(IssuingKey.public_key == public_key.hex()):
        return
    digest = cose.key_commit(public_key)
    first = await log.append_within(head, [Leaf(LogEvent.KEY_ADDED, digest, log.seconds(at))])
    await IssuingKey(
        kid=cose.kid_of(public_key).hex(),
        public_key=public_key.hex(),
        first_index=first,
        last_index=None,
        status=KeyStatus.ACTIVE.value,
        added_at=at,
    ).save()


async def refuse_ended() -> None:
    """Raise `KeyEnded` unless the key that signs is an active one."""
    kid = cose.kid_of(signer.signers().issuing.public_key).hex()
    row = await IssuingKey.select(IssuingKey.status).where(IssuingKey.kid == kid).first()
    if row is not None and row["status"] != KeyStatus.ACTIVE.value:
        raise KeyEnded(kid)
