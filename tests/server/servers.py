"""Servers for the tests: as another process, and in a thread of this one; and clients that clean up."""

from __future__ import annotations

import http.client
import io
import json
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from handlesfake.cli import main
from handlesfake.double.double import Double
from handlesfake.options.options import Options
from handlesfake.server.http.address import Address
from handlesfake.server.run.sockets import Site
from handlesfake.server.run.thread import in_thread
from tests.patience import PATIENCE
from tests.server.described import Described

REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
ACTIVITY = json.dumps({"type": "activity", "version": 1, "sessionRef": REF})
HEADERS = {"Authorization": "XBL3.0 x=uhs-9000000000000001;made-up", "x-xbl-contract-version": "107"}


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    """By names as they were on the wire."""

    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass
class Running:
    """A server process that has said that it is ready."""

    process: subprocess.Popen[str]
    line: str

    @property
    def ready(self) -> dict[str, Any]:
        """The ready line as JSON."""
        found: dict[str, Any] = json.loads(self.line)
        return found

    def stop(self, number: int) -> tuple[int, str, str]:
        """Send a signal; status, output and complaints of its end."""
        self.process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", number))  # all that Windows can ask with
        output, complaint = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, output, complaint


@dataclass
class Remote:
    """A server, and the calls of its control interface over one connection."""

    mpsd: Double
    url: str
    connection: http.client.HTTPConnection
    described: Described
    """What the server says of itself: every answer is held against it."""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """One call; a body that is not text goes as JSON."""
        sent = body if body is None or isinstance(body, str) else json.dumps(body)
        answer = call(self.connection, method, f"/_handlesfake{path}", sent, **(headers or {"Accept": "*/*"}))
        self.described.check(method, path, answer.status, answer.headers.get("Content-Type", ""), answer.body)
        return answer

    def post(self, user: dict[str, Any], body: object) -> Answer:
        """POST /handles as ``user``."""
        return call(self.connection, "POST", "/handles", json.dumps(body), **user["headers"])


def command(*arguments: str) -> list[str]:
    """The command line of ``handlesfake serve``."""
    return [sys.executable, "-m", "handlesfake", "serve", *arguments]


@contextmanager
def process(*arguments: str) -> Iterator[Running]:
    """Run ``handlesfake serve`` on a free port, and end it."""
    running = subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    try:
        assert running.stdout is not None
        yield Running(running, running.stdout.readline())
    finally:
        running.kill()
        running.communicate()


def refused(*arguments: str) -> tuple[int, str, str]:
    """Status, output and complaints of ``handlesfake serve`` that cannot serve: in this process, which is faster."""
    output, complaints = io.StringIO(), io.StringIO()
    with redirect_stdout(output), redirect_stderr(complaints):
        status = main(["serve", *arguments])
    return status, output.getvalue(), complaints.getvalue()


def refused_by_a_process(*arguments: str) -> tuple[int, str, str]:
    """The same of a process, as a shell sees it."""
    done = subprocess.run(command(*arguments), check=False, capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, done.stdout, done.stderr


@contextmanager
def thread(**words: Any) -> Iterator[tuple[Double, str]]:
    """A double and the address of a server in this process that answers for it."""
    double = Double(Options.of(name="a test of the server", **words))
    site = Site(double, Address())
    with in_thread(site):
        yield double, site.places.url


@contextmanager
def controlled(**words: Any) -> Iterator[Remote]:
    """A server in this process, talked to as a test in another language does."""
    double = Double(Options.of(name="a test of the control interface", **words))
    site = Site(double, Address())
    with in_thread(site), connected(site.places.url) as connection:
        described = Described(call(connection, "GET", "/_handlesfake/openapi.json").json)
        yield Remote(double, site.places.url, connection, described)


@contextmanager
def connected(url: str, ca: str | None = None) -> Iterator[http.client.HTTPConnection]:
    """A client's connection to ``url``; it is made with the first request."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=ca)
        made: http.client.HTTPConnection = http.client.HTTPSConnection(host, port, timeout=PATIENCE, context=context)
    else:
        made = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    with closing(made):
        yield made


def call(
    connection: http.client.HTTPConnection, method: str, target: str, body: str | bytes | None = None, **headers: str
) -> Answer:
    """One request and its answer; ``headers`` in place of those that every request to MPSD needs."""
    connection.request(method, target, body, headers or HEADERS)
    answer = connection.getresponse()
    return Answer(answer.status, dict(answer.getheaders()), answer.read())


def post(connection: http.client.HTTPConnection, body: str = ACTIVITY) -> Answer:
    """POST /handles."""
    return call(connection, "POST", "/handles", body)


def posted(url: str, ca: str | None = None, body: str = ACTIVITY) -> Answer:
    """POST /handles over a new connection."""
    with connected(url, ca) as connection:
        return post(connection, body)


@contextmanager
def raw(url: str) -> Iterator[socket.socket]:
    """A bare connection to ``url``."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as connection:
        yield connection


def everything(connection: socket.socket) -> bytes:
    """All that comes until the other side ends the connection."""
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)
