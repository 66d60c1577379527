"""The public files of trust: the log, its tiles, the keys, the offline bundle."""

from datetime import datetime

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath

from app.certificates import bundle, log, queries, tiles, tree
from app.certificates.bundle import Bundle, KeyFacts
from app.certificates.headers import FOREVER, FRESH
from app.certificates.tiles import NotInLog

TEXT = "text/plain"
BYTES = "application/octet-stream"
MOST_LEVELS = 64


class LogFiles(Controller):
    """C2SP tlog-tiles under `/log`."""

    path = "/log"

    @get("/checkpoint", name="log-checkpoint", media_type=TEXT)
    async def checkpoint(self) -> Response[str]:
        return Response(await tiles.latest_note(), media_type=TEXT, headers=FRESH)

    @get("/vkey", name="log-vkey", media_type=TEXT)
    async def vkey(self) -> Response[str]:
        return Response(f"{await log.vkey()}\n", media_type=TEXT, headers=FRESH)

    @get("/tile/{level:str}/{place:path}", name="log-tile", media_type=BYTES)
    async def tile(self, level: FromPath[str], place: FromPath[str]) -> Response[bytes]:
        try:
            number, width = tree.parse_tile_path(str(place).strip("/"))
        except ValueError:
            raise NotInLog from None
        if level == "entries":
            content = await tiles.entries(number, width)
        elif level.isdecimal() and str(int(level)) == level and int(level) < MOST_LEVELS:
            content = await tiles.tile(int(level), number, width)
        else:
            raise NotInLog
        return Response(content, media_type=BYTES, headers=FOREVER)


class TrustFiles(Controller):
    """Keys and the offline bundle."""

    @get("/keys.json", name="keys", media_type=MediaType.JSON)
    async def keys(self) -> Response[dict[str, KeyFacts]]:
        return Response(
            bundle.key_facts(await queries.keys()), media_type=MediaType.JSON, headers=FRESH
        )

    @get("/offline.json", name="offline-bundle", media_type=MediaType.JSON)
    async def offline(self, now: NamedDependency[datetime]) -> Response[Bundle]:
        return Response(await bundle.make(now), media_type=MediaType.JSON, headers=FRESH)
