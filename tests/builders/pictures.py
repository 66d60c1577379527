"""Pictures as people hand them in."""

import io

from PIL import Image


def a_sharp_picture() -> bytes:
    """A photo whose every pixel differs from the next, which no quality makes small at once."""
    written = io.BytesIO()
    Image.effect_noise((1280, 1280), 200).convert("RGB").save(written, "JPEG", quality=95)
    return written.getvalue()


def a_torn_note() -> bytes:
    """A sound PNG in which the camera's note is cut short."""
    written = io.BytesIO()
    Image.new("RGB", (300, 400), "navy").save(written, "PNG", exif=b"II*\x00")
    return written.getvalue()


def a_picture(width: int = 600, height: int = 900, *, kind: str = "JPEG", turned: int = 1) -> bytes:
    """A portrait, blue above and red below; `turned` is the orientation that a camera writes."""
    picture = Image.new("RGB", (width, height), "navy")
    picture.paste("crimson", (0, height // 2, width, height))
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010E] = "322 号院 3 单元"
    written = io.BytesIO()
    picture.save(written, kind, exif=exif)
    return written.getvalue()
