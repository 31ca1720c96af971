"""The service of planted cases, and the four clients that ask it."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import aiohttp
import httpx
import requests

from benchmarks.planted_cases import CREDENTIALS, Case, Message
from handlesfake.cassettes.format.compression import unpacked
from handlesfake.mpsd.http.message import Headers

Wire = tuple[int, Headers, bytes]
Pairs = list[tuple[str, str]]


def by_requests(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """Requests."""
    with requests.Session() as session:
        answer = session.request(method, url, headers=dict(headers), data=body or None, allow_redirects=False)
        return answer.status_code, Headers(answer.headers.items()), answer.content


def by_httpx(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """httpx, the blocking client."""
    with httpx.Client(verify=_TLS) as client:
        answer = client.request(method, url, headers=headers, content=body or None)
        return answer.status_code, Headers(answer.headers.multi_items()), answer.content


async def _by_aiohttp(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, headers=headers, data=body or None, allow_redirects=False) as answer,
    ):
        return answer.status, Headers(answer.headers.items()), await answer.read()


def by_aiohttp(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """Aiohttp."""
    return asyncio.run(_by_aiohttp(method, url, headers, body))


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """No redirection is followed."""


def by_urllib(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """urllib.request."""
    asked = urllib.request.Request(url, body or None, dict(headers), method=method)
    try:
        answer = urllib.request.build_opener(_Stays).open(asked)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, Headers(answer.headers.items()), answer.read()


CLIENTS = (by_requests, by_httpx, by_aiohttp, by_urllib)
"""The clients, in turn; none follows a redirection."""

_TLS = ssl.create_default_context()


class Echoing(ThreadingHTTPServer):
    """Answers each request with :attr:`answer`."""

    daemon_threads = True
    answer = Message("", "", [], b"")

    @property
    def authority(self) -> str:
        """``127.0.0.1:port``."""
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Echoing

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        answer = self.server.answer
        self.send_response_only(answer.status, answer.reason or None)
        for name, value in answer.headers:
            self.send_header(name, value)
        has_body = self.command != "HEAD" and answer.status not in (204, 304)
        self.send_header("Content-Length", str(len(answer.body) if has_body else 0))
        self.end_headers()
        self.wfile.write(answer.body if has_body else b"")

    do_GET = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_POST  # noqa: N815 - as the class wants them

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Echoing]:
    """The service, for a while."""
    with Echoing(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class Sent(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def send(case: Case, services: tuple[Echoing, Echoing]) -> Sent:
    """Send the request of ``case``, after one that shows what is known from an answer."""
    client = by_requests if case.request.is_zstd or case.answer.is_zstd else CLIENTS[case.turn % len(CLIENTS)]
    mpsd, other = services
    if case.value.known not in ("", "xuid", "token", "user_hash"):
        shown = json.dumps({case.value.known: case.value.value}).encode()
        mpsd.answer = Message("", "", [("Content-Type", "application/json")], shown)
        client(
            "GET",
            f"http://{mpsd.authority}/handles/x",
            [("Authorization", CREDENTIALS["main"]["authorization"])],
            b"",
        )
    server = mpsd if case.is_mpsd else other
    server.answer = case.answer
    request = case.request
    url = f"http://{server.authority}{request.target}"
    # without it, each client asks for the codings that it can undo
    status, headers, body = client(request.method, url, request.headers, request.body)
    return Sent(status, _kept(headers), unpacked(headers, body)[1])


_LEFT = {"content-length", "transfer-encoding", "content-encoding", "connection", "date", "server"}


def _kept(headers: Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers if name.lower() not in _LEFT}
