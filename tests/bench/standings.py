"""Standings of 2,000 contestants by 120 aspects by 3 judges, from all 720,000 marks."""

import json
from collections import defaultdict
from random import Random
from typing import Any

import msgspec

from competitions.rules.bundle import Bundle
from competitions.rules.ranking import ranking
from competitions.rules.standings import count, standings_of
from competitions.rules.totals import Counter, totals
from tests.bench.measuring import Figure, interleaved

CONTESTANTS, MODULES, ASPECTS, JUDGES = 2000, 4, 30, 3
CENTS = {"decimals": 2, "mode": "half_up"}
WEIGHT, MOST = 25, 10
UPDATES = 20

Tuples = list[tuple[int, int, int, int]]
"""Contestant, module, aspect and a value in hundredths."""


def tuples() -> Tuples:
    """Every mark, 0 to 10 in hundredths, the same each time."""
    luck = Random(20260801)
    return [
        (contestant, aspect // ASPECTS, aspect, luck.randint(0, 1000))
        for contestant in range(CONTESTANTS)
        for aspect in range(MODULES * ASPECTS)
        for _ in range(JUDGES)
    ]


def bundle(marks: Tuples) -> dict[str, Any]:
    """An event of the size of the goal, in the format that is published."""
    return {
        "format": "marks-bundle/1",
        "event": {"id": "bench", "name": "砌筑"},
        "rule_set": {
            "id": "bench",
            "version": 1,
            "panel": {"drop_highest": 0, "drop_lowest": 0, "min_remaining": 3, "round": CENTS},
            "factored": {"round": CENTS},
            "aspect": {"round": "exact"},
            "module": {"round": CENTS},
            "total": {"round": CENTS},
            "judgement": {"max_spread": 1},
            "scale": {"kind": "none"},
            "ranking": {"by": "total", "tie_break": [], "ties": "shared"},
            "awards": {"kind": "none"},
        },
        "modules": [
            {
                "id": f"M{module}",
                "name": f"模块{module}",
                "weight": str(WEIGHT),
                "aspects": [
                    {"id": f"A{module * ASPECTS + at}", "kind": "panel", "max": str(MOST)}
                    for at in range(ASPECTS)
                ],
            }
            for module in range(MODULES)
        ],
        "entries": [{"code": f"{at:04d}", "status": "competed"} for at in range(CONTESTANTS)],
        "marks": [
            {
                "aspect": f"A{aspect}",
                "code": f"{contestant:04d}",
                "judge": f"J{place % JUDGES}",
                "value": f"{value / 100:.2f}",
            }
            for place, (contestant, _, aspect, value) in enumerate(marks)
        ],
    }


def bare_totals(marks: Tuples) -> dict[int, int]:
    """The same arithmetic and nothing else: panel means, weighted modules, sums, in hundredths."""
    cells: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for contestant, module, aspect, value in marks:
        cells[contestant, module, aspect].append(value)
    modules: dict[tuple[int, int], int] = defaultdict(int)
    for (contestant, module, _), values in cells.items():
        modules[contestant, module] += (2 * sum(values) + len(values)) // (2 * len(values))
    most = MOST * ASPECTS
    found: dict[int, int] = defaultdict(int)
    for (contestant, _), points in modules.items():
        found[contestant] += (2 * WEIGHT * points + most) // (2 * most)
    return found


def bare_from_json(raw: bytes) -> dict[int, int]:
    """The same from the published document, taken for granted."""
    return bare_totals(
        [
            (
                int(mark["code"]),
                int(mark["aspect"][1:]) // ASPECTS,
                int(mark["aspect"][1:]),
                int(mark["value"].replace(".", "")),
            )
            for mark in json.loads(raw)["marks"]
        ]
    )


def bare_ranks(points: dict[int, int]) -> dict[int, int]:
    """Contestants and their ranks, best first; equals share one."""
    ranks: dict[int, int] = {}
    rank, last = 0, None
    for number, at in enumerate(sorted(points, key=points.__getitem__, reverse=True), start=1):
        if points[at] != last:
            rank, last = number, points[at]
        ranks[at] = rank
    return ranks


def figures() -> list[Figure]:
    """Compare the rules with the barest arithmetic on the same marks."""
    marks = tuples()
    raw = json.dumps(bundle(marks), ensure_ascii=False).encode()
    read = msgspec.json.decode(raw, type=Bundle)
    expected = bare_totals(marks)
    answer = standings_of(raw)
    assert not answer["problems"], answer["problems"][:3]
    assert {line["code"]: line["total"] for line in answer["standings"]} == {
        f"{at:04d}": f"{points / 100:.2f}" for at, points in expected.items()
    }
    return [
        Figure(
            "standings of a published bundle, 720,000 marks",
            *interleaved(
                lambda: standings_of(raw), lambda: bare_ranks(bare_from_json(raw)), rounds=3
            ),
            0.5,
            "bare: json.loads, the same arithmetic, no check",
        ),
        Figure(
            "standings of marks in memory, 720,000 marks",
            *interleaved(lambda: count(read), lambda: bare_ranks(bare_totals(marks)), rounds=3),
            0.5,
            "bare: the same arithmetic over tuples of numbers",
        ),
        one_update(read, marks),
    ]


def one_update(read: Bundle, marks: Tuples) -> Figure:
    """One mark changes: its entry is counted anew from its own marks, then all are ranked."""
    counter = Counter.of(read.modules, read.rule_set)
    entries, _ = totals(read, counter)
    of_one = [mark for mark in read.marks if mark.code == "0700"]
    bare_of_one = [mark for mark in marks if mark[0] == 700]
    points = bare_totals(marks)

    def own() -> None:
        for _ in range(UPDATES):
            entries[700], _ = counter.total_of_marks("0700", of_one)
            ranking(counter, entries, ())

    def bare() -> None:
        for _ in range(UPDATES):
            points[700] = bare_totals(bare_of_one)[700]
            bare_ranks(points)

    own_seconds, bare_seconds = interleaved(own, bare)
    return Figure(
        "one mark's update among 2,000 contestants",
        own_seconds / UPDATES,
        bare_seconds / UPDATES,
        0.1,
        f"{own_seconds / UPDATES * 1000:.1f} ms; bare: the entry's sum and everybody's rank",
    )
