"""Sentences of the rules in the language of the page, with their blanks filled."""

from app.web.locale import gettext
from competitions.rules.phrases import Phrase
from competitions.rules.reading import Problem


def worded(said: Phrase | Problem) -> str:
    """Return a sentence translated; blanks may hold sentences and Chinese words themselves."""
    return gettext(said.says).format(**{name: _fact(fact) for name, fact in said.facts.items()})


def _fact(fact: object) -> object:
    if isinstance(fact, Phrase):
        return worded(fact)
    return gettext(fact) if isinstance(fact, str) and fact else fact
