"""Who leads a ledger: chief judges of its scopes, and the accounts it names (lead examiners)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from app.errors import NotAllowed
from app.rules.actors import Actor, Duty, Scope

LEADING: Final = (Duty.CHIEF_JUDGE,)
SECONDING: Final = (Duty.CHIEF_JUDGE, Duty.SUPERVISOR, Duty.QUALITY_SUPERVISOR)
SEEING: Final = (*SECONDING, Duty.ORGANIZER, Duty.AUDITOR)


def encoded_scopes(scopes: Iterable[Scope]) -> str:
    """Return scopes as a ledger keeps them."""
    return msgspec.json.encode([str(scope) for scope in scopes]).decode()


def encoded_ids(ids: Iterable[int]) -> str:
    """Return account ids as a ledger keeps them."""
    return msgspec.json.encode(sorted(ids)).decode()


def scopes_of(row: Mapping[str, Any]) -> tuple[Scope, ...]:
    """Return where duties over a ledger are held."""
    return tuple(Scope.parse(text) for text in msgspec.json.decode(row["scopes"], type=list[str]))


def is_lead(actor: Actor, row: Mapping[str, Any]) -> bool:
    """Tell whether an actor may sign, return and lock: who is named, while an examiner there."""
    named = msgspec.json.decode(row["lead_ids"], type=list[int])
    duties = (*LEADING, Duty.EXAMINER) if actor.account_id in named else LEADING
    return actor.holds(duties, *scopes_of(row))


def may_second(actor: Actor, row: Mapping[str, Any]) -> bool:
    """Tell whether an actor may confirm another's amendment."""
    return is_lead(actor, row) or actor.holds(SECONDING, *scopes_of(row))


def may_see(actor: Actor, row: Mapping[str, Any]) -> bool:
    """Tell whether an actor may see where every sheet stands."""
    return is_lead(actor, row) or actor.holds(SEEING, *scopes_of(row))


def require_lead(actor: Actor, row: Mapping[str, Any]) -> None:
    """Raise `NotAllowed` unless the actor leads the ledger."""
    if not is_lead(actor, row):
        raise NotAllowed
