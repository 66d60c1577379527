"""The rows of the editor of a rule set: tie keys and tiers, as parallel fields of a form."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from competitions.rules.rule_set_reading import MOST_ROWS

Values = Mapping[str, Sequence[Any]]
TIE_COLUMNS = ("key", "name", "order")
TIER_COLUMNS = ("label", "basis", "to", "round", "min_score", "field")
NEW_ROWS: Mapping[str, dict[str, str]] = {
    "tie": {"key": "deductions", "name": "", "order": "ascending"},
    "tier": {"label": "优秀奖", "basis": "score", "to": "60", "round": "half_up"},
}
"""What a new row holds: sound by itself, so that the example goes on."""
ROW_ACT = re.compile(r"(tie|tier)-(add|(up|down|remove):[0-9]{1,3})")
WHOLE = re.compile(r"0|[1-9][0-9]{0,11}")
SHARED = ("percent_of_field", "fraction_of_field")


def typed_rows(values: Values, kind: str) -> list[dict[str, str]]:
    """Return the rows of tie keys or tiers as typed, in order."""
    names = TIE_COLUMNS if kind == "tie" else TIER_COLUMNS
    columns = {name: [str(item) for item in values.get(f"{kind}_{name}", ())] for name in names}
    count = min(max(map(len, columns.values()), default=0), MOST_ROWS + 1)  # one more is refused
    return [
        {name: column[at].strip() if at < len(column) else "" for name, column in columns.items()}
        for at in range(count)
    ]


def rearrange(values: dict[str, list[Any]], act: str) -> None:
    """Carry out what a button of a row asks, `tier-up:2`; `focus` is the field to go on in."""
    kind, _dash, rest = act.partition("-")
    verb, _colon, place = rest.partition(":")
    rows = typed_rows(values, kind)
    moved = _moved(rows, kind, verb, int(place or 0))
    for name in TIE_COLUMNS if kind == "tie" else TIER_COLUMNS:
        values[f"{kind}_{name}"] = [row.get(name, "") for row in rows]
    first = "key" if kind == "tie" else "label"
    values["focus"] = [f"{kind}_{first}-{moved}" if rows else f"{kind}-add"]


def _moved(rows: list[dict[str, str]], kind: str, verb: str, at: int) -> int:
    """Change the rows, and return which of them the eye should follow."""
    if verb == "add":
        if len(rows) < MOST_ROWS:
            rows.append(dict(NEW_ROWS[kind]))
        return len(rows) - 1
    if at >= len(rows):
        return 0
    to = {"up": max(at - 1, 0), "down": min(at + 1, len(rows) - 1)}.get(verb, at)
    row = rows.pop(at)
    if verb == "remove":
        return min(at, len(rows) - 1)
    rows.insert(to, row)
    return to


def is_row_act(act: str) -> bool:
    """Tell whether a button of a row was pressed."""
    return bool(ROW_ACT.fullmatch(act))


def tie_of(row: Mapping[str, str]) -> dict[str, Any]:
    """Return the tie key that a row stands for."""
    key = {"key": row["key"], "order": row["order"]}
    if row["key"] in {"time", "module"}:
        return key | {"module": row["name"]}
    return key | {"aspect": row["name"]} if row["key"] == "aspect" else key


def tier_of(row: Mapping[str, str]) -> dict[str, Any]:
    """Return the tier that a row stands for."""
    tier: dict[str, Any] = {"label": row["label"], "basis": row["basis"]}
    if row["basis"] == "score":
        tier["from"] = row["to"]
    else:
        tier["to"] = whole_of(row["to"]) if row["basis"] == "rank" else row["to"]
    if row["basis"] in SHARED:
        tier["round"] = row["round"]
    if row["min_score"]:
        tier["min_score"] = row["min_score"]
    if row["field"]:
        tier["field_at_least"] = whole_of(row["field"])
    return tier


def whole_of(text: str) -> int | str:
    """Return a whole number; anything else stays as typed, for the reader to name."""
    return int(text) if WHOLE.fullmatch(text) else text
