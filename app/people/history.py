"""What the journal says of one person or one organization, in words for its page."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import msgspec

from app.audit import queries as journal
from app.audit.queries import JournalLine
from app.errors import N_
from app.people.kinds import LABELS, OrganizationKind
from app.people.queries import region_name
from app.rules.ethnic_groups import ETHNIC_GROUPS

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "name": N_("单位名称"),
        "kind": N_("单位类型"),
        "credit_code": N_("统一社会信用代码"),
        "region_code": N_("所在地区"),
        "contact": N_("联系人"),
        "phone": N_("手机"),
        "ethnic_group": N_("民族"),
        "education": N_("文化程度"),
    }
)
PERSON = "people.person"
PERSON_NAME = N_("姓名")


class Difference(msgspec.Struct, frozen=True):
    """One field before and after; empty for nothing."""

    field: str
    before: str
    after: str


class HistoryLine(msgspec.Struct, frozen=True):
    """One act on a thing."""

    at: datetime
    act: str
    by: str
    reason: str
    differences: tuple[Difference, ...]


async def history_of(subject: str) -> list[HistoryLine]:
    """Return every act on `people.person:7` or `people.organization:3`, the newest first."""
    own = {"name": PERSON_NAME} if subject.startswith(f"{PERSON}:") else {}
    words = {**FIELDS, **own}
    return [_line(record, words) for record in await journal.records_of(subject)]


def _line(record: JournalLine, words: Mapping[str, str]) -> HistoryLine:
    before, after = _facts(record.before), _facts(record.after)
    return HistoryLine(
        at=record.at,
        act=record.act_label,
        by=record.account_name,
        reason=record.reason,
        differences=tuple(
            Difference(word, _shown(name, before.get(name)), _shown(name, after.get(name)))
            for name, word in words.items()
            if before.get(name) != after.get(name)
        ),
    )


def _facts(text: str) -> dict[str, object]:
    return msgspec.json.decode(text, type=dict[str, object]) if text else {}


def _shown(field: str, value: object) -> str:
    if not value:
        return ""
    if field == "kind":
        return LABELS[OrganizationKind(str(value))]
    if field == "ethnic_group":
        return ETHNIC_GROUPS.get(str(value), str(value))
    return region_name(str(value), is_long=True) if field == "region_code" else str(value)
