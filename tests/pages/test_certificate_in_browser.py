"""The verification page in a real Chromium: the fragment is checked there and never sent."""

import base64
import io
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import FilePayload, Page, expect

from app.certificates import bundle, cose, notes, offline, symbol, tree, vocabulary
from app.certificates.notes import Checkpoint
from app.web import clock
from tests.browser import ROOT, Server, Watch, chromium, context_of, serving
from tests.builders.certificates import LOG, OTHER, a_claim
from tests.builders.public_certificates import issue_on

pytestmark = pytest.mark.browser
NAME = "阿依古丽·买买提"
# The page's policy forbids the evaluation with which the browser's driver would wait.
UNDER_CONTROL = """() => new Promise((done) => {
  const look = () => navigator.serviceWorker.controller ? done(true) : setTimeout(look, 50);
  look();
})"""
COSIGNATURES = "**/api/v1/log/cosignatures"
SEEN = "JSON.parse(localStorage.getItem('verify-log-seen')).checkpoint"
NO_ED25519 = """
const real = crypto.subtle && crypto.subtle.importKey.bind(crypto.subtle);
if (real) crypto.subtle.importKey = (...given) =>
  given[2] && given[2].name === 'Ed25519' ? Promise.reject(new Error('no')) : real(...given);
"""

