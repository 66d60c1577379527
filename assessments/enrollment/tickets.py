"""Admission tickets (准考证) of a sitting as one PDF."""

from datetime import datetime

from app.documents import qr_codes, typesetting
from app.documents.portraits import svg
from app.errors import N_, RuleBroken, refusal
from app.people import photos
from app.rules.actors import Actor, require
from app.rules.identity import LABELS, Sex
from app.web.templating import iso_date, iso_datetime, local
from assessments.enrollment import queries
from assessments.rules.lifecycle import CandidateStatus
from assessments.sittings import queries as sittings

TEMPLATE = "admission_ticket.typ"
PRINTED = frozenset({CandidateStatus.ACCEPTED, CandidateStatus.PRESENT})


@refusal
class NoTickets(RuleBroken):
    """Nobody has a number yet."""

    says = N_("还没有编排考号，不能打印准考证。")


async def printed(sitting_id: int, *, by: Actor) -> bytes:
    """Return the tickets of all seated candidates in order of number.

    The code on a ticket holds the candidate's number alone; the document's number is masked.
    """
    line = await sittings.sitting(sitting_id)
    require(by, sittings.RUNNERS, *line.scopes)
    seated = [
        item
        for item in await queries.candidates(sitting_id)
        if item.number and item.status in PRINTED
    ]
    if not seated:
        raise NoTickets
    portraits = await photos.photos_of([item.person_id for item in seated])
    instructions = [text.strip() for text in line.instructions.splitlines() if text.strip()]
    specification = await sittings.specification_of(line)
    tickets = [
        {
            "name": item.name,
            "sex": LABELS[Sex(item.sex)] if item.sex else "",
            "number": item.number,
            "id_number": item.id_masked,
            "ability": line.ability,
            "subject": specification.facts.method,
            "time": _period(line.starts_at, line.ends_at),
            "site": line.site,
            "address": line.address,
            "room": f"{item.room}　{item.station} 号",
            "institution": line.institution,
            "instructions": instructions,
            "symbol": qr_codes.svg(item.number or ""),
            "photo": svg(portraits[item.person_id]) if item.person_id in portraits else None,
        }
        for item in seated
    ]
    return await typesetting.rendered(TEMPLATE, {"title": line.name, "tickets": tickets})


def _period(begins: datetime, ends: datetime) -> str:
    until = f"{local(ends):%H:%M}" if iso_date(begins) == iso_date(ends) else iso_datetime(ends)
    return f"{iso_datetime(begins)} — {until}"
