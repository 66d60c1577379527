"""The lead's desk: who sees it, what it shows, what a refusal says."""

import hashlib
import json
from pathlib import Path

import pytest

from app.rules.actors import Actor, Duty
from app.rules.mark_sheet import AspectKind
from app.sheets import files, queries, watching
from app.sheets.rows import SheetRow
from app.sheets.tables import Tablet
from tests.builders.sheets import (
    AT,
    LEDGER,
    a_form,
    a_judge,
    a_tablet,
    an_aspect,
    open_sheets,
    shown,
)
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
DESK = f"/desk/sheets/{LEDGER}"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


async def a_chief() -> Actor:
    return await a_judge("赵明", Duty.CHIEF_JUDGE)


async def a_marked_sheet(judge: Actor, *, is_submitted: bool = True) -> SheetRow:
    [sheet] = await open_sheets({"J1": judge})
    tablet = await a_tablet(judge)
    tablet.mark(sheet, "B1", "8")
    tablet.mark(sheet, "B2", "9")
    if is_submitted:
        tablet.submit(sheet)
    await tablet.send()
    return sheet


async def status() -> str:
    [line] = await queries.sheets_of(LEDGER)
    return line.status.value


class TestTheLedgerPage:
    async def test_shows_where_every_sheet_stands(self, database: str, tmp_path: Path) -> None:
        await a_marked_sheet(await a_judge("王建国"))
        async with a_visit(tmp_path, await a_chief()) as visitor:
            index = await visitor.get("/desk/sheets")
            page = await visitor.get(DESK)
            records = await visitor.get(f"{DESK}/records")

        assert "砌筑（职工组）" in index.text
        assert all(word in page.text for word in ("王建国", "017", "已提交", "为 1 张评分表签字"))
        assert all(word in records.text for word in ("提交", "评分", "8"))

    async def test_is_not_for_judges_or_strangers(self, database: str, tmp_path: Path) -> None:
        judge = await a_judge("王建国")
        await a_marked_sheet(judge)
        async with a_visit(tmp_path, judge) as visitor:
            assert (await visitor.get(DESK)).status_code == 403
            assert (await visitor.get("/desk/sheets/competitions.event:99")).status_code == 404
        async with a_visit(tmp_path) as stranger:
            assert (await stranger.get(DESK)).status_code == 303

    async def test_signs_and_locks(self, database: str, tmp_path: Path) -> None:
        sheet = await a_marked_sheet(await a_judge("王建国"))
        counted = {"key": [sheet.key]}
        async with a_visit(tmp_path, await a_chief()) as visitor:
            assert f'name="key" value="{sheet.key}"' in (await visitor.get(DESK)).text
            uncounted = await visitor.send(DESK, f"{DESK}/sign")
            signed = await visitor.send(DESK, f"{DESK}/sign", counted)
            again = await visitor.send(DESK, f"{DESK}/sign", counted)
            locked = await visitor.send(DESK, f"{DESK}/lock")
            page = await visitor.get(DESK)

        assert (uncounted.status_code, again.status_code) == (409, 409)
        assert (signed.status_code, locked.status_code) == (303, 303)
        assert await status() == "locked"
        assert "由 赵明 锁定" in page.text

    async def test_signs_no_sheet_that_it_did_not_count(
        self, database: str, tmp_path: Path
    ) -> None:
        judge = await a_judge("王建国")
        counted, gone, later = await open_sheets({"J1": judge}, codes=("017", "018", "019"))
        tablet = await a_tablet(judge)
        for sheet in (counted, later):
            tablet.mark(sheet, "B1", "8")
            tablet.mark(sheet, "B2", "9")
            tablet.submit(sheet)
        await tablet.send()
        async with a_visit(tmp_path, await a_chief()) as visitor:
            keys = [counted.key, gone.key]
            signed = await visitor.send(DESK, f"{DESK}/sign", {"key": keys})
            page = await visitor.get(DESK)

        assert signed.status_code == 303
        assert "已签字 1 张评分表；另有 1 张的状态刚刚变了，没有签" in page.text
        found = {line.code: line.status.value for line in await queries.sheets_of(LEDGER)}
        assert found == {"017": "signed", "018": "open", "019": "submitted"}

    async def test_lists_what_was_not_taken(self, database: str, tmp_path: Path) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        async with a_visit(tmp_path, await a_chief()) as visitor:
            assert "没有收下的分数和备注" not in (await visitor.get(DESK)).text
            tablet = await a_tablet(judge)
            tablet.mark(sheet, "B7", "4")
            await tablet.send()
            page = await visitor.get(DESK)

        assert "没有收下的分数和备注" in page.text
        assert "评分表上没有这一项。" in page.text

    async def test_says_why_it_does_not_lock(self, database: str, tmp_path: Path) -> None:
        await a_marked_sheet(await a_judge("王建国"))
        async with a_visit(tmp_path, await a_chief()) as visitor:
            answer = await visitor.send(DESK, f"{DESK}/lock")

        assert answer.status_code == 422
        assert "还有 1 张没有签字" in answer.text

    async def test_speaks_english_too(self, database: str, tmp_path: Path) -> None:
        await a_marked_sheet(await a_judge("王建国"))
        async with a_visit(tmp_path, await a_chief()) as visitor:
            page = await visitor.get(f"{DESK}?lang=en")

        assert "Sign 1 mark sheet<" in page.text

    async def test_tells_of_scores_too_far_apart(self, database: str, tmp_path: Path) -> None:
        judges = {"J1": await a_judge("王建国"), "J2": await a_judge("李秀兰")}
        form = a_form(an_aspect("C1", AspectKind.JUDGEMENT))
        sheets = await open_sheets(judges, form=form)
        for sheet, value in zip(sheets, ("0", "3"), strict=True):
            tablet = await a_tablet(judges[sheet.seat])
            tablet.mark(sheet, "C1", value)
            await tablet.send()
        async with a_visit(tmp_path, await a_chief()) as visitor:
            ledger = await visitor.get(DESK)
            page = await visitor.get(f"{DESK}/sheets/{sheets[0].key}")

        assert ledger.text.count("待商议 C1") == 2
        assert "有 2 张评分表的评判相差太大" in ledger.text
        assert page.text.count("待商议") == 2


