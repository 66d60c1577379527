"""The long rehearsal with faults: `make rehearse`, or `xiangjiang rehearse`.

Judges mark every sheet of a contest through real browsers, on tablets of their own and on shared
ones, over networks that fail, while browsers and the server die, clocks jump and disks are full.
Then they submit, and the chief judge signs and locks. Exit 0 only when every mark that a screen
confirmed is in the ledger, once, and `check` finds every chain whole. The story is drawn from a
seed: `python -m tests.rehearsal SEED` plays it again.
"""

import os
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, Playwright, sync_playwright

from tests.browser import Server, run_verb, serving
from tests.builders.faulty_network import FaultyNetwork, faulty_network
from tests.builders.sheets import LEDGER
from tests.builders.tablets import (
    TOUCH,
    Seeded,
    a_tablet,
    kill_browser,
    mark_quickly,
    open_home,
    open_sheet,
    pair,
    rows,
    seed_sheets,
    show_badge,
    sign_and_submit,
    wait_for_state,
    wait_until_kept,
)

JUDGES, CODES, ASPECTS = 3, 4, 42
CONFIRMED = "saved", "sent", "received"
FAULTS = ("500", "lost", "torn", "stalled", "portal", "400", "403", "404", "413", "429")
# How often, of a hundred touches, each misfortune strikes.
STRIKES = {
    "network": 12,
    "faults": 15,
    "reload": 6,
    "browser": 2,
    "mid-touch": 1,
    "server": 1,
    "clock": 2,
    "disk": 1,
}
HOURS_WRONG = (-9_600, -26, -3, 0, 7, 31, 9_600)
CLOCK = """(() => {
  const hours = Number(localStorage.getItem('hours wrong')) || 0;
  const real = Date.now.bind(Date);
  Date.now = () => real() + hours * 3600000;
})()"""
FULL = """() => {
  const real = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function () {
    IDBObjectStore.prototype.add = real;
    throw new DOMException('', 'QuotaExceededError');
  };
}"""


@dataclass
class Judge:
    """A judge, the tablet, and what its screen has confirmed."""

    seat: str
    session: str | None
    badge: str
    sheets: dict[str, str]
    profile: Path
    network: FaultyNetwork
    stack: ExitStack = field(default_factory=ExitStack)
    context: BrowserContext | None = None
    page: Page | None = None
    code: str = ""
    confirmed: set[tuple[str, str]] = field(default_factory=set)

    def open(self, playwright: Playwright) -> None:
        """Open the browser on its lasting profile."""
        opened = a_tablet(playwright, self.profile, self.network.origin, self.session)
        self.context = self.stack.enter_context(opened)
        self.context.add_init_script(CLOCK)
        self.page = self.context.new_page()

    def close(self) -> None:
        """Close the browser, or what its death left of it."""
        with suppress(Error):
            self.stack.close()
        self.stack = ExitStack()

    def arrive(self, pairing: str) -> None:
        """Make a shared tablet known and open it, or sign in; wait until all sheets are kept."""
        assert self.page is not None
        if self.session is None:
            pair(self.page, self.network.origin, pairing)
            show_badge(self.page, self.badge)
        else:
            open_home(self.page, self.network.origin)
        wait_until_kept(self.page, len(self.sheets))

    def come_back(self) -> None:
        """After a death: a shared tablet wants the badge again, with or without a network."""
        assert self.page is not None
        if self.session is None:
            self.page.goto(f"{self.network.origin}/j/")
            self.page.wait_for_selector("body[data-ready]")
            show_badge(self.page, self.badge)
        self.turn_to(self.code)

    def set_clock(self, hours: int) -> None:
        """Let the tablet's clock be wrong from the next page on."""
        assert self.page is not None
        self.page.evaluate("hours => localStorage.setItem('hours wrong', hours)", hours)
        self.turn_to(self.code)

    def turn_to(self, code: str) -> Page:
        """Open a sheet; it was kept on the tablet, so no network is needed."""
        assert self.page is not None
        self.code = code
        open_sheet(self.page, self.network.origin, self.sheets[code])
        return self.page

    def touch(self, number: int) -> None:
        """Mark one aspect and wait until the screen says that it is kept."""
        assert self.page is not None
        mark_quickly(self.page, number)
        self.page.wait_for_function(
            "([card, states]) => states.includes("
            "document.querySelector(card + ' .saved')?.dataset.state)",
            arg=[f"#aspect-A{number + 1}", list(CONFIRMED)],
            timeout=20_000,
        )
        self.confirmed.add((self.sheets[self.code], f"A{number + 1}"))


