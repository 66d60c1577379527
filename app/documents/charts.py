"""Charts as SVG, made here: dots, bars, boxes, columns and lines with their labels beside them.

Each says one thing, its title; there is no legend. The colors are the page's own, by class, so
that a chart is right in dark, in print and in the hall. It is drawn for a phone's width and grows
with the page. A table with the same numbers belongs under each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from app.documents import svg

WIDTH = 360
TOP, LINE, BOTTOM = 6, 15, 22
EDGE = 8
SHORT = 24
"""Letters of a label that surely fit above its row; the table has it whole."""


@dataclass(frozen=True)
class Frame:
    """What surrounds a chart: an id of the page's own, the message, what it shows in a sentence."""

    name: str
    title: str
    about: str


@dataclass(frozen=True)
class Axis:
    """From where to where; the ticks have the words that stand beside them."""

    low: Fraction
    high: Fraction
    ticks: tuple[tuple[Fraction, str], ...] = ()

    def at(self, value: Fraction, first: int, last: int) -> Fraction:
        """Return where a value stands between two places; outside it stands at the end."""
        span = self.high - self.low
        share = (value - self.low) / span if span else Fraction(1, 2)
        return first + min(max(share, Fraction(0)), Fraction(1)) * (last - first)


@dataclass(frozen=True)
class Row:
    """One line of a horizontal chart: a bar from the axis' zero, a box, dots, a reference."""

    label: str
    told: str
    bar: Fraction | None = None
    box: tuple[Fraction, Fraction, Fraction, Fraction, Fraction] | None = None
    dots: tuple[Fraction, ...] = ()
    reference: Fraction | None = None
    is_loud: bool = False


@dataclass(frozen=True)
class Column:
    """One column of a vertical chart."""

    label: str
    value: int
    is_loud: bool = False


@dataclass(frozen=True)
class Series:
    """One line over equal steps; a step without a value breaks it."""

    label: str
    values: tuple[Fraction | None, ...]
    is_loud: bool = False


def rows(frame: Frame, axis: Axis, items: Sequence[Row]) -> Markup:
    """Draw rows one below the other, each label above its own; nothing for no rows."""
    if not items:
        return Markup()
    height = 36
    bottom = TOP + height * len(items)
    first, last = EDGE, WIDTH - EDGE
    parts = []
    for value, word in axis.ticks:
        at = axis.at(value, first, last)
        parts.append(svg.text(word, at, bottom + LINE, anchor=_anchor(at)))
    for place, item in enumerate(items):
        middle = TOP + height * place + 25
        for value, _ in axis.ticks:
            at = axis.at(value, first, last)
            parts.append(svg.line("grid", at, middle - 8, at, middle + 8))
        loud = " loud" if item.is_loud else ""
        parts.append(svg.text(_short(item.label), first, middle - 11, f"label{loud}"))
        parts.append(svg.text(item.told, last, middle - 11, f"told{loud}", "end"))
        parts += _row(axis, item, Fraction(middle), loud)
    return _figure(frame, bottom + BOTTOM, parts)


def _row(axis: Axis, item: Row, middle: Fraction, loud: str) -> list[Markup]:
    first, last = EDGE, WIDTH - EDGE
    parts = []
    if item.bar is not None:
        zero = axis.at(min(max(Fraction(0), axis.low), axis.high), first, last)
        end = axis.at(item.bar, first, last)
        left, wide = min(zero, end), abs(end - zero)
        parts.append(
            svg.rect(f"mark{loud}", left, middle - 5, max(wide, Fraction(1)), Fraction(10))
        )
    if item.box is not None:
        low, lower, half, upper, high = (axis.at(one, first, last) for one in item.box)
        parts.append(svg.line("whisker", low, middle, high, middle))
        wide = max(upper - lower, Fraction(1))
        parts.append(svg.rect(f"box{loud}", lower, middle - 5, wide, 10))
        parts.append(svg.line(f"median{loud}", half, middle - 7, half, middle + 7))
    parts += [svg.dot(axis.at(one, first, last), middle, loud) for one in item.dots]
    if item.reference is not None:
        at = axis.at(item.reference, first, last)
        parts.append(svg.line("reference", at, middle - 8, at, middle + 8))
    return parts


