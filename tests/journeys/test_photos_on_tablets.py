"""Photos beside notes: one that cannot be read, a portal between, a house that refuses."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser import Server
from tests.builders.faulty_network import portal
from tests.builders.pictures import a_picture, a_sharp_picture
from tests.builders.tablets import a_tablet, open_sheet, rows, seed_sheets, wait_for_state
from tests.journeys.test_tablet_offline_and_back import playwright

pytestmark = pytest.mark.browser
__all__ = ("playwright",)
FILES = "**/j/api/files/*"
UNFIT = {"error": {"name": "FileUnfit", "says": "太大", "request": "1"}}
IN_BACKUP = """async () => {
  const own = document.querySelector('script[type=module]').src;
  const { backup } = await import(own.replace('sheet.js', 'device.js'));
  const { files, pending } = JSON.parse(await (await backup()).text());
  return [files.map((file) => file.refused && file.content.length > 1000), pending];
}"""


def photograph(page: Page, *photos: Path) -> None:
    """Choose photos for the note, and save it."""
    page.locator("#note input[type=file]").set_input_files(photos)
    page.locator("#note button[value=yes]").click()


def meet_portals(page: Page) -> None:
    """Let strangers refuse the photo that waits."""
    for status in (404, 413):
        page.unroute(FILES)
        page.route(FILES, portal(status))
        with page.expect_response(re.compile("/j/api/files/")):
            page.evaluate("dispatchEvent(new Event('pageshow'))")
    page.unroute(FILES)


def close_sheet(page: Page, server: Server) -> None:
    """Close the sheet, as another tablet may, while a note on it is being written."""
    rows(server, "UPDATE mark_sheet SET status = 'submitted', version = version + 1")
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    expect(page.locator("#notice")).to_contain_text("已提交并入账")


def test_none_is_lost_unseen(server: Server, playwright: Playwright, tmp_path: Path) -> None:
    seeded = seed_sheets(server, aspects=1)
    torn, whole, sharp = (tmp_path / f"{name}.jpg" for name in ("torn", "whole", "sharp"))
    torn.write_bytes(a_picture()[:100])
    whole.write_bytes(a_picture())
    sharp.write_bytes(a_sharp_picture())
    with a_tablet(playwright, tmp_path / "own", server.origin, seeded.sessions["J1"]) as context:
        page = context.new_page()
        page.add_init_script("delete ServiceWorkerRegistration.prototype.sync")  # only it sends
        open_sheet(page, server.origin, seeded.sheets["J1"]["001"])
        wait_for_state(page, "全部已入账")
        page.locator("[data-note]").click()
        page.locator("#note textarea").fill("灰缝有一处缺口")
        photograph(page, torn, whole)
        expect(page.locator("#note .fault")).to_contain_text("1 张照片打不开")
        expect(page.locator("#note-photos")).to_have_text("1 张照片")

        page.route(FILES, portal(200))
        page.locator("#note button[value=yes]").click()
        expect(page.locator(".notes")).to_contain_text("灰缝有一处缺口")
        expect(page.get_by_role("button", name="看照片（1 张）")).to_be_visible()
        wait_for_state(page, "还有 1 张照片或签名等待发送")
        meet_portals(page)
        page.route(FILES, lambda route: route.fulfill(status=422, json=UNFIT))
        wait_for_state(page, "1 张照片或签名没有被收下", is_hurried=True)
        page.unroute(FILES)
        assert page.evaluate(IN_BACKUP) == [[True], 0]

        page.locator("[data-note]").click()
        page.locator("#note input[type=file]").set_input_files([whole, sharp])
        close_sheet(page, server)
        page.locator("#note button[value=yes]").click()  # a note is never too late
        expect(page.get_by_role("button", name="看照片（2 张）")).to_have_count(1)
        expect(page.locator("#state")).to_have_text("全部已入账")

        page.goto(f"{server.origin}/j/")
        expect(page.locator("#rejected")).to_have_text("0")
        wait_for_state(page, "全部已入账")
    taken = rows(server, "SELECT media_type, length(content) < 600001 FROM sheet_file")
    assert taken == [("image/jpeg", 1)] * 2
    assert rows(server, "SELECT count(*) FROM ledger_record WHERE kind = 'note'") == [(2,)]
