"""The table of addresses, written out: an address that appears or goes is seen in review."""

import inspect
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import ASGIRoute, HTTPRoute

from app.main import create_app
from app.web.openapi import DESCRIBED
from tests.golden_files import Golden

FRAMEWORK = {"OPTIONS", "HEAD"}


@pytest.fixture(scope="module")
def house() -> Litestar:
    """Compose the application; nothing is opened."""
    return create_app()


def guard_name(guard: Any) -> str:
    """Name a guard with the duties it was made for."""
    duties = inspect.getclosurevars(getattr(guard, "func", guard)).nonlocals.get("duties", ())
    return f"requires({', '.join(duties)})"


def lines_of(house: Litestar) -> list[str]:
    """Write one line an address and method: path, method, name, guards."""
    found = []
    for route in house.routes:
        if isinstance(route, ASGIRoute) and DESCRIBED in route.route_handler.opt:
            method = route.route_handler.opt[DESCRIBED].method.upper()
            found.append(f"{route.path_format} {method} {route.route_handler.name}")
        if not isinstance(route, HTTPRoute):
            continue
        path = route.path_format
        if path.startswith("/assets/"):
            path = "/assets/{build}/{file_path}"
        for method, (handler, _) in route.route_handler_map.items():
            if method in FRAMEWORK:
                continue
            guards = ", ".join(map(guard_name, handler.resolve_guards()))
            # The framework names its own by chance.
            name = "-" if path.startswith("/schema") else handler.name or "-"
            found.append(f"{path} {method} {name} {guards}".rstrip())
    return sorted(found)


class TestRoutes:
    def test_are_the_ones_written_down(self, house: Litestar, golden: Golden):
        golden("routes.txt", "\n".join(lines_of(house)) + "\n")

    def test_have_names_of_their_own(self, house: Litestar):
        names = [
            str(handler.name)
            for route in house.routes
            if isinstance(route, HTTPRoute)
            for method, (handler, _) in route.route_handler_map.items()
            if method not in FRAMEWORK and not route.path.startswith(("/assets", "/schema"))
        ]

        nameless = [name for name in names if name == "None"]

        assert nameless == []

    def test_keep_the_desk_for_those_who_signed_in(self, house: Litestar):
        open_doors = [
            route.path_format
            for route in house.routes
            if isinstance(route, HTTPRoute) and route.path.startswith("/desk")
            for method, (handler, _) in route.route_handler_map.items()
            if method not in FRAMEWORK and not handler.resolve_guards()
        ]

        assert open_doors == []

    def test_never_show_pages_that_load_scripts_from_elsewhere(self, house: Litestar):
        shown = {
            route.path
            for route in house.routes
            if isinstance(route, HTTPRoute) and route.path.startswith("/schema")
        }

        # The last is the framework's own "not found" below /schema.
        allowed = {"/schema", "/schema/openapi.json", "/schema/openapi.yaml", "/schema/{path:str}"}

        assert shown <= allowed
