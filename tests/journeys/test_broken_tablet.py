"""A tablet that never finds a network again: its file brings back all that it holds."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser import Server
from tests.builders.pictures import a_picture
from tests.builders.tablets import (
    a_tablet,
    accessibility_problems,
    mark,
    open_sheet,
    pair,
    rows,
    seed_sheets,
    show_badge,
    sign_on_glass,
    wait_for_state,
    wait_until_kept,
)
from tests.journeys.test_tablet_offline_and_back import playwright

pytestmark = pytest.mark.browser
__all__ = ("playwright",)
SYNC = "**/j/api/sync"
REFUSED = {"proto": "score-sync/1", "refused": 400, "why": ""}
"""What a house says that cannot read its tablet's words."""


def carry_to_desk(page: Page, desk: Page, origin: str, path: Path) -> None:
    """Export a tablet's file and import it at the desk."""
    page.goto(f"{origin}/j/")
    with page.expect_download() as download:
        page.locator("#export").click()
    download.value.save_as(path)
    desk.goto(f"{origin}/desk/tablets")
    desk.get_by_label("备份文件").set_input_files(path)
    desk.get_by_role("button", name="导入备份文件").click()


def be_refused(page: Page) -> None:
    """Make a mark that the house itself cannot read: it is set aside."""
    page.route(SYNC, lambda route: route.fulfill(status=400, json=REFUSED))
    mark(page, 0)
    expect(page.locator("#aspect-A1 .saved")).to_have_attribute("data-state", "rejected")
    page.unroute(SYNC)


def hand_in(page: Page) -> None:
    """Sign and submit the sheet."""
    page.locator("#submit").click()
    sign_on_glass(page, "#sign-judge")
    page.locator("#summary button[value=yes]").click()
    expect(page.locator("#farewell")).to_be_visible()


def see_photo(page: Page) -> None:
    """Open the photo beside a note, and close it."""
    page.get_by_role("button", name="看照片（1 张）").click()
    page.wait_for_function("document.querySelector('.pictures img')?.naturalWidth > 0")
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="关闭").click()


def test_brings_everything_back_by_its_file(
    server: Server, playwright: Playwright, tmp_path: Path
) -> None:
    seeded = seed_sheets(server, aspects=1)
    key, sessions, origin = seeded.sheets["J1"]["001"], seeded.sessions, server.origin
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(a_picture())
    with (
        a_tablet(playwright, tmp_path / "broken", origin, None) as broken,
        a_tablet(playwright, tmp_path / "other", origin, sessions["J1"]) as other,
        a_tablet(playwright, tmp_path / "desk", origin, sessions["chief"], "desk") as chief,
    ):
        page, desk, second = broken.new_page(), chief.new_page(), other.new_page()
        pair(page, origin, seeded.pairing)
        show_badge(page, seeded.badges["J1"])
        wait_until_kept(page, 1)
        open_sheet(page, origin, key)
        be_refused(page)
        broken.set_offline(True)
        page.locator("[data-note]").click()
        page.locator("#note textarea").fill("灰缝有一处缺口")
        page.locator("#note input[type=file]").set_input_files(photo)
        page.locator("#note button[value=yes]").click()
        expect(page.locator(".notes")).to_contain_text("灰缝有一处缺口")
        wait_for_state(page, "1 项已存本机")
        carry_to_desk(page, desk, origin, tmp_path / "first.json")
        expect(desk.get_by_role("status")).to_contain_text("新入账 2 项")
        expect(desk.get_by_role("status")).to_contain_text("照片和签名 1 张")

        open_sheet(second, origin, key)
        expect(second.locator(".notes")).to_contain_text("灰缝有一处缺口")
        see_photo(second)

        open_sheet(page, origin, key)
        mark(page, 0, 1)  # replaces what the house refused, and the desk has brought in since
        hand_in(page)
        carry_to_desk(page, desk, origin, tmp_path / "second.json")
        expect(desk.get_by_role("status")).to_contain_text("新入账 2 项，已有 2 项")
        expect(desk.get_by_role("status")).to_contain_text("照片和签名 2 张")

        second.evaluate("dispatchEvent(new Event('pageshow'))")
        expect(second.locator("#notice")).to_contain_text("已提交并入账")
        see_photo(second)
        expect(second.locator("[data-note]")).to_be_hidden()
    assert "缺口" not in (tmp_path / "second.json").read_text("utf-8")
    assert rows(server, "SELECT status FROM mark_sheet") == [("submitted",)]
    assert rows(server, "SELECT value_e4 FROM mark_head") == [(10_000,)]
    assert rows(server, "SELECT media_type FROM sheet_file ORDER BY id") == [
        ("image/jpeg",),
        ("image/png",),
    ]
