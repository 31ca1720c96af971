"""The road to the real network: who may take it, and the net under everybody else."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from handlesfake.errors import Escaped
from handlesfake.intercept.patching import install_wrapper, taken_away
from handlesfake.intercept.registry import registry


@contextmanager
def really_calling() -> Iterator[None]:
    """Inside, the seams let this thread or task through to the real MPSD, and its name may be looked up."""
    token = registry.is_calling.set(True)
    registry.real_calls.append(None)
    try:
        yield
    finally:
        registry.real_calls.pop()
        registry.is_calling.reset(token)


@contextmanager
def failing_lookups(error: OSError) -> Iterator[None]:
    """Inside, each look-up of this thread raises ``error``: a client that connects fails, and meets no network."""
    install_socket(sys.modules["socket"])  # another tool may have put the system's own back
    token = registry.failing_lookup.set(error)
    try:
        yield
    finally:
        registry.failing_lookup.reset(token)


def is_really_calling() -> bool:
    """Whether this thread or task makes a real call: its connections are real."""
    return registry.is_calling.get()


def install_socket(client: ModuleType) -> None:
    """Refuse look-ups of MPSD by ``client``, the module socket: the second net, below every seam. Idempotent."""
    install_wrapper(client, "getaddrinfo", _guarding)


def looks_at(client: ModuleType) -> object:
    """What stands where :func:`install_socket` puts something; None of another ``client`` than the module socket."""
    return client.getaddrinfo if client.__name__ == "socket" else None


def install_pytest_socket(client: ModuleType) -> None:
    """Put this guard under the guard of ``client``, the module pytest_socket, instead of over it. Idempotent.

    It takes its guard away again only where it finds the guard itself, so a guard over it would leave it there for
    good.
    """
    if not hasattr(client, "_guarded_getaddrinfo"):  # it guards look-ups since 0.8
        return
    socket, guard = sys.modules["socket"], client._guarded_getaddrinfo  # noqa: SLF001 - it has no public name
    install_wrapper(client, "_guarded_getaddrinfo", _guarding)
    if socket.getaddrinfo is guard:
        socket.getaddrinfo = client._guarded_getaddrinfo  # type: ignore[attr-defined]  # noqa: SLF001 - as above


def _guarding(original: Callable[..., Any]) -> Callable[..., Any]:
    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        error = registry.failing_lookup.get()
        if error is not None:
            raise error
        # Any call, not only this thread's: an event loop looks names up in a thread of its executor, without the
        # context of the task.
        if host and not registry.real_calls:
            _refuse(host, port)
        return original(host, port, *args, **kwargs)

    return getaddrinfo


def _refuse(host: Any, port: Any) -> None:
    name = host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else str(host)
    double = registry.double_for(name, port if isinstance(port, int) else None)
    if double is None:
        return
    error = Escaped(
        f"a look-up of {name} was refused: requests for it go to the double of {double.name}, never to the network.\n"
        f"  asked by thread {threading.current_thread().name!r}, on a road that handlesfake {_not_carried()}"
    )
    registry.escapes.append(error)
    raise error


def _not_carried() -> str:
    lost = taken_away()
    if lost:
        return (
            f"carries no more: {', '.join(lost)} is the client's own again\n"
            "  another tool, which had begun before the first double, has ended and put it back\n"
            "  let the double end before it, or begin before it"
        )
    return (
        "does not carry\n"
        "  it carries http.client, urllib, urllib3, requests, botocore, httpx, aiohttp and niquests; for any other\n"
        "  client use a real port: the fixture mpsd_server, or    handlesfake serve"
    )
