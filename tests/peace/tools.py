"""The other tools: how each is started and ended, for which clients it has its own hosts, and how one sees it."""

from __future__ import annotations

import socket
import threading
import time
import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

from tests.peace.clients import AIOHTTP, CLIENTS, HTTPX, Get

OWN = "http://profile.example/me"
"""The host that a tool plays."""

MOCKED = (200, "mocked")

Own = Callable[[Get], object]
"""Asks, with a client, what belongs to a tool."""


@dataclass(frozen=True)
class Tool:
    """Another tool that a suite uses in the same test."""

    name: str
    packages: tuple[str, ...]
    """What is to be installed; the first one's version is named."""

    started: Callable[[], AbstractContextManager[Own]]
    """Starts it; gives how to ask it for its own."""

    clients: Collection[str] = tuple(CLIENTS)
    """The clients that it does something for."""

    expected: object = MOCKED
    excluded: dict[str, str] = field(default_factory=dict)
    """Client or order that it cannot be asked with, and why."""

    @property
    def missing(self) -> str:
        """Why it cannot be run here; empty when it can."""
        for package in self.packages:
            with suppress(PackageNotFoundError):
                version(package)
                continue
            return f"{package} is not installed: pip install -r tests/peace/requirements.txt"
        return ""

    @property
    def version(self) -> str:
        """Of what is installed."""
        beside = "".join(f", {package} {version(package)}" for package in self.packages[1:])
        return version(self.packages[0]) + beside


def ask_the_host(get: Get) -> object:
    """What comes from the host that the tool plays."""
    return get(OWN, {})


@contextmanager
def with_responses() -> Iterator[Own]:
    """Responses."""
    with import_module("responses").RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(OWN, body="mocked")
        yield ask_the_host


@contextmanager
def with_requests_mock() -> Iterator[Own]:
    """requests-mock."""
    with import_module("requests_mock").Mocker() as mock:
        mock.get(OWN, text="mocked")
        yield ask_the_host


@contextmanager
def with_respx(using: str) -> Iterator[Own]:
    """Respx."""
    with import_module("respx").mock(using=using, assert_all_called=False) as mock:
        mock.get(OWN).respond(text="mocked")
        yield ask_the_host


@contextmanager
def with_pytest_httpx() -> Iterator[Own]:
    """The function under the fixture ``httpx_mock``, so that a test may choose when it starts."""
    pytest = import_module("pytest")
    fixture = import_module("pytest_httpx").httpx_mock._get_wrapped_function()
    with pytest.MonkeyPatch.context() as patch:
        made = fixture(patch, SimpleNamespace(node=SimpleNamespace(iter_markers=lambda name: ())))
        mock = next(made)
        mock.add_response(url=OWN, text="mocked", is_reusable=True, is_optional=True)
        yield ask_the_host
        next(made, None)


@contextmanager
def with_aioresponses() -> Iterator[Own]:
    """Aioresponses."""
    with import_module("aioresponses").aioresponses() as mock:
        mock.get(OWN, body="mocked", repeat=True)
        yield ask_the_host


CASSETTE = f"""\
interactions:
- request: {{body: null, headers: {{}}, method: GET, uri: '{OWN}'}}
  response:
    body: {{string: mocked}}
    headers: {{Content-Type: [text/plain]}}
    status: {{code: 200, message: OK}}
version: 1
"""


@contextmanager
def with_vcrpy() -> Iterator[Own]:
    """A cassette that plays, and refuses what it does not have."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "profile.yaml"
        path.write_text(CASSETTE)
        with import_module("vcr").use_cassette(str(path), record_mode="none", allow_playback_repeats=True):
            yield ask_the_host


@contextmanager
def with_blocked_network() -> Iterator[Own]:
    """What ``--block-network`` of pytest-recording does."""

    def ask(_: Get) -> object:
        with socket.socket() as one:
            try:
                one.connect(("127.0.0.1", 9))
            except RuntimeError as error:
                return str(error)

    with import_module("pytest_recording.network").blocking_context():
        yield ask


@contextmanager
def with_pytest_socket(*, unix: bool) -> Iterator[Own]:
    """What ``--disable-socket`` of pytest-socket does."""
    guard = import_module("pytest_socket")

    def ask(_: Get) -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                socket.socket(socket.AF_INET)
            except guard.SocketBlockedError:
                return "blocked"

    guard.disable_socket(allow_unix_socket=unix)
    try:
        yield ask
    finally:
        guard.enable_socket()


@contextmanager
def with_moto() -> Iterator[Own]:
    """An AWS of moto's own."""
    boto3 = import_module("boto3")
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}

    def ask(_: Get) -> object:
        s3 = boto3.client("s3", region_name="us-east-1", **keys)
        s3.create_bucket(Bucket="maps")
        return [one["Name"] for one in s3.list_buckets()["Buckets"]]

    with import_module("moto").mock_aws():
        yield ask


