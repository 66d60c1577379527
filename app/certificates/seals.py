"""A seal on a row of the register: it was compared with its signature, and the signature holds.

To check a signature costs more than all else that a page does, and what was signed once never
changes. So the row is sealed when it is signed, and again with each act that changes it. A seal is

    form (1 byte) | iat (8 bytes, which is in the signature only) | page code | row code

and each code is an HMAC under a key that is not in the database: the page's over `iat`, all that
is compared, and the texts that are shown but not signed; the row's over every column of the row and
its photo, for `check`. Whoever edits a sealed row breaks the seal and cannot make another; then the
signature is checked, and nothing vouches for the texts that it does not hold.
A seal says nothing of the log, nor of the key's standing: these are asked each time.

The first form had no first byte and no row code; it vouched for title and issuer only.
"""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import msgspec

from app.certificates.kinds import CertificateStatus
from app.certificates.verdicts import Comparison, KnownKey, RegisterRow, Unsigned
from app.rules.certificate_claim import CertificateKind
from app.storage import secret_key

PURPOSE: Final = "certificate-seal"
FORM: Final = b"\x02"
IAT_BYTES: Final = 8
CODE_BYTES: Final = 32
EARLIER_LENGTH: Final = IAT_BYTES + CODE_BYTES
LENGTH: Final = len(FORM) + IAT_BYTES + 2 * CODE_BYTES
EARLIER_UNSIGNED: Final = 2
"""Of `Unsigned`, how many the first form covered."""
_written = msgspec.msgpack.Encoder().encode


def seal(
    row: Mapping[str, Any], public_key: bytes, *, issued_at: int, photo: bytes | None
) -> bytes:
    """Return the seal of a row of the register as it stands, which this key signed."""
    moment, said = issued_at.to_bytes(IAT_BYTES), register_row(row)
    signed = (said.commit, bytes(row["cose"]), public_key)
    return FORM + moment + _page_code(moment, said, said.unsigned, signed) + _row_code(row, photo)


def comparison(
    given: bytes | None, row: RegisterRow, cose: bytes, key: KnownKey | None
) -> Comparison | None:
    """Return what the comparison came to; None where this is no seal of the row."""
    if given is None or key is None:
        return None
    unsigned: tuple[object, ...] = row.unsigned
    if len(given) == EARLIER_LENGTH:
        unsigned = unsigned[:EARLIER_UNSIGNED]
    elif len(given) == LENGTH and given.startswith(FORM):
        given = given[len(FORM) : -CODE_BYTES]
    else:
        return None
    moment, code = given[:IAT_BYTES], given[IAT_BYTES:]
    signed = (row.commit, cose, key.public_key)
    if not hmac.compare_digest(code, _page_code(moment, row, unsigned, signed)):
        return None
    return Comparison(row.commit, int.from_bytes(moment), is_signed=True)


def is_whole(row: Mapping[str, Any], key: KnownKey | None, photo: bytes | None) -> bool:
    """Tell whether every column of a row is as it was when it was last sealed."""
    given = bytes(row["seal"] or b"")
    if len(given) != LENGTH or not hmac.compare_digest(given[-CODE_BYTES:], _row_code(row, photo)):
        return False
    return comparison(given, register_row(row), bytes(row["cose"]), key) is not None


def moment_of(given: bytes) -> int:
    """Return the `iat` that a whole seal of the present form carries."""
    return int.from_bytes(given[len(FORM) : len(FORM) + IAT_BYTES])


def register_row(row: Mapping[str, Any]) -> RegisterRow:
    """Return what a row of the table says; raise `ValueError` for what was never written there."""
    return RegisterRow(
        verification_id=row["verification_id"],
        kind=CertificateKind(row["kind"]),
        number=row["number"],
        name=row["name"],
        title=row["claim_title"],
        result=row["result"],
        issued_on=row["issued_on"],
        status=CertificateStatus(row["status"]),
        leaf_index=row["leaf_index"],
        commit=bytes.fromhex(row["commit"]),
        unsigned=Unsigned(
            row["title"],
            row["issuer_name"],
            row["reason_code"],
            row["successor_id"],
            row["predecessor_id"],
            row["reissues"],
        ),
    )


def _page_code(
    moment: bytes, said: RegisterRow, unsigned: tuple[object, ...], signed: tuple[bytes, ...]
) -> bytes:
    return _code(
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


def _row_code(row: Mapping[str, Any], photo: bytes | None) -> bytes:
    """Return the code over a row; instants are written in UTC, whatever zone they come in."""
    columns = sorted(item for item in row.items() if item[0] != "seal")
    return _code("row", columns, None if photo is None else sha256(photo).digest())


def _code(*what: object) -> bytes:
    return secret_key.code(PURPOSE, _written(what))
