"""Published results for books: as many places as wanted, in as many events."""

from datetime import UTC, date, datetime

from competitions.planning.queries import CompetitionLine, EventLine
from competitions.results.books import Published
from competitions.results.queries import PlaceLine, ResultLine
from competitions.rules.lifecycle import CompetitionStatus, Division, EventStatus, Level
from tests.builders.competitions import GIVEN, SURNAMES

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
MODULES = {"A": "理论知识", "B": "实操：测量", "C": "实操：评判"}
AWARDS = ("gold", "silver", "bronze")
WINNERS = 10


def a_competition_line() -> CompetitionLine:
    """A competition whose results are public."""
    return CompetitionLine(
        id=1,
        name="黔东南州第三届乡村振兴职业技能大赛",
        level=Level.CITY,
        host_region="522600",
        organizer="黔东南州人力资源和社会保障局",
        host="榕江县中等职业学校",
        venue="榕江县文化广场",
        starts_on=date(2026, 11, 20),
        ends_on=date(2026, 11, 22),
        entries_open_at=AT,
        entries_close_at=AT,
        youngest=16,
        oldest=None,
        ages_on=None,
        notice="",
        notice_days=5,
        status=CompetitionStatus.CLOSED,
        version=1,
        edition=3,
        series=None,
    )


def an_event_line(name: str = "砌筑", number: int = 1) -> EventLine:
    """An event that was published."""
    return EventLine(
        id=number,
        competition_id=1,
        competition="黔东南州第三届乡村振兴职业技能大赛",
        host_region="522600",
        starts_on=date(2026, 11, 20),
        position=number,
        name=name,
        division=Division.WORKERS,
        occupation_code=None,
        quota=100,
        members=1,
        code_levels=1,
        rule_set_id=1,
        rule_set_code="rural-national",
        rule_set_name="全国乡村振兴大赛规则",
        rule_set_sha256="5c" * 32,
        rule_set={"id": "rural-national", "version": 1},
        status=EventStatus.PUBLISHED,
        version=1,
    )


def a_place(rank: int) -> PlaceLine:
    """The place of one contestant."""
    delegation = f"{'榕江从江黎平锦屏天柱'[rank % 5 * 2 : rank % 5 * 2 + 2]}县代表队"
    return PlaceLine(
        code=f"{rank:03d}",
        rank=rank,
        is_undecided=False,
        total=f"{95 - rank / 50:.2f}",
        scale=None,
        modules=dict.fromkeys(MODULES, f"{32 - rank / 150:.2f}"),
        award=AWARDS[rank - 1] if rank <= len(AWARDS) else "merit" if rank <= WINNERS else None,
        status="competed",
        names=SURNAMES[rank % 20] + GIVEN[rank % 19] + GIVEN[rank * 7 % 17],
        delegation=delegation,
        party=delegation,
        employer="乡村合作社",
    )


def published(places: list[PlaceLine], line: EventLine | None = None) -> Published:
    """An event with its results, as a book takes it."""
    result = ResultLine(
        id=1,
        number=2,
        bundle={},
        bundle_file=b"",
        bundle_sha256="b0" * 32,
        standings={},
        ledger_root="1e" * 32,
        rule_set_sha256="5c" * 32,
        is_agreed=True,
        computed_by="周裁判长",
        computed_at=AT,
        published_at=AT,
        notice_ends_at=None,
    )
    return Published(line or an_event_line(), result, places, MODULES)
