"""A mark in FastAPI and SQLAlchemy, as they document it: `AsyncSession`, `Depends`.

WAL, FULL and IMMEDIATE are set by SQLAlchemy's own recipe for SQLite.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import Cookie, Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import JSON, ForeignKey, event, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(
    f"sqlite+aiosqlite:///{Path.cwd() / 'fastapi.sqlite'}",
    connect_args={"timeout": 30},
    pool_size=2,
    max_overflow=0,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


@event.listens_for(engine.sync_engine, "connect")
def set_pragmas(connection: Any, _: Any) -> None:
    """Let SQLAlchemy begin transactions itself, and let every commit reach the disk."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(engine.sync_engine, "begin")
def begin_immediate(connection: Any) -> None:
    """Take the writer at once: otherwise whoever read first is refused."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def now() -> datetime:
    """Return the time of a record."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """All tables."""


class Account(Base):
    """Who marks."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class SignedIn(Base):
    """A session, by what its cookie says."""

    __tablename__ = "signed_in"
    token: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)


class Sheet(Base):
    """What one judge marks of one entry; it knows its total."""

    __tablename__ = "sheet"
    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    total: Mapped[int] = mapped_column(default=0)


class Mark(Base):
    """One mark, by the id that the tablet gave it."""

    __tablename__ = "mark"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"), index=True)
    aspect: Mapped[str]
    value: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)


class AuditRecord(Base):
    """Who did what, when."""

    __tablename__ = "audit_record"
    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str]
    subject: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(default=now)


class Given(BaseModel):
    """A mark as it is sent."""

    id: UUID
    sheet: int
    aspect: str
    value: int


class Taken(BaseModel):
    """What is answered."""

    id: UUID
    total: int


async def database() -> AsyncIterator[AsyncSession]:
    """Give a request a transaction."""
    async with sessions.begin() as session:
        yield session


Database = Annotated[AsyncSession, Depends(database, scope="function")]


async def signed_in(session: Database, token: Annotated[str, Cookie()] = "") -> Account:
    """Return who is signed in, or refuse."""
    query = select(Account).join(SignedIn, SignedIn.account_id == Account.id)
    account = await session.scalar(query.where(SignedIn.token == token))
    if account is None:
        raise HTTPException(403, "not signed in")
    return account


@app.post("/marks")
async def mark(
    given: Given, session: Database, account: Annotated[Account, Depends(signed_in)]
) -> Taken:
    """Take one mark."""
    query = select(Sheet).where(Sheet.id == given.sheet, Sheet.judge_id == account.id)
    sheet = await session.scalar(query)
    if sheet is None:
        raise HTTPException(403, "not assigned")
    session.add(Mark(id=given.id, sheet_id=sheet.id, aspect=given.aspect, value=given.value))
    await session.flush()
    marks = select(func.sum(Mark.value)).where(Mark.sheet_id == sheet.id)
    sheet.total = await session.scalar(marks) or 0
    session.add(
        AuditRecord(
            act="marks.given",
            subject=f"marks.sheet:{sheet.id}",
            account_id=account.id,
            after={"aspect": given.aspect, "value": given.value},
        )
    )
    return Taken(id=given.id, total=sheet.total)


class Rival:
    """The application with its judges, driven without a network."""

    async def open(self, judges: int) -> list[tuple[str, int]]:
        """Make the tables, and a session and a sheet for each judge."""
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with sessions.begin() as session:
            for number in range(1, judges + 1):
                session.add(Account(id=number, name=f"judge{number}"))
                await session.flush()
                session.add(SignedIn(token=f"token{number}", account_id=number))
                session.add(Sheet(id=number, judge_id=number))
        return [(f"token{number}", number) for number in range(1, judges + 1)]

    async def post(self, session: str, body: bytes) -> int:
        """Send one request through the whole application; return the status."""
        found: list[int] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/marks",
            "raw_path": b"/marks",
            "query_string": b"",
            "root_path": "",
            "client": ("127.0.0.1", 5000),
            "server": ("127.0.0.1", 8000),
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
                (b"cookie", f"token={session}".encode()),
            ],
        }

        async def receive() -> Any:
            return waiting.pop()

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                found.append(message["status"])

        await app(scope, receive, send)
        return found[0]
