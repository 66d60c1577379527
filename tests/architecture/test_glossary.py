"""One concept, one word: the glossary's banned synonyms are in no name and on no page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from tests.architecture import tree

GLOSSARY = tree.ROOT / "docs" / "glossary.md"
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
READ = (".html", ".typ", ".js", ".po")


def rows() -> list[list[str]]:
    """Read the table: Chinese, code name, never, note."""
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in lines
        if line[:1] == "|"
    ]
    return [[*row, "", "", ""][:4] for row in cells[2:]]


def banned(letters: str = "a-z_") -> set[str]:
    """List the words of the column *never* that are written in these letters."""
    return {word for row in rows() for word in re.findall(rf"`([{letters}]+)`", row[2])}


def readings() -> Iterator[Path]:
    """Walk what people read, or what holds it: sources, templates, scripts, English, texts."""
    yield from tree.sources()
    for folder in ("app", "templates"):
        yield from (path for path in (tree.ROOT / folder).rglob("*") if path.suffix in READ)
    yield from (path for path in (tree.ROOT / "docs").glob("*.md") if path != GLOSSARY)
    yield from tree.ROOT.glob("*.md")


def names() -> Iterator[tuple[str, str]]:
    """Walk every name that the code makes: (where, name)."""
    for path in tree.sources():
        where = tree.relative(path)
        yield where, path.stem
        for node in ast.walk(tree.parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield f"{where}:{node.lineno}", node.name
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                yield f"{where}:{node.lineno}", node.target.id
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield f"{where}:{node.lineno}", node.id
            elif isinstance(node, ast.arg):
                yield f"{where}:{node.lineno}", node.arg


class TestGlossary:
    def test_tells_words_apart(self):
        chinese = [row[0] for row in rows()]

        assert len(chinese) > 80
        assert len(chinese) == len(set(chinese))

    def test_bans_synonyms_from_every_name(self):
        never = banned()

        found = {
            f"{where} {name}"
            for where, name in names()
            if never & {*(word.lower() for word in WORD.findall(name)), name.lower()}
        }

        assert len(never) > 10
        assert found == set()

    def test_bans_synonyms_from_what_people_read(self):
        never = banned("\u3400-\u9fff")

        found = {
            f"{tree.relative(path)} {word}"
            for path in readings()
            for text in [path.read_text(encoding="utf-8")]
            for word in never
            if word in text
        }

        assert len(never) > 5
        assert found == set()

    def test_bans_synonyms_from_the_english(self):
        never = {word for row in rows() for word in re.findall(r'"([^"]+)"', row[2])}

        found = {
            f"{path.stem} {item.id} {word}"
            for path in sorted((tree.ROOT / "app" / "web" / "locales" / "en").glob("*.po"))
            for item in read_po(path.read_text(encoding="utf-8").splitlines(True), locale="en")
            for word in never
            if item.id and word in str(item.string).lower()
        }

        assert len(never) > 10
        assert found == set()
