"""What a `marks-bundle/1` may say: every key, and what may stand there.

A check returns what is wrong, or None. A list of one shape is a list of such things; a dict is an
object with these keys, those that end in `?` optional; `Kinds` are objects that one of their keys
tells apart; `OneOrOther` is a fixed word or a shape.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

Check = Callable[[Any], str | None]

PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]{1,4})?")
MOST_DIGITS = 12
SHARE = re.compile(r"[1-9][0-9]{0,5}/[1-9][0-9]{0,5}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
VISIBLE = re.compile(r"[^\s\u200b-\u200f\u2060\ufeff]")


class Keys:
    """An object with exactly these keys; those that end in `?` are optional."""

    def __init__(self, parts: Mapping[str, Any]) -> None:
        self.parts = {name.removesuffix("?"): _made(part) for name, part in parts.items()}
        self.needed = {name for name in parts if not name.endswith("?")}


def _made(shape: Any) -> Any:
    """Return a shape with its dicts as `Keys`."""
    if isinstance(shape, list):
        return [_made(shape[0])]
    return Keys(shape) if isinstance(shape, dict) else shape


class Kinds:
    """Objects of several kinds, told apart by the value of `key`."""

    def __init__(self, key: str, kinds: Mapping[str, Mapping[str, Any]]) -> None:
        self.key = key
        self.kinds = {name: Keys({key: any_text, **parts}) for name, parts in kinds.items()}


@dataclass(frozen=True)
class OneOrOther:
    """A fixed value, or a shape."""

    value: str | None
    shape: Any


decimal = cache(Fraction)
"""The value of a decimal string; the same strings come again and again."""


@cache
def _is_readable(given: str) -> bool:
    return VISIBLE.search(given) is not None and CONTROL.search(given) is None


def text(given: Any) -> str | None:
    """A text that can be read on paper."""
    if isinstance(given, str) and _is_readable(given):
        return None
    return "should be a text that can be written and is not empty"


def any_text(given: Any) -> str | None:
    """Any text."""
    return None if isinstance(given, str) else "should be a text"


def one_of(*words: str) -> Check:
    """One of these words."""
    return lambda given: (
        None
        if isinstance(given, str) and given in words
        else f"should be one of {', '.join(words)}"
    )


def whole(least: int = 0, most: int = 10**MOST_DIGITS - 1) -> Check:
    """A whole number, written as a number."""
    return lambda given: (
        None
        if type(given) is int and least <= given <= most
        else f"should be a whole number from {least} to {most}"
    )


def any_whole(given: Any) -> str | None:
    """Any whole number."""
    return None if type(given) is int else "should be a whole number"


@cache
def _is_plain(given: str) -> bool:
    """Tell whether it is a decimal of at most four decimals, twelve digits; no exponent, no -0."""
    if len(given) > MOST_DIGITS + 2 or not PLAIN.fullmatch(given):
        return False
    is_minus_nothing = given[0] == "-" and decimal(given) == 0
    return sum(map(str.isdigit, given)) <= MOST_DIGITS and not is_minus_nothing


def signed(given: Any) -> str | None:
    """A decimal string."""
    if isinstance(given, str) and _is_plain(given):
        return None
    return f"should be a decimal string of at most four decimals and {MOST_DIGITS} digits"


def number(given: Any) -> str | None:
    """A decimal string, not negative."""
    return signed(given) or ("should not be negative" if given[0] == "-" else None)


def positive(given: Any) -> str | None:
    """A decimal string above 0."""
    return number(given) or ("should be more than 0" if decimal(given) == 0 else None)


def setting(given: Any) -> str | None:
    """A number of a rule set: a whole number or a decimal string, not negative."""
    return whole()(given) and number(given)


def signed_setting(given: Any) -> str | None:
    """The same, negative too."""
    return whole(1 - 10**MOST_DIGITS)(given) and signed(given)


def percentage(given: Any) -> str | None:
    """A setting of at most 100."""
    return setting(given) or ("should be at most 100" if Fraction(given) > 100 else None)


def share(given: Any) -> str | None:
    """A fraction such as 1/2, at most 1."""
    is_share = isinstance(given, str) and SHARE.fullmatch(given) and Fraction(given) <= 1
    return None if is_share else "should be a fraction such as 1/2, at most 1"


ROUND = OneOrOther(
    "exact", Keys({"decimals": whole(0, 12), "mode": one_of("half_up", "half_even", "down")})
)
ORDER = one_of("ascending", "descending")
UP_OR_DOWN = one_of("up", "down", "half_up")
TIER = {"label": text, "min_score?": OneOrOther(None, signed_setting), "field_at_least?": whole()}

CALCULATION = Kinds(
    "kind",
    {
        "yes_no": {},
        "deduct": {"per_error": number},
        "bands": {"nominal": signed, "bands": [{"within": number, "mark": number}]},
    },
)
ASPECT = Kinds(
    "kind",
    {
        "points": {"id": text, "max": positive},
        "measurement": {"id": text, "max": positive, "calculation?": CALCULATION},
        "judgement": {"id": text, "max": positive},
        "panel": {"id": text, "max": positive, "factor?": positive},
        "gate": {"id": text, "zeroes": [text]},
    },
)
RULE_SET = {
    "id": text,
    "version": whole(1),
    "panel": {
        "drop_highest": whole(),
        "drop_lowest": whole(),
        "min_remaining": whole(1),
        "round": ROUND,
    },
    "factored": {"round": ROUND},
    "aspect": {"round": ROUND},
    "module": {"round": ROUND},
    "total": {"round": ROUND},
    "judgement": {"max_spread": whole(), "min_judges?": whole(1)},
    "scale": Kinds("kind", {"none": {}, "worldskills": {"centre": setting, "spread": setting}}),
    "ranking": {
        "by": one_of("total", "scale"),
        "ties": one_of("shared", "forbidden"),
        "tie_break?": [
            Kinds(
                "key",
                {
                    "time": {"module": text, "order": ORDER},
                    "module": {"module": text, "order": ORDER},
                    "aspect": {"aspect": text, "order": ORDER},
                    "deductions": {"order": ORDER},
                },
            )
        ],
    },
    "awards": Kinds(
        "kind",
        {
            "none": {},
            "worldskills": {"tie_threshold": setting, "medallion_from": setting},
            "tiers": {
                "tiers": [
                    Kinds(
                        "basis",
                        {
                            "rank": TIER | {"to": whole(1)},
                            "percent_of_field": TIER | {"to": percentage, "round": UP_OR_DOWN},
                            "fraction_of_field": TIER | {"to": share, "round": UP_OR_DOWN},
                            "score": TIER | {"from": signed_setting},
                        },
                    )
                ]
            },
        },
    ),
}
BUNDLE = Keys(
    {
        "format": one_of("marks-bundle/1"),
        "event": {"id": text, "name": text},
        "rule_set": RULE_SET,
        "modules": [{"id": text, "name": text, "weight?": number, "aspects": [ASPECT]}],
        "entries": [
            {
                "code": text,
                "delegation?": OneOrOther(None, text),
                "status": one_of("competed", "absent", "withdrawn", "disqualified"),
            }
        ],
        "marks": [
            {
                "aspect": text,
                "code": text,
                "judge": text,
                "value?": signed,
                "state?": one_of("missing", "not_attempted"),
            }
        ],
        "deductions?": [
            {"code": text, "module": text, "points": number, "reason?": OneOrOther(None, any_text)}
        ],
        "times?": [{"code": text, "module": text, "seconds": whole()}],
        "results?": [
            {
                "code": text,
                "total": OneOrOther(None, any_text),
                "scale": OneOrOther(None, any_whole),
                "rank": OneOrOther(None, any_whole),
                "award": OneOrOther(None, any_text),
            }
        ],
    }
)
