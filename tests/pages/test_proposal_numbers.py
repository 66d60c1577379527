"""The page on which the numbers of a rule set are proposed."""

import pytest

from app.rules.actors import SYSTEM, Duty
from competitions.planning import queries as planning
from competitions.planning import rule_set_authoring as authoring
from competitions.planning import rule_set_lines
from competitions.planning.rule_set_forms import values_of
from competitions.results import actions
from competitions.rules.rule_sets import NATIONAL
from tests.builders.events import AT, an_event, an_official, judges_on, lock, mark, marking
from tests.builders.visits import a_visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("sqlite_database")]


async def a_computed_event(rule_set="rural-national"):
    line = await an_event(entries=2, rule_set=rule_set)
    codes = await marking(line)
    await mark(line, dict(zip(codes, ("90", "85"), strict=True)))
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    return await planning.event(line.id)


def typed(**changes):
    """What a browser sends: the rule set of the event with something changed."""
    return values_of(NATIONAL, name="本赛项规则") | {"code": "ours"} | changes


class TestTheNumbersOfAnEvent:
    async def test_stand_ready_to_be_changed(self, tmp_path):
        line = await a_computed_event()
        page = f"/desk/events/{line.id}/proposals/numbers"

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            shown = await visitor.get(page)
            english = await visitor.get(f"{page}?lang=en")
            listed = await visitor.get(f"/desk/events/{line.id}/proposals")
            rules = await visitor.get(f"/desk/events/{line.id}/rule-set")

        assert 'value="rural-national-' in shown.text
        assert "全国乡村振兴大赛规则（修改）" in shown.text
        assert "Propose a change of the rule set" in english.text
        assert page in listed.text
        assert page in rules.text

    async def test_show_their_effect_before_anything_is_kept(self, tmp_path):
        line = await a_computed_event()
        page = f"/desk/events/{line.id}/proposals/numbers"
        one_tier = {
            name: values[:1] for name, values in typed().items() if name.startswith("tier_")
        }

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            ahead = await visitor.send(page, page, typed(**one_tier, act="preview:"))
            same = await visitor.send(page, page, typed(act="preview:"))
            more = await visitor.send(page, page, typed(act="tier-add"))
            wrong = await visitor.send(
                page, page, typed(panel_drop_highest="x", code="", act="preview:")
            )

        assert ahead.status_code == 200
        assert "1 名选手的奖项会改变" in ahead.text
        assert "没有差别" in same.text
        assert more.text.count('name="tier_label"') > len(typed()["tier_label"])
        assert wrong.status_code == 422
        assert all(word in wrong.text for word in ("应填整数", "请填写规则编号", "本赛项规则"))
        assert await rule_set_lines.versions("ours") == []

    async def test_are_proposed_with_a_reason(self, tmp_path):
        line = await a_computed_event()
        page = f"/desk/events/{line.id}/proposals/numbers"
        changes = {"panel_drop_highest": "0", "panel_drop_lowest": "0", "act": "propose"}

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            silent = await visitor.send(page, page, typed(**changes))
            sent = await visitor.send(page, page, typed(**changes, reason="五名裁判来了三名"))
            shown = await visitor.get(sent.headers["location"])

        assert silent.status_code == 422
        assert "请写明原因和依据" in silent.text
        assert sent.status_code == 303
        assert all(word in shown.text for word in ("五名裁判来了三名", "表决中"))

    async def test_of_one_s_own_rule_set_need_no_new_code(self, tmp_path):
        own = NATIONAL | {"id": "ours"}
        key = await authoring.create(own, name="本县规则", derived_from="", by=SYSTEM, at=AT)
        line = await a_computed_event(key)
        page = f"/desk/events/{line.id}/proposals/numbers"
        changes = {"panel_drop_highest": "0", "act": "propose", "reason": "公告", "code": ""}

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            shown = await visitor.get(page)
            sent = await visitor.send(page, page, typed(**changes))

        assert "新的一版" in shown.text
        assert sent.status_code == 303
        assert (await rule_set_lines.versions("ours"))[0].version_number == 2

    async def test_are_closed_to_judges_who_mark(self, tmp_path):
        line = await a_computed_event()

        async with a_visit(tmp_path, (await judges_on(line))["J1"]) as visitor:
            refused = await visitor.get(f"/desk/events/{line.id}/proposals/numbers")

        assert refused.status_code == 403

    async def test_are_changed_without_a_proposal_before_the_first_mark(self, tmp_path):
        line = await an_event(entries=1)

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            empty = await visitor.get(f"/desk/events/{line.id}/proposals/numbers")

        assert "可以直接换用" in empty.text
