"""Sentences with their facts, put into words later, in the language of whoever reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from app.errors import N_
from app.rules.points import E4, Round, fixed, shown

NEAR_DECIMALS = 4
MODES: Mapping[str, str] = {
    "half_up": N_("四舍五入"),
    "half_even": N_("四舍六入五成双"),
    "down": N_("舍去尾数"),
}


class Code(str):
    """A blind code inside a phrase: where names are public, the name stands there."""


class Label(str):
    """A word of a rule set, such as an award's name, that the catalogue may know."""


class AspectId(str):
    """An aspect's identifier inside a phrase: the scheme's title stands there."""


@dataclass(frozen=True)
class Phrase:
    """A sentence of the catalogue and what fills its blanks, other phrases among them."""

    says: str
    facts: "Mapping[str, Fact]" = field(default_factory=dict)


Fact = str | int | Phrase | Sequence["Fact"]
"""A list is put together by the language's own comma."""


def phrase(says: str, **facts: Fact) -> Phrase:
    """Return a phrase."""
    return Phrase(says, facts)


def rounding(rule: Round) -> Phrase:
    """Say what a rounding does."""
    if isinstance(rule, str):
        return phrase(N_("不舍入"))
    return phrase(
        N_("保留 {decimals} 位小数，{mode}"), decimals=rule.decimals, mode=phrase(MODES[rule.mode])
    )


def number(value: Fraction, rule: Round = "exact") -> str:
    """Write a value as it was computed; what no decimal shows also as a near one."""
    text = shown(value, rule)
    if "/" not in text:
        return text
    unit = 10**NEAR_DECIMALS
    return f"{text} ≈ {fixed(Fraction(round(value * unit), unit), NEAR_DECIMALS)}"


def plain(value_e4: int) -> str:
    """Write a recorded value of 1/10,000 as short as it goes."""
    return shown(Fraction(value_e4, E4), "exact")


def clock(seconds: int) -> str:
    """Write a time as 2:32:00."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