def main(seed: int) -> int:
    """Play the story; say what was lost, or how many marks were kept."""
    for name in [name for name in os.environ if name.startswith("XIANGJIANG_")]:
        del os.environ[name]  # never on a house that somebody uses
    luck = random.Random(seed)
    began = time.monotonic()
    print(f"rehearsal, seed {seed}: {JUDGES} judges, {CODES} codes, {ASPECTS} aspects", flush=True)
    with tempfile.TemporaryDirectory(prefix="xiangjiang-rehearsal-") as text, ExitStack() as stack:
        folder = Path(text)
        server = stack.enter_context(serving(folder / "data", LIMIT_FACTOR="0"))
        seeded = seed_sheets(server, judges=JUDGES, codes=CODES, aspects=ASPECTS)
        playwright = stack.enter_context(sync_playwright())
        judges = [a_judge(seat, seeded, folder, server, stack) for seat in sorted(seeded.sheets)]
        for judge in judges:
            stack.callback(judge.close)
        arrive(judges, seeded, playwright)
        struck = play(judges, server, playwright, luck)
        problems = [*lost(judges, server), *finish(judges, server, seeded, playwright)]
        problems += broken(server)
    print(f"met: {', '.join(f'{name} {count}' for name, count in sorted(struck.items()))}")
    kept = sum(len(judge.confirmed) for judge in judges)
    print("\n".join(problems) or f"all {kept} confirmed marks are in the ledger once")
    print(f"{'FAILED' if problems else 'passed'} after {time.monotonic() - began:.0f} s")
    return 1 if problems else 0


def a_judge(seat: str, seeded: Seeded, folder: Path, server: Server, stack: ExitStack) -> Judge:
    """Give a judge a tablet on a network of its own; all but the first share one by a badge."""
    network = stack.enter_context(faulty_network(server.origin))
    session = seeded.sessions[seat] if seat == "J1" else None
    return Judge(seat, session, seeded.badges[seat], seeded.sheets[seat], folder / seat, network)


def arrive(judges: list[Judge], seeded: Seeded, playwright: Playwright) -> None:
    """Open every tablet while the network still holds."""
    for judge in judges:
        judge.open(playwright)
        judge.arrive(seeded.pairing)


def play(
    judges: list[Judge], server: Server, playwright: Playwright, luck: random.Random
) -> Counter[str]:
    """Let the judges mark in turns while misfortune strikes; return how often it did."""
    struck: Counter[str] = Counter()
    for code in sorted(judges[0].sheets):
        for judge in judges:
            judge.turn_to(code)
        for number, judge in product(range(ASPECTS), judges):
            for name in (name for name, chance in STRIKES.items() if luck.randrange(100) < chance):
                struck[name] += 1
                strike(name, judge, server, playwright, luck)
            judge.touch(number)
    for judge in judges:
        judge.network.is_down = False
        judge.network.faults.clear()
        settle(judge)
    return struck


def strike(
    name: str, judge: Judge, server: Server, playwright: Playwright, luck: random.Random
) -> None:
    """Let one misfortune happen to a judge."""
    if name == "network":
        judge.network.is_down = not judge.network.is_down
    elif name == "faults":
        judge.network.faults += luck.sample(FAULTS, luck.randrange(1, 4))
    elif name == "reload":
        judge.turn_to(judge.code)
    elif name == "clock":
        judge.set_clock(luck.choice(HOURS_WRONG))
    elif name == "disk":
        fill_disk(judge)
    elif name == "server":
        server.die_and_rise()
    else:
        die(judge, playwright, is_touched=name == "mid-touch")


