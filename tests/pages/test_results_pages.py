"""Results at the desk and in public."""

import io
import json
import re

import pytest
from openpyxl import load_workbook

from app.rules.actors import SYSTEM, Duty
from competitions.planning.tables import Competition
from competitions.recount.__main__ import recount
from competitions.results import actions
from tests.builders.events import AT, amend, an_event, an_official, lock, mark, marking, unseal
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio


async def a_locked_event(*values, rule_set="rural-national"):
    line = await an_event(entries=len(values), rule_set=rule_set)
    codes = await marking(line)
    await mark(line, dict(zip(codes, values, strict=True)))
    await lock(line)
    return line, codes


class TestTheResultsPage:
    async def test_computes_and_shows_codes_without_names(self, sqlite_database, tmp_path):
        line, codes = await a_locked_event("90", "80.5")
        base = f"/desk/events/{line.id}"

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            sent = await visitor.send(f"{base}/results", f"{base}/computation", {})
            shown = await visitor.get(f"{base}/results")

        assert sent.status_code == 303
        assert all(word in shown.text for word in (*codes, "90.00", "金牌", "两套程序结果一致"))
        assert "代表队" not in shown.text.split("<table>")[-1]

    async def test_says_what_is_not_ready(self, sqlite_database, tmp_path):
        line = await an_event()
        await marking(line)
        base = f"/desk/events/{line.id}"

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            found = await visitor.send(f"{base}/results", f"{base}/computation", {})

        assert found.status_code == 422
        assert "评分表还没有全部签字并锁定" in found.text

    async def test_asks_for_a_decision_between_equals(self, sqlite_database, tmp_path):
        line, codes = await a_locked_event("90", "90", "80", rule_set="rural-province")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        base = f"/desk/events/{line.id}"
        order = {"order": f"{codes[1]}、{codes[0]}", "reason": "用时较短"}

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            asked = await visitor.get(f"{base}/results")
            wrong = await visitor.send(f"{base}/results", f"{base}/ties", order | {"order": "999"})
            sent = await visitor.send(f"{base}/results", f"{base}/ties", order)
            shown = await visitor.get(f"{base}/results")

        assert "待裁定的并列" in asked.text
        assert (wrong.status_code, sent.status_code) == (422, 303)
        assert "裁定要写全" in wrong.text
        assert "用时较短" in shown.text
        assert "待裁定的并列" not in shown.text

    async def test_asks_the_supervisor_to_confirm_once_names_are_known(
        self, sqlite_database, tmp_path
    ):
        line, codes = await a_locked_event("90", "85", "80", rule_set="rural-province")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        await amend(line, codes[1], "90")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        base = f"/desk/events/{line.id}"
        order = {"order": f"{codes[1]}、{codes[0]}", "reason": "用时较短"}

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            sent = await visitor.send(f"{base}/results", f"{base}/ties", order)
            waiting = await visitor.get(f"{base}/results")
        async with a_visit(tmp_path, await an_official(line, Duty.SUPERVISOR)) as visitor:
            asked = await visitor.get(f"{base}/results")
            [act] = re.findall(r'action="([^"]+/confirmation)"', asked.text)
            confirmed = await visitor.send(f"{base}/results", act)
            again = await visitor.send(f"{base}/results", act)
            shown = await visitor.get(f"{base}/results")

        assert (sent.status_code, confirmed.status_code, again.status_code) == (303, 303, 422)
        assert "等待监督确认" in waiting.text
        assert "/confirmation" not in waiting.text
        assert "用时较短" in asked.text
        assert "这项裁定已经确认" in again.text
        assert "待裁定的并列" not in shown.text

    async def test_gives_the_bundle_and_the_workbook(self, sqlite_database, tmp_path):
        line, codes = await a_locked_event("90", "80.5")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        base = f"/desk/events/{line.id}"

        async with a_visit(tmp_path, await an_official(line, Duty.AUDITOR)) as visitor:
            bundle = await visitor.get(f"{base}/bundle.json")
            book = await visitor.get(f"{base}/results.xlsx")

        assert recount(bundle.content)["problems"] == []
        rows = list(load_workbook(io.BytesIO(book.content)).active.values)
        assert [row[1] for row in rows[1:]] == codes

    @pytest.mark.parametrize("path", ["results", "bundle.json", "results.xlsx"])
    async def test_is_closed_to_judges_who_mark(self, sqlite_database, tmp_path, path):
        line, _ = await a_locked_event("90")
        await actions.compute(line.id, by=SYSTEM, at=AT)

        async with a_visit(tmp_path, await an_official(line, Duty.MARKING_JUDGE)) as visitor:
            found = await visitor.get(f"/desk/events/{line.id}/{path}")

        assert found.status_code in {403, 404}

    async def test_has_nothing_to_take_away_before_it_was_computed(self, sqlite_database, tmp_path):
        line, _ = await a_locked_event("90")

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            found = await visitor.get(f"/desk/events/{line.id}/bundle.json")

        assert found.status_code == 404


