"""Charts: every label in the picture, a title and a description, no place that is no number."""

import re
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.charts import Axis, Column, Frame, Row, Series, columns, lines, rows

FRAME = Frame("severity", "J3 <偏严>", "每名裁判与评委平均相差多少")
AXIS = Axis(
    Fraction(-5), Fraction(5), ((Fraction(-5), "-5"), (Fraction(0), "0"), (Fraction(5), "5"))
)
SVG = "{http://www.w3.org/2000/svg}"
values = st.fractions(-10, 10, max_denominator=1000)


def picture(markup):
    """Read a chart strictly; return its svg element."""
    found = ET.fromstring(str(markup))
    return found.find("svg")


def words(markup):
    return [item.text for item in picture(markup).iter("text")]


def places(markup):
    """Every number of every place in the picture."""
    names = {"x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height", "points"}
    return [
        number
        for item in picture(markup).iter()
        if item.tag != "svg"
        for name, text in item.attrib.items()
        if name in names
        for number in re.split("[ ,]", text)
    ]


def is_sound(markup):
    """Tell whether every place is a plain number inside the picture."""
    across, down = map(int, picture(markup).attrib["viewBox"].split()[2:])
    assert all(re.fullmatch(r"-?[0-9]+\.[0-9]", text) for text in places(markup)), markup
    return all(0 <= float(text) <= max(across, down) for text in places(markup))


class TestEveryChart:
    @pytest.mark.parametrize(
        "made",
        [
            rows(FRAME, AXIS, [Row("J1", "+1.0")]),
            columns(FRAME, [Column("60", 3)]),
            lines(FRAME, AXIS, ["1", "2"], [Series("J1", (Fraction(0), Fraction(1)))]),
        ],
    )
    def test_says_its_message_and_what_it_shows(self, made):
        svg = picture(made)

        assert svg.attrib["role"] == "img"
        assert svg.attrib["aria-labelledby"] == "severity-t severity-d"
        assert [svg.find(name).text for name in ("title", "desc")] == [FRAME.title, FRAME.about]
        assert ET.fromstring(str(made)).findtext("figcaption") == FRAME.title
        assert "style" not in str(made)

    def test_is_nothing_where_there_is_nothing(self):
        assert rows(FRAME, AXIS, []) == columns(FRAME, []) == ""
        assert lines(FRAME, AXIS, ["1", "2"], []) == ""
        assert lines(FRAME, AXIS, ["1"], [Series("J1", (Fraction(0),))]) == ""


class TestRows:
    def test_name_each_row_and_tick(self):
        made = rows(FRAME, AXIS, [Row("J1 & 二", "+1.5", dots=(Fraction(1),), is_loud=True)])

        assert words(made) == ["-5", "0", "5", "J1 & 二", "+1.5"]
        assert picture(made).find("circle").attrib["class"] == "dot loud"

    def test_draw_bars_from_zero_to_either_side(self):
        made = rows(FRAME, AXIS, [Row("a", "", bar=Fraction(5)), Row("b", "", bar=Fraction(-5))])
        right, left = picture(made).iter("rect")

        assert (right.attrib["x"], right.attrib["width"]) == ("180.0", "172.0")
        assert (left.attrib["x"], left.attrib["width"]) == ("8.0", "172.0")

    def test_draw_boxes_and_references(self):
        box = (Fraction(-4), Fraction(-2), Fraction(0), Fraction(2), Fraction(4))
        made = rows(FRAME, AXIS, [Row("a", "", box=box, reference=Fraction(9))])

        kinds = [item.attrib["class"] for item in picture(made) if "class" in item.attrib]
        assert [kind for kind in kinds if kind not in {"grid", "label", "told"}] == [
            "whisker",
            "box",
            "median",
            "reference",
        ]
        assert is_sound(made)

    def test_shorten_a_label_that_does_not_fit(self):
        assert words(rows(FRAME, Axis(Fraction(0), Fraction(0)), [Row("长" * 40, "")]))[0] == (
            "长" * 23 + "…"
        )

    @given(st.lists(st.tuples(values, values), max_size=9), values, values)
    def test_stay_inside_whatever_they_hold(self, given_values, low, high):
        axis = Axis(min(low, high), max(low, high), ((low, "a"), (high, "b")))
        items = [
            Row("J", "1", bar=one, dots=(other,), box=(one,) * 5, reference=other)
            for one, other in given_values
        ]

        assert not items or is_sound(rows(FRAME, axis, items))


class TestColumns:
    def test_name_each_and_say_how_many(self):
        made = columns(FRAME, [Column("60", 2), Column("70", 0), Column("80", 5, is_loud=True)])

        assert words(made) == ["2", "60", "70", "5", "80"]

    @given(st.lists(st.integers(0, 10**6), max_size=12))
    def test_stay_inside(self, counts):
        made = columns(FRAME, [Column(str(count), count) for count in counts])

        assert not counts or is_sound(made)


class TestLines:
    def test_are_named_at_their_ends_apart(self):
        same = (Fraction(1), Fraction(2), Fraction(3))
        made = lines(
            FRAME,
            AXIS,
            ["一", "二", "三"],
            [Series("J1", same, is_loud=True), Series("J2", same), Series("J3", (None,) * 3)],
        )
        ends = [item for item in picture(made).iter("text") if item.text in {"J1", "J2", "J3"}]

        assert sorted(item.text for item in ends) == ["J1", "J2"]
        assert abs(float(ends[0].attrib["y"]) - float(ends[1].attrib["y"])) >= 15

    def test_names_stay_above_the_steps_where_all_end_low(self):
        low = (Fraction(-5), Fraction(-5))
        made = lines(FRAME, AXIS, ["一", "二"], [Series(f"J{at}", low) for at in range(6)])
        heights = {
            item.text: float(item.attrib["y"]) for item in picture(made).iter("text") if item.text
        }

        assert max(heights[f"J{at}"] for at in range(6)) < heights["一"]
        assert len({heights[f"J{at}"] for at in range(6)}) == 6

    @given(st.lists(st.tuples(values, values, values), max_size=6))
    def test_stay_inside(self, given_values):
        items = [Series(f"J{at}", one) for at, one in enumerate(given_values)]

        assert not items or is_sound(lines(FRAME, AXIS, ["1", "2", "3"], items))
