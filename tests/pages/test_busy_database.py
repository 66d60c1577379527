"""What people read when the database was held for too long."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import get

from app.main import create_app
from app.settings import load
from app.storage import engine
from app.storage.engine import write_transaction
from competitions.planning.tables import CompetitionSeries
from tests import databases
from tests.builders.competitions import AT

pytestmark = pytest.mark.anyio


@get("/holds-the-database")
async def holds_the_database() -> None:
    """Write for longer than is allowed."""
    async with write_transaction(seconds=0.05):
        while True:  # noqa: ASYNC110 - it is to be interrupted
            await asyncio.sleep(0)


async def test_a_page_says_that_nothing_was_saved_and_when_to_try_again(
    database: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house: Any = create_app(load({"XIANGJIANG_DATA_DIR": str(tmp_path)}))
    house.register(holds_the_database)
    transport = httpx.ASGITransport(app=house, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        answer = await client.get("/holds-the-database", headers={"accept-language": "zh"})

    assert answer.status_code == 503
    assert "没有保存成功" in answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert "holds_the_database" in caplog.text


@get("/fills-the-disk")
async def fills_the_disk() -> None:
    """Write more than there is room for."""
    async with write_transaction():
        await CompetitionSeries(name="大" * 200_000, created_at=AT).save()


async def test_a_page_says_so_when_the_disk_is_full(sqlite_database: str, tmp_path: Path) -> None:
    house: Any = create_app(load({"XIANGJIANG_DATA_DIR": str(tmp_path)}))
    house.register(fills_the_disk)
    async with write_transaction():
        await CompetitionSeries.raw("PRAGMA max_page_count = 1")  # as many as there are
    transport = httpx.ASGITransport(app=house, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        answer = await client.get("/fills-the-disk", headers={"accept-language": "zh"})

    assert answer.status_code == 503
    assert "磁盘没有空间" in answer.text
    assert await CompetitionSeries.count() == 0


@get("/sends-the-server-away")
async def sends_the_server_away() -> None:
    """Ask on a connection that ends."""
    await engine.fetch("SELECT pg_terminate_backend(pg_backend_pid())", [])


async def test_a_page_says_so_when_the_server_of_the_database_goes(
    postgres: str, tmp_path: Path
) -> None:
    await engine.open_database(await databases.copied_postgres(postgres, "test_going"))
    try:
        house: Any = create_app(load({"XIANGJIANG_DATA_DIR": str(tmp_path)}))
        house.register(sends_the_server_away)
        transport = httpx.ASGITransport(app=house, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000"
        ) as client:
            answer = await client.get("/sends-the-server-away", headers={"accept-language": "zh"})
            again = await client.get("/", headers={"accept-language": "zh"})
    finally:
        await engine.close_database()
        await databases.drop_postgres(postgres, "test_going")

    assert answer.status_code == 503
    assert "数据库暂时连不上" in answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert again.status_code == 200
