"""What happens to printed paper before a camera sees it: blur, tilt, noise, shade, damage.

A paper is rendered at its print size (300 dots an inch, so that a module of 0.53 mm is 6.3 dots),
and damaged from a seed, so that the same paper is damaged in the same way again.
"""

import io
import math
from collections.abc import Callable
from random import Random

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from pyzbar import pyzbar

DOTS_AN_INCH = 300
MILLIMETERS_AN_INCH = 25.4
MARGIN_MM = 12
Picture = Image.Image
Harm = Callable[[Picture, Random], Picture]


def rendered(pdf: bytes, dots: int = DOTS_AN_INCH) -> Picture:
    """Render the first page in gray and cut out the symbol with a margin around it."""
    page = pypdfium2.PdfDocument(io.BytesIO(pdf))[0]
    whole = page.render(scale=dots / 72, grayscale=True).to_pil().convert("L")
    [found] = zxingcpp.read_barcodes(whole)
    corners = found.position
    across = [corners.top_left.x, corners.bottom_right.x]
    down = [corners.top_left.y, corners.bottom_right.y]
    margin = round(MARGIN_MM / MILLIMETERS_AN_INCH * dots)
    box = (min(across) - margin, min(down) - margin, max(across) + margin, max(down) + margin)
    return whole.crop(box)


def millimeters(length: float, dots: int = DOTS_AN_INCH) -> float:
    """Return a length on paper as dots."""
    return length / MILLIMETERS_AN_INCH * dots


def blurred(radius_mm: float) -> Harm:
    """Out of focus: a Gaussian of this radius on the paper."""
    return lambda picture, _: picture.filter(ImageFilter.GaussianBlur(millimeters(radius_mm)))


def tilted(degrees: float) -> Harm:
    """Held askew: turned in the picture by so many degrees, and seen from the side a little."""

    def harm(picture: Picture, luck: Random) -> Picture:
        turned = picture.rotate(
            luck.choice((-1, 1)) * degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255
        )
        across, down = turned.size
        lean = math.sin(math.radians(degrees)) * 0.3
        corners = (0, 0, 0, down, across, down * (1 + lean), across, -down * lean)
        seen = Image.Transform.QUAD
        return turned.transform(turned.size, seen, corners, Image.Resampling.BICUBIC, fillcolor=255)

    return harm


def noisy(sigma: float) -> Harm:
    """A small sensor in poor light: Gaussian noise of so many gray levels."""

    def harm(picture: Picture, _: Random) -> Picture:
        noise = Image.effect_noise(picture.size, sigma)
        return ImageChops.add(picture, noise, offset=-128)

    return harm


def shaded(depth: float) -> Harm:
    """A shadow across the paper: from full light down to this share of it."""

    def harm(picture: Picture, _: Random) -> Picture:
        ramp = Image.linear_gradient("L").resize(picture.size)
        light = ramp.point([round(255 * (1 - (1 - depth) * level / 255)) for level in range(256)])
        return ImageChops.multiply(picture, light)

    return harm


def torn(share: float) -> Harm:
    """A hole or a stain: a blot of this share of the symbol, white or black, anywhere in it."""

    def harm(picture: Picture, luck: Random) -> Picture:
        across, down = picture.size
        margin = millimeters(MARGIN_MM)
        side = math.sqrt(share * (across - 2 * margin) * (down - 2 * margin))
        left = luck.uniform(margin, across - margin - side)
        top = luck.uniform(margin, down - margin - side)
        copy = picture.copy()
        ImageDraw.Draw(copy).ellipse(
            (left, top, left + side, top + side), fill=luck.choice((0, 255))
        )
        return copy

    return harm


def small(dots: int) -> Harm:
    """Far away or badly scanned: so many dots an inch of the paper."""

    def harm(picture: Picture, _: Random) -> Picture:
        scale = dots / DOTS_AN_INCH
        size = (round(picture.width * scale), round(picture.height * scale))
        return picture.resize(size, Image.Resampling.BILINEAR)

    return harm


def together(*harms: Harm) -> Harm:
    """One after the other."""

    def harm(picture: Picture, luck: Random) -> Picture:
        for one in harms:
            picture = one(picture, luck)
        return picture

    return harm


HARMS: dict[str, Harm] = {
    "clean, 300 dpi": together(),
    "150 dpi": small(150),
    "100 dpi": small(100),
    "blur 0.15 mm": blurred(0.15),
    "blur 0.25 mm": blurred(0.25),
    "blur 0.35 mm": blurred(0.35),
    "tilt 10 degrees": tilted(10),
    "tilt 25 degrees": tilted(25),
    "noise 30": noisy(30),
    "noise 60": noisy(60),
    "shadow to 40 %": shaded(0.4),
    "blot 2 %": torn(0.02),
    "blot 4 %": torn(0.04),
    "blot 6 %": torn(0.06),
    "blot 9 %": torn(0.09),
    "photo: all, mild": together(tilted(8), shaded(0.6), blurred(0.15), noisy(15), small(200)),
    "photo: all, rough": together(
        torn(0.02), tilted(12), shaded(0.5), blurred(0.15), noisy(20), small(200)
    ),
}


def read_by_zxing(picture: Picture) -> set[str]:
    """Read with zxing-cpp."""
    return {found.text for found in zxingcpp.read_barcodes(picture)}


def read_by_zbar(picture: Picture) -> set[str]:
    """Read with zbar."""
    return {found.data.decode() for found in pyzbar.decode(picture, [pyzbar.ZBarSymbol.QRCODE])}


READERS = {"zxing-cpp": read_by_zxing, "zbar": read_by_zbar}
