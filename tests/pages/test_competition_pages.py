"""Contests at the desk: plans, events, delegations, entries, judges, check-in and draw."""

from typing import Any

import pytest

from app.people import correcting
from app.people.correcting import Correction
from app.rules.actors import EVERYWHERE, SYSTEM, Duty, Scope
from competitions.draw import checkin
from competitions.draw import queries as codes
from competitions.draw.checkin import CheckInFacts
from competitions.planning import queries as planning
from competitions.registration import queries as register
from competitions.registration.judge_matching import JudgeFacts
from competitions.rules.entries import EntryStatus
from competitions.scoring.reinstating import take_back_standing
from tests.builders.competitions import somebody
from tests.builders.events import (
    AT,
    a_person,
    an_event,
    an_official,
    drawn,
    judges_of,
    marking,
)
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
PLAN: dict[str, Any] = {
    "name": "榕江县首届乡村工匠技能大赛",
    "level": "county",
    "host_region": "522632",
    "organizer": "县人社局",
    "host": "县职校",
    "venue": "县职校",
    "starts_on": "2026-10-20",
    "ends_on": "2026-10-21",
    "entries_open_at": "2026-09-01T08:00",
    "entries_close_at": "2026-10-10T18:00",
    "youngest": "16",
}
EVENT = {"name": "竹编", "division": "open", "rule_set": "rural-national", "quota": "2"}


async def organizer_of(competition_id: int) -> Any:
    """Return an organizer of one competition."""
    return await somebody(Duty.ORGANIZER, scope=Scope("competition", str(competition_id)))


class TestThePlan:
    NEW = "/desk/competitions/new"

    async def test_is_made_and_changed(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await somebody(Duty.ORGANIZER, scope=EVERYWHERE)) as visitor:
            made = await visitor.send(self.NEW, self.NEW, PLAN)
            place = made.headers["location"]
            edit = await visitor.get(f"{place}/edit")
            changed = await visitor.send(
                f"{place}/edit", f"{place}/edit", PLAN | {"venue": "县体育馆", "version": "1"}
            )
            again = await visitor.send(
                f"{place}/edit", f"{place}/edit", PLAN | {"venue": "另一处", "version": "1"}
            )
            listed = await visitor.get("/desk/competitions?q=乡村工匠")
            none = await visitor.get("/desk/competitions?q=没有这个")

        assert 'value="2026-09-01T08:00"' in edit.text
        assert (changed.status_code, again.status_code) == (303, 409)
        assert PLAN["name"] in listed.text
        assert PLAN["name"] not in none.text

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"ends_on": "2026-10-19"}, "结束日期不能早于开赛日期。"),
            ({"entries_close_at": "2026-08-01T08:00"}, "报名截止应晚于报名开始"),
            ({"oldest": "15"}, "最大年龄不能小于最小年龄。"),
            ({"host_region": "没有的县"}, "没有“没有的县”这个地区"),
            ({"starts_on": "国庆后"}, "应填日期，例如 2026-11-23。"),
            ({"name": ""}, "请填写大赛名称。"),
            ({"notice_days": "0"}, "公示的工作日数的内容不符合要求。应不小于 1。"),
            ({"youngest": "-1"}, "最小年龄的内容不符合要求。应不小于 0。"),
        ],
    )
    async def test_says_what_is_wrong_and_keeps_the_rest(
        self, changes, says, sqlite_database, tmp_path
    ):
        async with a_visit(tmp_path, await somebody(Duty.ORGANIZER, scope=EVERYWHERE)) as visitor:
            answer = await visitor.send(self.NEW, self.NEW, PLAN | changes)

        assert answer.status_code == 422
        assert says in answer.text
        assert 'value="县人社局"' in answer.text

    async def test_goes_on_step_by_step(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await somebody(Duty.ORGANIZER, scope=EVERYWHERE)) as visitor:
            place = (await visitor.send(self.NEW, self.NEW, PLAN)).headers["location"]
            hidden = await visitor.get(place.removeprefix("/desk"))
            leap = {"wanted": "closed", "version": 1}
            refused = await visitor.send(place, f"{place}/step", leap)
            nonsense = await visitor.send(place, f"{place}/step", {"wanted": "announced"})
            step = {"wanted": "announced", "version": 1}
            announced = await visitor.send(place, f"{place}/step", step)
            public = await visitor.get(place.removeprefix("/desk"))

        assert hidden.status_code == 404
        assert (refused.status_code, nonsense.status_code) == (422, 422)
        assert "不能直接变为" in refused.text
        assert announced.status_code == 303
        assert PLAN["name"] in public.text


