"""What a judge's hand does at the workstation: time, bounce, sign, show a badge to the camera."""

import io
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
import qrcode
from playwright.sync_api import Page, Playwright, expect

from tests.browser import Server, serving
from tests.builders.sheets import LEDGER
from tests.builders.tablets import (
    Seeded,
    a_tablet,
    mark,
    mark_quickly,
    open_sheet,
    pair,
    rows,
    seed_sheets,
    sign_on_glass,
    wait_for_state,
    wait_until_kept,
)
from tests.journeys.test_tablet_offline_and_back import playwright

pytestmark = pytest.mark.browser
__all__ = ("playwright",)
ALL_RECEIVED = "全部已入账"
HOURS_AHEAD = 9 * 3_600_000
WRONG_CLOCK = f"const told = Date.now; Date.now = () => told() + {HOURS_AHEAD};"
AHEAD_OF_ALL = WRONG_CLOCK.replace(str(HOURS_AHEAD), str(2 * HOURS_AHEAD))
"""Its marks are older than the house's answer to the other tablet, and seem to be newer."""
READER_IS_KEPT = """async () => {
  const own = document.querySelector('script[type=module]').src;
  return Boolean(await caches.match(own.replace(/tablet.home.js/, 'vendor/qr/decode.js')));
}"""
STORE = """
  const own = document.querySelector('script[type=module]').src;
  const store = await import(own.replace(/tablet\\/\\w+.js/, 'tablet/store.js'));
"""
MISSING_IN = f"""async (language) => {{
  {STORE}
  const build = (await fetch('/j/')).headers.get('x-build');
  return (await store.missingPages(build, language)).length;
}}"""
REFUSED_AND_TAKEN_LATER = f"""async (sheet) => {{
  {STORE}
  const {{ account }} = await store.actor();
  const found = [];
  for (const state of [store.REJECTED, store.ACCEPTED]) {{
    const entry = {{ id: `submission ${{state}}`, act: 'submit', sheet, cell: '', account, state }};
    await (await store.open()).add('entries', entry);
    found.push((await store.readHome(account)).refusals.length);
  }}
  return found;
}}"""
FULL_DISK = "navigator.storage.estimate = async () => ({ quota: 73_400_320, usage: 10_485_760 });"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve one house for every test here; each takes a code of its own."""
    with serving(tmp_path_factory.mktemp("workstation") / "data", LIMIT_FACTOR="0") as running:
        yield running


@pytest.fixture(scope="module")
def seeded(house: Server) -> Seeded:
    """Seed it."""
    return seed_sheets(house, codes=3, aspects=4, timed=1)


def mark_all(page: Page) -> None:
    """Mark every aspect of a sheet."""
    for place in range(4):
        mark_quickly(page, place)
    page.locator("#aspect-T1 .number").fill("55")
    page.locator("#aspect-T1 .number").press("Enter")


def cells(house: Server, seeded: Seeded, code: str, aspect: str) -> list[tuple[int, ...]]:
    """Return the values that the ledger holds of one cell, oldest first."""
    return rows(
        house,
        "SELECT r.value_e4 FROM ledger_record AS r JOIN mark_sheet AS s ON s.id = r.sheet"
        f" WHERE s.key = '{seeded.sheets['J1'][code]}' AND r.aspect = '{aspect}' ORDER BY r.seq",
    )


def agree(page: Page) -> float:
    """Agree to a time that the stop-watch cannot vouch for, and return it."""
    expect(page.locator("#aspect-T1 .fault")).to_contain_text("请核对这个时间")
    expect(page.locator("#aspect-T1 .saved")).to_have_attribute("data-state", "draft")
    taken = float(page.input_value("#aspect-T1 .number"))
    page.locator("#keypad [data-key=done]").click()
    expect(page.locator("#aspect-T1 .saved")).to_have_attribute("data-state", "received")
    return taken


def test_a_stop_watch_asks_where_it_cannot_know_and_a_finger_that_bounces_counts_once(
    house: Server, seeded: Seeded, playwright: Playwright, tmp_path: Path
) -> None:
    with a_tablet(playwright, tmp_path / "t", house.origin, seeded.sessions["J1"]) as context:
        page = context.new_page()
        open_sheet(page, house.origin, seeded.sheets["J1"]["001"])
        watch = page.locator("#aspect-T1 [data-watch]")
        watch.dblclick()
        expect(watch).to_have_attribute("aria-pressed", "true")
        page.wait_for_timeout(1_100)
        page.reload()
        page.wait_for_selector("body[data-ready]")
        expect(page.locator("#aspect-T1 output")).to_contain_text("计时中")
        watch.click()
        expect(watch).to_have_attribute("aria-pressed", "false")
        over_reload = agree(page)
        assert 1.1 < over_reload < 20
        watch.click()
        page.evaluate(WRONG_CLOCK)
        page.wait_for_timeout(400)
        watch.click()
        over_correction = agree(page)
        assert 0.4 <= over_correction < 20
        page.wait_for_timeout(350)  # a finger does not bounce that long
        watch.click()
        page.wait_for_timeout(800)
        watch.click()
        expect(watch).to_have_attribute("aria-pressed", "false")
        sure = float(page.input_value("#aspect-T1 .number"))

        more = page.locator("#aspect-A4 [data-step='1']")
        more.dblclick()
        expect(page.locator("#aspect-A4 .number")).to_have_value("1")
        page.wait_for_timeout(350)
        more.click()
        expect(page.locator("#aspect-A4 .number")).to_have_value("2")
        wait_for_state(page, ALL_RECEIVED)
    times = over_reload, over_correction, sure
    taken = [time for time, _ in groupby(times)]  # The same again is no other mark.
    assert cells(house, seeded, "001", "T1") == [(round(time * 10_000),) for time in taken]
    assert cells(house, seeded, "001", "A4") == [(10_000,), (20_000,)]


def test_a_judge_whom_the_server_did_not_answer_is_signed_on_by_itself(
    house: Server, seeded: Seeded, playwright: Playwright, tmp_path: Path
) -> None:
    with a_tablet(playwright, tmp_path / "t", house.origin, seeded.sessions["J1"]) as context:
        page = context.new_page()
        page.route("**/j/api/sign-on", lambda route: route.abort())
        page.goto(f"{house.origin}/j/")
        wait_for_state(page, "还没有联系上服务器，正在自动重试")
        assert page.locator(".sheet-link").count() == 0

        page.unroute("**/j/api/sign-on")

        page.wait_for_selector(".sheet-link")
        assert page.text_content("#judge") == "王建国"


def test_a_clock_that_is_hours_wrong_and_a_disk_that_is_nearly_full_are_told(
    house: Server, seeded: Seeded, playwright: Playwright, tmp_path: Path
) -> None:
    with a_tablet(playwright, tmp_path / "t", house.origin, seeded.sessions["J1"]) as context:
        context.add_init_script(WRONG_CLOCK + FULL_DISK)
        page = context.new_page()
        page.goto(f"{house.origin}/j/")
        page.wait_for_selector(".sheet-link")
        expect(page.locator("#space")).to_contain_text("这台平板快存满了，只剩 60 MB")
        open_sheet(page, house.origin, seeded.sheets["J1"]["002"])
        mark(page, 0, 1)
        mark(page, 0, 3)
        wait_for_state(page, ALL_RECEIVED)

        assert cells(house, seeded, "002", "A1") == [(10_000,), (30_000,)]
        # The worker may have sent them, whose clock no script of a page can bend.
        for value in (1, 2, 3, 1, 2, 3):
            [(error,)] = rows(house, "SELECT clock_error_ms FROM tablet ORDER BY id DESC LIMIT 1")
            if error > 60_000:
                break
            mark(page, 0, value)
            wait_for_state(page, ALL_RECEIVED)
        assert abs(error - HOURS_AHEAD) < 60_000
        assert page.evaluate(REFUSED_AND_TAKEN_LATER, seeded.sheets["J1"]["002"]) == [1, 0]


def test_a_badge_is_read_by_the_camera_with_a_network_and_without(
    house: Server, seeded: Seeded, playwright: Playwright, tmp_path: Path
) -> None:
    address = f"{house.origin}/j/#badge={seeded.badges['J1']}"
    stream = io.BytesIO()
    qrcode.make(address, box_size=12).get_image().convert("RGB").resize((480, 480)).save(
        stream, "JPEG"
    )
    seen = tmp_path / "seen.mjpeg"
    seen.write_bytes(stream.getvalue() * 30)
    camera = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={seen}",
    )
    with a_tablet(playwright, tmp_path / "t", house.origin, None, flags=camera) as context:
        page = context.new_page()
        pair(page, house.origin, seeded.pairing)
        page.locator("#scan").click()
        page.wait_for_selector(".sheet-link", timeout=20_000)

        assert page.text_content("#judge") == "王建国"
        expect(page.locator("#camera")).to_be_hidden()

        wait_until_kept(page, 3)
        assert page.evaluate(MISSING_IN, "zh-CN") == 0
        assert page.evaluate(MISSING_IN, "en") == 3
        page.wait_for_function(READER_IS_KEPT)
        context.set_offline(True)
        page.locator("#leave").click()
        page.reload()
        page.locator("#scan").click()
        page.wait_for_selector(".sheet-link", timeout=20_000)
        assert page.text_content("#judge") == "王建国"


def hurry(page: Page) -> None:
    """Let a tablet ask the house at once."""
    page.evaluate("dispatchEvent(new Event('pageshow'))")


def choose_contestants_signature(chief: Page, house: Server) -> None:
    """Let the form ask for the contestant's signature."""
    chief.goto(f"{house.origin}/desk/sheets/{LEDGER}")
    chief.locator("details:has(form[action$='/settings']) summary").click()
    chief.get_by_label("提交时请选手在平板上签名").check()
    chief.locator("form[action$='/settings'] button").click()


