"""The verification page in a real Chromium: the fragment is checked there and never sent."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import Server, Watch
from tests.builders.public_certificates import issue_on

NAME = "阿依古丽·买买提"
NO_ED25519 = """
const real = crypto.subtle && crypto.subtle.importKey.bind(crypto.subtle);
if (real) crypto.subtle.importKey = (...given) =>
  given[2] && given[2].name === 'Ed25519' ? Promise.reject(new Error('no')) : real(...given);
"""


@pytest.fixture
def certificates(server: Server) -> list[dict[str, Any]]:
    """Issue two certificates and list them as an operator does."""
    return issue_on(server, NAME, "李四")


def opened(page: Page, address: str) -> dict[str, str]:
    """Open an address and wait until the page has said what it checked."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("html[data-checked]")
    shown = {
        name: (page.text_content(f"#{name}") or "").strip()
        for name in ("verdict-word", "verdict-sentence", "checked", "paper-name")
    }
    return shown | {"verdict": page.get_attribute("#verdict", "data-verdict") or ""}


def test_the_paper_is_verified_in_the_browser_and_nothing_of_it_sent(
    certificates, page, watch: Watch
):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    mine, other = certificates
    digits = mine["page"].partition("#")[2]
    forged = mine["page"][:-9] + str((int(mine["page"][-9]) + 1) % 10) + mine["page"][-8:]
    watch.expect("404")

    whole = opened(page, mine["page"])
    without = opened(page, mine["page"].partition("#")[0])
    changed = opened(page, forged)
    swapped = opened(page, mine["page"].partition("#")[0] + "#" + other["page"].partition("#")[2])
    unknown = opened(page, mine["page"].replace(mine["id"], "0" * 16))

    assert (whole["verdict"], whole["paper-name"]) == ("valid", NAME)
    assert "完全一致" in whole["checked"]
    assert (without["verdict"], without["paper-name"]) == ("valid", "")
    assert "只查询了登记" in without["checked"]
    assert (changed["verdict"], changed["paper-name"]) == ("forged", "")
    assert swapped["verdict"] == "uncertain"
    assert "验证码" in swapped["verdict-sentence"]
    assert unknown["verdict"] == "unregistered"
    assert not any(digits[:40] in url.partition("#")[0] for url in asked)


def test_a_browser_without_ed25519_uses_the_library(certificates, page):
    page.context.add_init_script(NO_ED25519)
    forged = certificates[0]["page"][:-9] + str((int(certificates[0]["page"][-9]) + 1) % 10)
    forged += certificates[0]["page"][-8:]

    assert opened(page, certificates[0]["page"])["verdict"] == "valid"
    assert opened(page, forged)["verdict"] == "forged"


def test_a_browser_without_script_says_that_only_the_register_was_asked(certificates, browser):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(certificates[0]["page"])

    assert "只查询了登记" in (page.text_content("#checked") or "")
    assert "阿**" in (page.text_content("main") or "")
    assert NAME not in page.content()
    context.close()


def test_a_browser_that_can_verify_nothing_says_so(certificates, page, watch: Watch):
    page.context.add_init_script(NO_ED25519)
    page.route("**/noble-ed25519.js", lambda route: route.abort())
    watch.expect("noble-ed25519")

    shown = opened(page, certificates[0]["page"])

    assert (shown["verdict"], shown["paper-name"]) == ("valid", "")
    assert "这个浏览器不能验证签名" in shown["checked"]