class TestEvents:
    async def test_are_made_copied_and_changed(self, sqlite_database, tmp_path):
        line = await an_event()
        base = f"/desk/competitions/{line.competition_id}/events"

        async with a_visit(tmp_path, await organizer_of(line.competition_id)) as visitor:
            made = await visitor.send(f"{base}/new", f"{base}/new", EVENT)
            place = made.headers["location"].removesuffix("/scheme")
            changed = await visitor.send(
                f"{place}/edit", f"{place}/edit", EVENT | {"quota": "3", "version": "1"}
            )
            pasted = await visitor.send(f"{base}/new", f"{base}/new", EVENT | {"name": "砌筑\t二 "})
            copied = await visitor.send(
                f"/desk/events/{line.id}/edit",
                f"/desk/events/{line.id}/copies",
                {"name": "砌筑", "division": "students"},
            )
            twice = await visitor.send(
                f"/desk/events/{line.id}/edit",
                f"/desk/events/{line.id}/copies",
                {"name": "砌筑", "division": "students"},
            )

        assert [made.status_code, changed.status_code, copied.status_code] == [303, 303, 303]
        assert pasted.status_code == 303
        assert twice.status_code == 422
        found = await planning.events(line.competition_id)
        assert sorted(item.name for item in found) == ["砌筑", "砌筑", "砌筑 二", "竹编"]
        assert next(item.quota for item in found if item.name == "竹编") == 3

    async def test_say_what_is_wrong(self, sqlite_database, tmp_path):
        line = await an_event()
        new = f"/desk/competitions/{line.competition_id}/events/new"

        async with a_visit(tmp_path, await organizer_of(line.competition_id)) as visitor:
            answers = [
                await visitor.send(new, new, EVENT | changes)
                for changes in (
                    {"occupation_code": "6-99"},
                    {"rule_set": "no-such/1"},
                    {"quota": "0"},
                    {"name": "砌筑"},
                )
            ]

        for answer, says in zip(
            answers,
            ("职业代码的内容不符合要求。", "没有这套评分规则", "应不小于 1。", "请换一个名称"),
            strict=True,
        ):
            assert answer.status_code == 422
            assert says in answer.text


class TestDelegations:
    async def test_are_registered_and_changed(self, sqlite_database, tmp_path):
        line = await an_event()
        base = f"/desk/competitions/{line.competition_id}/delegations"
        form = {"name": "忠诚镇代表队", "region_code": "522632", "leader_phone": "13800000000"}

        async with a_visit(tmp_path, await organizer_of(line.competition_id)) as visitor:
            made = await visitor.send(f"{base}/new", f"{base}/new", form)
            twice = await visitor.send(f"{base}/new", f"{base}/new", form)
            phone = await visitor.send(
                f"{base}/new", f"{base}/new", form | {"name": "另一队", "leader_phone": "12"}
            )
            found = next(
                item
                for item in await register.delegations(line.competition_id)
                if item.name == form["name"]
            )
            one = f"/desk/delegations/{found.id}"
            changed = await visitor.send(one, one, form | {"leader": "龙文忠", "version": "1"})
            listed = await visitor.get(base)
            sheet = await visitor.get(f"{base}/export.xlsx")

        assert [made.status_code, twice.status_code, phone.status_code] == [303, 422, 422]
        assert "已有名为“忠诚镇代表队”的代表队。" in twice.text
        assert 'value="另一队"' in phone.text
        assert changed.status_code == 303
        assert "龙文忠" in listed.text
        assert sheet.content.startswith(b"PK")


