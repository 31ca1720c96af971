"""What every test here has: no network except loopback, and separate pytest sessions."""

from __future__ import annotations

import tests.bytecode  # noqa: F401  # isort: skip - before anything is compiled

import os
import signal
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
settings.register_profile("further", max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("further" if os.environ.get("HYPOTHESIS_PROFILE") == "long" else "everyday")
"""Every day the same examples, and no deadline: a run that fails fails again. ``tox -e long`` looks elsewhere."""

PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
TOGETHER = ("shown", "in_the_wheel")
"""Fixtures that take seconds."""

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

for name in {"SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"} & {*dir(signal)}:
    # what a shell or a CI has let this process ignore, its children ignore, too: servers could not be told to end
    if signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
        signal.signal(getattr(signal, name), signal.SIG_DFL)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run the whole suite on all processors: for a few tests, to start more processes would take longer.

    ``-n 0`` keeps it in one process; so do a debugger, and whatever traces this process.
    """
    option = config.option
    is_watched = option.usepdb or option.collectonly or "coverage" in sys.modules
    is_free = (
        getattr(option, "numprocesses", 0) is None and option.dist == "no" and not hasattr(config, "workerinput")
    )
    if is_whole(config) and is_free and not is_watched:
        option.numprocesses = PROCESSORS
        option.dist = "loadgroup"


def is_whole(config: pytest.Config) -> bool:
    """Whether this is the run of every day: no folder, file or test is named, nor any word or marker."""
    source = getattr(config, "args_source", None)  # pytest 7.0 does not know it
    is_unnamed = source is not None and source is config.ArgsSource.TESTPATHS
    return is_unnamed and not (config.option.keyword or config.option.markexpr)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to ``-m thorough`` what is thorough, and keep together the tests that share what is expensive to make."""
    if is_whole(config):
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            if any(word in TOGETHER for word in getattr(item, "fixturenames", ())):
                item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Tests of seams and plugin have requests refused on purpose, and assert that they are: no failure of theirs."""
    before = len(registry.escapes)
    result = yield
    if {"intercept", "plugin"} & set(item.path.parts):
        del registry.escapes[before:]
    return result
