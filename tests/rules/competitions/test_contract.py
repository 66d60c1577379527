"""contracts.md §1 and §2 as an outsider tries them: both programs, run as programs."""

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.recount.__main__ import recount
from competitions.rules.standings import standings_of
from tests.builders.bundles import RandomBundle, a_bundle, a_field, a_mark

ROOT = Path(__file__).resolve().parents[3]
STANDINGS = ("app", "standings")
RECOUNT = ("competitions.recount",)
PROGRAMS = pytest.mark.parametrize("program", [STANDINGS, RECOUNT], ids=lambda words: words[-1])

THE_EXAMPLE: dict[str, Any] = {
    "format": "marks-bundle/1",
    "event": {"id": "e1", "name": "砌筑"},
    "rule_set": {
        "id": "rural-2026",
        "version": 1,
        "panel": {
            "drop_highest": 1,
            "drop_lowest": 1,
            "min_remaining": 3,
            "round": {"decimals": 2, "mode": "half_up"},
        },
        "factored": {"round": {"decimals": 2, "mode": "half_up"}},
        "aspect": {"round": "exact"},
        "module": {"round": "exact"},
        "total": {"round": {"decimals": 2, "mode": "half_up"}},
        "judgement": {"max_spread": 1},
        "scale": {"kind": "none"},
        "ranking": {
            "by": "total",
            "tie_break": [
                {"key": "time", "module": "B", "order": "ascending"},
                {"key": "module", "module": "B", "order": "descending"},
            ],
            "ties": "shared",
        },
        "awards": {
            "kind": "tiers",
            "tiers": [
                {"label": "金牌", "basis": "rank", "to": 1},
                {"label": "银牌", "basis": "rank", "to": 2},
                {"label": "铜牌", "basis": "rank", "to": 3},
                {"label": "优胜奖", "basis": "fraction_of_field", "to": "1/2", "round": "down"},
            ],
        },
    },
    "modules": [
        {
            "id": "A",
            "name": "理论",
            "weight": "20",
            "aspects": [{"id": "A1", "kind": "points", "max": "100"}],
        },
        {
            "id": "B",
            "name": "实操",
            "weight": "80",
            "aspects": [
                {"id": "B1", "kind": "measurement", "max": "2"},
                {"id": "B2", "kind": "judgement", "max": "3"},
                {"id": "B3", "kind": "panel", "max": "10", "factor": "0.8"},
            ],
        },
    ],
    "entries": [{"code": "017", "delegation": "520000", "status": "competed"}],
    "marks": [
        a_mark("A1", "017", "J1", "88"),
        a_mark("B1", "017", "J1", "2"),
        *(a_mark("B2", "017", f"J{at}", "2") for at in range(1, 4)),
        *(
            a_mark("B3", "017", f"J{at}", value)
            for at, value in enumerate(["8.25", "missing", "8", "9", "7.5", "8.1"], start=1)
        ),
    ],
    "deductions": [{"code": "017", "module": "B", "points": "0.5", "reason": "迟到"}],
    "times": [{"code": "017", "module": "B", "seconds": 9120}],
}
"""A: 88 x 20/100 = 17.6. B: (2 + 3 x 2/3 + 6.5) x 80/13 - 0.5 = 64.115..., with B3 the mean of
8, 8.1, 8.25 (8.1166...: 8.12) times 0.8 (6.496: 6.50)."""
DIGEST = "3704ee333510bb963cf716933f89c0488c5a1f397163147927ad6bc5328bc055"


