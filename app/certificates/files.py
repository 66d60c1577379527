"""The public files of trust: the log, its tiles, the keys, the offline bundle."""

import re
from datetime import date, datetime
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath
from msgspec import Struct

from app.certificates import bundle, headers, log, notes, notices, queries, tiles, tree, witnesses
from app.certificates.bundle import Bundle, KeyFacts
from app.certificates.drawn import PAGE_LIMIT
from app.certificates.headers import FOREVER, FRESH
from app.certificates.notes import MOST_NOTE
from app.certificates.pages import asker
from app.certificates.tiles import NotInLog
from app.documents import qr_codes
from app.errors import N_
from app.settings import Settings
from app.web.clock import SHANGHAI
from app.web.http import AnyRequest
from app.web.limits import Limit, enforce
from app.web.openapi import LOG
from app.web.templating import page
from app.web.told import BYTES, TEXT, TOLD, Told

LEVEL = re.compile(r"[0-9]|[1-5][0-9]|6[0-3]")
WITNESS_LIMIT = Limit(60, 60)
NOTICE = "app/certificates/notice.html"


class Cosigned(Struct, frozen=True):
    """Whose cosignatures were kept."""

    witnesses: list[str]


class LogFiles(Controller):
    """C2SP tlog-tiles under `/log`."""

    path = "/log"

    @get(
        "/checkpoint",
        name="log-checkpoint",
        media_type=TEXT,
        include_in_schema=True,
        tags=[LOG],
        summary=N_("签名的检查点"),
        description=N_("日志现有多少条、根哈希是什么，由日志的密钥签名（C2SP checkpoint）。"),
    )
    async def checkpoint(self) -> Response[str]:
        return Response(await tiles.latest_note(), media_type=TEXT, headers=FRESH)

    @get(
        "/vkey",
        name="log-vkey",
        media_type=TEXT,
        include_in_schema=True,
        tags=[LOG],
        summary=N_("核对检查点的公钥"),
        description=N_("一行 vkey，格式见 C2SP signed-note。"),
    )
    async def vkey(self) -> Response[str]:
        return Response(f"{await log.vkey()}\n", media_type=TEXT, headers=FRESH)

    @get(
        "/tile/{level:str}/{place:path}",
        name="log-tile",
        media_type=BYTES,
        include_in_schema=True,
        tags=[LOG],
        summary=N_("日志的一片"),
        description=N_("level 是层数（0 起），或 entries 取条目本身；写满的片永远不变。"),
        opt={TOLD: Told(refuses=(404,))},
    )
    async def tile(self, level: FromPath[str], place: FromPath[str]) -> Response[bytes]:
        try:
            number, width = tree.parse_tile_path(str(place).strip("/"))
        except ValueError:
            raise NotInLog from None
        if level == "entries":
            content = await tiles.entries(number, width)
        elif LEVEL.fullmatch(level):
            content = await tiles.tile(int(level), number, width)
        else:
            raise NotInLog
        return Response(content, media_type=BYTES, headers=FOREVER)

    @get("/notice", name="log-notice")
    async def notice_of_today(
        self,
        request: AnyRequest,
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        enforce(PAGE_LIMIT, asker(request), settings.limit_factor)
        return await _notice(now.astimezone(SHANGHAI).date(), now)

    @get("/notice/{day:date}", name="log-notice-of-day")
    async def notice(
        self,
        request: AnyRequest,
        day: FromPath[date],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Show the last root of a day, to be printed and hung out."""
        enforce(PAGE_LIMIT, asker(request), settings.limit_factor)
        return await _notice(day, now)


async def _notice(day: date, now: datetime) -> Response[Any]:
    if day > now.astimezone(SHANGHAI).date():
        raise NotInLog
    found = await notices.of_day(day)
    vkey = await log.vkey()
    return page(
        NOTICE,
        notice=found,
        symbol=qr_codes.svg(notices.address_of(found)),
        vkey=vkey,
        key_digest=notes.key_digest(vkey),
        headers=headers.SECURITY,
    )


class WitnessSurface(Controller):
    """Where witnesses hand in what they signed."""

    @post(
        "/api/v1/log/cosignatures",
        name="log-cosign",
        status_code=200,
        request_max_body_size=MOST_NOTE,
        include_in_schema=True,
        tags=[LOG],
        summary=N_("交来检查点的联署"),
        description=N_(
            "正文是本日志的检查点加见证人的联署行（C2SP tlog-cosignature，cosignature/v1）。"
            "只收设置 WITNESSES 中的见证人；联署随检查点和日志证明一起公布。"
            "检查点的密钥是本站的、内容却比本站新，说明本站的数据库被倒回，此后停止签发。"
        ),
        opt={TOLD: Told(takes=str, takes_as=(TEXT,), refuses=(413, 422, 429))},
    )
    async def cosign(
        self,
        request: AnyRequest,
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[Cosigned]:
        enforce(WITNESS_LIMIT, asker(request), settings.limit_factor)
        note = (await request.body()).decode("utf-8", "replace")
        return Response(Cosigned(await witnesses.accept(note, settings.witnesses, now)))


class TrustFiles(Controller):
    """Keys and the offline bundle."""

    @get(
        "/keys.json",
        name="keys",
        media_type=MediaType.JSON,
        include_in_schema=True,
        tags=[LOG],
        summary=N_("签发证书的公钥"),
        description=N_("每把公钥签了日志中的哪些条目，现在是否仍可信。"),
    )
    async def keys(self) -> Response[dict[str, KeyFacts]]:
        return Response(
            bundle.key_facts(await queries.keys()), media_type=MediaType.JSON, headers=FRESH
        )

    @get(
        "/offline.json",
        name="offline-bundle",
        media_type=MediaType.JSON,
        include_in_schema=True,
        tags=[LOG],
        summary=N_("离线核验包"),
        description=N_("公钥和已撤销的证书，带签名；下载后断网也能核验二维码。"),
    )
    async def offline(self, now: NamedDependency[datetime]) -> Response[Bundle]:
        return Response(await bundle.latest(now), media_type=MediaType.JSON, headers=FRESH)
