"""Every error page says what happened and what to do, in Chinese and in English."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from app.accounts import session_cache
from app.accounts.tables import SignInSession
from app.rules.actors import Duty
from app.storage import writer
from app.web import operators_log
from app.web.clock import now
from app.web.limits import Limit
from competitions.planning.tables import Competition
from tests.builders.certificates import open_house
from tests.builders.people import someone
from tests.builders.visits import ORIGIN, TOKEN, a_visit

pytestmark = pytest.mark.anyio
CHINESE = re.compile(r"[\u3400-\u9fff]")
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
ADDRESS = {"sign_in_name": "li.na", "name": "李娜"}


@contextmanager
def holding(database: Path) -> Iterator[None]:
    """Hold the database as another process would."""
    with closing(sqlite3.connect(database)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


def says(answer: httpx.Response, status: int, *words: str) -> None:
    """Find a page of this status with a heading, these words and a way on."""
    assert answer.status_code == status
    found = MAIN.search(answer.text)
    assert found is not None
    assert "<h1>" in found[0]
    assert [word for word in words if word not in found[0]] == []
    assert 'class="button' in found[0]


class TestErrorPages:
    @pytest.mark.parametrize(
        ("path", "status", "words"),
        [
            ("/no-such-page", 404, ("没有找到这个页面", "查验证书")),
            ("/competitions/999", 404, ("没有找到这一项",)),
            ("/sign-out", 405, ("不能这样打开这个页面", "回到上一页")),
            ("/desk/imports/entries", 422, ("没有办成", "指明属于哪一项")),
            ("/desk/accounts", 403, ("没有权限", "请管理员或组织者授予")),
            ("/competitions/word", 404, ("没有找到",)),
        ],
    )
    async def test_say_what_happened_and_what_to_do(
        self, path, status, words, sqlite_database, tmp_path
    ):
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            says(await visitor.get(path), status, *words)
            english = await visitor.get(f"{path}?lang=en")

        says(english, status)
        found = MAIN.search(english.text)
        assert found is not None
        assert not CHINESE.search(found[0])

    async def test_leave_a_line_in_the_log_where_no_route_leads(
        self, sqlite_database, tmp_path, caplog
    ):
        caplog.set_level("INFO", "xiangjiang.requests")
        async with a_visit(tmp_path) as visitor:
            await visitor.get("/no-such-page")
        operators_log.write()

        assert [" GET - 404 " in line for line in caplog.messages] == [True]

    async def test_say_so_when_a_file_is_too_large(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path) as visitor:
            answer = await visitor.send("/sign-in", "/sign-in", {"password": "x" * 2_200_000})

        says(answer, 413, "上传的内容太大", "分次上传")

    async def test_say_so_when_somebody_asks_too_often(
        self, sqlite_database, tmp_path, monkeypatch: pytest.MonkeyPatch
    ):
        open_house(tmp_path)
        monkeypatch.setattr("app.certificates.inquiry.MANUAL_LIMIT", Limit(1, 3600))
        async with a_visit(tmp_path) as visitor:
            asked = {"number": "1", "name": "李娜"}
            await visitor.send("/verify", "/verify", asked)
            answer = await visitor.send("/verify", "/verify", asked)

            english = await visitor.client.get("/verify?lang=en")
            told = await visitor.send("/verify", "/verify", asked)

        says(answer, 429, "访问太频繁", "请过 60 分钟再试", "到时候再试")
        assert 3590 < int(answer.headers["retry-after"]) <= 3600
        assert english.status_code == 200
        says(told, 429, "Try again in 60 min.")

    async def test_say_so_when_the_page_has_expired(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            answer = await visitor.client.post("/desk/accounts/new", data=ADDRESS)

        says(answer, 403, "页面已过期", "没有提交", "刷新那个页面")
        assert "请管理员或组织者授予" not in answer.text

    async def test_say_so_when_the_database_is_busy(
        self, sqlite_database, tmp_path, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(writer, "BUSY_SECONDS", 0.05)
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            page = "/desk/accounts/new"
            token = TOKEN.findall((await visitor.get(page)).text)[0]
            sent = {**ADDRESS, "_csrf_token": token}
            with holding(tmp_path / "house.sqlite"):
                answer = await visitor.client.post(page, data=sent)
            again = await visitor.client.post(page, data=sent)

        says(answer, 503, "系统正忙", "没有保存成功")
        assert answer.headers["retry-after"] == "30"
        assert again.status_code == 200

    async def test_call_a_form_of_an_unknown_alphabet_wrong(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path) as visitor:
            kind = "application/x-www-form-urlencoded; charset=nonsense"
            answer = await visitor.client.post(
                "/sign-in", content=b"sign_in_name=a", headers={"content-type": kind}
            )
            part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n'
            other = await visitor.client.post(
                "/sign-in",
                content=part,
                headers={"content-type": "multipart/form-data; boundary=x"},
            )

        assert {answer.status_code, other.status_code} <= {400, 403}

    async def test_name_a_bug_by_its_number_and_show_nothing_of_it(self, sqlite_database, tmp_path):
        await Competition.raw("ALTER TABLE competition RENAME TO elsewhere")
        async with a_visit(tmp_path) as visitor:
            answer = await visitor.get("/")

        says(answer, 500, "系统出了问题", "请求编号")
        assert "elsewhere" not in answer.text
        assert "sqlite" not in answer.text.lower()


class TestSigningInAgain:
    async def test_leads_back_to_the_form_and_says_that_nothing_was_sent(
        self, sqlite_database, tmp_path
    ):
        page = "/desk/accounts/new"
        async with a_visit(tmp_path, await someone(Duty.ADMINISTRATOR)) as visitor:
            token = TOKEN.findall((await visitor.get(page)).text)[0]
            await SignInSession.update({SignInSession.ended_at: now()}).where(
                SignInSession.ended_at.is_null()
            )
            session_cache.clear()
            answer = await visitor.client.post(
                page, data={**ADDRESS, "_csrf_token": token}, headers={"referer": ORIGIN + page}
            )
            shown = await visitor.get("/sign-in")

        assert answer.status_code == 303
        assert answer.headers["location"] == f"/sign-in?next={page}"
        assert "刚才填写的内容没有提交" in shown.text


class TestEveryPage:
    @pytest.mark.parametrize("address", ["/", "/sign-in", "/nowhere", "/v/0.xyz", "/verify"])
    async def test_is_framed_by_nobody_and_tells_nobody_where_it_was(
        self, sqlite_database, tmp_path, address
    ):
        open_house(tmp_path)
        async with a_visit(tmp_path) as visitor:
            page = await visitor.get(address)

        policy = page.headers["content-security-policy"]
        for part in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
            assert part in policy
        assert page.headers["referrer-policy"] in {"same-origin", "no-referrer"}
        assert page.headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize("host", [b"h:x", b"["])
    @pytest.mark.parametrize(
        ("address", "status"), [("/nowhere", 404), ("/verify", 200), ("/desk?q=1", 303)]
    )
    async def test_is_shown_whatever_the_host_header_says(
        self, sqlite_database, tmp_path, address, status, host
    ):
        open_house(tmp_path)
        async with a_visit(tmp_path) as visitor:
            page = await visitor.client.get(address, headers={b"host": host})
            odd = await visitor.client.get(
                address, headers={b"host": b"h:\x8a", b"accept": b"text/html"}
            )

        assert page.status_code == status
        assert page.headers.get("location", "/sign-in?next=/desk%3Fq%3D1").endswith("/desk%3Fq%3D1")
        says(odd, 400, "请求的内容有误")
