"""The one reader of the clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def provide_now() -> datetime:
    """Give handlers the instant of their request."""
    return now()
