"""Small, valid, boring certificates: claims, keys in memory, batches."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.certificates import (
    actions,
    batches,
    issuers,
    log,
    register,
    seals,
    signer,
    tiles,
    wallet_files,
)
from app.certificates.facts import ClaimFacts
from app.certificates.issuers import IssuerFacts
from app.certificates.kinds import CertificateStatus
from app.certificates.notes import Leaf
from app.certificates.register import CertificateLine
from app.certificates.signer import Signers
from app.certificates.tables import Certificate, CertificateIssuer, LogLeaf
from app.certificates.verdicts import RegisterRow, Unsigned
from app.rules.actors import SYSTEM
from app.rules.certificate_claim import CertificateKind, Claim

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
DAY = date(2026, 11, 20)
HOST = "verify.example.cn"
BASIS = "assessments.sitting:1"
TITLE = "刺梨种植与初加工"
ISSUER = "黔山技能鉴定中心"


class MemorySigner:
    """A key that exists for one test; the same seed gives the same key."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Sign."""
        return self._key.sign(message)


ISSUING = MemorySigner(bytes(range(32)))
OTHER = MemorySigner(bytes(range(1, 33)))
LOG = MemorySigner(bytes(range(2, 34)))


def a_claim(**facts: Any) -> Claim:
    """A claim of an ability."""
    plain = Claim(
        verification_id="0123456789ABCDEF",
        kind=CertificateKind.ABILITY,
        number="2652000000600001",
        name="阿依古丽·买买提",
        title=TITLE,
        result="合格",
        issued_at=1_795_132_800,
    )
    return replace(plain, **facts)


def a_row(claim: Claim, commit: bytes) -> RegisterRow:
    """What the register says of a claim, at the log's index 5."""
    return RegisterRow(
        verification_id=claim.verification_id,
        kind=claim.kind,
        number=claim.number,
        name=claim.name,
        title=claim.title,
        result=claim.result,
        issued_on=claim.issued_on,
        status=CertificateStatus.VALID,
        leaf_index=5,
        commit=commit,
        unsigned=Unsigned(claim.title, ISSUER),
    )


def open_house(folder: Path, host: str = HOST) -> None:
    """Open keys in memory, and a log that remembers its checkpoints in a folder."""
    signer.use(Signers(ISSUING, LOG))
    log.use(host, folder / "log.checkpoint")
    wallet_files.forget()


def some_facts(count: int, **facts: Any) -> list[ClaimFacts]:
    """Facts of several holders, each with a key of their own."""
    given: dict[str, Any] = {"issued_on": DAY, "result": "合格"} | facts
    return [
        ClaimFacts(name=f"张三{'甲乙丙丁'[place % 4]}", key=f"k{place}", **given)
        for place in range(count)
    ]


async def an_issuer(name: str = ISSUER, **facts: Any) -> int:
    """An issuer in Guizhou without any authority unless it is given."""
    return await issuers.find_or_add_issuer(
        IssuerFacts(**({"name": name, "region_code": "520000"} | facts)), by=SYSTEM, at=AT
    )


async def batches_of(claims: Sequence[ClaimFacts], *bases: str) -> list[int]:
    """Order the same of one issuer for several bases, without beginning to issue."""
    issuer = await an_issuer()
    return [
        await actions.order_batch(
            kind=CertificateKind.ABILITY,
            basis=basis,
            issuer=issuer,
            title=TITLE,
            claims=claims,
            by=SYSTEM,
            at=AT,
        )
        for basis in bases
    ]


async def issued(
    claims: Sequence[ClaimFacts],
    *,
    basis: str = BASIS,
    kind: CertificateKind = CertificateKind.ABILITY,
    at: datetime = AT,
) -> list[CertificateLine]:
    """Issue a batch to its end and return every certificate of the basis."""
    issuer = await an_issuer(authorized_words=("专项职业能力",), authority="黔人社〔2026〕1号")
    batch_id = await actions.order_batch(
        kind=kind, basis=basis, issuer=issuer, title=TITLE, claims=claims, by=SYSTEM, at=at
    )
    await batches.run(batch_id)
    return await lines_of(basis)


async def lines_of(basis: str = BASIS) -> list[CertificateLine]:
    """Every certificate of a basis that can be read."""
    found = await register.certificates_of(basis)
    return [line for line in found if isinstance(line, CertificateLine)]


async def events_of(commit: str) -> list[tuple[int, Leaf]]:
    """Every leaf of a commit (hex) with its index, in order."""
    rows = await LogLeaf.select().where(LogLeaf.commit == commit).order_by(LogLeaf.number)
    return [(row["number"], tiles.leaf_of(row)) for row in rows]


async def as_of_an_earlier_release(*ids: int, seals_them: bool = False) -> None:
    """Take the seals of certificates off, or put those of the first form in their place."""
    for row in await Certificate.select().where(Certificate.id.is_in(list(ids))):
        said, moment = seals.register_row(row), bytes(row["seal"])[1:9]
        signed = (said.commit, bytes(row["cose"]), ISSUING.public_key)
        earlier = moment + seals._page_code(moment, said, said.unsigned[:2], signed)
        await Certificate.update({"seal": earlier if seals_them else None}).where(
            Certificate.id == row["id"]
        )


async def rename_issuer(name: str) -> None:
    """Give the one issuer another name, as an officer does."""
    row = await CertificateIssuer.select().first()
    assert row is not None
    facts = IssuerFacts(name=name, region_code=row["region_code"])
    await issuers.change_issuer(row["id"], facts, seen_version=row["version"], by=SYSTEM, at=AT)
