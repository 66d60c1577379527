"""The spreadsheets of registration: entries, delegations, judges (domain.md C7), both ways."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from app.accounts.actions import SIGN_IN_NAME, WrongSignInName
from app.documents.workbooks import Column, Layout, Row
from app.errors import N_
from app.people.cells import (
    ID_KINDS,
    ID_WORDS,
    LONGEST,
    SEX_WORDS,
    SEXES,
    read_person,
    read_phone,
    read_region,
    region_cell,
    try_name,
)
from app.rules.ethnic_groups import ETHNIC_GROUPS
from app.rules.identity import LABELS as IDENTITY
from app.rules.identity import IdKind, Sex, normalized_name
from app.web.locale import gettext as _
from competitions.labels import DIVISION_WORDS, DIVISIONS, ENTRY_STATUSES
from competitions.planning.queries import EventLine
from competitions.registration.admitting import OWN, EntryFacts
from competitions.registration.delegations import DelegationFacts
from competitions.registration.judge_matching import JudgeFacts
from competitions.registration.queries import DelegationLine, JudgeLine
from competitions.registration.standing import FullLine
from competitions.rules.lifecycle import Division

DIVISIONS_BY_WORD = {word: item for item, word in DIVISIONS.items()}
SKILL_LEVELS = (
    N_("五级/初级工"),
    N_("四级/中级工"),
    N_("三级/高级工"),
    N_("二级/技师"),
    N_("一级/高级技师"),
    N_("特级技师"),
    N_("首席技师"),
    N_("学徒工"),
    N_("无"),
)

ENTRIES = Layout(
    "entries",
    N_("报名表"),
    (
        Column(
            "delegation",
            N_("代表队"),
            is_required=True,
            hint=N_("与“代表队”名册中的名称一致。"),
            width=20,
        ),
        Column(
            "event",
            N_("赛项"),
            is_required=True,
            hint=N_("与本届大赛公布的赛项名称一致。"),
            width=16,
        ),
        Column(
            "division",
            N_("组别"),
            is_required=True,
            hint=N_("从下拉列表选择。"),
            choices=tuple(DIVISIONS_BY_WORD),
            also=DIVISION_WORDS,
            width=10,
        ),
        Column("team", N_("参赛队"), hint=N_("多人赛项填写，同队选手填同一个名称；单人赛项留空。")),
        Column(
            "name",
            N_("姓名"),
            is_required=True,
            hint=N_("与证件一致；少数民族姓名用间隔号“·”。"),
            width=14,
        ),
        Column(
            "sex",
            N_("性别"),
            hint=N_("可以留空，系统按身份证号认定。"),
            choices=tuple(SEXES),
            also=SEX_WORDS,
            width=8,
        ),
        Column("ethnic_group", N_("民族"), hint=N_("例如：汉族、苗族。"), width=10),
        Column("birth_on", N_("出生日期"), hint=N_("写成 1990-01-02；可以留空。"), width=13),
        Column(
            "id_kind",
            N_("证件类型"),
            hint=N_("留空为居民身份证。"),
            choices=tuple(ID_KINDS),
            also=ID_WORDS,
            width=18,
        ),
        Column(
            "id_number",
            N_("证件号码"),
            is_required=True,
            hint=N_("18 位；整列设为“文本”格式。"),
            width=22,
            is_sensitive=True,
        ),
        Column("household", N_("户籍性质"), hint=N_("例如：农业家庭户。"), width=14),
        Column("education", N_("文化程度"), hint=N_("例如：中等职业教育。"), width=14),
        Column("employer", N_("单位或院校"), hint=N_("职工填单位，学生填学校。"), width=26),
        Column("position", N_("职务或专业年级"), width=18),
        Column("skill_level", N_("现技能等级"), hint=N_("从下拉列表选择。"), choices=SKILL_LEVELS),
        Column("skill_certificate", N_("技能等级证书号"), width=20),
        Column("county_code", N_("所在县"), hint=N_("县名全称或六位区划代码。"), width=18),
        Column(
            "phone",
            N_("手机"),
            hint=N_("11 位；几个人可以共用一个号码。"),
            width=15,
            is_sensitive=True,
        ),
        Column("coach", N_("指导教师"), width=12),
        Column("clothes_size", N_("衣服尺码"), width=10),
        Column("diet", N_("饮食需求"), hint=N_("例如：清真。"), width=12),
    ),
    longest=LONGEST,
)
ENTRIES_EXPORT = Layout(
    "entries",
    N_("报名汇总表"),
    (
        *ENTRIES.columns,
        Column("status", N_("审查结果"), width=12),
        Column("note", N_("说明"), width=24),
    ),
)
DELEGATIONS = Layout(
    "delegations",
    N_("代表队名册"),
    (
        Column("name", N_("代表队"), is_required=True, hint=N_("例如：贵州省代表队。"), width=24),
        Column(
            "region_code", N_("地区"), hint=N_("地区全称或六位区划代码；行业代表队留空。"), width=20
        ),
        Column("organization", N_("组队单位"), width=30),
        Column("leader", N_("领队"), width=12),
        Column("leader_phone", N_("领队电话"), width=16, is_sensitive=True),
        Column("contact", N_("联络员"), width=12),
        Column("contact_phone", N_("联络员电话"), width=16, is_sensitive=True),
    ),
    longest=LONGEST,
)
JUDGES = Layout(
    "judges",
    N_("裁判名册"),
    (
        Column("name", N_("姓名"), is_required=True, width=12),
        Column(
            "sign_in_name",
            N_("登录名"),
            hint=N_("已有账号的填原登录名；留空由系统分配。"),
            width=18,
        ),
        Column("employer", N_("工作单位"), hint=N_("用于回避：不评本单位的选手。"), width=28),
        Column("qualification", N_("职称或技能等级"), width=18),
        Column("delegation", N_("随行代表队"), hint=N_("用于回避：不评本代表队的选手。"), width=22),
        Column("county_code", N_("所在县"), hint=N_("用于回避：不评本县的选手。"), width=18),
        ENTRIES.column("id_kind"),
        Column("id_number", N_("证件号码"), hint=N_("可以留空。"), width=22, is_sensitive=True),
    ),
    longest=LONGEST,
)


def entries_layout(events: Iterable[EventLine]) -> Layout:
    """Return the layout of entries with the events of one competition to choose from."""
    names = tuple(dict.fromkeys(line.name for line in events))
    columns = (
        replace(column, choices=names) if column.key == "event" and names else column
        for column in ENTRIES.columns
    )
    return replace(ENTRIES, columns=tuple(columns))


def read_entry(
    row: Row, events: Mapping[tuple[str, Division], EventLine], today: date
) -> EntryFacts | None:
    """Read one row of entries; None where its cells carry problems, which are noted in the row."""
    texts = row.texts
    division = DIVISIONS_BY_WORD.get(texts["division"])
    event = events.get((texts["event"], division)) if division else None
    if division and event is None and texts["event"] and not row.is_wrong("event"):
        row.wrong("event", _("本届大赛没有这个赛项和组别。"))
    person = read_person(row, today)
    county = read_region(row, "county_code")
    if row.problems or event is None or person is None:
        return None
    return EntryFacts(
        delegation=texts["delegation"],
        event_id=event.id,
        person=person,
        team=texts["team"],
        employer=texts["employer"],
        position=texts["position"],
        skill_level=texts["skill_level"],
        skill_certificate=texts["skill_certificate"],
        household=texts["household"],
        county_code=county,
        coach=texts["coach"],
        clothes_size=texts["clothes_size"],
        diet=texts["diet"],
    )


def read_delegation(row: Row) -> DelegationFacts | None:
    """Read one row of delegations; None where it carries problems."""
    region = read_region(row, "region_code")
    leader_phone, contact_phone = read_phone(row, "leader_phone"), read_phone(row, "contact_phone")
    if row.problems:
        return None
    return DelegationFacts(
        name=row.text("name"),
        region_code=region,
        organization=row.text("organization"),
        leader=row.text("leader"),
        leader_phone=leader_phone,
        contact=row.text("contact"),
        contact_phone=contact_phone,
    )


def read_judge(row: Row, today: date) -> JudgeFacts | None:
    """Read one row of judges; None where it carries problems."""
    person = read_person(row, today) if row.text("id_number") else None
    county = read_region(row, "county_code")
    if row.text("name") and not row.text("id_number"):
        try_name(row)
    if row.text("sign_in_name") and not SIGN_IN_NAME.fullmatch(row.text("sign_in_name").lower()):
        row.wrong("sign_in_name", _(WrongSignInName.says))
    if row.problems:
        return None
    return JudgeFacts(
        name=normalized_name(row.text("name")),
        sign_in_name=row.text("sign_in_name"),
        employer=row.text("employer"),
        qualification=row.text("qualification"),
        delegation=row.text("delegation"),
        county_code=county,
        person=person,
    )


def entry_cells(line: FullLine) -> dict[str, Any]:
    """Return an entry as cells of `ENTRIES_EXPORT`; importing them again changes nothing."""
    return {name: getattr(line, name) for name in OWN} | {
        "delegation": line.delegation,
        "event": line.event,
        "division": DIVISIONS[Division(line.division)],
        "team": line.team,
        "name": line.name,
        "sex": IDENTITY[Sex(line.sex)] if line.sex else "",
        "ethnic_group": ETHNIC_GROUPS.get(line.ethnic_group or "", ""),
        "id_kind": IDENTITY[IdKind(line.id_kind)],
        "id_number": line.id_number,
        "education": line.education or "",
        "county_code": region_cell(line.county_code),
        "phone": line.phone,
        "status": _(ENTRY_STATUSES[line.status]),
        "note": line.note,
        "coach": line.coach,
    }


def delegation_cells(line: DelegationLine, phones: tuple[str, str]) -> dict[str, Any]:
    """Return a delegation as cells of `DELEGATIONS`, with its two phones in clear."""
    return {
        "name": line.name,
        "region_code": region_cell(line.region_code),
        "organization": line.organization,
        "leader": line.leader,
        "leader_phone": phones[0],
        "contact": line.contact,
        "contact_phone": phones[1],
    }


def judge_cells(line: JudgeLine) -> dict[str, Any]:
    """Return a judge as cells of `JUDGES`; document numbers are not exported."""
    return {
        "name": line.name,
        "sign_in_name": line.sign_in_name,
        "employer": line.employer,
        "qualification": line.qualification,
        "delegation": line.delegation or "",
        "county_code": region_cell(line.county_code),
    }
