"""Proposals to change what is locked, as those see them who make, vote on and confirm them."""

from dataclasses import replace

import pytest

from app.rules.actors import SYSTEM, Duty
from competitions.planning import queries as planning
from competitions.planning.scheme_forms import form_of
from competitions.results import actions, proposal_applying, proposals
from competitions.rules.proposals import Vote
from competitions.rules.scheme import SchemeAspect
from tests.builders.events import (
    AT,
    POINTS,
    a_scheme,
    an_event,
    an_official,
    judges_on,
    lock,
    mark,
    marking,
    unseal,
)
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
EXTRA = SchemeAspect("A2", "points", "清洁", "10")


async def a_marked_event(*values):
    line = await an_event(entries=len(values))
    codes = await marking(line)
    await mark(line, dict(zip(codes, values, strict=True)))
    return await planning.event(line.id), codes


async def a_computed_event(*values):
    line, codes = await a_marked_event(*values)
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    return await planning.event(line.id), codes


async def propose(line, scheme=None):
    new = scheme or a_scheme(POINTS, EXTRA)
    return await proposals.propose_scheme(line.id, new, reason="试题有误", by=SYSTEM, at=AT)


async def propose_rules(line):
    return await proposals.propose_rule_set(
        line.id, "county-craft", reason="选错了规则", by=SYSTEM, at=AT
    )


def typed(scheme, **more):
    """What the grid of a scheme sends."""
    return {name: values[0] for name, values in form_of(scheme, 1).values.items()} | more


class TestProposing:
    async def test_begins_with_the_scheme_that_counts(self, sqlite_database, tmp_path):
        line, _ = await a_marked_event("90")
        base = f"/desk/events/{line.id}"

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            scheme = await visitor.get(f"{base}/scheme")
            shown = await visitor.get(f"{base}/proposals/scheme")
            listed = await visitor.get(f"{base}/proposals")

        assert f"{base}/proposals/scheme" in scheme.text
        assert "成品得分" in shown.text
        assert "还没有更改提议" in listed.text

    async def test_shows_the_effect_before_anything_is_kept(self, sqlite_database, tmp_path):
        line, codes = await a_marked_event("90", "80")
        page = f"/desk/events/{line.id}/proposals/scheme"
        few = a_scheme(replace(POINTS, max="85"))

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            shown = await visitor.send(page, page, typed(few, act="preview:"))
            same = await visitor.send(page, page, typed(a_scheme(), act="preview:"))
            kept = await visitor.get(f"/desk/events/{line.id}/proposals")

        assert shown.status_code == 200
        assert all(
            word in shown.text for word in ("满分", "85", codes[0], "不再有效的分数", "重评")
        )
        assert "没有差别" in same.text
        assert "还没有更改提议" in kept.text

    async def test_keeps_what_was_typed_where_the_reason_is_missing(
        self, sqlite_database, tmp_path
    ):
        line, _ = await a_marked_event("90")
        page = f"/desk/events/{line.id}/proposals/scheme"
        more = a_scheme(POINTS, replace(EXTRA, title="工完场清"))

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            wrong = await visitor.send(page, page, typed(more))
            sent = await visitor.send(page, page, typed(more, reason="依据第 3 条"))
            shown = await visitor.get(sent.headers["location"])

        assert wrong.status_code == 422
        assert "请写明原因和依据" in wrong.text
        assert "工完场清" in wrong.text
        assert sent.status_code == 303
        assert all(word in shown.text for word in ("依据第 3 条", "评分点 A2 工完场清", "表决中"))

    async def test_of_a_rule_set_is_by_choice(self, sqlite_database, tmp_path):
        line, codes = await a_computed_event("90", "80")
        page = f"/desk/events/{line.id}/proposals/rule-set"

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            options = (await visitor.get(page)).text
            key = next(
                part.split('"')[0] for part in options.split('value="') if "county-craft/" in part
            )
            ahead = await visitor.send(page, page, {"rule_set": key, "act": "preview:"})
            empty = await visitor.send(page, page, {"rule_set": ""})
            strange = await visitor.send(page, page, {"rule_set": "x/1", "act": "preview:"})
            sent = await visitor.send(page, page, {"rule_set": key, "reason": "公告如此"})
            shown = await visitor.get(sent.headers["location"])

        assert "rural-national/" not in options
        assert ahead.status_code == 200
        assert all(word in ahead.text for word in ("一等奖", "2 名选手的奖项会改变", codes[0]))
        assert (empty.status_code, sent.status_code) == (422, 303)
        assert "没有这套评分规则" in strange.text
        assert "公告如此" in shown.text

    async def test_is_not_for_judges_who_mark(self, sqlite_database, tmp_path):
        line, _ = await a_marked_event("90")

        async with a_visit(tmp_path, (await judges_on(line))["J1"]) as visitor:
            found = await visitor.get(f"/desk/events/{line.id}/proposals/scheme")
            listed = await visitor.get(f"/desk/events/{line.id}/proposals")

        assert found.status_code == 403
        assert "提议修改评分标准" not in listed.text

    async def test_has_no_use_before_the_lock(self, sqlite_database, tmp_path):
        line = await an_event()

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            found = await visitor.get(f"/desk/events/{line.id}/proposals/scheme")

        assert "评分标准可以直接修改" in found.text


