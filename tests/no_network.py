"""No test speaks to another machine: sockets reach this machine or nothing.

Loaded by every run (`-p tests.no_network` in pyproject.toml), so no folder of tests can forget it.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


class ReachedOutside(RuntimeError):
    """A test tried to speak to an address that is not this machine."""


def is_here(host: object) -> bool:
    """Tell whether a host is this machine's loopback."""
    text = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if text in {"localhost", "localhost.localdomain"} or text.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(text.split("%")[0]).is_loopback
    except ValueError:
        return False


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not is_here(address[0]):
            raise ReachedOutside(f"a test tried to connect to {address[0]}")
        return original(self, address)

    return connect


def _guarded_lookup(host: Any, *rest: Any, **options: Any) -> Any:
    if host not in {None, "", "0.0.0.0", "::"} and not is_here(host):
        raise ReachedOutside(f"a test tried to look up {host}")
    return _getaddrinfo(host, *rest, **options)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Block every connection and look-up beyond the loopback for the whole run."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded(_connect))
    patch.setattr(socket.socket, "connect_ex", _guarded(_connect_ex))
    patch.setattr(socket, "getaddrinfo", _guarded_lookup)
    yield
    patch.undo()
