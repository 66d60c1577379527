"""Issuers with the words they are authorised to print, and the templates of their numbers."""

import re
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.audit import actions as audit
from app.audit.acts import Act
from app.certificates import numbering
from app.certificates.facts import written
from app.certificates.tables import CertificateIssuer, NumberTemplate
from app.errors import N_, NotFound, RuleBroken, Stale, refusal
from app.rules.actors import Actor, Duty, require
from app.rules.certificate_claim import CertificateKind
from app.rules.widths import narrowed
from app.storage.engine import write_transaction

MAY_SET = (Duty.CERTIFICATE_OFFICER, Duty.ADMINISTRATOR)
UNKNOWN_BODY = "0000"
BODY_CODE = re.compile(r"[0-9A-Z]*")
REGION_CODE = re.compile(r"[0-9]{6}")


@refusal
class AuthorityNeeded(RuleBroken):
    """Words are authorised by a document, and it is named."""

    says = N_("登记获批用词时，请写明批准文件的名称和文号。")
    field = "authority"


@refusal
class IssuerNameTaken(RuleBroken):
    """There is an issuer of this name."""

    says = N_("已有名为“{name}”的发证机构。")
    field = "name"
    name: str


@refusal
class WrongBodyCode(RuleBroken):
    """A body code is part of numbers, which are looked up in capitals."""

    says = N_("机构编号只能用数字和字母。")
    field = "body_code"


@refusal
class WrongRegionCode(RuleBroken):
    """A region code is part of numbers as well."""

    says = N_("行政区划代码是 6 位数字。")
    field = "region_code"


class IssuerFacts(Struct, frozen=True, kw_only=True):
    """An issuer as registered; `authorized_words` only with the document that authorises them."""

    name: str
    region_code: str = "000000"
    body_code: str = UNKNOWN_BODY
    authorized_words: tuple[str, ...] = ()
    authority: str = ""
    is_closed: bool = False


class TemplateFacts(Struct, frozen=True, kw_only=True):
    """A number template from a date on; without an issuer for all that have none of their own."""

    kind: CertificateKind
    effective_on: date
    pattern: str
    issuer_id: int | None = None


async def add_issuer(facts: IssuerFacts, *, by: Actor, at: datetime) -> int:
    """Register an issuer and return its id."""
    require(by, MAY_SET)
    facts = _checked(facts)
    async with write_transaction():
        if await CertificateIssuer.exists().where(CertificateIssuer.name == facts.name):
            raise IssuerNameTaken(facts.name)
        return await _add_within(facts, by, at)


async def find_or_add_issuer(facts: IssuerFacts, *, by: Actor, at: datetime) -> int:
    """Return the id of the issuer of this name, registered without authority where new."""
    facts = _checked(facts)
    async with write_transaction():
        row = (
            await CertificateIssuer.select(CertificateIssuer.id)
            .where(CertificateIssuer.name == facts.name)
            .first()
        )
        return int(row["id"]) if row else await _add_within(facts, by, at)


async def change_issuer(
    issuer_id: int, facts: IssuerFacts, *, seen_version: int, by: Actor, at: datetime
) -> None:
    """Change what is registered of an issuer; certificates already issued keep its old name."""
    require(by, MAY_SET)
    facts = _checked(facts)
    values: dict[Any, Any] = _values(facts)
    async with write_transaction():
        before = await CertificateIssuer.select().where(CertificateIssuer.id == issuer_id).first()
        if before is None:
            raise NotFound
        if before["version"] != seen_version:
            raise Stale
        taken = CertificateIssuer.exists().where(CertificateIssuer.name == facts.name)
        if await taken.where(CertificateIssuer.id != issuer_id):
            raise IssuerNameTaken(facts.name)
        await CertificateIssuer.update({**values, "version": seen_version + 1}).where(
            CertificateIssuer.id == issuer_id
        )
        await audit.record(
            act=Act.ISSUER_CHANGED,
            subject=f"certificates.issuer:{issuer_id}",
            by=by,
            at=at,
            before={name: before[name] for name in values},
            after=values,
        )


async def set_template(facts: TemplateFacts, *, by: Actor, at: datetime) -> int:
    """Set the number template of a kind from a date on; raise `BadTemplate`."""
    require(by, MAY_SET)
    numbering.parse_template(facts.pattern)
    async with write_transaction():
        row = NumberTemplate(
            kind=int(facts.kind),
            issuer=facts.issuer_id,
            effective_on=facts.effective_on,
            pattern=facts.pattern,
            created_at=at,
        )
        await row.save()
        await audit.record(
            act=Act.NUMBER_TEMPLATE_SET,
            subject=f"certificates.number_template:{row.id}",
            by=by,
            at=at,
            after={
                "kind": int(facts.kind),
                "issuer": facts.issuer_id,
                "effective_on": facts.effective_on,
                "pattern": facts.pattern,
            },
        )
        return int(row.id)


def _checked(facts: IssuerFacts) -> IssuerFacts:
    """Return what is registered, its name with plain single blanks, under which it is found."""
    if facts.authorized_words and not facts.authority.strip():
        raise AuthorityNeeded
    if not BODY_CODE.fullmatch(_body_code(facts)):
        raise WrongBodyCode
    if not REGION_CODE.fullmatch(facts.region_code):
        raise WrongRegionCode
    return replace(facts, name=" ".join(facts.name.split()))


def _body_code(facts: IssuerFacts) -> str:
    return narrowed(facts.body_code).strip().upper()


def _values(facts: IssuerFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "region_code": facts.region_code,
        "body_code": _body_code(facts),
        "authorized_words": written(list(facts.authorized_words)),
        "authority": facts.authority.strip(),
        "is_closed": facts.is_closed,
    }


async def _add_within(facts: IssuerFacts, by: Actor, at: datetime) -> int:
    values = _values(facts)
    row = CertificateIssuer(**values, created_at=at, version=1)
    await row.save()
    await audit.record(
        act=Act.ISSUER_ADDED, subject=f"certificates.issuer:{row.id}", by=by, at=at, after=values
    )
    return int(row.id)
