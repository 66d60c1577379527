"""A press for books: `press.py TEMPLATE < DATA.json > BOOK.pdf`, a process for each book.

A big book makes the compiler slow for the small sheets after it and keeps its memory, so it is
never printed where certificates are. The file stands alone: it imports nothing of the house.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent


def document(template: str, data: str) -> bytes:
    """Return a document that prints a template's `printed` over data, which is JSON.

    The template stays the same from one document to the next, and so does the compiler's library,
    so that what it made of them for one certificate is there for the next. What JSON writes of a
    text, typst reads alike: in JSON itself nothing but quotes and backslashes is escaped.
    """
    return (
        f'#import "/templates/{template}": printed\n'
        f"#printed(json(bytes({json.dumps(data, ensure_ascii=False)})))"
    ).encode()


def main() -> int:
    """Typeset one book."""
    import typst  # Here and not above: the server knows this file and never typesets.

    data = sys.stdin.buffer.read().decode()
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")]
    )
    compiler = typst.Compiler(root=str(HERE), font_paths=fonts)
    # Tags for every cell of a long table would make the file fifteen times as large.
    book = compiler.compile(input=document(sys.argv[1], data), pdf_tags=False)
    assert isinstance(book, bytes)
    sys.stdout.buffer.write(book)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
