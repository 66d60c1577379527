"""Draft, review, file and put specifications in force; every text change is a record."""

from datetime import date, datetime
from typing import Any

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.rules.actors import EVERYWHERE, Actor, Duty, require
from app.storage.engine import hold_name_within, write_transaction
from assessments.rules.grading import PassPolicy
from assessments.rules.lifecycle import SpecificationStatus, step_specification
from assessments.rules.specification import SpecificationFacts, refuse_ill_formed
from assessments.specifications import queries
from assessments.specifications.tables import AbilitySpecification, SpecificationTask

T = AbilitySpecification


@refusal
class NoLongerDraft(RuleBroken):
    """Only a draft's text changes; later texts get a new version."""

    says = N_("这份规范已不是草稿，内容不能再改。需要修改时请另立新版本。")


@refusal
class NameTaken(RuleBroken):
    """Another specification has this name."""

    says = N_("已有名为“{name}”的规范（{code}），请为它另立新版本，或换一个名称。")
    field = "name"
    name: str
    code: str


def subject(specification_id: int) -> str:
    """Return how the journal names a specification."""
    return f"assessments.specification:{specification_id}"


async def create(
    facts: SpecificationFacts,
    *,
    trade: str,
    by: Actor,
    at: datetime,
    provenance: str = "",
    is_official: bool = True,
) -> int:
    """Create a draft and return its id; a draft may be unfinished."""
    require(by, Duty.ORGANIZER, EVERYWHERE)
    async with write_transaction():
        await _hold_name_within(facts.name)
        row = T(
            code=await _next_code(),
            version_number=1,
            trade=trade,
            status=SpecificationStatus.DRAFT.value,
            provenance=provenance,
            is_official=is_official,
            pass_policy=PassPolicy.TOTAL.value,
            source_channel=None,
            national_number=None,
            provincial_number=None,
            in_force_on=None,
            created_at=at,
            version=1,
            **_columns(facts),
        )
        await row.save()
        await _write_tasks(row.id, facts)
        await audit.record(
            act=Act.SPECIFICATION_CREATED,
            subject=subject(row.id),
            by=by,
            at=at,
            after=_told(facts, trade),
        )
        return row.id


async def _hold_name_within(name: str, own_code: str = "") -> None:
    """Let nobody else name a specification meanwhile; raise `NameTaken` for one of another code."""
    await hold_name_within("specifications")
    known = await T.select(T.code).where(T.name == name.strip(), T.code != own_code).first()
    if known is not None:
        raise NameTaken(name, known["code"])


async def revise(
    specification_id: int,
    facts: SpecificationFacts,
    *,
    trade: str,
    seen_version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Change a draft's text; the record holds it before and after.

    Raise `NoLongerDraft`, or `NameTaken` for the name of another specification.
    """
    require(by, Duty.ORGANIZER, EVERYWHERE)
    async with write_transaction():
        old = await queries.specification(specification_id)
        if old.status is not SpecificationStatus.DRAFT:
            raise NoLongerDraft
        await _hold_name_within(facts.name, old.code)
        await _update(specification_id, seen_version, {T.trade: trade, **_assignments(facts)})
        await SpecificationTask.delete().where(SpecificationTask.specification == specification_id)
        await _write_tasks(specification_id, facts)
        await audit.record(
            act=Act.SPECIFICATION_REVISED,
            subject=subject(specification_id),
            by=by,
            at=at,
            before=_told(old.facts, old.trade),
            after=_told(facts, trade),
        )


async def step(
    specification_id: int,
    wanted: SpecificationStatus,
    *,
    seen_version: int,
    by: Actor,
    at: datetime,
    on: date,
) -> None:
    """Move a specification on: well formed from review on; in force, it ends its forerunner."""
    require(by, Duty.ORGANIZER, EVERYWHERE)
    async with write_transaction():
        # Of two versions put in force at once, the later one finds the earlier there and ends it.
        await hold_name_within("specifications")
        old = await queries.specification(specification_id)
        step_specification(old.status, wanted)
        if wanted is not SpecificationStatus.DRAFT:
            refuse_ill_formed(old.facts)
        changes: dict[Any, Any] = {T.status: wanted.value}
        if wanted is SpecificationStatus.IN_FORCE:
            changes[T.in_force_on] = on
            await T.update({T.status: SpecificationStatus.SUPERSEDED.value}).where(
                T.code == old.code, T.status == SpecificationStatus.IN_FORCE.value
            )
        await _update(specification_id, seen_version, changes)
        await audit.record(
            act=Act.SPECIFICATION_STEPPED,
            subject=subject(specification_id),
            by=by,
            at=at,
            before={"status": old.status},
            after={"status": wanted},
        )


async def new_version(specification_id: int, *, by: Actor, at: datetime) -> int:
    """Draft the next version of a specification from its present text; return its id."""
    require(by, Duty.ORGANIZER, EVERYWHERE)
    async with write_transaction():
        old = await queries.specification(specification_id)
        newest = (
            await T.select(T.version_number)
            .where(T.code == old.code)
            .order_by(T.version_number, ascending=False)
            .first()
        )
        row = T(
            code=old.code,
            version_number=(newest or {"version_number": 0})["version_number"] + 1,
            trade=old.trade,
            status=SpecificationStatus.DRAFT.value,
            provenance=old.provenance,
            is_official=old.is_official,
            pass_policy=old.pass_policy.value,
            source_channel=old.source_channel,
            national_number=None,
            provincial_number=None,
            in_force_on=None,
            created_at=at,
            version=1,
            **_columns(old.facts),
        )
        await row.save()
        await _write_tasks(row.id, old.facts)
        await audit.record(
            act=Act.SPECIFICATION_CREATED,
            subject=subject(row.id),
            by=by,
            at=at,
            after={"code": old.code, "version_number": row.version_number},
        )
        return row.id


async def _next_code() -> str:
    newest = await T.select(T.code).order_by(T.code, ascending=False).first()
    return f"SP{int(newest['code'][2:]) + 1 if newest else 1:04d}"


async def _update(specification_id: int, seen_version: int, changes: dict[Any, Any]) -> None:
    changed = (
        await T.update({**changes, T.version: seen_version + 1})
        .where(T.id == specification_id, T.version == seen_version)
        .returning(T.id)
    )
    if not changed:
        raise Stale


async def _write_tasks(specification_id: int, facts: SpecificationFacts) -> None:
    tasks = [
        SpecificationTask(
            specification=specification_id,
            position=position,
            name=task.name,
            norms="\n".join(task.norms),
            knowledge="\n".join(task.knowledge),
            weight=task.weight,
        )
        for position, task in enumerate(facts.tasks, start=1)
    ]
    if tasks:
        await SpecificationTask.insert(*tasks)


def _columns(facts: SpecificationFacts) -> dict[str, Any]:
    names = [name for name in SpecificationFacts.__dataclass_fields__ if name != "tasks"]
    return {name: getattr(facts, name) for name in names} | {"name": facts.name.strip()}


def _assignments(facts: SpecificationFacts) -> dict[Any, Any]:
    return {getattr(T, name): value for name, value in _columns(facts).items()}


def _told(facts: SpecificationFacts, trade: str) -> dict[str, Any]:
    tasks = [
        [task.name, list(task.norms), list(task.knowledge), task.weight] for task in facts.tasks
    ]
    return _columns(facts) | {"trade": trade, "tasks": tasks}
