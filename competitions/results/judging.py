"""How the judges of an event mark beside each other: read from the ledger, told in words.

Judges stand by their seats; no code is shown. Home preference needs to know who comes from where,
so it is told only once the code book is open.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.rules.points import E4
from app.sheets.moments import MarkMoment, moments_of
from app.web.locale import gettext as _
from competitions.draw import queries as draw
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.registration import queries as registration
from competitions.results.queries import OPEN
from competitions.rules.fairness import Given
from competitions.rules.scheme import SHARED_KINDS, SchemeFacts
from competitions.scoring import queries as scoring

LEVELS = 3 * E4
"""What a judgement gives at most, in 1/10,000 of a level."""


async def given_marks(line: EventLine) -> tuple[list[Given], dict[str, str]]:
    """Return the marks that a panel gave so far, and the titles of their aspects."""
    scheme = await planning.scheme(line.id)
    facts = scheme.facts if scheme else SchemeFacts()
    most = {
        aspect.id: LEVELS if aspect.kind == "judgement" else _e4(aspect.max)
        for aspect in facts.aspects()
        if aspect.kind in SHARED_KINDS
    }
    moments = [item for item in await moments_of(line.ledger) if item.aspect in most]
    names, homes = names_of(moments), await _homes(line)
    given = [
        Given(
            judge=names[item.seat, item.account_id],
            code=item.code,
            aspect=item.aspect,
            share=Fraction(item.value_e4, most[item.aspect]),
            moment=item.moment,
            is_home=homes.get((item.account_id, item.code)),
        )
        for item in moments
    ]
    return given, {aspect.id: aspect.title for aspect in facts.aspects()}


def _e4(text: str) -> int:
    return int(Fraction(text) * E4)


def names_of(moments: Sequence[MarkMoment]) -> dict[tuple[str, int | None], str]:
    """Name each judge by the seat; who stands in there for some codes is told apart."""
    marks = Counter((item.seat, item.account_id) for item in moments)
    found: dict[tuple[str, int | None], str] = {}
    for (seat, account), _count in marks.most_common():
        is_first = seat not in found.values()
        found[seat, account] = seat if is_first else _("{seat} 顶替").format(seat=seat)
    return found


async def _homes(line: EventLine) -> Mapping[tuple[int | None, str], bool]:
    """Return whether judge and entry are of one delegation or one region, once that may be known.

    Nothing is returned where either comes from nowhere.
    """
    if line.status not in OPEN:
        return {}
    regions = {
        item.id: item.region_code for item in await registration.delegations(line.competition_id)
    }
    entries = {item.id: item for item in await registration.entries_of_event(line.id)}
    codes = await draw.opened_codes(line.id)
    return {
        (seat.account_id, code): _is_home(seat.delegation_id, entries[entry].delegation_id, regions)
        for seat in await scoring.seats(line.id)
        if seat.delegation_id is not None
        for code, entry in codes.items()
    }


def _is_home(judge: int, entry: int, regions: Mapping[int, str | None]) -> bool:
    region = regions.get(judge)
    return judge == entry or (region is not None and region == regions.get(entry))
