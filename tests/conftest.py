"""What every test may ask for: the databases, the secret key, the event loop."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from app.accounts import session_cache
from app.certificates import drawn
from app.storage import engine, secret_key
from app.storage.limits import Limits
from app.web import limits
from tests import databases

numbers = itertools.count(1)
# On a clean checkout the first text takes seconds, while hypothesis builds its tables of Unicode.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("house"), max_examples=20)
settings.load_profile("house")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def secret() -> None:
    """Give the process a key, and forget whoever signed in or asked, and every page drawn."""
    secret_key.use(b"a key for tests, 32 bytes long!!")
    session_cache.clear()
    drawn.forget()
    limits.forget_all()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no write transaction on SQLite wait for anything else, not for a moment."""
    monkeypatch.setattr(Limits, "patience", 0.0)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    asyncio.run(databases.make_all_tables(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL with a database of every table to copy."""
    with databases.postgres_server() as url:
        databases.make_postgres_template(url)
        yield url


@pytest.fixture
async def sqlite_database(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[str]:
    """An empty SQLite database, open and bound to every table."""
    path = tmp_path / "house.sqlite"
    shutil.copyfile(sqlite_template, path)
    url = f"sqlite:///{path}"
    await engine.open_database(url)
    yield url
    await engine.close_database()


@pytest.fixture(params=["sqlite", "postgres"])
async def database(
    request: pytest.FixtureRequest, sqlite_template: Path, postgres: str, tmp_path: Path
) -> AsyncIterator[str]:
    """An empty database on each engine, open and bound to every table."""
    if request.param == "sqlite":
        path = tmp_path / "house.sqlite"
        shutil.copyfile(sqlite_template, path)
        url, name = f"sqlite:///{path}", ""
    else:
        name = f"test_{next(numbers)}"
        url = await databases.copied_postgres(postgres, name)
    await engine.open_database(url)
    yield url
    await engine.close_database()
    if name:
        await databases.drop_postgres(postgres, name)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the browser's tests, the longest; count no line twice.

    What a test runs on PostgreSQL, its twin on SQLite has counted, at half the processor's time.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    for item in items:
        if "[postgres" in item.name:
            item.add_marker(pytest.mark.no_cover)
