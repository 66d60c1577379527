"""Long lists of certificates to check, answered in the background; kept in memory for an hour.

A list holds names that are no business of ours: it is never written to the database, and whoever
does not know its random name cannot find it.
"""

import asyncio
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from app.certificates import checking
from app.certificates.checking import Answer, Question
from app.certificates.kinds import Verdict
from app.errors import N_, NotFound, RuleBroken, refusal
from app.web import background

MOST_ROWS = 20_000
MOST_KEPT = 20
KEPT_SECONDS = 3600
AT_ONCE = 20
BREATH_SECONDS = 0.005


@refusal
class ListTooLong(RuleBroken):
    """A list holds more rows than one may."""

    says = N_("一份名单最多 {most} 行，现有 {found} 行，请分成几份。")
    field = "file"
    most: int
    found: int


class ListGone(NotFound):
    """No such list, or one that was forgotten."""

    says = N_("没有这份查验结果：名单只保留一小时，重新启动后也会清除。请重新上传。")


@dataclass
class CheckedList:
    """A list and its answers so far, in order."""

    name: str
    questions: list[Question]
    began: float
    answers: list[Answer] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Tell whether every row has its answer."""
        return len(self.answers) == len(self.questions)

    def count(self, verdict: Verdict) -> int:
        """Return how many rows have a verdict so far."""
        return sum(answer.verdict is verdict for answer in self.answers)


_kept: OrderedDict[str, CheckedList] = OrderedDict()


def start(questions: list[Question], factor: int) -> CheckedList:
    """Begin to answer a list; raise `ListTooLong`. `factor` multiplies the tries of a number."""
    if len(questions) > MOST_ROWS:
        raise ListTooLong(MOST_ROWS, len(questions))
    _forget_old()
    made = CheckedList(secrets.token_urlsafe(16), questions, time.monotonic())
    _kept[made.name] = made
    background.start(_answer, made, factor)
    return made


def found(name: str) -> CheckedList:
    """Return a list by its name; raise `ListGone`."""
    _forget_old()
    if name not in _kept:
        raise ListGone
    return _kept[name]


def forget() -> None:
    """Forget every list."""
    _kept.clear()


def _forget_old() -> None:
    present = time.monotonic()
    old = [name for name, kept in _kept.items() if present - kept.began > KEPT_SECONDS]
    for name in [*old, *list(_kept)[: max(0, len(_kept) - len(old) - MOST_KEPT)]]:
        _kept.pop(name, None)


async def _answer(kept: CheckedList, factor: int) -> None:
    """Answer row by row, and let others have their turn in between."""
    for place, question in enumerate(kept.questions):
        kept.answers.append(await checking.answer_row(question, factor))
        if place % AT_ONCE == AT_ONCE - 1:
            await asyncio.sleep(BREATH_SECONDS)
