"""A press for books: `press.py TEMPLATE < DATA.json > BOOK.pdf`, a process for each book.

A big book makes the compiler slow for the small sheets after it and keeps its memory, so it is
never printed where certificates are. The file stands alone: it imports nothing of the house.
"""

import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent


def main() -> int:
    """Typeset one book."""
    data = sys.stdin.buffer.read().decode()
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")]
    )
    # Tags for every cell of a long table would make the file fifteen times as large.
    book = typst.compile(
        str(HERE / "templates" / sys.argv[1]),
        root=str(HERE),
        font_paths=fonts,
        sys_inputs={"data": data},
        pdf_tags=False,
    )
    assert isinstance(book, bytes)
    sys.stdout.buffer.write(book)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
