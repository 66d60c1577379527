"""The signer as a process of its own: it alone reads the keys, and signs over a Unix socket.

A line of JSON asks, a line of JSON answers: `{"do": "keys"}`, `{"do": "sign", "key": "issuing"
or "log", "message": base64}`, `{"do": "renew"}`. Who may connect is what the socket's mode says.

The signer also remembers the largest checkpoint that it signed: a website that was rolled back gets
no signature under a smaller one, or under another of the same size.
"""

import base64
import os
import socket
import socketserver
import threading
import time
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from app.certificates import notes, signer
from app.certificates.signer import BadKeyFile, SignerChanged, SignerRefuses, Signers, SignerSilent
from app.storage.whole_files import write_whole

SECONDS = 3.0
RENEW_SECONDS = 10.0
"""How long a new key may take: whoever gives up does not know whether it was made."""
PAUSE_SECONDS = 5.0
"""How long nobody waits for a signer that kept somebody waiting: all others would wait, too."""
SOCKET_MODE = 0o660
MOST_BYTES = 64_000_000
"""A bundle in base64 whose whole register, three million certificates, was revoked."""


class Request(Struct, frozen=True):
    """What a client asks."""

    do: str
    key: str = ""
    message: str = ""


class Answer(Struct, frozen=True, omit_defaults=True):
    """What it gets: hex, or why not."""

    issuing: str = ""
    log: str = ""
    signature: str = ""
    problem: str = ""


class SigningServer(socketserver.ThreadingUnixStreamServer):
    """Answer every client in a thread of its own, with the keys of this process."""

    daemon_threads = True

    def __init__(self, path: Path, keys: Signers, memory: Path) -> None:
        self.keys = keys
        self.memory = memory
        self.lock = threading.Lock()
        path.unlink(missing_ok=True)
        before = os.umask(0o777 & ~SOCKET_MODE)
        try:
            super().__init__(str(path), _Client)
        finally:
            os.umask(before)

    def answer(self, line: bytes) -> Answer:
        """Answer one request."""
        try:
            return self._answer(msgspec.json.decode(line, type=Request))
        except (msgspec.MsgspecError, ValueError, OSError, BadKeyFile) as error:
            return Answer(problem=str(error))

    def _answer(self, request: Request) -> Answer:
        if request.do == "renew":
            self.keys = self.keys.renew()
        if request.do in {"keys", "renew"}:
            public = (self.keys.issuing.public_key.hex(), self.keys.log.public_key.hex())
            return Answer(issuing=public[0], log=public[1])
        if request.do == "sign" and request.key in {"issuing", "log"}:
            chosen = self.keys.issuing if request.key == "issuing" else self.keys.log
            message = base64.b64decode(request.message, validate=True)
            if request.key == "log":
                self._refuse_fork(message)
            return Answer(signature=chosen.sign(message).hex())
        return Answer(problem="unknown request")

    def _refuse_fork(self, message: bytes) -> None:
        """Remember a checkpoint before it is signed; raise `BadKeyFile` for one that went back."""
        try:
            new = notes.parse_checkpoint(message.decode())
        except ValueError:
            return  # Something else that the log key signs, such as an offline bundle.
        with self.lock:
            if self.memory.exists():
                old = notes.parse_checkpoint(self.memory.read_text(encoding="utf-8"))
                if new.size < old.size or (new.size == old.size and new.root != old.root):
                    raise BadKeyFile(f"日志从 {old.size} 条倒回到 {new.size} 条，拒绝签名")
            write_whole(self.memory, new.text)


class _Client(socketserver.StreamRequestHandler):
    server: SigningServer

    def handle(self) -> None:
        line = self.rfile.readline(MOST_BYTES)
        self.wfile.write(msgspec.json.encode(self.server.answer(line)) + b"\n")


def ask(path: Path, request: Request) -> Answer:
    """Ask the signer at a socket; raise `SignerSilent` or `SignerRefuses`."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(RENEW_SECONDS if request.do == "renew" else SECONDS)
            line.connect(str(path))
            line.sendall(msgspec.json.encode(request) + b"\n")
            with line.makefile("rb") as answers:
                answer = msgspec.json.decode(answers.readline(), type=Answer)
    except (OSError, msgspec.MsgspecError) as error:
        raise SignerSilent(str(path)) from error
    if answer.problem:
        raise SignerRefuses(answer.problem)
    return answer


class Remote:
    """The signer at a socket: it may be away when this process starts, and come and go."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys: Answer | None = None
        self._silent_until = 0.0

    def ask(self, request: Request) -> Answer:
        """Ask; where somebody has just waited in vain, wait no more."""
        if time.monotonic() < self._silent_until:
            raise SignerSilent(str(self._path))
        began = time.monotonic()
        try:
            return ask(self._path, request)
        except SignerSilent:
            if time.monotonic() - began >= SECONDS:
                self._silent_until = time.monotonic() + PAUSE_SECONDS
            raise

    def public_key(self, name: str) -> bytes:
        """Return a public key as it was told when it first answered; raise `SignerSilent`."""
        if self._keys is None:
            raise SignerSilent(str(self._path))
        return bytes.fromhex(getattr(self._keys, name))

    def probe(self) -> None:
        """Raise where it does not answer; where it holds other keys by now, go on with those.

        Whether they are this house's, the database says (`known_keys`, `log_vkeys`).
        """
        told = self.ask(Request("keys"))
        if self._keys is None:
            signer.refuse_same(bytes.fromhex(told.issuing), bytes.fromhex(told.log))
            self._keys = told
        elif told != self._keys:
            connect(self._path)


class RemoteSigner:
    """A key that another process holds."""

    def __init__(self, remote: Remote, key: str) -> None:
        self._remote, self._key = remote, key

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key; raise `SignerSilent` while nobody has told them."""
        return self._remote.public_key(self._key)

    def sign(self, message: bytes) -> bytes:
        """Let the other process sign; a signature that does not hold is refused."""
        encoded = base64.b64encode(message).decode()
        answer = self._remote.ask(Request("sign", self._key, encoded))
        signature = bytes.fromhex(answer.signature)
        if not signer.verify(self.public_key, signature, message):
            raise SignerChanged
        return signature


def connect(path: Path) -> Signers:
    """Let this process sign through the signer at a socket, now or when it comes."""
    remote = Remote(path)

    def renew() -> Signers:
        remote.ask(Request("renew"))
        return connect(path)

    with suppress(SignerSilent):
        remote.probe()
    return signer.use(
        Signers(RemoteSigner(remote, "issuing"), RemoteSigner(remote, "log"), renew, remote.probe)
    )
