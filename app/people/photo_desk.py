"""The desk of portraits: one person's photo, and many at once from files or a ZIP."""

from datetime import datetime
from typing import Annotated

from anyio import to_thread
from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response
from msgspec import Meta, Struct

from app.errors import N_, RuleBroken
from app.people import pages, photos
from app.people.correcting import CORRECTORS
from app.people.photos import GivenPhoto, PhotoOutcome
from app.rules.actors import Actor
from app.web.clock import SHANGHAI
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page

BASE = "/desk/people"
ONE_BYTES = 13 * 2**20
MANY_BYTES = 200 * 2**20
PRIVATE = {"cache-control": "no-store", "content-security-policy": "default-src 'none'"}


class PhotoForm(Struct, frozen=True):
    """One photo."""

    photo: Annotated[UploadFile, Meta(title=N_("照片"))]


class PhotosForm(Struct, frozen=True):
    """Many photos, or ZIPs of them."""

    files: Annotated[list[UploadFile], Meta(title=N_("照片或 ZIP 压缩包"))] = []


class PersonPhotoDesk(Controller):
    """One person's photo."""

    path = "/desk/people/{person_id:int}"
    guards = [requires(*CORRECTORS)]  # noqa: RUF012 - Litestar's way

    @get("/photo.jpg", name="desk-person-photo")
    async def show(self, person_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        content = await photos.photo_of(person_id, actor)
        return Response(content, media_type="image/jpeg", headers=PRIVATE)

    @post("/photo", name="desk-person-photo-keep", request_max_body_size=ONE_BYTES)
    async def keep(
        self,
        request: AnyRequest,
        person_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, PhotoForm)
        try:
            content = await form.data.photo.read()
            await photos.keep(person_id, content, by=actor, at=now)
        except RuleBroken as problem:
            return await pages.person_page(person_id, actor, problem=problem)
        return go(f"{BASE}/{person_id}", toast=_("照片已存入"))

    @post("/photo/removal", name="desk-person-photo-remove")
    async def remove(
        self,
        person_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        await photos.remove(person_id, by=actor, at=now)
        return go(f"{BASE}/{person_id}", toast=_("照片已删除"))


class PhotosDesk(Controller):
    """Many photos at once."""

    path = "/desk/people/photos"
    guards = [requires(*CORRECTORS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-photos")
    async def choose(self) -> AnyResponse:
        return _photos_page(Form(PhotosForm))

    @post("", name="desk-photos-keep", request_max_body_size=MANY_BYTES)
    async def keep(
        self, request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        form = await read_form(request, PhotosForm)
        try:
            sent = [GivenPhoto(file.filename, await file.read()) for file in form.data.files]
            given = await to_thread.run_sync(photos.unpacked, sent)
            today = now.astimezone(SHANGHAI).date()
            found = await photos.keep_many(given, by=actor, at=now, today=today)
        except RuleBroken as refusal:
            form.refuse(refusal)
            return _photos_page(form, status_code=422)
        return _photos_page(Form(PhotosForm), outcomes=found)


def _photos_page(
    form: Form[PhotosForm],
    *,
    outcomes: list[PhotoOutcome] | None = None,
    status_code: int = 200,
) -> AnyResponse:
    return page(
        "app/people/photos.html",
        form=form,
        outcomes=outcomes,
        most=photos.MOST_FILES,
        **pages.around((BASE, _("人员名册"))),
        status_code=status_code,
        headers={"cache-control": "no-store"},
    )
