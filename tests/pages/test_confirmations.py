"""What a person is asked before something that cannot be taken back, with what follows of it."""

import pytest

from app.rules.actors import EVERYWHERE, SYSTEM, Duty
from assessments.sittings import queries as sittings
from competitions.results import actions
from tests.builders.assessments import seated
from tests.builders.competitions import somebody
from tests.builders.events import (
    AT,
    an_event,
    an_official,
    drawn,
    lock,
    mark,
    marking,
    seat,
    unseal,
)
from tests.builders.html import HtmlPage
from tests.builders.visits import Visitor, a_visit

pytestmark = pytest.mark.anyio


async def asked(visitor: Visitor, page: str, action: str, **holding: str) -> str:
    """Return what a form of a page asks before it is sent."""
    return HtmlPage((await visitor.get(page)).text).form(action, **holding).confirms


async def test_certificates_of_a_team_are_counted_by_the_person(sqlite_database, tmp_path):
    line = await an_event(entries=2, members=2)
    codes = await marking(line)
    await mark(line, dict(zip(codes, ("90", "80"), strict=True)))
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    await unseal(line)
    await actions.publish(line.id, by=SYSTEM, at=AT)
    place = f"/desk/events/{line.id}/certificates"

    async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
        shown = await visitor.get(place)
        says = await asked(visitor, place, place)

    assert "待签发 4 张" in shown.text
    assert says.startswith("将签发 4 张证书，写进公开日志")


async def test_a_draw_and_the_marking_say_how_many(sqlite_database, tmp_path):
    line = await an_event()
    base = f"/desk/events/{line.id}"

    async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
        draw = await asked(visitor, f"{base}/draw", f"{base}/draw")
        await drawn(line)
        await seat(line)
        start = await asked(visitor, f"{base}/marking", f"{base}/marking")

    assert draw.startswith("将为 3 个报名抽取加密号")
    assert start.startswith("将为 1 个评分席位、3 个加密号生成评分表")


async def test_an_assessment_is_not_begun_by_one_click(sqlite_database, tmp_path):
    line, _ = await seated()
    place = f"/desk/assessments/{line.id}"

    async with a_visit(tmp_path, await somebody(Duty.ORGANIZER, scope=EVERYWHERE)) as visitor:
        says = await asked(visitor, place, f"{place}/step", wanted="assessing")

    assert (await sittings.sitting(line.id)).status.value == "enrolling"
    assert "不能再改考号" in says
