"""A real server on loopback that breaks as it is told: what a client makes of it is the truth for our seams."""

from __future__ import annotations

import math
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import trustme

from handlesfake.exchange.outcome import ConnectionEnd

Move = tuple[bytes, ConnectionEnd]


@dataclass
class Seen:
    """What a server that breaks has seen."""

    lines: list[bytes] = field(default_factory=list)
    """The request lines that have come."""

    silent_since: float = math.inf
    """When it had sent all that it says before its silence, by the monotonic clock."""


@contextmanager
def breaking(moves: Sequence[Move]) -> Iterator[tuple[str, Seen]]:
    """Answer the n-th request, on whatever connection it comes, with the n-th of ``moves``; the last is repeated.

    Gives the address, and what has been seen there.
    """
    seen = Seen()
    silent: list[socket.socket] = []
    lock = threading.Lock()

    class Breaking(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            incoming = self.request.makefile("rb")
            while line := incoming.readline():
                _read_rest(incoming)
                with lock:
                    seen.lines.append(line)
                    sent, ending = moves[min(len(seen.lines), len(moves)) - 1]
                self.request.sendall(sent)
                if ending is not ConnectionEnd.KEEP:
                    self._end(ending)
                    return

        def _end(self, ending: ConnectionEnd) -> None:
            if ending is ConnectionEnd.RESET:
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif ending in (ConnectionEnd.TIMEOUT, ConnectionEnd.HANG):
                silent.append(self.request.dup())
                seen.silent_since = time.monotonic()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = False

        def shutdown_request(self, request: Any) -> None:
            # no separate FIN: close() sends it where nothing else holds the connection, or the RST
            request.close()

    with Server(("127.0.0.1", 0), Breaking) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", seen
        finally:
            server.shutdown()
            thread.join()
            for connection in silent:
                connection.close()


def _read_rest(incoming: Any) -> None:
    length = 0
    while (line := incoming.readline()).strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    incoming.read(length)


@contextmanager
def nobody() -> Iterator[str]:
    """An address on loopback where no server listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def distrusted() -> Iterator[str]:
    """A TLS server with an untrusted certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1", "localhost").configure_cert(context)

    class Shaking(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                context.wrap_socket(self.request, server_side=True).close()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = False

    with Server(("127.0.0.1", 0), Shaking) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"https://localhost:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
