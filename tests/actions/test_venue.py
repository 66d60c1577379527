"""The hall's https: an authority that vouches for little, its check, and a server that uses it."""

import asyncio
import socket
import ssl
import threading
import urllib.error
import urllib.request
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from app.__main__ import main
from app.settings import load
from app.venue import authority, calendar, checking
from app.venue.authority import HalfAnAuthority, NotAVenueHost, OutsideTheAuthority, VenueFiles
from app.venue.handing_out import FILE_NAME, HandOut
from tests.browser import free_port, run_verb, settings_for, started, stop

NAME = "pf.example.cn"
AT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def files(tmp_path: Path) -> VenueFiles:
    return VenueFiles(tmp_path / "venue")


def handshake(files: VenueFiles, name: str) -> None:
    """Meet a server of the hall as a browser that trusts the authority does."""
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(files.server, files.server_key)
    theirs = ssl.create_default_context(cafile=str(files.authority))
    client, server = ssl.MemoryBIO(), ssl.MemoryBIO()
    asker = theirs.wrap_bio(client, server, server_hostname=name)
    answerer = ours.wrap_bio(server, client, server_side=True)
    for side in (asker, answerer, asker, answerer):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue


class TestAuthority:
    def test_vouches_for_the_name_and_the_address_of_the_hall(self, files):
        now = datetime.now(UTC)

        assert authority.prepare(files, [NAME, IPv4Address("192.168.8.2")], at=now)

        for name in (NAME, "192.168.8.2"):
            handshake(files, name)
        with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
            handshake(files, "192.168.8.3")

    @pytest.mark.parametrize("name", ["bank.example.com", "8.8.8.8"])
    def test_is_believed_for_nothing_else_even_by_who_has_its_key(self, files, name):
        now = datetime.now(UTC)
        authority.prepare(files, [NAME], at=now)

        forge(files, name)

        with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
            handshake(files, name)

    def test_is_believed_for_no_name_where_it_was_made_for_an_address(self, files):
        authority.prepare(files, [IPv4Address("10.1.2.3")], at=datetime.now(UTC))

        forge(files, "bank.example.com")

        with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
            handshake(files, "bank.example.com")

    def test_stays_on_the_tablets_while_the_address_changes(self, files):
        authority.prepare(files, [IPv4Address("192.168.8.2")], at=AT)
        root = files.authority.read_bytes()

        assert not authority.prepare(files, [IPv4Address("10.0.0.7")], at=AT)

        assert files.authority.read_bytes() == root
        named = authority.hosts_of(authority.read(files.server))
        assert named == [IPv4Address("10.0.0.7"), authority.ITSELF]

    def test_refuses_a_name_it_was_not_made_for_and_changes_nothing(self, files):
        authority.prepare(files, [NAME], at=AT)
        before = files.server.read_bytes()

        with pytest.raises(OutsideTheAuthority):
            authority.prepare(files, ["other.example.cn"], at=AT)

        assert files.server.read_bytes() == before
        assert authority.prepare(files, ["other.example.cn"], at=AT, is_new=True)

    def test_is_not_made_anew_because_its_key_was_put_away(self, files):
        authority.prepare(files, [NAME], at=AT)
        root = files.authority.read_bytes()
        files.authority_key.unlink()

        with pytest.raises(HalfAnAuthority):
            authority.prepare(files, [NAME], at=AT)

        assert files.authority.read_bytes() == root

    def test_holds_from_two_days_ago_for_ninety_days(self, files):
        authority.prepare(files, [NAME], at=AT)
        made = authority.read(files.server)

        assert made.not_valid_before_utc == AT - timedelta(days=2)
        assert made.not_valid_after_utc == AT + timedelta(days=90)

    def test_keeps_its_keys_to_itself(self, files):
        authority.prepare(files, [NAME], at=AT)

        assert {path.stat().st_mode & 0o777 for path in files.folder.glob("*.key")} == {0o600}

    @pytest.mark.parametrize(
        "text",
        [
            "8.8.8.8",
            "::1",
            "a b",
            "",
            "名.cn",
            "x:80",
            "http://a.cn",
            "192.168.8.300",
            "192.168.8",
            "8080",
            "cn",
        ],
    )
    def test_takes_no_host_that_is_not_the_halls(self, text):
        with pytest.raises(NotAVenueHost):
            authority.host_of(text)


