"""Check a whole list: a spreadsheet in and out, and the same as a job for programs."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from app.certificates import (
    checking,
    list_workbooks,
    lists,
    register,
)
from app.storage import engine
from app.web import background, clock
from tests.builders.certificates import HOST, issued, open_house, some_facts
from tests.builders.visits import a_visit
from tests.pages.test_certificate_pages import revoke

pytestmark = pytest.mark.anyio
PAGE = "/verify/list"


@pytest.fixture
def house(database: str, tmp_path: Path) -> Path:
    """A database with keys and a log."""
    open_house(tmp_path)
    lists.forget()
    return tmp_path


def a_workbook(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    for row in (("证书编号", "姓名", "验证码", "二维码内容", "证书类型"), *rows):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class TestAList:
    async def test_is_over_though_a_row_of_the_register_is_damaged(self, house):
        damaged, sound = await issued(some_facts(2))
        edit = "UPDATE certificate SET status = 'x' WHERE id = ?"
        await engine.run_each(edit, [[damaged.id]])

        begun = lists.start(
            [checking.Question(number=one.number, name=one.name) for one in (damaged, sound)], 1
        )
        await background.settle()

        assert begun.is_over
        assert [answer.verdict.value for answer in begun.answers] == ["unregistered", "valid"]

    async def test_is_over_though_nothing_can_be_looked_up(self, house):
        line = (await issued(some_facts(1)))[0]
        row = checking.Question(number=line.number, name=line.name)
        await engine.fetch("ALTER TABLE certificate RENAME TO elsewhere")

        begun = lists.start([row, checking.Question(id="x")], 1)
        await background.settle()

        found = [(answer.verdict.value, answer.reason) for answer in begun.answers]
        assert found == [("uncertain", "not_answered"), ("unregistered", "not_found")]
        assert "单独再查" in list_workbooks.why(begun.answers[0].reason)

    async def test_answers_a_row_that_no_database_could_hold(self, house):
        line = (await issued(some_facts(1)))[0]
        right = {"number": line.number, "name": line.name}
        nul = [{**right, "name": "张\0三"}, {**right, "number": "2\0"}]
        nul.append({"id": line.verification_id, "name": "张\0三"})
        async with a_visit(house) as visitor:
            answer = await visitor.client.post("/api/v1/verify", json={"rows": [*nul, right]})

        found = [row["verdict"] for row in answer.json()["rows"]]
        assert found == ["unregistered"] * 3 + ["valid"]

    async def test_says_which_were_logged_long_after_their_date(self, house):
        today = clock.now()
        prompt_facts = some_facts(2, issued_on=today.astimezone(clock.SHANGHAI).date())[1:]
        late, prompt = await issued([*some_facts(1), *prompt_facts], at=today)
        content = a_workbook((late.number, late.name), (prompt.number, prompt.name))
        async with a_visit(house) as visitor:
            place = (await visitor.send(PAGE, PAGE, file=("list.xlsx", content))).headers[
                "location"
            ]
            await background.settle()
            shown = await visitor.get(place)
            answer = await visitor.get(f"{place}/answers.xlsx")

        sheet: Any = load_workbook(io.BytesIO(answer.content)).active
        header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        told = [(row[header.index("首次登记")], row[header.index("补登")] or "") for row in rows]
        assert [late for _, late in told] == ["补登", ""]
        assert all(
            re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}", at) for at, _ in told
        )
        assert shown.text.count("补登") == 1

    async def test_comes_back_with_a_verdict_and_a_reason_a_row(self, house):
        valid, revoked = await issued(some_facts(2))
        await revoke(revoked)
        symbol = register.qr_text(HOST, await register.certificate(valid.id))
        content = a_workbook(
            (valid.number, valid.name),
            (valid.number, "李四"),
            (revoked.number, revoked.name),
            ("", "", valid.verification_id.lower()),
            ("", "", "", symbol),
            ("", "", "", symbol[:-1]),
            (valid.number, valid.name, "", "", "获奖证书"),
            ("", "张三"),
        )
        async with a_visit(house) as visitor:
            sent = await visitor.send(PAGE, PAGE, file=("list.xlsx", content))
            await background.settle()
            place = sent.headers["location"]
            shown = await visitor.get(place)
            state = (await visitor.get(f"{place}/progress")).json()
            answer = await visitor.get(f"{place}/answers.xlsx")

        sheet: Any = load_workbook(io.BytesIO(answer.content)).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        header = [cell.value for cell in sheet[1]]
        verdict, why = header.index("结论"), header.index("说明")
        assert [(row[verdict], row[why] or "") for row in rows] == [
            ("有效", ""),
            ("未登记", "没有查到与此相符的证书"),
            ("已撤销", "以不正当手段取得"),
            ("有效", ""),
            ("有效", ""),
            ("无法通过验证", "二维码的签名不成立，可能是伪造的"),
            ("未登记", "证书类型不符"),
            ("无法确认", "这一行要有编号和姓名，或验证码，或二维码内容"),
        ]
        assert (state["done"], state["is_over"]) == (8, True)
        assert "下载全部结果" in shown.text
        assert sent.headers["location"].count("/") == 3
        assert shown.headers["cache-control"] == "no-store"

    async def test_is_nobody_elses_and_forgotten(self, house):
        async with a_visit(house) as visitor:
            unknown = await visitor.get(f"{PAGE}/somebody")
            template = await visitor.get(f"{PAGE}/template.xlsx")
            wrong = await visitor.send(PAGE, PAGE, file=("a.txt", b"x"))

        assert unknown.status_code == 404
        assert "只保留一小时" in unknown.text
        assert load_workbook(io.BytesIO(template.content)).active
        assert wrong.status_code == 422

    async def test_may_be_long_but_not_endless(self, house, monkeypatch):
        monkeypatch.setattr(lists, "MOST_ROWS", 2)
        async with a_visit(house) as visitor:
            sent = await visitor.send(
                PAGE, PAGE, file=("list.xlsx", a_workbook(("1", "a"), ("2", "b"), ("3", "c")))
            )

        assert sent.status_code == 422
        assert "最多 2 行" in sent.text


class TestAJob:
    async def test_answers_programs_when_it_is_over(self, house):
        line = (await issued(some_facts(1)))[0]
        rows = [{"number": line.number, "name": line.name}, {"number": "1", "name": "李四"}] * 2
        async with a_visit(house) as visitor:
            asked = await visitor.client.post("/api/v1/verify-jobs", json={"rows": rows})
            await background.settle()
            state = (await visitor.get(asked.headers["location"])).json()
            gone = await visitor.get("/api/v1/verify-jobs/x")

        assert asked.status_code == 202
        assert (state["total"], state["done"], state["is_over"]) == (4, 4, True)
        assert [row["verdict"] for row in state["rows"]] == ["valid", "unregistered"] * 2
        assert gone.status_code == 404

    async def test_is_asked_for_ten_times_an_hour(self, house):
        async with a_visit(house) as visitor:
            asked = [
                await visitor.client.post("/api/v1/verify-jobs", json={"rows": []})
                for _ in range(11)
            ]

        assert [answer.status_code for answer in asked] == [202] * 10 + [429]
        assert int(asked[-1].headers["retry-after"]) > 0
