"""Who asks, for what: duties, the scopes they hold in, and the actor of a request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.errors import N_, NotAllowed, RuleBroken, refusal


class Duty(StrEnum):
    """What a person is appointed to do (domain.md B3, C3)."""

    ORGANIZER = "organizer"
    REGISTRAR = "registrar"
    CHIEF_JUDGE = "chief_judge"
    MARKING_JUDGE = "marking_judge"
    CODING_JUDGE = "coding_judge"
    SUPERVISOR = "supervisor"
    EXAMINER = "examiner"
    QUALITY_SUPERVISOR = "quality_supervisor"
    CERTIFICATE_OFFICER = "certificate_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


SCOPE_KINDS = ("all", "region", "competition", "event", "sitting")

EXCLUSIVE: frozenset[frozenset[Duty]] = frozenset(
    frozenset(pair)
    for pair in (
        (Duty.CODING_JUDGE, Duty.MARKING_JUDGE),
        (Duty.CODING_JUDGE, Duty.CHIEF_JUDGE),
        (Duty.SUPERVISOR, Duty.MARKING_JUDGE),
        (Duty.SUPERVISOR, Duty.CHIEF_JUDGE),
        (Duty.SUPERVISOR, Duty.CODING_JUDGE),
        (Duty.QUALITY_SUPERVISOR, Duty.EXAMINER),
        (Duty.ORGANIZER, Duty.AUDITOR),
        (Duty.ORGANIZER, Duty.CODING_JUDGE),
        (Duty.ORGANIZER, Duty.MARKING_JUDGE),
        (Duty.REGISTRAR, Duty.MARKING_JUDGE),
        (Duty.REGISTRAR, Duty.CODING_JUDGE),
        (Duty.CERTIFICATE_OFFICER, Duty.AUDITOR),
        (Duty.ADMINISTRATOR, Duty.AUDITOR),
        (Duty.ADMINISTRATOR, Duty.MARKING_JUDGE),
        (Duty.ADMINISTRATOR, Duty.CODING_JUDGE),
        (Duty.ADMINISTRATOR, Duty.EXAMINER),
    )
)
"""Duties that one person never holds together where their scopes meet (marking.md section 6)."""


@dataclass(frozen=True, order=True)
class Scope:
    """Where a duty holds: everything, a region, a competition, an event, a sitting."""

    kind: str
    key: str = ""

    def __str__(self) -> str:
        return self.kind if self.kind == "all" else f"{self.kind}:{self.key}"

    @classmethod
    def parse(cls, text: str) -> "Scope":
        """Read `event:12`; raise ValueError for an unknown kind."""
        kind, _, key = text.partition(":")
        if kind not in SCOPE_KINDS or (kind == "all") != (key == ""):
            raise ValueError(text)
        return cls(kind, key)


EVERYWHERE = Scope("all")


def region_scopes(code: str) -> tuple["Scope", ...]:
    """Return the scopes of a region and of those above it, by its GB/T 2260 code."""
    return tuple(
        Scope("region", item) for item in dict.fromkeys((code, code[:4] + "00", code[:2] + "0000"))
    )


@dataclass(frozen=True)
class Grant:
    """One duty in one scope for a period; open-ended where `closes_at` is None."""

    duty: Duty
    scope: Scope
    opens_at: datetime
    closes_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        return self.opens_at <= at and (self.closes_at is None or at < self.closes_at)


@dataclass(frozen=True)
class Actor:
    """Who acts: an account with the grants open now, or nobody (`account_id` None, no grants)."""

    account_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    address: str = ""
    person_id: int | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    def holds(self, duties: Duty | Iterable[Duty], *scopes: Scope) -> bool:
        """Tell whether one of the duties is held in one of the scopes, or everywhere."""
        wanted = {duties} if isinstance(duties, Duty) else set(duties)
        places = {EVERYWHERE, *scopes}
        return any(grant.duty in wanted and grant.scope in places for grant in self.grants)

    def holds_anywhere(self, *duties: Duty) -> bool:
        """Tell whether one of the duties is held in any scope; where none is named, any duty."""
        return any(not duties or grant.duty in duties for grant in self.grants)

    def scopes_of(self, *duties: Duty) -> frozenset[Scope]:
        """Return the scopes in which one of the duties is held."""
        return frozenset(grant.scope for grant in self.grants if grant.duty in duties)


NOBODY = Actor(account_id=None, name="")
SYSTEM = Actor(
    account_id=None,
    name=N_("系统"),
    address="command line",
    grants=tuple(
        Grant(duty, EVERYWHERE, datetime.fromisoformat("2000-01-01T00:00:00+00:00"))
        for duty in Duty
    ),
)
"""The seed, the command line and scheduled work."""


def require(actor: Actor, duties: Duty | Iterable[Duty], *scopes: Scope) -> None:
    """Raise `NotAllowed` unless the actor holds one of the duties in one of the scopes."""
    if not actor.holds(duties, *scopes):
        raise NotAllowed


@refusal
class DutiesExclude(RuleBroken):
    """Two duties that exclude each other would meet in one person."""

    says = N_("“{wanted}”与已有的“{held}”不能由同一人担任。请先结束其中一项授权，或改派他人。")
    field = "duty"
    wanted: Duty
    held: Duty


def refuse_exclusive(wanted: Grant, held: Iterable[Grant], meets: bool | None = None) -> None:  # noqa: FBT001
    """Raise `DutiesExclude` where the wanted grant meets one it excludes, in place and period.

    Two scopes meet when they are equal or one is everything; the caller passes `meets=True` where
    it knows that one contains the other.
    """
    for grant in held:
        is_same_place = (
            meets or grant.scope == wanted.scope or EVERYWHERE in {grant.scope, wanted.scope}
        )
        if (
            is_same_place
            and frozenset({grant.duty, wanted.duty}) in EXCLUSIVE
            and _overlap(grant, wanted)
        ):
            raise DutiesExclude(wanted.duty, grant.duty)


def _overlap(one: Grant, other: Grant) -> bool:
    return (one.closes_at is None or other.opens_at < one.closes_at) and (
        other.closes_at is None or one.opens_at < other.closes_at
    )
