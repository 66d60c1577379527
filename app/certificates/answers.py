"""The public facts of a certificate in the shape that programs get."""

from datetime import UTC, datetime

from msgspec import Struct

from app.certificates.kinds import Verdict
from app.certificates.queries import PublicEntry


class PublicFacts(Struct, frozen=True, kw_only=True, rename={"kind": "type"}):
    """The facts of `/v/<ID>.json` and of each row of `/api/v1/verify`; times in UTC."""

    id: str
    url: str
    status: Verdict
    kind: int
    title: str
    name: str
    number: str
    issuer: str
    issued_on: str
    first_logged_at: str | None
    changed_at: str | None
    late: bool
    reason: str
    doubt: str
    differs: tuple[str, ...]
    successor: str | None
    predecessor: str | None
    reissued: int
    leaf_index: int
    commit: str


class Unconfirmed(Struct, frozen=True, omit_defaults=True):
    """What programs get where there are no facts: the ID as it was asked for, and why."""

    id: str
    status: Verdict
    doubt: str = ""


def facts_of(entry: PublicEntry, host: str) -> PublicFacts:
    """Return an entry as programs get it."""
    return PublicFacts(
        id=entry.id,
        url=f"https://{host}/v/{entry.id}",
        status=entry.verdict,
        kind=int(entry.kind),
        title=entry.title,
        name=entry.masked_name,
        number=entry.number,
        issuer=entry.issuer,
        issued_on=entry.issued_on.isoformat(),
        first_logged_at=instant(entry.logged_at),
        changed_at=instant(entry.changed_at),
        late=entry.is_late,
        reason=entry.reason_code,
        doubt=entry.doubt,
        differs=entry.differs,
        successor=entry.successor_id,
        predecessor=entry.predecessor_id,
        reissued=entry.reissues,
        leaf_index=entry.leaf_index,
        commit=entry.commit,
    )


def instant(seconds: int | None) -> str | None:
    """Write seconds as an instant in UTC."""
    return None if seconds is None else moment(seconds).isoformat().replace("+00:00", "Z")


def moment_of(facts: PublicFacts | None) -> datetime | None:
    """Return when a certificate was first logged, where that is known."""
    if facts is None or facts.first_logged_at is None:
        return None
    return datetime.fromisoformat(facts.first_logged_at)


def moment(seconds: int) -> datetime:
    """Return seconds as an aware instant."""
    return datetime.fromtimestamp(seconds, UTC)
