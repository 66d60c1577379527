"""A refused form, sent again from the page that came back, does what was chosen."""

import pytest

from app.rules.actors import Duty, Scope
from assessments.enrollment import queries as candidates
from assessments.rules.lifecycle import CandidateStatus
from competitions.draw import actions as draw
from competitions.draw import queries as draws
from competitions.planning.tables import Event
from competitions.registration import queries as register
from tests.builders import certificates
from tests.builders.assessments import a_sitting, assessing, enroll
from tests.builders.competitions import somebody
from tests.builders.events import AT, an_event, an_official, marking
from tests.builders.html import HtmlPage
from tests.builders.sheets import LEDGER, a_judge, a_tablet, open_sheets
from tests.builders.visits import ORIGIN, Visitor, a_visit

pytestmark = pytest.mark.anyio


async def organizer(sitting_id: int):
    return await somebody(Duty.ORGANIZER, scope=Scope("sitting", str(sitting_id)))


async def refused(visitor: Visitor, page: str, action: str, **typed: str) -> HtmlPage:
    """Send a form of a page that is refused; return the page that comes back."""
    form = HtmlPage((await visitor.get(page)).text).form(action)
    answer = await visitor.client.post(form.action, data=form.with_(**typed))
    assert answer.status_code == 422
    return HtmlPage(answer.text)


