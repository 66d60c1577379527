"""The spreadsheet of a sitting's candidates (domain.md B4)."""

from dataclasses import replace as with_columns
from datetime import date
from typing import Any

from msgspec.structs import replace

from app.documents.workbooks import Column, Layout, Row
from app.errors import N_, RuleBroken
from app.people import vault
from app.people.cells import (
    ID_KINDS,
    ID_WORDS,
    LONGEST,
    SEX_WORDS,
    SEXES,
    read_person,
    read_region,
    region_cell,
)
from app.rules.ethnic_groups import ETHNIC_GROUPS
from app.rules.identity import LABELS, IdKind, Sex, name_key
from app.web import locale
from app.web.locale import gettext as _
from assessments.enrollment.actions import Application
from assessments.enrollment.queries import FullLine
from assessments.labels import CANDIDATE_STATUSES
from assessments.rules.candidacy import refuse_too_young

CATEGORIES = (
    "农村转移就业劳动者",
    "防止返贫监测对象",
    "城镇登记失业人员",
    "高校毕业生",
    "退役军人",
    "残疾人",
    "在职职工",
    "在校学生",
    "其他",
)
"""人员类别, which the subsidy of training asks for; another word may be written too."""

CANDIDATES = Layout(
    "candidates",
    N_("考生名册"),
    (
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
        Column("education", N_("文化程度"), hint=N_("例如：中等职业教育。"), width=14),
        Column("region_code", N_("户籍地"), hint=N_("县名全称或六位区划代码。"), width=18),
        Column("employer", N_("单位或院校"), hint=N_("用于考评员回避；没有的留空。"), width=26),
        Column(
            "category",
            N_("人员类别"),
            hint=N_("例如：农村转移就业劳动者、防止返贫监测对象、城镇登记失业人员、高校毕业生。"),
            width=18,
        ),
        Column(
            "phone",
            N_("手机"),
            hint=N_("11 位；几个人可以共用一个号码。"),
            width=15,
            is_sensitive=True,
        ),
    ),
    longest=LONGEST,
)


CANDIDATES_EXPORT = with_columns(
    CANDIDATES,
    columns=(
        Column("number", N_("考号"), width=14),
        *CANDIDATES.columns,
        Column("status", N_("状态"), width=12),
    ),
)
"""What is handed out has a number and a state as well; taking it in again leaves both aside."""


def candidate_cells(line: FullLine) -> dict[str, Any]:
    """Return a candidate as cells of `CANDIDATES_EXPORT`.

    Where the register was corrected since, the number goes by the name that is right now: the
    table can be taken in again, and brings the candidate up to date.
    """
    is_known = name_key(line.name) == name_key(line.register_name)
    return {
        "number": line.number or "",
        "name": line.name if is_known else line.register_name,
        "sex": LABELS[Sex(line.sex)] if line.sex else "",
        "ethnic_group": ETHNIC_GROUPS.get(line.ethnic_group or "", ""),
        "birth_on": line.birth_on,
        "id_kind": LABELS[IdKind(line.id_kind)],
        "id_number": vault.unseal(line.id_sealed),
        "education": line.education or "",
        "region_code": region_cell(line.region_code),
        "employer": line.employer,
        "category": line.category or "",
        "phone": vault.unseal(line.phone_sealed) if line.phone_sealed else "",
        "status": _(CANDIDATE_STATUSES[line.status]),
    }


def read_candidate(row: Row, today: date, sits_on: date) -> Application | None:
    """Read one row; None where its cells carry problems, which are noted in the row."""
    person = read_person(row, today)
    region = read_region(row, "region_code")
    if person is not None:
        try:
            refuse_too_young(person.birth_on, sits_on)
        except RuleBroken as refusal:
            row.wrong(refusal.field, locale.sentence(refusal))
    if row.problems or person is None:
        return None
    return Application(
        person=replace(person, region_code=region),
        employer=row.text("employer"),
        category=row.text("category") or None,
    )
