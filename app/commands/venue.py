"""`venue`: https for the hall's network: make its certificates, check them, hand out the root."""

import argparse
import sys
from datetime import date
from pathlib import Path

from app.commands.running import in_house
from app.settings import Settings, load
from app.venue import authority, calendar, checking
from app.venue.authority import VenueFiles
from app.venue.handing_out import HandOut
from app.web.clock import now
from app.web.templating import local

Verbs = argparse._SubParsersAction
PREPARED = """\
服务器证书（到 {last} 为止）：{server}
根证书（装在平板上）：{authority}
根证书的 SHA-256：{fingerprint}

启动网站以前设置：
    XIANGJIANG_HOST=0.0.0.0
    XIANGJIANG_VENUE_ORIGIN={origin}
    XIANGJIANG_TLS_CERTIFICATE_FILE={server}
    XIANGJIANG_TLS_KEY_FILE={key}
然后 `xiangjiang venue check`。{next}
"""
NEW = "每台平板都要装根证书：`xiangjiang venue hand-out`。"
KEPT = "根证书没有变，装过的平板不用再装。"


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb and its parts."""
    verb = verbs.add_parser("venue", help="赛场局域网的 https：制作证书、核对、分发根证书")
    parts = verb.add_subparsers(metavar="PART", required=True)
    part = parts.add_parser("prepare", help="制作根证书和服务器证书")
    part.add_argument("hosts", metavar="HOST", nargs="+", help="局域网地址，如 192.168.8.2，或域名")
    part.add_argument("--new-authority", action="store_true", help="重建根证书（平板要重装）")
    part.set_defaults(run=_prepare)
    part = parts.add_parser("check", help="核对网址、证书、域名、期限和监听；不合格时退出码为 1")
    part.add_argument(
        "--until",
        type=date.fromisoformat,
        metavar="DAY",
        help="用到哪一天，如 2026-12-09；不给则到正在办的和两周内开始的结束",
    )
    part.add_argument("--certificate", type=Path, metavar="FILE", help="反向代理的证书文件")
    part.set_defaults(run=_check)
    part = parts.add_parser("hand-out", help="用 http 分发根证书，直到按 Ctrl-C")
    part.add_argument("--port", type=int, default=8080)
    part.set_defaults(run=_hand_out)


def _files(settings: Settings) -> VenueFiles:
    return VenueFiles(settings.data_dir / "venue")


def _prepare(arguments: argparse.Namespace) -> int:
    settings = load()
    files = _files(settings)
    hosts = [authority.host_of(text) for text in arguments.hosts]
    is_new = authority.prepare(files, hosts, at=now(), is_new=arguments.new_authority)
    text = PREPARED.format(
        last=authority.last_day(authority.read(files.server)),
        server=files.server,
        key=files.server_key,
        authority=files.authority,
        fingerprint=authority.fingerprint(authority.read(files.authority)),
        origin=f"https://{hosts[0]}:{settings.port}",
        next=NEW if is_new else KEPT,
    )
    sys.stdout.write(text)
    return 0


def _check(arguments: argparse.Namespace) -> int:
    at = now()

    async def last_day(_: Settings) -> date:
        return await calendar.last_day(local(at).date())

    until = arguments.until or in_house(last_day)
    found = checking.findings(load(), certificate=arguments.certificate, until=until, at=at)
    for finding in found:
        sys.stdout.write(f"{finding.name}：{finding.problem or '正常'}\n")
    return int(any(finding.problem for finding in found))


def _hand_out(arguments: argparse.Namespace) -> int:
    settings = load()
    path = _files(settings).authority
    if not path.exists() or not settings.venue_origin.startswith("https://"):
        sys.stdout.write("先 `xiangjiang venue prepare 地址`，并照它打印的内容设置。\n")
        return 1
    try:
        server = HandOut(path, venue_origin=settings.venue_origin, port=arguments.port)
    except OSError as error:
        sys.stdout.write(f"端口 {arguments.port} 不能用：{error.strerror}。用 --port 换一个。\n")
        return 1
    with server:
        sys.stdout.write(
            f"在平板上打开 http://{settings.venue_host}:{arguments.port} ，装好以后按 Ctrl-C。\n"
            f"根证书的 SHA-256：{authority.fingerprint(authority.read(path))}\n"
        )
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0
