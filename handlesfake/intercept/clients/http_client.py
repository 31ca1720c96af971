"""The seam of http.client and all that is built on it: urllib, urllib3, requests, botocore.

Each of these clients gets its connections from one of four ``connect`` methods, and begins each request with one
``putrequest``. The connection is given a socket that leads to a double; all else is the client's own work.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from handlesfake.intercept.clients.forwarding import RealConnection
from handlesfake.intercept.network.guard import is_really_calling
from handlesfake.intercept.patching import install_wrapper
from handlesfake.intercept.registry import Destination, registry
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.intercept.wire import response_head
from handlesfake.intercept.wire.connect_errors import Unconnected
from handlesfake.intercept.wire.memory_end import MemoryEnd
from handlesfake.intercept.wire.memory_socket import MemorySocket

Lead = Callable[[Any, RequestHandler, Destination], None]
"""Has a connection lead to a double."""


def install(client: ModuleType) -> None:
    """Put the seam under ``client``, the module http.client; urllib.request uses it. Idempotent."""
    install_wrapper(own(client.HTTPConnection), "connect", partial(connecting, lead))
    install_wrapper(own(client.HTTPSConnection), "connect", partial(connecting, lead))
    install_wrapper(own(client.HTTPConnection), "putrequest", partial(beginning, lead))
    response_head.install(client)


def looks_at(client: ModuleType) -> object:
    """The content of each place of ``client`` where :func:`install` puts something."""
    plain, secure = own(client.HTTPConnection), own(client.HTTPSConnection)
    return plain.connect, plain.putrequest, secure.connect, client.parse_headers


def own(kind: type[HTTPConnection]) -> type[HTTPConnection]:
    """The client's own class, even while a cassette of vcrpy has put a stand-in under its name."""
    return getattr(kind, "_baseclass", kind)


def connecting(lead_to: Lead, original: Callable[[Any], None]) -> Callable[[Any], None]:
    """A connection for MPSD leads to the double from the start."""

    def connect(connection: Any) -> None:
        __tracebackhide__ = True
        if not leads_to_double(lead_to, connection):
            original(connection)

    return connect


def leads_to_double(lead_to: Lead, connection: Any) -> bool:
    """Have ``connection`` lead to the double that answers for where it is to go; False when there is none."""
    __tracebackhide__ = True
    # HTTPSConnection.connect calls HTTPConnection.connect: a real call must pass both.
    if is_really_calling():
        return False
    destination = registry.forwarded_to.get() or _destination(connection)
    double = registry.double_for(*destination)
    if double is not None:
        lead_to(connection, double, destination)
    return double is not None


def beginning(lead_to: Lead, original: Callable[..., None]) -> Callable[..., None]:
    """Each request of a connection goes where it should, whatever the connection has led to so far."""

    def putrequest(connection: Any, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        _redirect(lead_to, connection, url)
        original(connection, method, url, *args, **kwargs)

    return putrequest


def _redirect(lead_to: Lead, connection: Any, url: str) -> None:
    """Before a request: see that ``connection`` leads where it should.

    It may be a kept one that was opened before the double started, or one of a double that has stopped. Only now
    does a connection to a plain proxy show where it leads.
    """
    whole = is_whole(url)
    destination = origin(url) if whole else _destination(connection)
    double = registry.double_for(*destination)
    sock = connection.sock
    kept = isinstance(sock, MemoryEnd)
    if double is (sock.double if kept else None):
        return
    if sock is not None:
        # Not connection.close(): urllib3 would forget its tunnel, http.client the answer that is still being read.
        connection.sock = None
        sock.close()
        forget_protocol(connection)
    if double is not None and (whole or sock is not None):
        lead_to(connection, double, destination)


def forget_protocol(connection: Any) -> None:
    """Make a connection of urllib3-future find out again which HTTP to speak over its next socket."""
    if hasattr(connection, "_protocol"):
        connection._protocol = connection._svn = None  # noqa: SLF001 - its own close() does so


def lead(connection: Any, double: RequestHandler, destination: Destination) -> None:
    """Have ``connection``, one of http.client or urllib3, lead to ``double``."""
    # A weak reference, for the connection holds the socket: both are to go when the client lets go of it.
    weakly = weakref.ref(connection)
    sock = MemorySocket(double, destination, client_of(connection), RealConnection(weakly), Unconnected(weakly))
    hold(connection, sock)


def hold(connection: Any, sock: MemoryEnd) -> None:
    """Give ``connection`` its socket, and have it hold itself for connected."""
    sock.settimeout(connection.timeout if isinstance(connection.timeout, (int, float)) else None)
    connection.sock = sock
    if hasattr(connection, "is_verified"):
        # There is no certificate to distrust: urllib3 would warn of an unverified request.
        connection.is_verified = True
    if hasattr(connection, "_has_connected_to_proxy"):
        # Else urllib3 2 takes every later failure for one of the proxy.
        connection._has_connected_to_proxy = bool(connection.proxy)  # noqa: SLF001 - its own connect() sets it, too


def _destination(connection: Any) -> Destination:
    tunnel: str | None = getattr(connection, "_tunnel_host", None)
    if tunnel:
        port: int | None = getattr(connection, "_tunnel_port", None)
        return tunnel, port
    return connection.host, connection.port


def is_whole(url: str) -> bool:
    """Whether ``url`` is a whole address, as a proxy is told it: http://sessiondirectory.xboxlive.com/handles."""
    return not url.startswith("/") and "://" in url


def origin(url: str) -> Destination:
    """Host and port of a whole address."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def client_of(connection: Any) -> str:
    """The client that ``connection`` belongs to, even where its class is a user's own."""
    packages = [kind.__module__.partition(".")[0] for kind in type(connection).__mro__]
    known = ("botocore", "urllib3", "urllib3_future")
    return next((name for name in known if name in packages), "http.client")
