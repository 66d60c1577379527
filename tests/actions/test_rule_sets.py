"""Rule sets: bound to events, locked by the first mark."""

import msgspec
import pytest

from app.audit import queries as journal
from app.errors import NotAllowed, NotFound, Stale
from app.rules.actors import SYSTEM, Duty, Scope
from app.storage.engine import write_transaction
from competitions.planning import queries, rule_set_lines, rule_sets
from competitions.planning.actions import event_subject
from competitions.planning.rule_sets import RuleSetBoundAlready, RuleSetMisfit, UnknownRuleSet
from competitions.planning.tables import RuleSetVersion
from competitions.rules.lifecycle import WrongEventStage
from competitions.rules.rule_sets import NATIONAL, PRESETS
from competitions.rules.scheme import digest
from tests.builders.competitions import somebody
from tests.builders.events import AT, an_event, marking

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]
PRACTICE_FIRST = NATIONAL | {
    "id": "own",
    "ranking": {
        "by": "total",
        "tie_break": [{"key": "module", "module": "Z", "order": "descending"}],
        "ties": "shared",
    },
}


async def written(document):
    """Write a document down as it is."""
    line = as_line(document)
    async with write_transaction():
        return (await rule_sets.insert_within(line, AT)).id


def as_line(document):
    preset = rule_set_lines.preset_line("rural-national")
    return rule_set_lines.RuleSetLine(
        0, document["id"], document["version"], preset.name, document, digest(document)
    )


class TestPresets:
    async def test_are_there_before_anybody_used_them(self):
        found = await rule_set_lines.every()

        assert [lines[0].code for lines in found] == list(PRESETS)
        assert all(lines[0].id == 0 and lines[0].is_locked for lines in found)

    async def test_are_found_by_code_and_by_key(self):
        newest = await rule_set_lines.by_key("county-craft")

        assert newest == await rule_set_lines.by_key(newest.key)
        for key in ("guess", "county-craft/99", "county-craft/x", "own/1", "own"):
            with pytest.raises(NotFound):
                await rule_set_lines.by_key(key)

    async def test_are_written_down_once(self):
        async with write_transaction():
            first = await rule_sets.version_within("worldskills", AT)
            second = await rule_sets.version_within("worldskills/1", AT)

        assert first == second
        assert (await rule_set_lines.by_key("worldskills")).id == first


class TestBinding:
    async def test_changes_the_rule_set_and_is_recorded(self):
        line = await an_event()
        by = await somebody(Duty.CHIEF_JUDGE, scope=Scope("event", str(line.id)))

        await rule_sets.bind(line.id, "theory-only", seen_version=line.version, by=by, at=AT)

        found = await queries.event(line.id)
        assert (found.rule_set_code, found.version) == ("theory-only", line.version + 1)
        record = (await journal.records_of(event_subject(line.id)))[0]
        assert record.act_label == "换用评分规则"

    async def test_is_for_its_organizer_and_chief_judge(self):
        line = await an_event()
        by = await somebody(Duty.ORGANIZER, scope=Scope("event", "999"))

        with pytest.raises(NotAllowed):
            await rule_sets.bind(line.id, "theory-only", seen_version=line.version, by=by, at=AT)

    async def test_refuses_what_is_unknown_unchanged_or_stale(self):
        line = await an_event()

        for key, refused in (("guess", UnknownRuleSet), ("rural-national", RuleSetBoundAlready)):
            with pytest.raises(refused):
                await rule_sets.bind(line.id, key, seen_version=line.version, by=SYSTEM, at=AT)
        with pytest.raises(Stale):
            await rule_sets.bind(
                line.id, "theory-only", seen_version=line.version - 1, by=SYSTEM, at=AT
            )

    async def test_ends_with_the_first_mark(self):
        line = await an_event()
        await marking(line)
        line = await queries.event(line.id)

        with pytest.raises(WrongEventStage):
            await rule_sets.bind(
                line.id, "theory-only", seen_version=line.version, by=SYSTEM, at=AT
            )
        assert (await rule_set_lines.rule_set(line.rule_set_id)).locked_at == AT

    async def test_by_a_proposal_locks_the_old_and_the_new(self):
        line = await an_event()
        await marking(line)
        async with write_transaction():
            new = await rule_sets.version_within("theory-only", AT)
            await rule_sets.bind_within(line.id, new, by=SYSTEM, at=AT, reason="表决通过")

        for version_id in (line.rule_set_id, new):
            assert (await rule_set_lines.rule_set(version_id)).locked_at == AT
        assert (await queries.event(line.id)).rule_set_id == new

    async def test_by_a_proposal_refuses_what_does_not_fit_the_scheme(self):
        line = await an_event()
        await marking(line)
        new = await written(PRACTICE_FIRST)

        with pytest.raises(RuleSetMisfit, match="没有模块 Z"):
            async with write_transaction():
                await rule_sets.bind_within(line.id, new, by=SYSTEM, at=AT)

    async def test_is_stale_where_the_rule_set_changed_before_the_first_mark(self):
        line = await an_event()
        seen = msgspec.structs.replace(line, rule_set_sha256="0" * 64)

        with pytest.raises(Stale):
            async with write_transaction():
                await rule_sets.lock_within(seen, AT)
        assert await RuleSetVersion.exists().where(RuleSetVersion.locked_at.is_null())
