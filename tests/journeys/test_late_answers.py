"""A shared tablet on slow Wi-Fi: answers that come late, and a sheet that changes hands."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import Server
from tests.builders.tablets import (
    a_tablet,
    mark_quickly,
    open_sheet,
    pair,
    rows,
    seed_sheets,
    show_badge,
    sign_and_submit,
    wait_for_state,
    what_it_keeps,
)
from tests.journeys.test_tablet_offline_and_back import playwright

pytestmark = pytest.mark.browser
__all__ = ("playwright",)
ASPECTS = 3
SYNC, RENEW = "**/j/api/sync", "**/j/api/renew"
SPOIL = """async (cell) => {
  const db = await new Promise((found) => {
    const asked = indexedDB.open('score');
    asked.onsuccess = () => found(asked.result);
  });
  const cells = db.transaction('cells', 'readwrite').objectStore('cells');
  const key = (await new Promise((found) => {
    const asked = cells.getAllKeys();
    asked.onsuccess = () => found(asked.result);
  })).find(([, name]) => name === cell);
  const asked = cells.get(key);
  await new Promise((found) => {
    asked.onsuccess = () => {
      const { sealed } = asked.result;
      cells.put({ ...asked.result, sealed: `${sealed.slice(0, 16)}AAAA${sealed.slice(20)}` }, key);
    };
    cells.transaction.oncomplete = found;
  });
  db.close();
}"""


class SlowAnswers:
    """What the house answers at once, and a page hears of when it is let through."""

    def __init__(self, page: Page, *addresses: str) -> None:
        self.page = page
        self.addresses = addresses
        self.held: list[tuple[Route, Any]] = []
        for address in addresses:
            page.route(address, self._hold)

    def _hold(self, route: Route) -> None:
        self.held.append((route, route.fetch()))

    def wait_for(self, count: int) -> None:
        """Wait until so many answers are on their way."""
        for _ in range(100):
            if len(self.held) >= count:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{len(self.held)} of {count} answers")

    def arrive(self) -> None:
        """Let everything arrive, and the page take it in."""
        held, self.held = self.held, []
        for route, answer in held:
            route.fulfill(response=answer)
        for address in self.addresses:
            self.page.unroute(address)
        self.page.wait_for_timeout(500)


def leave_before_the_answers(page: Page, server: Server) -> None:
    """Leave while the list and what is new on the sheet are on their way; then they arrive."""
    rows(server, "UPDATE mark_sheet SET version = version + 1, returned_reason = '灰缝重看'")
    slow = SlowAnswers(page, SYNC, RENEW)
    page.goto(f"{server.origin}/j/")
    slow.wait_for(2)
    page.locator("#leave").click()
    expect(page.locator("#door")).to_be_visible()
    slow.arrive()


def hand_in_before_the_list(page: Page, server: Server, name: str) -> None:
    """Hand in a sheet while a list is on its way that does not know of it; then it arrives."""
    page.route(SYNC, lambda route: route.abort())
    sign_and_submit(page, name)
    slow = SlowAnswers(page, RENEW)
    page.goto(f"{server.origin}/j/")
    slow.wait_for(1)
    page.unroute(SYNC)
    wait_for_state(page, "全部已入账", is_hurried=True)
    expect(page.locator(".sheet-link.submitted")).to_have_count(1)
    slow.arrive()


def mark_and_type(page: Page, server: Server, key: str) -> None:
    """Mark a whole sheet, and begin to type another mark."""
    open_sheet(page, server.origin, key)
    for number in range(ASPECTS):
        mark_quickly(page, number)
    wait_for_state(page, "全部已入账")
    page.locator("#aspect-A3 .number").click()
    page.keyboard.type("7.")


def give_to_second_judge(server: Server, key: str) -> None:
    """Let the sheet change hands, as when a judge falls ill."""
    second = "(SELECT account FROM mark_sheet WHERE seat = 'J2')"
    rows(server, f"UPDATE mark_sheet SET account = {second} WHERE key = '{key}'")


def test_leave_nothing_behind_and_hide_nothing(server: Server, playwright, tmp_path: Path) -> None:
    seeded = seed_sheets(server, judges=2, aspects=ASPECTS)
    key = seeded.sheets["J1"]["001"]
    with a_tablet(playwright, tmp_path / "shared", server.origin, None) as context:
        page = context.new_page()
        pair(page, server.origin, seeded.pairing)
        show_badge(page, seeded.badges["J1"])
        mark_and_type(page, server, key)
        leave_before_the_answers(page, server)
        expect(page.locator("#door")).to_be_visible()
        assert page.evaluate("sessionStorage.length") == 0
        assert rows(server, "SELECT account FROM tablet") == [(None,)]
        kept = what_it_keeps(page)
        assert not [word for word in ("灰缝重看", "8.5", "王建国") if word in kept]

        give_to_second_judge(server, key)
        show_badge(page, seeded.badges["J2"])
        open_sheet(page, server.origin, key)
        expect(page.locator("#open-count")).to_have_text("0")
        expect(page.locator("#notice")).to_contain_text("灰缝重看")
        assert page.input_value("#aspect-A3 .number") == "8.5"

        page.evaluate(SPOIL, "A1:J1")
        page.reload()
        page.wait_for_selector("body[data-ready]")
        expect(page.locator("#open-count")).to_have_text("1")
        expect(page.locator("#notice")).not_to_contain_text("纸质")
        mark_quickly(page, 0)
        wait_for_state(page, "全部已入账")
        hand_in_before_the_list(page, server, "李秀兰")
        expect(page.locator(".sheet-link.submitted")).to_have_count(1)
    assert rows(server, "SELECT count(*) FROM rejected_entry") == [(0,)]
