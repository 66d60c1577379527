"""Who may examine whom: the group's size, recusal and rotation (domain.md B3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from math import ceil

from app.errors import N_, RuleBroken, refusal
from app.rules.organization_names import plain_name

MOST_IN_A_ROW = 3


@dataclass(frozen=True)
class ExaminerFacts:
    """An examiner as far as a group is concerned; ties are organization names and person ids."""

    person_id: int
    name: str
    employer: str = ""
    card_valid_until: date | None = None
    is_lead: bool = False


@refusal
class GroupTooSmall(RuleBroken):
    """Three examiners or more."""

    says = N_("考评组至少要 {fewest} 名考评员，现有 {found} 名。")
    found: int
    fewest: int


@refusal
class NotOneLead(RuleBroken):
    """One examiner leads: who signs, returns and locks the sheets."""

    says = N_("考评组要有且只有一名考评组长，现有 {found} 名。请在“考评员”页撤回重派，只勾选一名。")
    found: int


@refusal
class NobodySupervises(RuleBroken):
    """A quality supervisor is sent to each assessment."""

    says = N_("还没有派遣质量督导员，每批至少 1 名。请在“考评员”页派遣。")


@refusal
class CardExpired(RuleBroken):
    """The examiner's card is past."""

    says = N_("考评员{name}的考评员证已于 {until} 到期，不能派遣。")
    name: str
    until: date


@refusal
class TooOftenInARow(RuleBroken):
    """The same examiner at the same site not more than three times in a row."""

    says = N_("考评员{name}在本考点已连续考评 {times} 次，须轮换。")
    name: str
    times: int


@refusal
class TooFewChanged(RuleBroken):
    """At each rotation at least a third of the group changes."""

    says = N_("与上一批次相比，考评组至少要更换 {needed} 人，现更换 {found} 人。")
    needed: int
    found: int


def refuse_wrong_group(
    group: Sequence[ExaminerFacts], *, fewest: int, supervisors: int, on: date
) -> None:
    """Raise where a group is too small, without one lead or unsupervised, or a card is past."""
    if len(group) < fewest:
        raise GroupTooSmall(len(group), fewest)
    leads = sum(examiner.is_lead for examiner in group)
    if leads != 1:
        raise NotOneLead(leads)
    if not supervisors:
        raise NobodySupervises
    for examiner in group:
        if examiner.card_valid_until is not None and examiner.card_valid_until < on:
            raise CardExpired(examiner.name, examiner.card_valid_until)


def refuse_without_rotation(
    group: Sequence[ExaminerFacts], earlier: Sequence[frozenset[int]]
) -> None:
    """Raise where the same people come again; `earlier` are the site's groups, latest first.

    Who came three times in a row stays away; and where somebody has to, at least a third of the
    group is new.
    """
    for examiner in group:
        times = _times_in_a_row(examiner.person_id, earlier)
        if times >= MOST_IN_A_ROW:
            raise TooOftenInARow(examiner.name, times)
    last = earlier[0] if earlier else frozenset()
    if any(_times_in_a_row(person, earlier) >= MOST_IN_A_ROW for person in last):
        needed = ceil(len(group) / 3)
        found = sum(examiner.person_id not in last for examiner in group)
        if found < needed:
            raise TooFewChanged(needed, found)


def _times_in_a_row(person_id: int, earlier: Sequence[frozenset[int]]) -> int:
    return sum(1 for _ in takewhile(lambda past: person_id in past, earlier))


def must_stand_aside(
    examiner: ExaminerFacts, *, candidate_person: int, candidate_employer: str
) -> bool:
    """Tell whether an examiner may not mark a candidate: the same person or the same employer."""
    employer = plain_name(examiner.employer)
    is_colleague = bool(employer) and employer == plain_name(candidate_employer)
    return examiner.person_id == candidate_person or is_colleague


def standing_aside(
    group: Iterable[ExaminerFacts], *, candidate_person: int, candidate_employer: str
) -> frozenset[int]:
    """Return the persons of a group who may not mark a candidate."""
    return frozenset(
        examiner.person_id
        for examiner in group
        if must_stand_aside(
            examiner, candidate_person=candidate_person, candidate_employer=candidate_employer
        )
    )
