"""A judge's day on a bad network: what the screen confirmed is in the ledger, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from tests.browser import Server
from tests.builders.faulty_network import FaultyNetwork, faulty_network
from tests.builders.tablets import (
    a_tablet,
    accessibility_problems,
    kill_browser,
    mark,
    mark_quickly,
    open_home,
    open_sheet,
    rows,
    seed_sheets,
    sign_and_submit,
    wait_for_state,
)

pytestmark = pytest.mark.browser
ALL_RECEIVED = "全部已入账"
SENT_AGAIN = """async () => {
  const own = document.querySelector('script[type=module]').src;
  const { headsOf } = await import(own.replace('sheet.js', 'cells.js'));
  const mark = (id, ...parents) => ({ id, parents, value: '1', mark: 'marked' });
  const heads = headsOf([{ id: 'b', v: '1', m: 'marked' }], [mark('a'), mark('b', 'a')]);
  return heads.map(({ id }) => id);
}"""
"""A mark that another replaced is none beside it, though both wait again."""
HEADS = "SELECT aspect, value_e4, record_id FROM mark_head ORDER BY aspect"
NO_DATABASE = """() => {
  const real = IDBFactory.prototype.open;
  const gone = () => { throw new DOMException('gone', 'InvalidStateError'); };
  IDBDatabase.prototype.transaction = gone;
  IDBFactory.prototype.open = function (...asked) {
    const request = real.apply(this, asked);
    request.addEventListener = () => {};
    return request;
  };
}"""
"""The connection is gone, and none comes in its place."""
STRANGERS = ["400", "400", "404", "413", "413", "403", "stalled"]
"""What takes a batch of four apart, and its last mark away, where a stranger is believed."""


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    """Start what drives browsers, for one test."""
    with sync_playwright() as running:
        yield running


@pytest.fixture
def network(server: Server) -> Iterator[FaultyNetwork]:
    """Stand a network that fails on command before the server."""
    with faulty_network(server.origin) as standing:
        yield standing


class TestOfflineAndBack:
    @pytest.mark.slow
    def test_sixty_marks_without_a_network_survive_reload_and_death_and_count_once(
        self, server: Server, playwright: Playwright, tmp_path: Path, network: FaultyNetwork
    ) -> None:
        seeded = seed_sheets(server, aspects=60)
        key, profile = seeded.sheets["J1"]["001"], tmp_path / "profile"
        with a_tablet(playwright, profile, network.origin, seeded.sessions["J1"]) as context:
            page = context.new_page()
            open_home(page, network.origin)
            open_sheet(page, network.origin, key)
            network.is_down = True
            context.set_offline(True)
            for number in range(30):
                mark_quickly(page, number)
            page.reload()
            page.wait_for_selector("body[data-ready]")
            assert page.text_content("#open-count") == "30"
            page.locator("#aspect-A33 .number").click()
            page.keyboard.type("7.")
            wait_for_state(page, "30 项已存本机")
            page.wait_for_timeout(300)  # the draft has to reach the disk
            kill_browser(profile)
        with a_tablet(playwright, profile, network.origin, None) as context:
            page = context.new_page()
            open_sheet(page, network.origin, key)
            assert page.text_content("#open-count") == "30"
            assert page.input_value("#aspect-A33 .number") == "7."
            for number in range(30, 60):
                mark_quickly(page, number)
            expect(page.locator("#open-count")).to_have_text("0")  # painted when idle
            network.faults = ["lost", "portal", "torn"]
            network.is_down = False
            wait_for_state(page, ALL_RECEIVED, timeout=60, is_hurried=True)
        assert network.met == ["lost", "portal", "torn"]

        found = rows(
            server, "SELECT seq, record_id, device_seq, aspect FROM ledger_record ORDER BY seq"
        )
        assert [row[0] for row in found] == list(range(1, 61))
        assert len({row[1] for row in found}) == 60
        assert sorted(row[2] for row in found) == list(range(1, 61))
        assert rows(server, "SELECT count(*), count(DISTINCT aspect) FROM mark_head") == [(60, 60)]
        assert rows(server, "SELECT value_e4 FROM mark_head WHERE aspect = 'A33'") == [(85_000,)]

    def test_a_mark_is_not_shown_as_saved_when_it_is_not(
        self, server: Server, playwright: Playwright, tmp_path: Path
    ) -> None:
        seeded = seed_sheets(server)
        with a_tablet(
            playwright, tmp_path / "profile", server.origin, seeded.sessions["J1"]
        ) as context:
            page = context.new_page()
            open_sheet(page, server.origin, seeded.sheets["J1"]["001"])
            page.evaluate(
                "() => { IDBObjectStore.prototype.add = function () {"
                " throw new DOMException('', 'QuotaExceededError'); }; }"
            )
            page.locator("#aspect-A1 .choice").nth(2).click()

            wait_for_state(page, "没有存上")

            assert "纸质评分表" in (page.text_content("#notice") or "")
            assert (
                page.locator(".saved[data-state=saved], .saved[data-state=received]").count() == 0
            )

    def test_marks_in_the_instant_before_a_reload_are_kept(
        self, server: Server, playwright: Playwright, tmp_path: Path, network: FaultyNetwork
    ) -> None:
        seeded = seed_sheets(server, aspects=12)
        with a_tablet(
            playwright, tmp_path / "profile", network.origin, seeded.sessions["J1"]
        ) as context:
            page = context.new_page()
            page.add_init_script("delete ServiceWorkerRegistration.prototype.sync")  # only it sends
            open_home(page, network.origin)
            open_sheet(page, network.origin, seeded.sheets["J1"]["001"])
            network.is_down = True
            for number in (0, 1, 6, 7):
                # Twice the page goes without one more access to its database.
                page.evaluate(NO_DATABASE if number % 2 else "() => {}")
                with page.expect_navigation():
                    page.evaluate(
                        "card => { document.querySelector(card + ' input[type=radio]').click();"
                        " location.reload(); }",
                        f"#aspect-A{number + 1}",
                    )
                page.wait_for_selector("body[data-ready]")

            assert page.text_content("#open-count") == "8"
            meet_strangers(page, network)
        assert rows(server, "SELECT count(*) FROM mark_head") == [(4,)]


def meet_strangers(page: Page, network: FaultyNetwork) -> None:
    """Let others answer for the house, and its own answer stop half-way: everything goes on."""
    page.clock.install()
    network.faults = list(STRANGERS)
    network.is_down = False
    while network.faults:
        page.evaluate("dispatchEvent(new Event('pageshow'))")
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)  # its headers are there
    page.clock.fast_forward(15_000)
    wait_for_state(page, ALL_RECEIVED, is_hurried=True)
    assert network.met == STRANGERS


def wait_for_records(page: Page, server: Server, count: int) -> None:
    """Let a tablet send until the ledger has so many records."""
    while rows(server, "SELECT count(*) FROM ledger_record") != [(count,)]:
        page.evaluate("dispatchEvent(new Event('pageshow'))")
        page.wait_for_timeout(200)


class TestTwoTablets:
    def test_a_conflict_is_shown_on_both_and_ended_by_one_touch(
        self, server: Server, playwright: Playwright, tmp_path: Path
    ) -> None:
        seeded = seed_sheets(server)
        key, session = seeded.sheets["J1"]["001"], seeded.sessions["J1"]
        with (
            a_tablet(playwright, tmp_path / "one", server.origin, session) as one,
            a_tablet(playwright, tmp_path / "two", server.origin, session) as two,
        ):
            here, there = one.new_page(), two.new_page()
            open_sheet(here, server.origin, key)
            open_sheet(there, server.origin, key)
            one.set_offline(True)
            two.set_offline(True)
            mark(here, 0, 1)
            mark(there, 0, 3)
            one.set_offline(False)
            wait_for_state(here, ALL_RECEIVED)
            two.set_offline(False)
            there.wait_for_selector("#aspect-A1 .conflict:not([hidden])")
            assert accessibility_problems(there) == []

            there.locator("#aspect-A1 .conflict button").first.click()

            there.wait_for_selector("#aspect-A1 .conflict", state="hidden")
            wait_for_state(there, ALL_RECEIVED)
            here.evaluate("dispatchEvent(new Event('pageshow'))")
            here.wait_for_function(
                "document.querySelector('#aspect-A1 .saved').dataset.state === 'received'"
            )
        assert rows(server, "SELECT count(*) FROM ledger_record") == [(3,)]
        assert rows(server, "SELECT count(*) FROM mark_head") == [(1,)]


class TestSubmitting:
    def test_a_complete_sheet_is_submitted_offline_and_arrives(
        self, server: Server, playwright: Playwright, tmp_path: Path, network: FaultyNetwork
    ) -> None:
        seeded = seed_sheets(server)
        key, backup = seeded.sheets["J1"]["001"], tmp_path / "noon.zip"
        with a_tablet(
            playwright, tmp_path / "profile", network.origin, seeded.sessions["J1"], "phone"
        ) as context:
            page = context.new_page()
            open_home(page, network.origin)
            assert accessibility_problems(page) == []
            open_sheet(page, network.origin, key)
            assert accessibility_problems(page) == []
            assert page.is_disabled("#submit")
            mark(page, 0)
            wait_for_state(page, ALL_RECEIVED)
            server.run("backup", str(backup))
            network.is_down = True
            for number in range(6):
                mark(page, number, 1)
            sign_and_submit(page)
            page.wait_for_selector("#notice:not([hidden])")
            assert "存在本机" in (page.text_content("#notice") or "")

            network.is_down = False
            page.evaluate("dispatchEvent(new Event('online'))")
            wait_for_state(page, ALL_RECEIVED)

            page.wait_for_function(
                "document.getElementById('notice').textContent.includes('已提交并入账')"
            )
            assert page.evaluate(SENT_AGAIN) == ["b"]
            open_home(page, network.origin)
            page.wait_for_selector(".sheet-link.submitted")
            taken = rows(server, HEADS)
            server.restore(backup)
            wait_for_records(page, server, 8)
            page.wait_for_selector(".sheet-link.submitted")
        assert rows(server, HEADS) == taken
        assert rows(server, "SELECT status FROM mark_sheet") == [("submitted",)]
        assert rows(server, "SELECT kind FROM ledger_record ORDER BY seq DESC LIMIT 1") == [
            ("submit",)
        ]

    def test_targets_are_large_enough_for_gloves(
        self, server: Server, playwright: Playwright, tmp_path: Path
    ) -> None:
        seeded = seed_sheets(server)
        with a_tablet(
            playwright, tmp_path / "profile", server.origin, seeded.sessions["J1"], "phone"
        ) as context:
            page = context.new_page()
            open_sheet(page, server.origin, seeded.sheets["J1"]["001"])
            page.locator("#aspect-A3 .number").click()
            small = page.evaluate(
                """() => [...document.querySelectorAll('button, a, .face, .number')]
                  .filter((one) => one.offsetParent !== null)
                  .map((one) => [one.className, one.textContent, one.getBoundingClientRect()])
                  .filter(([, , box]) => box.width && (box.width < 48 || box.height < 48))
                  .map(([name, text, box]) => `${name} ${text} ${box.width}x${box.height}`)"""
            )
            across = page.evaluate("document.documentElement.scrollWidth - innerWidth")

        assert small == []
        assert across <= 0
