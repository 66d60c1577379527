"""Is who stands here the holder: the last six characters of the document, five tries an hour.

A wrong ending, an unknown ID and a certificate without a known holder get the same answer.
"""

from typing import Annotated, Any

from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.certificates import headers, pages, queries
from app.certificates.pages import PAGE_LIMIT, TEMPLATE, asker
from app.errors import N_, Refusal
from app.people import persons
from app.rules.check_characters import parse_id
from app.settings import Settings
from app.web.forms import read_form
from app.web.limits import Limit, enforce
from app.web.templating import page

HOLDER_LIMIT = Limit(5, 3600)
ENDING = 6
AnyRequest = Request[Any, Any, Any]


class HolderForm(Struct, frozen=True):
    """What the holder's document ends in."""

    ending: Annotated[str, Meta(title=N_("证件号码后六位"), max_length=12)]


class HolderCheck(Controller):
    """What hangs on the verification page."""

    path = "/v"

    @post("/{name:str}/holder", name="certificate-holder", status_code=200)
    async def check(
        self, request: AnyRequest, name: FromPath[str], settings: NamedDependency[Settings]
    ) -> Response[Any]:
        """Answer on the page of the certificate; nothing but yes or no is told."""
        enforce(PAGE_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        try:
            verification_id = parse_id(name)
            entry = await queries.public_entry(verification_id)
        except Refusal as refusal:
            return await pages.unregistered(refusal)
        enforce(HOLDER_LIMIT, verification_id, settings.limit_factor, headers.PRIVATE)
        form = await read_form(request, HolderForm)
        typed = form.data.ending.strip().upper() if form.ok else ""
        person_id = await queries.holder_of(verification_id)
        is_holder = await persons.has_number_ending(person_id, typed) and len(typed) == ENDING
        shown = await pages.shown(entry)
        return page(TEMPLATE, headers=headers.PRIVATE, **shown | {"is_holder": is_holder})
