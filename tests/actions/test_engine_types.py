"""Both engines mean the same by a value, a column and a statement: the traps of either."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import asyncpg
import pytest
from piccolo.columns import ForeignKey, Serial
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from app.storage import columns, engine
from app.storage.dialect import CheckOnTable
from app.storage.rows import insert_rows, insert_values, one_of
from app.storage.uniqueness import TakenMeanwhile
from app.storage.words import has

pytestmark = pytest.mark.anyio
REFUSED = (
    sqlite3.Error,
    OverflowError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    TakenMeanwhile,
)
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
SHANGHAI = timezone(timedelta(hours=8))


class Thing(Table, tablename="engine_thing"):
    id: Serial
    name = columns.Text(unique=True)
    amount = columns.Whole(optional=True)
    is_good = columns.Flag(optional=True)
    at = columns.Instant(optional=True)


class Checked(Table, tablename="engine_checked"):
    amount = columns.Whole()
    positive = Check("amount > 0")


@pytest.fixture
async def house(database: str) -> str:
    Thing._meta._db = engine.current()
    await Thing.create_table()
    return database


async def put(name: str, **facts: Any) -> None:
    given = {"name": name, "amount": None, "is_good": None, "at": None} | facts
    await engine.fetch(
        "INSERT INTO engine_thing (name, amount, is_good, at) VALUES (?, ?, ?, ?)",
        [*given.values()],
    )


async def kept(column: str) -> list[Any]:
    return [row[column] for row in await Thing.select().order_by(Thing.id)]


class TestValues:
    @pytest.mark.parametrize("value", ["many", "12 pieces", b"12", 2**63])
    async def test_a_whole_number_is_nothing_else(self, house, value):
        with pytest.raises(REFUSED):
            await put("a", amount=value)

        assert await kept("name") == []

    @pytest.mark.parametrize("value", [0, -1, 2**63 - 1, -(2**63), None])
    async def test_a_whole_number_comes_back_as_it_was(self, house, value):
        await put("a", amount=value)

        assert await kept("amount") == [value]

    @pytest.mark.parametrize("value", [1.5, Decimal("1.5"), Fraction(3, 2)])
    async def test_a_part_of_a_whole_number_is_none(self, house, value):
        await put("a", amount=1)
        with pytest.raises(REFUSED):
            await put("b", amount=value)
        with pytest.raises(REFUSED):
            await engine.run_each("UPDATE engine_thing SET amount = ?", [(2,), (value,)])
        with pytest.raises(REFUSED):
            await Thing.update({Thing.amount: value}, force=True)

        assert await kept("amount") == [1]

    @pytest.mark.parametrize("value", ["perhaps", 2])
    async def test_yes_or_no_is_nothing_else(self, sqlite_database, value):
        Thing._meta._db = engine.current()
        await Thing.create_table()
        with pytest.raises(sqlite3.IntegrityError):
            await put("a", is_good=value)

    async def test_a_column_added_later_checks_itself_too(self, house):
        extra = columns.Whole(optional=True)
        extra._meta.name = "extra"
        extra._meta._table = Thing
        await Thing.alter().add_column("extra", extra)

        with pytest.raises(REFUSED):
            await engine.fetch(
                "INSERT INTO engine_thing (name, extra) VALUES (?, ?)", ["a", "many"]
            )

    async def test_an_instant_is_one_whatever_its_zone(self, house):
        later = AT.astimezone(SHANGHAI) + timedelta(minutes=1)
        await put("here", at=later)
        await put("there", at=AT)

        assert await kept("at") == [later, AT]
        rows = await Thing.select(Thing.name).order_by(Thing.at)
        assert [row["name"] for row in rows] == ["there", "here"]

    async def test_nothing_has_its_place_in_an_order_where_it_is_said(self, house):
        for name, count in (("a", None), ("b", 2), ("c", 1)):
            await put(name, amount=count)

        rows = await engine.fetch("SELECT name FROM engine_thing ORDER BY amount NULLS LAST, id")
        assert [row["name"] for row in rows] == ["c", "b", "a"]


class TestWords:
    @pytest.mark.parametrize(
        ("word", "found"),
        [
            ("wELD", ["Welder"]),
            ("_", ["a_b"]),
            ("%", ["100%"]),
            ("!", ["a!b"]),
            ("砌", ["砌筑"]),
            ("", ["Welder", "a_b", "100%", "a!b", "砌筑"]),
        ],
    )
    async def test_are_found_in_any_case_and_as_they_are(self, house, word, found):
        for name in ("Welder", "a_b", "100%", "a!b", "砌筑"):
            await put(name)

        rows = await Thing.select(Thing.name).where(has(Thing.name, word)).order_by(Thing.id)

        assert [row["name"] for row in rows] == found


class TestStatements:
    async def test_more_arguments_than_a_statement_takes_go_in_parts(self, house):
        rows = ({"name": f"{number}", "amount": number} for number in range(20_000))

        ids = await insert_rows(Thing, rows)

        assert len(set(ids)) == 20_000
        assert await Thing.count() == 20_000

    async def test_rows_are_numbered_on_whoever_wrote_before(self, house):
        await Thing(name="a", amount=1, is_good=None, at=None).save()

        many = await insert_values(Thing, ("name", "amount"), [("b", 2), ("c", 3)])
        await Thing(name="d", amount=4, is_good=None, at=None).save()
        one = await insert_rows(Thing, [{"amount": 5, "name": "e"}])

        assert await kept("name") == ["a", "b", "c", "d", "e"]
        assert await kept("id") == [1, *many, 4, *one]
        assert await insert_rows(Thing, []) == []

    async def test_rows_that_break_a_rule_take_the_others_back(self, house):
        rows = [(f"{number}",) for number in range(1200)]
        with pytest.raises(REFUSED):
            await insert_values(Thing, ("name",), [*rows, ("7",)])

        assert await Thing.count() == 0

    async def test_ten_at_once_make_one_row(self, house):
        async def count_on() -> None:
            await engine.fetch(
                "INSERT INTO engine_thing (name, amount) VALUES (?, 1) ON CONFLICT (name)"
                " DO UPDATE SET amount = engine_thing.amount + 1",
                ["a"],
            )

        await asyncio.gather(*(count_on() for _ in range(10)))

        assert await kept("amount") == [10]

    async def test_one_runs_for_each_row_of_arguments_or_not_at_all(self, house):
        query = "INSERT INTO engine_thing (name, amount) VALUES (?, ?)"
        await engine.run_each(query, [("a", 1), ("b", 2)])
        with pytest.raises(REFUSED):
            await engine.run_each(query, [("c", 3), ("a", 4)])
        await engine.run_each(query, [])

        assert await kept("name") == ["a", "b"]

    async def test_for_very_many_rows_is_all_or_nothing_too(self, house):
        query = "INSERT INTO engine_thing (name) VALUES (?)"
        rows = [(f"{number}",) for number in range(1200)]
        with pytest.raises(REFUSED):
            await engine.run_each(query, [*rows, ("7",)])
        assert await Thing.count() == 0

        await engine.run_each(query, rows)
        assert await Thing.count() == 1200

    @pytest.mark.parametrize("count", [1, 2, 3, 5, 64, 65])
    async def test_finds_one_of_many(self, house, count):
        await engine.run_each(
            "INSERT INTO engine_thing (name) VALUES (?)", [(f"{n}",) for n in range(count + 1)]
        )
        places, arguments = one_of(f"{number}" for number in range(count))
        rows = await engine.fetch(
            f"SELECT name FROM engine_thing WHERE name IN ({places})", arguments
        )

        assert len(rows) == count
        assert one_of([]) == ("", [])

    async def test_a_unique_index_may_hold_for_some_rows_only(self, house):
        await Thing.raw("CREATE UNIQUE INDEX one_good ON engine_thing (amount) WHERE is_good")
        await put("a", amount=1, is_good=False)
        await put("b", amount=1, is_good=False)
        await put("c", amount=1, is_good=True)

        with pytest.raises(REFUSED):
            await put("d", amount=1, is_good=True)


class TestTables:
    async def test_name_no_check_that_only_one_engine_takes(self, house):
        Checked._meta._db = engine.current()
        with pytest.raises(CheckOnTable):
            await Checked.create_table()

    def test_refer_only_in_ways_that_restrict_and_are_indexed(self):
        for table in engine.tables():
            assert table._meta.primary_key._meta.name == "id"
            rules = [rule for rule in table._meta.constraints if isinstance(rule, Unique)]
            first_of = {rule.get_column_names()[0] for rule in rules}
            for column in table._meta.columns:
                if isinstance(column, ForeignKey):
                    meta = column._meta
                    assert column._foreign_key_meta.on_delete is OnDelete.restrict
                    assert meta.index or meta.unique or meta.name in first_of, f"{table}: {column}"

    def test_have_only_columns_that_both_engines_mean_alike(self):
        kinds = {type(item).__name__ for table in engine.tables() for item in table._meta.columns}

        assert kinds <= {
            "Serial", "ForeignKey", "Text", "BigInt", "Boolean", "Timestamptz", "Date", "Bytea",
            "UUID",
        }  # fmt: skip
