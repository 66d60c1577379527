"""What people read when the database was held for too long."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import get

from app.main import create_app
from app.settings import load
from app.storage.engine import write_transaction

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