class TestADecisionAboutACandidate:
    async def test_stays_what_was_chosen_while_its_reason_is_typed(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        [one, _] = await enroll(sitting_id, 1, 2)
        base = f"/desk/assessments/{sitting_id}/candidates"
        vetting = f"{base}/{one}/vetting"

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            page = await refused(visitor, base, vetting, status="returned")
            again = page.form(vetting)
            answer = await visitor.client.post(again.action, data=again.with_(note="照片不清"))

        assert {"#candidate-1-note"} <= {link.get("href") for link in page.links}
        assert {"candidate-1-note", "candidate-1-note-error"} <= set(page.ids)
        assert answer.status_code == 303
        found = await candidates.candidate(one)
        assert (found.status, found.note) == (CandidateStatus.RETURNED, "照片不清")

    async def test_is_none_until_somebody_decides(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        [one] = await enroll(sitting_id, 1)
        base = f"/desk/assessments/{sitting_id}/candidates"

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            page = await refused(visitor, base, f"{base}/{one}/vetting", note="照片不清")

        assert page.form(f"{base}/{one}/vetting").fields["note"] == ["照片不清"]
        assert (await candidates.candidate(one)).status is CandidateStatus.APPLIED

    async def test_names_the_candidate_on_top(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        [one] = await enroll(sitting_id, 1)
        base = f"/desk/assessments/{sitting_id}/candidates"
        form = {"status": "refused", "version": "1"}

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            answer = await visitor.send(base, f"{base}/{one}/vetting", form)

        summary = answer.text.split('class="error-summary"')[1].split("</div>")[0]
        assert (await candidates.candidate(one)).name in summary

    async def test_leads_back_to_the_filtered_page(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        [one, _] = await enroll(sitting_id, 1, 2)
        base = f"/desk/assessments/{sitting_id}/candidates"
        filtered = f"{base}?q=&status=applied"

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            page = await refused(visitor, filtered, f"{base}/{one}/vetting", status="returned")
            again = page.form(f"{base}/{one}/vetting")
            answer = await visitor.client.post(again.action, data=again.with_(note="照片不清"))
            seats = HtmlPage((await visitor.get(filtered)).text).form(f"{base}/accept-all")

        assert answer.headers["location"] == filtered
        assert seats.action.endswith("?q=&status=applied")

    async def test_shows_the_last_page_where_the_one_asked_for_has_emptied(
        self, sqlite_database, tmp_path
    ):
        sitting_id = await a_sitting(AT)
        [one] = await enroll(sitting_id, 1)
        base = f"/desk/assessments/{sitting_id}/candidates"

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            shown = await visitor.get(f"{base}?status=applied&page=2")

        assert (await candidates.candidate(one)).name in shown.text


class TestAttendance:
    @pytest.mark.parametrize("first", ["", "present"])
    async def test_stays_what_was_chosen_while_its_reason_is_typed(
        self, first, sqlite_database, tmp_path
    ):
        line, _ = await assessing()
        [one, *_] = await candidates.candidates(line.id)
        base = f"/desk/assessments/{line.id}/candidates"
        place = f"{base}/{one.id}/attendance"
        wanted = "absent" if first else "disqualified"

        async with a_visit(tmp_path, await organizer(line.id)) as visitor:
            if first:
                page = HtmlPage((await visitor.get(base)).text)
                await visitor.client.post(place, data=page.form(place).with_(status=first))
            page = await refused(visitor, base, place, status=wanted)
            again = page.form(place)
            answer = await visitor.client.post(again.action, data=again.with_(note="已核实"))

        assert f"#candidate-{one.id}-note" in {link.get("href") for link in page.links}
        assert answer.status_code == 303
        assert (await candidates.candidate(one.id)).status is CandidateStatus(wanted)

    async def test_is_none_until_somebody_says_it(self, sqlite_database, tmp_path):
        line, _ = await assessing()
        [one, *_] = await candidates.candidates(line.id)
        base = f"/desk/assessments/{line.id}/candidates"

        async with a_visit(tmp_path, await organizer(line.id)) as visitor:
            page = await refused(visitor, base, f"{base}/{one.id}/attendance", note="迟到")

        assert page.form(f"{base}/{one.id}/attendance").fields["status"] == [""]
        assert (await candidates.candidate(one.id)).status is CandidateStatus.ACCEPTED


class TestTheCheckIn:
    async def test_stays_what_was_found_while_it_is_described(self, sqlite_database, tmp_path):
        line = await an_event()
        [one, *_] = await register.entries_of_event(line.id)
        base = f"/desk/events/{line.id}/check-in"

        async with a_visit(tmp_path, await an_official(line, Duty.REGISTRAR)) as visitor:
            shown = HtmlPage((await visitor.get(base)).text)
            form = shown.form(base, entry=one.id)
            sent = {name: value for name, value in form.fields.items() if name != "is_present"}
            answer = await visitor.client.post(form.action, data=sent)
            page = HtmlPage(answer.text)
            again = page.form(base, entry=one.id)
            saved = await visitor.client.post(again.action, data=again.with_(note="路上耽搁"))

        summary = answer.text.split('class="error-summary"')[1].split("</div>")[0]
        assert one.names in summary
        assert f"#entry-{one.id}-note" in {link.get("href") for link in page.links}
        assert f"entry-{one.id}-note" in page.ids
        assert saved.status_code == 303
        found = (await draws.check_ins(line.id))[one.id]
        assert (found.is_present, found.is_document_right) == (False, True)


class TestTheDraw:
    async def test_keeps_what_the_witness_said(self, sqlite_database, tmp_path):
        line = await an_event()
        await Event.update({Event.code_levels: 2}).where(Event.id == line.id)
        judge = await an_official(line, Duty.CODING_JUDGE)
        await draw.draw(line.id, by=judge, at=AT, witness="1")
        base = f"/desk/events/{line.id}/draw"

        async with a_visit(tmp_path, judge) as visitor:
            page = await refused(visitor, base, base, witness="8 6 4")

        assert page.form(base).fields["witness"] == ["8 6 4"]


class TestThePageOfARefusedForm:
    """Its language link and its filter lead to where it is read, not to where the form went."""

    async def test_leads_on_to_what_was_filtered(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        [one] = await enroll(sitting_id, 1)
        base = f"/desk/assessments/{sitting_id}/candidates"
        read = f"{base}?status=applied"

        async with a_visit(tmp_path, await organizer(sitting_id)) as visitor:
            visitor.client.headers["referer"] = ORIGIN + read
            once = await refused(visitor, read, f"{base}/{one}/vetting", status="refused")
            again = once.form(f"{base}/{one}/vetting")
            visitor.client.headers["referer"] = ORIGIN + again.action
            answer = await visitor.client.post(again.action, data=again.fields)
            twice = HtmlPage(answer.text)

        for page in (once, twice):
            [language] = [link for link in page.links if link.get("hreflang")]
            assert language["href"] == f"{read}&lang=en"
            assert page.form(base).method == "get"

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"referer": "http://elsewhere.example/desk"},
            {"referer": "http://[broken"},
            {"referer": f"{ORIGIN}/no/such/page"},
        ],
    )
    @pytest.mark.parametrize("carried", ["", "//elsewhere.example/", "no path", "/\\elsewhere"])
    async def test_is_found_without_the_browsers_word(
        self, carried, headers, sqlite_database, tmp_path
    ):
        line = await an_event()
        place = f"/desk/events/{line.id}/check-in"

        async with a_visit(tmp_path, await an_official(line, Duty.REGISTRAR)) as visitor:
            visitor.client.headers.update(headers)
            await visitor.send(place, f"{place}/rest")
            answer = await visitor.send(place, f"{place}/rest", {"_page": carried})

        assert answer.status_code == 422
        [language] = [link for link in HtmlPage(answer.text).links if link.get("hreflang")]
        assert language["href"] == f"{place}?lang=en"


class TestAPageOfManyForms:
    async def test_leads_each_label_and_error_to_its_own_field(self, sqlite_database, tmp_path):
        line = await an_event()
        [code, *_] = await marking(line)
        base = f"/desk/events/{line.id}"
        chief = await an_official(line, Duty.CHIEF_JUDGE, Duty.ORGANIZER)

        async with a_visit(tmp_path, chief) as visitor:
            place = f"{base}/deductions"
            page = await refused(visitor, f"{base}/marking", place, code=code, points="很多")

        assert sorted(set(page.ids)) == sorted(page.ids)
        assert set(page.referred) <= set(page.ids)
        assert "deduction-points" in page.referred
        assert page.form(f"{base}/deductions").fields["code"] == [code]
        assert page.form(f"{base}/standings").fields["code"] == [""]


class TestTheVerificationPage:
    @pytest.mark.parametrize(
        ("method", "path", "wrong"),
        [
            ("POST", "/verify", {"number", "name"}),
            ("GET", "/verify?id=7K2M-QX9T", {"id"}),
            ("POST", "/verify/file", {"file"}),
        ],
    )
    async def test_says_at_each_field_what_is_wrong_with_it(
        self, method, path, wrong, sqlite_database, tmp_path
    ):
        certificates.open_house(tmp_path)
        async with a_visit(tmp_path) as visitor:
            answer = await visitor.client.request(method, path)

        page = HtmlPage(answer.text)
        assert {field["name"] for field in page.invalid} == wrong
        assert page.unexplained() == []
        assert {f"#{name}" for name in wrong} <= {link.get("href", "") for link in page.links}
        assert sorted(set(page.ids)) == sorted(page.ids)


class TestTheDeskOfSheets:
    async def test_leads_from_a_refused_decision_to_its_reason(self, sqlite_database, tmp_path):
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        for value in ("8", "5"):
            tablet = await a_tablet(judge)
            tablet.mark(sheet, "B1", value)
            await tablet.send()
        path = f"/desk/sheets/{LEDGER}/sheets/{sheet.key}"

        async with a_visit(tmp_path, await a_judge("赵明", Duty.CHIEF_JUDGE)) as visitor:
            first = HtmlPage((await visitor.get(path)).text)
            form = first.form(f"{path}/decide", value="5")
            page = HtmlPage((await visitor.client.post(form.action, data=form.fields)).text)

        assert sorted(set(page.ids)) == sorted(page.ids)
        assert [field["id"] for field in page.invalid] == ["B1-marked-5-reason"]
        assert page.unexplained() == []
        assert set(page.referred) <= set(page.ids)

    @pytest.mark.parametrize(
        ("act", "typed", "wrong"),
        [
            ("pairing", {"prefix": "", "most": "很多"}, ["pairing-prefix", "pairing-most"]),
            ("{id}/name", {"label": ""}, ["name-{id}-label"]),
            ("{id}/revoke", {"reason": ""}, ["revoke-{id}-reason"]),
            ("backup", {}, ["backup-file"]),
        ],
    )
    async def test_leads_from_a_refused_form_about_tablets_to_its_field(
        self, act, typed, wrong, sqlite_database, tmp_path
    ):
        tablet = (await a_tablet(await a_judge("王建国"))).facts
        place = f"/desk/tablets/{act.format(id=tablet.id)}"

        async with a_visit(tmp_path, await a_judge("赵明", Duty.CHIEF_JUDGE)) as visitor:
            page = await refused(visitor, "/desk/tablets", place, **typed)

        expected = [name.format(id=tablet.id) for name in wrong]
        assert [field["id"] for field in page.invalid] == expected
        assert page.unexplained() == []
        assert {f"#{name}" for name in expected} <= {link.get("href", "") for link in page.links}
