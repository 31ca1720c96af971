"""A real HTTP/1.1 server on loopback, which stands for the real service, or for a proxy."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Loopback(ThreadingHTTPServer):
    """Answers everything with 203 and a gzipped body; ``seen`` holds the request lines, ``bodies`` what came."""

    daemon_threads = True
    BODY = gzip.compress(b'{"real":true}', mtime=0)

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0

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
