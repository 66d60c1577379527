"""The grid of a marking scheme in a browser: two hundred aspects, pasted, moved and saved."""

from playwright.sync_api import Page, expect

from app.demo.accounts import PASSWORD
from tests.browser import Server, sign_in

EVENT = "/desk/events/11/scheme"
MOST_MS_A_KEY = 16
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
}"""
KEY_MS = """() => {
  const cell = document.activeElement, started = performance.now();
  for (let n = 0; n < 40; n++) {
    cell.value += "字";
    cell.dispatchEvent(new InputEvent("input", { bubbles: true }));
    cell.getBoundingClientRect();
  }
  return (performance.now() - started) / 40;
}"""


def opened(page: Page, demo: Server) -> None:
    sign_in(page, demo.origin, "organizer", PASSWORD)
    page.goto(demo.origin + EVENT)


def titles(page: Page) -> list[str]:
    return page.locator(".line-aspect [name$='.title']").evaluate_all(
        "all => all.map(x => x.value)"
    )


def ids(page: Page) -> list[str]:
    return page.locator(".line-aspect [name$='.id']").evaluate_all("all => all.map(x => x.value)")


class TestGrid:
    def test_takes_two_hundred_rows_from_a_spreadsheet(self, page: Page, demo: Server) -> None:
        opened(page, demo)
        block = "模块\t评分大项\t类型\t评分点\t满分\n" + "\n".join(
            f"{'DE'[n // 100]}\t第 {n // 20 + 1} 项\t测量\t尺寸 {n + 1}\t0,2" for n in range(200)
        )
        page.locator(".line-aspect [name$='.title']").last.click()
        page.get_by_role("button", name="插入", exact=True).click()
        page.evaluate(PASTE, block)

        expect(page.locator("[data-said]")).to_have_text("填入 200 行")
        assert titles(page)[-200:] == [f"尺寸 {n + 1}" for n in range(200)]
        assert ids(page)[-200:] == [f"D{n}" for n in range(1, 101)] + [
            f"E{n}" for n in range(1, 101)
        ]
        expect(page.locator("[data-off]")).to_have_text("多出 40")
        page.locator(".line-aspect [name$='.title']").last.focus()
        assert page.evaluate(KEY_MS) < MOST_MS_A_KEY

    def test_is_saved_and_comes_back(self, page: Page, demo: Server) -> None:
        opened(page, demo)
        before = titles(page)
        cell = page.locator(".line-aspect [name$='.title']").nth(2)
        cell.fill("改过的名称")
        cell.press("Control+s")

        expect(page.locator(".toast")).to_contain_text("评分标准已存为第 2 版")
        assert titles(page) == [before[0], before[1], "改过的名称", *before[3:]]

    def test_keeps_a_draft_until_it_is_saved(self, page: Page, demo: Server) -> None:
        page.on("dialog", lambda dialog: dialog.accept())
        opened(page, demo)
        page.locator(".line-aspect [name$='.title']").nth(1).fill("还没有保存")
        page.locator(".line-aspect [name$='.max']").nth(1).fill("10,0")
        page.wait_for_function("Object.keys(sessionStorage).length > 0")
        page.reload()

        expect(page.locator("[data-draft]")).to_be_visible()
        page.get_by_role("button", name="恢复草稿").click()
        assert titles(page)[1] == "还没有保存"
        page.get_by_role("button", name="保存为新版本", exact=True).last.click()
        expect(page.locator(".toast")).to_contain_text("评分标准已存为第 2 版")
        expect(page.locator("[data-draft]")).to_be_hidden()

    def test_moves_rows_by_the_keyboard(self, page: Page, demo: Server) -> None:
        opened(page, demo)
        before = titles(page)
        first = page.locator(".line-aspect [name$='.title']").nth(1)
        first.press("Alt+ArrowDown")
        page.keyboard.press("Alt+ArrowDown")

        assert titles(page)[1:4] == [before[2], before[3], before[1]]
        page.locator(".line-module [name$='.title']").nth(2).press("Alt+ArrowUp")
        assert titles(page) == [before[0], *before[5:], before[2], before[3], before[1], before[4]]
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        assert titles(page) == before
