"""The editor of a rule set: what is typed becomes the document of contracts.md §2, and back.

`document_of` serves every page that holds the editor; rows of tie keys and tiers are parallel
fields, so that the form works without a script.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from msgspec import Meta, Struct

from app.errors import N_
from app.web.forms import Form
from app.web.locale import gettext as _
from competitions.planning.rule_set_rows import tie_of, tier_of, typed_rows, whole_of
from competitions.planning.wording import worded
from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_sets import read_rule_set
from competitions.rules.worked_example import DEFAULT_FIELD

ROUNDED = ("panel", "factored", "aspect", "module", "total")
ROUNDINGS = (
    "exact",
    *(f"{mode}:{at}" for mode in ("half_up", "half_even", "down") for at in range(5)),
)
KNOWN = re.compile(r"(half_up|half_even|down):[0-9]{1,2}")
PLACE = re.compile(r"rule_set\.(?:(ranking\.tie_break|awards\.tiers)\[(\d+)\])?\.?(.*)")
ROW_FIELDS = {"module": "name", "aspect": "name", "from": "to", "field_at_least": "field"}


class RuleSetForm(Struct, frozen=True):
    """The numbers of a rule set; tie keys and tiers stand in parallel fields beside them."""

    name: Annotated[str, Meta(title=N_("规则名称"), max_length=60)]
    panel_drop_highest: Annotated[int, Meta(title=N_("去掉几个最高分"), ge=0, le=20)]
    panel_drop_lowest: Annotated[int, Meta(title=N_("去掉几个最低分"), ge=0, le=20)]
    panel_min_remaining: Annotated[int, Meta(title=N_("去分后至少剩几个"), ge=1, le=50)]
    panel_round: Annotated[str, Meta(title=N_("平均分舍入"), max_length=20)]
    factored_round: Annotated[str, Meta(title=N_("乘系数后舍入"), max_length=20)]
    aspect_round: Annotated[str, Meta(title=N_("评分点舍入"), max_length=20)]
    module_round: Annotated[str, Meta(title=N_("模块舍入"), max_length=20)]
    total_round: Annotated[str, Meta(title=N_("总分舍入"), max_length=20)]
    judgement_max_spread: Annotated[int, Meta(title=N_("最多相差几档"), ge=0, le=3)]
    judgement_min_judges: Annotated[int, Meta(title=N_("至少几名裁判"), ge=1, le=20)]
    scale_kind: Annotated[str, Meta(title=N_("换算"), max_length=20)]
    ranking_by: Annotated[str, Meta(title=N_("按什么排名"), max_length=20)]
    ranking_ties: Annotated[str, Meta(title=N_("仍相同时"), max_length=20)]
    awards_kind: Annotated[str, Meta(title=N_("奖项办法"), max_length=20)]
    code: Annotated[str, Meta(title=N_("规则编号"), max_length=40)] = ""
    scale_centre: Annotated[str, Meta(title=N_("中位数对应的分数"), max_length=14)] = ""
    scale_spread: Annotated[str, Meta(title=N_("一个离差对应的分数"), max_length=14)] = ""
    awards_tie_threshold: Annotated[str, Meta(title=N_("同色奖牌的分差"), max_length=14)] = ""
    awards_medallion_from: Annotated[str, Meta(title=N_("优胜奖分数线"), max_length=14)] = ""
    try_marks: Annotated[str, Meta(title=N_("试算的评委分数"), max_length=400)] = ""
    try_field: Annotated[int, Meta(title=N_("试算的参赛人数"), ge=1, le=300)] = DEFAULT_FIELD
    act: str = ""
    seen: str = ""


def rules_of(form: Form[RuleSetForm], *, code: str = "-", number: int = 1) -> RuleSet | None:
    """Return the rule set as typed; None with a sentence at each field that is wrong."""
    found = read_rule_set(document_of(form, code=code, number=number))
    if isinstance(found, RuleSet):
        return found if form.ok else None
    for problem in found:
        form.errors.setdefault(field_of(problem.where), _("{what}。").format(what=worded(problem)))
    return None


def unnamed(form: Form[RuleSetForm]) -> Form[RuleSetForm]:
    """Return the form as it is tried: its numbers count, name and code may still be missing."""
    trial = Form(RuleSetForm, form.values | {"name": ["-"], "code": [""]})
    trial.check()
    return trial


def document_of(form: Form[RuleSetForm], *, code: str, number: int) -> dict[str, Any]:
    """Return the document that a form stands for as it was typed, sound or not."""

    def typed(name: str) -> str:
        return str(form.value(name)).strip()

    def counted(part: str, *names: str) -> dict[str, Any]:
        return {name: whole_of(typed(f"{part}_{name}")) for name in names}

    scale: dict[str, Any] = {"kind": typed("scale_kind")}
    if scale["kind"] == "worldskills":
        scale |= counted("scale", "centre", "spread")
    awards: dict[str, Any] = {"kind": typed("awards_kind")}
    if awards["kind"] == "tiers":
        awards["tiers"] = [tier_of(row) for row in typed_rows(form.values, "tier")]
    if awards["kind"] == "worldskills":
        awards |= counted("awards", "tie_threshold", "medallion_from")
    rounds = {name: {"round": _rounding(typed(f"{name}_round"))} for name in ROUNDED}
    panel = counted("panel", "drop_highest", "drop_lowest", "min_remaining")
    return {
        "id": code,
        "version": number,
        **rounds,
        "panel": panel | rounds["panel"],
        "judgement": counted("judgement", "max_spread", "min_judges"),
        "scale": scale,
        "ranking": {
            "by": typed("ranking_by"),
            "tie_break": [tie_of(row) for row in typed_rows(form.values, "tie")],
            "ties": typed("ranking_ties"),
        },
        "awards": awards,
    }


def values_of(document: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """Return what the form of a rule set shows, each value as it would be typed."""
    awards, scale = document["awards"], document["scale"]
    ties, tiers = document["ranking"].get("tie_break", []), awards.get("tiers", [])
    given: dict[str, Any] = {
        "name": name,
        **{f"panel_{part}": document["panel"][part] for part in ("drop_highest", "drop_lowest")},
        "panel_min_remaining": document["panel"]["min_remaining"],
        **{f"{part}_round": _rounding_word(document[part]["round"]) for part in ROUNDED},
        "judgement_max_spread": document["judgement"]["max_spread"],
        "judgement_min_judges": document["judgement"].get("min_judges", 3),
        "scale_kind": scale["kind"],
        "scale_centre": scale.get("centre", 700),
        "scale_spread": scale.get("spread", 30),
        "ranking_by": document["ranking"]["by"],
        "ranking_ties": document["ranking"]["ties"],
        "awards_kind": awards["kind"],
        "awards_tie_threshold": awards.get("tie_threshold", 2),
        "awards_medallion_from": awards.get("medallion_from", 700),
        "tie_key": [key["key"] for key in ties],
        "tie_name": [key.get("module", key.get("aspect", "")) for key in ties],
        "tie_order": [key["order"] for key in ties],
        "tier_label": [tier["label"] for tier in tiers],
        "tier_basis": [tier["basis"] for tier in tiers],
        "tier_to": [tier.get("to", tier.get("from")) for tier in tiers],
        "tier_round": [tier.get("round", "half_up") for tier in tiers],
        "tier_min_score": [tier.get("min_score", "") for tier in tiers],
        "tier_field": [tier.get("field_at_least") or "" for tier in tiers],
        "try_field": DEFAULT_FIELD,
    }
    return {
        field: [str(item) for item in value] if isinstance(value, list) else str(value)
        for field, value in given.items()
    }


def field_of(where: str) -> str:
    """Return the form field that shows a place of the document."""
    found = PLACE.fullmatch(where)
    if not found:
        return ""
    rows, at, rest = found.groups()
    if rows:
        kind = "tie" if rows == "ranking.tie_break" else "tier"
        name = ROW_FIELDS.get(rest, rest) or ("key" if kind == "tie" else "label")
        return f"{kind}_{name}-{at}"
    parts = rest.split(".")
    return {"id": "code"}.get(rest, "_".join(parts[:2]))


def rounding_choices(now: Sequence[str]) -> list[str]:
    """Return the roundings to choose from; what a document has beyond the usual ones, too."""
    return [*ROUNDINGS, *sorted({word for word in now if KNOWN.fullmatch(word)} - {*ROUNDINGS})]


def _rounding(word: str) -> Any:
    mode, _colon, decimals = word.partition(":")
    return {"decimals": whole_of(decimals), "mode": mode} if decimals else word


def _rounding_word(rule: Any) -> str:
    return rule if isinstance(rule, str) else f"{rule['mode']}:{rule['decimals']}"
