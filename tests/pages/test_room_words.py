"""Pages that both rooms share call people as the room at hand does."""

import re

import pytest

from app.rules.actors import Duty
from app.sheets import queries as sheets
from app.sheets import wording
from app.web import locale
from tests.builders.assessments import assessing, mark_and_lock, propose_amendment
from tests.builders.events import an_event, an_official, marking
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio

OF_CONTESTS = re.compile(r"裁判|竞赛|选手|\b(judge|contestant)s?\b", re.IGNORECASE)

TAG = re.compile("<[^>]*>")


class TestAnAssessment:
    async def test_speaks_of_examiners_on_every_page_of_its_sheets(self, sqlite_database, tmp_path):
        line, group = await assessing()
        [sheet, *_] = await sheets.sheets_of(line.ledger)
        place = f"/desk/sheets/{line.ledger}"
        own = f"{place}/sheets/{sheet.key}"
        pages = (place, own, f"{place}/records", f"/j/sheets/{sheet.key}")
        decision = {"aspect": "T1", "reason": "核对", "value": "30"}

        async with a_visit(tmp_path, group[0]) as visitor:
            found = [
                (await visitor.get(f"{address}?lang={language}")).text
                for language in ("en", "zh")
                for address in pages
            ]
            refused = await visitor.send(own, f"{own}/decide", decision)
            await mark_and_lock(line, group)
            await propose_amendment(line, group, "25")
            locked = [(await visitor.get(address)).text for address in pages]

        assert refused.status_code == 422
        assert "退回给考评员" in refused.text
        assert "要改请考评组长退回" in found[-1]
        assert "等待第二人确认" in locked[0]
        assert [
            said
            for text in (*found, refused.text, *locked)
            for said in OF_CONTESTS.findall(TAG.sub("", text))
        ] == []

    def test_calls_a_column_or_a_heading_no_otherwise(self):
        locale.use("en")
        wording.as_in("assessments.sitting:1")

        said = [locale.heading("裁判"), locale.pgettext("column", "裁判"), locale.gettext("裁判")]

        locale.use("zh")
        assert said == ["Examiners", "Examiner", "Examiner"]


class TestAContest:
    async def test_still_speaks_of_judges(self, sqlite_database, tmp_path):
        line = await an_event()
        await marking(line)
        [sheet, *_] = await sheets.sheets_of(line.ledger)
        address = f"/j/sheets/{sheet.key}"

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            chinese = await visitor.get(address)
            english = await visitor.get(f"{address}?lang=en")

        assert "要改请裁判长退回" in chinese.text
        assert "chief judge" in english.text
