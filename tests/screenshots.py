"""Pictures of the main pages at 360, 800 and 1440 pixels: `make screenshots`.

They are for people to look at, into `var/screenshots`; two of them are the README's.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from playwright.sync_api import Browser, Page, TimeoutError

from app.demo.accounts import PASSWORD
from tests import tablet_screens
from tests.browser import (
    ROOT,
    WIDTHS,
    Server,
    chromium,
    context_of,
    run_verb,
    serving,
    settings_for,
    sign_in,
)

FOLDER = ROOT / "var" / "screenshots"
PICTURES = ROOT / "docs" / "pictures"
LINK_MS = 5000
README_PICTURES = {"home-desk": "home.png", "sheet-tablet": "sheet.png"}


@dataclass(frozen=True)
class Shot:
    """A page: where it begins, which links lead on to it, and who looks."""

    name: str
    path: str
    account: str = ""
    follow: tuple[str, ...] = ()


SHOTS = (
    Shot("home", "/"),
    Shot("competitions", "/competitions"),
    Shot("competition", "/competitions", follow=("main a[href^='/competitions/']",)),
    Shot(
        "results",
        "/competitions",
        follow=("main a[href^='/competitions/']:has-text('第三届')", "main a[href*='/events/']"),
    ),
    Shot(
        "explanation",
        "/competitions",
        follow=(
            "main a[href^='/competitions/']:has-text('第三届')",
            "main a[href*='/events/']",
            "main a[href*='/entries/']",
        ),
    ),
    Shot("specifications", "/specifications"),
    Shot("specification", "/specifications", follow=("main a[href^='/specifications/']",)),
    Shot("verify", "/verify"),
    Shot("sign-in", "/sign-in"),
    Shot("nothing-here", "/no-such-page"),
    Shot("home-english", "/?lang=en"),  # a window stays with its language, so this comes last
    Shot("desk", "/desk", "organizer"),
    Shot("desk-competitions", "/desk/competitions", "organizer"),
    Shot(
        "desk-competition",
        "/desk/competitions",
        "organizer",
        ("main a[href^='/desk/competitions/']:not([href$='/new'])",),
    ),
    Shot("desk-assessments", "/desk/assessments", "organizer"),
    Shot("desk-specifications", "/desk/specifications", "organizer"),
    *(
        Shot(
            name,
            "/desk/competitions",
            "chief",
            (
                "main a[href^='/desk/competitions/']:has-text('第三届')",
                "main a[href^='/desk/events/']",
                "nav a[href$='/results']",
                f"nav a[href$='/{name}']",
            ),
        )
        for name in ("robustness", "fairness", "analysis")
    ),
    Shot("desk-sheets", "/desk/sheets", "chief"),
    Shot("desk-certificates", "/desk/certificates", "certificates"),
    Shot("journal", "/desk/journal", "auditor"),
    Shot("accounts", "/desk/accounts", "admin"),
    Shot("tablet", "/j/", "judge1"),
    Shot("sheet", "/j/", "judge1", ("a[href^='/j/sheets/']",)),
)


def main() -> int:
    """Seed a demonstration, serve it, and take every picture; say which could not be taken."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="xiangjiang-pictures-") as text:
        data_dir = Path(text)
        settings = settings_for(data_dir, DEMO="1")
        run_verb(["migrate"], settings)
        run_verb(["seed"], settings)
        with serving(data_dir, DEMO="1") as server, chromium() as browser:
            for width in WIDTHS:
                problems += take_all(browser, server, width)
    problems += tablet_screens.take_all(FOLDER)
    print("\n".join(problems) or f"{len(list(FOLDER.iterdir()))} pictures in {FOLDER}")
    return 1 if problems else 0


def take_all(browser: Browser, server: Server, width: str) -> Iterator[str]:
    """Take every picture at one width, each account in a window of its own."""
    for account, shots in groupby(sorted(SHOTS, key=lambda s: s.account), lambda s: s.account):
        context = context_of(browser, width, has_touch=width != "desk")
        page = context.new_page()
        if account:
            sign_in(page, server.origin, account, PASSWORD)
        for shot in shots:
            if problem := take(page, server, shot, width):
                yield f"{shot.name} at {width}: {problem}"
        context.close()


def take(page: Page, server: Server, shot: Shot, width: str) -> str:
    """Take one picture; return what is wrong with the page, or nothing."""
    answer = page.goto(server.origin + shot.path)
    for selector in shot.follow:
        link = page.locator(selector).first
        try:
            link.wait_for(state="attached", timeout=LINK_MS)
        except TimeoutError:
            return f"no link {selector} on {page.url}"
        answer = page.goto(server.origin + str(link.get_attribute("href")))
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{shot.name}-{width}.png", full_page=True)
    if target := README_PICTURES.get(f"{shot.name}-{width}"):
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / target)
    status = answer.status if answer else 0
    if status >= 400 and shot.name != "nothing-here":
        return f"{status} {page.url}"
    across = int(page.evaluate("document.documentElement.scrollWidth"))
    return f"{across} pixels wide, {page.url}" if across > WIDTHS[width][0] else ""


if __name__ == "__main__":
    sys.exit(main())