@contextmanager
def with_httpserver() -> Iterator[Own]:
    """A real server on loopback."""
    with import_module("pytest_httpserver").HTTPServer() as server:
        server.expect_request("/me").respond_with_data("mocked")
        yield lambda get: get(server.url_for("/me"), {})


@contextmanager
def with_real_server() -> Iterator[Own]:
    """No tool at all: what is neither MPSD nor mocked goes where it always went."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"mocked")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield lambda get: get(f"http://127.0.0.1:{server.server_port}/me", {})
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def with_time_machine() -> Iterator[Own]:
    """Another time."""
    with import_module("time_machine").travel(1_800_000_000, tick=False):
        yield lambda _: int(time.time())


@contextmanager
def with_freezegun() -> Iterator[Own]:
    """Another time, by other means."""
    with import_module("freezegun").freeze_time("2027-01-15 08:00:00"):
        yield lambda _: int(time.time())


_LOOPS = ("httpx, asyncio", "httpx, trio", *AIOHTTP, "niquests, asyncio")
_NO_LOOP = "pytest-socket forbids the socket pair of every event loop; --allow-unix-socket lets it"
_FIXTURE = "pytest ends fixtures in reverse: one that came first cannot end first"

_NOT_OF_VCRPY = ("aiohttp, base_url", "niquests, asyncio")

TOOLS = (
    Tool("no other tool", ("handlesfake",), with_real_server),
    Tool("responses", ("responses",), with_responses, ("requests",)),
    Tool("requests-mock", ("requests-mock",), with_requests_mock, ("requests",)),
    Tool("respx", ("respx",), lambda: with_respx("httpcore"), HTTPX),
    Tool('respx, using="httpx"', ("respx",), lambda: with_respx("httpx"), HTTPX),
    Tool(
        "pytest-httpx",
        ("pytest-httpx",),
        with_pytest_httpx,
        HTTPX,
        excluded={"tool, then mpsd; the tool ends first": _FIXTURE},
    ),
    Tool("aioresponses", ("aioresponses", "aiohttp"), with_aioresponses, AIOHTTP),
    # vcrpy ignores a session's base_url: it has no host of such a request, and replays nothing for it. It patches
    # urllib3, and so urllib3-future that replaces it, but not the other classes for tasks
    Tool("vcrpy", ("vcrpy",), with_vcrpy, tuple(one for one in CLIENTS if one not in _NOT_OF_VCRPY)),
    Tool(
        "pytest-recording --block-network",
        ("pytest-recording",),
        with_blocked_network,
        expected="Network is disabled for host '127.0.0.1'",
    ),
    Tool(
        "pytest-socket --disable-socket",
        ("pytest-socket",),
        lambda: with_pytest_socket(unix=False),
        expected="blocked",
        excluded=dict.fromkeys(_LOOPS, _NO_LOOP),
    ),
    Tool(
        "pytest-socket --disable-socket --allow-unix-socket",
        ("pytest-socket",),
        lambda: with_pytest_socket(unix=True),
        expected="blocked",
    ),
    Tool("moto", ("moto", "boto3"), with_moto, ("boto3",), expected=["maps"]),
    Tool("pytest-httpserver", ("pytest-httpserver",), with_httpserver),
    Tool("time-machine", ("time-machine",), with_time_machine, expected=1_800_000_000),
    Tool("freezegun", ("freezegun",), with_freezegun, expected=1_800_000_000),
)
