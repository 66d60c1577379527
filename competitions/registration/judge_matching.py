"""Which judge of the register is meant, and which of several are one and the same."""

from collections.abc import Iterator, Sequence

import msgspec

from app.people.actions import PersonFacts
from competitions.registration.queries import JudgeLine

CHANGEABLE = ("name", "employer", "qualification", "delegation", "county_code")


class JudgeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One judge as registered: the account is found or made by its sign-in name.

    An empty sign-in name lets the house choose one.
    """

    name: str
    sign_in_name: str = ""
    employer: str = ""
    qualification: str = ""
    delegation: str = ""
    county_code: str | None = None
    person: PersonFacts | None = None

    @property
    def account_name(self) -> str:
        """Return the sign-in name as accounts have it."""
        return self.sign_in_name.strip().lower()

    @property
    def digest(self) -> str:
        """Return what the document's number is known by, empty where none was given."""
        return self.person.digest if self.person else ""


def known_again(there: Sequence[JudgeLine], item: JudgeFacts) -> JudgeLine | None:
    """Return the judge of the register who is meant.

    By the document's number, else by the sign-in name, without one by name and employer. Two
    numbers are two people, whatever else is the same.
    """
    for old in there:
        if item.digest and old.id_digest == item.digest:
            return old
    for old in there:
        is_other = bool(item.digest and old.id_digest)
        if item.account_name == old.sign_in_name:
            return None if is_other else old
        is_named = (old.name, old.employer) == (item.name, item.employer)
        if not item.account_name and is_named and not is_other:
            return old
    return None


def doubles(facts: Sequence[JudgeFacts | None]) -> Iterator[tuple[int, int, str]]:
    """Return the places of the second and the first row of one judge, and the field they share."""
    seen: dict[tuple[str, ...], tuple[int, str]] = {}
    for place, item in enumerate(facts):
        if item is None:
            continue
        for field, key in _keys(item):
            first, digest = seen.setdefault((field, *key), (place, item.digest))
            are_two = field == "name" and item.digest and digest and item.digest != digest
            if first != place and not are_two:
                yield place, first, field
                break


def _keys(item: JudgeFacts) -> Iterator[tuple[str, tuple[str, ...]]]:
    if item.digest:
        yield "id_number", (item.digest,)
    if item.account_name:
        yield "sign_in_name", (item.account_name,)
    else:
        yield "name", (item.name, item.employer)


def differs(old: JudgeLine, item: JudgeFacts) -> bool:
    """Tell whether a table says something else of a judge than the register."""
    is_number_new = bool(item.digest and not old.id_digest)
    return is_number_new or any(
        (getattr(old, name) or "") != (getattr(item, name) or "") for name in CHANGEABLE
    )
