"""Rule sets at the desk: the list, the rule book, the editor, files, an event's rule set."""

import json

import pytest

from app.rules.actors import SYSTEM, Duty, Scope
from competitions.planning import queries, rule_set_authoring, rule_set_lines, rule_sets
from competitions.planning.rule_set_forms import values_of
from competitions.rules.rule_sets import NATIONAL, PRESETS
from tests.builders.competitions import somebody
from tests.builders.events import AT, an_event, an_official, marking
from tests.builders.visits import a_visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("sqlite_database")]
LIST = "/desk/rule-sets"
NEW = "/desk/rule-sets/new?from=rural-national/1"


def typed(document=NATIONAL, **changes):
    """What a browser sends of the editor."""
    return values_of(document, name="本县规则") | {"code": "own", "act": "save"} | changes


async def an_author():
    return await somebody(Duty.ORGANIZER, scope=Scope("event", "999"))


class TestTheList:
    async def test_shows_presets_and_own_with_their_state(self, tmp_path):
        by = await an_author()
        key = await rule_set_authoring.create(
            NATIONAL | {"id": "own"}, name="本县规则", derived_from="", by=by, at=AT
        )

        async with a_visit(tmp_path, by) as visitor:
            shown = await visitor.get(LIST)

        line = await rule_set_lines.by_key(key)
        for word in (
            "本县规则",
            "可修改",
            "全国乡村振兴大赛规则",
            "去 1 高 1 低",
            line.sha256[:12],
        ):
            assert word in shown.text

    async def test_has_a_way_on_where_there_is_none(self, tmp_path):
        async with a_visit(tmp_path, await an_author()) as visitor:
            own = await visitor.get(LIST)
        async with a_visit(
            tmp_path, await somebody(Duty.SUPERVISOR, scope=Scope("event", "9"))
        ) as visitor:
            seen = await visitor.get(LIST)
            refused = await visitor.get(NEW)

        assert "还没有自己的规则" in own.text
        assert "建立评分规则" in own.text
        assert "建立评分规则" not in seen.text
        assert refused.status_code == 403


class TestTheRuleBook:
    @pytest.mark.parametrize("code", PRESETS)
    async def test_says_every_number_with_its_meaning(self, tmp_path, code):
        address = f"{LIST}/{rule_set_lines.preset_line(code).key}"

        async with a_visit(tmp_path, await an_author()) as visitor:
            shown = await visitor.get(address)
            printed = await visitor.get(address + "/print")
            english = await visitor.get(address + "?lang=en")

        assert "第 1 条" in shown.text
        assert "来源：" in shown.text
        assert rule_set_lines.preset_line(code).sha256 in printed.text
        assert "Clause 1" in english.text

    async def test_marks_what_departs_from_its_origin(self, tmp_path):
        by = await an_author()
        panel = NATIONAL["panel"] | {"drop_highest": 2}
        key = await rule_set_authoring.create(
            NATIONAL | {"id": "own", "panel": panel},
            name="本县规则",
            derived_from="rural-national/1",
            by=by,
            at=AT,
        )

        async with a_visit(tmp_path, by) as visitor:
            shown = await visitor.get(f"{LIST}/{key}")

        assert "由“全国乡村振兴大赛规则”第 1 版改来" in shown.text
        assert "本规则改定" in shown.text
        assert "去掉的最高分和最低分个数不同" in shown.text

    async def test_names_only_the_events_that_the_reader_has_to_do_with(self, tmp_path):
        line = await an_event()
        address = f"{LIST}/rural-national/1"

        async with a_visit(tmp_path, await an_official(line, Duty.SUPERVISOR)) as visitor:
            own = await visitor.get(address)
        async with a_visit(tmp_path, await an_author()) as visitor:
            other = await visitor.get(address)

        assert "测试大赛" in own.text
        assert "测试大赛" not in other.text
        assert "另有 1 个赛项在用" in other.text

    async def test_is_there_for_no_unknown_version(self, tmp_path):
        async with a_visit(tmp_path, await an_author()) as visitor:
            found = await visitor.get(f"{LIST}/guess/1")

        assert found.status_code == 404

    async def test_goes_out_and_comes_in_as_a_file(self, tmp_path):
        by = await an_author()
        async with a_visit(tmp_path, by) as visitor:
            sent = await visitor.get(f"{LIST}/rural-national/1/document.json")
            document = sent.json() | {"id": "别县 100%?#规则"}
            content = json.dumps(document).encode()
            taken = await visitor.send(
                f"{LIST}/import", f"{LIST}/import", {"name": "别县规则"}, file=("r.json", content)
            )
            shown = await visitor.get(taken.headers["location"])
            edited = await visitor.get(taken.headers["location"] + "/edit")

        assert sent.json() == NATIONAL
        assert (shown.status_code, edited.status_code) == (200, 200)
        assert (await rule_set_lines.by_key("别县 100%?#规则/1")).document == document

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"{", ("不是可以读取的规则文件",)),
            (b'{"id": 1, "id": 2}', ("不是可以读取的规则文件",)),
            (
                b'{"id": "x", "panel": 3}',
                ("10 处问题", "panel", "缺少这一项", "应是一组有名称的值"),
            ),
            (json.dumps(NATIONAL).encode(), ("已经在库里",)),
        ],
    )
    async def test_refuses_a_file_with_every_problem(self, tmp_path, content, words):
        async with a_visit(tmp_path, await an_author()) as visitor:
            found = await visitor.send(
                f"{LIST}/import", f"{LIST}/import", {"name": "别县规则"}, file=("r.json", content)
            )

        assert found.status_code == 422
        for word in words:
            assert word in found.text


