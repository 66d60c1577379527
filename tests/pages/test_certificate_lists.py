"""Check a whole list: a spreadsheet in and out, and the same as a job for programs."""

import io
import re
import tracemalloc
import weakref
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from openpyxl import Workbook, load_workbook

from app.certificates import (
    checking,
    list_pages,
    list_workbooks,
    lists,
    programs,
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


def a_workbook(*rows: tuple[str | int, ...]) -> bytes:
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
        assert [answer.verdict.value for answer in begun.answers()] == ["unregistered", "valid"]

    async def test_is_over_though_nothing_can_be_looked_up(self, house):
        line = (await issued(some_facts(1)))[0]
        row = checking.Question(number=line.number, name=line.name)
        await engine.fetch("ALTER TABLE certificate RENAME TO elsewhere")

        begun = lists.start([row, checking.Question(id="x")], 1)
        await background.settle()

        found = [(answer.verdict.value, answer.reason) for answer in begun.answers()]
        assert found == [("uncertain", "not_answered"), ("unregistered", "not_found")]
        assert "单独再查" in list_workbooks.why(begun, 0, begun.first[0])

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

    async def test_is_counted_only_where_it_begins(self, house):
        content = a_workbook(("1", "甲"))
        async with a_visit(house) as visitor:
            wrong = [
                await visitor.send(PAGE, PAGE, file=("a.xlsx", b"no workbook")) for _ in range(12)
            ]
            begun = [await visitor.send(PAGE, PAGE, file=("a.xlsx", content)) for _ in range(10)]
            late = await visitor.send(PAGE, PAGE, file=("a.xlsx", content))

        assert [answer.status_code for answer in wrong] == [422] * 12
        assert [answer.status_code for answer in begun] == [303] * 10
        assert (late.status_code, "请过 60 分钟再试" in late.text) == (429, True)

    async def test_is_read_thirty_times_an_hour_whatever_it_is(self, house):
        async with a_visit(house) as visitor:
            for _ in range(list_pages.READ_LIMIT.most):
                list_pages.READ_LIMIT.take("127.0.0.1")
            late = await visitor.send(PAGE, PAGE, file=("a.xlsx", b"no workbook"))

        assert late.status_code == 429

    async def test_says_what_could_not_be_read_and_never_that_such_a_one_is_unknown(self, house):
        line = (await issued(some_facts(1)))[0]
        rows = [
            (2652000000600001, line.name),
            (line.number, line.name, 1234567890123456),
            ("#N/A", line.name),
            (line.number, line.name, "", "", "厨师证"),
            (line.number, line.name, "", "", int(line.kind)),
            (line.number, line.name),
        ]
        async with a_visit(house) as visitor:
            content = a_workbook(*rows)
            place = (await visitor.send(PAGE, PAGE, file=("a.xlsx", content))).headers["location"]
            await background.settle()
            shown = await visitor.get(place)
            answer = await visitor.get(f"{place}/answers.xlsx")
            job = await visitor.get(f"/api/v1/verify-jobs/{place.rpartition('/')[2]}")

        sheet: Any = load_workbook(io.BytesIO(answer.content)).active
        header, *told = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
        found = [(row[header.index("结论")], row[header.index("说明")]) for row in told]
        assert [verdict for verdict, _ in found] == ["无法确认"] * 4 + ["有效"] * 2
        assert found[0][1].startswith("证书编号：号码被表格软件当成了数值，末几位已经丢失")
        assert found[1][1].startswith("验证码：号码被表格软件当成了数值")
        assert found[2][1].startswith("证书编号：公式出错")
        assert "“厨师证”不在可选范围内" in found[3][1]
        assert "末几位已经丢失" in shown.text
        assert [row.get("reason", "") for row in job.json()["rows"]] == ["bad_row"] * 4 + [""] * 2

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


def questions(count: int) -> list[checking.Question]:
    return [checking.Question(id=f"x{place}") for place in range(count)]


class TestAnHour:
    async def test_is_given_to_each_however_many_others_come(self, house):
        earliest, *_ = [lists.start(questions(1), 1) for _ in range(21)]
        await background.settle()

        assert lists.found(earliest.name).is_over

    async def test_is_not_cut_short_where_there_is_no_room(self, house, monkeypatch):
        kept = lists.start(questions(30), 1)
        monkeypatch.setattr(lists, "MOST_BYTES", kept.bytes + 600)
        lists.start(questions(1), 1)
        async with a_visit(house) as visitor:
            asked = {"rows": [{"id": "x"}] * 2}
            job = await visitor.client.post("/api/v1/verify-jobs", json=asked)
            sent = await visitor.send(PAGE, PAGE, file=("a.xlsx", a_workbook(("1", "甲"))))
            waited = await visitor.get(f"{PAGE}/{kept.name}")

        assert (job.status_code, sent.status_code, waited.status_code) == (503, 503, 200)
        assert 3500 < int(job.headers["retry-after"]) <= 3600
        assert "请过 60 分钟再交来" in job.json()["error"]["says"]
        assert "请过 60 分钟再交来" in sent.text

    async def test_ends_though_nobody_asks(self, house, monkeypatch):
        monkeypatch.setattr(lists, "KEPT_SECONDS", 0.05)
        name = lists.start(questions(1), 1).name
        forgotten = weakref.ref(lists.found(name))
        await background.settle()
        await anyio.sleep(0.1)

        assert forgotten() is None
        with pytest.raises(lists.ListGone):
            lists.found(name)

    async def test_is_of_a_list_that_cannot_be_made_larger_by_long_texts(self, house):
        long = checking.Question(number="1" * 9999, name="n" * 9999, qr_text="q" * 9999, id="i")

        kept = lists.start([long], 1)

        assert kept.bytes < 2200
        assert kept.questions[0].id == "i"


class TestAnAnswer:
    async def test_is_kept_once_as_programs_fetch_it(self, house, monkeypatch):
        monkeypatch.setattr(lists, "SHOWN", 30)
        kept = lists.start(questions(50), 1)
        before = kept.state
        await background.settle()

        assert (before.done, before.is_over, before.rows) == (0, False, None)
        assert [answer.reason for answer in kept.answers()] == ["not_found"] * 50
        assert (len(kept.first), kept.counts.total()) == (30, 50)
        assert len(kept.json) < 500

    async def test_is_written_once_and_in_each_language(self, house):
        async with a_visit(house) as visitor:
            place = (
                await visitor.send(PAGE, PAGE, file=("a.xlsx", a_workbook(("1", "甲"))))
            ).headers["location"]
            kept = lists.found(place.rpartition("/")[2])
            early = await visitor.get(f"{place}/answers.xlsx")
            await background.settle()
            first = await visitor.get(f"{place}/answers.xlsx")
            written = kept.files["zh"]
            again = await visitor.get(f"{place}/answers.xlsx")
            english = await visitor.get(f"{place}/answers.xlsx?lang=en")

        assert early.headers["location"] == place
        assert kept.files["zh"] is written
        assert first.content == again.content == written
        assert "content-encoding" not in first.headers
        assert load_workbook(io.BytesIO(english.content)).active["A1"].value == "Certificate number"

    @pytest.mark.parametrize("part", ["", "/progress", "/answers.xlsx", "job", "template"])
    async def test_is_not_asked_for_without_end(self, house, part):
        name = lists.start(questions(1), 1).name
        await background.settle()
        path = {
            "job": f"/api/v1/verify-jobs/{name}",
            "template": f"{PAGE}/template.xlsx",
        }.get(part, f"{PAGE}/{name}{part}")
        async with a_visit(house) as visitor:
            await visitor.get(path)
            for _ in range(list_pages.LOOK_LIMIT.most):
                list_pages.LOOK_LIMIT.take("127.0.0.1")
            late = await visitor.get(path)

        assert late.status_code == 429
        assert int(late.headers["retry-after"]) > 0


class Unread:
    """A body that remembers whether anybody read it."""

    was_read = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.was_read = True
        yield b'{"rows": []}'


class TestAJob:
    @pytest.mark.parametrize("path", ["/api/v1/verify", "/api/v1/verify-jobs"])
    async def test_is_refused_unread_where_it_is_one_too_many(self, house, path):
        async with a_visit(house) as visitor:
            for _ in range(10):
                await visitor.client.post(path, json={"rows": []})
            body = Unread()
            answer = await visitor.client.post(path, content=body)

        assert answer.status_code == 429
        assert not body.was_read

    def test_is_refused_before_its_rows_are_made(self):
        body = b'{"rows":[' + b",".join([b"{}"] * 700_000) + b"]}"
        tracemalloc.start()
        with pytest.raises(programs.TooManyRows):
            programs.rows_in(body, 1000, programs.TooManyRows)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert peak < 100_000

    async def test_is_refused_where_it_has_a_row_too_many(self, house):
        async with a_visit(house) as visitor:
            answer = await visitor.client.post("/api/v1/verify", json={"rows": [{}] * 1001})
            broken = await visitor.client.post("/api/v1/verify", content=b'{"rows": [1]}')

        assert (answer.status_code, broken.status_code) == (422, 400)
        assert "现有 1001 行" in answer.json()["error"]["says"]

    async def test_is_given_compressed_to_who_takes_that(self, house):
        kept = lists.start(questions(40), 1)
        await background.settle()
        async with a_visit(house) as visitor:
            place = f"/api/v1/verify-jobs/{kept.name}"
            packed = await visitor.get(place)
            plain = await visitor.client.get(place, headers={"accept-encoding": "identity"})

        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert packed.json() == plain.json()
        assert packed.json()["rows"] == [{"verdict": "unregistered", "reason": "not_found"}] * 40

    async def test_is_over_without_rows(self, house):
        kept = lists.start([], 1)
        await background.settle()
        async with a_visit(house) as visitor:
            state = (await visitor.get(f"/api/v1/verify-jobs/{kept.name}")).json()

        assert (state["total"], state["is_over"], state["rows"]) == (0, True, [])

    async def test_waits_for_its_turn(self, house):
        """A long list does not keep a short one waiting that comes later."""
        long = lists.start(questions(400), 1)
        short = lists.start(questions(20), 1)
        for _ in range(3000):
            await anyio.sleep(0.005)
            if short.is_over:
                break

        assert (long.is_over, short.is_over) == (False, True)
        await background.settle()
        assert long.is_over

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
