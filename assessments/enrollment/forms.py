"""The forms of candidates: what was typed becomes an application or a correction."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from app.errors import N_, RuleBroken, refusal
from app.people.actions import GivenPerson, PersonFacts, checked_facts
from app.people.queries import region_code_of
from app.rules.identity import IdKind
from app.web.clock import SHANGHAI
from assessments.enrollment.actions import Application
from assessments.enrollment.correcting import CandidateChange
from assessments.rules.lifecycle import CandidateStatus


@refusal
class UnknownRegion(RuleBroken):
    """A region is one of the table, by name or code."""

    says = N_("没有“{text}”这个地区，或有几个同名的。请从列表中选择，或填六位区划代码。")
    field = "region_code"
    text: str


class CandidateForm(Struct, frozen=True):
    """One candidate, typed by hand."""

    name: Annotated[str, Meta(title=N_("姓名"), max_length=60)]
    id_number: Annotated[str, Meta(title=N_("证件号码"), max_length=30)]
    id_kind: Annotated[IdKind, Meta(title=N_("证件类型"))] = IdKind.RESIDENT
    region_code: Annotated[str, Meta(title=N_("户籍地"), max_length=60)] = ""
    employer: Annotated[str, Meta(title=N_("单位或院校"), max_length=80)] = ""
    category: Annotated[str, Meta(title=N_("人员类别"), max_length=40)] = ""

    def application(self, now: datetime) -> Application:
        """Return the application of the form; raise what is wrong with its person or region."""
        person = _person(self.name, self.id_kind, self.id_number, now)
        return Application(
            person=replace(person, region_code=_region(self.region_code)),
            employer=self.employer,
            category=self.category or None,
        )


class CandidateChangeForm(Struct, frozen=True):
    """What is right about a candidate; an empty number keeps the person."""

    version: int
    name: Annotated[str, Meta(title=N_("姓名"), max_length=60)]
    id_number: Annotated[str, Meta(title=N_("证件号码"), max_length=30)] = ""
    id_kind: Annotated[IdKind, Meta(title=N_("证件类型"))] = IdKind.RESIDENT
    region_code: Annotated[str, Meta(title=N_("户籍地"), max_length=60)] = ""
    employer: Annotated[str, Meta(title=N_("单位或院校"), max_length=80)] = ""
    category: Annotated[str, Meta(title=N_("人员类别"), max_length=40)] = ""
    reason: Annotated[str, Meta(title=N_("更正原因"), max_length=200)] = ""

    def change(self, now: datetime) -> CandidateChange:
        """Return the change of the form; raise what is wrong with its person or region."""
        region_code = _region(self.region_code)
        person = None
        if self.id_number:
            found = _person(self.name, self.id_kind, self.id_number, now)
            person = replace(found, region_code=region_code)
        return CandidateChange(
            name=self.name,
            employer=self.employer,
            category=self.category or None,
            region_code=region_code,
            person=person,
            reason=self.reason,
        )


class CandidateStateForm(Struct, frozen=True):
    """A decision about a candidate who was seen in this version."""

    status: Annotated[CandidateStatus, Meta(title=N_("处理结果"))]
    version: int
    note: Annotated[str, Meta(title=N_("说明"), max_length=200)] = ""


def _person(name: str, kind: IdKind, id_number: str, now: datetime) -> PersonFacts:
    given = GivenPerson(name=name, kind=kind, id_number=id_number)
    return checked_facts(given, now.astimezone(SHANGHAI).date())


def _region(text: str) -> str | None:
    code = region_code_of(text) if text else None
    if text and code is None:
        raise UnknownRegion(text)
    return code
