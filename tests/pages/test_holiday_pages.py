"""The desk of 放假安排, and what notices say of it."""

import html
import re

import pytest

from app.holidays import queries
from app.rules.actors import SYSTEM, Duty
from app.web import clock
from competitions.results import actions
from tests.builders.assessments import published
from tests.builders.events import AT, an_event, an_official, lock, mark, marking, unseal
from tests.builders.people import someone
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
PAGE = "/desk/holidays"
GOOD = "2026-09-19—2026-09-22 休 中秋节\n2026-09-26 班"
FIELD = re.compile(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"')
THIS_YEAR = clock.now().year


async def an_unsealed_event():
    """An event that can be published."""
    line = await an_event(entries=1)
    [code] = await marking(line)
    await mark(line, {code: "90"})
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    await unseal(line)
    return line


@pytest.mark.usefixtures("sqlite_database")
class TestTheCalendar:
    async def test_says_what_to_do_where_it_is_empty(self, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            shown = await visitor.get(PAGE)
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER, name="organizer")) as visitor:
            plain = await visitor.get(f"{PAGE}?year=2031")

        assert f"还没有录入 {THIS_YEAR} 年放假安排" in shown.text
        assert "<textarea" in shown.text
        assert "还没有录入 2031 年放假安排" in plain.text
        assert "请联系系统管理员录入。" in plain.text
        assert "<textarea" not in plain.text

    async def test_takes_a_pasted_text_and_lists_its_days(self, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            sent = await visitor.send(PAGE, PAGE, {"lines": GOOD})
            shown = await visitor.get(sent.headers["location"])

        assert sent.headers["location"] == f"{PAGE}?year=2026"
        assert '2026-09-22 <span class="muted">周二</span>' in shown.text
        assert shown.text.count("中秋节") == 4

    async def test_names_each_bad_line_keeps_the_text_and_enters_nothing(self, tmp_path):
        typed = f"{GOOD}\n2026-09-31 休 中秋节\n<b>九月</b>"

        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            sent = await visitor.send(PAGE, PAGE, {"lines": typed, "reason": "改一改"})
            empty = await visitor.send(PAGE, PAGE, {"lines": " "})

        assert sent.status_code == 422
        assert "有 2 行没有读懂，一天都还没有录入。" in sent.text
        assert "<td>2026-09-31 休 中秋节</td><td>没有 2026-09-31 这一天。</td>" in sent.text
        assert '<td class="number">4</td><td>&lt;b&gt;九月&lt;/b&gt;</td>' in sent.text
        assert f"{GOOD}\n2026-09-31" in sent.text
        assert 'value="改一改"' in sent.text
        assert await queries.days(2026) == []
        assert "请填写放假和上班的日子。" in empty.text

    async def test_corrects_and_takes_back_for_a_reason_that_stays(self, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            await visitor.send(PAGE, PAGE, {"lines": GOOD})
            changed = {"lines": "2026-09-26 休 中秋节"}
            unexplained = await visitor.send(PAGE, PAGE, changed)
            await visitor.send(PAGE, PAGE, changed | {"reason": "看错了一天"})
            first = (await queries.days(2026))[0].id
            back = f"{PAGE}/taking-back?year=2026"
            none = await visitor.send(PAGE, back, {"why": "试录"})
            mute = await visitor.send(PAGE, back, {"ids": str(first)})
            gone = await visitor.send(PAGE, back, {"ids": str(first), "why": "试录"})
            again = await visitor.send(PAGE, back, {"ids": str(first), "why": "试录"})
            shown = await visitor.get(gone.headers["location"])

        assert "2026-09-26已录入为别的内容。" in unexplained.text
        assert "请先勾选要撤回的日子。" in none.text
        assert "请写明撤回的原因。" in mute.text
        assert f'value="{first}" aria-label="选择 2026-09-19" checked' in mute.text
        assert (gone.status_code, again.status_code) == (303, 409)
        assert "看错了一天" in shown.text
        assert "试录" in shown.text

    async def test_is_for_administrators_to_keep(self, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            entered = await visitor.send(PAGE, PAGE, {"lines": GOOD})
            taken = await visitor.send(PAGE, f"{PAGE}/taking-back", {"ids": "1", "why": "试"})
        async with a_visit(tmp_path) as stranger:
            away = await stranger.get(PAGE)

        assert (entered.status_code, taken.status_code) == (403, 403)
        assert away.status_code == 303
        assert await queries.years() == []

    @pytest.mark.parametrize("year", ["0", "99999", "x", "1999"])
    async def test_shows_this_year_for_one_that_is_none(self, year, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.AUDITOR)) as visitor:
            shown = await visitor.get(f"{PAGE}?year={year}")

        assert f"还没有录入 {THIS_YEAR} 年放假安排" in shown.text


@pytest.mark.usefixtures("sqlite_database")
class TestTheNotice:
    async def test_is_foretold_at_the_desk_and_says_how_it_counts(self, tmp_path):
        line = await an_unsealed_event()
        page = f"/desk/events/{line.id}/results"
        public = f"/competitions/{line.competition_id}/events/{line.id}"

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            before = (await visitor.get(page)).text
        await actions.publish(line.id, by=SYSTEM, at=AT)
        async with a_visit(tmp_path, await an_official(line, Duty.AUDITOR)) as visitor:
            after = (await visitor.get(page)).text
            shown = (await visitor.get(public)).text
            english = (await visitor.get(f"{public}?lang=en")).text

        assert "公示 5 个工作日；现在公布，公示到" in before
        assert "放假安排由系统管理员录入。" in before
        said = "公示期：2026年9月16日至2026年9月23日（未录入 2026 年放假安排，按周一至周五计）。"
        assert said in after
        assert said in shown
        assert "(Mondays to Fridays: the holiday schedule of 2026 is not entered)" in english

    async def test_is_fixed_once_results_are_published(self, tmp_path):
        line = await an_unsealed_event()
        edit = f"/desk/competitions/{line.competition_id}/edit"
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            before = await visitor.get(edit)
            typed = {name: html.unescape(value) for name, value in FIELD.findall(before.text)}
            await actions.publish(line.id, by=SYSTEM, at=AT)
            late = await visitor.send(edit, edit, typed | {"level": "county", "notice_days": "9"})
            same = await visitor.send(edit, edit, typed | {"level": "county"})

        assert 'name="notice_days" type="number" value="5"' in before.text
        assert late.status_code == 422
        assert "已有赛项公布成绩，公示的工作日数不能再改。" in late.text
        assert "公布成绩后公示 5 个工作日。已有赛项公布成绩，不能再改。" in late.text
        assert 'id="notice_days"' in late.text
        assert same.status_code == 303

    async def test_says_that_holidays_were_left_out(self, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            await visitor.send(PAGE, PAGE, {"lines": GOOD})
        line, _ = await published()

        async with a_visit(tmp_path, await someone(Duty.ORGANIZER, name="organizer")) as visitor:
            public = (await visitor.get(f"/assessments/{line.id}")).text
            desk = (await visitor.get(f"/desk/assessments/{line.id}/results")).text

        counted = "2026年9月25日（已按国家放假安排扣除节假日、计入调休上班日）。"
        assert counted in public
        assert counted in desk
