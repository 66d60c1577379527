"""What tablets are given: pages without marks, and a surface that believes tokens and passes."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from app.rules.actors import Duty
from app.rules.mark_sheet import AspectKind
from app.sheets import files
from app.sheets.pages import FILES, LATER
from app.web.templating import STATIC
from tests.builders.sheets import (
    AT,
    FakeTablet,
    a_form,
    a_judge,
    a_tablet,
    an_aspect,
    open_sheets,
)
from tests.builders.visits import Visitor, a_visit

pytestmark = pytest.mark.anyio
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


async def post(visitor: Visitor, tablet: FakeTablet, body: bytes | None = None) -> int:
    answer = await visitor.client.post(
        "/j/api/sync",
        content=tablet.body() if body is None else body,
        headers={"authorization": f"Bearer {tablet.token}", "content-type": "application/json"},
    )
    return answer.status_code


class TestPages:
    async def test_the_list_is_a_frame_that_names_nobody(
        self, database: str, tmp_path: Path
    ) -> None:
        judge = await a_judge("王建国")
        async with a_visit(tmp_path, judge) as visitor:
            page = await visitor.get("/j/")

        assert page.status_code == 200
        assert page.headers["x-app"] == "xiangjiang"
        assert "王建国" not in page.text
        assert "_csrf_token" not in page.text

    async def test_a_sheet_is_its_definition_only(self, database: str, tmp_path: Path) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        async with a_visit(tmp_path, judge) as visitor:
            before = await visitor.get(f"/j/sheets/{sheet.key}")
            tablet = await a_tablet(judge)
            tablet.mark(sheet, "B1", "8.25")
            await tablet.send()
            after = await visitor.get(f"/j/sheets/{sheet.key}")

        assert before.text == after.text
        assert before.headers["cache-control"] == "no-store"
        assert all(word in before.text for word in ("017", "评分点B1", "inert"))
        assert "王建国" not in before.text

    async def test_the_frame_of_a_sheet_tells_nothing(self, database: str, tmp_path: Path) -> None:
        await open_sheets({"J1": await a_judge("王建国")})
        async with a_visit(tmp_path) as visitor:
            frame = await visitor.get("/j/sheet")

        assert frame.status_code == 200
        assert frame.headers["x-app"] == "xiangjiang"
        assert not [word for word in ("017", "评分点B1", "砌筑") if word in frame.text]

    async def test_each_kind_of_aspect_has_its_control(self, database: str, tmp_path: Path) -> None:
        judge = await a_judge("王建国")
        bands = {"kind": "bands", "nominal": "1200", "bands": [{"within": "2", "mark": "4"}]}
        form = a_form(
            an_aspect("A1", AspectKind.MEASUREMENT, calculation=bands, unit="mm", decimals=1),
            an_aspect("A2", AspectKind.MEASUREMENT, calculation={"kind": "deduct"}),
            an_aspect("A3", AspectKind.GATE, zeroes=("A2",)),
            an_aspect("A4", AspectKind.JUDGEMENT, descriptors=("差", "中", "良", "优")),
            an_aspect("A5", AspectKind.PANEL, decimals=0),
        )
        [sheet] = await open_sheets({"J1": judge}, form=form)
        async with a_visit(tmp_path, judge) as visitor:
            page = (await visitor.get(f"/j/sheets/{sheet.key}")).text

        controls = [f'data-control="{name}"' for name in ("number", "count", "yes_no", "scale")]
        assert all(control in page for control in controls)
        assert all(word in page for word in ("精确到 0.1mm", "从 0 起数", "0 到 10", "良"))
        assert 'data-zeroes="A2"' in page

    async def test_examiners_read_their_own_words(self, database: str, tmp_path: Path) -> None:
        examiner = await a_judge("孙丽", Duty.EXAMINER)
        [sheet] = await open_sheets({"E1": examiner}, name="assessments.sitting:3")
        async with a_visit(tmp_path, examiner) as visitor:
            page = (await visitor.get(f"/j/sheets/{sheet.key}")).text

        words = json.loads(page.split('id="words">')[1].split("</script>")[0])
        assert words["returned"] == "考评组长退回：{reason}"
        assert not any("裁判" in says for says in words.values())

    async def test_a_sheet_is_for_its_judge_and_its_lead(
        self, database: str, tmp_path: Path
    ) -> None:
        judge, other = await a_judge("王建国"), await a_judge("李秀兰")
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        [sheet] = await open_sheets({"J1": judge})
        found = []
        for actor in (judge, chief, other, None):
            async with a_visit(tmp_path, actor) as visitor:
                found.append((await visitor.get(f"/j/sheets/{sheet.key}")).status_code)

        assert found == [200, 200, 403, 303]

    async def test_the_worker_keeps_every_file_of_the_build(
        self, database: str, tmp_path: Path
    ) -> None:
        async with a_visit(tmp_path) as visitor:
            worker = await visitor.get("/j/sw.js")
            manifest = await visitor.get("/j/manifest.webmanifest")

        modules = {f"tablet/{path.name}" for path in (STATIC / "tablet").glob("*.js")}
        assert modules <= set(FILES)
        assert wanted_by(FILES + LATER) <= {*FILES, *LATER}
        assert all((STATIC / name).exists() for name in FILES)
        assert "__" not in worker.text.replace("__proto__", "")
        assert json.loads(manifest.text)["scope"] == "/j/"


def wanted_by(names: tuple[str, ...]) -> set[str]:
    """What scripts import, at once or later."""
    found = set()
    for name in names:
        if not name.endswith(".js"):
            continue
        text = (STATIC / name).read_text("utf-8")
        for part in re.findall(r"(?:from |import\()'(\.[^']+)'", text):
            found.add(
                (STATIC / name).parent.joinpath(part).resolve().relative_to(STATIC).as_posix()
            )
    return found


class TestSigningOn:
    async def test_gives_a_token_a_pass_and_the_own_sheets(
        self, database: str, tmp_path: Path
    ) -> None:
        judge, other = await a_judge("王建国"), await a_judge("李秀兰")
        await open_sheets({"J1": judge, "J2": other}, codes=("001", "002"))
        said = {"device": "0192-tablet-of-the-hall", "browser": "Chromium", "build": "x"}
        async with a_visit(tmp_path, judge) as visitor:
            answer = (await visitor.client.post("/j/api/sign-on", json=said)).json()

        assert (answer["proto"], answer["name"]) == ("score-sync/1", "王建国")
        assert [sheet["code"] for sheet in answer["sheets"]] == ["001", "002"]
        assert answer["token"]
        assert answer["pass"]

    async def test_compresses_a_long_list_once(self, database: str, tmp_path: Path) -> None:
        judge = await a_judge("王建国")
        await open_sheets({"J1": judge}, codes=[f"{at:03d}" for at in range(1, 41)])
        said = {"device": "0192-tablet-of-the-hall", "browser": "Chromium", "build": "x"}
        async with a_visit(tmp_path, judge) as visitor:
            answer = await visitor.client.post(
                "/j/api/sign-on", json=said, headers={"accept-encoding": "gzip"}
            )

        assert answer.headers["content-encoding"] == "gzip"
        assert len(answer.json()["sheets"]) == 40

    async def test_needs_a_judge_who_is_signed_in_on_this_very_site(
        self, database: str, tmp_path: Path
    ) -> None:
        judge, registrar = await a_judge("王建国"), await a_judge("何平", Duty.REGISTRAR)
        said = {"device": "0192-tablet-of-the-hall"}
        async with a_visit(tmp_path) as stranger:
            assert (await stranger.client.post("/j/api/sign-on", json=said)).status_code == 401
        async with a_visit(tmp_path, registrar) as visitor:
            assert (await visitor.client.post("/j/api/sign-on", json=said)).status_code == 403
        async with a_visit(tmp_path, judge) as visitor:
            elsewhere = {"sec-fetch-site": "cross-site"}
            answer = await visitor.client.post("/j/api/sign-on", json=said, headers=elsewhere)
            assert answer.status_code == 403
            assert (await visitor.client.post("/j/api/sign-on", json={})).status_code == 400


class TestPhotos:
    async def test_are_shown_to_the_tablets_of_the_judge_only(
        self, database: str, tmp_path: Path
    ) -> None:
        judge, other = await a_judge("王建国"), await a_judge("李秀兰")
        [sheet] = await open_sheets({"J1": judge})
        mine, theirs = await a_tablet(judge), await a_tablet(other)
        digest, unnamed = (hashlib.sha256(part).hexdigest() for part in (PNG, PNG + b"2"))
        mine.mark(sheet, "B1", None, act="note", mark="", reason="", files=[digest])
        await mine.send()
        for content, name in ((PNG, digest), (PNG + b"2", unnamed)):
            await files.keep(content, digest=name, sheet_id=sheet.id, device="t", at=AT)
        async with a_visit(tmp_path) as visitor:

            async def ask(token: str, name: str, key: str = sheet.key) -> tuple[int, bytes]:
                answer = await visitor.client.get(
                    f"/j/api/files/{name}?sheet={key}",
                    headers={"authorization": f"Bearer {token}"},
                )
                return answer.status_code, answer.content

            assert await ask(mine.token, digest) == (200, PNG)
            assert (await ask(theirs.token, digest))[0] == 403
            assert (await ask("made-up", digest))[0] == 403
            assert (await ask(mine.token, unnamed))[0] == 404
            assert (await ask(mine.token, digest, "no-such-sheet"))[0] == 404


class TestSending:
    async def test_believes_a_token_and_no_cookie(self, database: str, tmp_path: Path) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1")
        async with a_visit(tmp_path) as visitor:
            assert await post(visitor, tablet) == 200
        async with a_visit(tmp_path, judge) as visitor:
            tablet.token = "made-up"
            assert await post(visitor, tablet) == 401

    @pytest.mark.parametrize(
        ("body", "status"), [(b"{}", 400), (b"not json", 400), (b" " * 2_200_000, 413)]
    )
    async def test_says_what_a_strange_body_is(
        self, database: str, tmp_path: Path, body: bytes, status: int
    ) -> None:
        tablet = await a_tablet(await a_judge("王建国"))
        async with a_visit(tmp_path) as visitor:
            assert await post(visitor, tablet, body) == status

    async def test_takes_nothing_but_a_post(self, database: str, tmp_path: Path) -> None:
        tablet = await a_tablet(await a_judge("王建国"))
        async with a_visit(tmp_path) as visitor:
            answer = await visitor.client.get(
                "/j/api/sync", headers={"authorization": f"Bearer {tablet.token}"}
            )
        assert (answer.status_code, answer.json()["refused"]) == (405, 405)

    async def test_squeezes_a_long_answer(self, database: str, tmp_path: Path) -> None:
        judge = await a_judge("王建国")
        aspects = [an_aspect(f"A{number}") for number in range(60)]
        [sheet] = await open_sheets({"J1": judge}, form=a_form(*aspects))
        tablet = await a_tablet(judge)
        for aspect in aspects:
            tablet.mark(sheet, aspect.id, "8.25")
        async with a_visit(tmp_path) as visitor:
            answer = await visitor.client.post(
                "/j/api/sync",
                content=tablet.body({sheet.key: 0}),
                headers={"authorization": f"Bearer {tablet.token}", "accept-encoding": "gzip"},
            )
        assert answer.headers["content-encoding"] == "gzip"
        assert len(answer.json()["sheets"][sheet.key]["cells"]) == 60
        assert int(answer.headers["content-length"]) < len(answer.content) / 3

    async def test_asks_for_smaller_parts(self, database: str, tmp_path: Path) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        for _ in range(501):
            tablet.mark(sheet, "B1")
        async with a_visit(tmp_path) as visitor:
            assert await post(visitor, tablet) == 413
