"""A real MPSD on loopback, as far as a test can have one: our fake behind a socket, with what must not be kept."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from handlesfake.fake_service.ids import Ids
from handlesfake.fake_service.stage import Fake
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.mpsd.service import answer
from handlesfake.mpsd.settings import Settings

COOKIE = "cookie-value-of-the-service"
DEBUG = "xuid=9000000000000071; gamertag=RealTag"


class Service(ThreadingHTTPServer):
    """Answers as MPSD does, gzipped where the client takes it, and sets a cookie; ``requests`` counts what came."""

    daemon_threads = True

    def __init__(self, seed: str = "real", later: int = 0) -> None:
        """Begin with no session.

        :param seed: what the ids are made of.
        :param later: how many ticks later than usual it is.
        """
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Request] = []
        self._fake = Fake(Settings(), Ids(seed))
        self._began = 17_678_000_000_000_000 + later
        self._lock = threading.Lock()

    @property
    def authority(self) -> str:
        """``127.0.0.1:port``."""
        return f"127.0.0.1:{self.server_port}"

    def serve(self, request: Request) -> Response:
        """Let the service act."""
        with self._lock:
            self.requests.append(request)
            now = self._began + len(self.requests)
            reply = answer(self._fake.directory, request, now, self._fake.ids, self._fake.settings)
            self._fake.directory = reply.directory
            return reply.response


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        response = self.server.serve(Request(self.command, self.path, Headers(self.headers.items()), body))
        self.send_response_only(response.status)
        for name, value in (*response.headers, ("Set-Cookie", f"sid={COOKIE}; Path=/"), ("X-Xbl-Debug", DEBUG)):
            self.send_header(name, value)
        content = response.body
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            content = gzip.compress(content, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_DELETE = do_POST

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(seed: str = "real", later: int = 0) -> Iterator[Service]:
    """The service, for a while."""
    with Service(seed, later) as service:
        thread = threading.Thread(target=service.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield service
        finally:
            service.shutdown()
            thread.join()