def die(judge: Judge, playwright: Playwright, *, is_touched: bool) -> None:
    """Let the battery die, perhaps under a finger, and the tablet be started again."""
    if is_touched:
        assert judge.page is not None
        judge.page.evaluate(f"() => setTimeout(() => ({TOUCH})(['#aspect-A1', 2]))")
    kill_browser(judge.profile)
    judge.close()
    judge.open(playwright)
    judge.come_back()


def fill_disk(judge: Judge) -> None:
    """Let one touch find no room: the screen must say so, and nothing may look kept."""
    assert judge.page is not None
    judge.page.evaluate(FULL)
    mark_quickly(judge.page, 0, 1 if judge.page.locator("#aspect-A1 .choice").count() else 0)
    wait_for_state(judge.page, "没有存上")
    judge.turn_to(judge.code)


def settle(judge: Judge) -> None:
    """Wait until the tablet says that everything has arrived."""
    for code in judge.sheets:
        page = judge.turn_to(code)
        page.evaluate("dispatchEvent(new Event('online'))")
        wait_for_state(page, "全部已入账", timeout=120)


def finish(
    judges: list[Judge], server: Server, seeded: Seeded, playwright: Playwright
) -> list[str]:
    """Submit every sheet, then sign and lock at the chief judge's desk; say what would not go."""
    for judge in judges:
        for code in sorted(judge.sheets):
            page = judge.turn_to(code)
            if judge.session is None and page.locator("#notice a[href='/j/']").is_visible():
                judge.come_back()
            sign_and_submit(page)
            wait_for_state(page, "全部已入账", timeout=60, is_hurried=True)
            if judge.session is None:
                page.wait_for_url("**/j/", timeout=30_000)
                show_badge(page, judge.badge)
    profile = judges[0].profile.parent / "chief"
    with a_tablet(playwright, profile, server.origin, seeded.sessions["chief"], "desk") as context:
        page = context.new_page()
        page.goto(f"{server.origin}/desk/sheets/{LEDGER}")
        page.locator("form[data-signing] button[type=submit]").click()
        page.locator("form[action$='/lock'] button").click()
        with page.expect_navigation():
            page.locator("dialog[open] button[value=yes]").click()
    states = rows(server, "SELECT status, count(*) FROM mark_sheet GROUP BY status")
    wanted = [("locked", JUDGES * CODES)]
    return [] if states == wanted else [f"the sheets stand as {states}, not as {wanted}"]


def lost(judges: list[Judge], server: Server) -> list[str]:
    """List the confirmed marks that are not in the ledger, or are there more than once."""
    heads = rows(
        server,
        "SELECT s.key, h.aspect, count(*) FROM mark_head h JOIN mark_sheet s ON s.id = h.sheet "
        "GROUP BY s.key, h.aspect",
    )
    found = {(key, aspect): count for key, aspect, count in heads}
    return [
        f"{judge.seat} {key} {aspect}: {found.get((key, aspect), 0)} times in the ledger"
        for judge in judges
        for key, aspect in sorted(judge.confirmed)
        if found.get((key, aspect), 0) != 1
    ]


def broken(server: Server) -> list[str]:
    """List what is wrong with the ledger as a whole."""
    problems = []
    if rows(server, "SELECT record_id FROM ledger_record GROUP BY record_id HAVING count(*) > 1"):
        problems.append("a record is in the ledger twice")
    for device, first, last, count in rows(
        server,
        "SELECT device, min(device_seq), max(device_seq), count(DISTINCT device_seq) "
        "FROM ledger_record WHERE device != 'desk' GROUP BY device",
    ):
        if first != 1 or last != count:
            problems.append(f"{device}: {count} records with numbers {first} to {last}")
    try:
        run_verb(["check"], server.settings)
    except AssertionError as error:
        problems.append(str(error))
    return problems


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(10**6)))
