"""Two calculators, written apart, over the same random events of every kind.

`XIANGJIANG_TEST_BUNDLES=10000` asks for more of them.
"""

import json
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from competitions.recount.__main__ import recount
from competitions.rules.standings import standings_of
from tests.builders.bundles import RandomBundle

BUNDLES = int(os.environ.get("XIANGJIANG_TEST_BUNDLES", "1000"))
FEW = 100


def differ(seed):
    """Tell whether the two answer differently; only the words of problems may."""
    raw = json.dumps(RandomBundle(seed).document()).encode()
    ours, theirs = standings_of(raw), recount(raw)
    if ours["problems"] and theirs["problems"]:
        return False
    return ours != theirs


class TestCalculators:
    def test_agree_on_random_events(self):
        """Other processes count: they use both cores, and measuring coverage does not slow them."""
        seeds = range(BUNDLES)
        with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
            answers = list(pool.map(differ, seeds, chunksize=50))

        assert [seed for seed, differs in zip(seeds, answers, strict=True) if differs] == []

    def test_meet_events_of_every_kind(self):
        """The generator does reach what is hard: ties, scales, gates, problems, awards."""
        answers = [
            standings_of(json.dumps(RandomBundle(seed).document()).encode()) for seed in range(FEW)
        ]
        lines = [line for answer in answers for line in answer["standings"]]

        assert any(answer["problems"] for answer in answers)
        assert any(line["undecided"] for line in lines)
        assert any("/" in (line["total"] or "") for line in lines)
        assert {"gold", "silver", "bronze", "medallion"} <= {line["award"] for line in lines}
        assert any(line["scale"] not in (None, 700) for line in lines)
