"""What becomes of a picture that somebody hands in as a portrait."""

import io
from typing import Any

import pytest
from PIL import Image

from app.documents.portraits import PIXELS, BadPhoto, portrait
from tests.builders.pictures import a_picture


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


class TestPortrait:
    @pytest.mark.parametrize("size", [(600, 900), (900, 600), (90, 120), (3000, 4000), (480, 640)])
    @pytest.mark.parametrize("kind", ["JPEG", "PNG"])
    def test_is_three_by_four_and_never_larger_than_paper_needs(self, size, kind):
        made = opened(portrait(a_picture(*size, kind=kind)))

        assert made.format == "JPEG"
        assert abs(made.width * 4 - made.height * 3) <= 4
        assert made.width <= min(size[0], PIXELS[0])

    def test_stands_upright_and_says_nothing_of_where_it_was_taken(self):
        turned = portrait(a_picture(900, 600, turned=6))

        made = opened(turned)
        assert made.getexif() == {}
        assert b"322" not in turned
        left: Any = made.getpixel((5, made.height // 2))
        right: Any = made.getpixel((made.width - 5, 9))
        assert left[0] > left[2]
        assert right[2] > right[0]

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"no picture",
            a_picture()[:500],
            a_picture(40, 60),
            b"GIF89a" + bytes(100),
            a_picture() + bytes(13 * 2**20),
        ],
        ids=["empty", "text", "cut off", "tiny", "another kind", "huge"],
    )
    def test_refuses_what_is_no_portrait(self, content):
        with pytest.raises(BadPhoto):
            portrait(content)