class TestEntries:
    def form(self, line: Any, at: int = 40) -> dict[str, Any]:
        """Return one entry as typed."""
        person = a_person(at)
        return {
            "delegation": "甲镇代表队",
            "event_id": str(line.id),
            "name": person.name,
            "id_number": person.number.text,
            "employer": "甲镇合作社",
        }

    async def test_are_registered_by_hand_and_vetted(self, sqlite_database, tmp_path):
        line = await an_event(entries=0)
        base = f"/desk/competitions/{line.competition_id}"
        async with a_visit(tmp_path, await organizer_of(line.competition_id)) as visitor:
            empty = await visitor.get(f"{base}/entries")
            await visitor.send(
                f"{base}/delegations/new", f"{base}/delegations/new", {"name": "甲镇代表队"}
            )
            new = f"{base}/entries/new"
            made = await visitor.send(new, new, self.form(line))
            place = made.headers["location"]
            silent = await visitor.send(
                place, f"{place}/vetting", {"status": "returned", "version": 1}
            )
            returned = await visitor.send(
                place, f"{place}/vetting", {"status": "returned", "version": 1, "note": "缺照片"}
            )
            shown = await visitor.get(place)
            accepted = await visitor.send(
                place, f"{place}/vetting", {"status": "accepted", "version": 2}
            )

        assert "还没有报名" in empty.text
        assert made.status_code == 303
        assert "请写明原因，代表队会看到" in silent.text
        assert (returned.status_code, accepted.status_code) == (303, 303)
        assert "缺照片" in shown.text
        assert a_person(40).number.text not in shown.text
        [entry] = await register.entries_of_event(line.id)
        assert entry.status is EntryStatus.ACCEPTED

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"id_number": "522632199001011230"}, "校验"),
            ({"event_id": "9999"}, "本届大赛没有这个赛项和组别。"),
            ({"county_code": "没有的县"}, "没有“没有的县”这个地区"),
            ({"phone": "12"}, "手机"),
            ({"event_id": ""}, "请填写赛项和组别。"),
        ],
    )
    async def test_keep_what_was_typed_where_something_is_wrong(
        self, changes, says, sqlite_database, tmp_path
    ):
        line = await an_event()
        new = f"/desk/competitions/{line.competition_id}/entries/new"

        async with a_visit(tmp_path, await organizer_of(line.competition_id)) as visitor:
            answer = await visitor.send(new, new, self.form(line) | changes)

        assert answer.status_code == 422
        assert says in answer.text
        assert 'value="甲镇合作社"' in answer.text

    async def test_of_one_person_count_once(self, sqlite_database, tmp_path):
        line = await an_event()
        new = f"/desk/competitions/{line.competition_id}/entries/new"

        async with a_visit(tmp_path, await organizer_of(line.competition_id)) as visitor:
            first = await visitor.send(new, new, self.form(line) | {"delegation": "丁镇代表队"})
            second = await visitor.send(new, new, self.form(line))

        assert first.status_code in {303, 422}
        assert second.status_code == 422

    async def test_are_mended_one_contestant_at_a_time(self, sqlite_database, tmp_path):
        line = await an_event()
        entry = (await register.entries_of_event(line.id))[0]
        one = f"/desk/entries/{entry.id}/contestants/{entry.contestants[0].id}"
        form = {"version": entry.version, "employer": "新单位", "coach": "新师傅"}

        async with a_visit(tmp_path, await organizer_of(line.competition_id)) as visitor:
            shown = await visitor.get(one)
            wrong = await visitor.send(one, one, form | {"county_code": "没有的县"})
            changed = await visitor.send(one, one, form)
            stale = await visitor.send(one, one, form)

        assert shown.status_code == 200
        assert "没有“没有的县”这个地区" in wrong.text
        assert 'value="新师傅"' in wrong.text
        assert (changed.status_code, stale.status_code) == (303, 409)

    async def test_are_called_what_the_register_of_persons_calls_them(
        self, sqlite_database, tmp_path
    ):
        line = await an_event()
        entry = (await register.entries_of_event(line.id))[0]
        contestant = entry.contestants[0]
        one = f"/desk/entries/{entry.id}/contestants/{contestant.id}"
        form = {"version": entry.version, "name": "石玉兰"}
        corrected = Correction(name="石玉兰", phone=None, reason="错录一字")

        async with a_visit(tmp_path, await organizer_of(line.competition_id)) as visitor:
            before = await visitor.send(one, one, form)
            await correcting.correct_person(
                contestant.person_id, corrected, seen_version=1, by=SYSTEM, at=AT
            )
            after = await visitor.send(one, one, form)

        assert (before.status_code, after.status_code) == (422, 303)
        assert "请核对姓名和证件号。" in before.text
        assert 'value="石玉兰"' in before.text
        assert (await register.entry(entry.id)).names == "石玉兰"

    async def test_are_accepted_as_chosen(self, sqlite_database, tmp_path):
        line = await an_event()
        base = f"/desk/competitions/{line.competition_id}/entries"

        async with a_visit(tmp_path, await organizer_of(line.competition_id)) as visitor:
            none = await visitor.send(base, f"{base}/acceptance", {})
            found = await visitor.get(f"{base}?q=甲镇")
            nobody = await visitor.get(f"{base}?q=没有这个人")
            sheet = await visitor.get(f"{base}/export.xlsx")

        assert none.status_code == 422
        assert "请先勾选要办理的报名。" in none.text
        assert "甲镇代表队" in found.text
        assert "没有符合条件的报名" in nobody.text
        assert sheet.headers["cache-control"] == "no-store"


