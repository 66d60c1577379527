"""Visits to the house without a network: an HTTP client over the application itself."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
from argon2 import PasswordHasher
from litestar import Litestar

from app.accounts import actions as accounts
from app.accounts import queries
from app.audit.acts import Act
from app.main import create_app
from app.rules.actors import NOBODY, SYSTEM, Actor
from app.settings import load
from app.storage.engine import write_transaction
from app.web import clock, cookies

ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "a-judge-remembers-this"
# A hash says itself how dear it is to compare; whoever visits here is let in cheaply.
STORED = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
TOKEN = re.compile(r'name="_csrf_token" value="(\w+)"')


@asynccontextmanager
async def a_visit(
    folder: Path, actor: Actor | None = None, *, address: str = "127.0.0.1"
) -> AsyncIterator["Visitor"]:
    """Visit the house whose database is open, signed in where an actor is given."""
    house = the_house()
    house.state.settings = load({"XIANGJIANG_DATA_DIR": str(folder)})
    transport = httpx.ASGITransport(
        app=cast(Any, house), raise_app_exceptions=False, client=(address, 443)
    )
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        if actor is not None:
            client.cookies.set(cookies.SESSION, await a_session(actor))
        yield Visitor(client)


@cache
def the_house() -> Litestar:
    """Compose the application once: its hundreds of addresses are the same in every test."""
    return create_app(load({}))


async def a_session(actor: Actor) -> str:
    """Sign an account in and return its cookie."""
    assert actor.account_id is not None
    at = clock.now()
    async with write_transaction():
        await accounts.set_password_within(
            actor.account_id, STORED, by=SYSTEM, at=at, act=Act.PASSWORD_CHANGED
        )
    line = await queries.account(actor.account_id)
    return await accounts.sign_in(line.sign_in_name, PASSWORD, by=NOBODY, at=at)


class Visitor:
    """A browser without a screen: reads pages, and sends their forms with the token they carry."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str) -> httpx.Response:
        """Read a page."""
        return await self.client.get(path)

    async def send(
        self, page: str, path: str, form: Mapping[str, Any] | None = None, **files: Any
    ) -> httpx.Response:
        """Send a form of a page."""
        found = TOKEN.search((await self.client.get(page)).text)
        token = {"_csrf_token": found[1] if found else ""}
        return await self.client.post(path, data={**token, **(form or {})}, files=files or None)
