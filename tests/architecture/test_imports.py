"""What the import contracts of pyproject.toml cannot say by themselves."""

import ast
import sys
import tomllib

import pytest

from tests.architecture import tree
from tests.golden_files import Golden

CONTRACTS = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]
NO_CONCEPT = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "core",
    "shared",
    "tools",
}


class TestImports:
    def test_names_every_slice_in_the_contract_on_their_shape(self):
        shape = next(item for item in CONTRACTS if item["id"] == "slice-shape")

        missing = {tree.module_of(folder / "__init__.py") for folder in tree.slices()} - set(
            shape["containers"]
        )

        assert not missing

    def test_lets_nobody_who_knows_litestar_know_tables(self):
        both = [
            tree.relative(path)
            for path in tree.sources()
            if any(name.split(".")[0] == "litestar" for name in tree.imports_of(path))
            and any(name.endswith(".tables") for name in tree.imports_of(path))
        ]

        assert both == []

    def test_keeps_the_second_calculator_to_the_standard_library(self):
        allowed = {*sys.stdlib_module_names, "competitions"}
        own = [p for p in tree.sources() if tree.relative(p).startswith("competitions/recount")]

        foreign = {
            name
            for path in own
            for name in tree.imports_of(path)
            if name.split(".")[0] not in allowed
        }
        borrowed = {
            name
            for path in own
            for name in tree.imports_of(path)
            if name.startswith("competitions.") and not name.startswith("competitions.recount")
        }

        assert own
        assert not foreign
        assert not borrowed

    def test_keeps_the_rules_free_of_waiting(self):
        waiting = [
            f"{tree.relative(path)}:{node.lineno}"
            for path in tree.sources()
            if "/rules/" in tree.relative(path)
            for node in ast.walk(tree.parsed(path))
            if isinstance(node, ast.AsyncFunctionDef | ast.Await)
        ]

        assert waiting == []


class TestSlices:
    def test_shows_every_new_file_of_a_slice_to_the_reviewer(self, golden: Golden):
        lines = [
            f"{tree.relative(folder)}: "
            + " ".join(path.stem for path in sorted(folder.glob("*.py")))
            for folder in tree.slices()
        ]

        golden("slices.txt", "\n".join(lines) + "\n")

    @pytest.mark.parametrize("folder", tree.slices(), ids=tree.relative)
    def test_names_files_by_a_concept(self, folder):
        nameless = {path.stem for path in folder.glob("*.py")} & NO_CONCEPT

        assert not nameless