class TestJudges:
    async def test_are_registered_and_given_links(self, sqlite_database, tmp_path):
        line = await an_event()
        base = f"/desk/competitions/{line.competition_id}/judges"

        async with a_visit(tmp_path, await organizer_of(line.competition_id)) as visitor:
            made = await visitor.send(base, base, {"name": "吴胜章"})
            nameless = await visitor.send(base, base, {"name": "", "employer": "县职校"})
            stranger = await visitor.send(base, base, {"name": "石一", "delegation": "没有的队"})
            links = await visitor.send(base, f"{base}/invitations", {})

        assert made.status_code == 303
        assert "请填写姓名。" in nameless.text
        assert 'value="县职校"' in nameless.text
        assert "没有名为“没有的队”的代表队" in stranger.text
        assert "/invitations/" in links.text
        assert links.headers["cache-control"] == "no-store"

    async def test_are_mended_with_their_number(self, sqlite_database, tmp_path):
        line = await an_event()
        judge_id = (await judges_of(line, JudgeFacts(name="吴胜章")))["吴胜章"]
        one = f"/desk/judges/{judge_id}"
        form = {"version": 1, "name": "吴胜璋", "employer": "县职校"}
        number = a_person(50).number.text

        async with a_visit(tmp_path, await organizer_of(line.competition_id)) as visitor:
            listed = await visitor.get(f"/desk/competitions/{line.competition_id}/judges")
            shown = await visitor.get(one)
            wrong = await visitor.send(one, one, form | {"id_number": number[:-1]})
            changed = await visitor.send(one, one, form)
            stale = await visitor.send(one, one, form)
        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as stranger:
            closed = await stranger.get(one)

        assert f'href="{one}"' in listed.text
        assert 'value="吴胜章"' in shown.text
        assert (wrong.status_code, changed.status_code, stale.status_code) == (422, 303, 409)
        assert 'value="吴胜璋"' in wrong.text
        assert closed.status_code in {403, 404}
        [judge] = await register.judges(line.competition_id)
        assert (judge.name, judge.employer) == ("吴胜璋", "县职校")


