"""Two calculators that do not agree: planted differences are found, named, and stop publication."""

import json
import shutil

import pytest

from app.audit.acts import Act
from app.audit.queries import records_of
from app.rules.actors import SYSTEM, Duty
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject
from competitions.results import actions, queries, recounting, tie_deciding
from competitions.results.actions import CalculatorsDiffer
from competitions.results.recounting import RecordsChanged
from competitions.results.tables import ResultVersion
from competitions.rules.agreement import Difference, DifferenceStep
from competitions.rules.lifecycle import EventStatus
from tests.builders.events import AT, amend, an_event, an_official, lock, mark, marking, unseal
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio


async def a_locked_event(*values):
    line = await an_event(entries=len(values))
    codes = await marking(line)
    await mark(line, dict(zip(codes, values, strict=True)))
    await lock(line)
    return line, codes


@pytest.fixture
def wrong_calculator(tmp_path, monkeypatch):
    """A copy of the second calculator with one line changed: it knows no award for the first."""
    copied = tmp_path / "wrong" / "competitions" / "recount"
    shutil.copytree(recounting.ROOT / "competitions" / "recount", copied)
    (copied.parent / "__init__.py").touch()
    program = copied / "__main__.py"
    text = program.read_text(encoding="utf-8")
    right = '"award": item.award,'
    assert text.count(right) == 1
    program.write_text(
        text.replace(right, '"award": None if item.rank == 1 else item.award,'), encoding="utf-8"
    )
    monkeypatch.setattr(recounting, "ROOT", tmp_path / "wrong")
    recounting.version_of.cache_clear()
    monkeypatch.setattr(recounting, "PRODUCT", recounting.RECOUNT)
    yield
    recounting.version_of.cache_clear()


@pytest.mark.usefixtures("database")
class TestComputing:
    async def test_keeps_that_both_agree_and_over_which_bundle(self):
        line, _ = await a_locked_event("90", "80")

        await actions.compute(line.id, by=SYSTEM, at=AT)

        found = await recounting.latest_comparison(line.id)
        result = await queries.latest(line.id)
        assert found is not None
        assert result is not None
        assert (found.is_agreed, found.differences, found.bundle) == (True, [], "")
        assert found.bundle_sha256 == result.bundle_sha256
        assert len({found.product_version, found.recount_version}) == 2

    async def test_names_contestant_and_step_where_they_differ(self, wrong_calculator):
        line, codes = await a_locked_event("90", "80")
        planted = [Difference(DifferenceStep.AWARD, "金牌", "", codes[0])]

        with pytest.raises(CalculatorsDiffer) as refused:
            await actions.compute(line.id, by=SYSTEM, at=AT)

        found = await recounting.latest_comparison(line.id)
        assert found is not None
        assert list(refused.value.differences) == found.differences == planted
        assert json.loads(found.bundle)["format"] == "marks-bundle/1"
        assert await queries.latest(line.id) is None
        records = await records_of(event_subject(line.id))
        assert records[0].act == Act.CALCULATORS_DIFFERED.value


