"""Signing in, the one-time link, the administrator's desk, the journal: what a person sees."""

import re
from datetime import timedelta

import pytest

from app.accounts import actions as accounts
from app.accounts import grants, queries
from app.rules.actors import EVERYWHERE, SYSTEM, Duty, Grant, Scope
from app.storage.engine import write_transaction
from app.web import clock
from tests.builders.competitions import a_competition, an_event
from tests.builders.people import AT, a_number, someone
from tests.builders.visits import ORIGIN, PASSWORD, Visitor, a_visit

pytestmark = pytest.mark.anyio
PICKED = re.compile(r'<option value="((?:all|region|competition|event|sitting)[:\d]*)"')
LINK = re.compile(rf"{re.escape(ORIGIN)}(/invitations/[\w-]+)")


async def created(visitor: Visitor, name: str) -> str:
    """Create an account at the desk and return the path of its link."""
    shown = await visitor.send(
        "/desk/accounts/new", "/desk/accounts/new", {"sign_in_name": name, "name": "李娜"}
    )
    found = LINK.search(shown.text)
    assert found is not None
    return found[1]


class TestSigningIn:
    async def test_says_what_is_wrong_and_keeps_the_name(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path) as visitor:
            answer = await visitor.send(
                "/sign-in", "/sign-in", {"sign_in_name": "zhang.wei", "password": "wrong"}
            )

        assert answer.status_code == 422
        assert "登录名或密码不对" in answer.text
        assert 'value="zhang.wei"' in answer.text
        assert "wrong" not in answer.text

    async def test_locks_a_name_for_the_address_that_tried_it_too_often(
        self, sqlite_database, tmp_path
    ):
        administrator = await someone(Duty.ADMINISTRATOR)
        wrong = {"sign_in_name": "somebody", "password": "wrong"}
        async with a_visit(tmp_path, administrator):
            line = await queries.account(administrator.account_id or 0)
        right = {"sign_in_name": line.sign_in_name, "password": PASSWORD}
        said: dict[str, list[bool]] = {"somebody": [], line.sign_in_name: []}
        async with a_visit(tmp_path) as visitor:
            for name, locks in said.items():
                for _ in range(6):
                    answer = await visitor.send(
                        "/sign-in", "/sign-in", wrong | {"sign_in_name": name}
                    )
                    locks.append("密码连续输错 5 次" in answer.text)
            here = await visitor.send("/sign-in", "/sign-in", right)
        async with a_visit(tmp_path, address="203.0.113.9") as visitor:
            elsewhere = await visitor.send("/sign-in", "/sign-in", right)

        assert list(said.values()) == [[False] * 5 + [True]] * 2
        assert here.status_code == 422
        assert elsewhere.status_code == 303

    async def test_counts_a_line_of_ipv6_as_one_that_asks(self, sqlite_database, tmp_path):
        wrong = {"sign_in_name": "somebody", "password": "wrong"}
        said = []
        for place in range(6):
            async with a_visit(tmp_path, address=f"2001:db8:1:2::{place}") as visitor:
                said.append((await visitor.send("/sign-in", "/sign-in", wrong)).text)

        assert ["密码连续输错 5 次" in text for text in said] == [False] * 5 + [True]

    async def test_leads_back_to_the_page_that_asked_and_nowhere_else(
        self, sqlite_database, tmp_path
    ):
        administrator = await someone(Duty.ADMINISTRATOR)
        async with a_visit(tmp_path, administrator):
            line = await queries.account(administrator.account_id or 0)
        form = {"sign_in_name": line.sign_in_name, "password": PASSWORD}
        async with a_visit(tmp_path) as visitor:
            asked = await visitor.get("/desk/accounts")
            home = await visitor.send("/sign-in", "/sign-in", {**form, "next": "/desk/accounts"})
        async with a_visit(tmp_path) as visitor:
            away = await visitor.send("/sign-in", "/sign-in", {**form, "next": "//evil.example"})

        assert asked.status_code == 303
        assert asked.headers["location"].startswith("/sign-in?next=")
        assert home.headers["location"] == "/desk/accounts"
        assert away.headers["location"] == "/desk"
        cookie = home.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie

    async def test_ends_with_signing_out(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            await visitor.send("/account", "/sign-out")
            after = await visitor.get("/desk/accounts")

        assert after.status_code == 303

    async def test_asks_for_the_link_of_the_terminal_on_the_first_run(
        self, sqlite_database, tmp_path
    ):
        async with a_visit(tmp_path) as visitor:
            shown = await visitor.get("/sign-in")

        assert "系统刚刚装好" in shown.text


class TestOneTimeLink:
    async def test_leads_from_the_desk_to_a_password(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            link = await created(visitor, "li.na")
        async with a_visit(tmp_path) as visitor:
            shown = await visitor.get(link)
            differing = await visitor.send(link, link, {"password": PASSWORD, "again": "other"})
            weak = await visitor.send(link, link, {"password": "short", "again": "short"})
            done = await visitor.send(link, link, {"password": PASSWORD, "again": PASSWORD})
            again = await visitor.get(link)

        assert "李娜，您的登录名是 li.na" in shown.text
        assert "两次输入的密码不一样" in differing.text
        assert (differing.status_code, weak.status_code) == (422, 422)
        assert done.headers["location"] == "/sign-in"
        assert "这个链接已经用过或已过期" in again.text

    async def test_of_a_closed_account_leads_nowhere(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            link = await created(visitor, "li.na")
            line = next(each for each in await queries.accounts() if each.sign_in_name == "li.na")
            place = f"/desk/accounts/{line.id}"
            await visitor.send(place, f"{place}/closing", {"is_closed": "1", "version": "1"})
            refused = await visitor.send(place, f"{place}/invitation")
            shown = await visitor.get(link)

        assert "账号“li.na”已停用" in refused.text
        assert "这个链接已经用过或已过期" in shown.text

    async def test_of_nobody_says_so(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path) as visitor:
            answer = await visitor.get("/invitations/no-such-token")

        assert "这个链接已经用过或已过期" in answer.text


class TestDesk:
    async def test_grants_a_duty_and_refuses_what_excludes_it(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            await created(visitor, "li.na")
            account_id = await accounts.account_id_of("li.na")
            page = f"/desk/accounts/{account_id}"
            scope = {"scope": "all"}
            granted = await visitor.send(page, f"{page}/grants", {"duty": "organizer", **scope})
            refused = await visitor.send(page, f"{page}/grants", {"duty": "auditor", **scope})
            nowhere = await visitor.send(
                page, f"{page}/grants", {"duty": "registrar", "scope": "event"}
            )
            no_region = await visitor.send(
                page,
                f"{page}/grants",
                {"duty": "registrar", "scope": "region", "region": "桃花源"},
            )
            by_name = await visitor.send(
                page, f"{page}/grants", {"duty": "registrar", "scope": "region", "region": "贵州省"}
            )
            shown = await visitor.get(page)

        assert granted.status_code == 303
        assert refused.status_code == nowhere.status_code == 422
        assert "不能由同一人担任" in refused.text
        assert "请从列表中选择范围" in nowhere.text
        assert "没有这个地区" in no_region.text
        assert 'value="桃花源"' in no_region.text
        assert by_name.status_code == 303
        assert "贵州省" in shown.text
        assert "组织者" in shown.text

    async def test_ends_a_duty_before_its_end_and_none_after_it(self, sqlite_database, tmp_path):
        person = await someone(Duty.REGISTRAR, scope=Scope("region", "520000"))
        account_id = person.account_id or 0
        page = f"/desk/accounts/{account_id}"
        now = clock.now()
        for duty, days in ((Duty.ORGANIZER, 9), (Duty.EXAMINER, -1)):
            wanted = Grant(duty, EVERYWHERE, AT, now + timedelta(days=days))
            await grants.grant(account_id, wanted, by=SYSTEM, at=AT)
        dated = {line.duty: line.id for line in await queries.grant_lines(account_id)}

        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            shown = (await visitor.get(page)).text
            listed = (await visitor.get("/desk/accounts")).text
            ended = await visitor.send(
                page, f"{page}/grants/{dated[Duty.ORGANIZER]}/end", {"reason": "提前退出"}
            )
            again = await visitor.send(
                page, f"{page}/grants/{dated[Duty.ORGANIZER]}/end", {"reason": "再来"}
            )

        assert f"/grants/{dated[Duty.ORGANIZER]}/end" in shown
        assert f"/grants/{dated[Duty.EXAMINER]}/end" not in shown
        assert "组织者" in listed
        assert "考评员" not in listed
        assert (ended.status_code, again.status_code) == (303, 422)
        assert "这项授权已经结束" in again.text

    async def test_keeps_the_last_administrator(self, sqlite_database, tmp_path):
        one = await someone(Duty.ADMINISTRATOR)
        page = f"/desk/accounts/{one.account_id}"
        [held] = await queries.grant_lines(one.account_id or 0)
        version = (await queries.account(one.account_id or 0)).version

        async with a_visit(tmp_path, one) as visitor:
            closed = await visitor.send(
                page, f"{page}/closing", {"version": version, "is_closed": "1"}
            )
            ended = await visitor.send(page, f"{page}/grants/{held.id}/end", {"reason": "换人"})
            past = await visitor.send(
                page,
                f"{page}/grants",
                {"duty": "registrar", "scope": "all", "closes_at": "2020-01-01T08:00"},
            )
            still = await visitor.get("/desk/accounts")

        assert [item.status_code for item in (closed, ended, past)] == [422, 422, 422]
        assert "这是最后一个能登录的系统管理员" in closed.text
        assert "这是最后一个能登录的系统管理员" in ended.text
        assert "结束时间应晚于开始时间" in past.text
        assert still.status_code == 200

    async def test_offers_places_by_name_and_only_where_one_may_grant(
        self, sqlite_database, tmp_path
    ):
        mine = await a_competition()
        await an_event(mine)
        other = await a_competition(name="黎平县技艺比赛", host_region="522631")
        await an_event(other, "竹编")
        local = await someone(Duty.ADMINISTRATOR, scope=Scope("competition", str(mine)))
        person = await someone(scope=Scope("region", "520000"))
        page = f"/desk/accounts/{person.account_id}"

        async with a_visit(tmp_path, local) as visitor:
            shown = (await visitor.get(page)).text
            granted = await visitor.send(
                page, f"{page}/grants", {"duty": "registrar", "scope": "event:1"}
            )
            refused = await visitor.send(
                page, f"{page}/grants", {"duty": "chief_judge", "scope": "event:2"}
            )
            above = await visitor.send(
                page, f"{page}/grants", {"duty": "chief_judge", "scope": "all"}
            )
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            whole = (await visitor.get(page)).text

        assert PICKED.findall(shown) == ["competition:1", "event:1", "region"]
        assert "砌筑（职工组）" in shown
        assert '<optgroup label="榕江县技艺比赛">' in shown
        assert {"all", "event:2", "competition:2"} <= set(PICKED.findall(whole))
        assert granted.status_code == 303
        assert refused.status_code == 422
        assert "请从列表中选择范围" in refused.text
        assert "没有办理这项操作的权限" in above.text
        assert '<option value="chief_judge" selected>' in refused.text

    async def test_shows_an_administrator_of_a_place_what_lies_there(
        self, sqlite_database, tmp_path
    ):
        mine = Scope("competition", str(await a_competition()))
        local = await someone(Duty.ADMINISTRATOR, scope=mine)
        held = await someone(Duty.REGISTRAR, scope=mine, name="registrar-here")
        strange = await someone(Duty.REGISTRAR, scope=Scope("region", "410000"))
        async with write_transaction():
            for scope in (mine, EVERYWHERE):
                grant = Grant(Duty.SUPERVISOR, scope, AT)
                await grants.grant_within(held.account_id or 0, grant, by=SYSTEM, at=AT)

        async with a_visit(tmp_path, local) as visitor:
            listed = (await visitor.get("/desk/accounts")).text
            shown = await visitor.get(f"/desk/accounts/{held.account_id}")
            hidden = await visitor.get(f"/desk/accounts/{strange.account_id}")
            new = await visitor.get("/desk/accounts/new")
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            every = (await visitor.get("/desk/accounts")).text

        assert "registrar-here" in listed
        assert "someone-region410000" not in listed
        assert "建立账号" not in listed
        assert (shown.status_code, hidden.status_code, new.status_code) == (200, 404, 403)
        assert shown.text.count("结束授权") == 2
        assert "someone-region410000" in every

    async def test_takes_the_number_of_whoever_gets_an_account(self, sqlite_database, tmp_path):
        form = {"sign_in_name": "yang", "name": "杨秀英", "id_number": a_number()[:17]}
        new = "/desk/accounts/new"
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            wrong = await visitor.send(new, new, form)
            made = await visitor.send(new, new, form | {"id_number": a_number()})

        assert wrong.status_code == 422
        assert 'href="#id_number"' in wrong.text
        assert LINK.search(made.text)
        account_id = await accounts.account_id_of("yang")
        assert (await queries.account(account_id or 0)).person_id is not None

    async def test_refuses_duties_that_meet_because_an_event_lies_in_its_competition(
        self, sqlite_database, tmp_path
    ):
        await an_event(await a_competition())
        person = await someone(Duty.CODING_JUDGE, scope=Scope("region", "520000"))
        page = f"/desk/accounts/{person.account_id}"

        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            refused = await visitor.send(
                page, f"{page}/grants", {"duty": "marking_judge", "scope": "event:1"}
            )
            elsewhere = await visitor.send(
                page,
                f"{page}/grants",
                {"duty": "marking_judge", "scope": "region", "region": "410000"},
            )

        assert refused.status_code == 422
        assert "不能由同一人担任" in refused.text
        assert elsewhere.status_code == 303

    async def test_is_closed_to_everyone_else(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            answers = [
                await visitor.get(path)
                for path in ("/desk/accounts", "/desk/accounts/new", "/desk/accounts/1")
            ]

        assert [answer.status_code for answer in answers] == [403, 403, 403]


class TestJournal:
    async def test_says_who_did_what_in_words(self, sqlite_database, tmp_path):
        await accounts.create_account(sign_in_name="li.na", name="李娜", by=SYSTEM, at=AT)
        async with a_visit(tmp_path, await someone(Duty.AUDITOR)) as visitor:
            shown = await visitor.get("/desk/journal?act=accounts.account.created")
            nothing = await visitor.get("/desk/journal?account=谁也不是")
            people = await visitor.get("/desk/journal?account=系统")

        assert "建立账号" in shown.text
        assert "命令行" in shown.text
        assert '<span class="muted">登录名</span> li.na' in shown.text
        assert "没有符合条件的记录" in nothing.text
        assert "李娜" in people.text

    @pytest.mark.parametrize(
        ("duty", "scope"),
        [
            (Duty.ORGANIZER, EVERYWHERE),
            (Duty.AUDITOR, Scope("event", "12")),
            (Duty.ADMINISTRATOR, Scope("region", "522632")),
        ],
    )
    async def test_is_for_auditors_and_administrators_of_everything(
        self, duty, scope, sqlite_database, tmp_path
    ):
        async with a_visit(tmp_path, await someone(duty, scope=scope)) as visitor:
            assert (await visitor.get("/desk/journal")).status_code == 403
            assert "操作日志" not in (await visitor.get("/desk")).text
