"""The result document, `standings/1` (contracts.md §2), as outsiders hold it."""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any, ClassVar

from app.commands import standings as command
from competitions.rules.standings import sha256_of, standings, standings_of, undecided
from tests.builders.bundles import a_field, a_rule_set

GOLDEN = Path(__file__).parents[2] / "golden"


def run(path, capfdbinary):
    parser = argparse.ArgumentParser()
    command.add(parser.add_subparsers())
    arguments = parser.parse_args(["standings", str(path)])
    code = arguments.run(arguments)
    return code, json.loads(capfdbinary.readouterr().out)


class TestDocument:
    def test_is_as_published(self, golden):
        """An event with theory and practice, five judges, a gate, a tie and an absence."""
        raw = (GOLDEN / "bundle-rural.json").read_bytes()

        found = standings_of(raw)

        golden("standings-rural.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n")

    def test_puts_who_did_not_compete_last_with_nulls(self):
        bundle = a_field([80, 90, 70])
        bundle["entries"][0]["status"] = "withdrawn"
        bundle["entries"].insert(0, {"code": "000", "status": "absent", "delegation": "520000"})

        found = standings(bundle)["standings"]

        assert [line["code"] for line in found] == ["002", "003", "000", "001"]
        assert found[2] == {
            "code": "000",
            "modules": None,
            "total": None,
            "scale": None,
            "rank": None,
            "undecided": False,
            "award": None,
            "status": "absent",
        }

    def test_of_an_event_without_entries_is_empty_and_sound(self):
        found = standings(a_field([]))

        assert (found["standings"], found["problems"]) == ([], [])

    def test_with_a_problem_has_no_standings(self):
        found = standings(a_field([100_000, 5]))

        assert found["standings"] == []
        assert found["problems"] == [
            {"code": "value", "where": "marks A1/001/J1", "text": "高于评分点的满分"}
        ]

    def test_echoes_the_event_and_names_the_rule_set(self):
        found = standings(a_field([5]))

        assert found["event"] == {"id": "e1", "name": "砌筑"}
        assert found["rule_set"] == {"id": "plain", "version": 1, "sha256": sha256_of(a_rule_set())}


class TestHash:
    def test_is_over_the_canonical_form(self):
        """RFC 8785: keys sorted, no blanks, UTF-8; worked out by hand here."""
        text = '{"a":"金","b":[1,{"c":true,"d":null}]}'

        found = sha256_of({"b": [1, {"d": None, "c": True}], "a": "金"})

        assert found == hashlib.sha256(text.encode()).hexdigest()

    def test_sees_the_document_and_not_its_meaning(self):
        """An optional key that states its default is another document."""
        stated = a_rule_set(judgement={"max_spread": 1, "min_judges": 3})

        assert sha256_of(stated) != sha256_of(a_rule_set())


class TestCommand:
    def test_prints_the_result_and_ends_well(self, capfdbinary, tmp_path):
        path = tmp_path / "bundle.json"
        path.write_text(json.dumps(a_field([5])), encoding="utf-8")

        code, found = run(path, capfdbinary)

        assert (code, found) == (0, standings(a_field([5])))

    def test_prints_the_problems_of_a_bundle_that_does_not_count(self, capfdbinary, tmp_path):
        path = tmp_path / "bundle.json"
        path.write_text(json.dumps(a_field(["1e3"])), encoding="utf-8")

        code, found = run(path, capfdbinary)

        assert (code, len(found["problems"])) == (1, 1)

    def test_prints_a_result_even_of_nothing(self, capfdbinary, tmp_path):
        for path in (tmp_path, tmp_path / "missing.json"):
            code, found = run(path, capfdbinary)

            assert code == 1
            assert found["format"] == "standings/1"
            assert found["problems"][0]["code"] == "unreadable"


class TestUndecided:
    FORBIDDEN: ClassVar = {"ranking": {"by": "total", "tie_break": [], "ties": "forbidden"}}

    def test_names_each_group_of_equals(self):
        bundle = a_field([80, 90, 90, 70, 80, 80], rules=self.FORBIDDEN)

        assert undecided(bundle) == [["002", "003"], ["001", "005", "006"]]

    def test_is_nobody_once_all_are_parted(self):
        bundle = a_field([80, 90, 90], rules=self.FORBIDDEN)

        assert undecided(bundle, [("003", "002")]) == []

    def test_is_nobody_where_ties_are_shared_or_the_bundle_does_not_count(self):
        assert undecided(a_field([90, 90])) == []
        assert undecided({"format": "marks-bundle/2"}) == []


def test_a_rule_set_without_a_canonical_form_has_no_hash():
    assert sha256_of({"number": 2**60}) is None
    deep: dict[str, Any] = {}
    for _ in range(5000):
        deep = {"deeper": deep}
    assert sha256_of(deep) is None