@pytest.mark.usefixtures("database")
class TestPublishing:
    async def test_compares_again(self):
        line, _ = await a_locked_event("90", "80")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        first = await recounting.latest_comparison(line.id)
        await unseal(line)

        await actions.publish(line.id, by=SYSTEM, at=AT)

        again = await recounting.latest_comparison(line.id)
        assert first is not None
        assert again is not None
        assert again.is_agreed
        assert again.id > first.id

    async def test_stops_where_what_was_kept_was_changed(self):
        line, codes = await a_locked_event("90", "80")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        result = await queries.latest(line.id)
        assert result is not None
        changed = json.dumps(result.standings).replace('"90.00"', '"91.00"')
        await ResultVersion.update({ResultVersion.standings: changed}).where(
            ResultVersion.id == result.id
        )

        with pytest.raises(CalculatorsDiffer) as refused:
            await actions.publish(line.id, by=SYSTEM, at=AT)

        assert [
            (item.code, item.step, item.ours, item.theirs) for item in refused.value.differences
        ] == [
            (codes[0], DifferenceStep.MODULE, "90.00", "91.00"),
            (codes[0], DifferenceStep.TOTAL, "90.00", "91.00"),
        ]
        assert (await planning.event(line.id)).status is EventStatus.UNSEALED

    async def test_stops_where_the_second_calculator_differs_by_then(self, request):
        line, _ = await a_locked_event("90", "80")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        request.getfixturevalue("wrong_calculator")

        with pytest.raises(CalculatorsDiffer):
            await actions.publish(line.id, by=SYSTEM, at=AT)

        assert (await planning.event(line.id)).status is EventStatus.UNSEALED

    async def test_waits_for_a_new_count_where_a_mark_was_amended(self):
        line, codes = await a_locked_event("90", "80")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        await amend(line, codes[1], "95")

        with pytest.raises(RecordsChanged):
            await actions.publish(line.id, by=SYSTEM, at=AT)
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await actions.publish(line.id, by=SYSTEM, at=AT)

        line = await planning.event(line.id)
        result = await queries.latest(line.id)
        assert result is not None
        assert [item.total for item in await queries.places(line, result)] == ["95.00", "90.00"]

    async def test_goes_on_with_ties_that_were_decided(self):
        line = await an_event(entries=3, rule_set="rural-province")
        codes = await marking(line)
        await mark(line, dict(zip(codes, ("90", "90", "80"), strict=True)))
        await lock(line)
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await tie_deciding.decide_tie(line.id, codes[:2], reason="用时较短", by=SYSTEM, at=AT)
        await unseal(line)

        await actions.publish(line.id, by=SYSTEM, at=AT)

        assert (await planning.event(line.id)).status is EventStatus.PUBLISHED


class TestThePage:
    async def test_shows_who_differs_at_which_step_and_gives_the_bundle(
        self, sqlite_database, tmp_path, wrong_calculator
    ):
        line, codes = await a_locked_event("90", "80")
        base = f"/desk/events/{line.id}"

        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            refused = await visitor.send(f"{base}/results", f"{base}/computation", {})
            shown = await visitor.get(f"{base}/results")
            bundle = await visitor.get(f"{base}/differing.json")

        assert refused.status_code == 422
        assert "1 处不同" in refused.text
        for text in (refused.text, shown.text):
            assert all(word in text for word in (codes[0], "奖项", "金牌", "结果不一致"))
            assert "recount event-" in text
        assert bundle.json()["format"] == "marks-bundle/1"

    async def test_asks_for_a_new_count_where_a_mark_was_amended(self, sqlite_database, tmp_path):
        line, codes = await a_locked_event("90", "80")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        await amend(line, codes[1], "95")
        base = f"/desk/events/{line.id}"
        organizer = await an_official(line, Duty.ORGANIZER)

        async with a_visit(tmp_path, organizer) as visitor:
            asked = await visitor.get(f"{base}/results")
            refused = await visitor.send(f"{base}/results", f"{base}/publication", {})
            counted = await visitor.send(f"{base}/results", f"{base}/computation", {})
            sent = await visitor.send(f"{base}/results", f"{base}/publication", {})

        assert "评分记录又有更正" in asked.text
        assert "计算成绩" in asked.text
        assert (refused.status_code, counted.status_code, sent.status_code) == (422, 303, 303)

    async def test_shows_when_which_programs_and_which_bundle(self, sqlite_database, tmp_path):
        line, _ = await a_locked_event("90", "80")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        result = await queries.latest(line.id)
        assert result is not None
        base = f"/desk/events/{line.id}"

        async with a_visit(tmp_path, await an_official(line, Duty.AUDITOR)) as visitor:
            shown = await visitor.get(f"{base}/results")
            bundle = await visitor.get(f"{base}/bundle.json")
            differing = await visitor.get(f"{base}/differing.json")

        assert "结果一致" in shown.text
        assert result.bundle_sha256 in shown.text
        assert bundle.content == result.bundle_file
        assert differing.status_code == 404
