"""A large table of entries: rows that are right, and rows that are wrong in every way there is."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from app.documents import workbooks
from app.rules.identity import check_character
from competitions.labels import DIVISIONS
from competitions.planning.queries import EventLine
from competitions.registration.workbooks import entries_layout
from tests.builders.competitions import GIVEN, SURNAMES

DELEGATIONS = ("乐里镇", "古州镇", "寨蒿镇", "平永镇", "忠诚镇", "朗洞镇")
FIRST_DAY = date(1975, 1, 1)
DAYS = 9000
FAULTS: tuple[tuple[str, Any], ...] = (
    ("id_number", lambda number: number[:-1] + ("1" if number[-1] != "1" else "2")),
    ("event", lambda _: "没有的赛项"),
    ("name", lambda _: "张3"),
    ("phone", lambda _: "12"),
    ("id_number", lambda _: ""),
    ("division", lambda _: "老年组"),
    ("birth_on", lambda _: "1990-13-40"),
    ("id_number", lambda number: number[:10]),
    ("ethnic_group", lambda _: "不存在族"),
    ("county_code", lambda _: "999999"),
    ("employer", lambda name: name * 30),
)
"""A column and what is made of its cell; each gives a problem at that very cell."""


def number_of(place: int) -> str:
    """Return a resident number with a right check character, another for each place."""
    born = FIRST_DAY + timedelta(days=place % DAYS)
    first = f"{522600 + place // DAYS:06d}{born:%Y%m%d}{place % 1000:03d}"
    return first + check_character(first)


def row_of(place: int, event: EventLine) -> dict[str, Any]:
    """Return a right row, every column filled but the one for teams."""
    number = number_of(place)
    return {
        "delegation": DELEGATIONS[place % len(DELEGATIONS)],
        "event": event.name,
        "division": DIVISIONS[event.division],
        "name": SURNAMES[place % 20] + GIVEN[place % 19] + GIVEN[place * 7 % 17],
        "sex": "男" if int(number[16]) % 2 else "女",
        "ethnic_group": ("苗族", "侗族", "水族", "汉族")[place % 4],
        "birth_on": f"{number[6:10]}-{number[10:12]}-{number[12:14]}",
        "id_kind": "居民身份证",
        "id_number": number,
        "household": "农业家庭户",
        "education": "中等职业教育",
        "employer": f"合作社{place % 50}",
        "position": "社员",
        "skill_level": "四级/中级工",
        "skill_certificate": f"S00005226{place:08d}",
        "county_code": "522632",
        "phone": f"138{place:08d}",
        "coach": "张教练",
        "clothes_size": ("M", "L", "XL")[place % 3],
        "diet": "无",
    }


def a_large_table(events: Sequence[EventLine], count: int, *, wrong: int = 0) -> bytes:
    """Return a workbook of entries, `wrong` of them spread over the rows, a fault of each kind."""
    rows = [row_of(place, events[place % len(events)]) for place in range(count)]
    for turn in range(wrong):
        row = rows[turn * count // wrong]
        column, spoil = FAULTS[turn % len(FAULTS)]
        row[column] = spoil(row.get(column, ""))
    return workbooks.export(entries_layout(events), rows)
