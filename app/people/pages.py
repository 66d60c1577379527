"""The desk of persons: find one by name or number, see what they are, correct them."""

import re
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.errors import N_, Refusal, RuleBroken, refusal
from app.people import correcting, history, persons, photos
from app.people.correcting import CORRECTORS, Correction
from app.people.persons import Found, PersonLine
from app.people.queries import person_count, region_name
from app.people.rail import rail
from app.people.ties import SEERS
from app.rules.actors import Actor
from app.rules.ethnic_groups import ETHNIC_GROUPS, given_code
from app.rules.phones import checked_phone
from app.web.clock import SHANGHAI
from app.web.forms import Form, read_form, read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.locale import sentence
from app.web.responses import go
from app.web.templating import page

PAGE_SIZE = 50
BASE = "/desk/people"
NUMBER = re.compile(r"[0-9]{15}|[A-Za-z]{1,3}[0-9]{8}")
PRIVATE = {"cache-control": "no-store"}


@refusal
class NumberInReason(RuleBroken):
    """The journal keeps reasons for ever and never holds a document's number."""

    says = N_("原因会长期保存在操作日志中，请不要写证件号码。")
    field = "reason"


class SearchForm(Struct, frozen=True):
    """A name or a document number, never part of an address."""

    q: Annotated[str, Meta(title=N_("姓名或证件号码"), max_length=60)]


class PeopleFilter(Struct, frozen=True):
    """Which persons: a name, and the page."""

    q: str = ""
    page: int = 1


class PersonForm(Struct, frozen=True):
    """What is corrected, why, and the version that was seen."""

    name: Annotated[str, Meta(title=N_("姓名"), max_length=60)]
    reason: Annotated[str, Meta(title=N_("更正原因"), max_length=200)]
    version: int
    phone: Annotated[str, Meta(title=N_("手机"), max_length=20)] = ""
    is_phone_removed: Annotated[bool, Meta(title=N_("删去登记的手机"))] = False
    ethnic_group: Annotated[str, Meta(title=N_("民族"), max_length=20)] = ""
    education: Annotated[str, Meta(title=N_("文化程度"), max_length=40)] = ""

    def correction(self) -> Correction:
        """Return what is wanted; raise `WrongPhone`, `UnknownGroup` or `NumberInReason`."""
        removed = "" if self.is_phone_removed else None
        phone = checked_phone(self.phone) or removed
        if NUMBER.search(self.reason):
            raise NumberInReason
        return Correction(
            name=self.name,
            phone=phone,
            reason=self.reason,
            ethnic_group=given_code(self.ethnic_group) or "",
            education=self.education,
        )


class PeoplePages(Controller):
    """The register of persons."""

    path = BASE
    guards = [requires(*SEERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-people")
    async def list_all(self, request: AnyRequest, actor: NamedDependency[Actor]) -> AnyResponse:
        query = read_query(request, PeopleFilter)
        chosen = query.data if query.ok else PeopleFilter()
        if persons.is_number(chosen.q):
            return go(BASE, toast=_("证件号码不能放在网址里，请在框中输入后查找"))
        return await _people_page(Form(SearchForm, {"q": chosen.q}), actor, chosen)

    @post("", name="desk-people-search")
    async def search(
        self, request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        form = await read_form(request, SearchForm)
        if form.ok and not persons.is_number(form.data.q):
            return go(f"{BASE}?{urlencode({'q': form.data.q})}")
        if form.ok:
            today = now.astimezone(SHANGHAI).date()
            try:
                return go(f"{BASE}/{await persons.by_number(form.data.q, actor, today)}")
            except RuleBroken as refusal:
                form.errors["q"] = sentence(refusal)  # Its own field is another form's.
        form.values.pop("q", None)  # A number is not written back.
        return await _people_page(form, actor, PeopleFilter(), status_code=422)

    @get("/{person_id:int}", name="desk-person")
    async def show(self, person_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        return await person_page(person_id, actor)

    @get("/{person_id:int}/edit", name="desk-person-edit", guards=[requires(*CORRECTORS)])
    async def edit(self, person_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        line, _ties = await persons.person(person_id, actor)
        form = Form(PersonForm, {"name": line.name, "version": line.version})
        return _form_page(form, line)

    @post("/{person_id:int}/edit", name="desk-person-change", guards=[requires(*CORRECTORS)])
    async def change(
        self,
        request: AnyRequest,
        person_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        line, _ties = await persons.person(person_id, actor)
        form = await read_form(request, PersonForm)
        if form.ok:
            try:
                wanted, seen = form.data.correction(), form.data.version
                await correcting.correct_person(
                    person_id, wanted, seen_version=seen, by=actor, at=now
                )
                return go(f"{BASE}/{person_id}", toast=_("已更正，原因已记录"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return _form_page(form, line, status_code=422)


async def person_page(
    person_id: int, actor: Actor, *, problem: Refusal | None = None
) -> AnyResponse:
    """Answer with the page of one person."""
    line, own = await persons.person(person_id, actor)
    return page(
        "app/people/person.html",
        person=line,
        ties=own,
        history=await history.history_of(f"people.person:{person_id}"),
        may_correct=correcting.may_correct(actor, own),
        has_photo=bool(await photos.photos_of([person_id])),
        problem=problem,
        **around((BASE, _("人员名册"))),
        status_code=422 if problem else 200,
        headers=PRIVATE,
    )


def around(*crumbs: tuple[str, str]) -> dict[str, Any]:
    """Return what stands around the pages of the register."""
    return {"rail": rail("people"), "crumbs": crumbs, "region_name": region_name}


async def _people_page(
    form: Form[SearchForm], actor: Actor, chosen: PeopleFilter, status_code: int = 200
) -> AnyResponse:
    found = Found([], 0)
    if not form.errors:
        found = await persons.found(chosen.q, actor, number=chosen.page, page_size=PAGE_SIZE)
    sees_all = actor.holds(SEERS)
    return page(
        "app/people/people.html",
        form=form,
        found=found,
        chosen=chosen,
        sees_all=sees_all,
        may_correct=actor.holds_anywhere(*CORRECTORS),
        total=await person_count() if sees_all else None,
        page_size=PAGE_SIZE,
        **around(),
        status_code=status_code,
        headers=PRIVATE,
    )


def _form_page(form: Form[PersonForm], line: PersonLine, status_code: int = 200) -> AnyResponse:
    return page(
        "app/people/person_form.html",
        form=form,
        person=line,
        groups=list(ETHNIC_GROUPS.values()),
        **around((BASE, _("人员名册")), (f"{BASE}/{line.id}", line.name)),
        status_code=status_code,
        headers=PRIVATE,
    )
