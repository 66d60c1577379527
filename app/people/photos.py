"""Portraits of persons: printed on admission tickets and certificates, never public."""

import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from anyio import to_thread
from msgspec import Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.documents.portraits import portrait
from app.errors import N_, NotFound, Refusal, RuleBroken, refusal
from app.people import persons, ties
from app.people.correcting import CORRECTORS
from app.people.tables import PersonPhoto
from app.rules.actors import Actor, require
from app.rules.identity import masked
from app.storage.engine import write_transaction
from app.storage.rows import rows_where_in

MOST_FILES: Final = 500
MOST_BYTES: Final = 400 * 2**20
"""Of all the photos that are sent at once, unpacked."""
TORN: Final = (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError)
NUMBER: Final = re.compile(r"[0-9A-Za-z()]{6,}")
UTF8_NAME: Final = 0x800


class GivenPhoto(Struct, frozen=True):
    """A picture as it came, with the name of its file."""

    file_name: str
    content: bytes

    @property
    def says(self) -> str:
        """Whom the file's name names: a document number or a person's name."""
        return PurePosixPath(self.file_name.replace("\\", "/")).stem.strip()

    @property
    def shown(self) -> str:
        """The file's name as it may be shown: a number is masked."""
        return NUMBER.sub(lambda found: masked(found[0]), self.file_name)


class PhotoOutcome(Struct, frozen=True):
    """What became of one picture: whose it is, or why it was not kept."""

    file: str
    person_id: int | None = None
    name: str = ""
    problem: Refusal | None = None


@refusal
class NotAPack(RuleBroken):
    """The ZIP cannot be read, or holds too much."""

    says = N_("这个压缩包不能读取，或者里面的文件太多。请用 ZIP 格式，一次不超过 500 张照片。")
    field = "files"


@refusal
class NamesNobody(RuleBroken):
    """No person whom the actor may see has this name or number."""

    says = N_("没有您可以办理的人员使用这个姓名或证件号码。请把文件名改为证件号码或姓名。")


@refusal
class NamesSeveral(RuleBroken):
    """Several persons have this name."""

    says = N_("有 {count} 名同名人员。请把文件名改为证件号码。")
    count: int


@refusal
class NothingGiven(RuleBroken):
    """No picture was chosen."""

    says = N_("请选择照片，或一个装有照片的 ZIP 压缩包。")
    field = "files"


async def photo_of(person_id: int, actor: Actor) -> bytes:
    """Return a person's photo; raise `NotFound` for none, or for one not to be seen."""
    await persons.person(person_id, actor)
    found = await photos_of([person_id])
    if person_id not in found:
        raise NotFound
    return found[person_id]


async def photos_of(person_ids: Iterable[int | None]) -> dict[int, bytes]:
    """Return the photos of some persons."""
    wanted = sorted({id_ for id_ in person_ids if id_ is not None})
    rows = await rows_where_in(PersonPhoto, ("person", "content"), "person", wanted)
    return {row["person"]: bytes(row["content"]) for row in rows}


async def keep(person_id: int, content: bytes, *, by: Actor, at: datetime) -> None:
    """Keep a person's photo in place of the one that was there; raise `BadPhoto`."""
    await _require(person_id, by)
    made = await to_thread.run_sync(portrait, content)
    async with write_transaction():
        await _keep_within(person_id, made, by=by, at=at)


async def remove(person_id: int, *, by: Actor, at: datetime) -> None:
    """Take a person's photo away; raise `NotFound` where there is none."""
    await _require(person_id, by)
    async with write_transaction():
        gone = (
            await PersonPhoto.delete()
            .where(PersonPhoto.person == person_id)
            .returning(PersonPhoto.id)
        )
        if not gone:
            raise NotFound
        await audit.record(act=Act.PHOTO_REMOVED, subject=_subject(person_id), by=by, at=at)


async def keep_many(
    given: Sequence[GivenPhoto], *, by: Actor, at: datetime, today: date
) -> list[PhotoOutcome]:
    """Keep each picture for the person whom its file's name names; tell what became of each."""
    if not given:
        raise NothingGiven
    return [await _kept(photo, by=by, at=at, today=today) for photo in given]


async def _kept(photo: GivenPhoto, *, by: Actor, at: datetime, today: date) -> PhotoOutcome:
    try:
        person_id, name = await _named(photo.says, by, today)
        await keep(person_id, photo.content, by=by, at=at)
    except Refusal as problem:
        return PhotoOutcome(photo.shown, problem=problem)
    return PhotoOutcome(photo.shown, person_id, name)


async def _named(says: str, by: Actor, today: date) -> tuple[int, str]:
    if persons.is_number(says):
        try:
            person_id = await persons.by_number(says, by, today)
        except RuleBroken as problem:
            raise NamesNobody from problem
        return person_id, (await persons.person(person_id, by))[0].name
    found = await persons.named(says, by)
    if len(found) > 1:
        raise NamesSeveral(len(found))
    if not found:
        raise NamesNobody
    return found[0].id, found[0].name


def unpacked(sent: Iterable[GivenPhoto]) -> list[GivenPhoto]:
    """Return the pictures among the files that were sent, and those in their ZIPs.

    Raise `NotAPack`.
    """
    found: list[GivenPhoto] = []
    for given in sent:
        held = sum(len(photo.content) for photo in found)
        if given.file_name.lower().endswith(".zip"):
            found += _of_pack(given.content, MOST_FILES - len(found), MOST_BYTES - held)
        else:
            found.append(given)
    if len(found) > MOST_FILES:
        raise NotAPack
    return found


def _of_pack(content: bytes, most_files: int, most_bytes: int) -> list[GivenPhoto]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as pack:
            files = [item for item in pack.infolist() if _is_picture(item)]
            if len(files) > most_files or sum(item.file_size for item in files) > most_bytes:
                raise NotAPack
            return [GivenPhoto(_name(item), pack.read(item)) for item in files]
    except TORN as error:
        raise NotAPack from error


def _is_picture(item: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(item.filename)
    is_own = not name.name.startswith(".") and "__MACOSX" not in name.parts
    return is_own and name.suffix.lower() in {".jpg", ".jpeg", ".png"}


def _name(item: zipfile.ZipInfo) -> str:
    """Return a file's name; Windows in China writes GBK where the ZIP does not say UTF-8."""
    if item.flag_bits & UTF8_NAME:
        return item.filename
    try:
        return item.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return item.filename


async def _require(person_id: int, by: Actor) -> None:
    await persons.person(person_id, by)
    own = await ties.ties_of([person_id], by)
    require(by, CORRECTORS, *(scope for tie in own for scope in tie.scopes))


async def _keep_within(person_id: int, content: bytes, *, by: Actor, at: datetime) -> None:
    await PersonPhoto.delete().where(PersonPhoto.person == person_id)
    await PersonPhoto(person=person_id, content=content, kept_at=at).save()
    await audit.record(act=Act.PHOTO_KEPT, subject=_subject(person_id), by=by, at=at)


def _subject(person_id: int) -> str:
    return f"people.person:{person_id}"
