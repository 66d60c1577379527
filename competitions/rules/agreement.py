"""Do two calculators agree? Where they do not: which contestant, at which step, both values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Document = Mapping[str, Any]


class DifferenceStep(StrEnum):
    """Where two results part, in the order of the count."""

    RULE_SET = "rule_set"
    PROBLEMS = "problems"
    ENTRY = "entry"
    STATUS = "status"
    MODULE = "module"
    TOTAL = "total"
    SCALE = "scale"
    RANK = "rank"
    AWARD = "award"


FIELDS = (
    (DifferenceStep.STATUS, "status"),
    (DifferenceStep.TOTAL, "total"),
    (DifferenceStep.SCALE, "scale"),
    (DifferenceStep.RANK, "rank"),
    (DifferenceStep.RANK, "undecided"),
    (DifferenceStep.AWARD, "award"),
)


@dataclass(frozen=True)
class Difference:
    """One value on which two results differ; no code where it is about the whole event."""

    step: DifferenceStep
    ours: str
    theirs: str
    code: str = ""
    module: str = ""


def differences(ours: Document, theirs: Document) -> list[Difference]:
    """Return every difference of two result documents, for each contestant the first cause first.

    Equal documents have none; documents that differ have at least one.
    """
    found = [*_of_the_whole(ours, theirs), *_of_entries(ours, theirs)]
    if not found and ours != theirs:
        found = [Difference(DifferenceStep.ENTRY, _order(ours), _order(theirs))]
    return found


def _of_the_whole(ours: Document, theirs: Document) -> Iterator[Difference]:
    if ours["rule_set"] != theirs["rule_set"]:
        mine, yours = str(ours["rule_set"]["sha256"]), str(theirs["rule_set"]["sha256"])
        yield Difference(DifferenceStep.RULE_SET, mine, yours)
    if ours["problems"] != theirs["problems"]:
        mine, yours = _problems(ours), _problems(theirs)
        yield Difference(DifferenceStep.PROBLEMS, mine, yours)


def _problems(document: Document) -> str:
    listed = [f"{item['where']}: {item['text']}" for item in document["problems"][:3]]
    return "; ".join(listed)


def _of_entries(ours: Document, theirs: Document) -> Iterator[Difference]:
    mine = {line["code"]: line for line in ours["standings"]}
    yours = {line["code"]: line for line in theirs["standings"]}
    if bool(mine) != bool(yours):
        return  # one of them could not count at all: its problems say why
    for code in dict.fromkeys([*mine, *yours]):
        if code not in mine or code not in yours:
            here, there = (code if code in lines else "" for lines in (mine, yours))
            yield Difference(DifferenceStep.ENTRY, here, there, code)
        else:
            yield from _of_one(code, mine[code], yours[code])


def _of_one(code: str, mine: Document, yours: Document) -> Iterator[Difference]:
    here, there = mine["modules"] or {}, yours["modules"] or {}
    for module in dict.fromkeys([*here, *there]):
        one, other = here.get(module), there.get(module)
        if one != other:
            yield Difference(DifferenceStep.MODULE, _text(one), _text(other), code, module)
    for step, name in FIELDS:
        if mine[name] != yours[name]:
            yield Difference(step, _text(mine[name]), _text(yours[name]), code)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _order(document: Document) -> str:
    return " ".join(line["code"] for line in document["standings"])
