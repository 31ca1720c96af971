"""Doubles that are started and stopped, a real server on loopback, and the proof that nothing else is reached."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest

from handlesfake.intercept.registry import registry
from tests.intercept import tls
from tests.intercept.clients import CLIENTS, Post
from tests.intercept.loopback import Loopback, serving
from tests.intercept.stub import Stub, active, echo

authority, bundle, serve = tls.authority, tls.bundle, tls.serve  # fixtures

LOOPBACK = (None, "127.0.0.1", "::1", "localhost")

_watching: list[list[str]] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    # Below every library: what Python itself says it is about to ask of the system.
    if _watching and event in ("socket.getaddrinfo", "socket.connect"):
        address = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
        host = address[0] if isinstance(address, tuple) else address
        if host not in LOOPBACK:
            _watching[-1].append(f"{event} {host}")


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def attempts() -> Iterator[list[str]]:
    """Look-ups and connections that left this machine during a test: there must be none."""
    seen: list[str] = []
    _watching.append(seen)
    yield seen
    _watching.remove(seen)

    assert [] == seen


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """Forget the refusals that a test here provoked on purpose: our own plugin would fail it for each."""
    before = len(registry.escapes)
    try:
        return (yield)
    finally:
        del registry.escapes[before:]


@pytest.fixture(autouse=True)
def no_proxy_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the test run names no proxy."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def start() -> Iterator[Callable[..., Stub]]:
    """Start a double, with the arguments of :class:`Stub`; what is still active stops with the test."""
    started: list[Stub] = []
    with active(Stub(hosts=())):

        def _start(*outcomes: Any, **settings: Any) -> Stub:
            started.append(Stub(*outcomes, **settings))
            registry.start(started[-1])
            return started[-1]

        yield _start
        for double in started:
            registry.stop(double)


@pytest.fixture
def double(start: Callable[..., Stub]) -> Stub:
    """A double that echoes."""
    return start(echo)


@pytest.fixture
def server() -> Iterator[Loopback]:
    """A real server on loopback."""
    with serving() as service:
        yield service


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def post(client: str) -> Post:
    """One POST with each client."""
    return CLIENTS[client]
