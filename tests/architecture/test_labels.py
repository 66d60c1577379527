"""A word for every member of an enumeration that people see."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from enum import Enum
from types import ModuleType

import app
import assessments
import competitions
from app.audit.fields import FIELDS
from tests.architecture import tree


def modules() -> Iterator[ModuleType]:
    """Import every module of the rooms; programs and migrations apart."""
    for room in (app, competitions, assessments):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if "migrations" not in found.name and not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def label_tables() -> Iterator[tuple[str, Mapping[Enum, str]]]:
    """List the tables of words: `LABELS` of any module, and every table of a `labels` module."""
    for module in modules():
        for name, value in vars(module).items():
            is_table = name == "LABELS" or (module.__name__.endswith(".labels") and name.isupper())
            if is_table and isinstance(value, Mapping) and all(isinstance(k, Enum) for k in value):
                yield f"{module.__name__}.{name}", value


class TestLabels:
    def test_are_complete(self):
        lacking = {
            name: missing
            for name, table in label_tables()
            for enumeration in {type(key) for key in table}
            if (missing := [member.name for member in enumeration if member not in table])
        }

        assert lacking == {}

    def test_keep_members_apart_that_are_equal_texts(self):
        lost = {
            name
            for name, table in label_tables()
            if len(table) != sum(len(enumeration) for enumeration in {type(key) for key in table})
        }

        assert lost == set()

    def test_say_something(self):
        empty = {
            name
            for name, table in label_tables()
            if any(not word.strip() for word in table.values())
        }

        assert empty == set()


class TestJournal:
    def test_has_a_word_for_every_fact_that_is_recorded(self):
        recorded = {
            (key.value, tree.relative(path))
            for path in tree.sources()
            for call in ast.walk(tree.parsed(path))
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "record"
            for keyword in call.keywords
            if keyword.arg in ("before", "after")
            for side in ast.walk(keyword.value)
            if isinstance(side, ast.Dict)
            for key in side.keys
            if isinstance(key, ast.Constant)
        }

        assert len(recorded) > 80
        assert {fact for fact in recorded if fact[0] not in FIELDS} == set()