NO_CRYPTO = "Object.defineProperty(crypto, 'subtle', { value: undefined });"  # http on a LAN


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all these tests: they only look."""
    with serving(tmp_path_factory.mktemp("house") / "data", LIMIT_FACTOR="0") as running:
        yield running


@pytest.fixture(scope="module")
def certificates(house: Server) -> list[dict[str, Any]]:
    """Issue three certificates, revoke the last, and list them as an operator does."""
    return issue_on(house, NAME, "李四", "王五", revoked="王五")


def opened(page: Page, address: str) -> dict[str, str]:
    """Open an address and wait until the page has said what it checked."""
    page.goto("about:blank")
    page.goto(address)
    return shown_on(page)


def shown_on(page: Page) -> dict[str, str]:
    """Return what the page says once it has checked."""
    page.wait_for_selector("html[data-checked]")
    shown = {
        name: (page.text_content(f"#{name}") or "").strip()
        for name in ("verdict-word", "verdict-sentence", "checked", "paper-name")
    }
    verdict = page.get_attribute("#verdict", "data-verdict") or ""
    assert page.title().split(" · ")[0] == shown["verdict-word"]
    return shown | {"verdict": verdict}


def test_the_paper_is_verified_in_the_browser_and_nothing_of_it_sent(
    certificates, page, watch: Watch
):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    mine, other, _ = certificates
    digits = mine["page"].partition("#")[2]
    forged = mine["page"][:-9] + str((int(mine["page"][-9]) + 1) % 10) + mine["page"][-8:]
    watch.expect("404")

    whole = opened(page, mine["page"])
    without = opened(page, mine["page"].partition("#")[0])
    changed = opened(page, forged)
    swapped = opened(page, mine["page"].partition("#")[0] + "#" + other["page"].partition("#")[2])
    unknown = opened(page, mine["page"].replace(mine["id"], "0" * 16))
    page.emulate_media(media="print")
    assert page.locator("#paper").is_hidden()
    page.emulate_media(media="screen")
    appended = opened(page, mine["page"] + "#rd")
    replaced = opened(page, mine["page"].partition("#")[0] + "#wechat_redirect")

    assert (appended["verdict"], appended["paper-name"]) == ("valid", NAME)
    assert replaced == without
    assert (whole["verdict"], whole["paper-name"]) == ("valid", NAME)
    assert "完全一致" in whole["checked"]
    assert (without["verdict"], without["paper-name"]) == ("valid", "")
    assert "只查询了登记" in without["checked"]
    assert (changed["verdict"], changed["paper-name"]) == ("forged", "")
    assert swapped["verdict"] == "uncertain"
    assert "验证码" in swapped["verdict-sentence"]
    assert unknown["verdict"] == "unregistered"
    assert not any(digits[:40] in url.partition("#")[0] for url in asked)


def test_the_signature_goes_along_to_the_other_page_and_the_other_language(certificates, page):
    opened(page, certificates[0]["page"])
    page.click("text=核对持证人")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.fill("#ending", "12345X")
    page.click("main form button")
    page.wait_for_selector(".checked")
    page.click("text=回到证书")
    assert shown_on(page)["paper-name"] == NAME

    page.click("a[hreflang=en]")
    page.wait_for_selector("html[lang=en]")
    shown = shown_on(page)

    assert (shown["verdict-word"], shown["paper-name"]) == ("Valid", NAME)
    assert page.text_content("#holder-name span") == NAME


def test_names_what_was_edited_behind_the_mask(house, certificates, page, watch: Watch):
    watch.expect("422")
    _, other, _ = certificates

    with sqlite3.connect(house.data_dir / "xiangjiang.sqlite") as database:
        database.execute("UPDATE certificate SET name = '李鬼' WHERE name = '李四'")
    shown = opened(page, other["page"])
    with sqlite3.connect(house.data_dir / "xiangjiang.sqlite") as database:
        database.execute("UPDATE certificate SET name = '李四', kind = 9 WHERE name = '李鬼'")
    damaged = opened(page, other["page"])
    with sqlite3.connect(house.data_dir / "xiangjiang.sqlite") as database:
        database.execute("UPDATE certificate SET kind = 1 WHERE kind = 9")
    database.close()

    assert (shown["verdict"], shown["paper-name"]) == ("uncertain", "李四")
    assert "与登记不一致的有：姓名" in shown["verdict-sentence"]
    assert "完全一致" not in shown["checked"]
    assert (damaged["verdict"], damaged["verdict-word"]) == ("uncertain", "无法确认")
    assert "登记被改动或损坏" in damaged["verdict-sentence"]
    assert damaged["paper-name"] == "李四"
    assert opened(page, other["page"])["verdict"] == "valid"


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
    page.route("**/nacl.js", lambda route: route.abort())
    watch.expect("nacl")

    shown = opened(page, certificates[0]["page"])
    page.unroute("**/nacl.js")
    page.context.add_init_script(NO_CRYPTO)
    without_hash = opened(page, certificates[0]["page"])

    for said in (shown, without_hash):
        assert (said["verdict"], said["paper-name"]) == ("valid", "")
        assert "这个浏览器不能验证签名" in said["checked"]
    assert page.is_hidden("#paper")


def test_the_page_hands_on_and_prints_nobody_s_name(certificates, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    address = certificates[0]["page"]
    assert opened(page, address)["paper-name"] == NAME

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert (page.url, page.evaluate("document.activeElement.id")) == (address, "content")
    page.evaluate("location.hash = 'content'")  # As a link of ours or another app's might.
    assert page.text_content("#paper-name") == NAME
    page.click("#share")
    expect(page.locator("#shared")).not_to_be_empty()
    shared = page.evaluate("navigator.clipboard.readText()")
    page.emulate_media(media="print")
    printed = page.inner_text("main")

    assert shared == address.partition("#")[0]
    assert NAME not in printed
    assert page.locator("#paper").is_hidden()

    page.emulate_media(media="screen")
    page.goto(address.partition("/v/")[0] + "/verify")
    page.fill("#number", certificates[0]["number"])
    page.fill("#name", NAME)
    page.click("text=查询证书")
    page.click("#share")
    expect(page.locator("#shared")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == shared


def picture_of(*texts: str) -> FilePayload:
    """A photograph of symbols side by side, as a file that is chosen."""
    every = [symbol.draw(text).rows for text in texts]
    side = max(map(len, every)) + 8
    picture = Image.new("L", (side * len(every), side), 255)
    for place, rows in enumerate(every):
        one = Image.new("1", (len(rows), len(rows)))
        one.putdata([255 * (cell == "0") for row in rows for cell in row])
        picture.paste(one, (side * place + 4, 4))
    stream = io.BytesIO()
    picture.resize((picture.width * 5, picture.height * 5), 0).save(stream, "PNG")
    return {"name": "paper.png", "mimeType": "image/png", "buffer": stream.getvalue()}


def scanned(page: Page, *texts: str) -> tuple[str, str]:
    """Let the page read a picture, and return the verdict and the sentence under it."""
    page.evaluate("document.getElementById('scan-result').hidden = true")
    page.set_input_files("#scan-picture", picture_of(*texts))
    page.wait_for_selector("#scan-result:not([hidden])")
    verdict = page.get_attribute("#scan-verdict", "data-verdict") or ""
    return verdict, page.text_content("#scan-sentence") or ""


def test_the_page_is_an_app_that_judges_without_a_network(house, certificates, page, watch: Watch):
    mine, _, revoked = certificates
    page.goto(f"{house.origin}/verify")
    page.wait_for_selector('#scan[data-ready="yes"]')
    page.evaluate(UNDER_CONTROL)
    manifest = json.loads(house.get("/verify/manifest.webmanifest"))
    watch.expect("ERR_INTERNET_DISCONNECTED")

    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector('#scan[data-ready="yes"]')

    assert scanned(page, mine["qr_text"])[0] == "valid"
    assert page.text_content("#scan-name") == NAME
    assert page.is_hidden("#scan-several")
    assert scanned(page, revoked["qr_text"])[0] == "revoked"
    assert scanned(page, mine["qr_text"], revoked["qr_text"])[0] in {"valid", "revoked"}
    assert "有 2 张证书的二维码" in page.inner_text("#scan-several")
    forged = mine["qr_text"][:-9] + str((int(mine["qr_text"][-9]) + 1) % 10) + mine["qr_text"][-8:]
    assert scanned(page, forged)[0] == "forged"
    elsewhere = mine["qr_text"].replace("https://127.0.0.1", "https://evil.example")
    assert scanned(page, elsewhere)[0] == "uncertain"
    assert "核验包截至" in (page.text_content("#scan-as-of") or "")
    assert (manifest["start_url"], manifest["display"]) == ("/verify", "standalone")

    page.context.set_offline(False)  # The page that was kept is still open.
    page.fill("#number", mine["number"])
    page.fill("#name", NAME)
    page.click("text=查询证书")
    assert page.get_attribute("#verdict", "data-verdict") == "valid"


JUDGE = """
async ([module, texts]) => {
  const { judge } = await import(module);
  const payload = JSON.parse((await (await fetch('/offline.json')).json()).payload);
  const found = await Promise.all(texts.map((text) => judge(text, payload, Date.now())));
  return found.map(({ verdict, why }) => [verdict, why]);
}
"""


def test_the_app_judges_as_the_house_does(house, certificates, page):
    mine, _, revoked = (one["qr_text"] for one in certificates)
    bare = mine.partition("#")[0]
    host = bare.split("/")[2]
    texts = [
        mine,
        f" {mine} ",
        revoked,
        bare,
        f"{bare}#",
        f"{bare}?lang=en",
        bare.lower(),
        f"{bare}/holder",
        bare.rpartition("/")[0] + "/",
        bare.replace("https", "http"),
        bare.replace("127.0.0.1", "evil.example"),
        mine.replace("127.0.0.1", "evil.example"),
        mine.replace("/v/", "/w/"),
        mine.replace(certificates[0]["id"], certificates[1]["id"]),
        mine.partition("#")[2],
        mine[:-1],
        f"{bare}#0",
        mine.replace("#", "?from=groupmessage#"),
        mine.replace("https://", "HTTPS://"),
        mine.replace("#", "/#"),
        mine.replace("https://", "https://a@"),
        cose.qr_text(host, certificates[0]["id"], cose.sign(a_claim(), OTHER)[0]),
        cose.qr_text(host, a_claim().verification_id, cose.sign(a_claim(), OTHER)[0]),
        "x",
        "",
        f"{bare}#wechat_redirect",
        f"{bare.partition('/v/')[0]}/verify#log=c3RyYW5n",
        "7730123456789",
        f"{mine} x",
    ]
    known = bundle.open_bundle(house.get("/offline.json").encode(), clock.now())
    page.goto(f"{house.origin}/verify")
    module = page.get_attribute("script[type=module]", "src").replace("scan.js", "offline.js")

    here = page.evaluate(JUDGE, [module, texts])

    found = [offline.judge(text, known) for text in texts]
    assert here == [[one.verdict.value, one.why] for one in found]
    assert [one.why for one in found[:6]] == ["signed", "signed", "revoked", *["no_signature"] * 3]
    assert [one.why for one in found[17:23]] == [
        *["signed"] * 2, *["address"] * 2, *["unknown_key"] * 2
    ]  # fmt: skip
    assert [one.why for one in found[23:]] == [
        *["not_ours"] * 2, "no_signature", *["not_ours"] * 2, "damaged"
    ]  # fmt: skip
    verdict, sentence = scanned(page, "7730123456789")
    assert verdict == "uncertain"
    assert "这不是证书的二维码" in sentence
    assert not page.is_visible("#scan-register")
    verdict, sentence = scanned(page, texts[22])
    assert verdict == "uncertain"
    assert "可能是此后换的新密钥，也可能是伪造" in sentence
    assert "{" not in sentence
    register = page.get_attribute("#scan-register", "href") or ""
    assert register == texts[22].partition(host)[2]
    assert scanned(page, bare)[0] == "uncertain"
    assert page.get_attribute("#scan-register", "href") == f"/v/{certificates[0]['id']}"
    assert page.is_visible("#scan-register")


def test_the_page_of_a_list_that_was_forgotten_says_so(house, page, watch: Watch):
    page.goto(f"{house.origin}/verify/list")
    script = page.get_attribute("script[src*='house.']", "src")
    place = "/verify/list/forgotten"
    waiting = f'<p data-progress="{place}/progress"></p><script defer src="{script}"></script>'
    page.route(
        f"**{place}", lambda route: route.fulfill(body=waiting, content_type="text/html"), times=1
    )
    watch.expect("404")

    page.goto(house.origin + place)

    page.wait_for_selector("text=名单只保留一小时")


def test_the_app_compares_a_notice_from_before_a_change_of_keys(house, certificates, page):
    text, _ = notes.note_parts(house.get("/log/checkpoint"))
    origin = text.partition("\n")[0]
    printed = notes.signed_note(text, origin, LOG)
    invented = notes.signed_note(Checkpoint(origin, 1, bytes(32)).text, origin, LOG)
    page.goto(f"{house.origin}/verify")

    assert word_of_notice(page, house, printed.encode()) == "一致"
    assert word_of_notice(page, house, invented.encode()) == "无法通过验证"


def test_the_camera_reads_a_paper_that_is_held_askew(house, certificates, tmp_path):
    paper = Image.open(io.BytesIO(picture_of(certificates[0]["qr_text"])["buffer"])).convert("L")
    frame = Image.new("RGB", (1280, 720), (200, 200, 195))
    frame.paste(paper.rotate(5, fillcolor=200, expand=True).resize((560, 560)), (360, 80))
    stream = io.BytesIO()
    frame.filter(ImageFilter.GaussianBlur(1)).save(stream, "JPEG", quality=85)
    (tmp_path / "seen.mjpeg").write_bytes(stream.getvalue() * 30)
    camera = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'seen.mjpeg'}",
    )

    with chromium(*camera) as running:
        page = context_of(running, "phone", permissions=["camera"]).new_page()
        page.goto(f"{house.origin}/verify")
        page.wait_for_selector('#scan[data-ready="yes"]')
        page.click("#scan-camera")
        page.wait_for_selector("#scan-result:not([hidden])")

        assert page.get_attribute("#scan-verdict", "data-verdict") == "valid"
        assert page.text_content("#scan-name") == NAME
        assert page.is_hidden("#scan-video")


def test_the_app_confirms_nothing_after_its_date(house, certificates, page):
    page.clock.set_fixed_time("2099-01-01T00:00:00Z")
    page.goto(f"{house.origin}/verify")
    page.wait_for_selector('#scan[data-ready="yes"]')

    verdict, sentence = scanned(page, certificates[0]["qr_text"])

    assert verdict == "uncertain"
    assert "已过期" in sentence
    assert "2099年1月1日" in sentence
    assert "已经过期" in (page.text_content("#scan-as-of") or "")

    page.clock.set_fixed_time("2020-01-01T00:00:00Z")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#scan-as-of")).to_contain_text("请先校准时钟")
    assert "2020年1月1日" in scanned(page, certificates[0]["qr_text"])[1]


def of_another_key(raw: str) -> tuple[dict[str, str], str]:
    """Return a bundle as an impostor's site would serve it, and the digest of its key."""
    payload = json.loads(json.loads(raw)["payload"])
    name = payload["log_vkey"].partition("+")[0]
    text = json.dumps(payload | {"log_vkey": notes.vkey(name, OTHER.public_key), "revoked": ""})
    signature = OTHER.sign(f"{bundle.FORMAT}\n{text}".encode()).hex()
    forged = {"format": bundle.FORMAT, "payload": text, "signature": signature}
    return forged, notes.key_digest(notes.vkey(name, OTHER.public_key))


