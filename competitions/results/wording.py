"""Put the rules' phrases into the words of whoever reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.web.locale import gettext as _
from competitions.rules.phrases import AspectId, Code, Fact, Label, Phrase


@dataclass(frozen=True)
class Names:
    """What stands for codes and aspects: names where they are public, titles of the scheme."""

    codes: Mapping[str, str] = field(default_factory=dict)
    aspects: Mapping[str, str] = field(default_factory=dict)

    def aspect(self, name: str) -> str:
        """Return an aspect's title; its identifier where the scheme has none."""
        return self.aspects.get(name) or name


def spoken(fact: Fact, names: Names) -> str:
    """Return a phrase, or a fact of one, in the language of the request."""
    if isinstance(fact, Phrase):
        facts = {name: spoken(value, names) for name, value in fact.facts.items()}
        return _(fact.says).format(**facts)
    if isinstance(fact, Code):
        return names.codes.get(fact, str(fact))
    if isinstance(fact, Label):
        return _(fact)
    if isinstance(fact, AspectId):
        return names.aspect(fact)
    if isinstance(fact, str | int):
        return str(fact)
    return _("、").join(spoken(item, names) for item in fact)
