"""What the journal says of one person or one organization, in words for its page."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType

import msgspec

from app.audit import facts
from app.audit import queries as journal
from app.audit.facts import Difference
from app.audit.queries import JournalLine
from app.errors import N_
from app.people.queries import region_name

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
for field in ("region_code", "county_code", "host_region"):
    facts.learn_names(field, partial(region_name, is_long=True))


class HistoryLine(msgspec.Struct, frozen=True):
    """One act on a thing."""

    at: datetime
    act: str
    by: str
    reason: str
    differences: tuple[Difference, ...]


async def history_of(subject: str) -> list[HistoryLine]:
    """Return every act on `people.person:7` or `people.organization:3`, the newest first."""
    return [_line(record) for record in await journal.records_of(subject)]


def _line(record: JournalLine) -> HistoryLine:
    return HistoryLine(
        at=record.at,
        act=record.act_label,
        by=record.account_name,
        reason=record.reason,
        differences=facts.differences(record.before, record.after, record.subject, FIELDS),
    )