class TestTheSheetPage:
    async def test_submits_for_a_judge_who_has_gone(self, database: str, tmp_path: Path) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge}, form=a_form(an_aspect("B1")))
        path = f"{DESK}/sheets/{sheet.key}"
        async with a_visit(tmp_path, await a_chief()) as visitor:
            assert "代为提交" not in (await visitor.get(path)).text
            tablet = await a_tablet(judge)
            tablet.mark(sheet, "B1", "8")
            await tablet.send()
            silent = await visitor.send(path, f"{path}/submit", {"reason": ""})
            given = await visitor.send(path, f"{path}/submit", {"reason": "裁判已返程"})
            page = await visitor.get(path)

        assert (silent.status_code, given.status_code) == (422, 303)
        assert "请填写原因。" in silent.text
        assert await status() == "submitted"
        assert "裁判已返程" in page.text

    async def test_keeps_the_reason_of_what_was_refused(
        self, database: str, tmp_path: Path
    ) -> None:
        judges = {"J1": await a_judge("王建国"), "J2": await a_judge("李秀兰")}
        sheets = await open_sheets(judges, form=a_form(an_aspect("C1", AspectKind.JUDGEMENT)))
        for sheet, value in zip(sheets, ("0", "3"), strict=True):
            tablet = await a_tablet(judges[sheet.seat])
            tablet.mark(sheet, "C1", value)
            await tablet.send()
        path = f"{DESK}/sheets/{sheets[0].key}"
        async with a_visit(tmp_path, await a_chief()) as visitor:
            refused = await visitor.send(path, f"{path}/submit", {"reason": "裁判已返程"})

        assert refused.status_code == 422
        assert "相差超过 1" in refused.text
        assert 'value="裁判已返程"' in refused.text

    async def test_returns_a_sheet_with_a_reason(self, database: str, tmp_path: Path) -> None:
        sheet = await a_marked_sheet(await a_judge("王建国"))
        path = f"{DESK}/sheets/{sheet.key}"
        async with a_visit(tmp_path, await a_chief()) as visitor:
            silent = await visitor.send(path, f"{path}/return", {"reason": ""})
            given = await visitor.send(path, f"{path}/return", {"reason": "漏看一处"})

        assert (silent.status_code, given.status_code) == (422, 303)
        assert "请填写原因" in silent.text
        assert await status() == "open"

    async def test_decides_between_two_marks(self, database: str, tmp_path: Path) -> None:
        judge = await a_judge("王建国")
        sheet = await a_marked_sheet(judge, is_submitted=False)
        other = await a_tablet(judge)
        other.mark(sheet, "B1", "5")
        await other.send()
        path = f"{DESK}/sheets/{sheet.key}"
        decision = {
            "aspect": "B1",
            "state": "marked",
            "value": "5",
            "reason": "录像核对",
            "seen": await shown(sheet.key, "B1"),
            "place": "B1-marked-5",
        }
        async with a_visit(tmp_path, await a_chief()) as visitor:
            page = await visitor.get(path)
            unseen = await visitor.send(path, f"{path}/decide", decision | {"seen": []})
            answer = await visitor.send(path, f"{path}/decide", decision)

        assert page.text.count("采用这个") == 2
        assert all(f'name="seen" value="{record}"' in page.text for record in decision["seen"])
        assert unseen.status_code == 422
        assert "刚刚被别人改动过" in unseen.text
        assert unseen.text.count('value="录像核对"') == 1
        assert answer.status_code == 303
        assert {fact.aspect: fact.value for fact in await queries.marks_of(LEDGER)} == {
            "B1": 5,
            "B2": 9,
        }

    async def test_amends_after_the_lock_with_a_second_person(
        self, database: str, tmp_path: Path
    ) -> None:
        sheet = await a_marked_sheet(await a_judge("王建国"))
        path = f"{DESK}/sheets/{sheet.key}"
        wrong = {
            "aspect": "B1",
            "state": "marked",
            "value": "99",
            "reason": "漏看一处",
            "seen": await shown(sheet.key, "B1"),
        }
        async with a_visit(tmp_path, await a_chief()) as chief:
            await chief.send(DESK, f"{DESK}/sign", {"key": [sheet.key]})
            await chief.send(DESK, f"{DESK}/lock")
            refused = await chief.send(path, f"{path}/decide", wrong)
            proposed = await chief.send(path, f"{path}/decide", wrong | {"value": "7"})
            waiting = await chief.get(DESK)
            own = await chief.send(DESK, f"{DESK}/amendments/1/confirm")
        async with a_visit(tmp_path, await a_judge("钱进", Duty.SUPERVISOR)) as second:
            page = await second.get(DESK)
            confirmed = await second.send(DESK, f"{DESK}/amendments/1/confirm")

        assert (refused.status_code, proposed.status_code) == (422, 303)
        assert "高于最大值" in refused.text
        assert "漏看一处" in refused.text
        assert "确认更正" not in waiting.text
        assert "监督或另一位裁判长" in waiting.text
        assert (own.status_code, confirmed.status_code) == (403, 303)
        assert "确认更正" in page.text
        assert {fact.value for fact in await queries.marks_of(LEDGER)} == {7, 9}

    async def test_an_amendment_that_was_overtaken_says_what_to_do(
        self, database: str, tmp_path: Path
    ) -> None:
        sheet = await a_marked_sheet(await a_judge("王建国"))
        path = f"{DESK}/sheets/{sheet.key}"
        wish: dict[str, object] = {
            "aspect": "B1",
            "state": "marked",
            "value": "7",
            "reason": "漏看一处",
        }
        async with a_visit(tmp_path, await a_chief()) as chief:
            await chief.send(DESK, f"{DESK}/sign", {"key": [sheet.key]})
            await chief.send(DESK, f"{DESK}/lock")
            unseen = await chief.send(path, f"{path}/decide", wish)
            seen = await shown(sheet.key, "B1")
            await chief.send(path, f"{path}/decide", wish | {"seen": seen})
        late = await a_tablet(await a_judge("李秀兰"))
        late.mark(sheet, "B1", "10")
        await late.send()
        async with a_visit(tmp_path, await a_judge("钱进", Duty.SUPERVISOR)) as second:
            page = await second.get(DESK)
            answer = await second.send(DESK, f"{DESK}/amendments/1/confirm")

        assert "确认更正" not in page.text
        assert "按现在的分数重新提出" in page.text
        assert unseen.status_code == 422
        assert 'value="漏看一处"' in unseen.text
        assert answer.status_code == 409
        assert "提出更正以后，这一项又有了新的分数" in answer.text
        assert {fact.value for fact in await queries.marks_of(LEDGER)} == {8, 9}

    async def test_a_refused_amendment_says_why(self, database: str, tmp_path: Path) -> None:
        sheet = await a_marked_sheet(await a_judge("王建国"))
        path = f"{DESK}/sheets/{sheet.key}"
        wish = {
            "aspect": "B1",
            "state": "not_attempted",
            "value": "",
            "reason": "没有做",
            "seen": await shown(sheet.key, "B1"),
        }
        async with a_visit(tmp_path, await a_chief()) as chief:
            await chief.send(DESK, f"{DESK}/sign", {"key": [sheet.key]})
            await chief.send(DESK, f"{DESK}/lock")
            await chief.send(path, f"{path}/decide", wish)
        async with a_visit(tmp_path, await a_judge("钱进", Duty.SUPERVISOR)) as second:
            answer = await second.send(
                DESK, f"{DESK}/amendments/1/refuse", {"reason": "录像不支持"}
            )
            page = await second.get(DESK)

        assert answer.status_code == 303
        assert all(word in page.text for word in ("未同意", "录像不支持", "未做"))

    async def test_shows_a_signature_that_came_for_another_ledger_first(
        self, database: str, tmp_path: Path
    ) -> None:
        judge = await a_judge("王建国")
        digest = hashlib.sha256(PNG).hexdigest()
        for name in ("competitions.event:11", LEDGER):
            [sheet] = await open_sheets({"J1": judge}, form=a_form(an_aspect("B1")), name=name)
            tablet = await a_tablet(judge)
            tablet.mark(sheet, "B1", "8")
            tablet.mark(sheet, "", None, act="submit", cell="", mark="", files=[digest])
            await tablet.send()
            await files.keep(PNG, digest=digest, sheet_id=sheet.id, device="t", at=AT)
        [unsigned] = await open_sheets({"J1": judge}, name="competitions.event:13")

        async with a_visit(tmp_path, await a_chief()) as visitor:
            named = await visitor.get(f"{DESK}/files/{digest}")
            unnamed = await visitor.get(f"/desk/sheets/{unsigned.ledger_name}/files/{digest}")

        assert (named.status_code, named.content) == (200, PNG)
        assert unnamed.status_code == 404

    async def test_of_another_ledger_is_not_found(self, database: str, tmp_path: Path) -> None:
        await a_marked_sheet(await a_judge("王建国"))
        [other] = await open_sheets({"J1": None}, name="competitions.event:13")
        async with a_visit(tmp_path, await a_chief()) as visitor:
            assert (await visitor.get(f"{DESK}/sheets/{other.key}")).status_code == 404
            assert (await visitor.get(f"{DESK}/sheets/nowhere")).status_code == 404


