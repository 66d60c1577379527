"""May these facts be printed by this issuer, and can they be? Asked before anything is issued."""

from collections.abc import Sequence

from app.certificates import numbering, official_numbers, preparing, wording
from app.certificates.facts import ClaimFacts, read_words
from app.certificates.preparing import Order
from app.documents import glyphs
from app.errors import N_, Refusal, RuleBroken, refusal
from app.rules.certificate_claim import LABELS, fitted
from app.web import locale


@refusal
class GlyphMissing(RuleBroken):
    """A character would print as a gap."""

    says = N_(
        "“{text}”中的“{characters}”没有可用的字形，印出来会是空白。"
        "请核对这个字；确无误时，请管理员补充字体后再签发。"
    )
    text: str
    characters: str


def problems_of(
    order: Order, claims: Sequence[ClaimFacts], host: str, segments: numbering.Segments
) -> list[str]:
    """Return a sentence for every certificate that may not or cannot be printed."""
    problems = []
    for facts in claims:
        try:
            check(order, facts, host, segments)
        except Refusal as refusal_:
            problems.append(locale.sentence(refusal_))
    return problems


def check(order: Order, facts: ClaimFacts, host: str, segments: numbering.Segments) -> None:
    """Raise the refusal that says why it cannot be issued: a word, its length, its date."""
    issuer = order.issuer
    texts = [facts.title or order.title, facts.short_title, facts.result, issuer.name]
    texts += [LABELS[order.kind], *facts.prints, *facts.prints.values()]
    authorized = read_words(issuer.authorized_words)
    wording.refuse_forbidden(texts, region_code=issuer.region_code, authorized=authorized)
    for text in (facts.name, *texts):
        if characters := glyphs.missing(text):
            raise GlyphMissing(text, characters)
    number = numbering.render(segments, official_numbers.number_facts(issuer, facts), 1)
    claim = preparing.claim_of(order, facts, number)
    fitted(claim, facts.short_title, preparing.prefix_length(host))
