"""Photos of persons: one at a person's page, many from files or a ZIP, each found by its name."""

import io
import zipfile
from typing import Any

import pytest

from app.accounts import grants
from app.people import photos
from app.rules.actors import EVERYWHERE, SYSTEM, Duty, Grant, Scope
from assessments.enrollment import actions as enrollment
from assessments.enrollment import queries as candidates
from assessments.enrollment.actions import Application
from assessments.sittings import queries as sittings
from tests.builders.assessments import a_sitting
from tests.builders.competitions import somebody
from tests.builders.events import AT, a_person
from tests.builders.pictures import a_picture, a_torn_note
from tests.builders.visits import Visitor, a_visit

pytestmark = pytest.mark.anyio
MANY = "/desk/people/photos"


async def candidates_of(sitting_id: int, *places: int) -> list[int]:
    """Enroll people and return who they are."""
    for place in places:
        application = Application(person=a_person(place))
        await enrollment.enroll(sitting_id, application, by=SYSTEM, at=AT)
    return [line.person_id for line in await candidates.candidates(sitting_id)]


async def upload(visitor: Visitor, path: str, field: str, *files: tuple[str, bytes]) -> Any:
    """Send files as a browser does."""
    token = (await visitor.send("/desk", "/nowhere")).request.content.split(b"=")[1].decode()
    return await visitor.client.post(
        path, data={"_csrf_token": token}, files=[(field, file) for file in files]
    )


