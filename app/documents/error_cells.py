"""Cells whose formula failed (#N/A, #REF!): the reading library gives them as empty.

A part of the child that opens workbooks: it runs within its bounds and imports nothing of the
house. The worksheet is read again as it is written, a piece at a time.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import IO, Final
from xml.etree import ElementTree

PIECE: Final = 1024**2
SIGNS: Final = (b't="e"', b"t='e'")
CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*\bt=[\"']e[\"'][^>]*>")
ADDRESS = re.compile(rb"\sr=[\"']([A-Z]{1,3}[0-9]{1,7})[\"']")


def error_cells(content: IO[bytes], name: str) -> Iterator[str]:
    """Give the addresses of a worksheet's cells that hold an error."""
    with zipfile.ZipFile(content) as archive:
        for text in chain.from_iterable(
            _pieces(archive, part) for part in _parts_of(archive, name)
        ):
            if any(sign in text for sign in SIGNS):
                found = (ADDRESS.search(cell) for cell in CELL.findall(text))
                yield from (address[1].decode() for address in found if address)


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Give a part of the archive piece by piece, each but the last ending before a tag."""
    with archive.open(part) as source:
        rest = b""
        while piece := source.read(PIECE):
            text = rest + piece
            end = max(0, text.rfind(b"<"))
            yield text[:end]
            rest = text[end:]
        yield rest


def _parts_of(archive: zipfile.ZipFile, name: str) -> list[str]:
    """Return where in the archive a worksheet is: one place, none in an unusual archive."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - bounded
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    sheets = (item for item in book.iter() if item.tag.endswith("}sheet"))
    ids = [
        value
        for sheet in sheets
        if sheet.get("name") == name
        for title, value in sheet.items()
        if title.endswith("}id")
    ]
    paths = [
        posixpath.join("/xl", link.get("Target", "")) for link in links if link.get("Id") in ids
    ]
    return [path[1:] for path in paths if path[1:] in archive.namelist()]
