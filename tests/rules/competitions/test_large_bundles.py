"""A million marks: both programs, run as programs, print the same bytes or name what is wrong.

The gate takes a small event; `python -m tests bundles` asks for 3,000 entries: 1,080,000 marks.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders.large_bundles import MARKS_OF_ONE, a_large_bundle

ROOT = Path(__file__).resolve().parents[3]
ENTRIES = int(os.environ.get("XIANGJIANG_TEST_ENTRIES", "40"))
PROGRAMS = (("app", "standings"), ("competitions.recount",))


@pytest.fixture(scope="module")
def bundle():
    """The whole event, made once."""
    return a_large_bundle(ENTRIES)


def asked(folder, document):
    """Run both calculators over a document; return the code and the bytes of each."""
    path = folder / "bundle.json"
    path.write_text(json.dumps(document, ensure_ascii=False))
    found = [
        subprocess.run(
            [sys.executable, "-m", *program, path], cwd=ROOT, capture_output=True, check=False
        )
        for program in PROGRAMS
    ]
    assert [done.stderr for done in found] == [b"", b""]
    return [(done.returncode, done.stdout) for done in found]


class TestAnEventOfAnySize:
    def test_gives_the_same_bytes_from_both_programs(self, bundle, tmp_path):
        (code, ours), (_, theirs) = asked(tmp_path, bundle)

        assert code == 0
        assert ours == theirs
        lines = json.loads(ours)["standings"]
        assert len(lines) == ENTRIES
        assert len(bundle["marks"]) == ENTRIES * MARKS_OF_ONE
        assert sorted(line["rank"] for line in lines)[0] == 1
        assert {line["award"] for line in lines} == {"一等奖", "二等奖", "三等奖", None}

    def test_is_refused_by_both_for_one_wrong_mark_in_its_middle(self, bundle, tmp_path):
        marks = list(bundle["marks"])
        marks[len(marks) // 2] = marks[len(marks) // 2] | {"value": "NaN"}

        for code, told in asked(tmp_path, bundle | {"marks": marks}):
            assert code == 1
            assert len(json.loads(told)["problems"]) == 1

    def test_is_refused_with_a_list_that_ends_when_every_mark_is_wrong(self, bundle, tmp_path):
        marks = [mark | {"value": "1000000"} for mark in bundle["marks"]]

        for code, told in asked(tmp_path, bundle | {"marks": marks}):
            problems = json.loads(told)["problems"]
            assert code == 1
            assert problems[-1]["code"] == "more"
            assert len(problems) <= 10_001
