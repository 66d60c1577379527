"""The states of an import, with their Chinese words."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.errors import N_


class ImportState(StrEnum):
    """Where an import stands."""

    READING = "reading"
    CHECKED = "checked"
    WRITING = "writing"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


UNDER_WAY = frozenset({ImportState.READING, ImportState.WRITING})
OVER = frozenset(
    {ImportState.DONE, ImportState.REFUSED, ImportState.WITHDRAWN, ImportState.EXPIRED}
)

LABELS: Mapping[ImportState, str] = MappingProxyType(
    {
        ImportState.READING: N_("正在检查"),
        ImportState.CHECKED: N_("等待确认"),
        ImportState.WRITING: N_("正在写入"),
        ImportState.DONE: N_("已导入"),
        ImportState.REFUSED: N_("没有导入"),
        ImportState.WITHDRAWN: N_("已放弃"),
        ImportState.EXPIRED: N_("已过期"),
    }
)
