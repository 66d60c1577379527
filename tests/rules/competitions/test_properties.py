"""What holds for every event: order does not matter, more is never less."""

from copy import deepcopy
from fractions import Fraction
from random import Random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.bundle import Bundle
from competitions.rules.standings import standings
from competitions.rules.totals import Counter, deductions_of, totals
from tests.builders.bundles import RandomBundle

seeds = st.integers(0, 10**9)


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


class TestRaising:
    @given(seeds, st.integers(0, 10**9))
    def test_a_value_never_lowers_total_or_rank_without_a_scale(self, seed, at):
        document = sound(seed)
        document["rule_set"]["scale"] = {"kind": "none"}
        document["rule_set"]["ranking"] = {"by": "total", "ties": "shared"}
        aspects = {
            aspect["id"]: aspect for module in document["modules"] for aspect in module["aspects"]
        }
        competed = {entry["code"] for entry in document["entries"] if entry["status"] == "competed"}
        raisable = [
            mark
            for mark in document["marks"]
            if mark["code"] in competed
            and "value" in mark
            and aspects[mark["aspect"]]["kind"] == "panel"
            and float(mark["value"]) + 0.01 <= float(aspects[mark["aspect"]]["max"])
        ]
        if not raisable:
            return
        mark = raisable[at % len(raisable)]
        before = by_code(document)[mark["code"]]
        mark["value"] = aspects[mark["aspect"]]["max"]

        after = by_code(document)[mark["code"]]

        assert Fraction(after["total"]) >= Fraction(before["total"])
        assert after["rank"] <= before["rank"]


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
