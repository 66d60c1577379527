"""What programs may call: the document holds nothing else, and its page loads nothing."""

import re

import pytest

from app.sheets.devices import SignOn
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
CHINESE = re.compile(r"[\u3400-\u9fff]")
BROWSER = {"accept": "text/html,*/*;q=0.8"}


class TestApiDocument:
    async def test_holds_what_programs_call_and_no_page_of_the_desk(
        self, sqlite_database, tmp_path
    ):
        async with a_visit(tmp_path) as visitor:
            document = (await visitor.get("/schema/openapi.json")).json()
            asked_by_a_program = (await visitor.get("/schema")).json()

        operations = [item for path in document["paths"].values() for item in path.values()]
        assert asked_by_a_program == document
        assert document["openapi"].startswith("3.1")
        assert {"/api/v1/verify", "/v/{name}", "/log/checkpoint", "/j/api/sync"} <= set(
            document["paths"]
        )
        assert not [path for path in document["paths"] if path.startswith(("/desk", "/account"))]
        assert all(len(item["description"]) > 10 for item in operations)
        signing_on = document["paths"]["/j/api/sign-on"]["post"]["description"]
        assert all(name in signing_on for name in SignOn.__struct_fields__)
        assert "label" not in signing_on
        assert {tag for item in operations for tag in item["tags"]} == {
            tag["name"] for tag in document["tags"]
        }

    async def test_speaks_english_too(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path) as visitor:
            document = (await visitor.get("/schema/openapi.json?lang=en")).json()
            page = (await visitor.client.get("/schema?lang=en", headers=BROWSER)).text

        assert not CHINESE.search(str(document))
        assert "Verify many certificates at once" in page

    async def test_has_a_page_that_loads_nothing_from_outside(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path) as visitor:
            page = (await visitor.client.get("/schema", headers=BROWSER)).text

        assert "一次查验多张证书" in page
        assert "POST /api/v1/verify" in page
        assert 'href="/schema/openapi.json"' in page
        assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", page)
