"""Chinese words for the enumerations of competitions."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.errors import N_
from competitions.rules.agreement import DifferenceStep
from competitions.rules.duties import CodeStatus, SeatKind
from competitions.rules.entries import EntryStatus
from competitions.rules.lifecycle import CompetitionStatus, Division, EventStatus, Level
from competitions.rules.proposals import ProposalKind, ProposalStatus, Vote
from competitions.rules.recusal import Conflict
from competitions.rules.trials import TrialKind

LEVELS: Mapping[Level, str] = MappingProxyType(
    {
        Level.NATIONAL: N_("国家级"),
        Level.PROVINCE: N_("省级"),
        Level.CITY: N_("市级"),
        Level.COUNTY: N_("县级"),
    }
)
DIVISIONS: Mapping[Division, str] = MappingProxyType(
    {
        Division.WORKERS: N_("职工组"),
        Division.STUDENTS: N_("学生组"),
        Division.OPEN: N_("公开组"),
    }
)
DIVISION_WORDS = (("职工", DIVISIONS[Division.WORKERS]), ("学生", DIVISIONS[Division.STUDENTS]))
"""What people write for a division in their own workbooks."""
COMPETITION_STATUSES: Mapping[CompetitionStatus, str] = MappingProxyType(
    {
        CompetitionStatus.PREPARING: N_("筹备"),
        CompetitionStatus.ANNOUNCED: N_("已公告"),
        CompetitionStatus.UNDER_WAY: N_("进行中"),
        CompetitionStatus.CLOSED: N_("已结束"),
    }
)
EVENT_STATUSES: Mapping[EventStatus, str] = MappingProxyType(
    {
        EventStatus.PREPARING: N_("筹备报名"),
        EventStatus.DRAWN: N_("已抽签"),
        EventStatus.MARKING: N_("评分中"),
        EventStatus.LOCKED: N_("成绩已锁定"),
        EventStatus.UNSEALED: N_("已解密"),
        EventStatus.PUBLISHED: N_("已公布"),
        EventStatus.CALLED_OFF: N_("停办"),
    }
)
SEATS: Mapping[SeatKind, str] = MappingProxyType(
    {
        SeatKind.CHIEF: N_("裁判长"),
        SeatKind.MARKING: N_("评分裁判"),
        SeatKind.RESERVE: N_("替补裁判"),
    }
)
CODE_STATUSES: Mapping[CodeStatus, str] = MappingProxyType(
    {
        CodeStatus.ABSENT: N_("缺考"),
        CodeStatus.WITHDRAWN: N_("弃权"),
        CodeStatus.DISQUALIFIED: N_("取消资格"),
    }
)
CONFLICTS: Mapping[Conflict, str] = MappingProxyType(
    {
        Conflict.DELEGATION: N_("同一代表队"),
        Conflict.EMPLOYER: N_("同一单位"),
        Conflict.COUNTY: N_("同一县"),
        Conflict.COACH: N_("指导教师"),
        Conflict.PERSON: N_("本人参赛"),
        Conflict.DECLARED: N_("申报回避"),
    }
)
ENTRY_STATUSES: Mapping[EntryStatus, str] = MappingProxyType(
    {
        EntryStatus.REGISTERED: N_("待审查"),
        EntryStatus.ACCEPTED: N_("审查通过"),
        EntryStatus.RETURNED: N_("退回补正"),
        EntryStatus.REFUSED: N_("不予通过"),
        EntryStatus.WITHDRAWN: N_("已退赛"),
    }
)
DIFFERENCE_STEPS: Mapping[DifferenceStep, str] = MappingProxyType(
    {
        DifferenceStep.RULE_SET: N_("评分规则"),
        DifferenceStep.PROBLEMS: N_("数据中的问题"),
        DifferenceStep.ENTRY: N_("列出的选手"),
        DifferenceStep.STATUS: N_("参赛情况"),
        DifferenceStep.MODULE: N_("模块得分"),
        DifferenceStep.TOTAL: N_("总分"),
        DifferenceStep.SCALE: N_("换算分"),
        DifferenceStep.RANK: N_("名次"),
        DifferenceStep.AWARD: N_("奖项"),
    }
)
TRIALS: Mapping[TrialKind, str] = MappingProxyType(
    {
        TrialKind.JUDGE: N_("去掉一名裁判"),
        TrialKind.ROUNDING: N_("换一种舍入"),
        TrialKind.STEP: N_("一个打分差一步"),
    }
)
PROPOSAL_KINDS: Mapping[ProposalKind, str] = MappingProxyType(
    {
        ProposalKind.SCHEME: N_("评分标准"),
        ProposalKind.RULE_SET: N_("评分规则"),
    }
)
PROPOSAL_STATUSES: Mapping[ProposalStatus, str] = MappingProxyType(
    {
        ProposalStatus.OPEN: N_("表决中"),
        ProposalStatus.APPLIED: N_("已生效"),
        ProposalStatus.CANCELED: N_("已撤回"),
        ProposalStatus.OUTDATED: N_("已失效"),
    }
)
VOTES: Mapping[Vote, str] = MappingProxyType(
    {
        Vote.FOR: N_("同意"),
        Vote.AGAINST: N_("反对"),
        Vote.ABSTAIN: N_("不表态"),
    }
)
LABELS: tuple[Mapping[Any, str], ...] = (
    LEVELS,
    DIVISIONS,
    COMPETITION_STATUSES,
    EVENT_STATUSES,
    SEATS,
    CODE_STATUSES,
    CONFLICTS,
    ENTRY_STATUSES,
    DIFFERENCE_STEPS,
    TRIALS,
    PROPOSAL_KINDS,
    PROPOSAL_STATUSES,
    VOTES,
)
