"""The forms of candidates: what was typed becomes an application or a correction."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from app.errors import N_, RuleBroken, refusal
from app.people.actions import GivenPerson, PersonFacts, checked_facts
from app.people.queries import region_code_of
from app.rules.ethnic_groups import given_code
from app.rules.identity import IdKind, Sex
from app.rules.phones import checked_phone
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
    sex: Annotated[Sex | None, Meta(title=N_("性别"))] = None
    birth_on: Annotated[date | None, Meta(title=N_("出生日期"))] = None
    ethnic_group: Annotated[str, Meta(title=N_("民族"), max_length=20)] = ""
    education: Annotated[str, Meta(title=N_("文化程度"), max_length=40)] = ""
    phone: Annotated[str, Meta(title=N_("手机"), max_length=20)] = ""
    region_code: Annotated[str, Meta(title=N_("户籍地"), max_length=60)] = ""
    employer: Annotated[str, Meta(title=N_("单位或院校"), max_length=80)] = ""
    category: Annotated[str, Meta(title=N_("人员类别"), max_length=40)] = ""

    def application(self, now: datetime) -> Application:
        """Return the application of the form; raise what is wrong with its person or region."""
        given = GivenPerson(
            name=self.name,
            kind=self.id_kind,
            id_number=self.id_number,
            sex=self.sex,
            birth_on=self.birth_on,
            ethnic_group=given_code(self.ethnic_group),
            education=self.education or None,
            phone=checked_phone(self.phone) or None,
        )
        person = _checked(given, now)
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
            given = GivenPerson(name=self.name, kind=self.id_kind, id_number=self.id_number)
            person = replace(_checked(given, now), region_code=region_code)
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


def _checked(given: GivenPerson, now: datetime) -> PersonFacts:
    return checked_facts(given, now.astimezone(SHANGHAI).date())


def _region(text: str) -> str | None:
    code = region_code_of(text) if text else None
    if text and code is None:
        raise UnknownRegion(text)
    return code