class TestVoting:
    async def test_is_by_name_and_by_judges_who_see_no_points(self, sqlite_database, tmp_path):
        line, codes = await a_computed_event("90", "80")
        number = await propose_rules(line)
        page = f"/desk/events/{line.id}/proposals/{number}"

        async with a_visit(tmp_path, (await judges_on(line))["J1"]) as visitor:
            before = await visitor.get(page)
            empty = await visitor.send(page, f"{page}/votes", {})
            sent = await visitor.send(page, f"{page}/votes", {"vote": "against", "remark": "晚了"})
            again = await visitor.send(page, f"{page}/votes", {"vote": "against", "remark": "晚了"})
            other = await visitor.send(page, f"{page}/votes", {"vote": "for"})
            after = await visitor.get(page)

        assert "2 名选手的奖项会改变" in before.text
        assert not any(code in before.text.split("<main")[1] for code in ("90.00", f">{codes[0]}<"))
        assert (empty.status_code, sent.status_code, other.status_code) == (422, 303, 303)
        assert again.status_code == 422
        assert "全部投票记录" in after.text
        assert "晚了" in after.text

    async def test_is_offered_to_the_bench_alone(self, sqlite_database, tmp_path):
        line, codes = await a_computed_event("90", "80")
        page = f"/desk/events/{line.id}/proposals/{await propose_rules(line)}"

        async with a_visit(tmp_path, await an_official(line, Duty.SUPERVISOR)) as visitor:
            shown = await visitor.get(page)
            sent = await visitor.send(page, f"{page}/votes", {"vote": "for"})

        assert "您的意见" not in shown.text
        assert all(code in shown.text for code in codes)
        assert sent.status_code == 403


class TestConfirming:
    async def carried(self, line):
        number = await propose_rules(line)
        for judge in (await judges_on(line)).values():
            await proposals.vote(line.id, number, Vote.FOR, by=judge, at=AT)
        return number

    async def test_takes_two_and_says_what_became_of_it(self, sqlite_database, tmp_path):
        line, _ = await a_computed_event("90", "80")
        number = await self.carried(line)
        page = f"/desk/events/{line.id}/proposals/{number}"

        async with a_visit(tmp_path, (await judges_on(line))["C"]) as chief:
            await chief.send(page, f"{page}/confirmation", {})
            waiting = await chief.get(page)
            alone = await chief.send(page, f"{page}/confirmation", {})
        async with a_visit(tmp_path, await an_official(line, Duty.SUPERVISOR)) as second:
            sent = await second.send(page, f"{page}/confirmation", {})
            done = await second.get(page)
            before = await second.get(f"{page}/before.json")
            after = await second.get(f"{page}/after.json")
            paper = await second.get(f"{page}/print")

        assert "裁判长 已确认" in waiting.text
        assert alone.status_code == 422
        assert "两人分别确认" in alone.text
        assert sent.status_code == 303
        assert "更改前是第 1 次计算，更改后是第 2 次" in done.text
        assert before.json()["rule_set"]["id"] == "rural-national"
        assert after.json()["rule_set"]["id"] == "county-craft"
        assert "已生效" in paper.text
        assert "2 名选手的奖项改变" in paper.text

    async def test_says_what_stands_in_the_way(self, sqlite_database, tmp_path):
        line, codes = await a_computed_event("90", "80")
        number = await propose(line, a_scheme(replace(POINTS, max="85")))
        page = f"/desk/events/{line.id}/proposals/{number}"

        async with a_visit(tmp_path, (await judges_on(line))["C"]) as chief:
            shown = await chief.get(page)
            sent = await chief.send(page, f"{page}/confirmation", {})

        assert "生效的障碍" in shown.text
        assert f"{codes[0]} J1" in shown.text
        assert "表决还没有通过" in sent.text

    async def test_names_contestants_once_names_are_known(self, sqlite_database, tmp_path):
        line, _ = await a_computed_event("90", "80")
        number = await propose_rules(line)
        page = f"/desk/events/{line.id}/proposals/{number}"
        auditor = await an_official(line, Duty.AUDITOR)

        async with a_visit(tmp_path, auditor) as visitor:
            sealed = await visitor.get(page)
        await unseal(line)
        async with a_visit(tmp_path, auditor) as visitor:
            opened = await visitor.get(page)

        assert "甲镇代表队" not in sealed.text
        assert "甲镇代表队" in opened.text
        assert "要全体同意" in opened.text

    async def test_is_canceled_with_a_reason(self, sqlite_database, tmp_path):
        line, _ = await a_marked_event("90")
        page = f"/desk/events/{line.id}/proposals/{await propose(line)}"

        async with a_visit(tmp_path, (await judges_on(line))["C"]) as chief:
            wrong = await chief.send(page, f"{page}/cancellation", {"why": ""})
            sent = await chief.send(page, f"{page}/cancellation", {"why": "查无此事"})
            shown = await chief.get(page)
            late = await chief.send(page, f"{page}/votes", {"vote": "for"})
            nothing = await chief.get(f"{page}/after.json")

        assert (wrong.status_code, sent.status_code, late.status_code) == (422, 303, 422)
        assert nothing.status_code == 404
        assert "查无此事" in shown.text
        assert "没有发生" in shown.text

    async def test_stays_readable_when_another_was_put_in_force(self, sqlite_database, tmp_path):
        line, _ = await a_computed_event("90", "80")
        other = await propose(line, a_scheme(replace(POINTS, title="成品")))
        number = await self.carried(line)
        await proposal_applying.confirm(line.id, number, by=(await judges_on(line))["C"], at=AT)
        await proposal_applying.confirm(line.id, number, by=SYSTEM, at=AT)
        base = f"/desk/events/{line.id}/proposals"

        async with a_visit(tmp_path, await an_official(line, Duty.AUDITOR)) as visitor:
            shown = await visitor.get(f"{base}/{other}")
            listed = await visitor.get(base)

        assert "随之失效" in shown.text
        assert "评分点 A1 成品" in shown.text
        assert all(word in listed.text for word in ("已生效", "已失效"))
