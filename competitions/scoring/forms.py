"""What is typed at the desks of seats and marking."""

from typing import Annotated

from msgspec import Meta, Struct

from app.errors import N_
from competitions.rules.duties import CodeStatus, SeatKind


class SeatForm(Struct, frozen=True):
    """A judge to seat."""

    judge_id: Annotated[int, Meta(title=N_("裁判"))]
    kind: Annotated[SeatKind, Meta(title=N_("席位"))] = SeatKind.MARKING


class ConflictForm(Struct, frozen=True):
    """A judge and an entry that do not go together."""

    judge_id: Annotated[int, Meta(title=N_("裁判"))]
    entry_id: Annotated[int, Meta(title=N_("参赛队或选手"))]
    reason: Annotated[str, Meta(title=N_("回避原因"), max_length=200)]


class StandInForm(Struct, frozen=True):
    """Who takes over which seat."""

    seat: Annotated[str, Meta(title=N_("席位"), max_length=10)]
    judge_id: Annotated[int, Meta(title=N_("替补裁判"))]
    reason: Annotated[str, Meta(title=N_("顶替原因"), max_length=200)]


class StandingForm(Struct, frozen=True):
    """A code that did not compete to the end."""

    code: Annotated[str, Meta(title=N_("加密号"), max_length=10)]
    status: Annotated[CodeStatus, Meta(title=N_("情况"))]
    reason: Annotated[str, Meta(title=N_("原因"), max_length=200)] = ""


class CompetesForm(Struct, frozen=True):
    """A code that competes after all."""

    code: Annotated[str, Meta(title=N_("加密号"), max_length=10)]
    reason: Annotated[str, Meta(title=N_("撤销原因"), max_length=200)]


class DeductionForm(Struct, frozen=True):
    """A deduction."""

    code: Annotated[str, Meta(title=N_("加密号"), max_length=10)]
    module: Annotated[str, Meta(title=N_("模块"), max_length=20)]
    points: Annotated[str, Meta(title=N_("扣分"), max_length=13)]
    reason: Annotated[str, Meta(title=N_("原因和条款"), max_length=200)]


class TakeBackForm(Struct, frozen=True):
    """Why a deduction no longer stands."""

    deduction_id: int
    reason: Annotated[str, Meta(title=N_("撤销原因"), max_length=200)]


class TimeForm(Struct, frozen=True):
    """The time of a code in a module."""

    code: Annotated[str, Meta(title=N_("加密号"), max_length=10)]
    module: Annotated[str, Meta(title=N_("模块"), max_length=20)]
    time: Annotated[str, Meta(title=N_("用时"), max_length=12)]
