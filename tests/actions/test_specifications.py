"""Versions of a specification: one is in force, one name is one specification, one is public."""

import asyncio
from dataclasses import replace

import pytest

from app.documents import workbooks
from app.documents.layouts import Row
from app.errors import NotFound
from app.rules.actors import EVERYWHERE, SYSTEM
from assessments.rules.lifecycle import SpecificationStatus
from assessments.specifications import actions, importing, queries
from assessments.specifications.actions import NameTaken
from assessments.specifications.queries import SpecificationFilter
from assessments.specifications.workbooks import LAYOUT, read_specifications
from tests.builders.assessments import FACTS, a_specification, put_in_force, supersede
from tests.builders.events import AT

pytestmark = pytest.mark.anyio
EVERY = SpecificationFilter()


def a_row(name: str = "刺梨初加工", **texts: str) -> Row:
    """A row of the spreadsheet as it is read."""
    letters = {column.key: f"C{at}" for at, column in enumerate(LAYOUT.columns)}
    return Row("能力规范", 2, {"name": name, **texts}, letters, LAYOUT, [])


async def abolish(specification_id: int) -> None:
    """Take a specification out of force for good."""
    line = await queries.specification(specification_id)
    await actions.step(
        specification_id,
        SpecificationStatus.ABOLISHED,
        seen_version=line.version,
        by=SYSTEM,
        at=AT,
        on=AT.date(),
    )


async def rename(specification_id: int, name: str) -> None:
    """Give a draft another name."""
    line = await queries.specification(specification_id)
    facts = replace(line.facts, name=name)
    await actions.revise(
        specification_id, facts, trade=line.trade, seen_version=line.version, by=SYSTEM, at=AT
    )


class TestInForce:
    async def test_is_one_of_two_versions_that_begin_at_once(self, database):
        first = await a_specification(AT)
        drafts = [await actions.new_version(first, by=SYSTEM, at=AT) for _ in range(2)]
        for draft in drafts:
            for version, wanted in enumerate(("under_review", "filed"), start=1):
                await step(draft, wanted, version)

        await asyncio.gather(*(step(draft, "in_force", 3) for draft in drafts))

        found = [line.status for line in await queries.specifications(EVERY)]
        assert sorted(found) == ["in_force", "superseded", "superseded"]


async def step(specification_id: int, wanted: str, version: int) -> None:
    await actions.step(
        specification_id,
        SpecificationStatus(wanted),
        seen_version=version,
        by=SYSTEM,
        at=AT,
        on=AT.date(),
    )


class TestTheName:
    async def test_of_another_specification_is_not_taken_by_a_draft(self, database):
        await a_specification(AT)
        other = await actions.create(
            replace(FACTS, name="刺梨果脯制作"), trade="农林牧渔", by=SYSTEM, at=AT
        )

        with pytest.raises(NameTaken):
            await rename(other, FACTS.name)

        assert (await queries.specification(other)).name == "刺梨果脯制作"

    async def test_is_kept_by_a_next_version(self, sqlite_database):
        draft = await actions.new_version(await a_specification(AT), by=SYSTEM, at=AT)

        await rename(draft, FACTS.name)
        await rename(draft, "刺梨精加工")

        assert (await queries.specification(draft)).name == "刺梨精加工"


class TestThePublic:
    async def test_reads_the_version_in_force_and_finds_it_once(self, database):
        first = await a_specification(AT)
        second = await supersede(first)
        await actions.new_version(second, by=SYSTEM, at=AT)
        code = (await queries.specification(first)).code

        assert (await queries.public_specification(code)).id == second
        assert [line.id for line in await queries.catalogue(EVERY)] == [second]

    async def test_never_reads_an_earlier_version_once_the_last_is_abolished(self, database):
        first = await a_specification(AT)
        second = await supersede(first)
        await abolish(second)
        code = (await queries.specification(first)).code

        found = await queries.public_specification(code)

        assert (found.id, found.status) == (second, SpecificationStatus.ABOLISHED)
        assert await queries.catalogue(EVERY) == []

    async def test_reads_what_is_in_force_whatever_its_number(self, sqlite_database):
        first = await a_specification(AT)
        second, third = [await actions.new_version(first, by=SYSTEM, at=AT) for _ in range(2)]
        await put_in_force(third, AT)
        await put_in_force(second, AT)
        code = (await queries.specification(first)).code

        assert (await queries.public_specification(code)).id == second

    async def test_reads_nothing_of_a_draft(self, sqlite_database):
        draft = await actions.create(FACTS, trade="农林牧渔", by=SYSTEM, at=AT)
        code = (await queries.specification(draft)).code

        with pytest.raises(NotFound):
            await queries.public_specification(code)


class TestTakingIn:
    async def test_begins_from_the_newest_version_though_its_trade_changed(self, sqlite_database):
        """Lists are by trade first; there an old version may stand behind the new one."""
        first = await a_specification(AT)
        draft = await actions.new_version(first, by=SYSTEM, at=AT)
        line = await queries.specification(draft)
        await actions.revise(
            draft, line.facts, trade="AAA", seen_version=line.version, by=SYSTEM, at=AT
        )

        content = await importing.EXPORTER.workbook(EVERYWHERE, SYSTEM, AT)
        table = await workbooks.read_table(content, await importing.IMPORTER.layout(EVERYWHERE))

        assert table.rows[0].text("trade") == "AAA"

    async def test_names_each_number_that_the_form_would_refuse(self):
        rows = [
            a_row(pass_mark="600", fewest_examiners="0", minutes="0", task="采收", weight="120"),
            a_row("另一份", pass_mark="", fewest_examiners="", task="采收", weight="100"),
        ]

        _, good = read_specifications(rows)

        assert [(item.column, item.reason) for item in rows[0].problems] == [
            ("考核比重", "应是 0 到 100 的整数。"),
            ("每组考评员人数下限", "应是 1 到 15 的整数。"),
            ("合格分数线", "应是 1 到 100 的整数。"),
            ("考核时间（分钟）", "应是 1 到 10080 的整数。"),
        ]
        assert good is not None
        assert (good[0].fewest_examiners, good[0].pass_mark, good[0].minutes) == (3, 60, None)
