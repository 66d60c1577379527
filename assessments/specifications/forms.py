"""The form of a specification: its fields, and its tasks as parallel fields, one set a task."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from app.errors import N_
from app.web.forms import Form, read_form
from app.web.http import AnyRequest
from app.web.locale import gettext as _
from assessments.rules.lifecycle import SpecificationStatus
from assessments.rules.specification import (
    FEWEST_EXAMINERS,
    MOST_EXAMINERS,
    MOST_MARK,
    MOST_MINUTES,
    USUAL_MARK,
    WHOLE_WEIGHT,
    SpecificationFacts,
    TaskFacts,
)
from assessments.specifications.queries import Specification, lines

USUAL = {"fewest_examiners": FEWEST_EXAMINERS, "pass_mark": USUAL_MARK}
"""What a new form says already (domain.md section 7: defaults to ship)."""


class SpecificationForm(Struct, frozen=True):
    """The two pages of a specification, apart from its tasks."""

    name: Annotated[str, Meta(title=N_("能力名称"), max_length=60)]
    trade: Annotated[str, Meta(title=N_("行业类别"), max_length=40)]
    occupation_field: Annotated[str, Meta(title=N_("职业领域"), max_length=60)] = ""
    definition: Annotated[str, Meta(title=N_("定义"), max_length=1000)] = ""
    applicability: Annotated[str, Meta(title=N_("适用对象"), max_length=1000)] = ""
    admission: Annotated[str, Meta(title=N_("申报条件"), max_length=1000)] = ""
    examiners: Annotated[str, Meta(title=N_("考评员构成"), max_length=1000)] = ""
    method: Annotated[str, Meta(title=N_("考核方式与考核时间"), max_length=1000)] = ""
    site: Annotated[str, Meta(title=N_("考核场地设备要求"), max_length=2000)] = ""
    minutes: Annotated[
        Annotated[int, Meta(ge=1, le=MOST_MINUTES)] | None, Meta(title=N_("考核时间（分钟）"))
    ] = None
    fewest_examiners: Annotated[
        int, Meta(title=N_("每组考评员人数下限"), ge=1, le=MOST_EXAMINERS)
    ] = FEWEST_EXAMINERS
    pass_mark: Annotated[int, Meta(title=N_("合格分数线"), ge=1, le=MOST_MARK)] = USUAL_MARK
    version: int = 0


class StepForm(Struct, frozen=True):
    """A step of a specification that was seen in this version."""

    wanted: Annotated[SpecificationStatus, Meta(title=N_("下一步"))]
    version: int


async def read_specification(request: AnyRequest) -> Form[SpecificationForm]:
    """Read the form and the weights of its tasks; a draft may leave them out."""
    form = await read_form(request, SpecificationForm)
    for number, task in enumerate(typed_tasks(form), start=1):
        if _weight(task["weight"]) is None:
            wrong = _("第 {number} 项任务的考核比重应填 0 到 100 的整数，不写百分号。")
            form.errors[f"task-weight-{number}"] = wrong.format(number=number)
    return form


def _weight(typed: str) -> int | None:
    """Read a weight, 0 where none is written yet; None for anything else."""
    text = typed.strip() or "0"
    is_number = text.isdecimal() and len(text) <= len(str(WHOLE_WEIGHT))
    return int(text) if is_number and int(text) <= WHOLE_WEIGHT else None


def typed_tasks(form: Form[SpecificationForm]) -> list[dict[str, str]]:
    """Return the tasks as typed, with three empty places at least where there are none."""
    columns = {
        name: form.chosen(f"task_{name}") for name in ("name", "weight", "norms", "knowledge")
    }
    count = max((len(column) for column in columns.values()), default=0) or 3
    return [
        {name: column[index] if index < len(column) else "" for name, column in columns.items()}
        for index in range(count)
    ]


def facts_of(form: Form[SpecificationForm]) -> SpecificationFacts:
    data = form.data
    tasks = tuple(
        TaskFacts(
            item["name"].strip(),
            lines(item["norms"]),
            lines(item["knowledge"]),
            _weight(item["weight"]) or 0,
        )
        for item in typed_tasks(form)
        if any(value.strip() for value in item.values())
    )
    return SpecificationFacts(
        name=data.name,
        occupation_field=data.occupation_field,
        definition=data.definition,
        applicability=data.applicability,
        tasks=tasks,
        admission=data.admission,
        examiners=data.examiners,
        method=data.method,
        minutes=data.minutes,
        site=data.site,
        fewest_examiners=data.fewest_examiners,
        pass_mark=data.pass_mark,
    )


def values_of(found: Specification) -> dict[str, Any]:
    facts = found.facts
    plain = {
        name: getattr(facts, name)
        for name in SpecificationFacts.__dataclass_fields__
        if name != "tasks"
    }
    return plain | {
        "minutes": facts.minutes or "",
        "trade": found.trade,
        "version": found.version,
        "task_name": [task.name for task in facts.tasks],
        "task_weight": [str(task.weight) for task in facts.tasks],
        "task_norms": ["\n".join(task.norms) for task in facts.tasks],
        "task_knowledge": ["\n".join(task.knowledge) for task in facts.tasks],
    }
