"""COSE_Sign1 (RFC 9052) in the one deterministic form that the paper carries, both ways.

A fragment is the decimal of 01 followed by the COSE bytes; nothing else parses.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import cbor2

from app.certificates.signer import Signer, verify
from app.errors import N_, RuleBroken, refusal
from app.rules import strict_cbor
from app.rules.certificate_claim import BadPayload, Claim, parse_payload, payload_bytes

TAG_SIGN1 = 18
ALG, KID, EDDSA = 1, 4, -8
KID_BYTES = 4
SIGNATURE_BYTES = 64
MOST_REMEMBERED = 10_000
MOST_DIGITS = 1200
"""More than a symbol of version 15 can hold; longer input is not even converted."""


@refusal
class NotOurSignature(RuleBroken):
    """The bytes are no signed claim of the one form, or the signature does not hold."""

    says = N_("二维码中的签名无法通过验证：内容被改动过，或者不是本系统签发的。")


@dataclass(frozen=True)
class Signed:
    """A parsed COSE_Sign1 whose signature has not been checked yet."""

    kid: bytes
    claim: Claim
    to_be_signed: bytes
    signature: bytes

    @property
    def commit(self) -> bytes:
        """SHA-256 of the Sig_structure: what the log holds of this certificate."""
        return hashlib.sha256(self.to_be_signed).digest()


def kid_of(public_key: bytes) -> bytes:
    """Return the four bytes that name a key in the protected header."""
    return hashlib.sha256(public_key).digest()[:KID_BYTES]


def key_commit(public_key: bytes) -> bytes:
    """Return what the log holds of a key: the SHA-256 of its public half."""
    return hashlib.sha256(public_key).digest()


def protected_header(kid: bytes) -> bytes:
    """Return the protected header's bytes: EdDSA and the key's name."""
    return cbor2.dumps({ALG: EDDSA, KID: kid}, canonical=True)


def sig_structure(protected: bytes, payload: bytes) -> bytes:
    """Return the bytes that are signed (RFC 9052 section 4.4)."""
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)


def sign(claim: Claim, signer: Signer) -> tuple[bytes, bytes]:
    """Return the COSE_Sign1 of a claim and its commit."""
    protected = protected_header(kid_of(signer.public_key))
    payload = payload_bytes(claim)
    message = sig_structure(protected, payload)
    envelope = cbor2.CBORTag(TAG_SIGN1, [protected, {}, payload, signer.sign(message)])
    return cbor2.dumps(envelope, canonical=True), hashlib.sha256(message).digest()


@lru_cache(MOST_REMEMBERED)
def parse(cose: bytes) -> Signed:
    """Read a COSE_Sign1; raise `NotOurSignature` for any byte that we would not have written."""
    try:
        protected, payload, signature = _parts(strict_cbor.loads(cose))
        claim = parse_payload(payload)
    except (strict_cbor.BadCbor, BadPayload) as error:
        raise NotOurSignature from error
    kid = protected[-KID_BYTES:]
    if protected != protected_header(kid) or len(signature) != SIGNATURE_BYTES:
        raise NotOurSignature
    return Signed(kid, claim, sig_structure(protected, payload), signature)


def _parts(tagged: object) -> tuple[bytes, bytes, bytes]:
    if isinstance(tagged, cbor2.CBORTag) and tagged.tag == TAG_SIGN1:
        match tagged.value:
            case [bytes(protected), {**unprotected}, bytes(payload), bytes(signature)] if (
                not unprotected
            ):
                return protected, payload, signature
    raise NotOurSignature


def is_signed_by(signed: Signed, public_key: bytes) -> bool:
    """Tell whether this key made the signature; the kid alone proves nothing."""
    return kid_of(public_key) == signed.kid and _holds(
        public_key, signed.signature, signed.to_be_signed
    )


@lru_cache(MOST_REMEMBERED)
def _holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Verify once: it is most of what a page costs, and the same bytes give the same answer."""
    return verify(public_key, signature, message)


def fragment(cose: bytes) -> str:
    """Write the decimal that stands behind `#` in the symbol."""
    return str(int.from_bytes(b"\x01" + cose))


def from_fragment(digits: str) -> bytes:
    """Return the COSE bytes of a fragment; raise `NotOurSignature` for any other form."""
    if (
        not 0 < len(digits) <= MOST_DIGITS
        or not (digits.isascii() and digits.isdigit())
        or digits[0] == "0"
    ):
        raise NotOurSignature
    value = int(digits)
    raw = value.to_bytes((value.bit_length() + 7) // 8)
    if raw[0] != 1:
        raise NotOurSignature
    return raw[1:]


def address(host: str, verification_id: str) -> str:
    """Return the certificate's address, always https."""
    return f"https://{host}/v/{verification_id}"


def qr_text(host: str, verification_id: str, cose: bytes) -> str:
    """Return what the symbol says: the address, `#`, the decimal."""
    return f"{address(host, verification_id)}#{fragment(cose)}"