def test_the_app_takes_another_log_key_only_from_who_knows_it(house, certificates, page):
    mine, _, revoked = (one["qr_text"] for one in certificates)
    forged, digest = of_another_key(house.get("/offline.json"))
    own = notes.key_digest(house.get("/log/vkey").strip())
    page.goto(f"{house.origin}/verify")
    page.wait_for_selector('#scan[data-ready="yes"]')
    assert page.is_hidden("#scan-key")

    page.context.route("**/offline.json", lambda route: route.fulfill(json=forged))
    page.reload()
    page.wait_for_selector("#scan-key:not([hidden])")

    expect(page.locator("#scan-as-of")).to_contain_text("核验包截至")
    assert (scanned(page, mine)[0], scanned(page, revoked)[0]) == ("valid", "revoked")
    assert page.text_content("#scan-key-known") == own
    assert digest not in page.inner_text("body")
    for typed, says in (("", "16 位"), (digest[:-1], "16 位"), ("z" * 16, "16 位"), (own, "冒充")):
        page.fill("#scan-key-digest", typed)
        page.press("#scan-key-digest", "Enter")
        expect(page.locator("#scan-key-problem")).to_contain_text(says)
    assert scanned(page, revoked)[0] == "revoked"

    page.fill("#scan-key-digest", digest.upper().replace(" ", ""))
    page.click("#scan-key button")
    expect(page.locator("#scan-key")).to_be_hidden()
    assert scanned(page, revoked)[0] == "valid"

    page.context.unroute("**/offline.json")
    page.evaluate("caches.delete('offline-bundle')")
    page.reload()
    page.wait_for_selector('#scan[data-ready="no"]')
    assert "先核对新公钥" in scanned(page, mine)[1]
    assert page.text_content("#scan-key-known") == digest