class TestTheCheckIn:
    async def test_notes_who_is_there(self, sqlite_database, tmp_path):
        line = await an_event()
        [first, *_] = await register.entries_of_event(line.id)
        base = f"/desk/events/{line.id}/check-in"
        there = {"entry": first.id, "is_present": "1", "is_document_right": "1"}

        async with a_visit(tmp_path, await an_official(line, Duty.REGISTRAR)) as visitor:
            silent = await visitor.send(base, base, there)
            noted = await visitor.send(base, base, there | {"note": "工具箱落在车上"})
            rest = await visitor.send(base, f"{base}/rest")
            nobody = await visitor.send(base, f"{base}/rest")
            shown = await visitor.get(base)
            sheet = await visitor.get(f"{base}/sheet")

        assert "请写明情况" in silent.text
        assert (noted.status_code, rest.status_code, nobody.status_code) == (303, 303, 422)
        assert "没有待检录的选手。" in nobody.text
        assert "工具箱落在车上" in shown.text
        assert sheet.status_code == 200

    async def test_tells_once_marking_has_begun_of_what_was_before(self, sqlite_database, tmp_path):
        """A latecomer competes by code; the name on this page must not give the code away."""
        line = await an_event()
        [late, *_] = await register.entries_of_event(line.id)
        facts = CheckInFacts(is_present=False, note="路上耽搁")
        await checkin.check_in(late.id, facts, by=SYSTEM, at=AT)
        await marking(line)
        code = next(
            code
            for code, entry in (await codes.entries_by_code_within(line.id)).items()
            if entry == late.id
        )
        base = f"/desk/events/{line.id}/check-in"

        async with a_visit(tmp_path, await an_official(line, Duty.REGISTRAR)) as visitor:
            before = (await visitor.get(base)).text
            await take_back_standing(line.id, code, reason="赶到", by=SYSTEM, at=AT)
            after = (await visitor.get(base)).text

        assert "检录时缺席" in before
        assert "这里是开始评分以前的情况" in before
        assert after.count("检录时缺席") == before.count("检录时缺席") == 1


class TestTheDraw:
    async def test_gives_codes_and_keeps_the_table_sealed(self, sqlite_database, tmp_path):
        line = await an_event()
        base = f"/desk/events/{line.id}/draw"
        names = [entry.contestants[0].name for entry in await register.entries_of_event(line.id)]

        async with a_visit(tmp_path, await an_official(line, Duty.CODING_JUDGE)) as visitor:
            too_long = await visitor.send(base, base, {"witness": "8" * 61})
            before = await codes.code_books(line.id)
            drawn_ = await visitor.send(base, base, {"witness": "8 6 4"})
            again = await visitor.send(base, base, {"witness": "1"})
            shown = await visitor.get(base)
            record = await visitor.get(f"{base}/record")
            table = await visitor.send(base, f"{base}/levels/1")

        assert too_long.status_code == 422
        assert before == []
        assert (drawn_.status_code, again.status_code) == (303, 422)
        assert "加密都已抽完" in again.text
        assert not any(name in shown.text + record.text for name in names)
        assert all(name in table.text for name in names)
        assert table.headers["cache-control"] == "no-store"

    async def test_is_read_by_no_judge_who_marks(self, sqlite_database, tmp_path):
        line = await an_event()
        await drawn(line)
        base = f"/desk/events/{line.id}/draw"

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            shown = await visitor.get(base)
            table = await visitor.send(base, f"{base}/levels/1")
        async with a_visit(tmp_path, await an_official(line, Duty.MARKING_JUDGE)) as visitor:
            closed = await visitor.get(base)

        assert (shown.status_code, table.status_code, closed.status_code) == (200, 403, 403)

    async def test_is_over_once_marking_has_begun(self, sqlite_database, tmp_path):
        line = await an_event()
        await marking(line)
        base = f"/desk/events/{line.id}/draw"

        async with a_visit(tmp_path, await an_official(line, Duty.CODING_JUDGE)) as visitor:
            answer = await visitor.send(base, base, {})

        assert answer.status_code == 422
