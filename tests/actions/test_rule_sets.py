"""Rule sets: bound to events, locked by the first mark."""

import asyncio

import msgspec
import pytest

from app.audit import queries as journal
from app.errors import NotAllowed, NotFound, Stale
from app.rules.actors import SYSTEM, Duty, Scope
from app.storage.engine import write_transaction
from competitions.planning import queries, rule_set_lines, rule_sets
from competitions.planning import rule_set_authoring as authoring
from competitions.planning.actions import event_subject
from competitions.planning.rule_set_authoring import (
    PresetFixed,
    RuleSetCodeTaken,
    RuleSetDiffers,
    RuleSetThere,
    RuleSetUnchanged,
    RuleSetUnsound,
)
from competitions.planning.rule_sets import RuleSetBoundAlready, RuleSetMisfit, UnknownRuleSet
from competitions.planning.tables import RuleSetVersion
from competitions.rules.lifecycle import WrongEventStage
from competitions.rules.rule_sets import NATIONAL, PRESETS
from competitions.rules.scheme import digest
from competitions.scoring import mark_forms
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


async def an_author(line=None, name="何为"):
    """A chief judge of one event, or of another that nobody uses."""
    return await somebody(
        Duty.CHIEF_JUDGE, scope=Scope("event", str(line.id if line else 999)), name=name
    )


async def own(by, **parts):
    """A rule set that an author copied."""
    document = NATIONAL | {"id": "own"} | parts
    return await authoring.create(
        document, name="自己的规则", derived_from="rural-national/1", by=by, at=AT
    )


async def changed(key, by, **parts):
    line = await rule_set_lines.by_key(key)
    return await authoring.change(
        key,
        line.document | parts,
        name=line.name,
        seen_sha256=line.sha256,
        by=by,
        at=AT,
    )


TENTHS = {"round": {"decimals": 1, "mode": "half_up"}}


class TestCreating:
    async def test_keeps_the_copy_with_its_author_and_origin(self):
        by = await an_author()

        found = await rule_set_lines.by_key(await own(by))

        assert (found.code, found.version_number, found.created_by) == ("own", 1, by.name)
        assert found.derived_from == "rural-national/1"
        assert found.sha256 == digest(NATIONAL | {"id": "own", "version": 1})
        records = await journal.records_of("competitions.rule_set:own")
        assert [item.act_label for item in records] == ["建立评分规则"]

    async def test_is_for_organizers_and_chief_judges(self):
        by = await somebody(Duty.REGISTRAR, scope=Scope("event", "999"))

        with pytest.raises(NotAllowed):
            await own(by)

    async def test_refuses_a_code_that_is_taken_and_what_is_unsound(self):
        by = await an_author()
        await own(by)

        with pytest.raises(RuleSetCodeTaken):
            await own(by)
        with pytest.raises(RuleSetCodeTaken):
            await own(by, id="county-craft")
        with pytest.raises(RuleSetUnsound, match=r"rule_set\.panel"):
            await own(by, id="other", panel=3)


class TestChanging:
    async def test_changes_a_draft_itself_while_it_is_unmarked(self):
        by = await an_author()
        key = await own(by)

        assert await changed(key, by, total=TENTHS) == key

        found = await rule_set_lines.by_key(key)
        assert found.document["total"] == TENTHS
        assert found.sha256 == digest(found.document)

    async def test_of_a_draft_reaches_the_events_that_use_it(self):
        line = await an_event()
        by = await an_author(line)
        key = await own(by)
        await rule_sets.bind(line.id, key, seen_version=line.version, by=by, at=AT)

        await changed(key, by, total=TENTHS)

        assert (await queries.event(line.id)).rule_set["total"] == TENTHS

    async def test_writes_the_next_version_once_there_are_marks(self):
        line = await an_event()
        by = await an_author(line)
        key = await own(by)
        await rule_sets.bind(line.id, key, seen_version=line.version, by=by, at=AT)
        await marking(await queries.event(line.id))

        new = await changed(key, by, total=TENTHS)

        assert new == "own/2"
        assert [item.key for item in await rule_set_lines.versions("own")] == ["own/2", "own/1"]
        assert (await queries.event(line.id)).rule_set["total"] == NATIONAL["total"]
        assert (await rule_set_lines.by_key(new)).derived_from == "own/1"

    async def test_writes_the_next_version_where_another_s_event_uses_it(self):
        line = await an_event()
        author = await an_author()
        key = await own(author)
        await rule_sets.bind(line.id, key, seen_version=line.version, by=SYSTEM, at=AT)

        assert await changed(key, author, total=TENTHS) == "own/2"

    async def test_of_a_draft_is_its_author_s(self):
        key = await own(await an_author())

        assert await changed(key, await an_author(name="别人"), total=TENTHS) == "own/2"

    async def test_refuses_presets_stale_sight_and_no_change(self):
        by = await an_author()
        key = await own(by)
        line = await rule_set_lines.by_key(key)

        with pytest.raises(PresetFixed):
            await changed("rural-national/1", by, total=TENTHS)
        with pytest.raises(RuleSetUnchanged):
            await changed(key, by)
        with pytest.raises(Stale):
            await authoring.change(key, line.document, name="x", seen_sha256="0" * 64, by=by, at=AT)

    async def test_by_two_at_once_makes_two_versions_or_one_stale(self):
        by = await an_author()
        key = await own(by)
        other = await an_author(name="别人")

        answers = await asyncio.gather(
            changed(key, by, total=TENTHS),
            changed(key, other, module=TENTHS),
            return_exceptions=True,
        )

        assert key in answers
        assert {str(type(item).__name__) for item in answers} <= {"str", "Stale"}


class TestTakingIn:
    async def test_keeps_the_document_to_the_letter(self):
        by = await an_author()
        document = NATIONAL | {"id": "别县规则", "version": 7}

        key = await authoring.take_in(document, name="别县", by=by, at=AT)

        found = await rule_set_lines.by_key(key)
        assert (key, found.sha256) == ("别县规则/7", digest(document))

    async def test_refuses_what_is_there_what_differs_and_new_versions_of_presets(self):
        by = await an_author()
        document = NATIONAL | {"id": "own", "version": 7}
        await authoring.take_in(document, name="别县", by=by, at=AT)

        for taken, refused in (
            (document, RuleSetThere),
            (document | {"total": TENTHS}, RuleSetDiffers),
            (NATIONAL, RuleSetThere),
            (NATIONAL | {"version": 9}, RuleSetCodeTaken),
        ):
            with pytest.raises(refused):
                await authoring.take_in(taken, name="别县", by=by, at=AT)


class TestSheets:
    async def test_name_the_rule_set_with_its_hash(self):
        line = await an_event()
        scheme = await queries.scheme(line.id)
        assert scheme is not None

        found = mark_forms.of_event(line, scheme).every.scheme

        assert found.name == f"全国乡村振兴大赛规则（{line.rule_set_sha256[:12]}），评分标准"
        assert found.sha256 == scheme.sha256
