"""Find entries for the desk's list: by word, event, delegation and state."""

from collections.abc import Iterable

import msgspec
from piccolo.columns.combination import Where

from app.storage.words import has
from competitions.registration.queries import CONTESTANT, ENTRY, EntryLine, joined
from competitions.registration.tables import Contestant, Entry
from competitions.rules.entries import WAITING


class EntryFilter(msgspec.Struct, frozen=True):
    """Which entries in which order; empty fields filter nothing."""

    q: str = ""
    event: int = 0
    delegation: int = 0
    status: str = ""
    sort: str = ""
    page: int = 1


SORTS = ("", "delegation", "event", "status", "newest")


async def filtered(
    competition_id: int, chosen: EntryFilter, page_size: int
) -> tuple[list[EntryLine], int]:
    """Return one page of the entries that match, and the count of all that do."""
    query, count = Entry.select(*ENTRY), Entry.count()
    for condition in _conditions(competition_id, chosen):
        query, count = query.where(condition), count.where(condition)
    if chosen.sort == "delegation":
        query = query.order_by(Entry.delegation._.name).order_by(Entry.event._.position)
    elif chosen.sort == "event":
        query = query.order_by(Entry.event._.position).order_by(Entry.delegation._.name)
    elif chosen.sort == "status":
        query = query.order_by(Entry.status)
    is_newest = chosen.sort == "newest"
    rows = (
        await query.order_by(Entry.id, ascending=not is_newest)
        .limit(page_size)
        .offset((max(chosen.page, 1) - 1) * page_size)
    )
    people = await Contestant.select(*CONTESTANT).where(
        Contestant.entry.is_in([row["id"] for row in rows] or [0])
    )
    return joined(rows, people), await count


def _conditions(competition_id: int, chosen: EntryFilter) -> Iterable[Where]:
    yield Entry.event._.competition == competition_id
    if chosen.event:
        yield Entry.event == chosen.event
    if chosen.delegation:
        yield Entry.delegation == chosen.delegation
    if chosen.status == "waiting":
        yield Entry.status.is_in([status.value for status in WAITING])
    elif chosen.status:
        yield Entry.status == chosen.status
    word = chosen.q.strip()
    if word:
        yield Entry.id.is_in(
            Contestant.select(Contestant.entry).where(
                Contestant.competition == competition_id,
                has(Contestant.name, word) | has(Contestant.employer, word),
            )
        )