class TestTheEditor:
    async def test_makes_a_copy_one_s_own(self, tmp_path):
        async with a_visit(tmp_path, await an_author()) as visitor:
            shown = await visitor.get(NEW)
            sent = await visitor.send(NEW, NEW, typed(panel_drop_highest="2"))

        assert "8.6 + 8.85 + 9.05" in shown.text
        assert sent.headers["location"] == f"{LIST}/own/1"
        found = await rule_set_lines.by_key("own/1")
        assert found.document["panel"]["drop_highest"] == 2

    async def test_keeps_what_was_typed_and_says_what_is_wrong(self, tmp_path):
        async with a_visit(tmp_path, await an_author()) as visitor:
            found = await visitor.send(NEW, NEW, typed(code="", total_round="guess", name="我的"))
            taken = await visitor.send(NEW, NEW, typed(code="county-craft"))

        assert found.status_code == taken.status_code == 422
        assert "请填写规则编号" in found.text
        assert 'value="我的"' in found.text
        assert "编号“county-craft”已有一套评分规则在用" in taken.text

    async def test_adds_moves_and_removes_rows_without_a_script(self, tmp_path):
        async with a_visit(tmp_path, await an_author()) as visitor:
            added = await visitor.send(NEW, NEW, typed(act="tier-add"))
            moved = await visitor.send(NEW, NEW, typed(act="tier-down:0"))
            removed = await visitor.send(NEW, NEW, typed(act="tier-remove:3"))
            beyond = await visitor.send(NEW, NEW, typed(act="tier-up:99"))
            keyed = await visitor.send(NEW, NEW, typed(act="tie-add"))

        assert added.text.count('name="tier_label"') == 5
        assert moved.text.index('value="银牌"') < moved.text.index('value="金牌"')
        assert 'data-focus="tier_label-1"' in moved.text
        assert 'value="优胜奖"' not in removed.text
        assert beyond.status_code == 200
        assert keyed.text.count('name="tie_key"') == 1

    async def test_tries_out_what_is_typed(self, tmp_path):
        async with a_visit(tmp_path, await an_author()) as visitor:
            page = await visitor.send(
                NEW, NEW, typed(act="try", name="", try_marks="7 8 9 9.5 10", try_field="20")
            )
            piece = await visitor.send(NEW, f"{LIST}/trial", typed(panel_drop_highest="0"))
            wrong = await visitor.send(NEW, f"{LIST}/trial", typed(panel_drop_highest="x"))
            marked = await visitor.send(NEW, NEW, typed(act="try", total_round="guess", name=""))

        assert page.status_code == 200
        assert "8 + 9 + 9.5" in page.text
        assert "20 人参赛" in page.text
        assert "error-summary" not in page.text
        assert "<html" not in piece.text
        assert "去掉的最高分和最低分个数不同" in piece.text
        assert "各项填好后" in wrong.text
        assert 'id="total_round-error"' in marked.text

    async def test_shows_only_the_fields_of_the_chosen_kind(self, tmp_path):
        async with a_visit(tmp_path, await an_author()) as visitor:
            medals = await visitor.send(NEW, NEW, typed(act="try", awards_kind="worldskills"))
            scaled = await visitor.send(NEW, NEW, typed(act="try", scale_kind="worldskills"))

        assert 'id="awards_tie_threshold"' in medals.text
        assert 'id="tier_label-0"' not in medals.text
        assert 'value="金牌"' in medals.text
        assert 'id="scale_centre"' in scaled.text

    async def test_changes_a_draft_and_tells_what_a_locked_one_becomes(self, tmp_path):
        line = await an_event()
        by = await an_official(line, Duty.CHIEF_JUDGE)
        key = await rule_set_authoring.create(
            NATIONAL | {"id": "own"}, name="本县规则", derived_from="", by=by, at=AT
        )
        await rule_sets.bind(line.id, key, seen_version=line.version, by=by, at=AT)
        address = f"{LIST}/{key}/edit"
        seen = (await rule_set_lines.by_key(key)).sha256

        async with a_visit(tmp_path, by) as visitor:
            free = await visitor.get(address)
            stale = await visitor.send(address, address, typed(seen="0" * 64))
            same = await visitor.send(address, address, typed(seen=seen))
            sent = await visitor.send(
                address, address, typed(seen=seen, try_field="9", name="新名")
            )
            tried = await visitor.send(address, address, typed(act="tie-add", seen=seen))
            await marking(await queries.event(line.id))
            locked = await visitor.get(address)
            next_version = await visitor.send(
                address, address, typed(seen=seen, name="新名", panel_min_remaining="5")
            )

        assert "在用它的 1 个赛项随之改变" in free.text
        assert stale.status_code == 409
        assert "内容与这一版完全相同" in same.text
        assert sent.headers["location"] == f"{LIST}/own/1"
        assert f'value="{seen}"' in tried.text
        assert "保存后成为新的一版" in locked.text
        assert next_version.headers["location"] == f"{LIST}/own/2"


