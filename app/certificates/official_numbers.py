"""The official numbers that come next, by the template in force; taken under the log's lock."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from app.certificates import numbering
from app.certificates.facts import ClaimFacts
from app.certificates.numbering import NumberFacts, Segments
from app.certificates.tables import (
    Certificate,
    CertificateIssuer,
    NumberCounter,
    NumberTemplate,
)
from app.errors import N_, RuleBroken, refusal
from app.rules.certificate_claim import CertificateKind


@refusal
class NumberUsed(RuleBroken):
    """A number is never used for another certificate."""

    says = N_("编号 {number} 已经用过，编号模板与以前的重叠，请设置新的模板。")
    field = "pattern"
    number: str


async def template_for(kind: CertificateKind, issuer_id: int, day: date) -> Segments:
    """Return the number template in force: the issuer's own, the general one, or the default."""
    rows = (
        await NumberTemplate.select(NumberTemplate.pattern, NumberTemplate.issuer)
        .where(NumberTemplate.kind == int(kind))
        .where(NumberTemplate.effective_on <= day)
        .order_by(NumberTemplate.effective_on, ascending=False)
        .order_by(NumberTemplate.id, ascending=False)
    )
    own = [row["pattern"] for row in rows if row["issuer"] == issuer_id]
    general = [row["pattern"] for row in rows if row["issuer"] is None]
    return numbering.parse_template([*own, *general, numbering.DEFAULTS[kind]][0])


def number_facts(issuer: CertificateIssuer, facts: ClaimFacts) -> NumberFacts:
    """Return what a number is made of."""
    return NumberFacts(facts.issued_on, issuer.region_code, issuer.body_code)


async def following(
    kind: CertificateKind, issuer: CertificateIssuer, claims: Sequence[ClaimFacts]
) -> tuple[list[str], dict[str, int]]:
    """Return the numbers that come next, and by its name where each counter would then stand.

    Raise `NumberUsed`: templates of different widths can write one number in two ways.
    """
    templates = {
        day: await template_for(kind, issuer.id, day) for day in {one.issued_on for one in claims}
    }
    parts = [(templates[facts.issued_on], number_facts(issuer, facts)) for facts in claims]
    names = [numbering.render(segments, facts, None) for segments, facts in parts]
    last = {name: await _last(name) for name in Counter(names)}
    numbers = []
    for name, (segments, facts) in zip(names, parts, strict=True):
        last[name] += 1
        numbers.append(numbering.render(segments, facts, last[name]))
    await _refuse_used(numbers)
    return numbers, last


async def take_within(counters: dict[str, int]) -> None:
    """Let counters stand where the numbers that were given out end."""
    for name, last in counters.items():
        taken = await (
            NumberCounter.update({NumberCounter.last: last})
            .where(NumberCounter.name == name)
            .returning(NumberCounter.id)
        )
        if not taken:
            await NumberCounter(name=name, last=last).save()


async def _last(name: str) -> int:
    row = await NumberCounter.select(NumberCounter.last).where(NumberCounter.name == name).first()
    return int(row["last"]) if row else 0


async def _refuse_used(numbers: Sequence[str]) -> None:
    row = (
        await Certificate.select(Certificate.number)
        .where(Certificate.number.is_in(list(numbers)))
        .first()
    )
    if row is not None:
        raise NumberUsed(row["number"])
