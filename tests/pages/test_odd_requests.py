"""What no browser sends of itself is answered as what it is, and is nobody's bug."""

from typing import Any

import pytest

from app.rules.actors import SYSTEM, Duty
from competitions.registration import bulk
from competitions.registration import queries as register
from tests.builders.certificates import open_house
from tests.builders.events import AT, an_entry, an_event, an_official
from tests.builders.people import someone
from tests.builders.visits import TOKEN, a_visit

pytestmark = pytest.mark.anyio
PART_OF_A_FORM = (
    {"data": {"file": "abc"}},
    {"files": {"file": (None, b"abc")}},
    {"files": {"file": ("", b"abc")}},
    {"files": {"file": (None, b'{"a": 1}', "application/json")}},
)


class TestATextWhereAFileBelongs:
    @pytest.mark.parametrize("sent", PART_OF_A_FORM)
    @pytest.mark.parametrize("address", ["/verify/file", "/verify/list"])
    async def test_is_no_file(self, sqlite_database, tmp_path, address: str, sent: dict[str, Any]):
        open_house(tmp_path)
        async with a_visit(tmp_path) as visitor:
            found = TOKEN.search((await visitor.get("/verify")).text)
            headers = {"x-csrf-token": found[1] if found else ""}
            answer = await visitor.client.post(address, headers=headers, **sent)

        assert answer.status_code == 422
        assert "请填写" in answer.text

    async def test_is_no_photo(self, sqlite_database, tmp_path):
        page = "/desk/people/photos"
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            answer = await visitor.send(page, page, {"files": "abc"})

        assert answer.status_code == 422


class TestAFormThatComesFromNowhere:
    @pytest.mark.parametrize(
        ("token", "headers"),
        [
            ("乡", {}),
            ("", {b"x-csrf-token": b"\xe9"}),
            ("", {b"origin": b"http://["}),
            ("", {b"origin": b"http://h:x"}),
        ],
    )
    async def test_is_refused(self, sqlite_database, tmp_path, token: str, headers: Any):
        async with a_visit(tmp_path) as visitor:
            await visitor.get("/sign-in")
            answer = await visitor.client.post(
                "/sign-in", data={"_csrf_token": token}, headers=headers
            )

        assert answer.status_code == 403

    async def test_leads_to_the_sign_in_whatever_page_it_names(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path) as visitor:
            answer = await visitor.client.post(
                "/desk/people/photos", headers={"referer": "http://["}
            )

        assert answer.headers["location"] == "/sign-in?next=/desk/people/photos"


class TestAHostThatCannotBeRead:
    HOST = {b"host": b"h:x"}  # noqa: RUF012 - a constant

    async def test_leads_back_to_the_entries_as_they_were_filtered(self, sqlite_database, tmp_path):
        line = await an_event(entries=1)
        await bulk.register_many(line.competition_id, [an_entry(line.id, 1)], by=SYSTEM, at=AT)
        waiting = max(entry.id for entry in await register.entries_of_event(line.id))
        page = f"/desk/competitions/{line.competition_id}/entries"

        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            found = TOKEN.search((await visitor.get(page)).text)
            sent = {"chosen": waiting, "_csrf_token": found[1] if found else ""}
            answer = await visitor.client.post(
                f"{page}/acceptance?q=a", data=sent, headers=self.HOST
            )

        assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?q=a")

    async def test_asks_for_a_proposal_that_is_none(self, sqlite_database, tmp_path):
        line = await an_event(entries=1)

        async with a_visit(tmp_path, await an_official(line, Duty.AUDITOR)) as visitor:
            answer = await visitor.client.get(
                f"/desk/events/{line.id}/proposals/1/after.json", headers=self.HOST
            )

        assert answer.status_code == 404
