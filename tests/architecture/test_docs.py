"""Documentation that is not tested drifts: every command, path and setting named in it exists."""

import argparse
import re
from pathlib import Path

import pytest

from app.__main__ import parser
from app.settings import PREFIX, SETTINGS
from tests.architecture import tree

ROOT = tree.ROOT
DOCS = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *(path for room in tree.ROOMS for path in sorted((ROOT / room).rglob("README.md"))),
]
OPERATIONS = ROOT / "docs" / "operations.md"
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"^[\w.-]+(?:/[\w.-]+)*/?$")
KNOWN_ENDINGS = {".py", ".md", ".toml", ".txt", ".json", ".html", ".css", ".js", ".csv", ".png"}


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def verbs() -> set[str]:
    """List the verbs of the command line."""
    action = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return set(action.choices)


def targets() -> set[str]:
    """List the targets of the Makefile."""
    return set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))


def paths_in(text: str) -> set[str]:
    """List what is written like a file or folder of this project."""
    roots = {path.name for path in ROOT.iterdir()} | {"app", "docs", "tests", "templates"}
    return {
        word
        for word in CODE.findall(text)
        if PATH.match(word)
        and (word.split("/")[0] in roots if "/" in word else Path(word).suffix in KNOWN_ENDINGS)
    }


class TestDocs:
    @pytest.mark.parametrize("path", DOCS, ids=tree.relative)
    def test_name_verbs_that_exist(self, path: Path):
        said = set(re.findall(r"(?:xiangjiang|python3? -m app) ([a-z]+)", read(path)))

        assert said <= verbs()

    @pytest.mark.parametrize("path", DOCS, ids=tree.relative)
    def test_name_targets_that_exist(self, path: Path):
        said = {
            word
            for code in CODE.findall(read(path))
            for word in re.findall(r"\bmake ([a-z]+)", code)
        }

        assert said <= targets()

    @pytest.mark.parametrize("path", DOCS, ids=tree.relative)
    def test_name_settings_that_exist(self, path: Path):
        said = set(re.findall(rf"{PREFIX}([A-Z_]+)", read(path)))

        assert said <= {setting.name for setting in SETTINGS}

    @pytest.mark.parametrize("path", [ROOT / "README.md", OPERATIONS], ids=tree.relative)
    def test_name_paths_that_exist(self, path: Path):
        made = {"var", ".venv", ".setup", "secret.key", "signing.key", "log.key"}
        names = {path.name for path in tree.sources()}

        missing = {
            word
            for word in paths_in(read(path))
            if not (ROOT / word).exists() and word.split("/")[0] not in made and word not in names
        }

        assert missing == set()

    def test_tell_every_setting_to_operators(self):
        text = read(OPERATIONS)

        assert [s.name for s in SETTINGS if f"| `{PREFIX}{s.name}` |" not in text] == []

    def test_tell_every_verb_to_operators(self):
        text = read(OPERATIONS)

        assert [verb for verb in sorted(verbs()) if f"`xiangjiang {verb}" not in text] == []

    def test_show_every_target_in_the_readme(self):
        text = read(ROOT / "README.md")

        assert [name for name in sorted(targets()) if f"`make {name}`" not in text] == []

    def test_give_every_room_four_lines(self):
        missing = [
            room
            for room in ("competitions", "assessments")
            if not (ROOT / room / "README.md").is_file()
        ]

        assert missing == []


class TestDecisions:
    FOLDER = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    HEADINGS = ("## Status", "## Context", "## Decision", "## Consequences")

    def test_are_numbered_without_a_gap(self):
        numbers = [int(path.name[:4]) for path in self.FOLDER]

        assert numbers == list(range(1, len(numbers) + 1))

    @pytest.mark.parametrize("path", FOLDER, ids=tree.relative)
    def test_have_five_headings_and_are_short(self, path: Path):
        text = read(path)

        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert [heading for heading in self.HEADINGS if heading not in text] == []
        assert len(text.splitlines()) < 40
