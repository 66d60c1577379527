"""A certificate authority of the hall's own, which vouches for one laptop on a private network.

Browsers work offline and cipher on https only (offline.md, "Secure context on a venue LAN"). The
authority is limited to the names it was made for and to private addresses, so that a tablet that
trusts it trusts nothing else by it, even when its key is stolen.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.errors import N_, Refusal, refusal
from app.storage.whole_files import write_whole

PRIVATE: Final = tuple(
    map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"))
)
ITSELF: Final = IPv4Address("127.0.0.1")
NO_NAME: Final = "name.invalid"
"""Permitted where no name is: without any, all names would be (RFC 5280, section 4.2.1.10)."""
EARLIER: Final = timedelta(days=2)
"""Clocks of tablets run late; what begins today they would not believe."""
SERVER_DAYS: Final = 90
AUTHORITY_DAYS: Final = 5 * 365

NAME: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
"""At least two labels, the last no number: 192.168.8.300 is a slip, and cn is not the hall's."""

Host = str | IPv4Address


@refusal
class NotAVenueHost(Refusal):
    """The hall's authority vouches for a name, or for an address of a private network."""

    says = N_("“{host}”不能用：请写这台电脑在赛场局域网里的地址，如 192.168.8.2，或一个域名。")
    host: str


@refusal
class OutsideTheAuthority(Refusal):
    """The authority on the tablets was made for other names."""

    says = N_(
        "平板上装的根证书不包括“{host}”。请改用原来的网址；"
        "确要换网址，加 --new-authority 重建根证书，并在每台平板上重新安装。"
    )
    host: str


@refusal
class HalfAnAuthority(Refusal):
    """The authority's certificate or its key is missing; a new one would have to be installed."""

    says = N_(
        "{missing} 不见了。请放回原处；确要重建根证书，加 --new-authority，并在每台平板上重新安装。"
    )
    missing: str


@dataclass(frozen=True)
class VenueFiles:
    """Where the hall's certificates and keys lie."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "authority.crt"

    @property
    def authority_key(self) -> Path:
        return self.folder / "authority.key"

    @property
    def server(self) -> Path:
        return self.folder / "server.crt"

    @property
    def server_key(self) -> Path:
        return self.folder / "server.key"


def host_of(text: str) -> Host:
    """Read a host; raise `NotAVenueHost` for a public address, a port or what is no name."""
    try:
        address = ip_address(text)
    except ValueError:
        if not NAME.fullmatch(text.lower()):
            raise NotAVenueHost(text) from None
        return text.lower()
    if isinstance(address, IPv4Address) and any(address in network for network in PRIVATE):
        return address
    raise NotAVenueHost(text)


def prepare(files: VenueFiles, hosts: list[Host], *, at: datetime, is_new: bool = False) -> bool:
    """Write a certificate for the hosts and the laptop itself; tell whether its authority is new.

    An authority that is there stays, since it is on the tablets; raise `OutsideTheAuthority` for
    a name that it may not vouch for, `HalfAnAuthority` where one of its two files is missing.
    """
    files.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    missing = [path for path in (files.authority, files.authority_key) if not path.exists()]
    if len(missing) == 1 and not is_new:
        raise HalfAnAuthority(str(missing[0]))
    is_new = is_new or bool(missing)
    if is_new:
        _make_authority(files, hosts, at)
    authority = read(files.authority)
    for host in hosts:
        if not _covers(authority, host):
            raise OutsideTheAuthority(str(host))
    _make_server(files, list(dict.fromkeys([*hosts, ITSELF])), authority, at)
    return is_new


def read(path: Path) -> x509.Certificate:
    """Read the first certificate of a PEM file; raise ValueError where there is none."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def hosts_of(certificate: x509.Certificate) -> list[Host]:
    """Return the names and addresses that a server's certificate is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = found.get_values_for_type(x509.IPAddress)
    return [
        *found.get_values_for_type(x509.DNSName),
        *(one for one in addresses if isinstance(one, IPv4Address)),
    ]


def last_day(certificate: x509.Certificate) -> date:
    """Return the last whole day on which a certificate holds."""
    return certificate.not_valid_after_utc.date() - timedelta(days=1)


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate in groups of four, as people compare it."""
    text = certificate.fingerprint(SHA256()).hex().upper()
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def is_key_of(key: Path, certificate: x509.Certificate) -> bool:
    """Tell whether a PEM file holds the private key of a certificate."""
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    public = load_pem_private_key(key.read_bytes(), None).public_key()
    return public.public_bytes(*form) == certificate.public_key().public_bytes(*form)


def _covers(authority: x509.Certificate, host: Host) -> bool:
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    permitted = [one.value for one in limits.permitted_subtrees or ()]
    if isinstance(host, IPv4Address):
        return any(isinstance(one, IPv4Network) and host in one for one in permitted)
    return any(host == one or host.endswith(f".{one}") for one in permitted if isinstance(one, str))


def _make_authority(files: VenueFiles, hosts: list[Host], at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    names = [host for host in hosts if isinstance(host, str)] or [NO_NAME]
    limits = x509.NameConstraints(
        permitted_subtrees=[*map(x509.DNSName, names), *map(x509.IPAddress, PRIVATE)],
        excluded_subtrees=None,
    )
    made = f"{at:%Y-%m-%d}"
    name = _name(f"乡匠赛场根证书 {made}")
    builder = (
        _builder(name, name, key, at, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_authority=True), critical=True)
        .add_extension(limits, critical=True)
    )
    write_whole(files.authority_key, _pem(key), 0o600)
    write_whole(files.authority, builder.sign(key, SHA256()).public_bytes(Encoding.PEM), 0o644)


def _make_server(
    files: VenueFiles, hosts: list[Host], authority: x509.Certificate, at: datetime
) -> None:
    signer = load_pem_private_key(files.authority_key.read_bytes(), None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{files.authority_key} holds no key of ours")
    key = ec.generate_private_key(ec.SECP256R1())
    names = [
        x509.IPAddress(host) if isinstance(host, IPv4Address) else x509.DNSName(host)
        for host in hosts
    ]
    ours = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = (
        _builder(_name("乡匠赛场"), authority.subject, key, at, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(is_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(ours, critical=False)
    )
    write_whole(files.server_key, _pem(key), 0o600)
    write_whole(files.server, builder.sign(signer, SHA256()).public_bytes(Encoding.PEM), 0o644)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, at: datetime, days: int
) -> x509.CertificateBuilder:
    from_day = at.astimezone(UTC) - EARLIER
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(from_day)
        .not_valid_after(from_day + EARLIER + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
