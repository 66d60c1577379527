"""Who asks, behind proxies that are believed and strangers who are not."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.proxies import Proxies, address_of, network_of

NGINX, CDN, READER = "127.0.0.1", "203.0.113.9", "192.0.2.7"
TRUSTED = Proxies("127.0.0.1", "203.0.113.0/24", "2001:db8:c::/48")
EVERYBODY = "::ffff:0:0/96"
addresses = st.ip_addresses().map(str)


class TestTheAsker:
    @pytest.mark.parametrize(
        ("peer", "forwarded", "found"),
        [
            (READER, [], READER),
            (READER, ["198.51.100.1"], READER),
            (NGINX, [READER], READER),
            (NGINX, [READER, CDN], READER),
            (NGINX, [READER, "203.0.113.80", CDN], READER),
            (NGINX, ["198.51.100.1", READER, CDN], READER),
            (NGINX, [f"{READER}:5678"], READER),
            (NGINX, ['"[2001:db8::5]:443"', "2001:db8:c::1"], "2001:db8::5"),
            ("::ffff:127.0.0.1", [f"::ffff:{READER}"], READER),
            (NGINX, [""], NGINX),
            (NGINX, ["unknown", CDN], CDN),
            (NGINX, ["203.0.113.80", CDN], "203.0.113.80"),
            ("", [READER], ""),
            ("socket", [READER], "socket"),
        ],
    )
    def test_is_the_nearest_that_is_no_trusted_proxy(self, peer, forwarded, found):
        assert TRUSTED.asker(peer, forwarded) == found

    @given(st.lists(addresses | st.text()), st.lists(st.sampled_from([CDN, "203.0.113.80"])))
    def test_is_the_same_whatever_strangers_say(self, before, between):
        assert TRUSTED.asker(NGINX, [*before, READER, *between]) == READER

    @given(addresses, st.lists(addresses | st.text()))
    def test_is_who_connects_where_none_is_trusted(self, peer, forwarded):
        assert Proxies().asker(peer, forwarded) == str(address_of(peer))


class TestAnAddress:
    @given(st.ip_addresses(v=4), st.integers(1, 65535))
    def test_has_a_port_or_not(self, address, port):
        for text in (f"{address}", f"{address}:{port}", f" {address} ", f"::ffff:{address}"):
            assert address_of(text) == address

    @given(st.ip_addresses(v=6), st.integers(1, 65535))
    def test_has_brackets_where_it_has_a_port(self, address, port):
        expected = address.ipv4_mapped or address
        for text in (f"{address}", f"[{address}]", f"[{address}]:{port}", f'"[{address}]:{port}"'):
            assert address_of(text) == expected

    @pytest.mark.parametrize("text", ["", "unknown", "_hidden", "1.2.3", "[", "a:b", "1.2.3.4.5:6"])
    def test_is_none_where_it_cannot_be_read(self, text):
        assert address_of(text) is None


class TestANetwork:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("127.0.0.1", "127.0.0.1/32"),
            ("10.8.0.0/24", "10.8.0.0/24"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("::ffff:127.0.0.1", "127.0.0.1/32"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ],
    )
    def test_is_an_address_or_many(self, text, found):
        assert network_of(text) == ip_network(found)

    @pytest.mark.parametrize(
        "text", ["localhost", "10.8.0.1/24", "10.8.0.0/33", "0.0.0.0/0", "::/0", EVERYBODY]
    )
    def test_is_neither_a_name_nor_everybody(self, text):
        with pytest.raises(ValueError, match=r"."):
            network_of(text)
