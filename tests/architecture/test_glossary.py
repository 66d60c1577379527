"""One concept, one word: the glossary's banned synonyms are in no name of the code."""

import ast
import re
from collections.abc import Iterator

from tests.architecture import tree

GLOSSARY = tree.ROOT / "docs" / "glossary.md"
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def rows() -> list[list[str]]:
    """Read the table: Chinese, code name, never, note."""
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in lines
        if line[:1] == "|"
    ]
    return [[*row, "", "", ""][:4] for row in cells[2:]]


def banned() -> set[str]:
    """List the words of the column *never*."""
    return {word for row in rows() for word in re.findall(r"`([a-z_]+)`", row[2])}


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