def columns(frame: Frame, items: Sequence[Column]) -> Markup:
    """Draw columns side by side, the number above each; nothing for no columns."""
    if not items:
        return Markup()
    tall, top = 130, TOP + LINE
    most = max([1, *(item.value for item in items)])
    step = Fraction(WIDTH - 2 * EDGE, len(items))
    base = Fraction(top + tall)
    parts = [svg.line("axis", EDGE, base, WIDTH - EDGE, base)]
    for place, item in enumerate(items):
        left = EDGE + step * place
        high = Fraction(tall * item.value, most)
        loud = " loud" if item.is_loud else ""
        parts.append(svg.rect(f"mark{loud}", left + 2, base - high, step - 4, high))
        if item.value:
            told = str(item.value)
            parts.append(svg.text(told, left + step / 2, base - high - 5, f"told{loud}", "middle"))
        parts.append(svg.text(item.label, left + step / 2, base + LINE, "label", "middle"))
    return _figure(frame, int(base) + BOTTOM, parts)


def lines(frame: Frame, axis: Axis, steps: Sequence[str], items: Sequence[Series]) -> Markup:
    """Draw lines over equal steps, each named at its end; nothing for no lines or one step."""
    if not items or len(steps) < 2:
        return Markup()
    tall, first, last = 170, 44, WIDTH - 44
    top, base = TOP + LINE, TOP + LINE + tall
    parts = []
    for value, word in axis.ticks:
        at = axis.at(value, base, top)
        parts.append(svg.line("axis" if value == 0 else "grid", first, at, last, at))
        parts.append(svg.text(word, first - 6, at + 4, "label", "end"))
    places = [first + Fraction((last - first) * at, len(steps) - 1) for at in range(len(steps))]
    for at, word in zip(places, steps, strict=True):
        parts.append(svg.text(word, at, base + LINE + 8, "label", "middle"))
    ends = []
    for item in sorted(items, key=lambda one: one.is_loud):
        loud = " loud" if item.is_loud else ""
        drawn = [
            (at, axis.at(value, base, top))
            for at, value in zip(places, item.values, strict=True)
            if value is not None
        ]
        if drawn:
            path = " ".join(f"{svg.plain(x)},{svg.plain(y)}" for x, y in drawn)
            parts.append(Markup('<polyline class="line{}" points="{}"/>').format(loud, path))
            parts.append(svg.dot(*drawn[-1], loud))
            ends.append((drawn[-1][1], item.label, f"told{loud}"))
    for at, (_, label, kind) in zip(_apart(ends, base), sorted(ends), strict=True):
        parts.append(svg.text(label, last + 8, at + 4, kind))
    return _figure(frame, base + BOTTOM + 8, parts)


def _apart(ends: Sequence[tuple[Fraction, str, str]], lowest: int) -> list[Fraction]:
    """Move the names at the ends of lines so far apart that each can be read, none too low."""
    found: list[Fraction] = []
    for at, _, _ in sorted(ends):
        found.append(max(at, found[-1] + LINE) if found else at)
    for place in range(len(found)):
        room = lowest - LINE * (len(found) - 1 - place)
        found[place] = min(found[place], Fraction(room))
    return found


def _figure(frame: Frame, height: int, parts: Sequence[Markup]) -> Markup:
    shape = Markup(
        '<figure class="chart"><figcaption>{title}</figcaption>'
        '<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{name}-t {name}-d">'
        '<title id="{name}-t">{title}</title><desc id="{name}-d">{about}</desc>{parts}</svg>'
        "</figure>"
    )
    return shape.format(
        title=frame.title,
        about=frame.about,
        name=frame.name,
        width=WIDTH,
        height=height,
        parts=Markup().join(parts),
    )


def _anchor(at: Fraction) -> str:
    near = 24
    return "start" if at < near else "end" if at > WIDTH - near else "middle"


def _short(label: str) -> str:
    return label if len(label) <= SHORT else label[: SHORT - 1] + "…"
