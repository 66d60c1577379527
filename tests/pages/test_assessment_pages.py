"""Assessments at the desk: specifications, sittings, candidates, grading; what a bad form says."""

import re
from datetime import timedelta
from typing import Any

import pytest

from app.accounts import queries as accounts
from app.rules.actors import EVERYWHERE, SYSTEM, Duty, Scope
from app.web.clock import SHANGHAI
from assessments.enrollment import actions as enrollment
from assessments.enrollment import queries as candidates
from assessments.enrollment.actions import Application
from assessments.grading import actions as grading
from assessments.grading.checklist import checklist
from assessments.rules.lifecycle import CandidateStatus, SittingStatus
from assessments.sittings import queries as sittings
from assessments.specifications import queries as specifications
from tests.builders.assessments import (
    a_sitting,
    a_specification,
    assessing,
    graded,
    mark_and_lock,
    supersede,
)
from tests.builders.competitions import somebody
from tests.builders.events import AT, a_person
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
DRAFT: dict[str, Any] = {
    "name": "刺梨初加工",
    "trade": "农林牧渔",
    "occupation_field": "果树栽培工",
    "definition": "采收和初加工的能力。",
    "applicability": "运用本项能力就业的人员。",
    "admission": "达到法定劳动年龄。",
    "examiners": "相关专业中级以上职称。",
    "method": "现场操作。",
    "site": "刺梨园一亩。",
    "minutes": "120",
    "fewest_examiners": "3",
    "pass_mark": "60",
    "version": "0",
    "task_name": ["采收", "烘干"],
    "task_weight": ["40", "60"],
    "task_norms": ["能判断成熟度。", "能控制温度。"],
    "task_knowledge": ["成熟度的标准。", "烘干的温度。"],
}


async def organizer(sitting_id: int | None = None) -> Any:
    """Return an organizer of one sitting, or of all."""
    scope = EVERYWHERE if sitting_id is None else Scope("sitting", str(sitting_id))
    return await somebody(Duty.ORGANIZER, scope=scope)


async def a_candidate(sitting_id: int, at: int = 1) -> int:
    """Enroll somebody."""
    return await enrollment.enroll(sitting_id, Application(person=a_person(at)), by=SYSTEM, at=AT)


