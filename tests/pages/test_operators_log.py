"""The operators' log: every request is in it, and nothing that somebody typed."""

import re
import time

import pytest

from app.web import operators_log
from tests.browser import Server
from tests.builders.certificates import open_house
from tests.builders.visits import a_visit

LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 (GET|POST) (\S+) (\d{3}) \d+\.\d ms"
    r" request=([0-9a-f]{8}) account=(-|\d+)"
)


@pytest.mark.anyio
async def test_holds_routes_and_ids_and_nothing_that_was_typed(sqlite_database, tmp_path, caplog):
    caplog.set_level("INFO", "xiangjiang.requests")
    asked = {
        "/verify": ("/verify", 200),
        "/competitions/7": ("/competitions/7", 404),
        "/competitions/522632198503120011": ("/competitions/…", 404),
        "/competitions/7/events/8/entries/A017": ("/competitions/7/events/8/entries/…", 404),
        "/v/7K3M-9PQ4?name=secret": ("/v/…", 404),
        "/invitations/one-time-token": ("/invitations/…", 422),
        "/v/x%0a2026%20GET%20forged%20200": ("/v/…", 404),
        "/no%0asuch%0dplace": ("-", 404),
    }

    open_house(tmp_path)
    async with a_visit(tmp_path) as visitor:
        shown = [await visitor.client.get(path) for path in asked]
        operators_log.write()

    found = [LINE.fullmatch(line) for line in caplog.messages[-1].split("\n")]
    assert [(line[2], int(line[3])) for line in found if line] == list(asked.values())
    for line, page in zip(found, shown, strict=True):
        assert line
        assert page.status_code == int(line[3])
        is_error_page = page.status_code >= 400 and "/v/" not in line[2]
        assert (line[4] in page.text) == is_error_page


def test_is_on_standard_output_of_the_server(server: Server):
    server.get("/verify")
    until = time.monotonic() + 10
    while "GET /verify" not in server.log and time.monotonic() < until:
        time.sleep(0.05)

    told = [line for line in server.log.splitlines() if "request=" in line]
    assert told
    assert all(LINE.fullmatch(line) for line in told)
    assert any("GET /verify 200" in line for line in told)
