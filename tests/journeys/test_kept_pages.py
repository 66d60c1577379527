"""Sheets' pages that are kept for the time without a network: whose, of which scheme and build."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser import Server
from tests.builders.faulty_network import FaultyNetwork
from tests.builders.tablets import a_tablet, open_home, seed_sheets
from tests.journeys.test_tablet_offline_and_back import network, playwright

pytestmark = pytest.mark.browser
__all__ = ("network", "playwright")

CHANGE = """async ([name, facts]) => {
  const db = await new Promise((found) => {
    const asked = indexedDB.open('score');
    asked.onsuccess = () => found(asked.result);
  });
  const store = db.transaction(name, 'readwrite').objectStore(name);
  await new Promise((done) => {
    store.getAll().onsuccess = ({ target }) => {
      for (const one of target.result) {
        facts ? store.put({ ...one, ...facts }) : store.delete(one.key);
      }
    };
    store.transaction.oncomplete = done;
  });
  db.close();
}"""
STRANGER_FIRST = """
const real = fetch;
let asked = 0;
globalThis.fetch = (url, how) => String(url).startsWith('/j/sheets/') && asked++ === 0
  ? Promise.resolve(new Response('<h1>Welcome</h1>', { status: 404 }))
  : real(url, how);
"""
KEPT = """name => new Promise((found) => {
  indexedDB.open('score').onsuccess = ({ target }) => {
    target.result.transaction('pages').objectStore('pages').getAll().onsuccess = (event) => {
      target.result.close();
      found(event.target.result.map((page) => page[name]).join());
    };
  };
})"""


def change(page: Page, store: str, **facts: object) -> None:
    """Change all records of the tablet's memory; without facts, forget them."""
    page.evaluate(CHANGE, [store, facts or None])


def wait_until_kept_with(page: Page, name: str, value: str) -> None:
    until = time.monotonic() + 20
    while (found := page.evaluate(KEPT, name)) != value:
        assert time.monotonic() < until, found
        page.wait_for_timeout(100)


@pytest.fixture
def tablet(
    server: Server, playwright: Playwright, tmp_path: Path, network: FaultyNetwork
) -> Iterator[tuple[Page, str]]:
    """Open the list of a judge's own tablet with all kept; also give the address of its sheet."""
    seeded = seed_sheets(server)
    with a_tablet(
        playwright, tmp_path / "profile", network.origin, seeded.sessions["J1"]
    ) as context:
        page = context.new_page()
        open_home(page, network.origin)
        yield page, f"{network.origin}/j/sheets/{seeded.sheets['J1']['001']}"


def open_kept(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#sheet:not([inert])", timeout=15_000)
    expect(page.locator("#notice")).to_be_hidden(timeout=5_000)


def test_a_page_that_is_late_opens_once_and_is_kept(
    tablet: tuple[Page, str], network: FaultyNetwork
) -> None:
    page, address = tablet
    change(page, "pages")
    network.lateness = 3

    page.add_init_script(STRANGER_FIRST)
    page.goto(address)
    page.wait_for_selector("#sheet:not([inert])", timeout=15_000)
    page.locator("[data-theme]").first.click()
    assert page.evaluate("document.documentElement.classList.contains('sun')")
    page.wait_for_timeout(3500)
    assert page.locator("#sheet").is_visible()
    network.is_down = True
    open_kept(page, address)


def test_a_page_of_another_scheme_or_judge_is_kept_anew(
    tablet: tuple[Page, str], network: FaultyNetwork
) -> None:
    page, address = tablet
    page.wait_for_function("document.getElementById('state').textContent === '全部已入账'")
    scheme = page.evaluate(KEPT, "scheme")
    change(page, "pages", scheme="before")
    change(page, "sheets", scheme="before", version=0)
    page.evaluate("dispatchEvent(new Event('pageshow'))")  # the list stays open and hears of it
    wait_until_kept_with(page, "scheme", scheme)
    network.is_down = True
    open_kept(page, address)

    change(page, "pages", account=999)
    page.goto(address)
    expect(page.locator("#notice")).to_contain_text("没有存在这台平板上")
    change(page, "pages", account=1, scheme="before")
    network.is_down = False
    open_home(page, network.origin)
    wait_until_kept_with(page, "scheme", scheme)
    change(page, "pages", scheme="before")
    network.is_down = True
    page.goto(address)
    expect(page.locator("#notice")).to_contain_text("评分标准已更改")
    network.is_down = False
    page.wait_for_selector("#sheet:not([inert])", timeout=15_000)  # by itself


def test_pages_of_a_new_build_are_kept_when_their_files_are(
    tablet: tuple[Page, str], network: FaultyNetwork
) -> None:
    page, address = tablet
    network.deployed, network.withholds_worker = b"0123456789ab", True
    page.goto(f"{network.origin}/j/?lang=en")
    page.wait_for_function("document.getElementById('offline').textContent.includes('pages')")
    network.is_down = True
    open_kept(page, address)
    page.goto(f"{network.origin}/j/?lang=en")
    page.wait_for_selector("body[data-ready]")

    network.is_down, network.withholds_worker = False, False
    page.goto(f"{network.origin}/j/")
    wait_until_kept_with(page, "build", "0123456789ab")
    network.is_down = True
    open_kept(page, address)
    assert "0123456789ab" in page.evaluate("document.head.innerHTML")