class TestTheSpecificationDesk:
    NEW = "/desk/specifications/new"

    async def test_says_at_first_what_is_usual(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await organizer()) as visitor:
            text = (await visitor.get(self.NEW)).text

        assert re.search(r'name="fewest_examiners"[^>]* value="3"', text)
        assert re.search(r'name="pass_mark"[^>]* value="60"', text)

    @pytest.mark.parametrize("weight", ["30%", "12.5", "-1", "101", "99999999999999999999", "三十"])
    async def test_keeps_what_was_typed_beside_a_weight_that_is_none(
        self, sqlite_database, tmp_path, weight
    ):
        sent = DRAFT | {"task_weight": ["40", weight], "minutes": "-5"}
        async with a_visit(tmp_path, await organizer()) as visitor:
            answer = await visitor.send(self.NEW, self.NEW, sent)

        assert answer.status_code == 422
        assert "第 2 项任务的考核比重应填 0 到 100 的整数" in answer.text
        assert "考核时间（分钟）的内容不符合要求。应不小于 1。" in answer.text
        assert re.search(rf'value="{weight}" id="task-weight-2" aria-invalid="true"', answer.text)
        assert all(text in answer.text for text in ("能控制温度。", "烘干的温度。", "刺梨园一亩。"))

    async def test_keeps_a_draft_and_puts_it_in_force(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await organizer()) as visitor:
            saved = await visitor.send(self.NEW, self.NEW, DRAFT)
            place = saved.headers["location"]
            shown = await visitor.get(place)
            for version, wanted in enumerate(("under_review", "filed", "in_force"), start=1):
                step = {"wanted": wanted, "version": version}
                answer = await visitor.send(place, f"{place}/step", step)
                assert answer.status_code == 303, answer.text
            catalogue = await visitor.get("/specifications")

        assert "能判断成熟度。" in shown.text
        assert "刺梨初加工" in catalogue.text

    async def test_keeps_what_was_typed_where_something_is_wrong(self, sqlite_database, tmp_path):
        typed = DRAFT | {"minutes": "两小时", "definition": "只在这里的一句话"}
        async with a_visit(tmp_path, await organizer()) as visitor:
            answer = await visitor.send(self.NEW, self.NEW, typed)

        assert answer.status_code == 422
        assert "考核时间（分钟）的内容不符合要求。应填整数。" in answer.text
        assert "只在这里的一句话" in answer.text
        assert "能控制温度。" in answer.text

    async def test_says_what_a_draft_lacks_before_its_review(self, sqlite_database, tmp_path):
        unfinished = DRAFT | {"task_weight": ["40", "50"], "site": ""}
        async with a_visit(tmp_path, await organizer()) as visitor:
            saved = await visitor.send(self.NEW, self.NEW, unfinished)
            place = saved.headers["location"]
            step = {"wanted": "under_review", "version": 1}
            answer = await visitor.send(place, f"{place}/step", step)

        assert answer.status_code == 422
        assert "现为 90%" in answer.text
        assert "“考核场地设备要求”还没有填写。" in answer.text

    async def test_changes_what_is_in_force_by_a_new_version_only(self, sqlite_database, tmp_path):
        found = await a_specification(AT)
        place = f"/desk/specifications/{found}"
        async with a_visit(tmp_path, await organizer()) as visitor:
            refused = await visitor.send(place, f"{place}/edit", DRAFT | {"version": "4"})
            begun = await visitor.send(place, f"{place}/versions")
            draft = await visitor.get(begun.headers["location"])

        assert refused.status_code == 422
        assert "需要修改时请另立新版本" in refused.text
        assert draft.status_code == 200
        assert (await specifications.specification(found)).facts.site == "刺梨园一亩。"

    async def test_says_in_public_that_a_specification_was_abolished(
        self, sqlite_database, tmp_path
    ):
        newest = await supersede(await a_specification(AT))
        place = f"/desk/specifications/{newest}"
        async with a_visit(tmp_path, await organizer()) as visitor:
            await visitor.send(place, f"{place}/step", {"wanted": "abolished", "version": 4})
            catalogue = await visitor.get("/specifications")
            shown = await visitor.get("/specifications/SP0001")

        assert "刺梨初加工" not in catalogue.text
        assert "第 2 版 · 已废止" in shown.text
        assert "这项规范已经废止" in shown.text

    async def test_shows_nobody_a_draft_in_public(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await organizer()) as visitor:
            await visitor.send(self.NEW, self.NEW, DRAFT)
            catalogue = await visitor.get("/specifications")
            missing = await visitor.get("/specifications/NOSUCH")

        assert "刺梨初加工" not in catalogue.text
        assert missing.status_code == 404


