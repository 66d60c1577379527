"""Everything that is wrong with the shape of a rule set, part by part, not only the first thing."""

import re
from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from app.errors import N_
from competitions.rules.reading import Problem
from competitions.rules.rule_set import RuleSet, TierAwards

ROOT = "rule_set"
LONGEST = 40
MOST_ROWS = 40
"""As many tiers, and as many tie keys, as a rule set is kept with; bundles have no such bound."""
LIMIT = re.compile(r"`int` (>=|<=|<) (\d+)")
WHY = (
    ("Expected `int`, got", N_("应是整数")),
    ("Expected `int | str`", N_("应是数字")),
    ("length >= 1", N_("不能为空")),
    ("Expected `str`", N_("应是文字")),
    ("Invalid enum value", N_("不在可选的值中")),
)


def shape_problems(document: Any) -> list[Problem]:
    """List what keeps a document from being a rule set of contracts.md §2."""
    return list(_value(document, RuleSet, ROOT))


def keeping_problems(rules: RuleSet) -> Iterator[Problem]:
    """Yield what cannot be kept: names not for paper or an address, more rows than one reads."""
    if not _is_plain(rules.id) or "/" in rules.id or len(rules.id) > LONGEST:
        yield Problem(
            "text",
            f"{ROOT}.id",
            N_("编号应是不超过 {most} 个字、不含斜线的文字"),
            {"most": LONGEST},
        )
    if len(rules.ranking.tie_break) > MOST_ROWS:
        says = N_("并列判据太多，最多 {most} 条")
        yield Problem("many", f"{ROOT}.ranking.tie_break", says, {"most": MOST_ROWS})
    if isinstance(rules.awards, TierAwards):
        if len(rules.awards.tiers) > MOST_ROWS:
            says = N_("奖项太多，最多 {most} 档")
            yield Problem("many", f"{ROOT}.awards.tiers", says, {"most": MOST_ROWS})
        for place, tier in enumerate(rules.awards.tiers):
            if not _is_plain(tier.label):
                yield Problem(
                    "text", f"{ROOT}.awards.tiers[{place}].label", N_("奖项名称应是可以书写的文字")
                )


def _is_plain(text: str) -> bool:
    return text.isprintable() and bool(text.strip()) and text == text.strip()


def _value(value: Any, hint: Any, where: str) -> Iterator[Problem]:
    """Yield what is wrong with a value; inside lists and objects, with each of their parts."""
    kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    shapes = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Struct)]
    if get_origin(hint) is tuple and isinstance(value, list):
        for place, item in enumerate(value):
            yield from _value(item, get_args(hint)[0], f"{where}[{place}]")
    elif shapes and (isinstance(value, dict) or len(shapes) == len(kinds)):
        yield from _object(value, shapes, where)
    else:
        yield from _leaf(value, hint, where)


def _object(value: Any, shapes: list[type[Struct]], where: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem("malformed", where, N_("应是一组有名称的值"))
        return
    tag = shapes[0].__struct_config__.tag_field
    if tag is None:
        yield from _fields(value, shapes[0], where)
        return
    by_tag = {str(item.__struct_config__.tag): item for item in shapes}
    word = value.get(tag)
    if isinstance(word, str) and word in by_tag:
        rest = {name: item for name, item in value.items() if name != tag}
        yield from _fields(rest, by_tag[word], where)
    else:
        facts = {"known": " / ".join(by_tag)}
        yield Problem("malformed", f"{where}.{tag}", N_("应是 {known} 之一"), facts)


def _fields(value: dict[Any, Any], shape: type[Struct], where: str) -> Iterator[Problem]:
    fields = {item.encode_name: item for item in msgspec.structs.fields(shape)}
    for name in sorted(value.keys() - fields.keys(), key=str):
        yield Problem("malformed", f"{where}.{name}", N_("没有这一项"))
    for name, item in fields.items():
        if name in value:
            yield from _value(value[name], item.type, f"{where}.{name}")
        elif item.required:
            yield Problem("malformed", f"{where}.{name}", N_("缺少这一项"))


def _leaf(value: Any, hint: Any, where: str) -> Iterator[Problem]:
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        why = str(error)
        limit = LIMIT.search(why)
        if limit:
            at_least = limit[1] == ">="
            says = N_("应不小于 {limit}") if at_least else N_("应小于 {limit}")
            over = int(limit[2]) + (1 if limit[1] == "<=" else 0)
            facts = {"limit": int(limit[2]) if at_least else over}
            yield Problem("malformed", where, says, facts)
            return
        known = next((says for sign, says in WHY if sign in why), None)
        yield Problem("malformed", where, known or N_("格式不符：{why}"), {"why": why})