def test_the_app_refuses_a_bundle_that_was_changed(house, certificates, page):
    bundle = json.loads(house.get("/offline.json"))
    bundle["payload"] = bundle["payload"].replace('"revoked":"', '"revoked":"AAAAAAAAAAA=')
    answer = {"body": json.dumps(bundle), "content_type": "application/json"}
    page.context.route("**/offline.json", lambda route: route.fulfill(**answer))

    page.goto(f"{house.origin}/verify")

    page.wait_for_selector('#scan[data-ready="no"]')
    assert "还没有核验包" in (page.text_content("#scan-as-of") or "")


def test_the_app_notices_a_machine_that_was_rolled_back(page, tmp_path, watch: Watch):
    watch.expect("422")
    watch.expect("503")
    with serving(tmp_path / "data", LIMIT_FACTOR="0") as house:
        mine = issue_on(house, NAME)[0]
        shutil.copytree(house.data_dir, tmp_path / "before")  # Nobody writes just now.
        page.goto(f"{house.origin}/log/notice")
        notice = page.locator(".notice-symbol svg").screenshot()
        issue_on(house, NAME, "李四")
        page.goto(f"{house.origin}/verify")
        page.wait_for_selector('#scan[data-ready="yes"]')
        page.set_input_files(
            "#scan-picture", FilePayload(name="n.png", mimeType="image/png", buffer=notice)
        )
        page.wait_for_selector("#scan-result:not([hidden])")
        assert page.text_content("#scan-word") == "一致"

        put_in_place(house, tmp_path / "before")
        page.context.route(COSIGNATURES, lambda route: route.fulfill(status=503, body="{}"))
        page.reload()
        page.wait_for_selector('#scan[data-ready="no"]')
        assert "还没有交到网站" in (page.text_content("#scan-as-of") or "")
        page.context.unroute(COSIGNATURES)
        page.reload()
        page.wait_for_selector('#scan[data-ready="no"]')

        assert "可能被倒回到从前。记得的检查点已交给网站" in (
            page.text_content("#scan-as-of") or ""
        )
        assert scanned(page, mine["qr_text"])[0] == "uncertain"
        remembered = (house.data_dir / "log.key.checkpoint").read_text()
        assert remembered != house.get("/log/checkpoint")


