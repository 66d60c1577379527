"""Rule sets ready to use (marking.md), in the form of contracts.md §2, and how one is read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from app.errors import N_
from competitions.rules.checks import rule_set_problems
from competitions.rules.reading import Problem
from competitions.rules.rule_set import RuleSet

TWO = {"decimals": 2, "mode": "half_up"}


def _rule_set(name: str, **parts: Any) -> dict[str, Any]:
    return {
        "id": name,
        "version": 1,
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
    ranking={"by": "total", "tie_break": [], "ties": "forbidden"},
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
    panel={"drop_highest": 0, "drop_lowest": 0, "min_remaining": 3, "round": TWO},
    awards={
        "kind": "tiers",
        "tiers": [
            {"label": "一等奖", "basis": "rank", "to": 1, "min_score": "60"},
            {"label": "二等奖", "basis": "rank", "to": 3, "min_score": "60"},
            {"label": "三等奖", "basis": "rank", "to": 6, "min_score": "60"},
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
        "rural-national": (
            N_("全国乡村振兴大赛：五名裁判去掉最高最低，前三名奖牌，前二分之一优胜奖"),
            NATIONAL,
        ),
        "rural-province": (N_("省级大赛：按 10%、20%、30% 设奖，不允许并列"), PROVINCE),
        "county-craft": (N_("县级技艺比赛：不去分，60 分以上设奖"), COUNTY),
        "worldskills": (N_("世界技能大赛制：700 分量表，奖牌按分差并列"), WORLDSKILLS),
        "theory-only": (N_("理论竞赛：按 90、80、60 分定优秀、良好、合格"), THEORY),
    }
)


def read_rule_set(document: Mapping[str, Any]) -> RuleSet | list[Problem]:
    """Return a rule set as the calculator reads it, or everything that is wrong with it."""
    try:
        rules = msgspec.convert(document, RuleSet)
    except msgspec.ValidationError as error:
        text, _, where = str(error).partition(" - at ")
        return [Problem("malformed", where.strip("`"), N_("格式不符：{why}"), {"why": text})]
    return list(rule_set_problems(rules)) or rules


def field_panel(rule_set: Mapping[str, Any]) -> int:
    """Return how many panel judges a rule set needs at least."""
    panel = rule_set["panel"]
    return int(panel["drop_highest"]) + int(panel["drop_lowest"]) + int(panel["min_remaining"])
