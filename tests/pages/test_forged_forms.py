"""Forms are taken from our own pages only, whatever a browser may say of where it comes from."""

import pytest

from tests.builders.visits import ORIGIN, TOKEN, a_visit

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
