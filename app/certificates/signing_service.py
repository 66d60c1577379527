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
from pathlib import Path

import msgspec
from msgspec import Struct

from app.certificates import notes, signer
from app.certificates.signer import BadKeyFile, Signers

SECONDS = 10
SOCKET_MODE = 0o660
MOST_BYTES = 1_000_000


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
            partial = self.memory.with_name(f"{self.memory.name}.new")
            partial.write_text(new.text, encoding="utf-8")
            partial.replace(self.memory)


class _Client(socketserver.StreamRequestHandler):
    server: SigningServer

    def handle(self) -> None:
        line = self.rfile.readline(MOST_BYTES)
        self.wfile.write(msgspec.json.encode(self.server.answer(line)) + b"\n")


def ask(path: Path, request: Request) -> Answer:
    """Ask the signer at a socket; raise `BadKeyFile` where there is no answer, or a refusal."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(SECONDS)
            line.connect(str(path))
            line.sendall(msgspec.json.encode(request) + b"\n")
            with line.makefile("rb") as answers:
                answer = msgspec.json.decode(answers.readline(), type=Answer)
    except (OSError, msgspec.MsgspecError) as error:
        raise BadKeyFile(f"{path}: 签名进程没有应答（{error}）") from error
    if answer.problem:
        raise BadKeyFile(f"{path}: {answer.problem}")
    return answer


class RemoteSigner:
    """A key that another process holds."""

    def __init__(self, path: Path, key: str, public_key: bytes) -> None:
        self._path, self._key, self.public_key = path, key, public_key

    def sign(self, message: bytes) -> bytes:
        """Let the other process sign; a signature that does not hold is refused."""
        encoded = base64.b64encode(message).decode()
        answer = ask(self._path, Request("sign", self._key, encoded))
        signature = bytes.fromhex(answer.signature)
        if not signer.verify(self.public_key, signature, message):
            raise BadKeyFile("签名进程换了密钥，请重启网站")
        return signature


def connect(path: Path) -> Signers:
    """Let this process sign through the signer at a socket; raise `BadKeyFile`."""
    return _use(path, ask(path, Request("keys")))


def _use(path: Path, keys: Answer) -> Signers:
    return signer.use(
        Signers(
            RemoteSigner(path, "issuing", bytes.fromhex(keys.issuing)),
            RemoteSigner(path, "log", bytes.fromhex(keys.log)),
            lambda: _use(path, ask(path, Request("renew"))),
        )
    )
