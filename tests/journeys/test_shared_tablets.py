"""A tablet that judges share: paired, opened by badge, closed after handing in, lost and found."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Server
from tests.builders.faulty_network import FaultyNetwork, faulty_network, portal
from tests.builders.tablets import (
    Seeded,
    a_tablet,
    accessibility_problems,
    mark_quickly,
    open_sheet,
    pair,
    rows,
    seed_sheets,
    show_badge,
    sign_and_submit,
    wait_for_state,
    wait_until_kept,
    what_it_keeps,
)
from tests.journeys.test_tablet_offline_and_back import playwright

pytestmark = pytest.mark.browser
__all__ = ("playwright",)
ASPECTS = 6
OPEN, CLOSE = "**/j/api/open", "**/j/api/close"
SECRETS = ("王建国", "8.5", '"001"', ">001<", "砌筑", "模块B", "墙面垂直度")
"""Who judges, what was marked, which code, which event, which scheme."""


def mark_all(page: Page, origin: str, seeded: Seeded, seat: str) -> None:
    open_sheet(page, origin, seeded.sheets[seat]["001"])
    for number in range(ASPECTS):
        mark_quickly(page, number)


def wait_for_judge(page: Page, server: Server, name: str | None) -> None:
    """Wait until the house knows who is on the tablet."""
    whose = "SELECT a.name FROM tablet AS t LEFT JOIN account AS a ON a.id = t.account"
    for _ in range(150):
        if rows(server, whose) == [(name,)]:
            return
        page.wait_for_timeout(100)
    raise AssertionError(rows(server, whose))


def scan_badge(page: Page, badge: str) -> None:
    """Let the judge go, and another camera read a badge."""
    page.locator("#leave").click()
    page.wait_for_selector("#door:not([hidden])")
    page.evaluate(f"location.hash = '#badge={badge}'")


def open_without_the_house(page: Page, badge: str) -> None:
    """Open a tablet where a portal answers, in its three ways, and where nobody does."""
    for status in (200, 403, 404):
        page.route(OPEN, portal(status))
        scan_badge(page, badge)
        page.wait_for_selector(".sheet-link")
        page.unroute(OPEN)
    page.route(OPEN, lambda _route: None)
    scan_badge(page, badge)
    expect(page.locator("#state")).to_have_text("正在打开…")
    page.clock.fast_forward("00:05")
    page.wait_for_selector(".sheet-link")
    page.unroute(OPEN)


def hand_in_unheard(page: Page) -> None:
    """Hand in where nobody answers that the judge is leaving: the door stands there in time."""
    page.route(CLOSE, lambda _route: None)
    sign_and_submit(page)
    page.wait_for_url("**/j/", timeout=7_000)
    page.unroute(CLOSE)


def let_worker_send(page: Page, origin: str) -> None:
    """Let the browser think that the network is back: the service worker sends what waits."""
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    sync = {"registrationId": found[0], "tag": "score-sync", "lastChance": False}
    session.send("ServiceWorker.dispatchSyncEvent", {"origin": origin, **sync})


def test_what_the_worker_sent_goes_on_standing_on_the_sheet(
    server: Server, playwright, tmp_path: Path
) -> None:
    seeded = seed_sheets(server, aspects=ASPECTS)
    with (
        faulty_network(server.origin) as network,
        a_tablet(playwright, tmp_path / "shared", network.origin, None) as context,
    ):
        page = context.new_page()
        pair(page, network.origin, seeded.pairing)
        show_badge(page, seeded.badges["J1"])
        wait_until_kept(page, 1)
        page.route(
            "**/j/api/sync", lambda route: route.abort()
        )  # only the worker reaches the house
        mark_all(page, network.origin, seeded, "J1")
        wait_for_state(page, "等待网络")
        network.faults = ["lost"]  # taken in, and not told
        let_worker_send(page, network.origin)
        wait_until_met(page, network)
        let_worker_send(page, network.origin)

        expect(page.locator("#aspect-A1 .saved")).to_have_text("已入账")
        assert page.text_content("#open-count") == "0"
        assert page.locator("#aspect-A1 .choice input").nth(2).is_checked()
        page.goto(f"{network.origin}/j/")
        expect(page.locator(".sheet-link .status")).to_have_text("已评 6 / 6")
        open_sheet(page, network.origin, seeded.sheets["J1"]["001"])
        page.unroute("**/j/api/sync")
        wait_for_state(page, "全部已入账", is_hurried=True)
        expect(page.locator("#open-count")).to_have_text("0")


def wait_until_met(page: Page, network: FaultyNetwork) -> None:
    """Wait until every fault has struck."""
    while network.faults:
        page.wait_for_timeout(50)


def test_one_judge_after_another_and_nothing_left_behind(
    server: Server, playwright, tmp_path: Path
) -> None:
    seeded = seed_sheets(server, judges=2, codes=2, aspects=ASPECTS)
    with a_tablet(playwright, tmp_path / "shared", server.origin, None) as context:
        page = context.new_page()
        page.goto(f"{server.origin}/j/")
        page.wait_for_selector("#unpaired:not([hidden])")
        assert accessibility_problems(page) == []
        pair(page, server.origin, seeded.pairing)
        assert accessibility_problems(page) == []

        show_badge(page, seeded.badges["J1"])
        assert page.text_content("#judge") == "王建国"
        mark_all(page, server.origin, seeded, "J1")
        wait_for_state(page, "全部已入账")
        hand_in_unheard(page)

        expect(page.locator("#door")).to_be_visible()
        assert page.locator(".sheet-link").count() == 0
        kept = what_it_keeps(page)
        assert not [word for word in SECRETS if word in kept]

        show_badge(page, seeded.badges["J2"])
        assert page.text_content("#judge") == "李秀兰"
        page.goto(f"{server.origin}/j/sheets/{seeded.sheets['J1']['001']}")
        page.wait_for_selector("body[data-ready]")
        expect(page.locator("#notice")).to_contain_text("不是分配给您的")
        assert not page.locator("#aspects").is_visible()
        page.goto(f"{server.origin}/j/")

        context.set_offline(True)
        page.locator("#leave").click()
        show_badge(page, seeded.badges["J1"])
        assert page.text_content("#judge") == "王建国"
        context.set_offline(False)
        wait_for_judge(page, server, "王建国")  # opened without a network
        context.set_offline(True)
        page.locator("#leave").click()
        page.wait_for_selector("#door:not([hidden])")
        context.set_offline(False)
        wait_for_judge(page, server, None)  # left without a network
    assert rows(server, "SELECT status FROM mark_sheet WHERE seat = 'J1' ORDER BY id") == [
        ("submitted",),
        ("open",),
    ]
    assert rows(server, "SELECT count(*) FROM sheet_file") == [(1,)]
    assert rows(server, "SELECT count(*) FROM rejected_entry") == [(0,)]


def test_is_closed_when_left_alone_and_in_every_window(
    server: Server, playwright, tmp_path: Path
) -> None:
    seeded = seed_sheets(server, aspects=ASPECTS)
    with a_tablet(playwright, tmp_path / "shared", server.origin, None) as context:
        context.clock.install()
        page, second = context.new_page(), context.new_page()
        pair(page, server.origin, seeded.pairing)
        for window in (page, second):  # eight touches in a window that lies behind take long
            window.goto(f"{server.origin}/j/#badge={seeded.badges['J1']}")
            window.wait_for_selector(".sheet-link")
        second.goto(f"{server.origin}/j/sheets/{seeded.sheets['J1']['001']}")
        second.wait_for_selector("body[data-ready]")
        counter = second.locator("#aspect-A4 [data-step='1']")
        counter.click(click_count=2, delay=200)
        expect(second.locator("#aspect-A4 .number")).to_have_value("2")
        with second.expect_navigation():
            second.evaluate(
                "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
            )

        page.locator("#leave").click()
        second.wait_for_url("**/j/")
        expect(second.locator("#door")).to_be_visible()
        second.close()
        show_badge(page, seeded.badges["J1"])
        open_without_the_house(page, seeded.badges["J1"])
        context.clock.fast_forward("09:00")
        expect(page.locator("#leave")).to_be_visible()
        context.clock.fast_forward("01:30")
        expect(page.locator("#door")).to_be_visible()
        assert "王建国" not in what_it_keeps(page)

        context.clock.fast_forward("11:00")
        page.evaluate(f"location.hash = '#badge={seeded.badges['J1']}'")
        expect(page.locator("#leave")).to_be_visible()
        context.clock.fast_forward("00:40")
        page.wait_for_timeout(300)
        expect(page.locator("#leave")).to_be_visible()


def test_one_that_was_struck_off_forgets_everything_and_keeps_what_was_not_sent(
    server: Server, playwright, tmp_path: Path
) -> None:
    seeded = seed_sheets(server, aspects=ASPECTS)
    with a_tablet(playwright, tmp_path / "lost", server.origin, None) as context:
        page = context.new_page()
        pair(page, server.origin, seeded.pairing)
        show_badge(page, seeded.badges["J1"])
        wait_until_kept(page, 1)
        context.set_offline(True)
        mark_all(page, server.origin, seeded, "J1")
        wait_for_state(page, "6 项已存本机")
        with a_tablet(
            playwright, tmp_path / "desk", server.origin, seeded.sessions["chief"], "desk"
        ) as desk:
            chief = desk.new_page()
            chief.goto(f"{server.origin}/desk/tablets")
            chief.locator(".acts summary").click()
            chief.get_by_label("停用的原因").fill("遗失")
            chief.get_by_role("button", name="停用").click()
            expect(chief.locator("tbody")).to_contain_text("已停用")

        context.set_offline(False)
        page.wait_for_url("**/j/")
        expect(page.locator("#notice")).to_contain_text("这台平板已停用")
        kept = what_it_keeps(page)
        assert not [word for word in SECRETS if word in kept]
        assert kept.count('"sealed"') == ASPECTS
        assert accessibility_problems(page) == []


def test_the_fitness_test_says_go_and_the_desk_sees_it(
    server: Server, playwright, tmp_path: Path
) -> None:
    seeded = seed_sheets(server)
    with a_tablet(playwright, tmp_path / "fit", server.origin, None) as context:
        page = context.new_page()
        pair(page, server.origin, seeded.pairing)
        page.goto(f"{server.origin}/j/check")
        page.wait_for_selector("body[data-ready]")
        expect(page.locator("#verdict")).to_have_text("可以用来评分")
        expect(page.locator("#notice")).to_contain_text("请关闭浏览器")
        assert accessibility_problems(page) == []
    with a_tablet(playwright, tmp_path / "fit", server.origin, None) as context:
        page = context.new_page()
        page.goto(f"{server.origin}/j/check")
        page.wait_for_selector("body[data-ready]")
        expect(page.get_by_role("row").filter(has_text="重开后数据还在")).to_contain_text("合格")
    [(label, fitness)] = rows(server, "SELECT label, fitness FROM tablet")
    assert label == "平板01"
    assert "no_go" not in fitness
