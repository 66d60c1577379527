"""Seats and marking at the desk: who sees what, what a form says."""

import pytest

from app.rules.actors import SYSTEM, Actor, Duty
from app.sheets import actions as sheet_actions
from app.sheets import files
from app.sheets import queries as sheets
from app.sheets.keying import MarkInput, record_marks_within
from app.storage.engine import write_transaction
from competitions.registration import queries as register
from competitions.registration.judge_matching import JudgeFacts
from competitions.results import actions as results
from competitions.rules.duties import CodeStatus
from competitions.scoring import actions, queries, seating
from tests.builders.events import (
    AT,
    an_event,
    an_official,
    drawn,
    judges_of,
    lock,
    mark,
    marking,
    seat,
    unseal,
)
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
RESERVE = JudgeFacts(name="替补", sign_in_name="reserve")


class TestTheSeatsPage:
    async def test_seats_a_judge_and_takes_one_off(self, sqlite_database, tmp_path):
        line = await an_event()
        ids = await judges_of(line, JudgeFacts(name="王建国", sign_in_name="wang"))
        base = f"/desk/events/{line.id}/seats"

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            seated = await visitor.send(base, base, {"judge_id": ids["王建国"], "kind": "marking"})
            shown = await visitor.get(base)
            left = await visitor.send(base, f"{base}/{ids['王建国']}/withdrawal", {})

        assert (seated.status_code, left.status_code) == (303, 303)
        assert "王建国" in shown.text
        assert "J1" in shown.text
        assert await queries.seats(line.id) == []

    async def test_says_at_the_form_what_cannot_be(self, sqlite_database, tmp_path):
        line = await an_event()
        await seat(line)
        chief = next(item for item in await queries.seats(line.id) if item.is_chief)
        other = (await judges_of(line, JudgeFacts(name="另一人", sign_in_name="other")))["另一人"]
        base = f"/desk/events/{line.id}/seats"

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            found = await visitor.send(base, base, {"judge_id": other, "kind": "chief"})

        assert found.status_code == 422
        assert f"本赛项已有裁判长{chief.name}" in found.text

    async def test_records_a_conflict(self, sqlite_database, tmp_path):
        line = await an_event()
        await seat(line)
        judge = (await judges_of(line))["裁判一"]
        entry = (await register.entries_of_event(line.id))[0]
        base = f"/desk/events/{line.id}/seats"
        form = {"judge_id": judge, "entry_id": entry.id, "reason": "师徒"}

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            sent = await visitor.send(base, f"{base}/conflicts", form)
            again = await visitor.send(base, f"{base}/conflicts", form)

        assert (sent.status_code, again.status_code) == (303, 422)
        assert "这名裁判已申报过这个回避" in again.text

    async def test_is_closed_to_judges_who_mark(self, sqlite_database, tmp_path):
        line = await an_event()

        async with a_visit(tmp_path, await an_official(line, Duty.MARKING_JUDGE)) as visitor:
            found = await visitor.get(f"/desk/events/{line.id}/seats")

        assert found.status_code == 403


