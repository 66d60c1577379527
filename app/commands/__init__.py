"""The verbs of `python -m app`: one module a family, each with `add(verbs)`."""

from importlib import import_module
from types import ModuleType
from typing import Final

FAMILIES: Final = (
    "serve",
    "migrate",
    "seed",
    "backup",
    "restore",
    "check",
    "rehearse",
    "standings",
    "spreadsheets",
    "certificates",
    "verify",
    "keys",
    "log",
    "witness",
    "signer",
    "venue",
    "invite",
    "settings",
)


def modules(verb: str = "") -> tuple[ModuleType, ...]:
    """Return the modules of the verbs, in the order of the help; for a verb that names its own, it.

    Half the verbs need neither the server nor a spreadsheet, and start much faster without them.
    """
    names = (verb,) if verb in FAMILIES else FAMILIES
    return tuple(import_module(f"{__name__}.{name}") for name in names)
