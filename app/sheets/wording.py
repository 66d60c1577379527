"""The words of this room: statuses, kinds, states, and why a mark was not taken."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.errors import N_
from app.rules.mark_ledger import RecordKind
from app.rules.mark_sheet import AspectKind, MarkState, SheetStatus
from app.web import locale

EXAMINERS: Final = tuple(
    (re.compile(usual), here)
    for usual, here in (
        ("裁判长", "考评组长"),
        ("裁判", "考评员"),
        ("选手", "考生"),
        (r"\b([Aa]) (?=judge\b)", r"\1n "),
        ("chief judge", "lead examiner"),
        ("Chief judge", "Lead examiner"),
        (r"\bjudge(?=s?\b)", "examiner"),
        (r"\bJudge(?=s?\b)", "Examiner"),
        (r"\bcontestant(?=s?\b)", "candidate"),
        (r"\bContestant(?=s?\b)", "Candidate"),
    )
)
"""What an assessment calls those who mark or enter a contest, in each language."""


def as_in(place: str) -> None:
    """Let the present request name people as the room of a ledger, or of an address, does."""
    if "assessments" in place:
        locale.call(EXAMINERS)


STATUSES: Mapping[SheetStatus, str] = MappingProxyType(
    {
        SheetStatus.OPEN: N_("评分中"),
        SheetStatus.SUBMITTED: N_("已提交"),
        SheetStatus.SIGNED: N_("已签字"),
        SheetStatus.LOCKED: N_("已锁定"),
        SheetStatus.VOID: N_("不计"),
    }
)

KINDS: Mapping[AspectKind, str] = MappingProxyType(
    {
        AspectKind.POINTS: N_("打分"),
        AspectKind.MEASUREMENT: N_("客观测量"),
        AspectKind.JUDGEMENT: N_("主观评判"),
        AspectKind.PANEL: N_("评委打分"),
        AspectKind.GATE: N_("否决项"),
    }
)

STATES: Mapping[MarkState, str] = MappingProxyType(
    {
        MarkState.MARKED: N_("已评"),
        MarkState.MISSING: N_("缺评"),
        MarkState.NOT_ATTEMPTED: N_("未做"),
        MarkState.CLEARED: N_("已清除"),
    }
)

RECORDS: Mapping[RecordKind, str] = MappingProxyType(
    {
        RecordKind.MARK: N_("评分"),
        RecordKind.NOTE: N_("备注"),
        RecordKind.AMENDMENT: N_("更正"),
        RecordKind.SUBMIT: N_("提交"),
        RecordKind.RETURN: N_("退回"),
        RecordKind.VOID: N_("不计"),
        RecordKind.REOPEN: N_("恢复评分"),
        RecordKind.SIGN: N_("签字"),
        RecordKind.LOCK: N_("锁定"),
        RecordKind.REFIT: N_("换用新的评分标准或规则"),
    }
)

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "value_without_mark": N_("选了“未做”或“缺评”就不能再带分数。"),
        "missing_not_allowed": N_("这一项只有一位裁判评，不能缺评。"),
        "value_needed": N_("没有分数。"),
        "not_a_number": N_("不是数字，或小数超过四位。"),
        "too_fine": N_("小数位数超过了这一项允许的位数。"),
        "below_range": N_("低于最小值。"),
        "above_range": N_("高于最大值。"),
        "unreadable": N_("记录不完整。"),
        "unknown_sheet": N_("找不到这张评分表。"),
        "unknown_judge": N_("认不出是哪位裁判记的。"),
        "unknown_aspect": N_("评分表上没有这一项。"),
        "id_reuse": N_("记录编号与另一条重复。"),
        "reassigned": N_("这张评分表已改派给别人，分数留给裁判长处理。"),
        "pass_ended": N_("胸牌已换发，或评分职责、账号已停用，分数留给裁判长处理。"),
        "scheme_changed": N_("评分标准已更换，分数留给裁判长处理。"),
        "closed": N_("评分表已提交或锁定，分数留给裁判长处理。"),
        "conflict": N_("有两个不同的分数，请先确定用哪一个。"),
        "incomplete": N_("还有未评的项。"),
        "apart": N_(
            "提交没有收下：有评分与其他裁判相差太大。分数都在。请商议、写下说明、各自重评，再提交。"
        ),
        "too_large": N_("记录太大，服务器没有收。"),
        "refused": N_("服务器读不懂这条记录，请导出备份文件交给裁判长。"),
    }
)
