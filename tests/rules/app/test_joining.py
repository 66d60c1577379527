"""PDFs of typst joined into one: every page, its words, its tags, and what stands once."""

import io
import re
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from app.certificates import drawing
from app.documents.joining import Joined, NotByTypst
from app.documents.portraits import portrait

PAGE = re.compile(rb"/Type/Page/.*?/StructParents (\d+)")
ELEMENT = re.compile(rb"(\d+) 0 obj\n<</Type/StructElem/S/\w+/P (\d+) 0 R")


def a_sheet(number: int, photo: bytes | None = None) -> dict[str, Any]:
    return {
        "kind": 1,
        "heading": "专项职业能力证书",
        "name": f"张三{number}",
        "title": "刺梨种植与初加工",
        "result": "合格",
        "number": f"2652{number:04d}",
        "issuer": "黔山技能鉴定中心",
        "issued_on": "2026年11月20日",
        "prints": [["等级", "四级"]],
        "printed_id": "0123-4567-89AB-CDEF-X",
        "host": "verify.example.cn",
        "symbol": f"https://verify.example.cn/v/0123456789ABCDEF#{'7' * 300}{number}",
        "photo": photo,
        "reissued": False,
        "notice": "",
    }


def joined(*parts: bytes) -> bytes:
    file = io.BytesIO()
    whole = Joined(file)
    for part in parts:
        whole.add(part)
    whole.end()
    return file.getvalue()


def words_of(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def pictures_of(pdf: bytes) -> list[bytes]:
    return [page.render().to_pil().tobytes() for page in pypdfium2.PdfDocument(pdf)]


@pytest.fixture(scope="module")
def sheets() -> list[dict[str, Any]]:
    photo = io.BytesIO()
    Image.new("RGB", (300, 400), "navy").save(photo, "PNG")
    return [
        a_sheet(number, portrait(photo.getvalue()) if number == 4 else None) for number in range(6)
    ]


class TestJoinedParts:
    def test_show_what_one_compilation_shows(self, sheets):
        whole = drawing.merged(sheets)

        made = joined(
            drawing.merged(sheets[:3]), drawing.merged(sheets[3:4]), drawing.merged(sheets[4:])
        )

        assert words_of(made) == words_of(whole)
        assert pictures_of(made) == pictures_of(whole)
        first, another = pypdfium2.PdfDocument(made), pypdfium2.PdfDocument(whole)
        assert first.get_metadata_dict()["Title"] == another.get_metadata_dict()["Title"]
        assert b"<xmpTPg:NPages>6<" in made

    def test_keep_their_tags_in_one_tree(self, sheets):
        made = joined(drawing.merged(sheets[:2]), drawing.merged(sheets[2:]))

        assert [int(place) for place in PAGE.findall(made)] == list(range(6))
        above = {int(number): int(parent) for number, parent in ELEMENT.findall(made)}
        roots = {number for number, parent in above.items() if parent not in above}
        assert len(roots) == 1
        assert made.count(b"/S/Document/") == 3
        assert made.count(b"/S/Figure/") == drawing.merged(sheets).count(b"/S/Figure/")
        assert b"/MarkInfo<</Marked true" in made
        assert b"/Lang(zh-CN)" in made

    def test_stand_where_the_table_says(self, sheets):
        made = joined(drawing.merged(sheets[:1]), drawing.merged(sheets[1:2]))

        start = int(re.findall(rb"startxref\n(\d+)\n", made)[-1])
        rows = re.findall(rb"(\d{10}) \d{5} ([nf])\r\n", made[start:])
        assert made[start:].startswith(b"xref\n0 %d\n" % len(rows))
        for number, (place, kind) in enumerate(rows):
            if kind == b"n":
                assert made[int(place) :].startswith(b"%d 0 obj\n" % number)


class TestAnythingElse:
    @pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"startxref\n0\n%%EOF"])
    def test_is_refused(self, content):
        with pytest.raises(NotByTypst):
            joined(content)

    def test_is_refused_with_another_catalog(self, sheets):
        part = drawing.merged(sheets[:1])

        with pytest.raises(NotByTypst):
            joined(part.replace(b"/Type/Catalog", b"/Type/Cat_log"))

    def test_is_refused_without_a_part(self):
        with pytest.raises(NotByTypst):
            joined()
