"""Chinese is the source language; English comes from catalogues in `locales/en`, one an area."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from babel.messages.pofile import read_po

from app.errors import Refusal, Saying

LOCALES: Final = ("zh", "en")
CATALOGUES = Path(__file__).parent / "locales" / "en"

BY_NUMBER = re.compile(r"\[(\w+):([^|\]]*)\|([^\]]*)\]")
"""In a catalogue: `{count} [count:entry is|entries are] open`."""

_locale: ContextVar[str] = ContextVar("locale", default="zh")
_names: ContextVar[Sequence[tuple[re.Pattern[str], str]]] = ContextVar("names", default=())
_labels: dict[type[Enum], dict[Enum, str]] = {}


def current() -> str:
    """Return the language of the present request, `zh` or `en`."""
    return _locale.get()


def use(locale: str) -> None:
    """Set the language of the present request; what is not offered becomes Chinese."""
    _locale.set(locale if locale in LOCALES else "zh")
    _names.set(())


def call(names: Sequence[tuple[re.Pattern[str], str]]) -> None:
    """Let the present request call some things otherwise: rooms that share pages do."""
    _names.set(names)


def learn_labels(labels: Mapping[Any, str]) -> None:
    """Let refusals and templates show members of an enumeration by their Chinese word."""
    for member, word in labels.items():
        # By enumeration: members of two may be equal texts with different words.
        _labels.setdefault(type(member), {})[member] = word


def words_of(value: str) -> Iterator[tuple[str, str, str]]:
    """Yield each enumeration with a member of this value: its name, its room, the member's word."""
    for enumeration, words in _labels.items():
        for member, word in words.items():
            if str(member.value) == value:
                yield enumeration.__name__.lower(), enumeration.__module__.split(".")[0], word


class Counted(str):
    """An English text with words that go by a number, which `format` chooses.

    Chinese has one form for all counts, so the marks stand in the catalogue only.
    """

    __slots__ = ()

    def chosen(self, blanks: Mapping[str, object]) -> str:
        """Return the text with the words that its numbers ask for, its blanks still open."""
        return BY_NUMBER.sub(
            lambda found: found[2] if str(blanks[found[1]]) == "1" else found[3], self
        )

    def format(self, *args: object, **blanks: object) -> str:
        """Choose the words and fill the blanks."""
        return self.chosen(blanks).format(*args, **blanks)


@cache
def _english() -> dict[tuple[str | None, str], str]:
    messages: dict[tuple[str | None, str], str] = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale="en")
        messages.update(
            ((item.context, item.id), str(item.string))
            for item in catalogue
            if item.id and item.string and isinstance(item.id, str)
        )
    return messages


def gettext(message: str) -> str:
    """Translate a Chinese message into the language of the request."""
    return _here(message if current() == "zh" else _english().get((None, message), message))


def _here(said: str) -> str:
    for usual, here in _names.get():
        said = usual.sub(here, said)
    return Counted(said) if "[" in said else said


def in_each_language(message: str) -> tuple[str, ...]:
    """Return a message as each language writes it, Chinese first: for what people may send back."""
    return tuple(dict.fromkeys((message, _english().get((None, message), message))))


def pgettext(use_as: str, message: str) -> str:
    """Translate a word by what it is here: one Chinese word may be an act, a column or a heading.

    Where the catalogue gives the word no such `msgctxt`, its plain translation serves.
    """
    found = None if current() == "zh" else _english().get((use_as, message))
    return _here(found) if found else gettext(message)


def heading(message: str) -> str:
    """Translate a word that heads a page or names a tab: English nouns have a plural."""
    return pgettext("heading", message)


def label(member: Enum | str | None) -> str:
    """Return the word of an enumeration's member in the language of the request."""
    if member is None:
        return ""
    if not isinstance(member, Enum):
        return gettext(member)
    return gettext(_labels.get(type(member), {}).get(member, str(member)))


def sentence(refusal: Refusal) -> str:
    """Return what a refusal says, translated, with its facts filled in."""
    return _filled(refusal.says, refusal.facts())


def _filled(says: str, facts: Mapping[str, object]) -> str:
    return gettext(says).format(**{name: _told(fact) for name, fact in facts.items()})


def _told(fact: object) -> object:
    if isinstance(fact, Enum):
        return label(fact)
    return _filled(fact.says, fact.facts) if isinstance(fact, Saying) else fact


@lru_cache(256)
def negotiate(accepted: str) -> str:
    """Choose by an Accept-Language header: English only where it stands before any Chinese."""
    for part in accepted.lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "zh"
