"""准考证, read back from the PDF: what stands on it, and that nothing prints over its neighbour."""

from datetime import timedelta

import pypdfium2
import pypdfium2.raw
import pytest
from msgspec.structs import replace

from app.rules.actors import SYSTEM
from app.rules.identity import LABELS, Sex
from app.web.templating import local
from assessments.enrollment import actions as enrollment
from assessments.enrollment import queries as candidates
from assessments.enrollment import tickets
from assessments.enrollment.actions import Application
from tests.builders.assessments import a_sitting, seated
from tests.builders.events import AT, a_person

pytestmark = pytest.mark.anyio

POINTS_PER_MM = 72 / 25.4
FRAME_WIDTH = 174 * POINTS_PER_MM
MOST_CHARACTERS = 2000
LEFT, BOTTOM, RIGHT, TOP = range(4)


def shapes_of(page):
    """Return the boxes of what is drawn on a page, lines and symbols."""
    found = page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_PATH])
    return [item.get_bounds() for item in found]


def frames_of(pdf):
    """Return the text within each ticket's frame, and what stands outside of all frames."""
    framed, outside = [], []
    for page in pypdfium2.PdfDocument(pdf):
        words = page.get_textpage()
        boxes = [
            box
            for box in shapes_of(page)
            if abs(box[RIGHT] - box[LEFT] - FRAME_WIDTH) < POINTS_PER_MM
        ]
        framed += ["".join(words.get_text_bounded(*box).split()) for box in boxes]
        for at in range(words.count_rects()):
            left, bottom, right, top = words.get_rect(at)
            if not any(box[BOTTOM] <= bottom and top <= box[TOP] for box in boxes):
                outside.append(words.get_text_bounded(left, bottom, right, top))
    return framed, outside


async def a_print(*, people=3, **changes):
    line, _ = await seated(people=people, **changes)
    return line, await tickets.printed(line.id, by=SYSTEM)


class TestAdmissionTickets:
    async def test_say_who_comes_when_and_where_to_what(self, sqlite_database):
        line, pdf = await a_print(people=1)

        [ticket], _ = frames_of(pdf)

        [person] = await candidates.candidates(line.id)
        sex = LABELS[Sex(person.sex or "")]
        method = "现场操作，120分钟。"
        assert all(
            word in ticket
            for word in (person.name, f"性别{sex}", person.id_masked, line.ability, method)
        )

    async def test_name_both_days_of_a_sitting_over_two(self, sqlite_database):
        begins = AT + timedelta(days=7)

        line, pdf = await a_print(people=1, starts_at=begins, ends_at=begins + timedelta(days=1))

        [ticket], _ = frames_of(pdf)
        assert f"{local(line.starts_at):%Y-%m-%d%H:%M—}" in ticket
        assert f"—{local(line.ends_at):%Y-%m-%d%H:%M}" in ticket

    @pytest.mark.parametrize(
        ("notes", "length", "pages"), [(0, 0, 2), (5, 40, 2), (12, 40, 3), (40, 20, 3)]
    )
    async def test_keep_every_notice_within_their_frame(
        self, sqlite_database, notes, length, pages
    ):
        said = [f"须知{at:02}".ljust(length, "事") for at in range(notes)]

        line, pdf = await a_print(instructions="\n".join(said))

        framed, outside = frames_of(pdf)
        numbers = [person.number for person in await candidates.candidates(line.id)]
        assert len(framed) == len(numbers)
        for ticket, number in zip(framed, numbers, strict=True):
            assert [other for other in numbers if other in ticket] == [number]
            assert [ticket.count(note) for note in said] == [1] * notes
        assert len(pypdfium2.PdfDocument(pdf)) == pages
        assert not any("须知" in text for text in outside)

    async def test_run_on_where_no_page_holds_the_notices(self, sqlite_database):
        short_lines = "\n".join("带证" for _ in range(MOST_CHARACTERS // 3))

        _, pdf = await a_print(people=1, instructions=short_lines)

        framed, outside = frames_of(pdf)
        assert sum(text.count("带证") for text in framed) == MOST_CHARACTERS // 3
        assert not any("带证" in text for text in outside)

    async def test_keep_a_long_name_on_one_line_beside_the_photo(self, sqlite_database):
        name = "阿卜杜热合曼·阿卜杜克热木·买买提依明江·艾尔肯江"
        sitting_id = await a_sitting(AT)
        person = replace(a_person(1), name=name)
        await enrollment.enroll(sitting_id, Application(person=person), by=SYSTEM, at=AT)
        await enrollment.accept_all(sitting_id, by=SYSTEM, at=AT)
        await enrollment.seat(sitting_id, by=SYSTEM, at=AT)

        pdf = await tickets.printed(sitting_id, by=SYSTEM)

        [page] = pypdfium2.PdfDocument(pdf)
        words = page.get_textpage()
        begins, length = words.search(name).get_next()
        first, last = words.get_charbox(begins), words.get_charbox(begins + length - 1)
        photo = max(box[LEFT] for box in shapes_of(page) if box[TOP] > first[BOTTOM] > box[BOTTOM])
        assert first[TOP] - last[BOTTOM] < 6 * POINTS_PER_MM
        assert last[RIGHT] < photo
