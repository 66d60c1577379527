"""The forms of registration: what was typed becomes an entry, a delegation, a judge."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from app.errors import N_, RuleBroken, refusal
from app.people.actions import GivenPerson, PersonFacts, checked_facts
from app.people.queries import region_code_of
from app.rules.identity import IdKind, normalized_name
from app.rules.phones import WrongPhone, checked_phone
from competitions.registration.actions import EntryChange
from competitions.registration.admitting import EntryFacts
from competitions.registration.delegations import DelegationFacts
from competitions.registration.judge_matching import JudgeFacts
from competitions.rules.entries import EntryStatus

REGION = 60


@refusal
class UnknownCounty(RuleBroken):
    """A county is one of the table, by name or code."""

    says = N_("没有“{text}”这个地区，或有几个同名的。请从列表中选择，或填六位区划代码。")
    field = "county_code"
    text: str


@refusal
class UnknownRegion(RuleBroken):
    """A region is one of the table, by name or code."""

    says = UnknownCounty.says
    field = "region_code"
    text: str


@refusal
class WrongLeaderPhone(WrongPhone):
    """The leader's phone."""

    field = "leader_phone"


@refusal
class WrongContactPhone(WrongPhone):
    """The contact's phone."""

    field = "contact_phone"


class EntryForm(Struct, frozen=True):
    """One contestant, typed by hand."""

    delegation: Annotated[str, Meta(title=N_("代表队"), max_length=60)]
    event_id: Annotated[int, Meta(title=N_("赛项和组别"))]
    name: Annotated[str, Meta(title=N_("姓名"), max_length=60)]
    id_number: Annotated[str, Meta(title=N_("证件号码"), max_length=30)]
    id_kind: Annotated[IdKind, Meta(title=N_("证件类型"))] = IdKind.RESIDENT
    team: Annotated[str, Meta(title=N_("参赛队名称"), max_length=40)] = ""
    phone: Annotated[str, Meta(title=N_("手机"), max_length=20)] = ""
    employer: Annotated[str, Meta(title=N_("单位或院校"), max_length=80)] = ""
    position: Annotated[str, Meta(title=N_("职务或专业年级"), max_length=60)] = ""
    skill_level: Annotated[str, Meta(title=N_("现技能等级"), max_length=20)] = ""
    skill_certificate: Annotated[str, Meta(title=N_("技能等级证书号"), max_length=40)] = ""
    household: Annotated[str, Meta(title=N_("户籍性质"), max_length=20)] = ""
    county_code: Annotated[str, Meta(title=N_("所在县"), max_length=REGION)] = ""
    coach: Annotated[str, Meta(title=N_("指导教师"), max_length=50)] = ""
    clothes_size: Annotated[str, Meta(title=N_("衣服尺码"), max_length=10)] = ""
    diet: Annotated[str, Meta(title=N_("饮食需求"), max_length=40)] = ""

    def facts(self, today: date) -> EntryFacts:
        """Return the entry of the form; raise the refusals of names, numbers and phones."""
        return EntryFacts(
            delegation=self.delegation,
            event_id=self.event_id,
            person=person_of(self.name, self.id_kind, self.id_number, self.phone, today=today),
            team=self.team,
            employer=self.employer,
            position=self.position,
            skill_level=self.skill_level,
            skill_certificate=self.skill_certificate,
            household=self.household,
            county_code=_county(self.county_code),
            coach=self.coach,
            clothes_size=self.clothes_size,
            diet=self.diet,
        )


class EntryChangeForm(Struct, frozen=True):
    """What is mended about a contestant; an empty number keeps the person, an empty name theirs."""

    version: int
    name: Annotated[str, Meta(title=N_("姓名"), max_length=60)] = ""
    id_number: Annotated[str, Meta(title=N_("证件号码"), max_length=30)] = ""
    id_kind: Annotated[IdKind, Meta(title=N_("证件类型"))] = IdKind.RESIDENT
    employer: Annotated[str, Meta(title=N_("单位或院校"), max_length=80)] = ""
    position: Annotated[str, Meta(title=N_("职务或专业年级"), max_length=60)] = ""
    skill_level: Annotated[str, Meta(title=N_("现技能等级"), max_length=20)] = ""
    skill_certificate: Annotated[str, Meta(title=N_("技能等级证书号"), max_length=40)] = ""
    household: Annotated[str, Meta(title=N_("户籍性质"), max_length=20)] = ""
    county_code: Annotated[str, Meta(title=N_("所在县"), max_length=REGION)] = ""
    coach: Annotated[str, Meta(title=N_("指导教师"), max_length=50)] = ""
    clothes_size: Annotated[str, Meta(title=N_("衣服尺码"), max_length=10)] = ""
    diet: Annotated[str, Meta(title=N_("饮食需求"), max_length=40)] = ""

    def change(self, today: date) -> EntryChange:
        """Return the change of the form."""
        person = None
        if self.id_number:
            person = person_of(self.name, self.id_kind, self.id_number, "", today=today)
        return EntryChange(
            name=normalized_name(self.name) if self.name else "",
            person=person,
            employer=self.employer,
            position=self.position,
            skill_level=self.skill_level,
            skill_certificate=self.skill_certificate,
            household=self.household,
            county_code=_county(self.county_code),
            coach=self.coach,
            clothes_size=self.clothes_size,
            diet=self.diet,
        )


