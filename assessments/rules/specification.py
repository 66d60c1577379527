"""When an ability specification is well formed (专项职业能力考核规范, domain.md A1-A2)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import N_, RuleBroken, refusal

FEWEST_EXAMINERS = 3
WHOLE_WEIGHT = 100
MOST_TASKS = 20
MOST_EXAMINERS = 15
USUAL_MARK = 60
MOST_MARK = 100
MOST_MINUTES = 7 * 24 * 60
BOUNDS = (
    ("fewest_examiners", N_("每组考评员人数下限"), 1, MOST_EXAMINERS),
    ("pass_mark", N_("合格分数线"), 1, MOST_MARK),
    ("minutes", N_("考核时间（分钟）"), 1, MOST_MINUTES),
)
"""Numbers that a draft may say: its name, how it is called, the least and the most."""
FORBIDDEN_ENDINGS = "工员师"
VERBS = ("加工", "施工")
"""Words for what is done, though they end like an occupation."""


@dataclass(frozen=True)
class TaskFacts:
    """工作任务: its norms (操作规范), its knowledge (相关知识) and its weight in percent."""

    name: str
    norms: tuple[str, ...]
    knowledge: tuple[str, ...]
    weight: int


@dataclass(frozen=True)
class SpecificationFacts:
    """A specification as its two pages hold it."""

    name: str
    occupation_field: str
    definition: str
    applicability: str
    tasks: tuple[TaskFacts, ...]
    admission: str
    examiners: str
    method: str
    minutes: int | None
    site: str
    fewest_examiners: int = FEWEST_EXAMINERS
    pass_mark: int = USUAL_MARK


@refusal
class WrongAbilityName(RuleBroken):
    """The name says a product or service and a verb, never an occupation."""

    says = N_("能力名称“{name}”不合规范：应是“产品或服务＋动词”，不能以“工”“员”“师”结尾。")
    field = "name"
    name: str


@refusal
class WeightsDoNotSum(RuleBroken):
    """The weights of the tasks make 100 %."""

    says = N_("各项工作任务的考核比重合计应为 100%，现为 {total}%。")
    field = "tasks"
    total: int


@refusal
class TaskIncomplete(RuleBroken):
    """A task has a name, at least one norm, knowledge, and a weight."""

    says = N_(
        "第 {number} 项工作任务不完整："
        "需要名称、至少一条操作规范、至少一条相关知识和 1 到 100 的考核比重。"
    )
    field = "tasks"
    number: int


@refusal
class TaskNameRepeats(RuleBroken):
    """Two tasks have one name."""

    says = N_("工作任务“{name}”出现了两次，请合并或改名。")
    field = "tasks"
    name: str


@refusal
class WrongTaskCount(RuleBroken):
    """A specification has some tasks, not dozens."""

    says = N_("工作任务应为 1 到 {most} 项，现有 {found} 项。")
    field = "tasks"
    found: int
    most: int = MOST_TASKS


@refusal
class TooFewExaminers(RuleBroken):
    """A group has three examiners or more (domain.md A1)."""

    says = N_("每个考评组不少于 {fewest} 名考评员，现为 {found} 名。")
    field = "fewest_examiners"
    found: int
    fewest: int = FEWEST_EXAMINERS


@refusal
class OutOfBounds(RuleBroken):
    """A number that no sitting could be held by."""

    says = N_("“{section}”应是 {least} 到 {most} 的整数，现为 {found}。")
    section: str
    least: int
    most: int
    found: int


@refusal
class TextMissing(RuleBroken):
    """A section that a filed specification must have is empty."""

    says = N_("“{section}”还没有填写。")
    section: str


SECTIONS: Sequence[tuple[str, str]] = (
    ("occupation_field", N_("职业领域")),
    ("definition", N_("定义")),
    ("applicability", N_("适用对象")),
    ("admission", N_("申报条件")),
    ("examiners", N_("考评员构成")),
    ("method", N_("考核方式与考核时间")),
    ("site", N_("考核场地设备要求")),
)


def shortcomings(facts: SpecificationFacts) -> list[RuleBroken]:
    """Return everything that keeps a specification from review; a draft may be unfinished."""
    found: list[RuleBroken] = [
        TextMissing(section) for name, section in SECTIONS if not str(getattr(facts, name)).strip()
    ]
    if facts.fewest_examiners < FEWEST_EXAMINERS:
        found.append(TooFewExaminers(facts.fewest_examiners))
    found += [
        OutOfBounds(word, least, most, value)
        for name, word, least, most in BOUNDS
        if (value := getattr(facts, name)) is not None and not least <= value <= most
    ]
    try:
        refuse_wrong_name(facts.name)
    except RuleBroken as shortcoming:
        found.append(shortcoming)
    try:
        refuse_wrong_tasks(facts.tasks)
    except RuleBroken as shortcoming:
        found.append(shortcoming)
    return found


def refuse_ill_formed(facts: SpecificationFacts) -> None:
    """Raise the first shortcoming."""
    for shortcoming in shortcomings(facts):
        raise shortcoming


def refuse_wrong_name(name: str) -> None:
    """Raise `WrongAbilityName` for one that ends like an occupation (domain.md A1)."""
    core = re.sub(r"[（(].*?[)）]$", "", name.strip())
    is_occupation = core[-1:] in FORBIDDEN_ENDINGS and not core.endswith(VERBS)
    if not 2 <= len(core) <= 40 or is_occupation:
        raise WrongAbilityName(name)


def refuse_wrong_tasks(tasks: Sequence[TaskFacts]) -> None:
    """Raise where tasks are missing parts, repeat, or their weights do not make 100 %."""
    if not 1 <= len(tasks) <= MOST_TASKS:
        raise WrongTaskCount(len(tasks))
    for number, task in enumerate(tasks, start=1):
        is_weighted = 1 <= task.weight <= WHOLE_WEIGHT
        if not (task.name.strip() and task.norms and task.knowledge and is_weighted):
            raise TaskIncomplete(number)
    names = [task.name.strip() for task in tasks]
    for name in names:
        if names.count(name) > 1:
            raise TaskNameRepeats(name)
    total = sum(task.weight for task in tasks)
    if total != WHOLE_WEIGHT:
        raise WeightsDoNotSum(total)