class TestTheRuleSetOfAnEvent:
    async def test_shows_what_another_would_change_and_binds_it(self, tmp_path):
        line = await an_event()
        address = f"/desk/events/{line.id}/rule-set"
        chosen = {"rule_set": "rural-province/2", "version": line.version}

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            shown = await visitor.get(address + "?to=rural-province/2")
            sent = await visitor.send(address, address, chosen)
            after = await visitor.get(address)
            unknown = await visitor.send(address, address, chosen | {"rule_set": "guess/1"})
            again = await visitor.get(address + "?to=guess/1")

        assert "不允许并列：仍相同的由裁判长书面裁定先后" in shown.text
        assert sent.status_code == 303
        assert "省级大赛规则" in after.text
        assert unknown.status_code in {409, 422}
        assert again.status_code == 200
        assert (await queries.event(line.id)).rule_set_code == "rural-province"

    async def test_is_fixed_once_marking_began(self, tmp_path):
        line = await an_event()
        await marking(line)
        address = f"/desk/events/{line.id}/rule-set"

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            shown = await visitor.get(address)
            refused = await visitor.send(
                address, address, {"rule_set": "theory-only/1", "version": 99}
            )

        assert "评分规则已锁定" in shown.text
        assert "换用另一套" not in shown.text
        assert refused.status_code == 422

    async def test_warns_where_it_does_not_fit_the_scheme(self, tmp_path):
        line = await an_event()
        by = await an_official(line, Duty.ORGANIZER)
        ranking = {
            "by": "total",
            "tie_break": [{"key": "module", "module": "Z", "order": "descending"}],
            "ties": "shared",
        }
        key = await rule_set_authoring.create(
            NATIONAL | {"id": "own", "ranking": ranking},
            name="本县规则",
            derived_from="",
            by=SYSTEM,
            at=AT,
        )

        async with a_visit(tmp_path, by) as visitor:
            shown = await visitor.get(f"/desk/events/{line.id}/rule-set?to={key}")
            listed = await visitor.get(f"/desk/events/{line.id}/edit")

        assert "没有模块 Z" in shown.text
        assert "本县规则" in listed.text
