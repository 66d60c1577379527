"""What a room says of one certificate that it wants issued, and the JSON that columns hold."""

import hashlib
from collections.abc import Iterable
from datetime import date

import msgspec
from msgspec import Struct


class ClaimFacts(Struct, frozen=True, kw_only=True):
    """One certificate to be issued.

    `key` makes it one certificate within its basis and kind, so that issuing twice issues once;
    without it the person, or else the name. `title` and `short_title` default to the batch's.
    `prints` are further lines of the paper by their label; they are printed, not signed.
    """

    name: str
    issued_on: date
    result: str = ""
    title: str = ""
    short_title: str = ""
    person_id: int | None = None
    key: str = ""
    prints: dict[str, str] = {}

    @property
    def claim_key(self) -> str:
        """What is issued only once."""
        return self.key or (f"person:{self.person_id}" if self.person_id else f"name:{self.name}")


def written(value: object) -> str:
    """Write a value as the JSON text that a column holds."""
    return msgspec.json.encode(value).decode()


def read_facts(text: str) -> ClaimFacts:
    """Read the facts that a task holds."""
    return msgspec.json.decode(text, type=ClaimFacts)


def tasks_digest(tasks: Iterable[tuple[int, str]]) -> str:
    """Return what the journal keeps of what was ordered: of each task its position and facts."""
    digest = hashlib.sha256()
    for position, facts in tasks:
        digest.update(f"{position} {facts}\n".encode())
    return digest.hexdigest()


def read_words(text: str) -> tuple[str, ...]:
    """Read a list of words."""
    return msgspec.json.decode(text, type=tuple[str, ...])


def read_prints(text: str) -> dict[str, str]:
    """Read the further lines of a paper."""
    return msgspec.json.decode(text, type=dict[str, str])
