"""The wallet form: Open Badges 3.0 as a W3C credential, `eddsa-rdfc-2022`, with a status list.

Made on demand from the same row as the paper; it says nothing that the paper does not say.
"""

import base64
import gzip
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from pyld import jsonld  # type: ignore[import-untyped]

from app.certificates import cose, queries, signer, status_lists, vocabulary
from app.certificates.issuing import STATUS_LIST_LENGTH
from app.certificates.kinds import KeyStatus
from app.certificates.register import CertificateDetail
from app.rules.certificate_claim import LABELS

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = b"\xed\x01"
LIST_DAYS = 7
Document = dict[str, Any]


def did_of(host: str) -> str:
    """Return the issuer's identifier; a port is percent-encoded, as did:web wants it."""
    return f"did:web:{quote(host, safe='')}"


def method_of(host: str, kid: str) -> str:
    """Return the address of a key in the issuer's document."""
    return f"{did_of(host)}#{kid}"


async def did_document(host: str) -> Document:
    """Return the issuer's document: every key ever used; a retired one still vouches."""
    keys = await queries.keys()
    methods = [
        {
            "id": method_of(host, key.kid),
            "type": "Multikey",
            "controller": did_of(host),
            "publicKeyMultibase": base58(ED25519_PUBLIC + bytes.fromhex(key.public_key)),
        }
        for key in keys
    ]
    trusted = [method_of(host, key.kid) for key in keys if key.status is not KeyStatus.COMPROMISED]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did_of(host),
        "verificationMethod": methods,
        "assertionMethod": trusted,
    }


def credential(
    detail: CertificateDetail, host: str, place: tuple[int, int], at: datetime
) -> Document:
    """Return the signed credential of a certificate; `place` is its list and index of status."""
    line = detail.line
    address = cose.address(host, line.verification_id)
    status_list, index = place
    heading = LABELS[line.kind]
    document = {
        "@context": [vocabulary.CREDENTIALS_V2, vocabulary.OPEN_BADGES],
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{heading}：{line.title}",
        "issuer": {"id": did_of(host), "type": ["Profile"], "name": line.issuer_name},
        "validFrom": _instant(datetime.fromtimestamp(cose.parse(detail.cose).claim.issued_at, UTC)),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [_named(line.name)],
            "achievement": {
                "id": f"{address}#achievement",
                "type": ["Achievement"],
                "name": line.title,
                "description": f"{heading} {line.number} {line.result}".strip(),
                "criteria": {"narrative": heading},
            },
        },
        "credentialStatus": {
            "id": f"https://{host}/status/{status_list}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": f"https://{host}/status/{status_list}",
        },
    }
    return signed(document, host, at)


def _named(name: str) -> Document:
    """Write a plain name as Open Badges has it: as an identity that is not hashed."""
    return {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": name}


async def status_list(number: int, host: str, at: datetime) -> Document:
    """Return a signed status list: a bit for every certificate that is not valid any more."""
    bits = bytearray(STATUS_LIST_LENGTH // 8)
    for index in await status_lists.invalid_indices(number):
        bits[index // 8] |= 0x80 >> index % 8
    packed = gzip.compress(bytes(bits), mtime=0)
    address = f"https://{host}/status/{number}"
    document = {
        "@context": [vocabulary.CREDENTIALS_V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did_of(host),
        "validFrom": _instant(at),
        "validUntil": _instant(at + timedelta(days=LIST_DAYS)),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "u" + base64.urlsafe_b64encode(packed).decode().rstrip("="),
        },
    }
    return await signer.apart(signed, document, host, at)


def signed(document: Document, host: str, at: datetime) -> Document:
    """Return the document with its proof, an array as the schema wants it."""
    vocabulary.refuse_undefined(document)
    issuing = signer.signers().issuing
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": _instant(at),
        "verificationMethod": method_of(host, cose.kid_of(issuing.public_key).hex()),
        "proofPurpose": "assertionMethod",
    }
    options = {"@context": document["@context"], **proof}
    message = _digest(options) + _digest(document)
    return document | {"proof": [proof | {"proofValue": base58(issuing.sign(message))}]}


def _digest(document: Document) -> bytes:
    canonical = jsonld.normalize(
        document,
        {
            "algorithm": "URDNA2015",
            "format": "application/n-quads",
            "documentLoader": vocabulary.loader,
        },
    )
    return hashlib.sha256(str(canonical).encode()).digest()


def base58(raw: bytes) -> str:
    """Write bytes as multibase base58btc."""
    value = int.from_bytes(raw)
    digits = ""
    while value:
        value, place = divmod(value, 58)
        digits = BASE58[place] + digits
    return "z" + "1" * (len(raw) - len(raw.lstrip(b"\0"))) + digits


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
