"""What the journal's records are about, in words: `competitions.event:12` is 赛项 12."""

from collections.abc import Mapping
from types import MappingProxyType

from app.errors import N_
from app.web.locale import gettext as _

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "accounts.account": N_("账号"),
        "assessments.candidate": N_("考生"),
        "assessments.sitting": N_("考核批次"),
        "assessments.specification": N_("能力规范"),
        "certificates.batch": N_("签发批次"),
        "certificates.certificate": N_("证书"),
        "certificates.issuer": N_("发证机构"),
        "certificates.key": N_("签发密钥"),
        "certificates.log": N_("证书日志"),
        "certificates.number_template": N_("编号模板"),
        "competitions.competition": N_("大赛"),
        "competitions.entry": N_("报名"),
        "competitions.event": N_("赛项"),
        "competitions.rule_set": N_("评分规则"),
        "holidays.calendar": N_("放假安排"),
        "imports.import": N_("表格导入"),
        "imports.command": N_("表格导入"),
        "people.organization": N_("单位"),
        "people.organizations": N_("单位"),
        "people.person": N_("人员"),
        "people.vault": N_("证件号的密钥"),
        "people.regions": N_("行政区划"),
        "sheets.ledger": N_("评分账册"),
        "sheets.tablet": N_("平板"),
    }
)
SHORT = 12


def word_of(subject: str) -> str:
    """Return the Chinese word for what a subject is; the subject itself where it is unknown."""
    return WORDS.get(subject.partition(":")[0], subject)


def number_of(subject: str) -> str:
    """Return the number within its kind, or the start of a long key; of a ledger, whose it is."""
    number = subject.partition(":")[2]
    if number.partition(":")[0] in WORDS:
        return f"{_(word_of(number))} {number_of(number)}"
    return number if len(number) <= SHORT else f"{number[:8]}…"
