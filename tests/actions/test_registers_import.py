"""Regions and organizations from a workbook: what would break their registers is named."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime

import pytest

from app.documents import workbooks
from app.documents.layouts import Layout
from app.imports import organizations as organization_import
from app.imports import regions as region_import
from app.imports import work
from app.imports.progress import tell_nobody
from app.people import organizations, queries
from app.people.kinds import LABELS, OrganizationKind, RegionLevel
from app.people.organizations import OrganizationFacts
from app.people.tables import Region
from app.rules.actors import EVERYWHERE, SYSTEM
from app.storage.engine import write_transaction

pytestmark = pytest.mark.anyio
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
PROVINCE, PREFECTURE, COUNTY = (LABELS[level] for level in RegionLevel)
FIRST, SECOND = "91110000100003962Y", "911100007109250324"
Line = Mapping[str, object]


def a_region(code: str, name: str, level: str, parent: str = "", **others: object) -> Line:
    return {
        "code": code,
        "name": name,
        "level": level,
        "parent": parent,
        "source": "公告",
    } | others


GUIZHOU = a_region("520000", "贵州省", PROVINCE)
QIANDONGNAN = a_region("522600", "黔东南州", PREFECTURE, "520000")
RONGJIANG = a_region("522632", "榕江县", COUNTY, "522600")


async def taken_in(layout: Layout, *rows: Line) -> list[str]:
    """Take a workbook's good rows in; return what was wrong, as the command line says it."""
    kind, content = layout.kind, workbooks.export(layout, rows)
    table, checked = await work.examine(kind, EVERYWHERE, content, AT, tell_nobody)
    if checked.good:
        async with write_transaction():
            await work.write_within(kind, EVERYWHERE, checked, by=SYSTEM, at=AT)
    return [f"{problem.cell} {problem.reason}" for problem in table.problems]


async def regions(*rows: Line) -> list[str]:
    return await taken_in(region_import.LAYOUT, *rows)


async def firms(*rows: tuple[str, str]) -> list[str]:
    kind = LABELS[OrganizationKind.FIRM]
    lines = [{"name": name, "kind": kind, "credit_code": code} for name, code in rows]
    return await taken_in(organization_import.LAYOUT, *lines)


class TestRegions:
    @pytest.fixture(autouse=True)
    async def names(self, sqlite_database: str) -> AsyncIterator[None]:
        """Names of this database alone, and none for whoever comes next."""
        await queries.read_region_names()
        yield
        await Region.delete(force=True)
        await queries.read_region_names()

    async def test_are_called_by_the_names_above_them(self):
        assert await regions(GUIZHOU, QIANDONGNAN, RONGJIANG) == []

        assert queries.region_name("522632", is_long=True) == "贵州省黔东南州榕江县"
        assert queries.region_name("522632") == "榕江县"
        assert queries.region_name("110000", is_long=True) == "110000"
        assert queries.region_name(None, is_long=True) == ""

    async def test_may_not_stand_above_themselves(self):
        [problem] = await regions(GUIZHOU, a_region("522600", "黔东南州", PREFECTURE, "522600"))

        assert problem.startswith("D3 从这个上级往上找不到省级")
        assert queries.region_name("522600") == "522600"

    async def test_may_not_stand_above_each_other(self):
        problems = await regions(
            GUIZHOU,
            a_region("522600", "黔东南州", PREFECTURE, "522632"),
            RONGJIANG,
            a_region("522601", "凯里市", COUNTY, "522600"),
        )

        assert [problem.split()[0] for problem in problems] == ["D3", "D4", "D5"]

    async def test_may_not_be_led_round_by_a_later_workbook(self):
        await regions(GUIZHOU, QIANDONGNAN, RONGJIANG)

        [problem] = await regions(a_region("520000", "贵州省", PROVINCE, "522632"))

        assert problem.startswith("D2")
        assert await regions(GUIZHOU, RONGJIANG) == []

    async def test_that_lead_round_already_still_have_a_name(self):
        await Region.insert(
            *(
                Region(
                    code=code, name=name, level="county", parent=parent, source="",
                    valid_from=None, valid_to=None,
                )
                for code, name, parent in (("1", "甲", "2"), ("2", "乙", "1"), ("3", "丙", "3"))
            )
        )  # fmt: skip
        await queries.read_region_names()

        assert queries.region_name("1", is_long=True) == "乙甲"
        assert queries.region_name("3", is_long=True) == "丙"
        assert queries.region_code_of("丙") == "3"

    @pytest.mark.parametrize("first_day", [None, date(1956, 7, 1)])
    async def test_are_called_as_they_are_now(self, first_day):
        old = a_region("520000", "旧贵州", PROVINCE, valid_to=date(1990, 1, 1))
        await regions(a_region("520000", "贵州省", PROVINCE, valid_from=date(1990, 1, 2)))

        assert await regions(dict(old, valid_from=first_day)) == []

        assert queries.region_name("520000") == "贵州省"
        assert queries.region_code_of("贵州省") == "520000"
        assert queries.region_code_of("旧贵州") is None
        assert await queries.every_region() == [("520000", "贵州省")]

    async def test_keep_one_code_for_two_rows_of_a_name(self):
        await regions(GUIZHOU, a_region("520000", "贵州省", PROVINCE, valid_from=date(1990, 1, 2)))

        assert queries.region_code_of("贵州省") == "520000"


class TestCreditCodes:
    async def test_belong_to_one_organization_of_the_register(self, database):
        async with write_transaction():
            for name, code in (("甲社", FIRST), ("乙社", None)):
                facts = OrganizationFacts(name, OrganizationKind.FIRM, credit_code=code)
                await organizations.add_within(facts, by=SYSTEM, at=AT)

        problems = await firms(("乙社", FIRST), ("丙社", FIRST), ("甲社", FIRST), ("丁社", SECOND))

        assert [problem.split()[0] for problem in problems] == ["C2", "C3"]
        assert all("已登记在“甲社”名下" in problem for problem in problems)
        assert await organizations.holders_of_credit_codes() == {FIRST: "甲社", SECOND: "丁社"}

    async def test_belong_to_one_organization_of_the_workbook(self, sqlite_database):
        [problem] = await firms(("甲社", FIRST), ("乙社", FIRST.lower()))

        assert problem.startswith("C3 与第 2 行的统一社会信用代码相同")
        assert list(await organizations.organizations_by_name()) == ["甲社"]

    async def test_that_are_there_twice_already_come_back_unchanged(self, sqlite_database):
        async with write_transaction():
            for name in ("甲社", "乙社"):
                facts = OrganizationFacts(name, OrganizationKind.FIRM, credit_code=FIRST)
                await organizations.add_within(facts, by=SYSTEM, at=AT)

        assert await firms(("甲社", FIRST), ("乙社", FIRST)) == []