def test_the_app_keeps_its_evidence_until_the_site_holds_it(page, tmp_path, watch: Watch):
    watch.expect("422")
    watch.expect("503")
    with serving(tmp_path / "data", LIMIT_FACTOR="0") as house:
        issue_on(house, NAME)
        shutil.copytree(house.data_dir, tmp_path / "before")
        issue_on(house, "李四")
        shutil.copytree(house.data_dir, tmp_path / "after")
        page.goto(f"{house.origin}/verify")
        page.wait_for_selector('#scan[data-ready="yes"]')
        seen = page.evaluate(SEEN)
        put_in_place(house, tmp_path / "before")
        issue_on(house, "王五", "赵六")  # Another history, and longer than what was seen.

        lies = '{"witnesses": []}'
        page.context.route(COSIGNATURES, lambda route: route.fulfill(body=lies))
        page.reload()
        page.wait_for_selector('#scan[data-ready="no"]')
        assert page.evaluate(SEEN) == seen
        printed = (tmp_path / "after" / "log.key.checkpoint").read_bytes()
        assert word_of_notice(page, house, printed) == "不一致"
        page.context.unroute(COSIGNATURES)
        page.reload()
        page.wait_for_selector('#scan[data-ready="no"]')
        page.context.route(COSIGNATURES, lambda route: route.fulfill(status=503, body="{}"))
        page.reload()
        page.wait_for_selector('#scan[data-ready="no"]')
        assert "还没有交到网站" in (page.text_content("#scan-as-of") or "")
        page.context.unroute(COSIGNATURES)
        put_in_place(house, tmp_path / "after")
        page.reload()

        page.wait_for_selector('#scan[data-ready="yes"]')
        assert page.evaluate(SEEN) == seen