class TestTheSittingForm:
    NEW = "/desk/assessments/new"

    async def form(self, **changes: Any) -> dict[str, Any]:
        """Return what plans a sitting next week."""
        begins = (AT + timedelta(days=7)).astimezone(SHANGHAI)
        typed = {
            "code": "CL09",
            "name": "刺梨初加工第九批次",
            "specification_id": await a_specification(AT),
            "institution": "榕江县职业技能考核站",
            "issuer": "榕江县技能鉴定中心",
            "site": "榕江县中等职业学校",
            "region_code": "522632",
            "address": "学府路 1 号",
            "starts_at": f"{begins:%Y-%m-%dT%H:%M}",
            "ends_at": f"{begins + timedelta(hours=8):%Y-%m-%dT%H:%M}",
            "enrollment_closes_at": f"{begins - timedelta(days=1):%Y-%m-%dT%H:%M}",
            "rooms": "第一考场 10\n第二考场 12 个工位",
            "version": "0",
        }
        return typed | changes

    async def test_plans_a_sitting_and_changes_it(self, sqlite_database, tmp_path):
        form = await self.form(notice_days="7")
        async with a_visit(tmp_path, await organizer()) as visitor:
            planned = await visitor.send(self.NEW, self.NEW, form)
            place = planned.headers["location"]
            edit = await visitor.get(f"{place}/edit")
            changed = await visitor.send(
                f"{place}/edit", f"{place}/edit", form | {"name": "改过的名称", "version": "1"}
            )
            overview = await visitor.get(place)

        assert planned.status_code == changed.status_code == 303
        assert "第二考场 12" in edit.text
        assert 'name="notice_days" type="number" value="7"' in edit.text
        assert "改过的名称" in overview.text

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"ends_at": "2026-01-01T08:00"}, "结束时间应晚于开始时间"),
            ({"rooms": "第一考场"}, "请至少填写一个考场，工位数为 1 到 500。"),
            ({"rooms": "第一考场 10\n第一考场 12"}, "考场“第一考场”写了两次。"),
            ({"code": "小写"}, "批次代码的内容不符合要求。"),
            ({"region_code": "999999"}, "没有“999999”这个地区"),
            ({"notice_days": "31"}, "公示的工作日数的内容不符合要求。应不大于 30。"),
            ({"starts_at": "明天上午"}, "应填日期和时间，例如 2026-11-23 09:30。"),
        ],
    )
    async def test_says_what_is_wrong_and_keeps_the_rest(
        self, changes, says, sqlite_database, tmp_path
    ):
        async with a_visit(tmp_path, await organizer()) as visitor:
            answer = await visitor.send(self.NEW, self.NEW, await self.form(**changes))

        assert answer.status_code == 422
        assert says in answer.text
        assert "刺梨初加工第九批次" in answer.text

    async def test_keeps_a_specification_that_was_superseded_since(self, sqlite_database, tmp_path):
        form = await self.form(region_code="贵州省黔东南苗族侗族自治州榕江县")
        old = form["specification_id"]
        async with a_visit(tmp_path, await organizer()) as visitor:
            planned = await visitor.send(self.NEW, self.NEW, form)
            place = planned.headers["location"]
            await supersede(old)
            fresh = (await visitor.get(self.NEW)).text
            edit = (await visitor.get(f"{place}/edit")).text
            changed = await visitor.send(
                f"{place}/edit", f"{place}/edit", form | {"name": "改过的名称", "version": "1"}
            )

        assert f'<option value="{old}"' not in fresh
        assert f'<option value="{old}" selected' in edit
        assert "已替代" in edit
        assert 'value="贵州省黔东南苗族侗族自治州榕江县"' in edit
        assert changed.status_code == 303

    async def test_says_at_the_county_where_one_has_no_duty(self, sqlite_database, tmp_path):
        form = await self.form()
        here = await somebody(Duty.ORGANIZER, scope=Scope("region", "522632"))
        async with a_visit(tmp_path, here) as visitor:
            planned = await visitor.send(self.NEW, self.NEW, form)
            edit = f"{planned.headers['location']}/edit"
            away = await visitor.send(edit, edit, form | {"region_code": "522631", "version": "1"})
            new = await visitor.send(self.NEW, self.NEW, form | {"region_code": "522631"})

        for answer in (away, new):
            assert answer.status_code == 422
            assert "黎平县”没有组织考核的职责" in answer.text
            assert 'href="#region_code"' in answer.text

    async def test_is_for_those_who_organize(self, sqlite_database, tmp_path):
        examiner = await somebody(Duty.EXAMINER, scope=EVERYWHERE)
        async with a_visit(tmp_path, examiner) as visitor:
            assert (await visitor.get(self.NEW)).status_code == 403


async def sign_in_name(actor: Any) -> str:
    return (await accounts.account(actor.account_id)).sign_in_name


