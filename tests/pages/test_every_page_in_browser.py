"""Every kind of page of the demonstration, at a desk and on a phone: accessible, and no dead end.

Each account walks the links from its first page, one page of each address in the table of routes;
axe looks at it at both widths, nothing may scroll sideways, and no link of a bar may be refused.
Printed, each shows the whole of its tables and nothing to press.
"""

import re
import shutil
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from app.demo.accounts import PASSWORD
from tests.browser import WIDTHS, Server, context_of, serving, sign_in
from tests.builders.addresses import kind_of
from tests.builders.tablets import AXE

STARTS = {
    "": ("/", "/verify", "/sign-in", "/schema", "/no-such-page"),
    "organizer": ("/desk",),
    "chief": ("/desk",),
    "certificates": ("/desk/certificates",),
    "auditor": ("/desk/journal",),
    "admin": ("/desk/accounts",),
}
BROWSERS_OWN = re.compile(r"\.(xlsx|pdf|json|yaml)$|/(zip|pdf|checkpoint|vkey|record|sheet)$|^/j")
SERIOUS = {"serious", "critical"}
FORBIDDEN = 403
NOT_FOR_PAPER = """() => [...document.querySelectorAll("main *")].filter(item => {
  const style = getComputedStyle(item);
  const isCut = style.overflowY !== "visible" && item.scrollHeight > item.clientHeight + 1;
  return item.checkVisibility() && item.clientHeight > 1
    && !item.matches("textarea, input, .unseen")
    && (isCut || item.matches(".button"));
}).map(item => item.outerHTML.slice(0, 120))"""
"""What paper would show a part of, or could not be pressed there."""
LAID_OUT = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def pages_of(page: Page, server: Server, starts: tuple[str, ...], seen: set[str]) -> Iterator[str]:
    """Open one page of each kind that nobody opened before; yield where the browser is."""
    waiting, closed = deque(starts), set[str]()
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path, "GET")
        if kind in seen | closed or BROWSERS_OWN.search(path):
            continue
        answer = page.goto(server.origin + path)
        if answer and answer.status == FORBIDDEN:
            closed.add(kind)
            continue
        seen.add(kind)
        yield path
        page.set_viewport_size({"width": WIDTHS["desk"][0], "height": WIDTHS["desk"][1]})
        links = page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)")
        waiting.extend(
            urlsplit(link).path for link in links if link.startswith(server.origin + "/")
        )


def problems_of(page: Page, path: str) -> Iterator[str]:
    """Let axe look at both widths, and measure them."""
    page.evaluate(AXE)
    for width in ("desk", "phone"):
        across, down = WIDTHS[width]
        page.set_viewport_size({"width": across, "height": down})
        page.evaluate(LAID_OUT)
        wide = int(page.evaluate("document.documentElement.scrollWidth"))
        if wide > across:
            yield f"{path} at {width}: {wide} pixels wide"
        found = page.evaluate("axe.run(document, {resultTypes: ['violations'], elementRef: false})")
        for item in found["violations"]:
            if item["impact"] in SERIOUS:
                yield f"{path} at {width}: {item['id']} {item['nodes'][0]['html'][:120]}"


def lost_on_paper(page: Page, path: str) -> Iterator[str]:
    """Look at the page as it is printed."""
    page.emulate_media(media="print")
    yield from (f"{path} on paper: {item}" for item in page.evaluate(NOT_FOR_PAPER))
    page.emulate_media(media="screen")


def ways_on(page: Page) -> set[str]:
    """Return what the bars and the page's main acts lead to."""
    found = page.eval_on_selector_all(
        ".rail a, .desk-top nav a, .work-head a.button", "links => links.map(a => a.href)"
    )
    return {link for link in found if not BROWSERS_OWN.search(urlsplit(link).path)}


@pytest.fixture(scope="module")
def house(seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve one demonstration to all who walk through it."""
    folder = tmp_path_factory.mktemp("walked") / "data"
    shutil.copytree(seeded_folder, folder)
    with serving(folder, DEMO="1") as running:
        yield running


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The kinds of pages that somebody has opened."""
    return set()


@pytest.mark.slow
@pytest.mark.parametrize("account", STARTS)
def test_is_accessible_and_leads_on(
    account: str, house: Server, browser: Browser, seen: set[str]
) -> None:
    page = context_of(browser).new_page()
    if account:
        sign_in(page, house.origin, account, PASSWORD)
    problems: list[str] = []
    ways: set[str] = set()

    for path in pages_of(page, house, STARTS[account], seen):
        problems += problems_of(page, path)
        problems += lost_on_paper(page, path)
        ways |= ways_on(page)
    for link in sorted(ways):
        status = page.request.get(link).status
        if status >= 400:
            problems.append(f"led to {status} {urlsplit(link).path}")

    assert problems == []
