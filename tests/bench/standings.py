"""Standings of 2,000 contestants by 120 aspects by 3 judges, from all 720,000 marks."""

from typing import Any

from competitions.rules.standings import standings
from tests.bench.measuring import Figure, interleaved

CONTESTANTS, MODULES, ASPECTS, JUDGES = 2000, 4, 30, 3


def value(contestant: int, aspect: int, judge: int) -> int:
    """A mark in hundredths, 0 to 10, the same each time."""
    return (contestant * 7919 + aspect * 104_729 + judge * 31) % 1001


def bundle() -> dict[str, Any]:
    """An event of the size of the goal, in the format that is published."""
    cents = {"decimals": 2, "mode": "half_up"}
    aspects = [[f"M{m}A{a}" for a in range(ASPECTS)] for m in range(MODULES)]
    codes = [f"{number:04d}" for number in range(CONTESTANTS)]
    names = [name for names in aspects for name in names]
    return {
        "format": "marks-bundle/1",
        "event": {"id": "bench", "name": "砌筑"},
        "rule_set": {
            "id": "bench",
            "version": 1,
            "panel": {"drop_highest": 0, "drop_lowest": 0, "min_remaining": 3, "round": cents},
            "factored": {"round": cents},
            "aspect": {"round": "exact"},
            "module": {"round": "exact"},
            "total": {"round": cents},
            "judgement": {"max_spread": 1},
            "scale": {"kind": "none"},
            "ranking": {"by": "total", "tie_break": [], "ties": "shared"},
            "awards": {"kind": "none"},
        },
        "modules": [
            {
                "id": f"M{number}",
                "name": f"模块{number}",
                "weight": "25",
                "aspects": [{"id": name, "kind": "panel", "max": "10"} for name in group],
            }
            for number, group in enumerate(aspects)
        ],
        "entries": [{"code": code, "status": "competed"} for code in codes],
        "marks": [
            {
                "aspect": name,
                "code": code,
                "judge": f"J{judge}",
                "value": f"{value(contestant, place, judge) / 100:.2f}",
            }
            for contestant, code in enumerate(codes)
            for place, name in enumerate(names)
            for judge in range(JUDGES)
        ],
    }


def figures() -> list[Figure]:
    """Compare the rules on the whole bundle with sums over bare tuples."""
    document = bundle()
    tuples = [
        (contestant, value(contestant, aspect, judge))
        for contestant in range(CONTESTANTS)
        for aspect in range(MODULES * ASPECTS)
        for judge in range(JUDGES)
    ]

    def bare() -> list[int]:
        sums = [0] * CONTESTANTS
        for contestant, mark in tuples:
            sums[contestant] += mark
        return sorted(range(CONTESTANTS), key=sums.__getitem__, reverse=True)

    answer = standings(document)
    assert not answer["problems"], answer["problems"][:3]
    own, floor = interleaved(lambda: standings(document), bare, rounds=3)
    return [Figure("standings, 720,000 marks", own, floor, 0.5, "from the published bundle")]
