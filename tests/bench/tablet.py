"""The sheet of 120 aspects on a slow tablet: first load until usable, and what a touch waits for.

All under a processor slowed sixfold, each beside the same page with the least that could do it.
Three times are told of a touch, so that none stands for another:

- first answer: a finger comes down and lies for a moment; until the button looks pressed. Beside
  it, the page with one line of script that marks what was touched.
- paint: a finger taps; until the chosen button is painted, which is not yet a promise. Beside it,
  the page without any script: what the browser needs for a radio button. The goal is about this.
- confirmed: a finger taps; until the mark is on the disk and the screen says so. Beside it, the
  page with the least script that writes a record to the disk and then shows it.

The first two are the browser's own Event Timing, which rounds to 8 ms; the last ends after the
frame that no longer says "being written". The pages are touched in turn, and only the touched one
is slowed, so that a noisy machine disturbs all alike.
"""

import re
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright, sync_playwright

from tests.bench.measuring import Figure
from tests.browser import Server, serving
from tests.builders.tablets import Seeded, a_tablet, seed_sheets

ASPECTS, TOUCHES, LOADS, SLOWER = 120, 30, 3, 6
HELD_MS, REST_MS = 80, 300
HEAVIEST_KB, LONGEST_LOAD_S, LONGEST_PAINT_MS = 150, 3, 50
WATCH = """
new MutationObserver((_, self) => {
  if (!document.body?.dataset.ready) return;
  window.usableAt = performance.now();
  self.disconnect();
}).observe(document, { subtree: true, childList: true, attributes: true });
window.told = { click: [], pointerdown: [], confirmed: [] };
window.asked = [];
const tell = (name, time) => asked.includes(name) && told[name].push(time);
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) tell(one.name, one.duration);
}).observe({ type: 'event', durationThreshold: 16 });
let tappedAt = 0;
addEventListener('click', (event) => (tappedAt = event.timeStamp), true);
const wasWriting = ({ oldValue }) => oldValue?.split(' ').includes('writing');
new MutationObserver((seen) => {
  if (!seen.some((one) => wasWriting(one) && !one.target.classList.contains('writing'))) return;
  const painted = new MessageChannel();
  painted.port1.onmessage = () => tell('confirmed', performance.now() - tappedAt);
  requestAnimationFrame(() => painted.port2.postMessage(''));
}).observe(document, { subtree: true, attributeFilter: ['class'], attributeOldValue: true });
"""
LEAST = """
const opened = indexedDB.open('least', 1);
opened.onupgradeneeded = () => opened.result.createObjectStore('marks', { autoIncrement: true });
const press = ({ target }) => target.closest?.('.choice')?.classList.add('pressed');
addEventListener('pointerdown', press);
addEventListener('change', ({ target }) => {
  const choice = target.closest('.choice');
  choice.classList.add('writing');
  const writing = opened.result.transaction('marks', 'readwrite', { durability: 'strict' });
  writing.objectStore('marks').add([target.name, target.value]);
  writing.oncomplete = () => choice.classList.remove('writing');
});
"""
BESIDE = """async ([number, place]) => {
  const cards = document.querySelectorAll('.aspect .choices');
  const choice = cards[number % cards.length].querySelectorAll('.choice')[place];
  choice.scrollIntoView({ block: 'center' });
  await new Promise((done) => setTimeout(done, 150));
  const { x, y, width, height } = choice.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""
SCRIPT = re.compile(r'<script type="module".*?</script>', re.DOTALL)


def figures() -> list[Figure]:
    """Measure in a browser of its own, each load on a fresh profile."""
    with tempfile.TemporaryDirectory() as text, sync_playwright() as playwright:
        folder = Path(text)
        with serving(folder / "data", LIMIT_FACTOR="0") as server:
            seeded = seed_sheets(server, aspects=ASPECTS)
            loads = [a_load(playwright, server, seeded, folder / f"p{n}") for n in range(LOADS)]
            own, bare, least = touches(playwright, server, seeded, folder / "touched")
    usable, floor = (statistics.median(part) for part in zip(*[x[:2] for x in loads], strict=True))
    weight = max(load[2] for load in loads) / 1024
    return [
        Figure(
            f"a sheet of {ASPECTS} usable, first load, CPU/{SLOWER}",
            usable,
            floor,
            0.25,
            f"goal {LONGEST_LOAD_S} s; {weight:.0f} kB over the wire (goal {HEAVIEST_KB})",
        ),
        figure("touch to first answer", own["pointerdown"], least["pointerdown"]),
        figure("touch to paint", own["click"], bare["click"]),
        figure("touch to confirmed on disk", own["confirmed"], least["confirmed"]),
    ]


def figure(job: str, own: list[float], bare: list[float]) -> Figure:
    """Tell the medians; times in milliseconds."""
    middle, slowest = statistics.median(own), statistics.quantiles(own, n=20)[18]
    goal = f" (goal {LONGEST_PAINT_MS})" if "paint" in job else ""
    return Figure(
        f"{job}, {ASPECTS} aspects, CPU/{SLOWER}",
        middle / 1000,
        statistics.median(bare) / 1000,
        0.5,
        f"median {middle:.0f} ms{goal}, p95 {slowest:.0f} ms",
    )


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
) -> list[dict[str, list[float]]]:
    """Touch buttons all over our sheet, the bare page, the one with the least script, in turn."""
    with ExitStack() as stack:
        pages = []
        for name in ("own", "bare", "least"):
            tablet = a_tablet(playwright, profile / name, server.origin, seeded.sessions["J1"])
            page, session = slowed(stack.enter_context(tablet))
            session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            if name != "own":
                without_scripts(page)
            if name == "least":
                page.add_init_script(LEAST)
            page.goto(address(server, seeded))
            if name == "own":
                page.wait_for_function("window.usableAt")
            page.wait_for_timeout(1000)
            pages.append((page, session))
        for number in range(TOUCHES):
            for page, session in pages:
                touch(page, session, number)
        return [page.evaluate("told") for page, _ in pages]


def touch(page: Page, session: CDPSession, number: int) -> None:
    """Lay a finger on a button for a moment, then tap the one beside it."""
    for place, asked in ((0, ["pointerdown"]), (1, ["click", "confirmed"])):
        x, y = page.evaluate(BESIDE, [number, place])
        page.evaluate("names => { asked = names; }", asked)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.wait_for_timeout(REST_MS / 3)
        if place == 0:
            finger = {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
            session.send("Input.dispatchTouchEvent", finger)
            page.wait_for_timeout(HELD_MS)
            session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        else:
            page.touchscreen.tap(x, y)
        page.wait_for_timeout(REST_MS)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
