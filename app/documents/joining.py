"""Join PDFs of typst into one, written as it grows: pages, fonts and tags stay as they are.

A long file made by one compilation takes half a megabyte of memory a page. This knows what typst
writes, no more: plain objects, one table of their places, tags in one tree; anything else is
refused. Every part keeps its own cut of the fonts.
"""

import re
from array import array
from collections.abc import Iterator
from typing import BinaryIO, Final

HEADER: Final = b"%PDF-1.7\n%\x80\x80\x80\x80\n\n"
PAGES, TAGS, WHOLE = 1, 2, 3
"""The objects above all parts: the list of pages, the tree of tags, its one element at the top."""
TABLE = re.compile(rb"startxref\n(\d+)\n%%EOF\s*$")
TRAILER = re.compile(rb"trailer\n<</Size (\d+)/Root (\d+) 0 R/Info (\d+) 0 R(/ID\[.*\])>>")
CATALOG = re.compile(
    rb"<</Type/Catalog/Pages (\d+) 0 R/Metadata (\d+) 0 R(.*)/StructTreeRoot (\d+) 0 R(.*)>>$",
    re.DOTALL,
)
TREE = re.compile(
    rb"<</Type/StructTreeRoot(/RoleMap<<.*>>)?/K\[(.*)\]/ParentTree<</Nums\[(.*)\]>>"
    rb"/ParentTreeNextKey (\d+)>>$"
)
LIST_OF_PAGES = re.compile(rb"<</Type/Pages/Count (\d+)/Kids\[.*\]>>$")
REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
ENTRY_OF_TREE = re.compile(rb"\b(\d+) (\d+) 0 R\b")
PLACE_IN_TREE = re.compile(rb"/StructParents? (\d+)\b")
LENGTH = re.compile(rb"/Length \d+")
COUNT_OF_PAGES = re.compile(rb"(?<=<xmpTPg:NPages>)\d+")
STREAM: Final = b"\nstream\n"
FREE: Final = b"0000000000 65535 f\r\n"


class NotByTypst(Exception):
    """A part is not written as this version of typst writes."""


class _Part:
    """One PDF, cut into its objects."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        start = int(_found(TABLE.search(content[-64:]))[1])
        trailer = _found(TRAILER.search(content, start))
        self.size, self.root, self.info = (int(trailer[place]) for place in (1, 2, 3))
        self.id = trailer[4]
        first = content.index(b"\n", start + len(b"xref\n")) + 1
        rows = (content[first + 20 * n : first + 20 * n + 10] for n in range(1, self.size))
        self.places = [*map(int, rows), start]
        if self.places != sorted(self.places):
            raise NotByTypst
        catalog = _found(CATALOG.match(self.body(self.root)))
        self.pages, self.metadata, self.tags = (int(catalog[place]) for place in (1, 2, 4))
        self.said = catalog[3] + catalog[5]
        self.tree = _found(TREE.match(self.body(self.tags)))
        self.count = int(_found(LIST_OF_PAGES.match(self.body(self.pages)))[1])

    def body(self, number: int) -> bytes:
        """Return an object without its number."""
        written = self.content[self.places[number - 1] : self.places[number]]
        return written[written.index(b"obj\n") + 4 : written.rindex(b"\nendobj")]

    def bodies(self) -> Iterator[tuple[int, bytes]]:
        """Yield what is not said once for the whole file."""
        once = {self.root, self.info, self.metadata, self.tags}
        return ((n, self.body(n)) for n in range(1, self.size) if n not in once)


class Joined:
    """A PDF that grows in a file: `add` the parts, then `end` it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._places = array("Q")
        self._last = WHOLE
        self._count = self._next_in_tree = 0
        self._pages: list[int] = []
        self._tags: list[bytes] = []
        self._tree: list[bytes] = []
        self._first: _Part | None = None
        file.write(HEADER)

    def add(self, content: bytes) -> None:
        """Write the pages of a part; raise `NotByTypst`."""
        part, base = _Part(content), self._last
        shift = self._next_in_tree
        for number, body in part.bodies():
            head, stream, rest = body.partition(STREAM)
            head = PLACE_IN_TREE.sub(lambda found: _shifted(found, shift), head)
            head = _renumbered(head, part, base)
            if number == part.pages:
                head = head.removesuffix(b">>") + b"/Parent %d 0 R>>" % PAGES
            self._write(base + number, head + stream + rest)
        self._last = base + part.size - 1
        self._count += part.count
        self._pages.append(base + part.pages)
        self._tags.append(_renumbered(part.tree[2], part, base))
        self._tree += [
            b"%d %d 0 R" % (shift + int(place), base + int(number))
            for place, number in ENTRY_OF_TREE.findall(part.tree[3])
        ]
        self._next_in_tree = shift + int(part.tree[4])
        self._first = self._first or part

    def end(self) -> None:
        """Write what holds the parts together: title and language are those of the first."""
        first = self._first
        if first is None:
            raise NotByTypst
        info, metadata, catalog = (self._last + place for place in (1, 2, 3))
        pages = b" ".join(b"%d 0 R" % number for number in self._pages)
        self._write(PAGES, b"<</Type/Pages/Count %d/Kids[%b]>>" % (self._count, pages))
        tree = b" ".join(self._tree)
        self._write(
            TAGS,
            b"<</Type/StructTreeRoot%b/K[%d 0 R]/ParentTree<</Nums[%b]>>/ParentTreeNextKey %d>>"
            % (first.tree[1] or b"", WHOLE, tree, self._next_in_tree),
        )
        parts = b" ".join(self._tags)
        self._write(WHOLE, b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (TAGS, parts))
        self._write(info, first.body(first.info))
        head, _, text = first.body(first.metadata).partition(STREAM)
        text = COUNT_OF_PAGES.sub(b"%d" % self._count, text.removesuffix(b"\nendstream"))
        head = LENGTH.sub(b"/Length %d" % len(text), head)
        self._write(metadata, head + STREAM + text + b"\nendstream")
        self._write(
            catalog,
            b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/StructTreeRoot %d 0 R%b>>"
            % (PAGES, metadata, TAGS, first.said),
        )
        self._write_table(b"/Root %d 0 R/Info %d 0 R%b" % (catalog, info, first.id), catalog + 1)

    def _write(self, number: int, body: bytes) -> None:
        self._places.extend([0] * (number + 1 - len(self._places)))
        self._places[number] = self._file.tell()
        self._file.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _write_table(self, trailer: bytes, size: int) -> None:
        start = self._file.tell()
        self._file.write(b"xref\n0 %d\n%b" % (size, FREE))
        for place in self._places[1:]:
            self._file.write(b"%010d 00000 n\r\n" % place if place else FREE)
        self._file.write(
            b"trailer\n<</Size %d%b>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, start)
        )


def _found(match: re.Match[bytes] | None) -> re.Match[bytes]:
    if match is None:
        raise NotByTypst
    return match


def _shifted(found: re.Match[bytes], shift: int) -> bytes:
    name = found[0].split(b" ")[0]
    return b"%b %d" % (name, int(found[1]) + shift)


def _renumbered(head: bytes, part: _Part, base: int) -> bytes:
    """Return the head of an object with its references as they are in the whole file."""

    def moved(found: re.Match[bytes]) -> bytes:
        number = int(found[1])
        return b"%d 0 R" % (WHOLE if number == part.tags else base + number)

    return REFERENCE.sub(moved, head)
