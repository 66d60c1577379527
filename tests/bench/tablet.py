"""The sheet of 120 aspects on a slow tablet: first load until usable, and from touch to paint.

Both under a processor slowed sixfold. Beside them stands the same page without any script: what
the browser needs at least to lay it out, and to paint a touched radio button.
"""

import re
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright, sync_playwright

from tests.bench.measuring import Figure
from tests.browser import Server, serving
from tests.builders.tablets import Seeded, a_tablet, seed_sheets

ASPECTS, TOUCHES, LOADS, SLOWER = 120, 30, 3, 6
HEAVIEST_KB, LONGEST_LOAD_S, LONGEST_PAINT_MS = 150, 3, 50
WATCH = """
new MutationObserver((_, self) => {
  if (!document.body?.dataset.ready) return;
  window.usableAt = performance.now();
  self.disconnect();
}).observe(document, { subtree: true, childList: true, attributes: true });
window.touches = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (one.name === 'click') window.touches.push(one.duration);
}).observe({ type: 'event', durationThreshold: 16, buffered: true });
"""
SCRIPT = re.compile(r'<script type="module".*?</script>', re.DOTALL)


def figures() -> list[Figure]:
    """Measure in a browser of its own, each load on a fresh profile."""
    with tempfile.TemporaryDirectory() as text, sync_playwright() as playwright:
        folder = Path(text)
        with serving(folder / "data", LIMIT_FACTOR="0") as server:
            seeded = seed_sheets(server, aspects=ASPECTS)
            loads = [a_load(playwright, server, seeded, folder / f"p{n}") for n in range(LOADS)]
            own, bare = touches(playwright, server, seeded, folder / "touched")
    usable, floor = (statistics.median(part) for part in zip(*[x[:2] for x in loads], strict=True))
    weight = max(load[2] for load in loads) / 1024
    paint, least = statistics.median(own), statistics.median(bare)
    slowest = statistics.quantiles(own, n=20)[18]
    return [
        Figure(
            f"a sheet of {ASPECTS} usable, first load, CPU/{SLOWER}",
            usable,
            floor,
            0.25,
            f"goal {LONGEST_LOAD_S} s; {weight:.0f} kB over the wire (goal {HEAVIEST_KB})",
        ),
        Figure(
            f"touch to paint, {ASPECTS} aspects, CPU/{SLOWER}",
            paint / 1000,
            least / 1000,
            0.25,
            f"median {paint:.0f} ms, p95 {slowest:.0f} ms (goal {LONGEST_PAINT_MS})",
        ),
    ]


def slowed(context: BrowserContext) -> tuple[Page, CDPSession]:
    """Open a page on a processor that is as slow as a cheap tablet's."""
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page, session


def address(server: Server, seeded: Seeded) -> str:
    """Return where the one sheet stands."""
    return f"{server.origin}/j/sheets/{seeded.sheets['J1']['001']}"


def a_load(
    playwright: Playwright, server: Server, seeded: Seeded, profile: Path
) -> tuple[float, float, float]:
    """Load the sheet for the first time; return seconds until usable, of the bare page, bytes."""
    with a_tablet(playwright, profile, server.origin, seeded.sessions["J1"]) as context:
        page, session = slowed(context)
        sizes: list[float] = []
        session.send("Network.enable")
        session.on(
            "Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"])
        )
        page.goto(address(server, seeded))
        page.wait_for_function("window.usableAt")
        usable = float(page.evaluate("usableAt"))
        bare, _ = slowed(context)
        without_scripts(bare)
        bare.goto(address(server, seeded))
        bare.wait_for_load_state("load")
        floor = float(bare.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        return usable / 1000, floor / 1000, sum(sizes)


def without_scripts(page: Page) -> None:
    """Give a page as the server wrote it, without its modules and ready for touches."""

    def bare(text: str) -> str:
        return SCRIPT.sub("", text).replace(" inert ", " ")

    page.route(
        "**/j/sheets/*",
        lambda route: route.fulfill(body=bare(route.fetch().text()), content_type="text/html"),
    )


def touches(
    playwright: Playwright, server: Server, seeded: Seeded, profile: Path
) -> tuple[list[float], list[float]]:
    """Touch buttons all over the sheet; return milliseconds to paint, ours and the bare page's."""
    with a_tablet(playwright, profile, server.origin, seeded.sessions["J1"]) as context:
        page, _ = slowed(context)
        page.goto(address(server, seeded))
        page.wait_for_function("window.usableAt")
        own = touched(page)
    with a_tablet(playwright, profile / "bare", server.origin, seeded.sessions["J1"]) as context:
        page, _ = slowed(context)
        without_scripts(page)
        page.goto(address(server, seeded))
        return own, touched(page)


def touched(page: Page) -> list[float]:
    """Touch one button of every fourth aspect or so, where it stands on the screen."""
    page.wait_for_timeout(1500)
    cards = page.locator(".aspect:has(.choice)")
    step = max(1, cards.count() // TOUCHES)
    for number in range(0, cards.count(), step):
        choice = cards.nth(number).locator(".choice").nth(1)
        choice.evaluate("one => one.scrollIntoView({ block: 'center' })")
        page.wait_for_timeout(250)
        box = choice.bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(250)
    found: list[float] = page.evaluate("touches")
    return found
