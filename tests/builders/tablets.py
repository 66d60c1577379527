"""A judge's tablet in a real Chromium: its profile, its touches, its sudden death."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright
from playwright.sync_api import Error as BrowserGone

from tests.browser import FLAGS, ROOT, WIDTHS, Server, chromium_path
from tests.builders.houses import within
from tests.builders.sheets_in_house import sheets_in_house

AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Seeded:
    """What `seed_sheets` made."""

    sessions: dict[str, str]
    sheets: dict[str, dict[str, str]]
    badges: dict[str, str]
    pairing: str


def seed_sheets(
    server: Server, *, judges: int = 1, codes: int = 1, aspects: int = 6, timed: int = 0
) -> Seeded:
    """Make sheets in a running house; with one timed aspect more where it is asked for."""
    made = within(server, lambda: sheets_in_house(judges, codes, aspects, timed))
    return Seeded(**made)


def rows(server: Server, sql: str) -> list[tuple[Any, ...]]:
    """Read the server's database directly."""
    with sqlite3.connect(server.data_dir / "xiangjiang.sqlite") as database:
        return database.execute(sql).fetchall()


@contextmanager
def a_tablet(
    playwright: Playwright,
    profile: Path,
    origin: str,
    session: str | None,
    width: str = "tablet",
    *,
    flags: Sequence[str] = (),
) -> Iterator[BrowserContext]:
    """Open a browser on a profile that lasts; signed in where a session is given."""
    across, down = WIDTHS[width]
    context = playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=chromium_path(),
        args=[*FLAGS, *flags, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        viewport={"width": across, "height": down},
        has_touch=True,
        locale="zh-CN",
    )
    if session:
        context.add_cookies([{"name": "xj_session", "value": session, "url": origin}])
    try:
        yield context
    finally:
        # A browser that a test has killed may be gone before it is asked to close, or while.
        with suppress(BrowserGone):
            context.close()


def kill_browser(profile: Path) -> None:
    """Let the battery die: SIGKILL to every process of this profile."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"--user-data-dir={profile}" in command:
            try:
                os.kill(int(entry.name), signal.SIGKILL)
            except ProcessLookupError:
                continue


def open_home(page: Page, origin: str) -> None:
    """Open the list and wait until it can work without a network."""
    page.goto(f"{origin}/j/")
    page.wait_for_selector("body[data-ready]")
    page.wait_for_function("navigator.serviceWorker.controller !== null", timeout=20_000)
    page.wait_for_function("document.getElementById('offline').textContent.startsWith('可以')")


def pair(page: Page, origin: str, code: str) -> None:
    """Make a shared tablet known, as the QR on the organizer's screen does."""
    page.goto(f"{origin}/j/#pair={code}")
    page.wait_for_selector("#door:not([hidden])")
    page.wait_for_selector("body[data-ready]")


def show_badge(page: Page, number: str) -> None:
    """Open a shared tablet with the number on a badge; the list of sheets stands there then."""
    page.wait_for_selector("#door:not([hidden])")
    for digit in number:
        page.locator(f"[data-digit='{digit}']").click()
    page.wait_for_selector(".sheet-link")


def wait_until_kept(page: Page, sheets: int) -> None:
    """Wait until the frames and so many sheets open without a network."""
    page.wait_for_function(
        "count => document.getElementById('offline').textContent.startsWith(`可以，已存 ${count}`)",
        arg=sheets + 3,
    )


KEPT = """async () => {
  const db = await new Promise((found) => {
    const asked = indexedDB.open('score');
    asked.onsuccess = () => found(asked.result);
  });
  const all = (name) => new Promise((found) => {
    const asked = db.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => found(asked.result);
  });
  const stores = await Promise.all([...db.objectStoreNames].map(all));
  const pages = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!request.url.includes('/assets/')) pages.push(await (await cache.match(request)).text());
    }
  }
  return JSON.stringify([stores, { ...sessionStorage }, { ...localStorage }, pages]);
}"""


