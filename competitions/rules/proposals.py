"""Changing what is locked: who proposes, who votes, when it is carried, who puts it in force.

No federation's rules say how a scheme changes in mid-contest; marking.md §8, point 16 asks only
that it is previewed, and applied or canceled as a whole. The house has set the rest (decision
0012):

- the chief judge or the organizer proposes, with a reason;
- the marking judges of the event and its chief judge vote; each has one vote;
- it is carried when more than half of those entitled voted for it and the chief judge is among
  them; abstaining is not agreeing. Once names are known, everybody entitled must have agreed;
- two persons with two duties put it in force: the chief judge, and the supervisor or the
  organizer; once names are known, the supervisor.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Duty
from competitions.rules.lifecycle import EventStatus
from competitions.rules.scheme import SchemeAspect, SchemeFacts

PROPOSING: Final = (Duty.CHIEF_JUDGE, Duty.ORGANIZER)
CONFIRMING: Final = (Duty.CHIEF_JUDGE, Duty.SUPERVISOR, Duty.ORGANIZER)
CHANGEABLE: Final = (EventStatus.MARKING, EventStatus.LOCKED, EventStatus.UNSEALED)
"""From the lock to publication; what is public is amended through objections and appeals."""


class ProposalKind(StrEnum):
    """What shall change."""

    SCHEME = "scheme"
    RULE_SET = "rule_set"


class ProposalStatus(StrEnum):
    """Where a proposal stands; outdated: what it started from no longer counts."""

    OPEN = "open"
    APPLIED = "applied"
    CANCELED = "canceled"
    OUTDATED = "outdated"


class Vote(StrEnum):
    """What somebody entitled said."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


@refusal
class NotLockedYet(RuleBroken):
    """What is not locked is simply changed."""

    says = N_("还没有开始评分，评分标准和规则可以直接修改，不需要提议。")


@refusal
class PublishedAlready(RuleBroken):
    """What is public no longer changes by a proposal."""

    says = N_(
        "成绩已经公布，评分标准和规则不能再改。"
        "确有错误的，请在公示期内按异议和申诉的程序办理，由仲裁决定后更正成绩。"
    )


@refusal
class MeansAnother(RuleBroken):
    """An aspect that is marked in another way is another aspect."""

    says = N_(
        "评分点 {id} 的类型或计算方式改变后，已有的分数就不是同一个意思了。"
        "请取消这个评分点，另设一个新编号的评分点。"
    )
    field = "scheme"
    id: str


@refusal
class UsedBefore(RuleBroken):
    """An identifier is not used again for what is marked anew."""

    says = N_("编号 {id} 以前的版本用过，已有分数。新的评分点请换一个编号。")
    field = "scheme"
    id: str


@refusal
class ModuleRecorded(RuleBroken):
    """A module that somebody lost points or time in does not vanish."""

    says = N_("模块 {id} 已登记了扣分或用时，不能取消。请保留这个模块。")
    field = "scheme"
    id: str


@dataclass(frozen=True)
class Tally:
    """The votes counted: how many each way, how many must agree, and whether they did."""

    counts: Mapping[Vote, int]
    entitled: int
    needed: int
    has_chief_agreed: bool

    @property
    def is_carried(self) -> bool:
        """Tell whether enough agreed, the chief judge among them."""
        return self.has_chief_agreed and self.agreed >= self.needed

    @property
    def agreed(self) -> int:
        """Return how many voted for it."""
        return self.counts[Vote.FOR]

    @property
    def waiting(self) -> int:
        """Return how many have not voted."""
        return self.entitled - sum(self.counts.values())


def tally(
    entitled: Mapping[int, bool], votes: Mapping[int, Vote], *, are_names_known: bool
) -> Tally:
    """Count the last vote of each who is entitled; `entitled` says of each if they are chief."""
    counted = {key: vote for key, vote in votes.items() if key in entitled}
    chiefs = {vote for key, vote in counted.items() if entitled[key]}
    said = list(counted.values())
    return Tally(
        counts={vote: said.count(vote) for vote in Vote},
        entitled=len(entitled),
        needed=len(entitled) if are_names_known else len(entitled) // 2 + 1,
        has_chief_agreed=Vote.FOR in chiefs and Vote.AGAINST not in chiefs,
    )


def are_names_known(status: EventStatus) -> bool:
    """Tell whether the code book is open, so that whoever votes knows for whom."""
    return status in {EventStatus.UNSEALED, EventStatus.PUBLISHED}


def seconds(*, are_names_known: bool) -> tuple[Duty, ...]:
    """Return who may stand beside the chief judge when a proposal is put in force."""
    return (Duty.SUPERVISOR,) if are_names_known else (Duty.SUPERVISOR, Duty.ORGANIZER)


def standing_first(first: Duty | None, *, are_names_known: bool) -> Duty | None:
    """Return the duty of a first confirmation that still counts: once names are known, an
    organizer's does not any more.
    """
    known = (Duty.CHIEF_JUDGE, *seconds(are_names_known=are_names_known))
    return first if first in known else None


def confirming_duty(
    held: Collection[Duty], first: Duty | None, *, are_names_known: bool
) -> Duty | None:
    """Return by which of the duties held somebody confirms after the first, None for by none.

    The first confirms by any of the duties; the second by one from the other side.
    """
    beside = seconds(are_names_known=are_names_known)
    open_to = (Duty.CHIEF_JUDGE, *beside)
    if first is not None:
        open_to = beside if first is Duty.CHIEF_JUDGE else (Duty.CHIEF_JUDGE,)
    return next((duty for duty in open_to if duty in held), None)


def refuse_stage(now: EventStatus) -> None:
    """Raise `NotLockedYet` or `PublishedAlready` where nothing is changed by proposal."""
    if now is EventStatus.PUBLISHED:
        raise PublishedAlready
    if now not in CHANGEABLE:
        raise NotLockedYet


def refuse_broken_records(
    before: SchemeFacts, after: SchemeFacts, *, marked: Collection[str], recorded: Collection[str]
) -> None:
    """Refuse a scheme under which records would mean something else, or nothing.

    `marked` are the aspects that anybody ever marked, `recorded` the modules with deductions or
    times. Raise `MeansAnother`, `UsedBefore` or `ModuleRecorded`.
    """
    old = {aspect.id: aspect for aspect in before.aspects()}
    for aspect in after.aspects():
        if aspect.id not in old:
            if aspect.id in marked:
                raise UsedBefore(aspect.id)
        elif aspect.id in marked and _meaning(aspect) != _meaning(old[aspect.id]):
            raise MeansAnother(aspect.id)
    kept = {module.id for module in after.modules}
    for module in before.modules:
        if module.id in recorded and module.id not in kept:
            raise ModuleRecorded(module.id)


def _meaning(aspect: SchemeAspect) -> tuple[str, object]:
    """Return what a judge writes down for an aspect: points, a step, a truth, errors, a measure."""
    return aspect.kind, (aspect.calculation or {}).get("kind")
