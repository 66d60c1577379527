"""What must hold before tablets are brought to the hall: `xiangjiang venue check`."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography.x509 import Certificate

from app.settings import Settings
from app.venue import authority

ANYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 - names of a setting, nothing is opened

NO_CERTIFICATE: Final = (
    "没有设置 XIANGJIANG_TLS_CERTIFICATE_FILE；"
    "由反向代理提供 https 的，加 --certificate 它的证书文件。"
)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and what to do where it does not hold."""

    name: str
    problem: str = ""


def looked_up(host: str) -> list[str]:
    """Return the addresses of a host as this machine finds them."""
    try:
        return sorted({str(one[4][0]) for one in socket.getaddrinfo(host, None)})
    except OSError:
        return []


def findings(
    settings: Settings,
    *,
    certificate: Path | None,
    until: date,
    at: datetime,
    look_up: Callable[[str], list[str]] = looked_up,
) -> list[Finding]:
    """Look at the address, its certificate until a day, its name and where the server listens.

    `certificate` is the file of a reverse proxy that gives https in the server's place; `look_up`
    returns the addresses of a host, none where nobody knows it.
    """
    parts = urlsplit(settings.venue_origin)
    host = parts.hostname or ""
    found = [Finding("网址", _address_problem(settings.venue_origin, parts.scheme))]
    path = certificate or settings.tls_certificate_file
    found += _certificate_findings(settings, path, host=host, until=until, at=at)
    addresses = look_up(host)
    problem = _machine_problem(host, addresses)
    found.append(Finding("本机", problem))
    if certificate is None and not problem:
        found.append(Finding("监听", _listening_problem(settings.host, addresses)))
    return found


def _address_problem(origin: str, scheme: str) -> str:
    if scheme == "https":
        return ""
    return (
        f"{origin} 不是 https，平板不能离线评分。先 `xiangjiang venue prepare 地址`，"
        "再按它打印的内容设置。"
    )


def _certificate_findings(
    settings: Settings, path: Path | None, *, host: str, until: date, at: datetime
) -> list[Finding]:
    if path is None:
        return [Finding("证书", NO_CERTIFICATE)]
    try:
        found = authority.read(path)
    except (OSError, ValueError) as error:
        return [Finding("证书", f"{path} 读不出证书：{error}")]
    key = settings.tls_key_file if path == settings.tls_certificate_file else None
    return [
        Finding("证书", key_problem(key, found) if key else ""),
        Finding("域名", _name_problem(host, authority.hosts_of(found))),
        Finding("期限", _date_problem(found, until, at)),
    ]


def key_problem(key: Path, certificate: Certificate) -> str:
    """Say what is wrong with the private key of a certificate; nothing where it fits."""
    try:
        is_pair = authority.is_key_of(key, certificate)
    except (OSError, ValueError, TypeError) as error:
        return f"{key} 读不出私钥：{error}"
    return "" if is_pair else f"{key} 不是这张证书的私钥。"


def _name_problem(host: str, named: list[authority.Host]) -> str:
    names = [str(one) for one in named]
    parent = host.partition(".")[2]
    if host in names or f"*.{parent}" in names:
        return ""
    return f"证书是给 {'、'.join(names) or '（没有写）'} 的，不包括 {host}。"


def _date_problem(certificate: Certificate, until: date, at: datetime) -> str:
    if at < certificate.not_valid_before_utc:
        return f"证书从 {certificate.not_valid_before_utc:%Y-%m-%d} 起才有效；请看这台电脑的时钟。"
    last = authority.last_day(certificate)
    if last >= until:
        return ""
    return f"证书到 {last} 为止，而赛程到 {until}。请重新 `xiangjiang venue prepare`，或续期。"


def _machine_problem(host: str, addresses: list[str]) -> str:
    if not addresses:
        return f"这里查不到域名 {host} 的地址。请在赛场的路由器上把它指向这台电脑。"
    if any(_is_ours(address) for address in addresses):
        return ""
    return f"{host} 指向 {'、'.join(addresses)}，不是这台电脑。请看网线、无线网和路由器的设置。"


def _is_ours(address: str) -> bool:
    """Tell whether this machine has an address: only then can it be listened on."""
    family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
    with socket.socket(family) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


def _listening_problem(listens: str, addresses: list[str]) -> str:
    if listens in (*ANYWHERE, *addresses):
        return ""
    return f"网站只监听 {listens}，平板连不上。请设 XIANGJIANG_HOST=0.0.0.0。"
