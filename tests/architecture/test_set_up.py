"""What set-up rests on: hashes, no address of a registry, a reason for each dependency."""

import ast
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import vendor_files
from tests.architecture import tree

ROOT = tree.ROOT
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LOCK = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))


class TestRequirements:
    @pytest.mark.parametrize("path", REQUIREMENTS, ids=tree.relative)
    def test_have_a_hash_for_every_package_and_no_address(self, path: Path):
        text = path.read_text(encoding="utf-8")
        packages = [part for part in re.split(r"\n(?=\S)", text) if "==" in part]

        assert packages
        assert all("--hash=sha256:" in package for package in packages)
        assert "://" not in text
        assert "index-url" not in text

    def test_give_the_gate_the_very_versions_that_serve(self):
        served = re.findall(r"^\S+==\S+", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
        tested = re.findall(r"^\S+==\S+", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE)

        assert set(served) <= set(tested)

    def test_names_packages_with_the_extras_that_others_ask_for(self):
        """Plain pip takes no hash of a package for the package with an extra."""
        locked = (ROOT / "requirements-dev.txt").read_text()
        names = set(re.findall(r"^([\w.-]+)(?:\[|==)", locked, re.MULTILINE))
        wanted = {
            (asked.name.lower(), extra)
            for found in importlib.metadata.distributions()
            if found.name.lower().replace("_", "-") in names
            for asked in map(Requirement, found.requires or ())
            if asked.marker is None or asked.marker.evaluate({"extra": ""})
            for extra in asked.extras
        }

        lacking = [
            f"{name}[{extra}]"
            for name, extra in sorted(wanted)
            if not re.search(rf"^{name}\[[\w,]*\b{extra}\b[\w,]*\]==", locked, re.MULTILINE)
        ]

        assert wanted
        assert lacking == []

    def test_hold_every_dependency_named(self):
        project = tomllib.loads(PYPROJECT)
        named = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
        locked = (ROOT / "requirements-dev.txt").read_text()

        missing = [
            n for n in (re.split(r"[<>=\[]", text)[0] for text in named) if f"{n}==" not in locked
        ]

        assert missing == []

    def test_come_with_a_reason_each(self):
        lists = re.findall(
            r"^(?:dependencies|dev|rivals|node|uv) = \[\n(.*?)^\]",
            PYPROJECT,
            re.DOTALL | re.MULTILINE,
        )
        lines = [line for text in lists for line in text.splitlines() if line.strip()]

        assert len(lines) > 30
        assert [line for line in lines if " # " not in line] == []

    def test_are_what_the_code_imports(self):
        named = tomllib.loads(PYPROJECT)["project"]["dependencies"]
        packages = {re.split(r"[<>=\[]", text)[0].replace("-", "_") for text in named}
        packages = {ALIASES.get(name, name) for name in packages}
        own = {*tree.ROOMS, *sys.stdlib_module_names, *BESIDE}

        used = {
            name.split(".")[0] for path in tree.sources() for name in tree.imports_of(path)
        } - own

        assert used - packages == set()
        assert packages - used - INDIRECT == set()


BESIDE = {"error_cells"}  # the child that opens workbooks finds it in its own folder
ALIASES = {
    "argon2_cffi": "argon2",
    "fonttools": "fontTools",
    "pillow": "PIL",
    "zxing_cpp": "zxingcpp",
}
# Needed without an import of ours: Piccolo's drivers, the time zones, and what set-up itself uses.
INDIRECT = {"aiosqlite", "asyncpg", "tzdata", "brotli", "fontTools"}


class TestThirdPartyParts:
    def test_are_locked_by_hash_and_without_an_address(self):
        packages = [entry for name, entry in LOCK["packages"].items() if name]

        assert packages
        assert all(entry["integrity"].startswith("sha512-") for entry in packages)
        assert not any("resolved" in entry for entry in packages)
        assert (ROOT / ".npmrc").read_text() == "omit-lockfile-registry-resolved=true\n"

    def test_are_in_the_notice(self):
        notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
        direct = [name for name in LOCK["packages"] if name]

        assert [name for name in direct if name.removeprefix("node_modules/") not in notice] == []

    def test_are_here_with_their_licences_and_not_in_git(self):
        targets = [*(target for _, target in vendor_files.FILES), vendor_files.MERGED]
        ignored = subprocess.run(
            ["git", "check-ignore", *targets], cwd=ROOT, capture_output=True, text=True, check=False
        )

        assert vendor_files.is_fresh()
        assert set(ignored.stdout.split()) == set(targets)

    def test_can_print_the_rare_characters_of_names(self):
        from fontTools.ttLib import TTFont

        covered: set[int] = set()
        for path in (ROOT / vendor_files.FONTS).glob("*.ttf"):
            with TTFont(path, lazy=True) as font:
                covered |= set(font.getBestCmap())

        assert [letter for letter in "𬭎㛃䶮·𠀀𪚥𫝀𫠠𮯠" if ord(letter) not in covered] == []


class TestSetUp:
    def test_uses_the_standard_library_alone(self):
        names = {n.split(".")[0] for n in tree.imports_of(ROOT / "setup_house.py")}

        assert names - set(sys.stdlib_module_names) == {"vendor_files"}

    def test_passes_no_index_to_anyone(self):
        text = (ROOT / "setup_house.py").read_text(encoding="utf-8")

        assert not re.search(r"index-url|registry=|--index|https?://", text)

    def test_knows_an_old_python_before_it_meets_new_words(self):
        module = ast.parse(
            (ROOT / "setup_house.py").read_text(encoding="utf-8"), feature_version=(3, 8)
        )

        kinds = [type(node) for node in module.body]

        assert kinds.index(ast.If) < kinds.index(ast.FunctionDef)


def built(kind: str, source: Path, target: Path, **environment: str) -> Path:
    """Build as pip and build do: the sources are the working folder, and no place for modules."""
    program = f"from hatchling import build; print(build.build_{kind}({str(target)!r}))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=source,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target / done.stdout.split()[-1]


@pytest.mark.slow
class TestWheel:
    def test_comes_out_of_a_source_archive_with_everything_and_without_npm(self, tmp_path: Path):
        archive = built("sdist", ROOT, tmp_path)
        subprocess.run(["tar", "-xzf", str(archive), "-C", str(tmp_path)], check=True)
        [source] = (path for path in tmp_path.iterdir() if path.is_dir())

        wheel = built("wheel", source, tmp_path, PATH="/nonexistent")
        names = set(zipfile.ZipFile(wheel).namelist())

        assert {"app/main.py", "competitions/__init__.py", "templates/layouts/public.html"} <= names
        assert {target for _, target in vendor_files.FILES if target.startswith("app/")} <= names
        assert vendor_files.MERGED in names
        assert any(name.endswith("licenses/LICENSE") for name in names)
        assert not any(name.startswith(("tests/", "var/")) for name in names)
