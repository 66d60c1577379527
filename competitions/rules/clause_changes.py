"""What two rule books say differently, clause by clause."""

from collections.abc import Sequence
from dataclasses import dataclass

from competitions.rules.phrases import Phrase
from competitions.rules.rule_book import Clause


@dataclass(frozen=True)
class Change:
    """A clause that differs between two versions; None where one of them has no such clause."""

    key: str
    section: str
    before: Phrase | None
    after: Phrase | None


def changes(before: Sequence[Clause], after: Sequence[Clause]) -> list[Change]:
    """Return what differs between two rule books, in the order of the newer one."""
    old = {clause.key: clause for clause in before}
    new = {clause.key: clause for clause in after}
    found = [
        Change(clause.key, clause.section, old[key].said if key in old else None, clause.said)
        for key, clause in new.items()
        if key not in old or old[key].said != clause.said
    ]
    gone = [
        Change(key, clause.section, clause.said, None)
        for key, clause in old.items()
        if key not in new
    ]
    return [*found, *gone]
