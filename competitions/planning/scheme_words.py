"""What changed in a scheme, in words: for comparing versions and previewing an import."""

from collections.abc import Iterator, Sequence
from typing import Any

from app.errors import N_
from app.web.locale import gettext as _
from app.web.locale import pgettext
from competitions.planning.calculations import words_of
from competitions.planning.scheme_forms import KIND_WORDS
from competitions.rules.scheme_changes import Change, FieldChange

WHAT = {
    "added": N_("新增"),
    "removed": N_("删去"),
    "changed": N_("修改"),
    "moved": N_("移动"),
}
PARTS = {"module": N_("模块"), "section": N_("标准板块"), "aspect": N_("评分点")}
FIELDS = {
    "name": N_("名称"),
    "title": N_("名称"),
    "weight": N_("权重"),
    "kind": N_("类型"),
    "max": N_("满分"),
    "factor": N_("系数"),
    "criterion": N_("评分大项"),
    "sub_criterion": N_("评分子项"),
    "section": N_("标准板块"),
    "requirement": N_("要求或标称尺寸"),
    "day": N_("评分日"),
    "hint": N_("评分说明"),
    "unit": N_("计量单位"),
    "decimals": N_("小数位"),
    "descriptors": N_("各档描述"),
    "calculation": N_("计算方式"),
    "zeroes": N_("否决"),
    "module": N_("模块"),
}


def what(change: Change) -> str:
    """Return what happened, in a word."""
    return _(WHAT[change.what])


def part(change: Change) -> str:
    """Return what kind of part it happened to."""
    return _(PARTS[change.part])


def fields(change: Change) -> list[tuple[str, str, str]]:
    """Return each field's name, what stood there and what stands there now."""
    return [(pgettext("part", FIELDS[item.name]), *_values(item)) for item in change.fields]


def _values(item: FieldChange) -> tuple[str, str]:
    return _value(item.name, item.before), _value(item.name, item.after)


def _value(name: str, value: Any) -> str:
    if name == "calculation":
        return words_of(value)
    if name == "kind":
        return _(KIND_WORDS[value])
    return _("；").join(value) if isinstance(value, tuple) else str(value)


def sentences(changes: Sequence[Change]) -> Iterator[tuple[str, str, str]]:
    """Yield what happened, to what, and how, a line each."""
    for change in changes:
        detail = _("；").join(
            f"{name} {before or '—'} → {after or '—'}" for name, before, after in fields(change)
        )
        yield f"{what(change)}{part(change)}", f"{change.id} {change.title}", detail
