"""The few shapes of SVG that charts are made of, each with its class and places of one decimal."""

from fractions import Fraction

from markupsafe import Markup, escape

from app.rules.points import fixed

Place = Fraction | int


def text(word: str, x: Place, y: Place, kind: str = "label", anchor: str = "start") -> Markup:
    """Write a word."""
    shape = Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>')
    return shape.format(kind, plain(x), plain(y), anchor, escape(word))


def line(kind: str, x: Place, y: Place, to_x: Place, to_y: Place) -> Markup:
    """Draw a line from one place to another."""
    shape = Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>')
    return shape.format(kind, plain(x), plain(y), plain(to_x), plain(to_y))


def rect(kind: str, x: Place, y: Place, wide: Place, tall: Place) -> Markup:
    """Draw a rectangle from its upper left corner."""
    shape = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>')
    return shape.format(kind, plain(x), plain(y), plain(wide), plain(tall))


def dot(x: Place, y: Place, loud: str) -> Markup:
    """Draw a dot."""
    return Markup('<circle class="dot{}" cx="{}" cy="{}" r="3"/>').format(loud, plain(x), plain(y))


def plain(value: Place) -> str:
    """Write a place with one decimal, exactly: there is no NaN among fractions."""
    return fixed(Fraction(round(Fraction(value) * 10), 10), 1)
