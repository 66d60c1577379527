"""An event of any size, every kind of aspect in it, three judges on each: 360 marks an entry."""

from collections.abc import Iterator
from random import Random

from tests.builders.bundles import EXACT, TWO, Document, a_mark, a_rule_set

ASPECTS, JUDGES = 120, 3
MARKS_OF_ONE = ASPECTS * JUDGES


def a_large_bundle(entries: int) -> Document:
    """Return the same event each time; every entry competed and every mark is there."""
    luck = Random(entries)
    aspects = [_aspect(at) for at in range(ASPECTS)]
    parts = [aspects[at : at + ASPECTS // 4] for at in range(0, ASPECTS, ASPECTS // 4)]
    modules = [
        {"id": f"M{at}", "name": f"模块{at}", "weight": "25", "aspects": part}
        for at, part in enumerate(parts)
    ]
    codes = [f"{at:05d}" for at in range(entries)]
    tiers = [
        {"label": label, "basis": "percent_of_field", "to": share, "round": "up"}
        for label, share in (("一等奖", "10"), ("二等奖", "20"), ("三等奖", "30"))
    ]
    return {
        "format": "marks-bundle/1",
        "event": {"id": "large", "name": "砌筑"},
        "rule_set": a_rule_set(
            panel={"drop_highest": 0, "drop_lowest": 1, "min_remaining": 2, "round": TWO},
            module={"round": EXACT},
            total={"round": TWO},
            scale={"kind": "worldskills", "centre": 700, "spread": 30},
            ranking={
                "by": "total",
                "tie_break": [{"key": "module", "module": "M3", "order": "descending"}],
                "ties": "shared",
            },
            awards={"kind": "tiers", "tiers": tiers},
        ),
        "modules": modules,
        "entries": [{"code": code, "status": "competed"} for code in codes],
        "marks": [
            a_mark(aspect["id"], code, f"J{seat}", said)
            for code in codes
            for aspect in aspects
            for seat, said in enumerate(_said(aspect, luck))
        ],
    }


def _aspect(at: int) -> Document:
    """Return the aspect of a place: mostly panels and judgements, a gate in every module."""
    kinds = ("panel", "judgement", "points", "panel", "judgement", "measurement")
    found: Document = {"id": f"A{at}", "kind": kinds[at % len(kinds)], "max": "10"}
    if at % 30 == 29:
        return {"id": f"A{at}", "kind": "gate", "zeroes": [f"A{at - 1}", f"A{at - 2}"]}
    if found["kind"] == "measurement":
        found["calculation"] = {"kind": "deduct", "per_error": "0.25"}
    return found


def _said(aspect: Document, luck: Random) -> Iterator[str]:
    """Yield what three judges say: a panel differs, judgements are near, the rest agrees."""
    if aspect["kind"] == "panel":
        yield from (f"{luck.randint(0, 1000) / 100:.2f}" for _ in range(JUDGES))
    elif aspect["kind"] == "judgement":
        low = luck.randint(0, 2)
        yield from (str(luck.randint(low, low + 1)) for _ in range(JUDGES))
    elif aspect["kind"] == "gate":
        yield from ["0" if luck.random() < 0.1 else "1"] * JUDGES
    else:
        yield from [str(luck.randint(0, 10))] * JUDGES
