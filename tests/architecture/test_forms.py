"""Every field of every form can be read: msgspec finds an impossible type only when it is used."""

import importlib
import inspect
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
import pytest
from litestar.datastructures import UploadFile
from msgspec import Struct

from tests.architecture import tree


def forms() -> list[type[Struct]]:
    """Return the structs that name their fields for people."""
    found = {}
    for path in tree.sources():
        module = importlib.import_module(tree.module_of(path))
        for _, shape in inspect.getmembers(module, inspect.isclass):
            if (
                issubclass(shape, Struct)
                and shape is not Struct
                and shape.__module__ == module.__name__
            ):
                found[f"{shape.__module__}.{shape.__name__}"] = shape
    return [found[name] for name in sorted(found) if name.endswith(("Form", "Filter"))]


def types_of(hint: Any) -> set[Any]:
    """Return the types within a hint."""
    parts = get_args(hint) if get_origin(hint) is not Annotated else get_args(hint)[:1]
    return {hint}.union(*(types_of(part) for part in parts))


@pytest.mark.parametrize("shape", forms(), ids=lambda shape: f"{shape.__module__}.{shape.__name__}")
def test_reads_each_field(shape: type[Struct]):
    hints = get_type_hints(shape, include_extras=True)

    for name, hint in hints.items():
        if UploadFile not in types_of(hint):
            try:
                msgspec.convert("0", hint, strict=False)
            except msgspec.ValidationError:
                pass  # The text is wrong, the field is not.
            except TypeError as error:
                pytest.fail(f"{name}: {error}")