def run(program, *arguments):
    """Run a calculator as anyone does."""
    return subprocess.run(
        [sys.executable, "-m", *program, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=60,
    )


def asked(program, folder, content):
    """Run a calculator over a file; return its exit code and the one document it printed."""
    path = folder / "bundle.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    done = run(program, path)
    assert b"Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


@PROGRAMS
class TestPrograms:
    def test_print_the_standings(self, program, tmp_path):
        code, answer = asked(program, tmp_path, THE_EXAMPLE)

        assert (code, answer) == (
            0,
            {
                "format": "standings/1",
                "event": {"id": "e1", "name": "砌筑"},
                "rule_set": {
                    "id": "rural-2026",
                    "version": 1,
                    "sha256": DIGEST,
                },
                "standings": [
                    {
                        "code": "017",
                        "modules": {"A": "17.6", "B": "1667/26"},
                        "total": "81.72",
                        "scale": None,
                        "rank": 1,
                        "undecided": False,
                        "award": "金牌",
                        "status": "competed",
                    }
                ],
                "problems": [],
            },
        )

    def test_print_one_document_for_what_is_no_bundle_too(self, program, tmp_path):
        code, answer = asked(program, tmp_path, b"[" * 5000)

        assert code == 1
        assert answer["standings"] == []
        assert [set(problem) for problem in answer["problems"]] == [{"code", "where", "text"}]

    def test_refuse_a_file_that_is_not_there(self, program, tmp_path):
        done = run(program, tmp_path)

        assert done.returncode == 1
        assert [one["code"] for one in json.loads(done.stdout)["problems"]] == ["unreadable"]

    def test_say_how_they_are_used(self, program):
        assert [run(program, *words).returncode for words in ([], ["--help"])] == [2, 0]


def both(document):
    """Return what both say of a document, in this process."""
    raw = json.dumps(document).encode()
    return standings_of(raw), recount(raw)


class TestJson:
    @pytest.mark.parametrize(
        "content",
        [b"", b"[]", b"\xff", b"\xef\xbb\xbf{}", b'{"event": ' * 5000, b"{}", b"1", b"NaN"],
        ids=lambda content: repr(content[:8]),
    )
    def test_that_is_no_bundle_is_refused(self, content):
        for answer in (standings_of(content), recount(content)):
            assert answer["problems"]
            assert answer["standings"] == []

    def test_that_is_deep_or_huge_is_refused(self):
        deep = json.dumps(THE_EXAMPLE | {"event": 0}).replace(
            '"event": 0', '"event": ' + "[" * 900 + "]" * 900
        )
        huge = json.dumps(THE_EXAMPLE).replace('"version": 1', '"version": 1' + "0" * 30)

        for raw in (deep.encode(), huge.encode()):
            for answer in (standings_of(raw), recount(raw)):
                assert answer["problems"]
                json.dumps(answer, indent=1)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('"version": 1', '"version": 1, "version": 1'),
            ('"value": "88"', '"value": "88", "value": "88"'),
            ('"judge": "J1"', '"judge": "J1", "judge": "J2"'),
            ('"state": "missing"', '"state": "missing", "state": "missing"'),
            ('"marks": [', '"marks": [], "marks": ['),
            ('"value": "88"', '"value": "88", "\\u0076alue": "88"'),
            ('"018"', '"\\ud800"'),
        ],
    )
    def test_that_says_a_key_twice_or_half_a_character_is_refused(self, old, new):
        raw = json.dumps(THE_EXAMPLE | {"event": {"id": "018", "name": "x"}}).replace(old, new, 1)

        for answer in (standings_of(raw.encode()), recount(raw.encode())):
            assert [one["code"] for one in answer["problems"]] == ["unreadable"]

    def test_may_be_written_with_blanks_and_escapes(self):
        plain = standings_of(json.dumps(THE_EXAMPLE).encode())
        for raw in (
            json.dumps(THE_EXAMPLE, indent=3).encode(),
            json.dumps(THE_EXAMPLE).replace('"judge"', '"\\u006audge"').encode(),
        ):
            assert standings_of(raw) == recount(raw) == plain


class TestOptionalKeys:
    def test_mean_what_they_mean_where_they_are_left_out(self):
        bare, told = deepcopy(THE_EXAMPLE), deepcopy(THE_EXAMPLE)
        del bare["deductions"], bare["times"], bare["rule_set"]["ranking"]["tie_break"]
        del bare["entries"][0]["delegation"], bare["modules"][1]["aspects"][2]["factor"]
        told |= {"deductions": [], "times": [], "results": []}
        told["rule_set"]["ranking"]["tie_break"] = []
        told["rule_set"]["judgement"]["min_judges"] = 3
        told["modules"][1]["aspects"][2]["factor"] = "1"

        answers = [answer["standings"] for one in (bare, told) for answer in both(one)]

        assert answers[0]
        assert all(answer == answers[0] for answer in answers)

    @pytest.mark.parametrize("name", sorted(THE_EXAMPLE.keys() - {"deductions", "times"}))
    def test_are_no_others(self, name):
        ours, theirs = both({key: one for key, one in THE_EXAMPLE.items() if key != name})

        assert ours["problems"]
        assert theirs["problems"]


class TestNames:
    @pytest.mark.parametrize(
        "name", ["砌筑　职工组", "\ue000某", "Maçonnerie (A/B) №1", "a b", "007"]
    )
    def test_may_be_anything_that_people_write(self, name):
        bundle = a_field([90], event={"id": name, "name": name})
        bundle["entries"][0]["code"] = bundle["marks"][0]["code"] = name

        ours, theirs = both(bundle)

        assert ours["problems"] == []
        assert ours == theirs


