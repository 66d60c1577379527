"""Rule sets ready to use (marking.md), in the form of contracts.md §2, and how one is read.

A preset is never edited once it was released: it gets its next version, and
`tests/golden/presets.txt` holds every one's hash.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from app.errors import N_
from competitions.rules.checks import rule_set_problems
from competitions.rules.reading import Problem
from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_set_reading import keeping_problems, shape_problems
from competitions.rules.scheme import SchemeModule

TWO = {"decimals": 2, "mode": "half_up"}


def _rule_set(name: str, *, version: int = 1, **parts: Any) -> dict[str, Any]:
    return {
        "id": name,
        "version": version,
        "panel": {"drop_highest": 1, "drop_lowest": 1, "min_remaining": 3, "round": TWO},
        "factored": {"round": TWO},
        "aspect": {"round": "exact"},
        "module": {"round": TWO},
        "total": {"round": TWO},
        "judgement": {"max_spread": 1, "min_judges": 3},
        "scale": {"kind": "none"},
        "ranking": {"by": "total", "tie_break": [], "ties": "shared"},
        "awards": {"kind": "none"},
    } | parts


NATIONAL = _rule_set(
    "rural-national",
    awards={
        "kind": "tiers",
        "tiers": [
            {"label": "金牌", "basis": "rank", "to": 1},
            {"label": "银牌", "basis": "rank", "to": 2},
            {"label": "铜牌", "basis": "rank", "to": 3},
            {"label": "优胜奖", "basis": "fraction_of_field", "to": "1/2", "round": "down"},
        ],
    },
)
PROVINCE = _rule_set(
    "rural-province",
    version=2,
    ranking={
        "by": "total",
        "tie_break": [{"key": "deductions", "order": "ascending"}],
        "ties": "forbidden",
    },
    awards={
        "kind": "tiers",
        "tiers": [
            {"label": "一等奖", "basis": "percent_of_field", "to": "10", "round": "up"},
            {"label": "二等奖", "basis": "percent_of_field", "to": "20", "round": "half_up"},
            {"label": "三等奖", "basis": "percent_of_field", "to": "30", "round": "half_up"},
        ],
    },
)
COUNTY = _rule_set(
    "county-craft",
    version=2,
    panel={"drop_highest": 0, "drop_lowest": 0, "min_remaining": 3, "round": TWO},
    awards={
        "kind": "tiers",
        "tiers": [
            {"label": "一等奖", "basis": "score", "from": "90"},
            {"label": "二等奖", "basis": "score", "from": "80"},
            {"label": "三等奖", "basis": "score", "from": "70"},
            {"label": "优秀奖", "basis": "score", "from": "60"},
        ],
    },
)
THEORY = _rule_set(
    "theory-only",
    ranking={"by": "total", "tie_break": [], "ties": "shared"},
    awards={
        "kind": "tiers",
        "tiers": [
            {"label": "优秀", "basis": "score", "from": "90"},
            {"label": "良好", "basis": "score", "from": "80"},
            {"label": "合格", "basis": "score", "from": "60"},
        ],
    },
)
WORLDSKILLS = _rule_set(
    "worldskills",
    scale={"kind": "worldskills", "centre": 700, "spread": 30},
    ranking={"by": "scale", "tie_break": [], "ties": "shared"},
    awards={"kind": "worldskills", "tie_threshold": 2, "medallion_from": 700},
)

PRESETS: Mapping[str, tuple[str, dict[str, Any]]] = MappingProxyType(
    {
        "rural-national": (N_("全国乡村振兴大赛规则"), NATIONAL),
        "rural-province": (N_("省级大赛规则"), PROVINCE),
        "county-craft": (N_("县级技艺比赛规则"), COUNTY),
        "worldskills": (N_("世界技能大赛制规则"), WORLDSKILLS),
        "theory-only": (N_("理论竞赛规则"), THEORY),
    }
)
"""Name and document of each preset by its code."""

THEORY_AND_PRACTICE = (SchemeModule("A", "理论", "20"), SchemeModule("B", "实操", "80"))
STARTING_MODULES: Mapping[str, tuple[SchemeModule, ...]] = MappingProxyType(
    {
        "rural-national": THEORY_AND_PRACTICE,
        "rural-province": THEORY_AND_PRACTICE,
        "county-craft": (SchemeModule("A", "实操", "100"),),
        "theory-only": (SchemeModule("A", "理论", "100"),),
    }
)


def starting_modules(preset: str) -> tuple[SchemeModule, ...]:
    """Return the modules, still without aspects, that a scheme under a preset begins with.

    The shares of theory and practice are weights of a scheme's modules, no part of a rule set.
    """
    return STARTING_MODULES.get(preset, ())


def read_rule_set(document: Any) -> RuleSet | list[Problem]:
    """Return a rule set as the calculator reads it, or everything that is wrong with it."""
    found = shape_problems(document)
    if found:
        return found
    rules = msgspec.convert(document, RuleSet)
    return [*keeping_problems(rules), *rule_set_problems(rules)] or rules


def field_panel(rule_set: Mapping[str, Any]) -> int:
    """Return how many panel judges a rule set needs at least."""
    panel = rule_set["panel"]
    return int(panel["drop_highest"]) + int(panel["drop_lowest"]) + int(panel["min_remaining"])
