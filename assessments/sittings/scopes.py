"""Sittings as scopes of duties (see `app.accounts.scope_names`)."""

from collections.abc import Sequence

from app.accounts.scope_names import Place, ScopeKind
from app.web.locale import heading
from assessments.sittings import queries
from assessments.sittings.queries import SittingLine


def _sitting(line: SittingLine) -> Place:
    return Place(line.scopes[0], line.name, line.scopes, heading("考核批次"))


async def _one(key: str) -> Place:
    return _sitting(await queries.sitting(int(key)))


async def _every() -> Sequence[Place]:
    return [_sitting(line) for line in await queries.sittings()]


SITTINGS = ScopeKind(_one, _every)
