"""Two judges at two tablets whose scores lie too far apart, one of them without a network."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser import Server
from tests.builders.tablets import (
    a_tablet,
    accessibility_problems,
    mark,
    open_sheet,
    rows,
    seed_sheets,
    sign_and_submit,
    wait_for_state,
)
from tests.journeys.test_tablet_offline_and_back import playwright

pytestmark = pytest.mark.browser
__all__ = ("playwright",)
ALL_RECEIVED = "全部已入账"


def hurry(page: Page) -> None:
    """Let a tablet ask the house at once."""
    page.evaluate("dispatchEvent(new Event('pageshow'))")


def say_word(page: Page, word: str) -> None:
    """Write down what was said, and mark anew with the score that is chosen there."""
    page.locator("#note textarea").fill(word)
    page.locator("#note button[value=yes]").click()
    wait_for_state(page, ALL_RECEIVED)


def see_refusal_on_the_list(page: Page, origin: str) -> None:
    """Find on the own list why the sheet was not taken."""
    page.goto(f"{origin}/j/")
    expect(page.locator(".status")).to_have_text("被退回，已评 1 / 1")
    expect(page.locator(".why")).to_contain_text("提交没有收下")


def think_of_giving_no_score(page: Page) -> None:
    """Touch what gives no score: it asks for the word, as a score does; then leave it."""
    page.locator("#aspect-A1 [data-say=missing]").click()
    expect(page.locator("#note [value=missing]")).to_be_checked()
    page.locator("#note button", has_text="取消").click()


def test_scores_too_far_apart_are_talked_over_before_either_sheet_is_taken(
    server: Server, playwright: Playwright, tmp_path: Path
) -> None:
    seeded = seed_sheets(server, judges=2, aspects=1)
    with (
        a_tablet(playwright, tmp_path / "one", server.origin, seeded.sessions["J1"]) as one,
        a_tablet(playwright, tmp_path / "two", server.origin, seeded.sessions["J2"]) as two,
    ):
        first, second = one.new_page(), two.new_page()
        open_sheet(first, server.origin, seeded.sheets["J1"]["001"])
        open_sheet(second, server.origin, seeded.sheets["J2"]["001"])
        mark(first, 0, 1)
        sign_and_submit(first)
        expect(first.locator("#notice")).to_contain_text("已提交并入账")
        expect(first.locator(".others")).to_have_text("全部裁判评完后一起显示。")
        two.set_offline(True)
        mark(second, 0, 3)
        sign_and_submit(second)
        expect(second.locator("#notice")).to_contain_text("存在本机")

        two.set_offline(False)

        expect(second.locator("#notice")).to_contain_text("提交没有收下")
        expect(second.locator(".others")).to_contain_text("J1 1。相差超过 1")
        expect(second.locator("#submit")).to_be_disabled()
        assert accessibility_problems(second) == []
        see_refusal_on_the_list(second, server.origin)
        open_sheet(second, server.origin, seeded.sheets["J2"]["001"])
        hurry(first)
        expect(first.locator("#notice")).to_contain_text("评分表已退回给您")

        mark(first, 0, 2)
        expect(first.locator("#note")).to_be_visible()
        assert accessibility_problems(first) == []
        say_word(first, "背面的缺口看漏了")
        expect(first.locator(".others")).to_contain_text("您已商议并重评")
        sign_and_submit(first)
        expect(first.locator("#notice")).to_contain_text("已提交并入账")

        think_of_giving_no_score(second)
        second.get_by_role("button", name="写商议说明并重评").click()
        second.locator("#note .choice").nth(3).click()
        say_word(second, "缺口在背面，维持原评")
        expect(second.locator(".others")).to_have_text("其他裁判：J1 2")
        sign_and_submit(second)
        expect(second.locator("#notice")).to_contain_text("已提交并入账")
    assert rows(server, "SELECT status FROM mark_sheet") == [("submitted",), ("submitted",)]
    assert rows(server, "SELECT code FROM rejected_entry") == [("apart",)]
    assert rows(server, "SELECT seq FROM ledger_record WHERE kind = 'return'") == [(4,)]


def test_a_page_with_an_older_limit_follows_the_rules_of_today(
    server: Server, playwright: Playwright, tmp_path: Path
) -> None:
    seeded = seed_sheets(server, judges=2, aspects=1)
    with (
        a_tablet(playwright, tmp_path / "one", server.origin, seeded.sessions["J1"]) as one,
        a_tablet(playwright, tmp_path / "two", server.origin, seeded.sessions["J2"]) as two,
    ):
        first, second = one.new_page(), two.new_page()
        open_sheet(first, server.origin, seeded.sheets["J1"]["001"])
        open_sheet(second, server.origin, seeded.sheets["J2"]["001"])
        rows(server, """UPDATE mark_ledger SET settings = '{"max_spread": 2}'""")
        mark(first, 0, 1)
        wait_for_state(first, ALL_RECEIVED)

        mark(second, 0, 3)

        expect(second.locator(".others")).to_have_text("其他裁判：J1 1")
        sign_and_submit(second)
        expect(second.locator("#notice")).to_contain_text("已提交并入账")
