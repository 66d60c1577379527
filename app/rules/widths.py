"""Full-width letters, digits and signs, as Chinese keyboards write them, made plain.

Compatibility forms (NFKC) would make far more plain: a footnote sign becomes a digit, 9.5① a 9.51.
No number of record may be read that way.
"""

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def narrowed(text: str) -> str:
    """Return a text with its full-width forms made plain and everything else as it is."""
    return text.translate(FULL_WIDTH)
