"""The pages of tablets: the list, a sheet, and what the browser needs to keep them offline."""

from functools import cache
from typing import Any, Final

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.errors import NotAllowed
from app.rules.actors import Actor
from app.sheets import forms, leads, queries
from app.sheets.definitions import sheet_view
from app.sheets.rows import row_by_key
from app.sheets.tablet import MARKING
from app.sheets.wording import HOME_WORDS, SHEET_WORDS, for_ledger
from app.web.guards import requires
from app.web.locale import gettext as _
from app.web.templating import STATIC, asset, page, static_prefix

SIGN: Final = {"x-app": "xiangjiang", "cache-control": "no-cache"}
FILES: Final = (
    "tablet.css",
    "tablet/icon.svg",
    "vendor/idb.js",
    *(
        f"tablet/{name}.js"
        for name in (
            "cells",
            "device",
            "home",
            "keypad",
            "paint",
            "sender",
            "sheet",
            "store",
            "uuid7",
        )
    ),
)


class TabletPages(Controller):
    """What judges and examiners open. A page itself holds no mark and no name."""

    path = "/j"

    @get("/", name="tablet.home")
    async def home(self) -> Response[Any]:
        """Show the list's frame; its script fills it from the tablet's memory."""
        words = {name: _(says) for name, says in HOME_WORDS.items()}
        return page("app/sheets/home.html", headers=SIGN, words=words)

    @get("/sheets/{key:str}", name="tablet.sheet", guards=[requires(*MARKING)])
    async def sheet(self, key: FromPath[str], actor: NamedDependency[Actor]) -> Response[Any]:
        """Show a sheet's definition to its judge, or to whoever may see the ledger."""
        row = await row_by_key(key)
        if row.account != actor.account_id:
            ledger = await queries.ledger_row(row.ledger_name)
            if ledger is None or not leads.may_see(actor, ledger):
                raise NotAllowed
        form = (await forms.by_id({row.form: row.form_digest}))[row.form]
        words = {name: for_ledger(_(says), row.ledger_name) for name, says in SHEET_WORDS.items()}
        return page("app/sheets/sheet.html", headers=SIGN, sheet=sheet_view(row, form), words=words)

    @get("/sw.js", name="tablet.worker")
    async def worker(self) -> Response[str]:
        """Give the service worker of this build."""
        return Response(
            _worker(),
            media_type="text/javascript",
            headers={"cache-control": "no-cache", "service-worker-allowed": "/j/"},
        )

    @get("/manifest.webmanifest", name="tablet.manifest")
    async def manifest(self) -> Response[bytes]:
        """Let the list be put on a home screen, which also makes its storage last."""
        facts = {
            "name": _("乡匠评分"),
            "short_name": _("乡匠评分"),
            "start_url": "/j/",
            "scope": "/j/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0b4ea2",
            "icons": [{"src": asset("tablet/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        }
        return Response(
            msgspec.json.encode(facts),
            media_type="application/manifest+json",
            headers={"cache-control": "no-cache"},
        )


@cache
def _worker() -> str:
    files = msgspec.json.encode([asset(name) for name in FILES]).decode()
    text = (STATIC / "sw.js").read_text("utf-8")
    prefix = static_prefix()
    return (
        text.replace("__PREFIX__", prefix)
        .replace("__BUILD__", prefix.rsplit("/", 1)[-1])
        .replace("__FILES__", files)
    )
