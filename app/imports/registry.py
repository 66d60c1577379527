"""The kinds of spreadsheets that may be taken in or handed out; `app.main` registers each room's.

An importer says where its rows go (`place`), what its columns are (`layout`), which rows are good
(`check`) and writes them (`apply`). It decides identity: the same workbook taken in twice changes
nothing the second time.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.documents.layouts import CellProblem, Layout, Row, Table
from app.errors import N_, NotFound, RuleBroken, refusal
from app.rules.actors import Actor, Duty, Scope, require
from app.web.locale import gettext as _

Tell = Callable[[int, int], Awaitable[None]]
"""Told how many of how many rows are done; awaiting it lets the house breathe in a long loop."""


@dataclass(frozen=True)
class Place:
    """Where rows go: the title of the thing, its page, and the scopes a duty over it may have."""

    title: str
    href: str
    scopes: tuple[Scope, ...] = ()
    rail: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Effect:
    """What writing would do to something that has a name of its own, in words."""

    what: str
    name: str
    detail: str = ""


@dataclass(frozen=True)
class Checked:
    """What a check found: facts beside each row, None where the row has problems, and counts.

    `notes` are cells that deserve a second look and keep nothing out; `effects` say what a
    confirmation would do, where rows alone do not.
    """

    facts: Sequence[Any]
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    notes: Sequence[CellProblem] = ()
    effects: Sequence[Effect] = ()

    @property
    def good(self) -> list[Any]:
        """Return the facts of the rows without problems, in their order."""
        return [item for item in self.facts if item is not None]


@dataclass(frozen=True)
class Outcome:
    """What was written; `unchanged` where it is not simply the rest of the rows."""

    added: int
    changed: int
    unchanged: int | None = None


@dataclass(frozen=True)
class Importer:
    """One kind of spreadsheet that is taken in.

    `check(scope, rows, at, tell)` notes problems in the rows. `apply(scope, good, by, at)` runs
    inside one transaction and raises a refusal where a rule has been broken since the check.
    `admit(scope, by, at)` raises a refusal where nothing is taken in from this actor now.
    `read(content)` recognises a workbook of another layout than `layout`, None where it is none;
    `also` says on the page which. `afterwards` is what the shell says when it has written.
    """

    kind: str
    title: str
    duties: tuple[Duty, ...]
    scope_kind: str
    place: Callable[[Scope], Awaitable[Place]]
    layout: Callable[[Scope], Awaitable[Layout]]
    check: Callable[[Scope, Sequence[Row], datetime, Tell], Awaitable[Checked]]
    apply: Callable[[Scope, Sequence[Any], Actor, datetime], Awaitable[Outcome]]
    read: Callable[[bytes], Awaitable[Table | None]] | None = None
    admit: Callable[[Scope, Actor, datetime], Awaitable[None]] | None = None
    also: str = ""
    afterwards: str = ""


@dataclass(frozen=True)
class Exporter:
    """One kind of spreadsheet that is handed out; the workbook's maker asks duties and records."""

    kind: str
    title: str
    scope_kind: str
    workbook: Callable[[Scope, Actor, datetime], Awaitable[bytes]]


@dataclass
class Registry:
    """What the rooms have registered, by kind."""

    importers: dict[str, Importer] = field(default_factory=dict)
    exporters: dict[str, Exporter] = field(default_factory=dict)


_registry = Registry()


@refusal
class UnknownKind(NotFound):
    """No room takes in or hands out this kind."""

    says = N_("没有“{kind}”这种表格。可用的有：{known}。")
    kind: str
    known: str


@refusal
class GivenOnly(RuleBroken):
    """The kind is handed out and never taken in."""

    says = N_("“{title}”（{kind}）只能导出，不能导入。")
    kind: str
    title: str


@refusal
class WrongScope(RuleBroken):
    """The kind belongs to another sort of thing, or to one that was not named."""

    says = N_("“{kind}”表格要指明属于哪一项（{needed}）。")
    kind: str
    needed: str


def learn(*items: Importer | Exporter) -> None:
    """Register kinds; a room does this once, in `app.main`."""
    for item in items:
        if isinstance(item, Importer):
            _registry.importers[item.kind] = item
        else:
            _registry.exporters[item.kind] = item


def importer_of(kind: str) -> Importer:
    """Return the importer of a kind; raise `UnknownKind`, or `GivenOnly` for one without."""
    if kind not in _registry.importers:
        if kind in _registry.exporters:
            raise GivenOnly(kind, _(_registry.exporters[kind].title))
        raise UnknownKind(kind, "、".join(sorted(_registry.importers)))
    return _registry.importers[kind]


def exporter_of(kind: str) -> Exporter:
    """Return the exporter of a kind; raise `UnknownKind`."""
    if kind not in _registry.exporters:
        raise UnknownKind(kind, "、".join(sorted(_registry.exporters)))
    return _registry.exporters[kind]


def importers() -> list[Importer]:
    """Return every importer, in the order in which the rooms registered them."""
    return list(_registry.importers.values())


def exporters() -> list[Exporter]:
    """Return every exporter, in the order in which the rooms registered them."""
    return list(_registry.exporters.values())


def scope_of(item: Importer | Exporter, text: str) -> Scope:
    """Read the scope of an import; raise `WrongScope` where it is not of the importer's kind."""
    try:
        scope = Scope.parse(text or "all")
    except ValueError:
        raise WrongScope(_(item.title), item.scope_kind) from None
    is_number = scope.kind in {"all", "region"} or scope.key.isdecimal()
    if scope.kind != item.scope_kind or not is_number:
        raise WrongScope(_(item.title), item.scope_kind)
    return scope


async def refuse_now(importer: Importer, scope: Scope, by: Actor, at: datetime) -> None:
    """Raise what keeps an importer from taking anything in now."""
    if importer.admit is not None:
        await importer.admit(scope, by, at)


async def open_place(importer: Importer, scope: Scope, by: Actor) -> Place:
    """Return where rows go; raise `NotAllowed` where the actor has no duty for it there."""
    place = await importer.place(scope)
    require(by, importer.duties, *place.scopes)
    return place
