"""The registers at the desk: persons, organizations, regions; who sees whom, what stays unsaid."""

import re

import pytest

from app.people import actions, queries
from app.people.queries import OrganizationFilter
from app.rules.actors import SYSTEM, Duty, Scope
from app.rules.identity import IdKind
from app.storage.engine import write_transaction
from app.web import operators_log
from tests.builders.events import an_event, an_official
from tests.builders.people import AT, a_number, a_person, someone
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
PEOPLE, ORGANIZATIONS, REGIONS = "/desk/people", "/desk/organizations", "/desk/regions"
WHOLE_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]")


async def regions_there() -> None:
    """Load the shipped table."""
    async with write_transaction():
        await actions.load_regions_within(by=SYSTEM, at=AT)


class TestLookingUp:
    async def test_finds_by_number_and_keeps_it_out_of_addresses(self, sqlite_database, tmp_path):
        person_id = await a_person()
        number = a_number()

        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            sent = await visitor.send(PEOPLE, PEOPLE, {"q": number})
            shown = await visitor.get(sent.headers["location"])

        assert sent.status_code == 303
        assert sent.headers["location"] == f"{PEOPLE}/{person_id}"
        assert "杨秀英" in shown.text
        assert f"522632********{number[-4:]}" in shown.text
        assert "no-store" in shown.headers["cache-control"]

    async def test_never_shows_a_whole_number_or_birth_date(self, sqlite_database, tmp_path):
        person_id = await a_person()
        unknown, mistyped = a_number(3), a_number()[:-1] + "?"

        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            pages = [
                await visitor.get(PEOPLE),
                await visitor.get(f"{PEOPLE}?q=杨"),
                await visitor.get(f"{PEOPLE}?q={a_number()}"),
                await visitor.get(f"{PEOPLE}/{person_id}"),
                await visitor.get(f"{PEOPLE}/{person_id}/edit"),
                await visitor.send(PEOPLE, PEOPLE, {"q": unknown}),
                await visitor.send(PEOPLE, PEOPLE, {"q": mistyped}),
            ]

        assert "没有您可以查看的人员使用证件号 522632" in pages[5].text
        assert 'id="q-error"' in pages[6].text
        assert [found.status_code for found in pages] == [200, 200, 303, 200, 200, 422, 422]
        for found in pages:
            body = re.sub(r'name="_csrf_token" value="\w+"|/assets/\w+/', "", found.text)
            assert not WHOLE_NUMBER.search(body)
            for part in (a_number(), unknown, mistyped[:-1], "19850312", "1985-03-12"):
                assert part not in body

    async def test_writes_no_number_to_the_logs(self, sqlite_database, tmp_path, caplog):
        await a_person()
        caplog.set_level("DEBUG")

        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            await visitor.send(PEOPLE, PEOPLE, {"q": a_number()})
            await visitor.send(PEOPLE, PEOPLE, {"q": a_number(3)})
            operators_log.write()

        assert f"POST {PEOPLE} 422" in caplog.text
        assert a_number()[:14] not in caplog.text

    async def test_finds_by_name_whatever_the_dots(self, sqlite_database, tmp_path):
        await a_person("买买提·艾力")

        async with a_visit(tmp_path, await someone(Duty.AUDITOR)) as visitor:
            sent = await visitor.send(PEOPLE, PEOPLE, {"q": "买买提•艾"})
            shown = await visitor.get(sent.headers["location"])

        assert "买买提·艾力" in shown.text
        assert "的有 1 人" in shown.text

    async def test_says_when_nobody_is_there(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            empty = await visitor.get(PEOPLE)
            unknown = await visitor.get(f"{PEOPLE}?q=诸葛")
            nothing = await visitor.send(PEOPLE, PEOPLE, {"q": " "})

        assert "还没有人员" in empty.text
        assert "没有找到这个姓名" in unknown.text
        assert 'value="诸葛"' in unknown.text
        assert nothing.status_code == 422
        assert "请填写姓名或证件号码" in nothing.text

    async def test_pages_long_lists(self, sqlite_database, tmp_path):
        for serial in range(51):
            await a_person("王伟", a_number(serial))

        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            first = await visitor.get(f"{PEOPLE}?q=王")
            second = await visitor.get(f"{PEOPLE}?q=王&page=2")

        assert first.text.count('class="name"') == 50
        assert "第 1 / 2 页" in first.text
        assert second.text.count('class="name"') == 1

    async def test_is_closed_to_judges(self, sqlite_database, tmp_path):
        person_id = await a_person()

        async with a_visit(tmp_path, await someone(Duty.MARKING_JUDGE)) as visitor:
            paths = (PEOPLE, f"{PEOPLE}/{person_id}", ORGANIZATIONS, REGIONS)
            found = [(await visitor.get(path)).status_code for path in paths]

        assert found == [403] * 4


class TestThePersonPage:
    async def test_shows_what_lies_in_the_actors_scopes(self, sqlite_database, tmp_path):
        line = await an_event()
        stranger = await a_person("赵无关", a_number(9))

        async with a_visit(tmp_path, await an_official(line, Duty.REGISTRAR)) as visitor:
            entrant = await visitor.get(f"{PEOPLE}/1")
            other = await visitor.get(f"{PEOPLE}/{stranger}")

        assert "测试大赛" in entrant.text
        assert "砌筑" in entrant.text
        assert 'href="/desk/entries/' in entrant.text
        assert other.status_code == 404

    async def test_gives_no_way_to_pages_that_are_closed(self, sqlite_database, tmp_path):
        line = await an_event()

        async with a_visit(tmp_path, await an_official(line, Duty.AUDITOR)) as visitor:
            shown = await visitor.get(f"{PEOPLE}/1")

        assert "测试大赛" in shown.text
        assert 'href="/desk/entries/' not in shown.text
        assert f"{PEOPLE}/1/edit" not in shown.text

    async def test_corrects_a_name_with_its_reason(self, sqlite_database, tmp_path):
        person_id = await a_person()
        base = f"{PEOPLE}/{person_id}"
        form = {"name": "杨秀瑛", "phone": "", "reason": "报名时错一字", "version": "1"}

        async with a_visit(tmp_path, await someone(Duty.REGISTRAR)) as visitor:
            sent = await visitor.send(f"{base}/edit", f"{base}/edit", form)
            shown = await visitor.get(base)

        assert (sent.status_code, sent.headers["location"]) == (303, base)
        assert "<h1>杨秀瑛</h1>" in shown.text
        assert "报名时错一字" in shown.text
        assert "138******78" in shown.text

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"reason": ""}, "请填写更正原因"),
            ({"phone": "123"}, "电话号码格式不对"),
            ({"name": "杨9"}, "姓名“杨9”不符合要求"),
            ({"name": "杨秀英"}, "内容没有变化"),
            ({"reason": f"号码是 {a_number()}"}, "请不要写证件号码"),
        ],
    )
    async def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, sqlite_database, tmp_path, changed, says
    ):
        base = f"{PEOPLE}/{await a_person()}/edit"
        form = {"name": "杨秀瑛", "phone": "", "reason": "错一字", "version": "1"} | changed

        async with a_visit(tmp_path, await someone(Duty.REGISTRAR)) as visitor:
            sent = await visitor.send(base, base, form)

        assert sent.status_code == 422
        assert says in sent.text
        assert f'value="{form["name"]}"' in sent.text

    async def test_says_when_somebody_else_was_quicker(self, sqlite_database, tmp_path):
        base = f"{PEOPLE}/{await a_person()}/edit"
        form = {"name": "杨秀瑛", "reason": "错一字", "version": "1"}

        async with a_visit(tmp_path, await someone(Duty.REGISTRAR)) as visitor:
            await visitor.send(base, base, form)
            again = await visitor.send(base, base, form | {"name": "杨秀莹"})

        assert again.status_code == 409


