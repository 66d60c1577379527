"""Read the rule sets: what is kept in the database, and the presets nobody has used yet."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from app.errors import NotFound
from app.rules.actors import Actor, Duty, Scope, region_scopes
from app.rules.points import DIGITS
from competitions.planning.tables import Event, RuleSetVersion
from competitions.rules.lifecycle import Division, EventStatus
from competitions.rules.rule_sets import PRESETS
from competitions.rules.scheme import digest

UNMARKED = (EventStatus.PREPARING, EventStatus.DRAWN)
"""The stages in which an event has no marks, and may still be bound to another rule set."""


class BoundEvent(msgspec.Struct, frozen=True):
    """An event that a rule set decides."""

    id: int
    name: str
    division: Division
    status: EventStatus
    rule_set_id: int
    competition_id: int
    competition: str
    host_region: str

    @property
    def scopes(self) -> tuple[Scope, ...]:
        places = (Scope("event", str(self.id)), Scope("competition", str(self.competition_id)))
        return (*places, *region_scopes(self.host_region))


class RuleSetLine(msgspec.Struct, frozen=True):
    """One version of a rule set. `id` is 0 for a preset that was never written down."""

    id: int
    code: str
    version_number: int
    name: str
    document: dict[str, Any]
    sha256: str
    created_at: datetime | None = None
    created_by: str | None = None
    account_id: int | None = None
    derived_from: str | None = None
    locked_at: datetime | None = None
    events: tuple[BoundEvent, ...] = ()

    @property
    def key(self) -> str:
        return key_of(self.code, self.version_number)

    @property
    def is_preset(self) -> bool:
        return self.code in PRESETS

    @property
    def is_locked(self) -> bool:
        """Tell whether marks were made under it; a preset never changes either."""
        has_marks = any(event.status not in UNMARKED for event in self.events)
        return self.is_preset or self.locked_at is not None or has_marks

    def events_of(self, actor: Actor) -> list[BoundEvent]:
        """Return the bound events that the actor has to do with; of the others only the number."""
        return [item for item in self.events if actor.holds(tuple(Duty), *item.scopes)]

    def may_change(self, actor: Actor, authors: Iterable[Duty]) -> bool:
        """Tell whether the actor may change this version itself, and with it every bound event.

        Else a change is the next version, which harms no event.
        """
        if self.is_locked or not all(actor.holds(authors, *item.scopes) for item in self.events):
            return False
        is_own = actor.account_id is not None and actor.account_id == self.account_id
        return is_own or bool(self.events)


def key_of(code: str, version_number: int) -> str:
    """Return how forms and addresses name a version."""
    return f"{code}/{version_number}"


def address_of(key: str) -> str:
    """Return where a version is read; its code may be any text."""
    return f"/desk/rule-sets/{quote(key)}"


def preset_line(code: str) -> RuleSetLine:
    """Return a preset as it comes with the house."""
    name, document = PRESETS[code]
    return RuleSetLine(0, code, document["version"], name, document, digest(document))


async def rule_set(version_id: int) -> RuleSetLine:
    """Return one version by its id; raise `NotFound`."""
    found = await _lines(RuleSetVersion.id == version_id)
    if not found:
        raise NotFound
    return found[0]


async def by_key(key: str) -> RuleSetLine:
    """Return one version by `code/number`, or a preset by its code; raise `NotFound`."""
    code, _, number = key.partition("/")
    preset = preset_line(code) if code in PRESETS else None
    if not number:
        number = str(preset.version_number) if preset else ""
    if not (number.isascii() and number.isdigit() and len(number) <= DIGITS):
        raise NotFound
    found = await _lines(
        (RuleSetVersion.code == code) & (RuleSetVersion.version_number == int(number))
    )
    if found:
        return found[0]
    if preset is None or preset.version_number != int(number):
        raise NotFound
    return preset


async def versions(code: str) -> list[RuleSetLine]:
    """Return every version of a rule set, the newest first."""
    return _newest_first(await _lines(RuleSetVersion.code == code), code)


async def every() -> list[list[RuleSetLine]]:
    """Return every rule set with its versions, newest first; presets first, then by name."""
    by_code: dict[str, list[RuleSetLine]] = {code: [] for code in PRESETS}
    for line in await _lines(None):
        by_code.setdefault(line.code, []).append(line)
    found = [_newest_first(lines, code) for code, lines in by_code.items()]
    order = list(PRESETS)
    return sorted(
        found,
        key=lambda lines: (
            order.index(lines[0].code) if lines[0].is_preset else len(order),
            lines[0].name,
            lines[0].code,
        ),
    )


async def choices(now: str = "") -> list[RuleSetLine]:
    """Return what an event may be bound to: the newest of each, and the version it has now."""
    return [
        line for lines in await every() for line in lines if line is lines[0] or line.key == now
    ]


def _newest_first(lines: list[RuleSetLine], code: str) -> list[RuleSetLine]:
    if code in PRESETS and all(line.key != preset_line(code).key for line in lines):
        lines = [*lines, preset_line(code)]
    return sorted(lines, key=lambda line: -line.version_number)


async def _lines(where: Any) -> list[RuleSetLine]:
    query = RuleSetVersion.select().order_by(RuleSetVersion.id)
    rows = await (query if where is None else query.where(where))
    events = await _bound([row["id"] for row in rows])
    return [
        msgspec.convert(
            {
                **row,
                "document": json.loads(row["document"]),
                "events": tuple(item for item in events if item.rule_set_id == row["id"]),
            },
            RuleSetLine,
        )
        for row in rows
    ]


async def _bound(version_ids: list[int]) -> list[BoundEvent]:
    rows = (
        await Event.select(
            Event.id,
            Event.name,
            Event.division,
            Event.status,
            Event.rule_set.as_alias("rule_set_id"),
            Event.competition.as_alias("competition_id"),
            Event.competition._.name.as_alias("competition"),
            Event.competition._.host_region.as_alias("host_region"),
        )
        .where(Event.rule_set.is_in(version_ids or [0]))
        .order_by(Event.competition, ascending=False)
        .order_by(Event.position)
        .order_by(Event.id)
    )
    return [msgspec.convert(row, BoundEvent) for row in rows]