class TestTheExaminersPage:
    async def test_suggests_who_has_examined_and_nobody_else(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT, status=SittingStatus.PLANNED)
        place = f"/desk/assessments/{sitting_id}/examiners"
        examiner = await somebody(Duty.EXAMINER, scope=Scope("sitting", "99"), name="石玉兰")
        judge = await somebody(Duty.MARKING_JUDGE, scope=Scope("event", "9"), name="吴秀英")

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            shown = (await visitor.get(place)).text
            unknown = await visitor.send(place, place, {"sign_in_name": "nobody"})
            typed = await visitor.send(place, place, {"sign_in_name": await sign_in_name(judge)})

        assert f'<option value="{await sign_in_name(examiner)}">石玉兰</option>' in shown
        assert "吴秀英" not in shown
        assert unknown.status_code == 422
        assert "没有这个账号，或已停用" in unknown.text
        assert typed.status_code == 303

    async def test_sends_an_examiner_and_takes_one_back(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT, status=SittingStatus.PLANNED)
        place = f"/desk/assessments/{sitting_id}/examiners"
        examiner = await somebody(Duty.EXAMINER, scope=Scope("sitting", "99"), name="石玉兰")
        form = {
            "sign_in_name": await sign_in_name(examiner),
            "duty": "examiner",
            "employer": "县职校",
        }

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            sent = await visitor.send(place, place, form)
            again = await visitor.send(place, place, form)
            [line] = await sittings.dispatches(sitting_id)
            without_reason = await visitor.send(place, f"{place}/{line.id}/withdraw", {})
            back = await visitor.send(place, f"{place}/{line.id}/withdraw", {"reason": "回避"})
            shown = await visitor.get(place)

        assert [item.status_code for item in (sent, again, without_reason, back)] == [
            303, 422, 422, 303
        ]  # fmt: skip
        assert "石玉兰已在本批次名单中。" in again.text
        assert "请填写原因。" in without_reason.text
        assert "回避" in shown.text

    async def test_takes_the_number_of_an_examiner(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        place = f"/desk/assessments/{sitting_id}/examiners"
        person = a_person(4)
        examiner = await somebody(scope=Scope("sitting", "99"), name=person.name)
        form = {"sign_in_name": await sign_in_name(examiner), "duty": "examiner"}

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            wrong = await visitor.send(place, place, form | {"id_number": "123"})
            sent = await visitor.send(place, place, form | {"id_number": person.number.text})
            shown = (await visitor.get(place)).text

        assert (wrong.status_code, sent.status_code) == (422, 303)
        assert 'href="#id_number"' in wrong.text
        assert person.number.text not in shown
        [line] = await sittings.examiners(sitting_id)
        assert line.person_id

    @pytest.mark.parametrize("duty", ["organizer", "administrator", "auditor", "registrar"])
    async def test_gives_nobody_another_duty(self, duty, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        place = f"/desk/assessments/{sitting_id}/examiners"
        registrar = await somebody(Duty.REGISTRAR, scope=Scope("sitting", str(sitting_id)))
        form = {"sign_in_name": await sign_in_name(registrar), "duty": duty}

        async with a_visit(tmp_path, registrar) as visitor:
            refused = await visitor.send(place, place, form)

        assert refused.status_code == 422
        assert "批次只派遣考评员和质量督导员" in refused.text
        held = (await accounts.account(registrar.account_id or 0)).grants
        assert [grant.duty for grant in held] == [Duty.REGISTRAR]


class TestTheCandidates:
    async def test_are_registered_by_hand(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        base = f"/desk/assessments/{sitting_id}/candidates"
        person = a_person(3)
        form = {"name": person.name, "id_number": person.number.text, "employer": "合作社"}

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            empty = await visitor.get(base)
            sent = await visitor.send(f"{base}/new", f"{base}/new", form)
            again = await visitor.send(f"{base}/new", f"{base}/new", form)
            shown = await visitor.get(base)

        assert "还没有考生" in empty.text
        assert (sent.status_code, again.status_code) == (303, 422)
        assert "已报名本批次考核" in again.text
        assert person.name in shown.text
        assert person.number.text not in shown.text

    async def test_keep_what_was_typed_where_the_number_is_wrong(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        new = f"/desk/assessments/{sitting_id}/candidates/new"

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            answer = await visitor.send(
                new, new, {"name": "杨秀英", "id_number": "522632199001011230"}
            )

        assert answer.status_code == 422
        assert "校验" in answer.text
        assert 'value="杨秀英"' in answer.text

    async def test_are_vetted_seated_and_given_tickets(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        base = f"/desk/assessments/{sitting_id}/candidates"
        returned = await a_candidate(sitting_id, 1)
        await a_candidate(sitting_id, 2)
        no_reason = {"status": "returned", "version": 1, "note": ""}

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            too_early = await visitor.send(base, f"{base}/seats")
            unexplained = await visitor.send(base, f"{base}/{returned}/vetting", no_reason)
            explained = await visitor.send(
                base, f"{base}/{returned}/vetting", no_reason | {"note": "缺毕业证"}
            )
            accepted = await visitor.send(base, f"{base}/accept-all")
            seated = await visitor.send(base, f"{base}/seats")
            tickets = await visitor.get(f"{base}/tickets.pdf")
            found = await visitor.get(f"{base}?status=accepted")

        assert "没有待编排的考生" in too_early.text
        assert "请写明原因，考生会看到它" in unexplained.text
        assert [a.status_code for a in (explained, accepted, seated)] == [303, 303, 303]
        assert tickets.content.startswith(b"%PDF")
        assert tickets.headers["cache-control"] == "no-store"
        assert "第一考场" in found.text

    async def test_say_what_is_wrong_with_a_decision_that_does_not_fit(
        self, sqlite_database, tmp_path
    ):
        sitting_id = await a_sitting(AT)
        base = f"/desk/assessments/{sitting_id}/candidates"
        candidate = await a_candidate(sitting_id)
        too_long = {"status": "returned", "version": 1, "note": "长" * 201}
        unknown = {"status": "lost", "version": 1}

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            answers = [
                await visitor.send(base, f"{base}/{candidate}/vetting", form)
                for form in (too_long, unknown)
            ]

        assert [answer.status_code for answer in answers] == [422, 422]
        assert "最多 200 个字。" in answers[0].text
        assert "请从列出的选项中选择。" in answers[1].text
        assert (await candidates.candidate(candidate)).status is CandidateStatus.APPLIED

    async def test_are_not_for_those_who_only_look(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        base = f"/desk/assessments/{sitting_id}/candidates"
        await a_candidate(sitting_id)
        examiner = await somebody(Duty.EXAMINER, scope=Scope("sitting", str(sitting_id)))

        async with a_visit(tmp_path, examiner) as visitor:
            shown = await visitor.get(base)
            form = await visitor.get(f"{base}/new")
            accepted = await visitor.send(base, f"{base}/accept-all")

        assert shown.status_code == 200
        assert "手工登记" not in shown.text
        assert (form.status_code, accepted.status_code) == (404, 403)


class TestGrading:
    async def test_goes_in_order_and_says_what_comes_first(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        place = f"/desk/assessments/{sitting_id}"

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            start = await visitor.send(
                place, f"{place}/step", {"wanted": "assessing", "version": 2}
            )
            skip = await visitor.send(place, f"{place}/step", {"wanted": "archived", "version": 2})
            grade = await visitor.send(place, f"{place}/grades", {"version": 2})
            publish = await visitor.send(place, f"{place}/publication", {"version": 2})
            certify = await visitor.send(place, f"{place}/certificates")
            nonsense = await visitor.send(place, f"{place}/grades", {"version": "x"})

        for answer, says in (
            (start, "请先审核报名并编排考号"),
            (skip, "不能直接变为"),
            (grade, "批次状态应为“考核中”"),
            (publish, "批次状态应为“已评定”"),
            (certify, "结果公布之后才能签发证书"),
            (nonsense, "应填整数"),
        ):
            assert answer.status_code == 422
            assert says in answer.text

    async def test_shows_its_pages_before_anything_was_marked(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        place = f"/desk/assessments/{sitting_id}"

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            pages = [
                await visitor.get(f"{place}{end}")
                for end in ("", "/marking", "/results", "/certificates", "/examiners")
            ]
            english = await visitor.get(f"{place}?lang=en")

        assert {page.status_code for page in pages} == {200}
        assert "Sitting" in english.text

    async def test_offers_publication_to_the_organizer_and_a_way_back_to_both(
        self, sqlite_database, tmp_path
    ):
        line, group = await assessing()
        await mark_and_lock(line, group)
        line = await graded(line)
        place = f"/desk/assessments/{line.id}"
        back = {"version": line.version, "reason": ""}
        registrar = await somebody(Duty.REGISTRAR, scope=line.scopes[0])

        async with a_visit(tmp_path, await organizer(line.id)) as visitor:
            offered = (await visitor.get(f"{place}/results")).text
            skipped = await visitor.send(place, f"{place}/step", back | {"wanted": "published"})
        async with a_visit(tmp_path, registrar) as visitor:
            waits = (await visitor.get(f"{place}/results")).text
            unexplained = await visitor.send(place, f"{place}/grades/reopening", back)
            reopened = await visitor.send(
                place, f"{place}/grades/reopening", back | {"reason": "更正了分数"}
            )
            told = await visitor.get(place)

        assert "公布结果" in offered
        assert (skipped.status_code, unexplained.status_code) == (422, 422)
        assert "公布结果" not in waits
        assert "等组织者公布" in waits
        assert reopened.status_code == 303
        assert "更正了分数" in told.text

    async def test_is_called_off_with_a_reason_that_stays(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        place = f"/desk/assessments/{sitting_id}"
        form = {"wanted": "canceled", "version": 2}

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            unexplained = await visitor.send(place, f"{place}/step", form)
            done = await visitor.send(place, f"{place}/step", form | {"reason": "暴雨停考"})
            shown = (await visitor.get(place)).text

        assert (unexplained.status_code, done.status_code) == (422, 303)
        assert "本批次已取消" in shown
        assert "暴雨停考" in shown
        assert "办理进度" not in shown


class TestPublishing:
    async def test_warns_of_what_the_public_page_shows(self, sqlite_database, tmp_path):
        line, group = await assessing()
        await mark_and_lock(line, group)
        line = await graded(line)
        desk = f"/desk/assessments/{line.id}/results"
        [first, *_] = await candidates.candidates(line.id)

        async with a_visit(tmp_path, await organizer(line.id)) as visitor:
            warned = (await visitor.get(desk)).text
            await grading.publish(line.id, seen_version=line.version, by=SYSTEM, at=AT)
            public = (await visitor.get(f"/assessments/{line.id}")).text

        assert "能看到考号、姓名的第一个字和评定结果，看不到分数" in warned
        assert first.number
        assert first.number in public
        assert first.name not in public
        assert "<td>" + first.name[0] + "*" in public.replace(' class="name"', "")
        assert "分数" not in public


class TestThePublic:
    async def test_reads_nothing_before_publication(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)

        async with a_visit(tmp_path) as visitor:
            listed = await visitor.get("/assessments")
            closed = await visitor.get(f"/assessments/{sitting_id}")

        assert listed.status_code == 200
        assert "刺梨初加工第一批次" not in listed.text
        assert closed.status_code == 404


class TestTheChecklistOfASitting:
    async def test_offers_no_step_that_would_be_refused(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        line = await sittings.sitting(sitting_id)

        states = {step.title: step.state for step in await checklist(line, AT)}

        assert states["登记并审核考生"] == "next"
        assert states["编排考号，打印准考证"] == "later"
        assert states["开始考核，生成评分表"] == "later"

    async def test_offers_to_seat_candidates_once_they_are_vetted(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        candidate_id = await a_candidate(sitting_id)
        await enrollment.vet(
            candidate_id, CandidateStatus.ACCEPTED, note="", seen_version=1, by=SYSTEM, at=AT
        )

        steps = await checklist(await sittings.sitting(sitting_id), AT)

        states = {step.title: step.state for step in steps}
        assert states["编排考号，打印准考证"] == "next"
        assert states["开始考核，生成评分表"] == "later"