def word_of_notice(page: Page, house: Server, note: bytes) -> str | None:
    """Open a printed notice's address on a device that remembers nothing; return what it says."""
    kept = page.evaluate("JSON.stringify(localStorage)")
    page.evaluate("localStorage.clear()")
    page.goto("about:blank")
    page.goto(f"{house.origin}/verify#log={base64.urlsafe_b64encode(note).decode().rstrip('=')}")
    page.wait_for_selector("#scan-result:not([hidden])")
    word = page.text_content("#scan-word")
    page.evaluate("(kept) => Object.assign(localStorage, JSON.parse(kept))", kept)
    page.goto(f"{house.origin}/verify")
    return word


def put_in_place(house: Server, data: Path) -> None:
    """Let the server's data be those of another moment, as after a restore of the whole machine."""
    house.process.kill()
    house.process.wait()
    shutil.rmtree(house.data_dir)
    data.rename(house.data_dir)
    house.die_and_rise()


GROWTH = """
async ([module, tiles, roots, forged]) => {
  const { grewOut } = await import(module);
  const bytes = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
  const at = (size, root) => ({ origin: 'a', size, root: root || roots[size] });
  const wrong = [];
  for (const later of Object.keys(tiles).map(Number)) {
    const fetchTile = async (address) => bytes(tiles[later][address]);
    for (const size of Object.keys(roots).map(Number).filter((one) => one <= later)) {
      if (!(await grewOut(at(size), at(later), fetchTile))) wrong.push([size, later]);
      if (await grewOut(at(size, forged), at(later), fetchTile)) wrong.push([size, later, 'old']);
      if (await grewOut(at(size), at(later, forged), fetchTile)) wrong.push([size, later, 'root']);
    }
  }
  return wrong;
}
"""