class VettingForm(Struct, frozen=True):
    """A decision about an entry that was seen in this version."""

    status: Annotated[EntryStatus, Meta(title=N_("审查结果"))]
    version: int
    note: Annotated[str, Meta(title=N_("说明"), max_length=200)] = ""


class ChosenForm(Struct, frozen=True):
    """Several chosen from a list."""

    chosen: Annotated[list[int], Meta(title=N_("所选的报名"))] = []


class DelegationForm(Struct, frozen=True):
    """A delegation."""

    name: Annotated[str, Meta(title=N_("代表队名称"), max_length=60)]
    region_code: Annotated[str, Meta(title=N_("地区"), max_length=REGION)] = ""
    organization: Annotated[str, Meta(title=N_("组队单位"), max_length=80)] = ""
    leader: Annotated[str, Meta(title=N_("领队"), max_length=50)] = ""
    leader_phone: Annotated[str, Meta(title=N_("领队电话"), max_length=20)] = ""
    contact: Annotated[str, Meta(title=N_("联络员"), max_length=50)] = ""
    contact_phone: Annotated[str, Meta(title=N_("联络员电话"), max_length=20)] = ""
    version: int = 0

    def facts(self) -> DelegationFacts:
        """Return the delegation of the form; raise `WrongPhone`."""
        return DelegationFacts(
            name=self.name,
            region_code=_region(self.region_code),
            organization=self.organization,
            leader=self.leader,
            leader_phone=checked_phone(self.leader_phone, WrongLeaderPhone),
            contact=self.contact,
            contact_phone=checked_phone(self.contact_phone, WrongContactPhone),
        )


class JudgeForm(Struct, frozen=True):
    """One judge of the register."""

    name: Annotated[str, Meta(title=N_("姓名"), max_length=50)]
    sign_in_name: Annotated[str, Meta(title=N_("登录名"), max_length=64)] = ""
    employer: Annotated[str, Meta(title=N_("工作单位"), max_length=80)] = ""
    qualification: Annotated[str, Meta(title=N_("职称或技能等级"), max_length=60)] = ""
    delegation: Annotated[str, Meta(title=N_("随行代表队"), max_length=60)] = ""
    county_code: Annotated[str, Meta(title=N_("所在县"), max_length=REGION)] = ""

    def facts(self) -> JudgeFacts:
        """Return the judge of the form."""
        return JudgeFacts(
            name=self.name,
            sign_in_name=self.sign_in_name,
            employer=self.employer,
            qualification=self.qualification,
            delegation=self.delegation,
            county_code=_county(self.county_code),
        )


class JudgeChangeForm(Struct, frozen=True):
    """What is mended about a judge; an empty number keeps the one that is known."""

    version: int
    name: Annotated[str, Meta(title=N_("姓名"), max_length=50)]
    id_number: Annotated[str, Meta(title=N_("证件号码"), max_length=30)] = ""
    id_kind: Annotated[IdKind, Meta(title=N_("证件类型"))] = IdKind.RESIDENT
    employer: Annotated[str, Meta(title=N_("工作单位"), max_length=80)] = ""
    qualification: Annotated[str, Meta(title=N_("职称或技能等级"), max_length=60)] = ""
    delegation: Annotated[str, Meta(title=N_("随行代表队"), max_length=60)] = ""
    county_code: Annotated[str, Meta(title=N_("所在县"), max_length=REGION)] = ""

    def facts(self, today: date) -> JudgeFacts:
        """Return the judge of the form; raise the refusals of names and numbers."""
        person = None
        if self.id_number:
            person = person_of(self.name, self.id_kind, self.id_number, "", today=today)
        return JudgeFacts(
            name=normalized_name(self.name),
            employer=self.employer,
            qualification=self.qualification,
            delegation=self.delegation,
            county_code=_county(self.county_code),
            person=person,
        )


def person_of(name: str, kind: IdKind, id_number: str, phone: str, *, today: date) -> PersonFacts:
    """Check a name, a number and a phone as typed; raise the refusal of the first that is wrong."""
    facts = checked_facts(GivenPerson(name=name, kind=kind, id_number=id_number), today)
    return replace(facts, phone=checked_phone(phone) or None)


def _county(text: str) -> str | None:
    code = region_code_of(text) if text else None
    if text and code is None:
        raise UnknownCounty(text)
    return code


def _region(text: str) -> str | None:
    code = region_code_of(text) if text else None
    if text and code is None:
        raise UnknownRegion(text)
    return code
