"""People at screens: each has a browser window of their own and acts by the words on the page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import Server, Watch
from tests.builders.tablets import say_place

PASSWORD = "three quiet water buffaloes"
WINDOWS = {"desk": (1440, 900), "tablet": (800, 1280)}
LINK = re.compile(r"https?://[^\s<>\"]+/invitations/[\w-]+")
COUNT = r"(\s*\d+(项待办理)?)?"
OPTIONAL = r"(\s*（选填）)?"


@dataclass
class Person:
    """Somebody at a screen; `never` are words that no page of theirs may hold."""

    page: Page
    origin: str
    never: set[str] = field(default_factory=set)

    def go(self, path: str) -> None:
        """Type an address of the house."""
        self.page.goto(self.origin + path)
        self.looks()

    def follow(self, word: str, within: str = "body") -> None:
        """Click a link by its words; a count may stand behind them."""
        name = re.compile(rf"^{re.escape(word)}{COUNT}$")
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role("link", name=name).first.click()
        self.looks()

    def press(self, word: str, at: Locator | None = None) -> None:
        """Press a button by its words and wait for the answer."""
        place = at or self.page.locator("body")
        with self.page.expect_navigation():
            place.get_by_role("button", name=word, exact=True).click()
        self.looks()

    def press_and_confirm(self, word: str) -> None:
        """Press a button that asks back, and again in what asks."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=word, exact=True).click()
            asking = self.page.locator("dialog[open]")
            asking.get_by_role("button", name=word, exact=True).click()
        self.looks()

    def fill(self, answers: Mapping[str, str], at: Locator | None = None) -> None:
        """Fill fields by their labels; of a drop-down, choose by the word."""
        place = at or self.page.locator("main")
        for label, answer in answers.items():
            found = place.get_by_label(re.compile(f"^{re.escape(label)}{OPTIONAL}$"))
            if found.evaluate("field => field.tagName") == "SELECT":
                found.select_option(label=answer)
            else:
                found.fill(answer)

    def tick(self, label: str) -> None:
        """Tick a box by its label."""
        self.page.get_by_label(label, exact=True).check()

    def sees(self, *words: str) -> None:
        """Wait until each of these words can be read somewhere on the page."""
        for word in words:
            expect(self.page.locator("body")).to_contain_text(word)
        self.looks()

    def sees_written(self, *words: str) -> None:
        """Find each of these words in the fields as the server fills them, folded away or not."""
        written = self.page.request.get(self.page.url).text()
        assert [word for word in words if word not in written] == [], self.page.url
        self.looks()

    def looks(self) -> None:
        """Find no word on the page, seen or unseen, that may not be there."""
        shown = self.page.content() if self.never else ""
        assert [word for word in self.never if word in shown] == [], self.page.url

    def look_around(self) -> None:
        """Open everything that this page's bars lead to."""
        links = self.page.locator("header a, nav a").all()
        for path in sorted({str(link.get_attribute("href")) for link in links}):
            if path.startswith("/"):
                self.go(path)

    def row(self, word: str) -> Locator:
        """Return the row of a table that holds a word."""
        return self.page.get_by_role("row").filter(has_text=word)

    def table(self, *columns: str) -> list[tuple[str, ...]]:
        """Read these columns of the first table, by their heads."""
        table = self.page.get_by_role("table").first
        heads = table.locator("thead th").all_inner_texts()
        places = [heads.index(column) for column in columns]
        rows = [row.inner_text().split("\t") for row in table.locator("tbody tr").all()]
        return [tuple(cells[place].strip() for place in places) for cells in rows]

    def pairs(self, key: str, value: str) -> dict[str, str]:
        """Read two columns of the first table, one by the other."""
        return {cells[0]: cells[1] for cells in self.table(key, value)}

    def upload(self, workbook: Path) -> None:
        """Upload a workbook and wait until every cell was checked."""
        self.page.get_by_label("填好的表格").set_input_files(workbook)
        self.press("上传并检查")
        expect(self.page.get_by_text("表格共")).to_be_visible()

    def figure(self, word: str) -> str:
        """Return the figure above a word, such as how many rows a table has."""
        term = self.page.get_by_role("term").filter(has_text=re.compile(f"^{re.escape(word)}$"))
        return term.locator("xpath=..").get_by_role("definition").inner_text().strip()

    def take(self, word: str, folder: Path, role: str = "link") -> Path:
        """Click what gives a file, and keep the file."""
        with self.page.expect_download() as coming:
            self.page.get_by_role(role, name=word, exact=True).click()  # type: ignore[arg-type]
        path = folder / coming.value.suggested_filename
        coming.value.save_as(path)
        return path

    def print_out(self, word: str, folder: Path) -> Path:
        """Keep the PDF that a link opens in the browser's own viewer."""
        address = self.page.get_by_role("link", name=word, exact=True).get_attribute("href")
        answer = self.page.context.request.get(f"{self.origin}{address}")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
        path = folder / f"{word}.pdf"
        path.write_bytes(answer.body())
        return path

    def sign_in(self, name: str) -> None:
        """Sign in on the page that asks for it."""
        self.fill({"登录名": name, "密码": PASSWORD})
        self.press("登录", self.page.locator("main"))

    def take_invitation(self, link: str) -> None:
        """Open a one-time link, set a password, sign in."""
        self.page.goto(link)
        self.fill({"新密码": PASSWORD, "再输一次": PASSWORD})
        name = self.page.locator(".lead").inner_text().split("登录名是 ")[1].split("。")[0]
        self.press("设置密码")
        self.sign_in(name)


