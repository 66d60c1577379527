"""One candidate at the desk: what was registered wrongly is put right, a decision is taken back."""

import re
from datetime import date
from types import MappingProxyType

import pytest

from app.people.correcting import Correction, correct_person
from app.rules.actors import SYSTEM, Duty, Scope
from assessments.enrollment import actions as enrollment
from assessments.enrollment import queries as candidates
from assessments.enrollment.workbooks import candidate_cells
from assessments.rules.lifecycle import CandidateStatus
from tests.builders.assessments import a_sitting, assessing, enroll
from tests.builders.competitions import somebody
from tests.builders.events import AT, a_person
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio


async def organizer(sitting_id: int):
    return await somebody(Duty.ORGANIZER, scope=Scope("sitting", str(sitting_id)))


class TestRegisteringByHand:
    GIVEN = MappingProxyType(
        {
            "name": "阮文雄",
            "id_kind": "passport",
            "id_number": "E12345678",
            "sex": "male",
            "birth_on": "1990-03-04",
            "ethnic_group": "其他",
            "education": "高中",
            "phone": "13900001111",
        }
    )

    async def test_asks_for_what_the_spreadsheet_asks_for(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        new = f"/desk/assessments/{sitting_id}/candidates/new"

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            saved = await visitor.send(new, new, self.GIVEN)

        assert saved.status_code == 303
        [line] = await candidates.full(sitting_id)
        cells = candidate_cells(line)
        assert [cells[name] for name in ("sex", "ethnic_group", "education", "phone")] == [
            "男",
            "其他",
            "高中",
            "13900001111",
        ]
        assert cells["birth_on"] == date(1990, 3, 4)

    @pytest.mark.parametrize(
        ("field", "wrong", "says"),
        [
            ("ethnic_group", "某族", "没有这个民族"),
            ("phone", "123", "手机"),
        ],
    )
    async def test_says_at_the_field_what_is_wrong(
        self, sqlite_database, tmp_path, field, wrong, says
    ):
        sitting_id = await a_sitting(AT)
        new = f"/desk/assessments/{sitting_id}/candidates/new"

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            refused = await visitor.send(new, new, {**self.GIVEN, field: wrong})

        assert refused.status_code == 422
        assert f'id="{field}-error"' in refused.text
        assert says in refused.text
        assert f'value="{wrong}"' in refused.text


class TestCorrecting:
    async def test_is_offered_where_the_register_was_corrected(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        [one] = await enroll(sitting_id, 1)
        line = await candidates.candidate(one)
        wanted = Correction(name="石玉兰", phone=None, reason="错录一字")
        await correct_person(line.person_id, wanted, seen_version=1, by=SYSTEM, at=AT)
        base = f"/desk/assessments/{sitting_id}/candidates"
        form = {"name": "石玉兰", "version": "1", "region_code": "贵州省黔东南苗族侗族自治州黎平县"}

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            listed = (await visitor.get(base)).text
            shown = (await visitor.get(f"{base}/{one}")).text
            saved = await visitor.send(f"{base}/{one}", f"{base}/{one}", form)
            after = (await visitor.get(base)).text

        assert "名册：石玉兰" in listed
        assert f'href="{base}/{one}"' in listed
        assert f'value="{line.name}"' in shown
        assert "登记的姓名是“石玉兰”" in shown
        assert saved.status_code == 303
        assert "名册：" not in after
        found = await candidates.candidate(one)
        assert (found.name, found.region_code) == ("石玉兰", "522631")

    async def test_says_what_is_wrong_at_its_field_and_keeps_the_rest(
        self, sqlite_database, tmp_path
    ):
        sitting_id = await a_sitting(AT)
        [one] = await enroll(sitting_id, 1)
        name = (await candidates.candidate(one)).name
        place = f"/desk/assessments/{sitting_id}/candidates/{one}"
        wrong = {
            "已登记在": {"name": "别的人"},
            "没有“乌有县”这个地区": {"name": name, "region_code": "乌有县"},
            "校验": {"name": name, "id_number": "522632199001011230"},
        }

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            for says, typed in wrong.items():
                form = {"version": "1", "employer": "茶叶合作社"} | typed
                answer = await visitor.send(place, place, form)
                assert answer.status_code == 422
                assert says in answer.text
                assert 'value="茶叶合作社"' in answer.text

    async def test_asks_for_a_reason_once_the_assessment_has_begun(self, sqlite_database, tmp_path):
        line, _ = await assessing()
        [one, *_] = await candidates.candidates(line.id)
        place = f"/desk/assessments/{line.id}/candidates/{one.id}"
        form = {"name": one.name, "version": one.version, "region_code": "522631"}

        async with a_visit(tmp_path, await organizer(line.id)) as visitor:
            shown = (await visitor.get(place)).text
            unexplained = await visitor.send(place, place, form)
            explained = await visitor.send(place, place, form | {"reason": "核对户口簿"})

        assert 'type="hidden" name="employer"' in shown
        assert (unexplained.status_code, explained.status_code) == (422, 303)
        assert "请写明原因。" in unexplained.text

    async def test_is_of_the_sitting_and_of_those_who_run_it(self, sqlite_database, tmp_path):
        line, group = await assessing()
        [one, *_] = await candidates.candidates(line.id)
        elsewhere = await a_sitting(
            AT, code="CL02", specification_id=line.specification_id, name="另一批次"
        )
        place = f"/desk/assessments/{elsewhere}/candidates/{one.id}"

        async with a_visit(tmp_path, await organizer(elsewhere)) as visitor:
            assert (await visitor.get(place)).status_code == 404
        async with a_visit(tmp_path, group[0]) as visitor:
            listed = (await visitor.get(f"/desk/assessments/{line.id}/candidates")).text
        assert f"/candidates/{one.id}" + '"' not in listed


class TestVetting:
    @pytest.mark.parametrize(("first", "then"), [("refused", "accepted"), ("accepted", "refused")])
    async def test_is_taken_back_on_the_page(self, first, then, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        [one] = await enroll(sitting_id, 1)
        await enrollment.vet(
            one, CandidateStatus(first), note="看错了", seen_version=1, by=SYSTEM, at=AT
        )
        base = f"/desk/assessments/{sitting_id}/candidates"

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            listed = (await visitor.get(base)).text
            [offered] = re.findall(rf'action="{base}/{one}/vetting".*?</form>', listed, re.S)
            decision = {"status": then, "version": "2", "note": "重新核对"}
            answer = await visitor.send(base, f"{base}/{one}/vetting", decision)

        assert "改审核结果" in listed
        assert f'value="{then}"' in offered
        assert f'value="{first}"' not in offered
        assert answer.status_code == 303
        assert (await candidates.candidate(one)).status is CandidateStatus(then)


class TestRegistering:
    async def test_keeps_where_somebody_is_from(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        base = f"/desk/assessments/{sitting_id}/candidates"
        person = a_person(3)
        form = {"name": person.name, "id_number": person.number.text, "region_code": "522631"}

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            sent = await visitor.send(f"{base}/new", f"{base}/new", form)

        assert sent.status_code == 303
        assert [item.region_code for item in await candidates.candidates(sitting_id)] == ["522631"]
