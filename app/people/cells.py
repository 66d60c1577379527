"""A person in the cells of a spreadsheet: document, birth, sex, telephone, region, each checked."""

from datetime import date

from app.documents.workbooks import Row
from app.errors import RuleBroken
from app.people.actions import GivenPerson, PersonFacts, checked_facts
from app.people.queries import region_code_of, region_name
from app.rules.ethnic_groups import UnknownGroup, ethnic_code
from app.rules.identity import LABELS, IdKind, Sex, normalized_name
from app.rules.phones import checked_phone
from app.web import locale
from app.web.locale import gettext as _

ID_KINDS = {LABELS[item]: item for item in IdKind}
SEXES = {LABELS[item]: item for item in Sex}
ID_WORDS = tuple(
    (word, LABELS[kind])
    for kind, words in {
        IdKind.RESIDENT: ("身份证", "二代身份证", "港澳台居民居住证"),
        IdKind.HONG_KONG_MACAO_PERMIT: ("港澳通行证", "回乡证", "香港证件", "澳门证件"),
        IdKind.TAIWAN_PERMIT: ("台湾通行证", "台胞证", "台湾证件"),
        IdKind.PASSPORT: ("外国护照", "中国护照"),
        IdKind.FOREIGNER_RESIDENCE: ("外国人永久居留证", "外国人居留证"),
    }.items()
    for word in words
)
"""What people write for a kind of document (domain.md B4); all of these are read."""
SEX_WORDS = (("男性", LABELS[Sex.MALE]), ("女性", LABELS[Sex.FEMALE]))
LONGEST = 80
"""Characters in a cell that holds words; more nobody would write there."""


def read_person(row: Row, today: date) -> PersonFacts | None:
    """Read who somebody is; every refusal lands at its own cell."""
    text = row.texts.get
    birth_on = row.day("birth_on") if text("birth_on") else None
    group = text("ethnic_group")
    ethnic = ethnic_code(group) if group else None
    if group and ethnic is None:
        row.wrong("ethnic_group", locale.sentence(UnknownGroup()))
    phone = read_phone(row, "phone") if text("phone") else ""
    number = text("id_number")
    if not number or row.is_wrong("id_number"):
        try_name(row)
        return None
    given = GivenPerson(
        name=text("name") or "无",
        kind=ID_KINDS.get(text("id_kind", ""), IdKind.RESIDENT),
        id_number=number,
        sex=SEXES.get(text("sex", "")),
        birth_on=birth_on,
        ethnic_group=ethnic,
        education=text("education") or None,
        phone=phone or None,
    )
    try:
        return checked_facts(given, today)
    except RuleBroken as refusal:
        try_name(row)
        if refusal.field != "name":
            key = refusal.field if refusal.field in row.layout.by_key else "id_number"
            row.wrong(key, locale.sentence(refusal))
        return None


def try_name(row: Row) -> None:
    """Note what is wrong with a name where there is no number to check it by."""
    if not row.text("name"):
        return
    try:
        normalized_name(row.text("name"))
    except RuleBroken as refusal:
        row.wrong("name", locale.sentence(refusal))


def read_phone(row: Row, key: str) -> str:
    """Read a telephone number; empty where there is none or its cell carries a problem."""
    try:
        return checked_phone(row.text(key))
    except RuleBroken as refusal:
        row.wrong(key, locale.sentence(refusal))
        return ""


def read_region(row: Row, key: str) -> str | None:
    """Read a region by name or code; None where there is none or its cell carries a problem."""
    if not row.text(key):
        return None
    code = region_code_of(row.text(key))
    if code is None:
        row.wrong(key, _("没有这个地区，或有几个同名的。请写全称（含省市）或六位区划代码。"))
    return code


def region_cell(code: str | None) -> str:
    """Return a name that reads back as this code, else the code itself."""
    name = region_name(code, is_long=True)
    return name if name and region_code_of(name) == code else code or ""
