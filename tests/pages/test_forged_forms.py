"""Forms are taken from our own pages only, whatever a browser may say of where it comes from."""

import pytest
from litestar._parsers import parse_url_encoded_form_data

from app.rules.actors import Duty
from tests.builders.people import someone
from tests.builders.visits import ORIGIN, TOKEN, a_session, a_visit

FORM = {"sign_in_name": "nobody", "password": "knows this one"}
TAKEN, REFUSED = 422, 403


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, TAKEN),
        ({"origin": ORIGIN, "sec-fetch-site": "same-origin"}, TAKEN),
        # Pages about certificates carry no-referrer: a browser then sends its forms from "null".
        ({"origin": "null", "sec-fetch-site": "same-origin"}, TAKEN),
        ({"origin": "null"}, TAKEN),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, REFUSED),
        ({"origin": "https://evil.example"}, REFUSED),
    ],
)
async def test_a_form_with_its_token_is_taken_unless_it_says_another_site(
    sqlite_database, tmp_path, said, status
):
    async with a_visit(tmp_path) as visitor:
        token = TOKEN.search((await visitor.get("/sign-in")).text)
        answer = await visitor.client.post(
            "/sign-in", data=FORM | {"_csrf_token": token[1] if token else ""}, headers=said
        )

    assert answer.status_code == status


@pytest.mark.anyio
@pytest.mark.parametrize("origin", [ORIGIN, "null"])
async def test_a_form_without_its_token_is_refused(sqlite_database, tmp_path, origin):
    async with a_visit(tmp_path) as visitor:
        await visitor.get("/sign-in")
        answer = await visitor.client.post("/sign-in", data=FORM, headers={"origin": origin})

    assert answer.status_code == REFUSED


@pytest.mark.anyio
async def test_a_large_file_is_not_read_before_it_is_known_who_sends_it(sqlite_database, tmp_path):
    asked = False

    async def pieces():
        nonlocal asked
        for _ in range(50):
            asked = True
            yield b"x" * 1_000_000

    async with a_visit(tmp_path) as visitor:
        answer = await visitor.client.post(
            "/desk/people/photos",
            content=pieces(),
            headers={"content-type": "multipart/form-data; boundary=b"},
        )

    assert answer.headers["location"].startswith("/sign-in")
    assert not asked


@pytest.mark.anyio
async def test_what_was_typed_is_not_kept(sqlite_database, tmp_path):
    async with a_visit(tmp_path) as visitor:
        await visitor.send("/sign-in", "/sign-in", FORM)

    assert parse_url_encoded_form_data.cache_info().currsize == 0


@pytest.mark.anyio
@pytest.mark.parametrize("foreign", ['p={"a":1}', "n=x y", "a/b=1", "n=乡匠", "=;;"])
async def test_a_cookie_of_a_neighbour_signs_nobody_out(sqlite_database, tmp_path, foreign):
    session = await a_session(await someone(Duty.ORGANIZER))
    async with a_visit(tmp_path) as visitor:
        answer = await visitor.client.get(
            "/desk", headers={b"cookie": f"{foreign}; xj_lang=en; xj_session={session}".encode()}
        )

    assert answer.status_code == 200
    assert 'lang="en"' in answer.text