class TestTheTabletsPage:
    async def test_shows_tablets_and_takes_a_backup_in(self, database: str, tmp_path: Path) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", "8")
        file = ("marks.json", tablet.body(), "application/json")
        async with a_visit(tmp_path, await a_chief()) as visitor:
            taken = await visitor.send("/desk/tablets", "/desk/tablets/backup", file=file)
            strange = await visitor.send(
                "/desk/tablets", "/desk/tablets/backup", file=("a.json", json.dumps([]).encode())
            )

        assert taken.status_code == 200
        assert "新入账 1 项" in taken.text
        assert tablet.facts.label in taken.text
        assert strange.status_code == 422
        assert "不是本系统平板导出的备份文件" in strange.text

    async def test_strikes_a_tablet_off(self, database: str, tmp_path: Path) -> None:
        tablet = await a_tablet(await a_judge("王建国"))
        path = f"/desk/tablets/{tablet.facts.id}/revoke"
        async with a_visit(tmp_path, await a_chief()) as visitor:
            answer = await visitor.send("/desk/tablets", path, {"reason": "遗失"})
            page = await visitor.get("/desk/tablets")

        assert answer.status_code == 303
        assert "已停用" in page.text
        assert "不再等待" not in page.text

    async def test_settles_what_a_lost_tablet_held(self, database: str, tmp_path: Path) -> None:
        tablet = (await a_tablet(await a_judge("王建国"))).facts
        chief = await a_chief()
        await Tablet.update({Tablet.pending: 3}).where(Tablet.id == tablet.id)
        await watching.revoke(tablet.id, reason="遗失", by=chief, at=AT)
        path = f"/desk/tablets/{tablet.id}/settle"
        async with a_visit(tmp_path, chief) as visitor:
            page = await visitor.get("/desk/tablets")
            silent = await visitor.send("/desk/tablets", path, {"reason": ""})
            done = await visitor.send("/desk/tablets", path, {"reason": "已按纸质表补录"})
            after = await visitor.get("/desk/tablets")

        assert "1 台平板上还有 3 项没有发送" in page.text
        assert (silent.status_code, done.status_code) == (422, 303)
        assert "请填写原因" in silent.text
        assert "还有 3 项没有发送" not in after.text

    async def test_lists_marks_on_sheets_that_the_house_does_not_have(
        self, database: str, tmp_path: Path
    ) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        async with a_visit(tmp_path, await a_chief()) as visitor:
            assert "找不到评分表的记录" not in (await visitor.get("/desk/tablets")).text
            tablet.mark(sheet, "B1", "8.75", sheet="aaaaaaaabbbbbbbb")
            await tablet.send()
            page = await visitor.get("/desk/tablets")
            ledger = await visitor.get(DESK)

        assert "找不到评分表的记录" in page.text
        assert "B1 · 8.75" in page.text
        assert "8.75" not in ledger.text