@dataclass
class Town:
    """A house that was just opened, and the people who come to it."""

    server: Server
    browser: Browser
    watch: Watch

    def person(self, window: str = "desk", *, never: set[str] | None = None) -> Person:
        """Give a newcomer a window of their own, without any account."""
        across, down = WINDOWS[window]
        context = self.browser.new_context(
            viewport={"width": across, "height": down},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=window == "tablet",
        )
        context.set_default_timeout(30_000)
        self.watch.over(context)
        return Person(context.new_page(), self.server.origin, never or set())

    def administrator(self) -> Person:
        """Let the first administrator in by the link that the server printed at its start."""
        [link] = LINK.findall(self.server.log)
        person = self.person()
        person.take_invitation(link)
        return person

    def member(
        self, administrator: Person, name: str, sign_in_name: str, window: str = "desk"
    ) -> Person:
        """Let the administrator make an account, and its owner take the one-time link."""
        administrator.go("/desk")
        administrator.follow("账号")
        administrator.follow("建立账号")
        administrator.fill({"姓名": name, "登录名": sign_in_name})
        administrator.press("建立账号")
        [link] = LINK.findall(administrator.page.locator("main").inner_text())
        person = self.person(window)
        person.take_invitation(link)
        return person


def grant(administrator: Person, name: str, duty: str, scope: str = "全部") -> None:
    """Let the administrator grant a duty on the page of accounts; the scope by its name."""
    administrator.go("/desk")
    administrator.follow("账号")
    administrator.follow(name)
    form = administrator.page.locator("form").filter(has_text="结束时间")
    administrator.fill({"职责": duty, "范围": scope}, form)
    administrator.press("授予职责", form)
    administrator.sees("已授予职责")


def mark_sheet(judge: Person, code: str, answers: Mapping[str, str], subject: str) -> None:
    """Mark one sheet by touch from the list of one's sheets, submit it, come back to the list."""
    page = judge.page
    sheet = page.locator("main").get_by_role("link", name=re.compile(rf"^{subject}\s*{code}\b"))
    with page.expect_navigation():
        sheet.click()
    page.wait_for_selector("body[data-ready]")
    say_place(page)
    for aspect, answer in answers.items():
        field = page.get_by_role("textbox", name=aspect, exact=True)
        if field.count():
            field.click()
            touch_keys(page, answer)
        else:
            choices = page.get_by_role("group", name=aspect, exact=True)
            choices.get_by_role("radio", name=re.compile(rf"^{answer}")).check()
    expect(page.locator("#open-count")).to_have_text("0")
    judge.looks()
    page.get_by_role("button", name="检查并提交").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("不便手写的，输入姓名").fill("本人")
    dialog.get_by_role("button", name="确认提交").click()
    expect(page.get_by_role("alert").filter(has_text="已提交并入账")).to_be_visible()
    judge.follow("我的评分表")


def touch_keys(page: Page, number: str) -> None:
    """Type a number on the sheet's own keypad."""
    keypad = page.get_by_role("region", name="数字键盘")
    for sign in number:
        keypad.get_by_role("button", name="小数点" if sign == "." else sign, exact=True).click()
    keypad.get_by_role("button", name="确定").click()


def scan(town: Town, code: str) -> Person:
    """Let a stranger without an account open what a certificate's code says.

    Before the house stands a proxy that speaks TLS in real life; here its address is plain.
    """
    stranger = town.person()
    stranger.page.goto(code.replace("https://", "http://"))
    stranger.page.wait_for_selector("html[data-checked]")
    return stranger