def packed(**files: bytes) -> bytes:
    """Return a ZIP, its names as Windows in China writes them."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as pack:
        for name, content in files.items():
            pack.writestr(name, content)
    return written.getvalue()


class TestAPersonsPhoto:
    async def test_is_kept_shown_and_taken_away(self, database, tmp_path):
        sitting_id = await a_sitting(AT)
        [person] = await candidates_of(sitting_id, 1)
        place = f"/desk/people/{person}"
        registrar = await somebody(Duty.REGISTRAR, scope=Scope("sitting", str(sitting_id)))

        async with a_visit(tmp_path, registrar) as visitor:
            none = await visitor.get(f"{place}/photo.jpg")
            kept = await upload(visitor, f"{place}/photo", "photo", ("a.jpg", a_picture()))
            other = await upload(visitor, f"{place}/photo", "photo", ("b.txt", b"no picture"))
            shown = await visitor.get(place)
            picture = await visitor.get(f"{place}/photo.jpg")
            tickets = await photos.photos_of([person])
            gone = await visitor.send(place, f"{place}/photo/removal")
            after = await visitor.get(place)

        assert (none.status_code, kept.status_code, other.status_code) == (404, 303, 422)
        assert "照片不能使用" in other.text
        assert f'src="{place}/photo.jpg"' in shown.text
        assert picture.headers["content-type"] == "image/jpeg"
        assert picture.headers["cache-control"] == "no-store"
        assert tickets == {person: picture.content}
        assert gone.status_code == 303
        assert "没有照片" in after.text
        assert "存入人员照片" in after.text
        assert "删除人员照片" in after.text

    async def test_is_closed_to_those_who_work_elsewhere(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        [person] = await candidates_of(sitting_id, 1)
        await photos.keep(person, a_picture(), by=SYSTEM, at=AT)
        stranger = await somebody(Duty.REGISTRAR, scope=Scope("sitting", "99"))

        async with a_visit(tmp_path, stranger) as visitor:
            seen = await visitor.get(f"/desk/people/{person}/photo.jpg")
            place = f"/desk/people/{person}/photo"
            kept = await upload(visitor, place, "photo", ("a.jpg", a_picture()))

        assert (seen.status_code, kept.status_code) == (404, 404)

    async def test_is_printed_on_the_ticket(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        people = await candidates_of(sitting_id, 1, 2)
        await enrollment.accept_all(sitting_id, by=SYSTEM, at=AT)
        await enrollment.seat(sitting_id, by=SYSTEM, at=AT)
        organizer = await somebody(Duty.ORGANIZER, scope=Scope("sitting", str(sitting_id)))
        place = f"/desk/assessments/{sitting_id}/candidates/tickets.pdf"

        async with a_visit(tmp_path, organizer) as visitor:
            bare = await visitor.get(place)
            await photos.keep(people[0], a_picture(), by=SYSTEM, at=AT)
            with_photo = await visitor.get(place)

        assert bare.content.count(b"/DCTDecode") == 0
        assert with_photo.content.count(b"/DCTDecode") == 1


class TestManyPhotos:
    async def test_are_found_by_number_and_by_name(self, database, tmp_path):
        sitting_id = await a_sitting(AT)
        await candidates_of(sitting_id, 1, 2, 3)
        first, second = a_person(1), a_person(2)
        registrar = await somebody(Duty.REGISTRAR, scope=Scope("sitting", str(sitting_id)))
        pack = packed(
            **{
                f"照片/{first.number.text}.jpg": a_picture(),
                f"照片/{second.name}.PNG": a_picture(kind="PNG"),
                "照片/没有这个人.jpg": a_picture(),
                "__MACOSX/._a.jpg": b"",
                "名单.txt": b"",
            }
        )

        async with a_visit(tmp_path, registrar) as visitor:
            form = await visitor.get(MANY)
            found = await upload(visitor, MANY, "files", ("照片.zip", pack))

        assert form.status_code == 200
        assert "已存入 2 张，没有存入 1 张" in found.text
        assert first.name in found.text
        assert second.name in found.text
        assert "没有您可以办理的人员使用这个姓名或证件号码" in found.text
        assert first.number.text not in found.text
        people = [line.person_id for line in await candidates.candidates(sitting_id)]
        assert len(await photos.photos_of(people)) == 2

    async def test_of_people_elsewhere_are_left(self, sqlite_database, tmp_path):
        sitting_id = await a_sitting(AT)
        people = await candidates_of(sitting_id, 1)
        stranger = await somebody(Duty.REGISTRAR, scope=Scope("sitting", "99"))
        file = f"{a_person(1).number.text}.jpg", a_picture()

        async with a_visit(tmp_path, stranger) as visitor:
            found = await upload(visitor, MANY, "files", file)

        assert "没有存入 1 张" in found.text
        assert await photos.photos_of(people) == {}

    @pytest.mark.filterwarnings("ignore:Corrupt EXIF")
    async def test_that_fail_do_not_keep_the_others_away(
        self, sqlite_database, tmp_path, monkeypatch
    ):
        sitting_id = await a_sitting(AT)
        line = await sittings.sitting(sitting_id)
        elsewhere = await a_sitting(AT, code="2026-99", specification_id=line.specification_id)
        mine = await candidates_of(sitting_id, 1, 2)
        await candidates_of(elsewhere, 3)
        clerk = await somebody(Duty.REGISTRAR, scope=Scope("sitting", str(sitting_id)))
        await grants.grant(
            clerk.account_id or 0,
            Grant(Duty.CERTIFICATE_OFFICER, Scope("sitting", str(elsewhere)), AT),
            by=await somebody(Duty.ADMINISTRATOR, scope=EVERYWHERE),
            at=AT,
        )
        names = [f"{a_person(place).number.text}.png" for place in (1, 2, 3)]
        good = a_picture(kind="PNG")
        pack = packed(**{names[2]: good, "王.png": good, names[0]: a_torn_note(), names[1]: good})

        async with a_visit(tmp_path, clerk) as visitor:
            found = await upload(visitor, MANY, "files", ("a.zip", pack))

        assert found.status_code == 200
        assert "已存入 1 张，没有存入 3 张" in found.text
        assert list(await photos.photos_of(mine)) == [mine[1]]

    async def test_are_counted_over_all_that_is_sent(self, sqlite_database, tmp_path):
        registrar = await somebody(Duty.REGISTRAR, scope=Scope("all"))
        half = packed(**{f"{number}.jpg": b"" for number in range(251)})

        async with a_visit(tmp_path, registrar) as visitor:
            many = await upload(visitor, MANY, "files", ("a.zip", half), ("b.zip", half))

        assert many.status_code == 422
        assert "一次不超过 500 张照片" in many.text

    async def test_need_files_that_can_be_read(self, sqlite_database, tmp_path):
        registrar = await somebody(Duty.REGISTRAR, scope=Scope("all"))
        crowded = packed(**{f"{number}.jpg": b"" for number in range(501)})

        async with a_visit(tmp_path, registrar) as visitor:
            none = await upload(visitor, MANY, "files", ("", b""))
            broken = await upload(visitor, MANY, "files", ("a.zip", b"PK no pack"))
            many = await upload(visitor, MANY, "files", ("a.zip", crowded))

        assert [answer.status_code for answer in (none, broken, many)] == [422, 422, 422]
        assert "请选择照片" in none.text
        assert "这个压缩包不能读取" in broken.text
        assert "一次不超过 500 张照片" in many.text
