"""What holds for every event: order does not matter, more is never less."""

from copy import deepcopy
from fractions import Fraction
from math import ceil, floor
from random import Random
from types import MappingProxyType

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from competitions.rules.bundle import Bundle
from competitions.rules.standings import standings
from competitions.rules.totals import Counter, deductions_of, totals
from tests.builders.bundles import Document, RandomBundle

seeds = st.integers(0, 10**9)
HALF = Fraction(1, 2)


def sound(seed):
    return RandomBundle(seed, is_sound=True).document()


def by_code(document):
    found = standings(document)
    assert not found["problems"], found["problems"]
    return {line["code"]: line for line in found["standings"]}


class TestPermutation:
    @given(seeds)
    def test_of_marks_judges_and_entries_changes_nothing(self, seed):
        document, luck = sound(seed), Random(seed)
        mixed = deepcopy(document)
        for name in ("marks", "entries", "deductions", "times"):
            luck.shuffle(mixed.get(name, []))
        judges = sorted({mark["judge"] for mark in mixed["marks"]})
        renamed = dict(zip(judges, luck.sample(judges, len(judges)), strict=True))
        for mark in mixed["marks"]:
            mark["judge"] = renamed[mark["judge"]]

        assert standings(mixed) == standings(document)

    @given(seeds)
    def test_of_names_of_entries_changes_only_their_order(self, seed):
        document = sound(seed)
        for name in ("entries", "marks", "deductions", "times"):
            for item in document.get(name, []):
                item["code"] = f"{999 - int(item['code']):03d}"
        renamed = by_code(document)

        for code, line in by_code(sound(seed)).items():
            other = renamed[f"{999 - int(code):03d}"]
            assert {**line, "code": ""} == {**other, "code": ""}


def raisable(document):
    """Every mark that may be raised and stay valid, with the value it may take.

    Points and plain measurements to the maximum, a panel's value too, a judgement by one step.
    """
    aspects = {one["id"]: one for module in document["modules"] for one in module["aspects"]}
    said: dict[tuple[str, str], list[Document]] = {}
    for mark in document["marks"]:
        said.setdefault((mark["aspect"], mark["code"]), []).append(mark)
    competed = {entry["code"] for entry in document["entries"] if entry["status"] == "competed"}
    for mark in document["marks"]:
        aspect, cell = aspects[mark["aspect"]], said[mark["aspect"], mark["code"]]
        if mark["code"] not in competed or "value" not in mark:
            continue
        if aspect["kind"] == "judgement":
            value = int(mark["value"]) + 1
            values = [int(one["value"]) for one in cell if one is not mark and "value" in one]
            widest = document["rule_set"]["judgement"]["max_spread"]
            if value <= 3 and all(value - other <= widest for other in values):
                yield mark, str(value)
        elif aspect["kind"] == "panel" or (
            aspect["kind"] in {"points", "measurement"}
            and "calculation" not in aspect
            and len(cell) == 1
        ):
            yield mark, aspect["max"]


class TestRaising:
    @given(seeds, st.integers(0, 10**9))
    def test_a_value_never_lowers_total_or_rank_without_a_scale(self, seed, at):
        document = sound(seed)
        ranking = document["rule_set"]["ranking"]
        document["rule_set"]["scale"] = {"kind": "none"}
        document["rule_set"]["ranking"] = {
            "by": "total",
            "ties": "shared",
            "tie_break": [
                key
                for key in ranking.get("tie_break", ())
                if key["order"] == "descending" or key["key"] in {"time", "deductions"}
            ],
        }
        marks = list(raisable(document))
        assume(marks)
        mark, value = marks[at % len(marks)]
        before = by_code(document)[mark["code"]]
        mark["value"] = value

        after = by_code(document)[mark["code"]]

        assert Fraction(after["total"]) >= Fraction(before["total"])
        assert after["rank"] <= before["rank"]


class TestTiers:
    """Whoever has an award had a place in it, or shares a rank with somebody who had."""

    MODES = MappingProxyType({"up": ceil, "down": floor, "half_up": lambda at: floor(at + HALF)})

    def most(self, tier, field):
        """How many a tier has room for: from the top, or from the first open rank for a share."""
        if tier["basis"] == "rank":
            return tier["to"]
        if tier["basis"] == "score":
            return field
        share = Fraction(tier["to"])
        share /= 100 if tier["basis"] == "percent_of_field" else 1
        return self.MODES[tier["round"]](field * share)

    @given(seeds)
    def test_never_exceed_their_room_but_by_ties(self, seed):
        document = sound(seed)
        luck = Random(seed)
        makers = [RandomBundle(luck.randrange(10**6)) for _ in range(luck.randint(1, 4))]
        tiers = [maker.tier(at) for at, maker in enumerate(makers)]
        document["rule_set"]["awards"] = {"kind": "tiers", "tiers": tiers}
        document["rule_set"]["ranking"]["ties"] = "shared"
        lines = [line for line in by_code(document).values() if line["rank"]]

        for tier in tiers:
            for line in lines:
                if line["award"] == tier["label"]:
                    same = [
                        other
                        for other in lines
                        if tier["basis"] != "percent_of_field" or other["award"] == tier["label"]
                    ]
                    better = [other for other in same if other["rank"] < line["rank"]]
                    assert len(better) < self.most(tier, len(lines))


class TestMissing:
    @given(seeds)
    def test_values_of_a_panel_are_neither_counted_nor_dropped(self, seed):
        """A judge more who gives nothing changes nothing."""
        document = sound(seed)
        extra = deepcopy(document)
        shared = {
            aspect["id"]
            for module in document["modules"]
            for aspect in module["aspects"]
            if aspect["kind"] in {"panel", "judgement"}
        }
        valued = {(mark["aspect"], mark["code"]) for mark in document["marks"] if "value" in mark}
        extra["marks"] += [
            {"aspect": aspect, "code": code, "judge": "J99", "state": "missing"}
            for aspect, code in sorted(valued)
            if aspect in shared
        ]

        assert standings(extra)["standings"] == standings(document)["standings"]


class TestOneEntry:
    @given(seeds)
    def test_counted_alone_is_counted_the_same(self, seed):
        bundle = msgspec.convert(sound(seed), Bundle)
        counter = Counter.of(bundle.modules, bundle.rule_set)
        deductions = deductions_of(bundle)

        together, _ = totals(bundle, counter)

        for total in together:
            own = [mark for mark in bundle.marks if mark.code == total.code]
            alone, problems = counter.total_of_marks(
                total.code, own, deductions.get(total.code, {})
            )
            assert (alone, problems) == (total, [])


class TestPlaces:
    @given(seeds)
    def test_are_one_more_than_those_who_are_better(self, seed):
        document = sound(seed)
        document["rule_set"]["ranking"] = {"by": "total", "ties": "shared"}
        lines = [line for line in by_code(document).values() if line["rank"]]

        for line in lines:
            better = [
                other for other in lines if Fraction(other["total"]) > Fraction(line["total"])
            ]
            assert line["rank"] == len(better) + 1
