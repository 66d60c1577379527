"""Is the rule set of a bundle well formed: rounding, ranking, awards."""

import re
from collections.abc import Mapping
from typing import Any

from competitions.recount.strict import MOST_DIGITS, Reader

SHARE = re.compile(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,5})")
MODES = ("half_up", "half_even", "down")
ORDERS = ("ascending", "descending")


def read_rule_set(
    reader: Reader, given: Any, modules: set[str], aspects: Mapping[str, Any]
) -> None:
    """Check every setting, and that tie keys name what there is."""
    parts = "id version panel factored aspect module total judgement scale ranking awards"
    if not reader.keys(given, "rule_set", parts):
        return
    reader.text(given["id"], "rule_set.id")
    reader.whole(given["version"], "rule_set.version", 1)
    if reader.keys(
        given["panel"], "rule_set.panel", "drop_highest drop_lowest min_remaining round"
    ):
        reader.whole(given["panel"]["drop_highest"], "rule_set.panel.drop_highest")
        reader.whole(given["panel"]["drop_lowest"], "rule_set.panel.drop_lowest")
        reader.whole(given["panel"]["min_remaining"], "rule_set.panel.min_remaining", 1)
        _read_round(reader, given["panel"]["round"], "rule_set.panel.round")
    for part in ("factored", "aspect", "module", "total"):
        if reader.keys(given[part], f"rule_set.{part}", "round"):
            _read_round(reader, given[part]["round"], f"rule_set.{part}.round")
    if reader.keys(given["judgement"], "rule_set.judgement", "max_spread", "min_judges"):
        reader.whole(given["judgement"]["max_spread"], "rule_set.judgement.max_spread")
        reader.whole(given["judgement"].get("min_judges", 3), "rule_set.judgement.min_judges", 1)
    _read_scale(reader, given["scale"])
    _read_ranking(reader, given, modules, aspects)
    _read_awards(reader, given["awards"])


def _read_round(reader: Reader, given: Any, where: str) -> None:
    if given == "exact":
        return
    if reader.keys(given, where, "decimals mode"):
        if reader.whole(given["decimals"], f"{where}.decimals") > MOST_DIGITS:
            reader.wrong(f"{where}.decimals", f"should be at most {MOST_DIGITS}")
        reader.one_of(given["mode"], f"{where}.mode", MODES)


def _read_scale(reader: Reader, given: Any) -> None:
    kind = given.get("kind") if isinstance(given, dict) else None
    if kind == "worldskills":
        if reader.keys(given, "rule_set.scale", "kind centre spread"):
            reader.either_number(given["centre"], "rule_set.scale.centre")
            reader.either_number(given["spread"], "rule_set.scale.spread")
    elif reader.keys(given, "rule_set.scale", "kind"):
        reader.one_of(kind, "rule_set.scale.kind", ("none", "worldskills"))


def _read_ranking(
    reader: Reader, rules: Any, modules: set[str], aspects: Mapping[str, Any]
) -> None:
    where, given = "rule_set.ranking", rules["ranking"]
    if not reader.keys(given, where, "by ties", "tie_break"):
        return
    by = reader.one_of(given["by"], f"{where}.by", ("total", "scale"))
    if by == "scale" and isinstance(rules["scale"], dict) and rules["scale"].get("kind") == "none":
        reader.wrong(f"{where}.by", "is scale, but the rule set has no scale")
    reader.one_of(given["ties"], f"{where}.ties", ("shared", "forbidden"))
    for place, key in enumerate(reader.items(given.get("tie_break", []), f"{where}.tie_break")):
        spot = f"{where}.tie_break[{place}]"
        kind = key.get("key") if isinstance(key, dict) else None
        needed = {"time": " module", "module": " module", "aspect": " aspect", "deductions": ""}
        if not reader.keys(key, spot, "key order" + needed.get(str(kind), "")):
            continue
        reader.one_of(kind, f"{spot}.key", needed)
        reader.one_of(key["order"], f"{spot}.order", ORDERS)
        if "module" in key and key["module"] not in modules:
            reader.wrong(f"{spot}.module", "is no module of this event")
        if "aspect" in key and (
            key["aspect"] not in aspects or aspects[key["aspect"]]["kind"] == "gate"
        ):
            reader.wrong(f"{spot}.aspect", "is no aspect of this event that gives a mark")


def _read_awards(reader: Reader, given: Any) -> None:
    where = "rule_set.awards"
    kind = given.get("kind") if isinstance(given, dict) else None
    if kind == "tiers":
        if reader.keys(given, where, "kind tiers"):
            for place, tier in enumerate(reader.items(given["tiers"], f"{where}.tiers")):
                _read_tier(reader, tier, f"{where}.tiers[{place}]")
    elif kind == "worldskills":
        if reader.keys(given, where, "kind tie_threshold medallion_from"):
            reader.either_number(given["tie_threshold"], f"{where}.tie_threshold")
            reader.either_number(given["medallion_from"], f"{where}.medallion_from")
    elif reader.keys(given, where, "kind"):
        reader.one_of(kind, f"{where}.kind", ("none", "tiers", "worldskills"))


def _read_tier(reader: Reader, tier: Any, where: str) -> None:
    basis = tier.get("basis") if isinstance(tier, dict) else None
    needed = {
        "rank": "to",
        "percent_of_field": "to round",
        "fraction_of_field": "to round",
        "score": "from",
    }
    names = f"label basis {needed.get(str(basis), '')}"
    if not reader.keys(tier, where, names, "min_score field_at_least"):
        return
    reader.text(tier["label"], f"{where}.label")
    reader.one_of(basis, f"{where}.basis", needed)
    if "to" in tier:
        _read_reach(reader, str(basis), tier["to"], f"{where}.to")
    if "round" in tier:
        reader.one_of(tier["round"], f"{where}.round", ("up", "down", "half_up"))
    for name in ("from", "min_score"):
        if name in tier:
            reader.either_number(tier[name], f"{where}.{name}", is_signed=True)
    if "field_at_least" in tier:
        reader.whole(tier["field_at_least"], f"{where}.field_at_least")


def _read_reach(reader: Reader, basis: str, given: Any, where: str) -> None:
    """Check how far a tier reaches: a place, a percentage or a fraction of the field."""
    if basis == "rank":
        reader.whole(given, where, 1)
    if basis == "percent_of_field" and reader.either_number(given, where) > 100:
        reader.wrong(where, "should be at most 100")
    if basis == "fraction_of_field":
        share = SHARE.fullmatch(given) if isinstance(given, str) else None
        if share is None or int(share[1]) > int(share[2]):
            reader.wrong(where, "should be a fraction such as 1/2, at most 1")
