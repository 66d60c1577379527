"""Create, copy, change and take in rule sets. Nothing of record is deleted.

A version that decides only events of the author's, none of them marked, is changed itself; any
other change is the next version.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotAllowed, RuleBroken, Stale, refusal
from app.rules.actors import Actor
from app.storage.engine import hold_name_within, write_transaction
from competitions.planning import rule_set_lines
from competitions.planning.rule_set_lines import RuleSetLine
from competitions.planning.rule_sets import BINDERS, insert_within
from competitions.planning.tables import RuleSetVersion
from competitions.rules.reading import Problem
from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_sets import PRESETS, read_rule_set
from competitions.rules.scheme import digest


@refusal
class RuleSetCodeTaken(RuleBroken):
    """Another rule set has this code."""

    says = N_("编号“{code}”已有一套评分规则在用，请换一个编号。")
    field = "code"
    code: str


@refusal
class RuleSetUnchanged(RuleBroken):
    """What was sent is the version that there is."""

    says = N_("内容与这一版完全相同，没有保存。")


@refusal
class PresetFixed(RuleBroken):
    """Presets belong to the house."""

    says = N_("预设规则不能改。请先复制为自己的规则，再修改。")


@refusal
class RuleSetUnsound(RuleBroken):
    """The document is no rule set; a page lists every problem."""

    says = N_("不是可用的评分规则：{where} {why}。")
    where: str
    why: Problem


@refusal
class RuleSetThere(RuleBroken):
    """The very same version is there already."""

    says = N_("这一版评分规则已经在库里：{key}。")
    field = "file"
    key: str


@refusal
class RuleSetDiffers(RuleBroken):
    """Another document has this code and version."""

    says = N_("{key} 已经在库里，内容却不同（校验值 {sha256}）。请核对来源，或改用别的编号和版本。")
    field = "file"
    key: str
    sha256: str


def rule_set_subject(code: str) -> str:
    """Return how the journal names a rule set."""
    return f"competitions.rule_set:{code}"


def require_author(by: Actor) -> None:
    """Raise `NotAllowed` unless the actor organizes or is chief judge of anything."""
    if not by.holds_anywhere(*BINDERS):
        raise NotAllowed


async def create(
    document: Mapping[str, Any], *, name: str, derived_from: str, by: Actor, at: datetime
) -> str:
    """Create a rule set, version 1, and return its key."""
    require_author(by)
    code = document["id"]
    async with write_transaction():
        await hold_name_within(rule_set_subject(code))
        if code in PRESETS or await rule_set_lines.versions(code):
            raise RuleSetCodeTaken(code)
        line = _line(dict(document) | {"version": 1}, name, derived_from or None, by)
        await _write_within(line, by=by, at=at)
    return line.key


async def change(
    key: str,
    document: Mapping[str, Any],
    *,
    name: str,
    seen_sha256: str,
    by: Actor,
    at: datetime,
) -> str:
    """Change a version itself where that harms nobody, else write the next; return its key."""
    require_author(by)
    async with write_transaction():
        code = key.partition("/")[0]
        await hold_name_within(rule_set_subject(code))
        old = await rule_set_lines.by_key(key)
        if old.is_preset:
            raise PresetFixed
        if old.sha256 != seen_sha256:
            raise Stale
        same = dict(document) | {"id": code, "version": old.version_number}
        if digest(same) == old.sha256 and name == old.name:
            raise RuleSetUnchanged
        if old.may_change(by, BINDERS):
            await _rewrite_within(old, same, name=name, by=by, at=at)
            return old.key
        number = (await rule_set_lines.versions(code))[0].version_number + 1
        line = _line(same | {"version": number}, name, old.key, by)
        await _write_within(line, by=by, at=at)
        return line.key


async def take_in(document: Mapping[str, Any], *, name: str, by: Actor, at: datetime) -> str:
    """Take a document in exactly as it is, so that its hash stays; return its key."""
    require_author(by)
    line = _line(document, name or str(document.get("id", "")), None, by)
    if (
        line.code in PRESETS
        and line.version_number > rule_set_lines.preset_line(line.code).version_number
    ):
        raise RuleSetCodeTaken(line.code)  # a later version of a preset comes with the house alone
    async with write_transaction():
        await hold_name_within(rule_set_subject(line.code))
        there = {item.version_number: item for item in await rule_set_lines.versions(line.code)}
        found = there.get(line.version_number)
        if found is not None and found.sha256 == line.sha256:
            raise RuleSetThere(found.key)
        if found is not None:
            raise RuleSetDiffers(found.key, found.sha256[:16])
        await _write_within(line, by=by, at=at)
    return line.key


def _line(
    document: Mapping[str, Any], name: str, derived_from: str | None, by: Actor
) -> RuleSetLine:
    """Return a new version of a sound document; raise `RuleSetUnsound`."""
    found = read_rule_set(document)
    if not isinstance(found, RuleSet):
        problem: Problem = found[0]
        raise RuleSetUnsound(problem.where, problem)
    return RuleSetLine(
        id=0,
        code=found.id,
        version_number=found.version,
        name=name,
        document=dict(document),
        sha256=digest(dict(document)),
        created_by=by.name,
        account_id=by.account_id,
        derived_from=derived_from,
    )


async def _write_within(line: RuleSetLine, *, by: Actor, at: datetime) -> None:
    await insert_within(line, at)
    await audit.record(
        act=Act.RULE_SET_WRITTEN,
        subject=rule_set_subject(line.code),
        by=by,
        at=at,
        before={"derived_from": line.derived_from} if line.derived_from else None,
        after=_told(line),
    )


async def _rewrite_within(
    old: RuleSetLine, document: dict[str, Any], *, name: str, by: Actor, at: datetime
) -> None:
    new = _line(document, name, old.derived_from, by)
    changed = (
        await RuleSetVersion.update(
            {
                RuleSetVersion.name: name,
                RuleSetVersion.document: json.dumps(document, ensure_ascii=False),
                RuleSetVersion.sha256: new.sha256,
            }
        )
        .where(
            RuleSetVersion.id == old.id,
            RuleSetVersion.sha256 == old.sha256,
            RuleSetVersion.locked_at.is_null(),
        )
        .returning(RuleSetVersion.id)
    )
    if not changed:
        raise Stale
    await audit.record(
        act=Act.RULE_SET_CHANGED,
        subject=rule_set_subject(old.code),
        by=by,
        at=at,
        before=_told(old),
        after=_told(new),
    )


def _told(line: RuleSetLine) -> dict[str, Any]:
    return {
        "version_number": line.version_number,
        "name": line.name,
        "sha256": line.sha256,
        "document": msgspec.to_builtins(line.document),
    }
