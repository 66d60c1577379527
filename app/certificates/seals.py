"""A seal on a row of the register: it was compared with its signature, and the signature holds.

To check a signature costs more than all else that a page does, and what was signed once never
changes. So the row is sealed when it is signed: `iat` (8 bytes, which is in the signature only),
and a code over it, all that is compared, and the texts that are shown but not signed, under a key
that is not in the database. Whoever edits a sealed row breaks the seal and cannot make another;
then the signature is checked, and nothing vouches for the texts that it does not hold.
A seal says nothing of the log, nor of the key's standing: these are asked each time.
"""

import hmac
from typing import Final

import msgspec

from app.certificates.verdicts import Comparison, KnownKey, RegisterRow, Unsigned
from app.rules.certificate_claim import Claim
from app.storage import secret_key

PURPOSE: Final = "certificate-seal"
IAT_BYTES: Final = 8
_written = msgspec.msgpack.Encoder().encode


def seal(
    claim: Claim, unsigned: Unsigned, *, commit: bytes, cose: bytes, public_key: bytes
) -> bytes:
    """Return the seal of a claim that this key signed."""
    moment = claim.issued_at.to_bytes(IAT_BYTES)
    return moment + _code(moment, claim, unsigned, (commit, cose, public_key))


def comparison(
    given: bytes | None, row: RegisterRow, cose: bytes, key: KnownKey | None
) -> Comparison | None:
    """Return what the comparison came to; None where this is no seal of the row."""
    if given is None or key is None:
        return None
    moment, code = given[:IAT_BYTES], given[IAT_BYTES:]
    signed = (row.commit, cose, key.public_key)
    if not hmac.compare_digest(code, _code(moment, row, row.unsigned, signed)):
        return None
    return Comparison(row.commit, int.from_bytes(moment), is_signed=True)


def _code(
    moment: bytes, said: Claim | RegisterRow, unsigned: Unsigned, signed: tuple[bytes, ...]
) -> bytes:
    compared = (
        moment,
        said.verification_id,
        said.kind,
        said.number,
        said.name,
        said.title,
        said.result,
        said.issued_on.isoformat(),
        *unsigned,
        *signed,
    )
    return hmac.digest(secret_key.derived(PURPOSE), _written(compared), "sha256")
