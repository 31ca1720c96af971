"""What every test here has: no network but loopback, and pytest sessions of its own."""

from __future__ import annotations

import tests.bytecode  # noqa: F401  # isort: skip - before anything is compiled

import os
import sys
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from handlesfake.intercept.registry import registry

pytest_plugins = ["pytester"]

os.environ["MPSD_PSEUDONYM_KEY"] = (
    "a key that only tests have"  # else the first recording makes one in the home folder
)

settings.register_profile("long", max_examples=100_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("everyday", derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))

LOOPBACK = (None, "", "127.0.0.1", "::1", "localhost", b"127.0.0.1", b"::1", b"localhost")


def _refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    # Below every library: what Python itself says it is about to ask of the system.
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):  # else a socket of the file system
        host = arguments[1][0]
    else:
        return
    if host not in LOOPBACK:
        raise RuntimeError(f"a test has asked the network for {host!r}: only loopback is there")


sys.addaudithook(_refuse_the_network)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Tests of seams and plugin have requests refused on purpose, and assert that they are: no failure of theirs."""
    before = len(registry.escapes)
    result = yield
    if {"intercept", "plugin"} & set(item.path.parts):
        del registry.escapes[before:]
    return result
