"""The long rehearsal with faults: `make rehearse`.

Judges mark every sheet through real browsers and networks that fail, while browsers and the server
die. Exit 0 only when every mark that a screen confirmed is in the ledger, once, and `check` finds
every chain whole. The story is drawn from a seed: `python -m tests.rehearsal SEED` plays it again.
"""

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
from tests.builders.tablets import (
    Seeded,
    a_tablet,
    kill_browser,
    mark,
    open_home,
    open_sheet,
    rows,
    seed_sheets,
    wait_for_state,
)

JUDGES, CODES, ASPECTS = 3, 4, 42
CONFIRMED = "saved", "sent", "received"
FAULTS = ("500", "lost", "torn", "portal", "429")
# How often, of a hundred touches, each misfortune strikes.
STRIKES = {"network": 12, "faults": 15, "reload": 6, "browser": 2, "server": 1}


@dataclass
class Judge:
    """A judge, the tablet, and what its screen has confirmed."""

    seat: str
    session: str
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
        self.page = self.context.new_page()

    def close(self) -> None:
        """Close the browser, or what its death left of it."""
        with suppress(Error):
            self.stack.close()
        self.stack = ExitStack()

    def turn_to(self, code: str) -> Page:
        """Open a sheet; it was kept on the tablet, so no network is needed."""
        assert self.page is not None
        self.code = code
        open_sheet(self.page, self.network.origin, self.sheets[code])
        return self.page

    def touch(self, number: int) -> None:
        """Mark one aspect and wait until the screen says that it is kept."""
        assert self.page is not None
        mark(self.page, number)
        self.page.wait_for_function(
            "([card, states]) => states.includes("
            "document.querySelector(card + ' .saved')?.dataset.state)",
            arg=[f"#aspect-A{number + 1}", list(CONFIRMED)],
            timeout=20_000,
        )
        self.confirmed.add((self.sheets[self.code], f"A{number + 1}"))


def main(seed: int) -> int:
    """Play the story; say what was lost, or how many marks were kept."""
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
        struck = play(judges, server, playwright, luck)
        problems = [*lost(judges, server), *broken(server)]
    print(f"met: {', '.join(f'{name} {count}' for name, count in sorted(struck.items()))}")
    kept = sum(len(judge.confirmed) for judge in judges)
    print("\n".join(problems) or f"all {kept} confirmed marks are in the ledger once")
    print(f"{'FAILED' if problems else 'passed'} after {time.monotonic() - began:.0f} s")
    return 1 if problems else 0


def a_judge(seat: str, seeded: Seeded, folder: Path, server: Server, stack: ExitStack) -> Judge:
    """Give a judge a tablet on a network of its own."""
    network = stack.enter_context(faulty_network(server.origin))
    return Judge(seat, seeded.sessions[seat], seeded.sheets[seat], folder / seat, network)


def play(
    judges: list[Judge], server: Server, playwright: Playwright, luck: random.Random
) -> Counter[str]:
    """Let the judges mark in turns while misfortune strikes; return how often it did."""
    struck: Counter[str] = Counter()
    for judge in judges:
        judge.open(playwright)
        assert judge.page is not None
        open_home(judge.page, judge.network.origin)
        for code in judge.sheets:
            judge.turn_to(code)
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
    elif name == "browser":
        kill_browser(judge.profile)
        judge.close()
        judge.open(playwright)
        judge.turn_to(judge.code)
    elif name == "server":
        server.die_and_rise()


def settle(judge: Judge) -> None:
    """Wait until the tablet says that everything has arrived."""
    for code in judge.sheets:
        page = judge.turn_to(code)
        page.evaluate("dispatchEvent(new Event('online'))")
        wait_for_state(page, "全部已入账", timeout=120)


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
