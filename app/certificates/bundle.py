"""The offline bundle: what a verifier without a network needs, signed by the log key, dated.

`payload` is the JSON text exactly as signed; `signature` is Ed25519 over the format's name, a
newline and that text. After `valid_until`, or long before `as_of`, nothing is confirmed.
"""

import base64
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from app.certificates import log, log_vkeys, notes, queries, signer, tiles
from app.certificates.kinds import CertificateStatus
from app.certificates.queries import KeyLine
from app.certificates.signed_once import SignedOnce

FORMAT = "xiangjiang-offline/1"
VALID_DAYS = 7
AHEAD = timedelta(days=1)
"""So much earlier than it was made may a bundle be used: a clock that was set back has no say."""
PREFIX_BYTES = 8
PERIOD_SECONDS = 600


class BadBundle(ValueError):
    """The bundle is malformed, unsigned, or past its date; the message says which."""


class KeyFacts(Struct, frozen=True):
    """A key as published; `last_index` is the last leaf it may have signed."""

    public_key: str
    first_index: int
    last_index: int | None
    status: str


class Payload(Struct, frozen=True, kw_only=True):
    """What the bundle states; `revoked` and `corrected` are 8-byte starts of commits, base64."""

    format: str
    host: str
    as_of: str
    valid_until: str
    keys: dict[str, KeyFacts]
    log_vkey: str
    revoked: str
    corrected: str
    checkpoint: str

    def holds(self, listed: str, commit: bytes) -> bool:
        """Tell whether a commit is in one of the two sets."""
        raw = base64.b64decode(listed)
        starts = (raw[place : place + PREFIX_BYTES] for place in range(0, len(raw), PREFIX_BYTES))
        return commit[:PREFIX_BYTES] in starts


class Bundle(Struct, frozen=True):
    """The bundle as served."""

    format: str
    payload: str
    signature: str


kept: SignedOnce[Bundle] = SignedOnce(may_be_older=True)


async def latest(at: datetime) -> Bundle:
    """Return the bundle as all get it, signed anew for every change and every ten minutes."""
    moment = (await log.changes(), int(at.timestamp()) // PERIOD_SECONDS)
    return await kept.get("", moment, lambda: make(at))


async def make(at: datetime) -> Bundle:
    """Return a bundle as of now; raise `NotInLog` before the first issue."""
    host = await log.host()
    await signer.known()
    payload = Payload(
        format=FORMAT,
        host=host,
        as_of=_instant(at),
        valid_until=_instant(at + timedelta(days=VALID_DAYS)),
        keys=key_facts(await queries.keys()),
        log_vkey=await log.vkey(),
        revoked=starts_of(await queries.commits_of(CertificateStatus.REVOKED)),
        corrected=starts_of(await queries.commits_of(CertificateStatus.CORRECTED)),
        checkpoint=await tiles.latest_note(),
    )
    text = msgspec.json.encode(payload).decode()
    await log_vkeys.refuse_other()
    signature = await signer.apart(signer.signers().log.sign, _message(text))
    return Bundle(FORMAT, text, signature.hex())


def open_bundle(raw: bytes, at: datetime, log_vkey: str = "") -> Payload:
    """Check a bundle's signature and date; with no `log_vkey`, the one it names itself.

    Raise `BadBundle`.
    """
    try:
        bundle = msgspec.json.decode(raw, type=Bundle)
        payload = msgspec.json.decode(bundle.payload, type=Payload)
        _, public_key = notes.parse_vkey(log_vkey or payload.log_vkey)
        signature = bytes.fromhex(bundle.signature)
        as_of, valid_until = _moment(payload.as_of), _moment(payload.valid_until)
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadBundle("malformed") from error
    if not signer.verify(public_key, signature, _message(bundle.payload)):
        raise BadBundle("signature")
    if not as_of - AHEAD < at < valid_until:
        raise BadBundle("expired")
    return payload


def starts_of(commits: list[str]) -> str:
    """Write the 8-byte starts of commits as one base64 text."""
    return base64.b64encode(
        b"".join(bytes.fromhex(commit)[:PREFIX_BYTES] for commit in commits)
    ).decode()


def key_facts(lines: list[KeyLine]) -> dict[str, KeyFacts]:
    """Return the published list of keys by kid."""
    return {
        line.kid: KeyFacts(line.public_key, line.first_index, line.last_index, line.status.value)
        for line in lines
    }


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _message(text: str) -> bytes:
    return f"{FORMAT}\n{text}".encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