class TestTheMarkingPage:
    async def test_opens_the_sheets(self, sqlite_database, tmp_path):
        line = await an_event()
        await seat(line)
        await drawn(line)
        base = f"/desk/events/{line.id}/marking"

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            sent = await visitor.send(base, base, {})
            shown = await visitor.get(base)

        assert sent.status_code == 303
        assert "评分进度、签字和锁定" in shown.text

    async def test_says_why_it_cannot_begin(self, sqlite_database, tmp_path):
        line = await an_event()
        await drawn(line)
        base = f"/desk/events/{line.id}/marking"

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            found = await visitor.send(base, base, {})

        assert found.status_code == 422
        assert "至少要 1 名评分裁判，现有 0 名" in found.text

    async def test_records_what_happens_besides_marks(self, sqlite_database, tmp_path):
        line = await an_event()
        codes = await marking(line)
        base, page = f"/desk/events/{line.id}", f"/desk/events/{line.id}/marking"
        standing = {"code": codes[0], "status": "absent", "reason": ""}
        deduction = {"code": codes[1], "module": "A", "points": "0.5", "reason": "第 3 条"}
        time = {"code": codes[1], "module": "A", "time": "1:02:03"}

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            sent = [
                await visitor.send(page, f"{base}/standings", standing),
                await visitor.send(page, f"{base}/deductions", deduction),
                await visitor.send(page, f"{base}/times", time),
            ]
            [found] = await queries.deductions(line.id)
            back = {"deduction_id": found.id, "reason": "误记"}
            sent.append(await visitor.send(page, f"{base}/deductions/withdrawal", back))
            wrong = {"code": codes[1], "status": "withdrawn", "reason": "自愿"}
            sent.append(await visitor.send(page, f"{base}/standings", wrong))
            back = {"code": codes[1], "reason": "号码输错"}
            sent.append(await visitor.send(page, f"{base}/standings/withdrawal", back))
            twice = await visitor.send(page, f"{base}/standings/withdrawal", back)
            shown = await visitor.get(page)

        assert [answer.status_code for answer in sent] == [303] * 6
        assert (twice.status_code, "没有登记过缺考" in twice.text) == (422, True)
        assert "1:02:03" in shown.text
        assert "已撤销" in shown.text
        assert [item.status for item in await queries.standings_of_codes(line.id)] == [
            CodeStatus.ABSENT
        ]

    @pytest.mark.parametrize(
        ("path", "form", "says"),
        [
            ("standings", {"code": "999", "status": "absent"}, "没有加密号"),
            (
                "deductions",
                {"code": "001", "module": "A", "points": "x", "reason": "r"},
                "扣分应是",
            ),
            ("deductions", {"code": "001", "module": "A", "points": "1"}, "请填写原因和条款"),
            ("times", {"code": "001", "module": "A", "time": "9"}, "用时应写成"),
        ],
    )
    async def test_keeps_what_was_typed_and_says_what_is_wrong(
        self, sqlite_database, tmp_path, path, form, says
    ):
        line = await an_event()
        await marking(line)
        page = f"/desk/events/{line.id}/marking"

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            found = await visitor.send(page, f"/desk/events/{line.id}/{path}", form)

        assert found.status_code == 422
        assert says in found.text

    async def test_hides_who_stood_aside_for_whom(self, sqlite_database, tmp_path):
        line = await an_event()
        own = JudgeFacts(name="同队裁判", sign_in_name="own", delegation="甲镇代表队")
        await seat(line, marking=0, reserves=[RESERVE])
        ids = await judges_of(line, own)
        await seating.seat(line.id, ids["同队裁判"], by=SYSTEM, at=AT)
        await drawn(line)
        await actions.start_marking(line.id, by=SYSTEM, at=AT)

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            found = await visitor.get(f"/desk/events/{line.id}/marking")

        assert "另有 1 张评分表因回避由替补裁判完成" in found.text
        assert "同队裁判</td>" not in found.text

    async def test_names_no_judge_beside_a_code_before_the_codes_are_open(
        self, sqlite_database, tmp_path
    ):
        line = await an_event()
        own = JudgeFacts(name="同队裁判", sign_in_name="own", delegation="甲镇代表队")
        await seat(line, marking=0, reserves=[RESERVE])
        ids = await judges_of(line, own)
        await seating.seat(line.id, ids["同队裁判"], by=SYSTEM, at=AT)
        codes = await drawn(line)
        await actions.start_marking(line.id, by=SYSTEM, at=AT)
        opened = await sheets.sheets_of(line.ledger)
        stood_in = next(item for item in opened if item.judge == "替补")
        reserve = Actor(stood_in.account_id, "替补")
        marks = [MarkInput(stood_in.code, stood_in.seat, "A1", "80")]
        async with write_transaction():
            await record_marks_within(ledger=line.ledger, marks=marks, by=reserve, at=AT)
        others = [code for code in codes if code != stood_in.code]
        await mark(line, dict.fromkeys(others, "70"))
        signature = files.named("ab" * 32)
        async with write_transaction():
            await sheet_actions.submit_sheets_within(
                ledger=line.ledger, keys=[stood_in.key], reason=signature, by=reserve, at=AT
            )
        base = f"/desk/sheets/{line.ledger}"
        paths = [base, f"{base}/records", f"{base}/sheets/{stood_in.key}"]

        async with a_visit(tmp_path, await an_official(line, Duty.SUPERVISOR)) as visitor:
            before = [(await visitor.get(path)).text for path in paths]
            await lock(line)
            await results.compute(line.id, by=SYSTEM, at=AT)
            await unseal(line)
            after = [(await visitor.get(path)).text for path in paths]

        assert [("替补" in text, "同队裁判" in text) for text in before] == [
            (False, True),
            (False, False),
            (False, False),
        ]
        assert [("替补" in text) for text in after] == [True, True, True]
        assert ["ab" * 32 in text for text in (before[2], after[2])] == [False, True]