VALUES: tuple[Any, ...] = (
    *(
        None,
        "",
        "x",
        0,
        -1,
        3,
        10**12,
        10**40,
        True,
        [],
        {},
        "\u3000",
        "a\tb",
        "砌筑　一",
        "\u200b",
    ),
    *("0", "-0", "-1", "1.5", "00", "1.", ".5", "+1", "1.00000", "1e3", "NaN", " 1", "1\n", "１"),
    *("1/3", "2/2", "3/2", "123456789012", "1234567890123", "99999999.9999", "9" * 40, "101"),
    *("exact", {"decimals": 12, "mode": "down"}, {"decimals": 13, "mode": "half_up"}, [{}]),
    *("competed", "missing", "not_attempted", "none", "half_even", "descending"),
)
ADDED = (
    "x",
    "weight",
    "factor",
    "min_score",
    "field_at_least",
    "reason",
    "delegation",
    "min_judges",
)


def places(found):
    """Every object or list of a document with each of its keys."""
    for key, value in list(found.items() if isinstance(found, dict) else enumerate(found)):
        yield found, key
        if isinstance(value, dict | list):
            yield from places(value)


def damage(document, luck):
    """Change one thing of a document, whatever comes of it."""
    holder, key = luck.choice(list(places(document)))
    how = luck.randrange(6)
    if how == 0:
        del holder[key]
    elif how == 1 and isinstance(holder, list):
        holder.append(deepcopy(holder[key]))
    elif how == 2 and isinstance(holder[key], dict):
        holder[key][luck.choice(ADDED)] = luck.choice(["1", 1, None])
    else:
        holder[key] = luck.choice(VALUES)


class TestDamage:
    @given(st.integers(0, 10**9))
    def test_of_any_kind_is_refused_by_both_or_changes_the_result_of_both(self, seed):
        luck = Random(seed)
        document = RandomBundle(luck.randrange(500), is_sound=True).document()
        names = ("code", "total", "scale", "rank", "award")
        document["results"] = [
            {name: line[name] for name in names} for line in both(document)[0]["standings"]
        ]
        damage(document, luck)
        ours, theirs = both(document)

        refused = [problem for problem in theirs["problems"] if problem["code"] != "differs"]
        assert bool(ours["problems"]) == bool(refused)
        assert ours["problems"] or theirs["problems"] or ours == theirs


class TestPublishedResults:
    def published(self, **changes):
        bundle = a_field([90, 80, 70])
        bundle["entries"].append({"code": "004", "status": "absent"})
        names = ("code", "total", "scale", "rank", "award")
        bundle["results"] = [
            {name: line[name] for name in names} for line in both(bundle)[0]["standings"]
        ]
        bundle["results"][0] |= changes
        return bundle

    def test_that_are_right_are_confirmed(self):
        for changes in ({}, {"total": "90.00"}):
            assert both(self.published(**changes))[1]["problems"] == []

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            *(("total", "90.01"), ("total", None), ("total", "90,0"), ("total", "1/0")),
            *(("total", "1e999999999"), ("rank", 2), ("rank", None), ("scale", 700)),
            ("award", "金牌"),
        ],
    )
    def test_that_differ_are_named(self, name, value):
        found = both(self.published(**{name: value}))[1]

        assert found["standings"] == []
        assert [(one["code"], one["where"]) for one in found["problems"]] == [("differs", "001")]
        assert name in found["problems"][0]["text"]

    def test_that_leave_somebody_out_differ(self):
        bundle = self.published()
        del bundle["results"][1]

        assert [one["where"] for one in both(bundle)[1]["problems"]] == ["002"]

    def test_that_leave_out_who_did_not_compete_are_right(self):
        bundle = self.published()
        del bundle["results"][-1]

        assert both(bundle)[1]["problems"] == []

    def test_do_not_matter_to_the_product(self):
        assert both(self.published(rank=3))[0]["problems"] == []

    def test_of_nobody_are_refused_by_both(self):
        bundle = a_bundle({"id": "A1", "kind": "points", "max": "9"}, codes="001")
        bundle["marks"] = [a_mark("A1", "001", "J1", "9")]
        bundle["results"] = [{"code": "002", "total": "9", "scale": None, "rank": 1, "award": None}]

        assert all(answer["problems"] for answer in both(bundle))
