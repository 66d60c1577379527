"""A specification is well formed, or every shortcoming is named (domain.md A1-A2)."""

from dataclasses import replace
from typing import Any

import pytest

from assessments.rules.specification import (
    SECTIONS,
    OutOfBounds,
    SpecificationFacts,
    TaskFacts,
    TaskIncomplete,
    TaskNameRepeats,
    TextMissing,
    TooFewExaminers,
    WeightsDoNotSum,
    WrongAbilityName,
    WrongTaskCount,
    refuse_ill_formed,
    refuse_wrong_name,
    shortcomings,
)


def task(name: str, weight: int) -> TaskFacts:
    return TaskFacts(name, ("按操作规范完成",), ("相关知识",), weight)


WHOLE = SpecificationFacts(
    name="刺梨种植",
    occupation_field="种植、加工",
    definition="运用刺梨种植技术……的能力",
    applicability="有意从事刺梨种植的人员",
    tasks=(task("建园", 30), task("栽培管理", 50), task("采收", 20)),
    admission="达到法定劳动年龄",
    examiners="每个考评组不少于 3 名考评员",
    method="实际操作，120 分钟",
    minutes=120,
    site="标准种植园",
)


def names(facts: SpecificationFacts) -> list[str]:
    return [type(item).__name__ for item in shortcomings(facts)]


def test_a_whole_one_has_no_shortcoming():
    assert shortcomings(WHOLE) == []
    refuse_ill_formed(WHOLE)


@pytest.mark.parametrize(("section", "word"), SECTIONS)
def test_each_section_must_be_written(section, word):
    changes: dict[str, Any] = {section: "  "}
    [found] = shortcomings(replace(WHOLE, **changes))

    assert isinstance(found, TextMissing)
    assert found.section == word


def test_every_shortcoming_is_named_at_once():
    poor = replace(WHOLE, name="电工", definition="", tasks=(), fewest_examiners=2)

    assert names(poor) == ["TextMissing", "TooFewExaminers", "WrongAbilityName", "WrongTaskCount"]
    with pytest.raises(TextMissing):
        refuse_ill_formed(poor)


@pytest.mark.parametrize(
    "name", ["砌筑工", "机械加工工", "育婴员", "面点师", "厨师（中式）", "绣", "长" * 41]
)
def test_a_name_is_no_occupation(name):
    with pytest.raises(WrongAbilityName):
        refuse_wrong_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "兰州牛肉拉面制作",
        "苗绣制作(平绣类)",
        "老年人照护",
        "养猪",
        "刺梨初加工",
        "水电施工（室内）",
    ],
)
def test_a_name_says_product_and_verb(name):
    refuse_wrong_name(name)


class TestTasks:
    @pytest.mark.parametrize("weights", [(30, 50, 19), (30, 50, 21), (100, 1)])
    def test_weigh_a_hundred_together(self, weights):
        tasks = tuple(task(f"任务{place}", weight) for place, weight in enumerate(weights))

        with pytest.raises(WeightsDoNotSum) as refused:
            refuse_ill_formed(replace(WHOLE, tasks=tasks))
        assert refused.value.total == sum(weights)

    @pytest.mark.parametrize(
        "bad",
        [
            task(" ", 20),
            task("采收", 0),
            task("采收", 101),
            TaskFacts("采收", (), ("知识",), 20),
            TaskFacts("采收", ("规范",), (), 20),
        ],
    )
    def test_are_whole(self, bad):
        with pytest.raises(TaskIncomplete) as refused:
            refuse_ill_formed(replace(WHOLE, tasks=(*WHOLE.tasks[:2], bad)))
        assert refused.value.number == 3

    def test_have_names_of_their_own(self):
        tasks = (task("建园", 50), task("建园 ", 50))

        with pytest.raises(TaskNameRepeats) as refused:
            refuse_ill_formed(replace(WHOLE, tasks=tasks))
        assert refused.value.name == "建园"

    def test_are_some_and_not_dozens(self):
        many = tuple(task(f"任务{place}", 4) for place in range(25))

        with pytest.raises(WrongTaskCount) as refused:
            refuse_ill_formed(replace(WHOLE, tasks=many))
        assert refused.value.found == 25


def test_a_group_has_three_examiners():
    assert [type(item) for item in shortcomings(replace(WHOLE, fewest_examiners=2))] == [
        TooFewExaminers
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [("pass_mark", 0), ("pass_mark", 600), ("fewest_examiners", 16), ("minutes", -5)],
)
def test_its_numbers_are_such_that_a_sitting_can_be_held(name, value):
    changes: dict[str, Any] = {name: value}
    [found] = shortcomings(replace(WHOLE, **changes))

    assert isinstance(found, OutOfBounds)
    assert found.found == value


def test_the_time_may_be_left_out():
    assert shortcomings(replace(WHOLE, minutes=None)) == []