def forge(files: VenueFiles, name: str) -> None:
    """Sign a certificate for another name with the authority's own key."""
    key = load_pem_private_key(files.authority_key.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    genuine = authority.read(files.server)
    own = load_pem_private_key(files.server_key.read_bytes(), None)
    assert isinstance(own, ec.EllipticCurvePrivateKey)
    is_address = name[0].isdigit()
    host = x509.IPAddress(IPv4Address(name)) if is_address else x509.DNSName(name)
    forged = (
        x509.CertificateBuilder()
        .subject_name(genuine.subject)
        .issuer_name(genuine.issuer)
        .public_key(own.public_key())
        .serial_number(7)
        .not_valid_before(genuine.not_valid_before_utc)
        .not_valid_after(genuine.not_valid_after_utc)
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .sign(key, SHA256())
    )
    files.server.write_bytes(forged.public_bytes(Encoding.PEM))


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house whose venue certificate is made and set."""
    folder = tmp_path / "var"
    for name, value in {
        "DATA_DIR": folder,
        "HOST": "127.0.0.1",
        "VENUE_ORIGIN": "https://127.0.0.1:8443",
        "TLS_CERTIFICATE_FILE": folder / "venue" / "server.crt",
        "TLS_KEY_FILE": folder / "venue" / "server.key",
    }.items():
        monkeypatch.setenv(f"XIANGJIANG_{name}", str(value))
    assert main(["migrate"]) == 0
    assert main(["venue", "prepare", "127.0.0.1"]) == 0
    return folder


class TestCheck:
    def test_passes_where_all_is_ready(self, hall, capsys):
        capsys.readouterr()

        assert main(["venue", "check"]) == 0

        assert capsys.readouterr().out.count("：正常\n") == 6

    @pytest.mark.parametrize(
        ("settings", "arguments", "says"),
        [
            (
                {"VENUE_ORIGIN": "http://127.0.0.1:8000"},
                [],
                "网址：http://127.0.0.1:8000 不是 https",
            ),
            (
                {"VENUE_ORIGIN": "https://127.0.0.2:8443"},
                [],
                "域名：证书是给 127.0.0.1 的，不包括 127.0.0.2",
            ),
            ({"HOST": "127.0.0.9"}, [], "监听：网站只监听 127.0.0.9"),
            ({}, ["--until", "2099-01-01"], "期限：证书到 20"),
            ({}, ["--certificate", "/no/such/file"], "证书：/no/such/file 读不出证书"),
        ],
    )
    def test_says_what_is_not_ready(self, hall, capsys, monkeypatch, settings, arguments, says):
        for name, value in settings.items():
            monkeypatch.setenv(f"XIANGJIANG_{name}", value)

        assert main(["venue", "check", *arguments]) == 1

        assert says in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("addresses", "says"),
        [
            ([], f"这里查不到域名 {NAME} 的地址"),
            (["192.0.2.77"], f"{NAME} 指向 192.0.2.77，不是这台电脑"),
            (["127.0.0.1"], ""),
        ],
    )
    def test_asks_whether_the_halls_name_leads_here(self, hall, monkeypatch, addresses, says):
        monkeypatch.setenv("XIANGJIANG_VENUE_ORIGIN", f"https://{NAME}:8443")

        found = checking.findings(
            load(), certificate=None, until=AT.date(), at=AT, look_up=lambda _: addresses
        )

        [machine] = [one for one in found if one.name == "本机"]
        assert machine.problem.startswith(says)
        assert bool(machine.problem) == bool(says)

    def test_finds_a_key_of_another_certificate(self, hall, capsys):
        (hall / "venue" / "server.key").write_bytes((hall / "venue" / "authority.key").read_bytes())

        assert main(["venue", "check"]) == 1

        assert "不是这张证书的私钥" in capsys.readouterr().out

    def test_asks_for_both_files_or_none(self, hall, capsys, monkeypatch):
        monkeypatch.delenv("XIANGJIANG_TLS_KEY_FILE")

        assert main(["venue", "check"]) != 0

        assert "要么都填，要么都不填" in capsys.readouterr().out


class TestCalendar:
    def test_looks_two_weeks_ahead(self, monkeypatch):
        async def held() -> list[tuple[date, date]]:
            return [
                (date(2026, 11, 20), date(2026, 12, 3)),
                (date(2026, 12, 15), date(2026, 12, 16)),
                (date(2026, 12, 16), date(2027, 5, 1)),
            ]

        monkeypatch.setattr(calendar, "_rooms", [held])

        assert asyncio.run(calendar.last_day(date(2026, 12, 1))) == date(2026, 12, 16)
        assert asyncio.run(calendar.last_day(date(2026, 11, 1))) == date(2026, 11, 1)


class TestServing:
    def test_answers_on_https_to_who_trusts_the_authority_only(self, tmp_path):
        settings = settings_for(tmp_path, PORT=str(free_port()))
        run_verb(["migrate"], settings)
        run_verb(["venue", "prepare", "127.0.0.1"], settings)
        for name, file in (("TLS_CERTIFICATE_FILE", "server.crt"), ("TLS_KEY_FILE", "server.key")):
            settings[f"XIANGJIANG_{name}"] = str(tmp_path / "venue" / file)
        trusting = ssl.create_default_context(cafile=str(tmp_path / "venue" / "authority.crt"))
        address = f"https://127.0.0.1:{settings['XIANGJIANG_PORT']}/healthz"
        process = started(settings, tmp_path)
        try:
            wait_for_port(int(settings["XIANGJIANG_PORT"]))

            with urllib.request.urlopen(address, timeout=30, context=trusting) as answer:
                assert answer.read() == b"ok"
            with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
                urllib.request.urlopen(address, timeout=30)
        finally:
            stop(process)


class TestHandingOut:
    def test_gives_the_authority_and_how_to_install_it_and_nothing_else(self, files):
        authority.prepare(files, [NAME], at=AT)
        with HandOut(files.authority, venue_origin=f"https://{NAME}", port=0) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            origin = f"http://127.0.0.1:{server.server_address[1]}"

            assert fetched(f"{origin}/{FILE_NAME}") == files.authority.read_bytes()
            page = fetched(f"{origin}/").decode()
            assert "下载根证书" in page
            assert authority.fingerprint(authority.read(files.authority)) in page
            assert "Download the root certificate" in fetched(f"{origin}/en").decode()
            with pytest.raises(urllib.error.HTTPError, match="404"):
                fetched(f"{origin}/authority.key")
            server.shutdown()


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return bytes(answer.read())


def wait_for_port(port: int) -> None:
    for _ in range(600):
        with socket.socket() as door:
            door.settimeout(0.1)
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.1)
    raise AssertionError("the server does not listen")
