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
from app.errors import N_, Refusal, RuleBroken, refusal
from app.people import persons
from app.rules.widths import narrowed
from app.settings import Settings
from app.web.forms import Form, read_form
from app.web.limits import FORM_BYTES, Limit, enforce
from app.web.templating import page

HOLDER_LIMIT = Limit(5, 3600)
ENDING = 6
AnyRequest = Request[Any, Any, Any]


@refusal
class NotSix(RuleBroken):
    """What was typed is longer or shorter than the ending that is asked for."""

    says = N_("请填写证件号码的最后六位，只填这六个数字或字母。")
    field = "ending"


class HolderForm(Struct, frozen=True):
    """What the holder's document ends in; another length is a slip, and no try."""

    ending: Annotated[str, Meta(title=N_("证件号码后六位"))]

    def __post_init__(self) -> None:
        """Refuse what cannot be an ending; raise `NotSix`."""
        if len(self.ending) != ENDING:
            raise NotSix

    @property
    def plain(self) -> str:
        """Return the characters as document numbers hold them."""
        return narrowed(self.ending).upper()


class HolderCheck(Controller):
    """A page of its own beside the certificate's, which is kept for all who look."""

    path = "/v"

    @get("/{name:str}/holder", name="certificate-holder-form")
    async def show(
        self, request: AnyRequest, name: FromPath[str], settings: NamedDependency[Settings]
    ) -> Response[Any]:
        enforce(PAGE_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        try:
            return _page(await queries.public_entry(name), Form(HolderForm))
        except Refusal as refusal_:
            return await pages.unregistered(refusal_)

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
        except Refusal as refusal_:
            return await pages.unregistered(refusal_)
        form = await read_form(request, HolderForm)
        if not form.ok:
            return _page(entry, form, status_code=422)
        enforce(HOLDER_LIMIT, entry.id, settings.limit_factor, headers.PRIVATE)
        person_id = await queries.holder_of(entry.id)
        is_holder = await persons.has_number_ending(person_id, form.data.plain)
        return _page(entry, Form(HolderForm), is_holder=is_holder)


def _page(
    entry: queries.PublicEntry,
    form: Form[HolderForm],
    *,
    is_holder: bool | None = None,
    status_code: int = 200,
) -> Response[Any]:
    return page(
        "app/certificates/holder.html",
        headers=headers.PRIVATE,
        entry=entry,
        form=form,
        is_holder=is_holder,
        status_code=status_code,
    )