def test_the_device_computes_the_growth_of_the_log_itself(house, certificates, page):
    leaves = [tree.leaf_hash(bytes([place % 256, place // 256])) for place in range(600)]
    sizes = [1, 2, 3, 5, 8, 255, 256, 257, 300, 511, 512, 513, 600]
    roots = {size: tree.root_of(leaves[:size]).hex() for size in sizes}
    tiles = {size: tiles_of(leaves[:size]) for size in (257, 513, 600)}
    page.goto(f"{house.origin}/verify")
    module = page.get_attribute("script[type=module]", "src").replace("scan.js", "log.js")

    assert page.evaluate(GROWTH, [module, tiles, roots, "00" * 32]) == []


def tiles_of(leaves: list[bytes]) -> dict[str, str]:
    """Every tile of a log, full or partial, by its address under the log."""
    found = {}
    level, hashes = 0, leaves
    while hashes:
        for number, start in enumerate(range(0, len(hashes), tree.TILE_WIDTH)):
            part = hashes[start : start + tree.TILE_WIDTH]
            end = "" if len(part) == tree.TILE_WIDTH else f".p/{len(part)}"
            found[f"tile/{level}/{tree.tile_path(number)}{end}"] = b"".join(part).hex()
        full = range(0, len(hashes) - tree.TILE_WIDTH + 1, tree.TILE_WIDTH)
        hashes = [tree.full_root(hashes[start : start + tree.TILE_WIDTH]) for start in full]
        level += 1
    return found


def test_verifiers_of_others_agree(house, certificates, page):
    host = certificates[0]["url"].split("/")[2]
    script = (ROOT / "tests/vendor/outsiders.js").read_text(encoding="utf-8")
    check = (ROOT / "tests/builders/outsiders.js").read_text(encoding="utf-8")
    page.route(
        "**/outsiders.js", lambda route: route.fulfill(body=script, content_type="text/javascript")
    )
    page.route("**/contexts.json", lambda route: route.fulfill(json=vocabulary.documents()))
    page.goto(f"{house.origin}/healthz")

    mine, _, taken = certificates
    valid = page.evaluate(check, [house.origin, host, mine, True])
    revoked = page.evaluate(check, [house.origin, host, taken, False])

    assert (valid["good"], valid["accepted"], valid["included"]) == ([True, False], [], True)
    assert valid["tried"] > 30
    assert revoked["good"] == [True, True]


EVERY_BIT = """
async ([module, digits, key]) => {
  const { bytesOfDecimal, parseFragment, verifies } = await import(module);
  const decimal = (bytes) => {
    let value = 0n;
    for (const byte of bytes) value = value * 256n + BigInt(byte);
    return value.toString();
  };
  const holds = async (bytes) => {
    let signed;
    try { signed = parseFragment(decimal(bytes)); } catch (error) { return false; }
    return signed.kid === key.kid && verifies(key.public_key, signed.signature, signed.message);
  };
  const whole = bytesOfDecimal(digits);
  const accepted = [];
  for (let place = 0; place < whole.length; place += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const copy = whole.slice();
      copy[place] ^= 1 << bit;
      if (await holds(copy)) accepted.push([place, bit]);
    }
  }
  return { good: await holds(whole), tried: whole.length * 8, accepted };
}
"""


def test_no_bit_of_the_symbol_may_change_in_the_browser(house, certificates, page):
    [(kid, key)] = json.loads(house.get("/keys.json")).items()
    digits = certificates[0]["qr_text"].partition("#")[2]
    page.goto(f"{house.origin}/verify")
    module = page.get_attribute("script[type=module]", "src").replace("scan.js", "claim.js")

    found = page.evaluate(EVERY_BIT, [module, digits, {"kid": kid, **key}])

    assert (found["good"], found["accepted"]) == (True, [])
    assert found["tried"] > 1000