class TestPublication:
    async def test_shows_names_and_the_notice_to_everybody(self, sqlite_database, tmp_path):
        line, _ = await a_locked_event("90", "80.5")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        base = f"/desk/events/{line.id}"
        public = f"/competitions/{line.competition_id}/events/{line.id}"

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            before = await visitor.get(public)
            sent = await visitor.send(f"{base}/results", f"{base}/publication", {})
        async with a_visit(tmp_path) as stranger:
            shown = await stranger.get(public)
            bundle = await stranger.get(f"{public}/bundle.json")

        assert (before.status_code, sent.status_code) == (404, 303)
        assert "甲镇代表队" in shown.text
        assert "公示期" in shown.text
        assert "甲镇" not in json.dumps(bundle.json(), ensure_ascii=False)

    async def test_is_amended_by_two_persons_and_says_since_when(self, sqlite_database, tmp_path):
        line, codes = await a_locked_event("90", "80.5")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        await actions.publish(line.id, by=SYSTEM, at=AT)
        await amend(line, codes[1], "95")
        base = f"/desk/events/{line.id}"
        public = f"/competitions/{line.competition_id}/events/{line.id}"

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            overtaken = await visitor.get(f"{base}/results")
            certificates = await visitor.get(f"{base}/certificates")
            checklist = await visitor.get(base)
            await visitor.send(f"{base}/results", f"{base}/computation", {})
            counted = await visitor.get(f"{base}/results")
            empty = await visitor.send(f"{base}/results", f"{base}/republishing", {"reason": ""})
            reason = {"reason": "受理异议"}
            proposed = await visitor.send(f"{base}/results", f"{base}/republishing", reason)
            waiting = await visitor.get(f"{base}/results")
            public_still = await visitor.get(public)
        async with a_visit(tmp_path, await an_official(line, Duty.SUPERVISOR)) as visitor:
            confirm = f"{base}/republishing/confirmation"
            confirmed = await visitor.send(f"{base}/results", confirm, {})
            again = await visitor.send(f"{base}/results", confirm, {})
            shown = await visitor.get(f"{base}/results")
        async with a_visit(tmp_path) as stranger:
            public_then = await stranger.get(public)

        assert "公布的成绩已经不符" in overtaken.text
        assert "请先更正公布，再签发证书" in certificates.text
        assert "签发全部证书" not in certificates.text
        assert "待更正公布" in checklist.text
        assert all(word in counted.text for word in ("80.50", "95.00", "提出更正公布"))
        assert (empty.status_code, proposed.status_code) == (422, 303)
        assert "等待另一人确认" in waiting.text
        assert "/republishing/confirmation" not in waiting.text
        assert ("80.50" in public_still.text, "重新公布" in public_still.text) == (True, False)
        assert (confirmed.status_code, again.status_code) == (303, 422)
        assert "更正公布记录" in shown.text
        assert ("95.00" in public_then.text, "更正后重新公布" in public_then.text) == (True, True)

    async def test_is_not_public_before_its_competition_is(self, sqlite_database, tmp_path):
        line, codes = await a_locked_event("90")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        await actions.publish(line.id, by=SYSTEM, at=AT)
        await Competition.update({Competition.status: "preparing"}).where(
            Competition.id == line.competition_id
        )
        public = f"/competitions/{line.competition_id}/events/{line.id}"
        pages = ("", "/bundle.json", "/result-book.pdf", f"/entries/{codes[0]}")

        async with a_visit(tmp_path) as stranger:
            found = [(await stranger.get(public + page)).status_code for page in pages]

        assert found == [404, 404, 404, 404]

    async def test_opens_by_two_persons(self, sqlite_database, tmp_path):
        line, _ = await a_locked_event("90")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        base = f"/desk/events/{line.id}"
        first = await an_official(line, Duty.CODING_JUDGE)
        second = await an_official(line, Duty.SUPERVISOR)

        async with a_visit(tmp_path, first) as visitor:
            await visitor.send(f"{base}/results", f"{base}/unsealing", {})
            waiting = await visitor.get(f"{base}/results")
            alone = await visitor.send(f"{base}/results", f"{base}/unsealing", {})
        async with a_visit(tmp_path, second) as visitor:
            await visitor.send(f"{base}/results", f"{base}/unsealing", {})
            opened = await visitor.get(f"{base}/results")

        assert f"{first.name} 已确认解密" in waiting.text
        assert alone.status_code == 422
        assert "甲镇代表队" in opened.text
