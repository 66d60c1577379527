"""The one reader of the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.errors import N_
from app.rules.proxies import NO_PROXIES, Proxies

PREFIX = "XIANGJIANG_"
ORIGIN = re.compile(
    r"(?P<origin>https?://(?:[^\W_][\w.-]*|\[[0-9a-fA-F:.]+\])(?::(?P<port>[0-9]{1,5}))?)/*"
)


@dataclass(frozen=True)
class Setting:
    """One line of `xiangjiang settings`; a default may name `<DATA_DIR>` and `<PORT>`."""

    name: str
    default: str
    meaning: str
    is_secret: bool = False


SETTINGS = (
    Setting("DATA_DIR", "var", N_("数据目录；数据库、密钥和上传文件都在其中")),
    Setting(
        "DATABASE_URL",
        "sqlite:///<DATA_DIR>/xiangjiang.sqlite",
        N_("数据库地址；默认是数据目录中的 SQLite 文件"),
        is_secret=True,
    ),
    Setting("HOST", "127.0.0.1", N_("监听地址")),
    Setting("PORT", "8000", N_("监听端口")),
    Setting("TLS_CERTIFICATE_FILE", "", N_("https 的证书文件；不填则由反向代理提供 https")),
    Setting("TLS_KEY_FILE", "", N_("https 的私钥文件")),
    Setting(
        "PUBLIC_ORIGIN",
        "http://127.0.0.1:<PORT>",
        N_("公众访问的网址；二维码中总是用 https 和它的主机名"),
    ),
    Setting("VENUE_ORIGIN", "<PUBLIC_ORIGIN>", N_("平板在赛场打开的网址；默认与公众访问的相同")),
    Setting("SECRET_KEY_FILE", "<DATA_DIR>/secret.key", N_("加密身份证号的密钥文件")),
    Setting("SIGNING_KEY_FILE", "<DATA_DIR>/signing.key", N_("签发证书的私钥文件")),
    Setting("LOG_KEY_FILE", "<DATA_DIR>/log.key", N_("证书日志的私钥文件")),
    Setting("DEMO", "", N_("演示模式：填 1 时首页列出演示账号，不可用于正式环境")),
    Setting("LIMIT_FACTOR", "1", N_("公众查询次数上限的倍数；0 为不限，只用于压力测试")),
    Setting(
        "TRUSTED_PROXIES",
        "",
        N_("反向代理的地址或网段，逗号分隔；只信任它们转来的访问者地址"),
    ),
    Setting("WITNESSES", "", N_("见证人的公钥（vkey），逗号分隔；只收它们对日志检查点的联署")),
    Setting("SIGNER", "", N_("签名进程的套接字；填了就由它保管私钥，网站不读密钥文件")),
)


class BadSetting(Exception):
    """A setting has a value that cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Settings:
    """What the environment decided, read once at start."""

    data_dir: Path
    database_url: str
    host: str
    port: int
    public_origin: str
    secret_key_file: Path
    signing_key_file: Path
    log_key_file: Path
    is_demo: bool = False
    trusted_proxies: Proxies = NO_PROXIES
    limit_factor: int = 1
    witnesses: tuple[str, ...] = ()
    signer: Path | None = None
    venue_origin: str = ""
    tls_certificate_file: Path | None = None
    tls_key_file: Path | None = None

    @property
    def public_host(self) -> str:
        """The host part of the public origin, with a port where one is named."""
        return self.public_origin.split("://", 1)[1]

    @property
    def venue_host(self) -> str:
        """The host part of the address that tablets open, without a port."""
        parts = urlsplit(self.venue_origin)
        return parts.netloc.removesuffix(f":{parts.port}")

    @property
    def is_https(self) -> bool:
        return self.public_origin.startswith("https://")


def present(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what each setting comes to, by its name: what is set, or the default of this house."""
    source = os.environ if environ is None else environ
    found: dict[str, str] = {}
    for item in SETTINGS:
        default = item.default
        for name in ("DATA_DIR", "PORT", "PUBLIC_ORIGIN"):
            default = default.replace(f"<{name}>", found.get(name, ""))
        if found.get("TLS_CERTIFICATE_FILE"):
            default = default.replace("http://", "https://")
        value = source.get(PREFIX + item.name, "").strip() or default
        found[item.name] = str(Path(value).absolute()) if item.name == "DATA_DIR" else value
    return found


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raise `BadSetting` for a value that cannot be used."""
    value = present(environ)
    if bool(value["TLS_CERTIFICATE_FILE"]) != bool(value["TLS_KEY_FILE"]):
        raise BadSetting(
            f"{PREFIX}TLS_CERTIFICATE_FILE 和 {PREFIX}TLS_KEY_FILE 要么都填，要么都不填"
        )
    return Settings(
        data_dir=Path(value["DATA_DIR"]),
        database_url=value["DATABASE_URL"],
        host=value["HOST"],
        port=_port(value["PORT"]),
        public_origin=_origin("PUBLIC_ORIGIN", value["PUBLIC_ORIGIN"]),
        secret_key_file=Path(value["SECRET_KEY_FILE"]),
        signing_key_file=Path(value["SIGNING_KEY_FILE"]),
        log_key_file=Path(value["LOG_KEY_FILE"]),
        limit_factor=_factor(value["LIMIT_FACTOR"]),
        is_demo=value["DEMO"] in {"1", "true", "yes"},
        trusted_proxies=_proxies(value["TRUSTED_PROXIES"]),
        witnesses=_list(value["WITNESSES"]),
        signer=_path(value["SIGNER"]),
        venue_origin=_origin("VENUE_ORIGIN", value["VENUE_ORIGIN"]),
        tls_certificate_file=_path(value["TLS_CERTIFICATE_FILE"]),
        tls_key_file=_path(value["TLS_KEY_FILE"]),
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _proxies(text: str) -> Proxies:
    try:
        return Proxies(*_list(text))
    except ValueError:
        raise BadSetting(
            f"{PREFIX}TRUSTED_PROXIES={text}: 应是 IP 地址或网段，例如 127.0.0.1,10.8.0.0/24"
        ) from None


def _path(text: str) -> Path | None:
    return Path(text).absolute() if text else None


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise BadSetting(f"{PREFIX}PORT={text}: 端口应是 1 到 65535 的整数")
    return int(text)


def _factor(text: str) -> int:
    if not text.isdecimal():
        raise BadSetting(f"{PREFIX}LIMIT_FACTOR={text}: 应是 0 或正整数")
    return int(text)


def _origin(name: str, text: str) -> str:
    found = ORIGIN.fullmatch(text)
    if found is None or not 0 < int(found["port"] or 443) < 65536:
        raise BadSetting(
            f"{PREFIX}{name}={text}: 应是 https://主机名 或 https://主机名:端口，不带别的"
        )
    return found["origin"]
