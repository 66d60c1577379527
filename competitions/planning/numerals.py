"""Numbers as a scheme's form and workbooks take them."""

import re

from app.rules.widths import narrowed

DECIMAL = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")
DECIMALS = ("0", "1", "2", "3", "4")
"""How many decimals a judge may give."""
TYPED = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]+))?分?")


def plain(text: str) -> str:
    """Return a number of points as `0.5`, however it was typed; empty for what is none.

    Full-width digits, a decimal comma, leading and trailing zeros and the word 分 are taken.
    """
    found = TYPED.fullmatch(re.sub(r"\s", "", narrowed(text)))
    if not found:
        return ""
    before, after = found[1].lstrip("0") or "0", (found[2] or "").rstrip("0")
    number = f"{before}.{after}" if after else before
    return number if DECIMAL.fullmatch(number) else ""
