"""A real HTTP/1.1 server on loopback, which replaces the real service, or a proxy."""

from __future__ import annotations

import gzip
import math
import socket
import socketserver
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from handlesfake.exchange.outcome import ConnectionEnd
from tests.patience import PATIENCE, outwaited


class Loopback(ThreadingHTTPServer):
    """Answers everything with 203 and a gzipped body; ``seen`` holds the request lines, ``bodies`` what came."""

    daemon_threads = True
    BODY = gzip.compress(b'{"real":true}', mtime=0)

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that has closed its connection with an answer unread."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def authority(self) -> str:
        """``127.0.0.1:port``."""
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Loopback

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        self.server.seen.append(self.requestline)
        self.server.bodies.append(self._body())
        self.send_response(203, "Really Made")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(Loopback.BODY)))
        self.end_headers()
        self.wfile.write(Loopback.BODY)

    do_GET = do_PUT = do_POST

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


Streamed = tuple[int, bytes, BaseException | None]
"""The status (0 without a head), the body until it ended or failed, and the failure."""


def really(stream: Callable[[str, float], Streamed], sent: bytes, ending: ConnectionEnd) -> tuple[Streamed, str]:
    """What a client makes of a real server that fails, with its read timeout, and the address of that server."""

    def attempt(timeout: float) -> tuple[tuple[Streamed, str], float]:
        with failing(sent, ending) as authority:
            came = stream(f"http://{authority}/handles", timeout)
            ended = time.monotonic()
        return (came, authority), ended - authority.silent_since

    return outwaited(attempt) if ending is ConnectionEnd.TIMEOUT else attempt(PATIENCE)[0]


@contextmanager
def serving() -> Iterator[Loopback]:
    """Run a server while the block runs."""
    with Loopback() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class Authority(str):
    """``host:port`` of a server that fails."""

    silent_since = math.inf
    """When it had sent all that it says before its silence, by the monotonic clock."""


@contextmanager
def failing(sent: bytes, ending: ConnectionEnd) -> Iterator[Authority]:
    """Run a server that reads one request on each connection, sends ``sent``, and ends as ``ending`` says.

    It gives its ``host:port``. A seam must make of the same bytes and the same ending what a client makes of them.
    """
    silent: list[socket.socket] = []

    class Failing(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            head = b""
            while b"\r\n\r\n" not in head:
                data = self.request.recv(65536)
                if not data:  # the client has thought better of it
                    return
                head += data
            self.request.sendall(sent)
            if ending is ConnectionEnd.RESET:
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.request.close()
            elif ending is ConnectionEnd.TIMEOUT:
                silent.append(self.request.dup())
                authority.silent_since = time.monotonic()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def shutdown_request(self, request: Any) -> None:
            if ending is ConnectionEnd.CLOSE:
                super().shutdown_request(request)
            else:
                request.close()

    with Server(("127.0.0.1", 0), Failing) as server:
        authority = Authority(f"127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield authority
        finally:
            server.shutdown()
            thread.join()
            for connection in silent:
                connection.close()
