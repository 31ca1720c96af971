"""An origin that answers as few do: odd bytes, types, codings and framings, and half answers; it remembers all bytes."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import product

BODIES = (
    b"{}",
    b"",
    b'{"a":"Zo\xeb"}',
    '{"a":"Zoë"}'.encode(),
    b'\xef\xbb\xbf{"a":1}',
    bytes(range(256)),
    "Zo\ufffd".encode(),
    b"\xf0\x9f\x8e",
)
TYPES = ("application/json; charset=utf-8", "text/html; charset=iso-8859-1", "application/octet-stream", "")
CODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "deflate": zlib.compress,
}
FRAMINGS = ("length", "chunked", "close", "half of a length", "half of the chunks")


@dataclass(frozen=True)
class Odd:
    """One request and its answer: both have the same type, coding and body."""

    body: bytes
    type: str
    coding: str
    framing: str

    @property
    def packed(self) -> bytes:
        """The body as it crosses the wire."""
        return CODINGS[self.coding](self.body)

    @property
    def lines(self) -> bytes:
        """The header lines that name it."""
        lines = [f"Content-Type: {self.type}"] * bool(self.type) + [f"Content-Encoding: {self.coding}"] * bool(
            self.coding
        )
        return "".join(f"{line}\r\n" for line in lines).encode()

    @property
    def is_whole(self) -> bool:
        """Whether the answer is."""
        return not self.framing.startswith("half")

    @property
    def answer(self) -> bytes:
        """All bytes of the answer."""
        raw, head = self.packed, b"HTTP/1.1 200 OK\r\n" + self.lines
        if "length" in self.framing:
            missing = 0 if self.is_whole else 7
            return head + b"Content-Length: %d\r\n\r\n%s" % (len(raw) + missing, raw)
        if self.framing == "close":
            return head + b"Connection: close\r\n\r\n" + raw
        chunk = b"%x\r\n%s\r\n" % (len(raw), raw) if raw else b""
        return head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk + (b"0\r\n\r\n" if self.is_whole else b"")

    def request(self, number: int) -> bytes:
        """All bytes of the request."""
        raw = self.packed
        head = f"POST /{number} HTTP/1.1\r\nHost: sessiondirectory.xboxlive.com\r\nConnection: close\r\n"
        return head.encode() + self.lines + b"Content-Length: %d\r\n\r\n%s" % (len(raw), raw)


ALL = tuple(Odd(*one) for one in product(BODIES, TYPES, CODINGS, FRAMINGS))


@dataclass
class Origin:
    """Where the odd ones are answered."""

    listening: socket.socket
    threads: list[threading.Thread] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def serve(self) -> None:
        """Answer one request on each connection, until the socket is closed."""
        with suppress(OSError):
            while True:
                connection, _ = self.listening.accept()
                thread = threading.Thread(target=_answer, args=(connection,))
                thread.start()
                self.threads.append(thread)


def _answer(connection: socket.socket) -> None:
    with connection, connection.makefile("rb") as file, suppress(OSError, ValueError):
        number = int(file.readline().split()[1].strip(b"/"))
        length = 0
        while (line := file.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        file.read(length)
        connection.sendall(ALL[number].answer)


@contextmanager
def origin() -> Iterator[Origin]:
    """Serve in a thread."""
    found = Origin(socket.create_server(("127.0.0.1", 0)))
    thread = threading.Thread(target=found.serve)
    thread.start()
    try:
        yield found
    finally:
        found.listening.shutdown(socket.SHUT_RDWR)
        found.listening.close()
        for one in (thread, *found.threads):
            one.join()
