"""Read a marks bundle strictly: JSON that means one thing, then the shapes of contracts.md §2."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.errors import N_
from competitions.rules.bundle import Bundle, Mark

QUOTES_OF_A_MARK = 16
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class Problem:
    """What is wrong, where. `says` is Chinese and translatable, `facts` fill its blanks."""

    code: str
    where: str
    says: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the sentence in Chinese."""
        return self.says.format(**self.facts) if self.facts else self.says

    def __str__(self) -> str:
        return self.text


class _Marks(msgspec.Struct):
    """Where the marks lie in a bundle."""

    marks: msgspec.Raw


class NotABundle(Exception):
    """The bytes are no JSON that can be read strictly."""


def parse(raw: bytes) -> dict[str, Any]:
    """Parse JSON in UTF-8; raise `NotABundle` for a key twice, NaN, floats, half characters.

    The marks are nearly all of a bundle: where they are plain, they come typed.
    """
    if plain := _plain_marks(raw):
        part, marks = plain
        return _parse(raw.replace(part, b"[]", 1)) | {"marks": marks}
    return _parse(raw)


def _plain_marks(raw: bytes) -> tuple[bytes, list[Mark]] | None:
    """Return the bytes of the marks and the marks; None where they deserve a closer look.

    A mark says four things, each a word with a word, in sixteen quotation marks; with more of them
    a key was said twice, which the fast reader does not tell.
    """
    try:
        part = bytes(msgspec.json.decode(raw, type=_Marks).marks)
        marks = msgspec.json.decode(part, type=list[Mark])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    is_plain = b"\\" not in part and part.count(b'"') == QUOTES_OF_A_MARK * len(marks)
    return (part, marks) if marks and is_plain else None


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(
            raw.decode(), object_pairs_hook=_once, parse_constant=_no_float, parse_float=_no_float
        )
        if SURROGATE.search(raw):
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise NotABundle(str(error)) from error
    if not isinstance(found, dict):
        raise NotABundle("the bundle should be an object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"key {next(name for name in names if names.count(name) > 1)!r} twice")
    return found


def _no_float(text: str) -> Any:
    raise ValueError(f"{text[:40]}: points are decimal strings")


def read(document: Mapping[str, Any]) -> Bundle | Problem:
    """Return the typed bundle, or where its shape is wrong."""
    try:
        return msgspec.convert(document, Bundle)
    except (msgspec.ValidationError, RecursionError) as error:
        text, _, where = str(error).partition(" - at ")
        return Problem("malformed", where.strip("`") or "$", N_("格式不符：{why}"), {"why": text})


def unreadable(why: str) -> Problem:
    """Return the problem of bytes that are no bundle."""
    return Problem("unreadable", "bundle", N_("不是可以读取的数据包：{why}"), {"why": why})
