"""Read candidates."""

from datetime import date

import msgspec

from app.errors import NotFound
from app.rules.mark_sheet import code_order
from assessments.enrollment.tables import Candidate
from assessments.rules.lifecycle import CandidateStatus

C = Candidate


class CandidateLine(msgspec.Struct, frozen=True):
    """A candidate on the desk; the document's number is masked.

    The register may have been corrected since: then it has another name.
    """

    id: int
    sitting_id: int
    person_id: int
    name: str
    register_name: str
    id_masked: str
    sex: str | None
    birth_on: date | None
    employer: str
    category: str | None
    region_code: str | None
    phone_masked: str | None
    number: str | None
    room: str | None
    station: int | None
    status: CandidateStatus
    note: str
    version: int


class FullLine(msgspec.Struct, frozen=True):
    """A candidate with everything, for the export that comes back as an import."""

    number: str | None
    name: str
    register_name: str
    id_kind: str
    id_sealed: bytes
    sex: str | None
    birth_on: date | None
    ethnic_group: str | None
    education: str | None
    region_code: str | None
    phone_sealed: bytes | None
    employer: str
    category: str | None
    status: CandidateStatus


class CandidateFilter(msgspec.Struct, frozen=True):
    """Which candidates; empty fields filter nothing."""

    q: str = ""
    status: str = ""
    page: int = 1


_COLUMNS = (
    C.id,
    C.sitting.as_alias("sitting_id"),
    C.person.as_alias("person_id"),
    C.name,
    C.employer,
    C.category,
    C.region_code,
    C.number,
    C.room,
    C.station,
    C.status,
    C.note,
    C.version,
    C.person._.name.as_alias("register_name"),
    C.person._.id_masked.as_alias("id_masked"),
    C.person._.sex.as_alias("sex"),
    C.person._.birth_on.as_alias("birth_on"),
    C.person._.phone_masked.as_alias("phone_masked"),
)


async def candidates(sitting_id: int) -> list[CandidateLine]:
    """Return all candidates of a sitting, by number, then in order of application."""
    rows = await C.select(*_COLUMNS).where(C.sitting == sitting_id).order_by(C.id)
    lines = msgspec.convert(rows, list[CandidateLine])
    return sorted(
        lines, key=lambda line: (line.number is None, code_order(line.number or ""), line.id)
    )


async def filtered(
    sitting_id: int, chosen: CandidateFilter, page_size: int = 100
) -> tuple[list[CandidateLine], int]:
    """Return one page of the candidates that match, the last for any beyond, and their count."""
    wanted = chosen.q.strip()
    lines = [
        line
        for line in await candidates(sitting_id)
        if (not chosen.status or line.status == chosen.status)
        and (
            not wanted
            or wanted in line.name
            or wanted in (line.number or "")
            or wanted in line.employer
        )
    ]
    pages = max(-(-len(lines) // page_size), 1)
    start = (min(max(chosen.page, 1), pages) - 1) * page_size
    return lines[start : start + page_size], len(lines)


async def candidate(candidate_id: int) -> CandidateLine:
    """Return one candidate; raise `NotFound`."""
    row = await C.select(*_COLUMNS).where(C.id == candidate_id).first()
    if row is None:
        raise NotFound
    return msgspec.convert(row, CandidateLine)


async def counts(sitting_id: int) -> dict[CandidateStatus, int]:
    """Return how many candidates are in each state."""
    rows = await C.raw(
        "SELECT status, COUNT(*) AS found FROM candidate WHERE sitting = {} GROUP BY status",
        sitting_id,
    )
    return {CandidateStatus(row["status"]): row["found"] for row in rows}


async def by_person(sitting_id: int) -> dict[int, CandidateLine]:
    """Return the candidates of a sitting by person."""
    return {line.person_id: line for line in await candidates(sitting_id)}


async def full(sitting_id: int) -> list[FullLine]:
    """Return the candidates of a sitting with sealed numbers; the export opens them."""
    of_person = ("id_kind", "id_sealed", "sex", "birth_on", "ethnic_group", "education")
    rows = (
        await C.select(
            C.number,
            C.name,
            C.employer,
            C.category,
            C.region_code,
            C.status,
            C.person._.name.as_alias("register_name"),
            *(getattr(C.person._, name).as_alias(name) for name in (*of_person, "phone_sealed")),
        )
        .where(C.sitting == sitting_id)
        .order_by(C.id)
    )
    return msgspec.convert(rows, list[FullLine])
