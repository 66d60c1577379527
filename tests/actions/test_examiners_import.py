"""Examiners from a workbook: with their numbers, and brought up to date by the next one."""

from datetime import date
from pathlib import Path

import pytest

from app.accounts import queries as accounts
from app.audit import queries as journal
from app.audit.acts import Act
from app.documents import workbooks
from app.documents.layouts import Table
from app.imports.registry import Checked, Outcome
from app.people import vault
from app.people.queries import sealed_numbers
from app.rules.actors import EVERYWHERE, SYSTEM, DutiesExclude, Duty, Scope
from assessments.sittings import importing, queries
from assessments.sittings.actions import subject
from tests.builders.assessments import a_sitting, send
from tests.builders.competitions import somebody
from tests.builders.events import AT
from tests.builders.rosters import filled, resident_number

pytestmark = pytest.mark.anyio
NUMBER = resident_number("19800815", 2)
OTHER = resident_number("19810815", 4)


async def an_examiner(name: str = "石玉兰") -> tuple[int, str]:
    """Return the account of somebody who examines elsewhere, and the sign-in name."""
    actor = await somebody(Duty.EXAMINER, scope=Scope("sitting", "99"), name=name)
    line = await accounts.account(actor.account_id or 0)
    return line.id, line.sign_in_name


async def checked(
    sitting_id: int, rows: list[dict[str, str]], folder: Path
) -> tuple[Table, Checked]:
    scope = Scope("sitting", str(sitting_id))
    layout = await importing.IMPORTER.layout(scope)
    blank = folder / "blank.xlsx"
    blank.write_bytes(workbooks.template(layout))
    table = await workbooks.read_table(filled(blank, rows, "filled.xlsx").read_bytes(), layout)
    return table, await importing.IMPORTER.check(scope, table.rows, AT, tell)


async def tell(_done: int, _all: int) -> None:
    return None


async def taken(sitting_id: int, rows: list[dict[str, str]], folder: Path) -> Outcome:
    table, found = await checked(sitting_id, rows, folder)
    assert table.problems == []
    return await apply(sitting_id, found)


async def apply(sitting_id: int, found: Checked) -> Outcome:
    scope = Scope("sitting", str(sitting_id))
    return await importing.IMPORTER.apply(scope, found.good, SYSTEM, AT)


async def test_the_number_says_whose_account_it_is(database, tmp_path):
    sitting_id = await a_sitting(AT)
    account_id, name = await an_examiner()

    await taken(sitting_id, [{"登录名": name, "证件号码": NUMBER}], tmp_path)

    person_id = (await accounts.account(account_id)).person_id
    assert person_id is not None
    [line] = await queries.examiners(sitting_id)
    assert line.person_id == person_id
    assert vault.unseal((await sealed_numbers([person_id]))[person_id]) == NUMBER


async def test_a_changed_card_and_employer_are_taken_over_and_recorded(database, tmp_path):
    sitting_id = await a_sitting(AT)
    _, name = await an_examiner()
    first = {"登录名": name, "工作单位": "县职校", "考评员证号": "A1", "证件有效期至": "2026-12-31"}
    newest = first | {"工作单位": "州职校", "证件有效期至": "2028-12-31", "证件号码": NUMBER}
    await taken(sitting_id, [first], tmp_path)

    _, same = await checked(sitting_id, [first], tmp_path)
    _, found = await checked(sitting_id, [newest], tmp_path)
    outcome = await apply(sitting_id, found)
    _, again = await checked(sitting_id, [newest], tmp_path)

    assert (same.new, same.changed, same.unchanged) == (0, 0, 1)
    assert (found.new, found.changed, found.unchanged) == (0, 1, 0)
    assert (outcome.added, outcome.changed) == (0, 1)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    [line] = await queries.examiners(sitting_id)
    assert (line.employer, line.card_number) == ("州职校", "A1")
    assert line.card_valid_until == date(2028, 12, 31)
    assert line.person_id is not None
    record = next(
        item
        for item in await journal.records_of(subject(sitting_id))
        if item.act == Act.EXAMINER_CHANGED
    )
    assert "县职校" in record.before
    assert "州职校" in record.after
    assert NUMBER not in record.before + record.after


async def test_who_leads_is_the_newest_lists_to_say(sqlite_database, tmp_path):
    sitting_id = await a_sitting(AT)
    (_, one), (_, other) = await an_examiner(), await an_examiner("吴秀英")
    await taken(sitting_id, [{"登录名": one, "考评组长": "是"}, {"登录名": other}], tmp_path)

    await taken(sitting_id, [{"登录名": one}, {"登录名": other, "考评组长": "是"}], tmp_path)

    leads = {line.sign_in_name: line.is_lead for line in await queries.examiners(sitting_id)}
    assert leads == {one: False, other: True}


async def test_an_export_comes_back_unchanged_and_is_recorded(database, tmp_path):
    sitting_id = await a_sitting(AT)
    _, name = await an_examiner()
    row = {"登录名": name, "证件号码": NUMBER, "工作单位": "县职校", "考评组长": "是"}
    await taken(sitting_id, [row], tmp_path)
    await send(sitting_id, duty=Duty.QUALITY_SUPERVISOR)
    scope = Scope("sitting", str(sitting_id))

    content = await importing.EXPORTER.workbook(scope, SYSTEM, AT)

    table = await workbooks.read_table(content, await importing.IMPORTER.layout(scope))
    found = await importing.IMPORTER.check(scope, table.rows, AT, tell)
    assert table.problems == []
    assert table.rows[0].text("id_number") == NUMBER
    assert (found.new, found.changed, found.unchanged) == (0, 0, 2)
    assert Act.WORKBOOK_EXPORTED in [i.act for i in await journal.records_of(subject(sitting_id))]


async def test_a_wrong_number_and_one_of_somebody_else_are_named_at_their_cells(
    sqlite_database, tmp_path
):
    sitting_id = await a_sitting(AT)
    (_, one), (_, other) = await an_examiner(), await an_examiner("吴秀英")
    await taken(sitting_id, [{"登录名": one, "证件号码": NUMBER}], tmp_path)

    table, found = await checked(
        sitting_id,
        [{"登录名": one, "证件号码": OTHER}, {"登录名": other, "证件号码": NUMBER}],
        tmp_path,
    )
    broken, _ = await checked(sitting_id, [{"登录名": other, "证件号码": NUMBER[:-2]}], tmp_path)

    reasons = {problem.cell: problem.reason for problem in table.problems}
    assert set(reasons) == {"C2", "C3"}
    assert "已登记为另一个人的账号" in reasons["C2"]
    assert "已登记在“石**”名下" in reasons["C3"]
    assert (found.new, found.changed, found.unchanged) == (0, 0, 0)
    assert [problem.cell for problem in broken.problems] == ["C2"]


async def test_a_list_is_taken_in_whole_or_not_at_all(database, tmp_path):
    sitting_id = await a_sitting(AT)
    _, name = await an_examiner()
    administrator = await somebody(Duty.ADMINISTRATOR, scope=EVERYWHERE)
    other = (await accounts.account(administrator.account_id or 0)).sign_in_name
    _, found = await checked(sitting_id, [{"登录名": name}, {"登录名": other}], tmp_path)

    with pytest.raises(DutiesExclude):
        await apply(sitting_id, found)

    assert await queries.dispatches(sitting_id) == []
