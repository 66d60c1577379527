"""Is the process alive, is the database there, and how much work was done."""

import time

from litestar import MediaType, get
from litestar.response import Response

from app.storage import engine

STARTED = time.monotonic()


@get("/healthz", name="healthz", media_type=MediaType.TEXT)
async def healthz() -> str:
    """The process answers."""
    return "ok"


@get("/readyz", name="readyz", media_type=MediaType.TEXT)
async def readyz() -> Response[str]:
    """The database answers too."""
    is_ready = await engine.is_reachable()
    return Response(
        "ok" if is_ready else "database unreachable", status_code=200 if is_ready else 503
    )


@get("/metrics", name="metrics", media_type=MediaType.TEXT)
async def metrics() -> str:
    """Plain figures in the Prometheus text form."""
    name, seconds = "xiangjiang_uptime_seconds", time.monotonic() - STARTED
    return f"# TYPE {name} gauge\n{name} {seconds:.0f}\n"
