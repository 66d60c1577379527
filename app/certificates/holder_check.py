"""Is who stands here the holder: the last six characters of the document, five tries an hour.

A wrong ending, an unknown ID and a certificate without a known holder get the same answer.
"""

from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.certificates import headers, pages, queries
from app.certificates.drawn import PAGE_LIMIT
from app.certificates.pages import asker
from app.errors import N_, Refusal
from app.people import persons
from app.settings import Settings
from app.web.forms import read_form
from app.web.limits import FORM_BYTES, Limit, enforce
from app.web.templating import page

HOLDER_LIMIT = Limit(5, 3600)
ENDING = 6
AnyRequest = Request[Any, Any, Any]


class HolderForm(Struct, frozen=True):
    """What the holder's document ends in."""

    ending: Annotated[str, Meta(title=N_("证件号码后六位"), max_length=12)]


class HolderCheck(Controller):
    """A page of its own beside the certificate's, which is kept for all who look."""

    path = "/v"

    @get("/{name:str}/holder", name="certificate-holder-form")
    async def show(
        self, request: AnyRequest, name: FromPath[str], settings: NamedDependency[Settings]
    ) -> Response[Any]:
        enforce(PAGE_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        try:
            return _page(await queries.public_entry(name), None)
        except Refusal as refusal:
            return await pages.unregistered(refusal)

    @post(
        "/{name:str}/holder",
        name="certificate-holder",
        status_code=200,
        request_max_body_size=FORM_BYTES,
    )
    async def check(
        self, request: AnyRequest, name: FromPath[str], settings: NamedDependency[Settings]
    ) -> Response[Any]:
        """Tell yes or no, and nothing but that."""
        enforce(PAGE_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        try:
            entry = await queries.public_entry(name)
        except Refusal as refusal:
            return await pages.unregistered(refusal)
        enforce(HOLDER_LIMIT, entry.id, settings.limit_factor, headers.PRIVATE)
        form = await read_form(request, HolderForm)
        typed = form.data.ending.strip().upper() if form.ok else ""
        person_id = await queries.holder_of(entry.id)
        is_right = await persons.has_number_ending(person_id, typed)
        return _page(entry, is_right and len(typed) == ENDING)


def _page(entry: queries.PublicEntry, is_holder: bool | None) -> Response[Any]:  # noqa: FBT001 - the answer itself
    return page(
        "app/certificates/holder.html", headers=headers.PRIVATE, entry=entry, is_holder=is_holder
    )
