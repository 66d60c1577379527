"""The budget of sizes: past a limit, split by concept, never into a second part."""

import ast
import statistics

import pytest

from tests.architecture import tree

FILE_LINES = 300
FUNCTION_LINES = 40
HANDLER_LINES = 25
PARAMETERS = 5
CARRIED = {"self", "cls", "by", "at"}  # an object's own, and what every action carries
HANDLERS = {"get", "post", "put", "patch", "delete", "route"}

# Tables and lists: long because there is much to list, not because there is much to follow.
LISTS = ("tables.py", "acts.py", "labels.py")
LIST_FOLDERS = ("app/demo/",)


def is_list(path):
    name = tree.relative(path)
    return path.name in LISTS or name.startswith(LIST_FOLDERS)


def lines_of(node):
    """Count the lines of a function without its docstring and decorators."""
    first = node.body[0]
    documented = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    docstring = first.end_lineno - first.lineno + 1 if documented else 0
    return node.end_lineno - node.lineno + 1 - docstring


def is_handler(node):
    names = (
        decorator.func if isinstance(decorator, ast.Call) else decorator
        for decorator in node.decorator_list
    )
    return any(isinstance(name, ast.Name) and name.id in HANDLERS for name in names)


def parameters_of(node):
    """Count what a caller must think of; a handler's are the framework's, filled by name."""
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [argument.arg for argument in every if argument.arg not in CARRIED]


class TestSizes:
    def test_keeps_files_short(self):
        long = {
            tree.relative(path): count
            for path in tree.sources()
            if not is_list(path)
            and (count := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
        }

        assert long == {}

    def test_keeps_functions_short(self):
        long = {
            f"{tree.relative(path)}:{node.name}": lines_of(node)
            for path in tree.sources()
            if not is_list(path)
            for node in tree.functions(path)
            if lines_of(node) > (HANDLER_LINES if is_handler(node) else FUNCTION_LINES)
        }

        assert long == {}

    def test_keeps_parameters_few(self):
        many = {
            f"{tree.relative(path)}:{node.name}": parameters_of(node)
            for path in tree.sources()
            for node in tree.functions(path)
            if not is_handler(node) and len(parameters_of(node)) > PARAMETERS
        }

        assert many == {}

    def test_keeps_the_middle_small(self):
        files = [len(p.read_text(encoding="utf-8").splitlines()) for p in tree.sources()]
        bodies = [lines_of(node) for path in tree.sources() for node in tree.functions(path)]

        assert statistics.median(files) <= 110
        assert statistics.median(bodies) < 10

    @pytest.mark.parametrize("room", tree.ROOMS)
    def test_opens_every_module_with_a_docstring(self, room):
        silent = [
            tree.relative(path)
            for path in tree.sources()
            if tree.relative(path).startswith(f"{room}/")
            and not ast.get_docstring(tree.parsed(path))
        ]

        assert silent == []

    def test_says_what_each_public_rule_and_action_does(self):
        silent = [
            f"{tree.relative(path)}:{node.name}"
            for path in tree.sources()
            if "/rules/" in tree.relative(path) or path.name == "actions.py"
            for node in tree.parsed(path).body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]

        assert silent == []