def what_it_keeps(page: Page) -> str:
    """Return everything that a page could read on this tablet, as a finder would."""
    return str(page.evaluate(KEPT))


def open_sheet(page: Page, origin: str, key: str) -> None:
    """Open a sheet, say which workstation this is, and wait until it takes touches."""
    page.goto(f"{origin}/j/sheets/{key}")
    page.wait_for_selector("body[data-ready]")
    say_place(page)


def say_place(page: Page) -> None:
    """Answer which code stands before the judge with the sheet's own."""
    if page.locator("#place").is_visible():
        page.locator(f"#place [data-code='{page.text_content('.code b')}']").click()


def sign_and_submit(page: Page, name: str = "王建国") -> None:
    """Submit a complete sheet and wait until it is; who cannot draw types the name."""
    page.locator("#submit").click()
    for field in page.locator("#summary .signing input").all():
        field.fill(name)
    page.locator("#summary button[value=yes]").click()
    page.wait_for_selector("#aspects.shut", state="attached")


def mark(page: Page, number: int, value: int = 2) -> None:
    """Mark the aspect of a place in the form of `seed_sheets`, as a finger would."""
    card = f"#aspect-A{number + 1}"
    kind = number % 6
    if kind == 0:
        page.locator(f"{card} .choice").nth(value).click()
    elif kind == 1:
        page.locator(f"{card} .choice").nth(value % 2).click()
    elif kind == 3:
        page.locator(f"{card} [data-step='1']").click()
    else:
        page.locator(f"{card} .number").click()
        for sign in ("8", ".", "5"):
            page.locator(f"#keypad [data-key='{sign}']").click()
        page.locator("#keypad [data-key=done]").click()


TOUCH = """([card, value]) => {
  const place = document.querySelector(card);
  const field = place.querySelector('.number');
  const choices = place.querySelectorAll('.choice input');
  if (choices.length) choices[value % choices.length].click();
  else if (place.dataset.control === 'count') place.querySelector('[data-step="1"]').click();
  else {
    field.focus();
    field.value = '8.5';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    const enter = { key: 'Enter', bubbles: true, cancelable: true };
    field.dispatchEvent(new KeyboardEvent('keydown', enter));
  }
}"""


def sign_on_glass(page: Page, pad: str, *, reach: int = 240) -> None:
    """Draw a signature with a finger; another `reach` is another hand."""
    page.locator(f"{pad} canvas").scroll_into_view_if_needed()
    frame = page.locator(f"{pad} canvas").bounding_box()
    assert frame is not None
    page.mouse.move(frame["x"] + 30, frame["y"] + 40)
    page.mouse.down()
    page.mouse.move(frame["x"] + 160, frame["y"] + 90, steps=6)
    page.mouse.move(frame["x"] + reach, frame["y"] + 30, steps=6)
    page.mouse.up()


def mark_quickly(page: Page, number: int, value: int = 2) -> None:
    """Mark as `mark` does, without the finger's travel: for tests that ask for many marks."""
    page.evaluate(TOUCH, [f"#aspect-A{number + 1}", value])


def wait_for_state(page: Page, text: str, timeout: float = 30, *, is_hurried: bool = False) -> None:
    """Wait until the state line says something; hurried, the tablet tries again at once.

    What it says follows a touch when the browser has nothing better to do.
    """
    page.evaluate("() => new Promise(done => requestIdleCallback(done))")
    until = time.monotonic() + timeout
    while text not in (page.text_content("#state") or ""):
        assert time.monotonic() < until, page.text_content("#state")
        if is_hurried:
            page.evaluate("dispatchEvent(new Event('pageshow'))")
        page.wait_for_timeout(100)


def accessibility_problems(page: Page) -> list[str]:
    """Let axe look at a page; target sizes too."""
    page.evaluate(AXE)
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "rules": {"target-size": {"enabled": True}},
    }
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{item['id']} ({item['impact']}): {node['target']}"
        for item in found["violations"]
        for node in item["nodes"]
    ]
