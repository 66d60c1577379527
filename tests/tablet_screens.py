"""Every state of the tablet's pages as pictures, each looked at by axe: part of `make screenshots`.

One story is played at each size: a tablet is paired, opened by badge, marked on with everything
that can go wrong, handed in, and struck off.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, Playwright, sync_playwright

from tests import browser
from tests.browser import Server, serving
from tests.builders.pictures import a_picture
from tests.builders.sheets import LEDGER
from tests.builders.tablets import (
    Seeded,
    a_tablet,
    accessibility_problems,
    mark_quickly,
    open_home,
    open_sheet,
    pair,
    seed_sheets,
    show_badge,
    sign_and_submit,
    wait_for_state,
    wait_until_kept,
)

SIZES = {
    "phone": (360, 760),
    "portrait": (800, 1280),
    "landscape": (1280, 800),
    "desk-size": (1440, 900),
}
ASPECTS = 6
Take = Callable[[str], None]


def take_all(folder: Path) -> list[str]:
    """Take every picture at every size; return what axe or the width has against them."""
    problems: list[str] = []
    with sync_playwright() as playwright:
        for name, size in SIZES.items():
            with tempfile.TemporaryDirectory(prefix="xiangjiang-tablet-") as text:
                browser.WIDTHS[name] = size
                with serving(Path(text) / "data", LIMIT_FACTOR="0") as server:
                    story = Story(playwright, server, Path(text), name)
                    problems += story.play(folder)
    return problems


class Story:
    """One tablet's day at one size."""

    def __init__(self, playwright: Playwright, server: Server, folder: Path, size: str) -> None:
        self.playwright = playwright
        self.server = server
        self.folder = folder
        self.size = size
        self.seeded: Seeded = seed_sheets(server, judges=2, codes=4, aspects=ASPECTS)
        self.own = self.seeded.sheets["J1"]["001"]

    def play(self, folder: Path) -> Iterator[str]:
        """Take the pictures one after another; give every problem found on the way."""
        problems: list[str] = []
        with ExitStack() as stack:
            page = self.window(stack, "shared", None)
            chief = self.window(stack, "chief", self.seeded.sessions["chief"])

            def take(name: str) -> None:
                page.wait_for_timeout(300)
                page.screenshot(path=folder / f"tablet-{name}-{self.size}.png")
                across = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                wide = ["wider than the screen"] if across > 0 else []
                found = [*accessibility_problems(page), *wide]
                problems.extend(f"tablet-{name} at {self.size}: {item}" for item in found)

            self.arrive(page, take)
            self.mark(stack, page, take)
            self.hand_in(page, chief, take)
        yield from problems

    def window(self, stack: ExitStack, name: str, session: str | None) -> Page:
        """Open a tablet of its own."""
        opened = a_tablet(
            self.playwright, self.folder / name, self.server.origin, session, self.size
        )
        return stack.enter_context(opened).new_page()

    def arrive(self, page: Page, take: Take) -> None:
        """Be made known, found fit, opened by a wrong badge and by the right one."""
        page.goto(f"{self.server.origin}/j/")
        page.wait_for_selector("body[data-ready]")
        take("unpaired")
        pair(page, self.server.origin, self.seeded.pairing)
        take("locked")
        page.goto(f"{self.server.origin}/j/check")
        page.wait_for_selector("body[data-ready]")
        take("fitness")
        page.goto(f"{self.server.origin}/j/")
        page.wait_for_selector("body[data-ready]")
        for digit in "00000000":
            page.locator(f"[data-digit='{digit}']").click()
        page.wait_for_selector("#door-fault:not(:empty)")
        take("wrong-badge")
        show_badge(page, self.seeded.badges["J1"])
        wait_until_kept(page, 4)
        take("list")
        page.goto(f"{self.server.origin}/j/sheets/{self.own}")
        page.wait_for_selector("body[data-ready]")
        take("place")
        page.locator("[data-code='002']").click()
        take("wrong-place")
        page.locator("[data-code='001']").click()
        take("empty")

    def mark(self, stack: ExitStack, page: Page, take: Take) -> None:
        """Mark with a wrong number, without a network, apart from others, and in conflict."""
        twin = self.window(stack, "twin", self.seeded.sessions["J1"])
        open_home(twin, self.server.origin)
        open_sheet(twin, self.server.origin, self.own)
        twin.context.set_offline(True)
        number = page.locator("#aspect-A3 .number")
        number.click()
        take("keypad")
        for key in ("9", "9"):
            page.locator(f"#keypad [data-key='{key}']").click()
        page.locator("#keypad [data-key=done]").click()
        take("fault")
        page.locator("#keypad [data-key=close]").click()
        page.context.set_offline(True)
        for place in range(ASPECTS):
            mark_quickly(page, place, 0)
        wait_for_state(page, "等待网络")
        take("offline")
        page.context.set_offline(False)
        wait_for_state(page, "全部已入账", is_hurried=True)
        take("received")
        self.take_note(page, take)
        self.let_others_mark(stack, twin)
        self.talk(page, take)
        page.wait_for_selector("#aspect-A2 .conflict:not([hidden])")
        page.locator("#aspect-A2").scroll_into_view_if_needed()
        take("conflict")
        page.locator("#aspect-A2 .conflict button").first.click()
        wait_for_state(page, "全部已入账", is_hurried=True)

    def take_note(self, page: Page, take: Take) -> None:
        """Write a note with a photo, and look at it."""
        page.locator("#aspect-A2 [data-note]").click()
        take("note")
        page.locator("#note textarea").fill("右上角缺损，长约 3 厘米")
        (self.folder / "photo.jpg").write_bytes(a_picture(900, 600))
        page.locator("#note input[type=file]").set_input_files(self.folder / "photo.jpg")
        page.locator("#note button[value=yes]").click()
        page.locator("[data-photo]").click()
        page.wait_for_function("document.querySelector('.pictures img')?.naturalWidth > 0")
        take("photos")
        page.locator("#photos button").click()

    def talk(self, page: Page, take: Take) -> None:
        """Be too far apart, and talk it over."""
        page.evaluate("dispatchEvent(new Event('pageshow'))")
        page.wait_for_selector("#aspect-A1 .others.apart")
        take("apart")
        page.locator("#aspect-A1 [data-discuss]").click()
        take("discussion")
        page.locator("#note textarea").fill("重看灰缝，按基本要求计")
        page.locator("#note .again .choice").nth(2).click()
        page.locator("#note button[value=yes]").click()
        page.locator("#aspect-A1").scroll_into_view_if_needed()
        take("talked")

    def let_others_mark(self, stack: ExitStack, twin: Page) -> None:
        """Let another seat judge far apart, and the same judge mark on a second tablet."""
        other = self.window(stack, "other", self.seeded.sessions["J2"])
        open_sheet(other, self.server.origin, self.seeded.sheets["J2"]["001"])
        mark_quickly(other, 0, 3)
        wait_for_state(other, "全部已入账")
        mark_quickly(twin, 1, 1)
        twin.context.set_offline(False)
        wait_for_state(twin, "全部已入账", is_hurried=True)

    def hand_in(self, page: Page, chief: Page, take: Take) -> None:
        """Show the sum in the sun, sign, hand in, be told of a return, and be struck off."""
        chief.goto(f"{self.server.origin}/desk/sheets/{LEDGER}")
        chief.locator("details:has(form[action$='/settings']) summary").click()
        chief.get_by_label("评分时显示合计").check()
        chief.locator("form[action$='/settings'] button").click()
        page.reload()
        page.wait_for_selector("body[data-ready]")
        page.locator("[data-theme]").click()
        page.locator("#submit").scroll_into_view_if_needed()
        take("sunlight")
        page.locator("[data-theme]").click()
        page.locator("#submit").click()
        take("signing")
        page.locator("#summary button[value='']").click()
        sign_and_submit(page)
        page.wait_for_selector("#farewell:not([hidden])")
        take("submitted")
        page.wait_for_url("**/j/")
        chief.goto(f"{self.server.origin}/desk/sheets/{LEDGER}/sheets/{self.own}")
        chief.locator("form[action$='/return'] [name=reason]").fill("A3 请重新测量")
        chief.locator("form[action$='/return'] button").click()
        show_badge(page, self.seeded.badges["J1"])
        page.wait_for_selector(".status.returned")
        open_sheet(page, self.server.origin, self.own)
        take("returned")
        self.stray(page, take)
        chief.goto(f"{self.server.origin}/desk/tablets")
        acts = chief.get_by_role("row").filter(has_text="平板01")
        acts.locator("summary").click()
        acts.get_by_label("停用的原因").fill("遗失")
        acts.get_by_role("button", name="停用").click()
        page.goto(f"{self.server.origin}/j/")
        page.wait_for_function("document.getElementById('notice').textContent.includes('已停用')")
        take("revoked")

    def stray(self, page: Page, take: Take) -> None:
        """Open another judge's sheet, and one that was not kept."""
        page.goto(f"{self.server.origin}/j/sheets/{self.seeded.sheets['J2']['001']}")
        page.wait_for_selector("body[data-ready]")
        take("not-yours")
        page.context.set_offline(True)
        page.goto(f"{self.server.origin}/j/sheets/nowhere")
        page.wait_for_selector("body[data-ready]")
        take("not-kept")
        page.context.set_offline(False)
