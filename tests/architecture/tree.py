"""The tree as the architecture tests read it: files, modules and what they import."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("app", "competitions", "assessments")


@cache
def sources() -> tuple[Path, ...]:
    """List the Python files of the product, migrations apart."""
    return tuple(
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    )


def relative(path: Path) -> str:
    """Name a file as a person would."""
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    """Name a file as an import would."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def parsed(path: Path) -> ast.Module:
    """Read a file as Python."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> set[str]:
    """List the modules that a file imports, each as far as its text tells."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Walk the functions and methods of a file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def slices() -> tuple[Path, ...]:
    """List the slices: folders with tables, actions or pages of their own."""
    usual = ("tables.py", "actions.py", "pages.py")
    return tuple(
        folder
        for room in ROOMS
        for folder in sorted((ROOT / room).iterdir())
        if any((folder / name).is_file() for name in usual)
    )
