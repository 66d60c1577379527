"""Long lists of certificates to check, answered in the background; kept in memory for an hour.

A list holds names that are no business of ours: it is never written to the database, and whoever
does not know its random name cannot find it. Answers are kept once, as the JSON that programs
fetch, compressed as they come.
"""

import asyncio
import secrets
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Final

import msgspec
from anyio import Lock
from msgspec import Struct

from app.certificates import checking
from app.certificates.checking import Answer, Question, Reason
from app.certificates.kinds import Verdict
from app.errors import N_, NotFound, RuleBroken, Unavailable, refusal
from app.web import background
from app.web.limits import minutes_of

MOST_ROWS: Final = 20_000
LONGEST_SYMBOL: Final = 1_200
"""No certificate's symbol holds more characters; what is longer is kept no longer than this."""
LONGEST_TEXT: Final = 100
ROW_BYTES: Final = 500
"""About what a row and its answer take, besides its texts."""
MOST_BYTES: Final = 20 * MOST_ROWS * ROW_BYTES
"""What all lists together may take."""
KEPT_SECONDS: Final = 3600
AT_ONCE: Final = 20
BREATH_SECONDS: Final = 0.005
SHOWN: Final = 200
GZIP: Final = 31


@refusal
class ListTooLong(RuleBroken):
    """A list holds more rows than one may."""

    says = N_("一份名单最多 {most} 行，现有 {found} 行，请分成几份。")
    field = "file"
    most: int
    found: int


@refusal
class NoRoom(Unavailable):
    """Others' lists take all the room there is, until the oldest has had its hour."""

    says = N_("现在查验的名单太多，这一份没有收下。请过 {minutes} 分钟再交来。")
    minutes: int
    seconds: int


class ListGone(NotFound):
    """No such list, or one that was forgotten."""

    says = N_("没有这份查验结果：名单只保留一小时，重新启动后也会清除。请重新上传。")


class JobState(Struct, frozen=True, omit_defaults=True):
    """How far a job is; `rows` only when every row has its answer."""

    id: str
    total: int
    done: int
    is_over: bool
    url: str
    rows: list[Answer] | None = None


class CheckedList:
    """A list, how far it is, and its answers; those of the first rows as they are.

    `notes` say what is wrong in rows that could not be read, by their places.
    """

    def __init__(
        self, questions: Sequence[Question], notes: Mapping[int, str], *, until: float
    ) -> None:
        self.name = secrets.token_urlsafe(16)
        self.until = until
        self.questions = [_short(question) for question in questions]
        self.notes = notes
        self.bytes = sum(map(_bytes_of, self.questions))
        self.first: list[Answer] = []
        self.counts: Counter[Verdict] = Counter()
        self.done = 0
        self.json = b""
        self.files: dict[str, bytes] = {}
        self._packer = zlib.compressobj(wbits=GZIP)
        # The rows are written behind this head, one after another, without its last two brackets.
        head = msgspec.json.encode(self._state(done=self.total, is_over=True, rows=[]))[:-2]
        self._packed = bytearray(self._packer.compress(head))

    @property
    def total(self) -> int:
        """Return how many rows there are."""
        return len(self.questions)

    @property
    def is_over(self) -> bool:
        """Tell whether every row has its answer."""
        return bool(self.json)

    @property
    def state(self) -> JobState:
        """Return how far it is, without rows."""
        return self._state(done=self.done, is_over=self.is_over)

    def _state(self, *, done: int, is_over: bool, rows: list[Answer] | None = None) -> JobState:
        url = f"/api/v1/verify-jobs/{self.name}"
        return JobState(self.name, self.total, done, is_over, url, rows)

    def answers(self) -> list[Answer]:
        """Return all answers of a list that is over, which takes a while: run it in a thread."""
        return msgspec.json.decode(self.plain_json(), type=JobState).rows or []

    def plain_json(self) -> bytes:
        """Return the state of a list that is over with its rows, not compressed."""
        return zlib.decompress(self.json, GZIP)

    def add(self, answers: Sequence[Answer]) -> None:
        """Take the answers of the next rows."""
        self.first += answers[: SHOWN - len(self.first)]
        self.counts.update(answer.verdict for answer in answers)
        comma = b"," if self.done else b""
        rows = b",".join(map(msgspec.json.encode, answers))
        self._packed += self._packer.compress(comma + rows)
        self.done += len(answers)

    def close(self) -> None:
        """Be over."""
        self.json = bytes(self._packed + self._packer.compress(b"]}") + self._packer.flush())
        del self._packed, self._packer


_kept: dict[str, CheckedList] = {}
"""By their names, the oldest first."""
_turn = Lock()


def start(
    questions: Sequence[Question], factor: int, notes: Mapping[int, str] | None = None
) -> CheckedList:
    """Begin to answer a list; raise `ListTooLong` or `NoRoom`.

    `factor` multiplies the tries of a number; a row with a note is not looked up.
    """
    if len(questions) > MOST_ROWS:
        raise ListTooLong(MOST_ROWS, len(questions))
    loop = asyncio.get_running_loop()
    made = CheckedList(questions, notes or {}, until=loop.time() + KEPT_SECONDS)
    if sum(kept.bytes for kept in _kept.values()) + made.bytes > MOST_BYTES:
        wait = max(1, ceil(next(iter(_kept.values()), made).until - loop.time()))
        raise NoRoom(minutes_of(wait), wait)
    _kept[made.name] = made
    loop.call_later(KEPT_SECONDS, _kept.pop, made.name, None)
    background.start(_answer, made, factor)
    return made


def found(name: str) -> CheckedList:
    """Return a list by its name; raise `ListGone`."""
    if name not in _kept:
        raise ListGone
    return _kept[name]


def forget() -> None:
    """Forget every list."""
    _kept.clear()


async def _answer(kept: CheckedList, factor: int) -> None:
    """Answer row by row; lists take turns, and let others have theirs in between."""
    for first in range(0, kept.total, AT_ONCE):
        places = range(first, min(first + AT_ONCE, kept.total))
        async with _turn:
            kept.add([await _answer_row(kept, place, factor) for place in places])
            await asyncio.sleep(BREATH_SECONDS)
    kept.close()


async def _answer_row(kept: CheckedList, place: int, factor: int) -> Answer:
    if place in kept.notes:
        return Answer(verdict=Verdict.UNCERTAIN, reason=Reason.BAD_ROW)
    return await checking.answer_row(kept.questions[place], factor)


def _short(question: Question) -> Question:
    texts = {"number": question.number, "name": question.name, "id": question.id}
    if len(question.qr_text) <= LONGEST_SYMBOL and max(map(len, texts.values())) <= LONGEST_TEXT:
        return question
    cut = {key: text[:LONGEST_TEXT] for key, text in texts.items()}
    return msgspec.structs.replace(question, qr_text=question.qr_text[:LONGEST_SYMBOL], **cut)


def _bytes_of(question: Question) -> int:
    texts = (question.number, question.name, question.id, question.qr_text)
    return ROW_BYTES + sum(map(len, texts))
