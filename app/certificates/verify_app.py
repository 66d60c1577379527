"""What lets `/verify` be installed and work without a network: a manifest and a service worker."""

from functools import cache
from typing import Final

import msgspec
from litestar import Controller, Response, get

from app.certificates import headers
from app.web.locale import gettext as _
from app.web.templating import STATIC, asset, static_prefix

SCOPE: Final = "/verify"
FRESH: Final = {"Cache-Control": "no-cache"}
FILES: Final = (
    "house.css",
    "house.js",
    "seal.svg",
    "trust.css",
    "claim.js",
    "kept_bundle.js",
    "log.js",
    "log_key.js",
    "offline.js",
    "qr_reader.js",
    "scan.js",
    "vendor/nacl.js",
    "vendor/qr/decode.js",
    "vendor/qr/index.js",
)


class VerifyApp(Controller):
    """The files of the app."""

    path = SCOPE

    @get("/sw.js", name="verify-worker")
    async def worker(self) -> Response[str]:
        allowed = {"Service-Worker-Allowed": SCOPE}
        return Response(
            _worker(), media_type="text/javascript", headers=headers.SECURITY | FRESH | allowed
        )

    @get("/manifest.webmanifest", name="verify-manifest")
    async def manifest(self) -> Response[bytes]:
        facts = {
            "id": SCOPE,
            "name": _("证书查验"),
            "short_name": _("证书查验"),
            "start_url": SCOPE,
            "scope": SCOPE,
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0b4ea2",
            "icons": [{"src": asset("seal.svg"), "sizes": "any", "type": "image/svg+xml"}],
        }
        return Response(
            msgspec.json.encode(facts),
            media_type="application/manifest+json",
            headers=headers.SECURITY | FRESH,
        )


@cache
def _worker() -> str:
    files = msgspec.json.encode([asset(name) for name in FILES]).decode()
    prefix = static_prefix()
    text = (STATIC / "verify_sw.js").read_text("utf-8")
    return (
        text.replace("__PREFIX__", prefix)
        .replace("__BUILD__", prefix.rsplit("/", 1)[-1])
        .replace("__FILES__", files)
    )
