"""Golden files: what outsiders hold, or what a reviewer must see change.

`golden("routes.txt", text)` compares with `tests/golden/routes.txt`; `pytest --update-golden`
writes it anew, to be read as a diff.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "golden"

Golden = Callable[[str, str | bytes], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the switch that writes golden files anew."""
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text or bytes with its golden file."""

    def compare(name: str, found: str | bytes) -> None:
        place = FOLDER / name
        content = found.encode() if isinstance(found, str) else found
        if request.config.getoption("--update-golden"):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            return
        assert place.is_file(), f"{name} is not there yet: pytest --update-golden"
        expected = place.read_bytes()
        if isinstance(found, str):
            assert found.splitlines() == expected.decode().splitlines(), f"{name} has changed"
        assert content == expected, f"{name} has changed"

    return compare
