"""From totals to scale, ranks and awards (marking.md sections 3 to 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from competitions.recount.counting import Sheet, rounded_whole

MAD_FACTOR = Fraction(14826, 10000)


@dataclass
class Place:
    """One entry in its place; `rank` is the first of the places it shares."""

    sheet: Sheet
    scale: int | None
    rank: int
    is_undecided: bool = False
    award: str | None = None


def place(bundle: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> list[Place]:
    """Scale, rank and award the entries that competed, in order of rank, then code."""
    rules = bundle["rule_set"]
    scales = _scaled(rules["scale"], sheets)
    seconds = {(item["code"], item["module"]): item["seconds"] for item in bundle.get("times", [])}

    def key(code: str) -> tuple[Any, ...]:
        sheet = sheets[code]
        first = Fraction(scales[code] or 0) if rules["ranking"]["by"] == "scale" else sheet.total
        ties = rules["ranking"].get("tie_break", [])
        return (-first, *(_tie_key(tie, sheet, seconds) for tie in ties))

    ordered = sorted(sheets, key=lambda code: (key(code), code))
    places: list[Place] = []
    for number, code in enumerate(ordered, start=1):
        is_level = bool(places) and key(places[-1].sheet.code) == key(code)
        rank = places[-1].rank if is_level else number
        places.append(Place(sheets[code], scales[code], rank))
        if is_level and rules["ranking"]["ties"] == "forbidden":
            places[-1].is_undecided = places[-2].is_undecided = True
    _award(rules, places)
    for item in places:
        if item.is_undecided:
            item.award = None
    return places


def _tie_key(
    tie: Mapping[str, Any], sheet: Sheet, seconds: Mapping[tuple[str, str], int]
) -> tuple[int, Fraction]:
    sign = 1 if tie["order"] == "ascending" else -1
    if tie["key"] == "time":
        known = seconds.get((sheet.code, tie["module"]))
        return (1, Fraction(0)) if known is None else (0, Fraction(sign * known))
    values = {"module": sheet.modules, "aspect": sheet.aspects}
    value = sheet.deducted if tie["key"] == "deductions" else values[tie["key"]][tie[tie["key"]]]
    return (0, sign * value)


def _scaled(rule: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> dict[str, int | None]:
    if rule["kind"] == "none" or not sheets:
        return dict.fromkeys(sheets)
    middle = _median([sheet.total for sheet in sheets.values()])
    deviation = _median([abs(sheet.total - middle) for sheet in sheets.values()])
    centre, spread = Fraction(rule["centre"]), Fraction(rule["spread"])
    return {
        code: _half_up(
            centre
            + (spread * (sheet.total - middle) / (MAD_FACTOR * deviation) if deviation else 0)
        )
        for code, sheet in sheets.items()
    }


def _half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def _median(values: Sequence[Fraction]) -> Fraction:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _award(rules: Mapping[str, Any], places: Sequence[Place]) -> None:
    by_scale, awards = rules["ranking"]["by"] == "scale", rules["awards"]
    valued = [
        (Fraction(item.scale or 0) if by_scale else item.sheet.total, item) for item in places
    ]
    if awards["kind"] == "worldskills":
        _award_medals(awards, valued)
    for tier in awards.get("tiers", ()):
        if len(places) >= tier.get("field_at_least", 0):
            _award_tier(tier, valued)


def _award_tier(tier: Mapping[str, Any], valued: Sequence[tuple[Fraction, Place]]) -> None:
    open_ranks = [item.rank for _, item in valued if item.award is None]
    if not open_ranks:
        return
    last = _last_rank(tier, len(valued), open_ranks[0])
    for value, item in valued:
        limits = (tier.get("from"), tier.get("min_score"))
        is_high = all(value >= Fraction(limit) for limit in limits if limit is not None)
        if item.award is None and item.rank <= last and is_high:
            item.award = tier["label"]


def _last_rank(tier: Mapping[str, Any], field_size: int, first_open: int) -> int:
    if tier["basis"] == "rank":
        return int(tier["to"])
    if tier["basis"] == "fraction_of_field":
        return rounded_whole(field_size * Fraction(tier["to"]), tier["round"])
    if tier["basis"] == "percent_of_field":
        share = field_size * Fraction(tier["to"]) / 100
        return first_open - 1 + rounded_whole(share, tier["round"])
    return field_size


def _award_medals(awards: Mapping[str, Any], valued: Sequence[tuple[Fraction, Place]]) -> None:
    tau, rest = Fraction(awards["tie_threshold"]), list(valued)
    rest.sort(key=lambda pair: -pair[0])

    def take(label: str) -> list[Fraction]:
        """Give a medal to the first that is left and to all within tau of it."""
        first = rest[0][0]
        taken = [pair for pair in rest if first - pair[0] <= tau]
        for _, item in taken:
            item.award = label
        del rest[: len(taken)]
        return [medal_value for medal_value, _ in taken]

    last = take("gold") if rest else []
    is_crowded = len(last) >= 3
    if len(last) == 1 and rest:
        last = take("silver")
        is_crowded = len(last) >= 2
    if rest and (not is_crowded or last[-1] - rest[0][0] <= tau):
        take("bronze")
    for value, item in rest:
        if value >= Fraction(awards["medallion_from"]):
            item.award = "medallion"
