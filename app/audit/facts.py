"""What a record of the journal says, in words: each field by name, what it was and what it is."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import msgspec

from app.audit.fields import FIELDS, NAMES_OF_PERSONS
from app.audit.subjects import number_of, word_of
from app.labels import SCOPE_KINDS
from app.rules.ethnic_groups import ETHNIC_GROUPS
from app.web import locale
from app.web.clock import SHANGHAI
from app.web.locale import gettext as _
from app.web.locale import pgettext

LONGEST: Final = 160
MOST: Final = 12
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
PERSONS: Final = ("accounts.account", "people.person")
Facts = dict[str, Any]


class Difference(msgspec.Struct, frozen=True):
    """One field before and after, in the language of the request; empty for nothing."""

    field: str
    before: str
    after: str


def _place(scope: str) -> str:
    kind, _colon, number = scope.partition(":")
    named = _names.get(f"{kind}_code", str)(number)
    return f"{_(SCOPE_KINDS.get(kind, kind))} {named}".rstrip()


def _thing(subject: str) -> str:
    return f"{_(word_of(subject))} {number_of(subject)}".rstrip()


_names: dict[str, Callable[[str], str]] = {
    "ethnic_group": lambda code: ETHNIC_GROUPS.get(code, code),
    "scope": _place,
    "basis": _thing,
}


def learn_names(field: str, name_of: Callable[[str], str]) -> None:
    """Let a field be shown by the name of what it holds: a region's for its code."""
    _names[field] = name_of


def differences(
    before: str, after: str, subject: str, fields: Mapping[str, str] | None = None
) -> tuple[Difference, ...]:
    """Compare the two sides of a record; where it has one side only, these are its facts.

    `fields` names those to show, in words of their own; without it all are shown.
    """
    words = fields or FIELDS
    was, now = dict(_told(before)), dict(_told(after))
    if not after:
        was, now = {}, was
    order = {name: place for place, name in enumerate(words)}
    names = sorted(
        was.keys() | now.keys(), key=lambda name: (order.get(name[-1], len(order)), name)
    )
    shown = (
        Difference(
            _word(name, subject, words),
            _shown(name[-1], was.get(name), subject),
            _shown(name[-1], now.get(name), subject),
        )
        for name in names
        if was.get(name) != now.get(name) and (fields is None or name[-1] in fields)
    )
    return tuple(item for item in shown if item.before or item.after)


def _told(text: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield what a side holds; of what was told of one among many, `contestant 7`, each fact.

    Of a side that somebody damaged nothing is told: the page shows it as it is stored.
    """
    facts: Facts = {}
    with suppress(msgspec.DecodeError):
        facts = msgspec.json.decode(text, type=Facts) if text else {}
    for name, value in facts.items():
        if isinstance(value, dict) and name not in FIELDS:
            yield from (((name, inner), held) for inner, held in value.items())
        else:
            yield (name,), value


def _word(name: tuple[str, ...], subject: str, fields: Mapping[str, str]) -> str:
    own = NAMES_OF_PERSONS if subject.partition(":")[0] in PERSONS else {}
    words = [_headed(part) for part in name[:-1]]
    last = own.get(name[-1]) or fields.get(name[-1])
    return " ".join([*words, pgettext("part", last) if last else _headed(name[-1])])


def _headed(name: str) -> str:
    """Write `contestant 7` with its word."""
    kind, _blank, number = name.partition(" ")
    return f"{pgettext('part', FIELDS[kind])} {number}".rstrip() if kind in FIELDS else name


def _shown(field: str, value: Any, subject: str) -> str:
    if value is None or value in ("", "[]", [], {}):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _listed(field, value, subject)
    if isinstance(value, dict):
        return _("见原始记录")
    text = str(value)
    if field in _names:
        return _names[field](text)
    with suppress(ValueError):
        if MOMENT.match(text):
            return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return _labelled(field, text, subject) or _short(text)


def _listed(field: str, values: list[Any], subject: str) -> str:
    shown = [
        " ".join(_shown(field, part, subject) for part in value)
        if isinstance(value, list)
        else _shown(field, value, subject)
        for value in values[:MOST]
    ]
    listed = _short(_("、").join(shown))
    if len(values) <= MOST:
        return listed
    return _("{listed} 等 {count} 项").format(listed=listed, count=len(values))


def _short(text: str) -> str:
    longest = MOST if DIGEST.fullmatch(text) else LONGEST
    return text if len(text) <= longest else f"{text[:longest]}…"


def _labelled(field: str, text: str, subject: str) -> str:
    """Return the word of an enumeration's member: of the subject's own status before another."""
    room, _dot, kind = subject.partition(":")[0].partition(".")
    found = {
        name: word
        for name, home, word in locale.words_of(text)
        if name.endswith(field.replace("_", "")) and home in ("app", room)
    }
    own = [word for name, word in found.items() if name.startswith(kind.replace("_", ""))]
    words = own or list(dict.fromkeys(found.values()))
    return _(words[0]) if len(words) == 1 else ""