def test_three_sign_on_the_glass_and_what_comes_late_from_a_wrong_clock_is_decided(
    house: Server, seeded: Seeded, playwright: Playwright, tmp_path: Path
) -> None:
    key, sessions = seeded.sheets["J1"]["003"], seeded.sessions
    with (
        a_tablet(playwright, tmp_path / "t", house.origin, sessions["J1"]) as context,
        a_tablet(playwright, tmp_path / "l", house.origin, sessions["J1"]) as ahead,
        a_tablet(playwright, tmp_path / "d", house.origin, sessions["chief"], "desk") as desk,
    ):
        page, late, chief = context.new_page(), ahead.new_page(), desk.new_page()
        choose_contestants_signature(chief, house)
        late.add_init_script(WRONG_CLOCK)
        page.add_init_script(AHEAD_OF_ALL)
        open_sheet(late, house.origin, key)
        ahead.set_offline(True)
        mark(late, 0, 1)
        open_sheet(page, house.origin, key)
        mark_all(page)
        page.locator("#submit").click()
        sign_on_glass(page, "#sign-judge")
        page.locator("#summary button[value=yes]").click()
        expect(page.locator("#sign-contestant .fault")).to_have_text(
            "请在框内签名，或改为输入姓名。"
        )
        sign_on_glass(page, "#sign-contestant", reach=200)
        page.locator("#summary button[value=yes]").click()
        wait_for_state(page, ALL_RECEIVED)
        expect(page.locator("#notice")).to_contain_text("已提交并入账")

        ahead.set_offline(False)
        saved = late.locator("#aspect-A1 .saved")
        expect(saved).to_have_attribute("data-state", "held")
        chief.goto(f"{house.origin}/desk/sheets/{LEDGER}/sheets/{key}")
        chief.locator("form.side [name=reason]").first.fill("录像核对")
        chief.get_by_role("button", name="采用这个").first.click()
        expect(chief.locator(".toast")).to_contain_text("已裁定并入账")
        hurry(late)
        expect(saved).to_have_attribute("data-state", "received")

        chief.goto(f"{house.origin}/desk/sheets/{LEDGER}")
        sign_on_glass(chief, "#sign")
        chief.locator("#sign button[type=submit]").click()
        expect(chief.locator(".toast")).to_contain_text("已签字 1 张")
        hurry(page)
        expect(page.locator("#notice")).to_contain_text("已签字。账册校验值")
        [(root,)] = rows(house, f"SELECT signed_root FROM mark_sheet WHERE key = '{key}'")
        assert root[:16] in (page.text_content("#notice") or "")
    assert len(rows(house, "SELECT digest FROM sheet_file")) == 3
    [(reason,)] = rows(house, "SELECT reason FROM ledger_record WHERE kind = 'submit'")
    assert reason.count("sha256:") == 2
