"""Columns that never invent a value: required unless `optional`; nothing cascades."""

from typing import Any

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Timestamptz,
)
from piccolo.columns import Text as PiccoloText
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.constraints import Unique
from piccolo.table import Table

__all__ = ("Blob", "Day", "Flag", "Instant", "Text", "Unique", "Uuid", "Whole", "belongs_to")


def _common(*, optional: bool, unique: bool, index: bool) -> dict[str, Any]:
    return {"default": None, "null": optional, "unique": unique, "index": index}


def Text(*, optional: bool = False, unique: bool = False, index: bool = False) -> PiccoloText:  # noqa: N802
    """A text of any length; its length is checked where it is read."""
    return PiccoloText(**_common(optional=optional, unique=unique, index=index))


def Whole(*, optional: bool = False, unique: bool = False, index: bool = False) -> BigInt:  # noqa: N802
    """A whole number, 64 bits."""
    return BigInt(**_common(optional=optional, unique=unique, index=index))


def Flag(*, optional: bool = False, index: bool = False) -> Boolean:  # noqa: N802
    """Yes or no."""
    return Boolean(**_common(optional=optional, unique=False, index=index))


def Instant(*, optional: bool = False, index: bool = False) -> Timestamptz:  # noqa: N802
    """An instant, aware, stored as UTC."""
    return Timestamptz(**_common(optional=optional, unique=False, index=index))


def Day(*, optional: bool = False, index: bool = False) -> Date:  # noqa: N802
    """A calendar day."""
    return Date(**_common(optional=optional, unique=False, index=index))


def Blob(*, optional: bool = False) -> Bytea:  # noqa: N802
    """Bytes."""
    return Bytea(**_common(optional=optional, unique=False, index=False))


def Uuid(*, optional: bool = False, unique: bool = False, index: bool = False) -> UUID:  # noqa: N802
    """A UUID, always given by the caller."""
    return UUID(**_common(optional=optional, unique=unique, index=index))


def belongs_to(
    table: type[Table], *, optional: bool = False, index: bool = True, unique: bool = False
) -> ForeignKey[Any]:
    """A reference that restricts: what is referred to is never deleted."""
    return ForeignKey(
        table,
        on_delete=OnDelete.restrict,
        on_update=OnUpdate.restrict,
        **_common(optional=optional, unique=unique, index=index),
    )
