"""HEAD: every address that can be read can be asked after."""

import pytest

from tests.builders.certificates import open_house
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio


class TestHeadRequests:
    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/", 200),
            ("/healthz", 200),
            ("/verify", 200),
            ("/keys.json", 200),
            ("/log/vkey", 200),
            ("/schema", 200),
            ("/v/0000000000000000.json", 404),
            ("/no-such-page", 404),
            ("/api/v1/verify", 405),
        ],
    )
    async def test_are_answered_as_get_is_without_the_body(
        self, sqlite_database, tmp_path, path, status
    ):
        open_house(tmp_path)
        async with a_visit(tmp_path) as visitor:
            asked = await visitor.client.head(path)
            read = await visitor.client.get(path)

        assert asked.status_code == read.status_code == status
        assert asked.headers["content-type"] == read.headers["content-type"]
        assert asked.content == b""
        assert read.content
