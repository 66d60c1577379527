"""标准板块 (WSOS sections): a scheme gives each nearly the points that the standard does.

The weights of a standard sum to 100. The marks that aspects give to a section may differ from its
weight by at most 5 points (marking.md §1).
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from app.errors import N_
from app.rules.points import e4_of, shown
from competitions.rules.reading import Problem
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule

WHOLE = 100
MOST_DEVIATION = 5
E4 = 10_000


def most(aspect: SchemeAspect) -> Fraction:
    """Return what an aspect may add to its module: its maximum times its factor."""
    return Fraction(e4_of(aspect.max) or 0, E4) * Fraction(e4_of(aspect.factor or "1") or 0, E4)


def worth(module: SchemeModule) -> Fraction:
    """Return how many points a module may give: its weight, or what its aspects add up to."""
    if module.weight:
        return Fraction(e4_of(module.weight) or 0, E4)
    return sum(map(most, module.aspects), Fraction(0))


def whole_of(scheme: SchemeFacts) -> Fraction:
    """Return how many points a scheme may give."""
    return sum(map(worth, scheme.modules), Fraction(0))


def given(scheme: SchemeFacts) -> dict[str, Fraction]:
    """Return the points that a scheme gives to each section, the empty name for none."""
    found: dict[str, Fraction] = {}
    for module in scheme.modules:
        total = sum(map(most, module.aspects), Fraction(0))
        share = worth(module) / total if total else Fraction(0)
        for aspect in module.aspects:
            found[aspect.section] = found.get(aspect.section, Fraction(0)) + most(aspect) * share
    return found


def section_faults(scheme: SchemeFacts) -> Iterator[Problem]:
    """Yield where a scheme departs from its standard."""
    known = {section.id for section in scheme.sections}
    for aspect in scheme.aspects():
        if aspect.section and aspect.section not in known:
            yield Problem(
                "section",
                f"aspect {aspect.id} section",
                N_("评分点 {id} 所属的标准板块 {section} 不在板块表中。"),
                {"id": aspect.id, "section": aspect.section},
            )
    if scheme.sections:
        yield from _sound(scheme)
        yield from _balanced(scheme)


def _sound(scheme: SchemeFacts) -> Iterator[Problem]:
    for name, count in Counter(section.id for section in scheme.sections).items():
        if count > 1:
            where = f"section {name} id"
            yield Problem("section", where, N_("标准板块 {id} 出现了不止一次。"), {"id": name})
    for section in scheme.sections:
        if (e4_of(section.weight) or -1) < 0:
            where = f"section {section.id} weight"
            yield Problem(
                "section", where, N_("标准板块 {id} 的权重应是大于 0 的数。"), {"id": section.id}
            )
    total = sum((Fraction(e4_of(item.weight) or 0, E4) for item in scheme.sections), Fraction(0))
    whole = whole_of(scheme)
    if total != WHOLE:
        yield Problem(
            "section",
            "scheme",
            N_("标准板块的权重合计应为 100，现为 {sum}。"),
            {"sum": points(total)},
        )
    elif whole != WHOLE:
        yield Problem(
            "section",
            "scheme",
            N_("有标准板块时，满分合计应为 100，现为 {sum}。"),
            {"sum": points(whole)},
        )


def _balanced(scheme: SchemeFacts) -> Iterator[Problem]:
    marks = given(scheme)
    for section in scheme.sections:
        weight = Fraction(e4_of(section.weight) or 0, E4)
        found = marks.get(section.id, Fraction(0))
        if abs(found - weight) > MOST_DEVIATION:
            yield Problem(
                "section",
                f"section {section.id} weight",
                N_("标准板块 {id} 的权重是 {weight}，评分点给了 {found}，相差超过 5 分。"),
                {"id": section.id, "weight": points(weight), "found": points(found)},
            )


def section_warnings(scheme: SchemeFacts) -> Iterator[Problem]:
    """Yield the aspects that belong to no section where there are sections."""
    if scheme.sections:
        for aspect in scheme.aspects():
            if aspect.kind != "gate" and not aspect.section:
                yield Problem(
                    "section",
                    f"aspect {aspect.id} section",
                    N_("评分点 {id} 没有写明属于哪个标准板块。"),
                    {"id": aspect.id},
                )


def points(value: Fraction) -> str:
    """Write points as people read them: exact as a decimal, or rounded to two places."""
    text = shown(value, "exact")
    return f"{float(value):.2f}" if "/" in text else text
