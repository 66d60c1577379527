"""The editor of rule sets in Chromium: the example follows what is typed, rows move by keys."""

import pytest
from playwright.sync_api import Browser, Page, expect

from app.demo.accounts import PASSWORD
from tests.browser import Server


@pytest.fixture
def editor(demo: Server, page: Page) -> Page:
    """Open the editor of a copy of the national preset as an organizer."""
    enter(demo, page)
    page.goto(f"{demo.origin}/desk/rule-sets/new?from=rural-national/1")
    return page


def enter(demo: Server, page: Page) -> None:
    page.goto(f"{demo.origin}/sign-in")
    page.get_by_label("登录名").fill("organizer")
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()


def test_the_example_follows_what_is_typed(editor: Page) -> None:
    panel, awards = editor.locator("#example-panel"), editor.locator("#example-awards")

    editor.get_by_label("去掉几个最高分").fill("0")
    expect(panel).to_contain_text("(8.6 + 9.2 + 8.85 + 9.05) ÷ 4")
    expect(panel).to_contain_text("去掉的最高分和最低分个数不同")
    editor.get_by_label("去掉几个最高分").fill("x")
    expect(panel).to_contain_text("各项填好后")
    editor.get_by_label("去掉几个最高分").fill("1")
    editor.get_by_label("试算的评委分数").fill("7 7.5 8 8.5 9")
    expect(panel).to_contain_text("(7.5 + 8 + 8.5) ÷ 3 = 8")
    editor.get_by_label("试算的参赛人数").fill("40")
    expect(awards).to_contain_text("40 人参赛")


def test_rows_are_added_moved_and_removed_by_keys(editor: Page) -> None:
    editor.get_by_role("button", name="加一档奖项").focus()
    editor.keyboard.press("Enter")

    fifth = editor.locator("#tier_label-4")
    expect(fifth).to_be_focused()
    editor.keyboard.type("创意奖")
    editor.get_by_role("button", name="上移").nth(4).press("Enter")
    expect(editor.locator("#tier_label-3")).to_have_value("创意奖")
    expect(editor.locator("#tier_label-3")).to_be_focused()
    editor.get_by_role("button", name="删除").nth(0).press("Enter")
    expect(editor.locator("#tier_label-0")).to_have_value("银牌")
    editor.get_by_label("不允许并列").check()
    expect(editor.locator("#example-ranking")).to_contain_text("待裁判长裁定")
    editor.get_by_label("规则名称").fill("本县规则")
    editor.get_by_label("规则编号").fill("own")
    editor.locator(".rule-save").get_by_role("button", name="建立评分规则").click()
    expect(editor.get_by_role("heading", level=1)).to_contain_text("本县规则")
    expect(editor.locator("main")).to_contain_text("创意奖")


def test_works_without_script(demo: Server, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    enter(demo, page)
    page.goto(f"{demo.origin}/desk/rule-sets/new?from=rural-national/1")

    page.get_by_label("去掉几个最高分").fill("2")
    page.get_by_label("去分后至少剩几个").fill("2")
    page.get_by_role("button", name="试算").click()

    expect(page.locator("#example-panel")).to_contain_text("(8.6 + 8.85) ÷ 2")
    expect(page.get_by_label("去掉几个最高分")).to_have_value("2")
