"""The JSON-LD contexts of the wallet form, from a package at set-up, never from the network."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER = Path(__file__).parent / "contexts"
CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
KEYWORDS = frozenset({"@context", "id", "type"})


class UnknownContext(LookupError):
    """A context that is not one of the two was asked for: a bug, or a hostile document."""


class UndefinedTerm(ValueError):
    """A document holds a term that its contexts do not define; signing would drop it silently."""


@cache
def documents() -> dict[str, dict[str, Any]]:
    """Return the contexts by their address."""
    script = (FOLDER / "open-badges-3.0.3.js").read_text(encoding="utf-8")
    _, _, literal = script.partition("module.exports =")
    return {
        CREDENTIALS_V2: json.loads((FOLDER / "credentials-v2.json").read_text(encoding="utf-8")),
        OPEN_BADGES: json.loads(literal.strip().rstrip(";")),
    }


def loader(address: str, _: dict[str, Any]) -> dict[str, Any]:
    """Give PyLD a context; raise `UnknownContext` for any other address."""
    if address not in documents():
        raise UnknownContext(address)
    found = documents()[address]
    return {
        "contextUrl": None,
        "documentUrl": address,
        "document": found,
        "contentType": "application/ld+json",
    }


def refuse_undefined(document: object) -> None:
    """Raise `UndefinedTerm` for what neither context defines (PyLD has no safe mode)."""
    if isinstance(document, list):
        for item in document:
            refuse_undefined(item)
    elif isinstance(document, dict):
        for key, value in document.items():
            if key not in KEYWORDS and key not in _terms():
                raise UndefinedTerm(key)
            if key == "@context":
                continue
            if key == "type":
                _refuse_types(value)
            else:
                refuse_undefined(value)


def _refuse_types(value: object) -> None:
    for name in value if isinstance(value, list) else [value]:
        if name not in _terms():
            raise UndefinedTerm(str(name))


@cache
def _terms() -> frozenset[str]:
    found: set[str] = set()
    waiting: list[object] = [document["@context"] for document in documents().values()]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            found |= {key for key in part if not key.startswith("@")}
            waiting += [
                value["@context"]
                for value in part.values()
                if isinstance(value, dict) and "@context" in value
            ]
        elif isinstance(part, list):
            waiting += part
    return frozenset(found)