class TestOrganizations:
    FORM = {  # noqa: RUF012 - what is typed
        "name": "榕江县职业技术学校",
        "kind": "school",
        "credit_code": "",
        "region": "榕江县",
        "contact": "老李 0855-6622331",
    }

    async def test_are_added_and_changed(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            added = await visitor.send(f"{ORGANIZATIONS}/new", f"{ORGANIZATIONS}/new", self.FORM)
            base = added.headers["location"]
            form = self.FORM | {"contact": "老王", "version": "1"}
            changed = await visitor.send(f"{base}/edit", f"{base}/edit", form)
            shown = await visitor.get(base)

        assert (added.status_code, changed.status_code) == (303, 303)
        assert "贵州省黔东南苗族侗族自治州榕江县" in shown.text
        assert "<del>老李 0855-6622331</del> → 老王" in shown.text

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"name": ""}, "请填写单位名称"),
            ({"kind": ""}, "请选择单位类型"),
            ({"credit_code": "123"}, "不是有效的统一社会信用代码"),
            ({"region": "没有这个县"}, "没有“没有这个县”这个地区"),
        ],
    )
    async def test_say_what_is_wrong_and_keep_what_was_typed(
        self, sqlite_database, tmp_path, changed, says
    ):
        base = f"{ORGANIZATIONS}/new"

        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            sent = await visitor.send(base, base, self.FORM | changed)

        assert sent.status_code == 422
        assert says in sent.text
        assert 'value="老李 0855-6622331"' in sent.text
        _, count = await queries.organizations(OrganizationFilter(), 9)
        assert count == 0

    async def test_are_searched_by_name_kind_and_region(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            empty = await visitor.get(ORGANIZATIONS)
            await visitor.send(f"{ORGANIZATIONS}/new", f"{ORGANIZATIONS}/new", self.FORM)
            hits = [
                await visitor.get(f"{ORGANIZATIONS}?{query}")
                for query in ("q=职业", "kind=school", "region=贵州省", "region=522600")
            ]
            misses = [
                await visitor.get(f"{ORGANIZATIONS}?{query}")
                for query in ("q=医院", "kind=firm", "region=广西壮族自治区")
            ]
            wrong = await visitor.get(f"{ORGANIZATIONS}?region=某地")

        assert "还没有单位" in empty.text
        assert all("榕江县职业技术学校" in found.text for found in hits)
        assert all("没有符合条件的单位" in found.text for found in misses)
        assert "没有“某地”这个地区" in wrong.text

    async def test_go_out_as_a_workbook(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            await visitor.send(f"{ORGANIZATIONS}/new", f"{ORGANIZATIONS}/new", self.FORM)
            listed = await visitor.get(ORGANIZATIONS)
            sent = await visitor.get("/desk/imports/organizations/export.xlsx")
            upload = await visitor.get("/desk/imports/organizations")

        assert 'href="/desk/imports/organizations/export.xlsx"' in listed.text
        assert sent.status_code == 200
        assert sent.content.startswith(b"PK")
        assert f'href="{ORGANIZATIONS}"' in upload.text

    async def test_are_read_only_for_other_duties(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.REGISTRAR)) as visitor:
            listed = await visitor.get(ORGANIZATIONS)
            new = await visitor.get(f"{ORGANIZATIONS}/new")
            sent = await visitor.get("/desk/imports/organizations/export.xlsx")

        assert listed.status_code == 200
        assert "登记单位" not in listed.text
        assert (new.status_code, sent.status_code) == (403, 403)

    async def test_refuse_a_region_that_is_not_the_actors(self, sqlite_database, tmp_path):
        keeper = await someone(Duty.ORGANIZER, scope=Scope("region", "450000"))

        async with a_visit(tmp_path, keeper) as visitor:
            base = f"{ORGANIZATIONS}/new"
            sent = await visitor.send(base, base, self.FORM)

        assert sent.status_code == 403


class TestRegions:
    async def test_are_loaded_by_the_administrator(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            empty = await visitor.get(REGIONS)
            sent = await visitor.send(REGIONS, REGIONS)
            shown = await visitor.get(REGIONS)

        assert "还没有载入行政区划" in empty.text
        assert sent.status_code == 303
        assert "110000" in shown.text
        assert "第 1 / " in shown.text

    async def test_are_found_by_name_code_level_and_parent(self, sqlite_database, tmp_path):
        await regions_there()

        async with a_visit(tmp_path, await someone(Duty.AUDITOR)) as visitor:
            found = [
                (await visitor.get(f"{REGIONS}?{query}")).text
                for query in ("q=榕江", "q=522632", "parent=522600", "parent=522600&level=county")
            ]
            provinces = await visitor.get(f"{REGIONS}?level=province")
            unknown = await visitor.get(f"{REGIONS}?q=没有")

        assert all("榕江县" in text for text in found)
        assert "黔东南苗族侗族自治州" in found[2]
        assert "榕江县" not in provinces.text
        assert "新疆生产建设兵团" in provinces.text
        assert "没有符合条件的行政区划" in unknown.text

    async def test_mark_key_counties_with_their_provenance(self, sqlite_database, tmp_path):
        await regions_there()

        async with a_visit(tmp_path, await someone(Duty.AUDITOR)) as visitor:
            shown = await visitor.get(f"{REGIONS}?is_key=1")

        assert shown.text.count("badge") >= 100
        assert "已与公布名单核对" in shown.text
        assert "待与公布名单核对" in shown.text
        assert "2021年8月27日" in shown.text


class TestOtherDocuments:
    async def test_are_searched_in_the_same_field(self, sqlite_database, tmp_path):
        person_id = await a_person(number="E12345678", kind=IdKind.PASSPORT)

        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            sent = await visitor.send(PEOPLE, PEOPLE, {"q": "e12345678"})

        assert sent.headers["location"] == f"{PEOPLE}/{person_id}"
