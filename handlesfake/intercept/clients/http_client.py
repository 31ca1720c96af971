"""The seam of http.client and all that is built on it: urllib, urllib3, requests, botocore.

Each of these clients gets its connections from one of four ``connect`` methods, and begins each request with one
``putrequest``. The connection is given a socket that leads to a double; all else is the client's own work.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from http.client import HTTPConnection
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from handlesfake.intercept.clients.forwarding import RealConnection
from handlesfake.intercept.network.guard import install_socket, is_really_calling
from handlesfake.intercept.patching import install_wrapper
from handlesfake.intercept.registry import Destination, registry
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.intercept.wire import response_head
from handlesfake.intercept.wire.connect_errors import Unconnected
from handlesfake.intercept.wire.memory_socket import MemorySocket

__all__ = ["install_http_client", "install_socket", "install_urllib3"]


def install_http_client(client: ModuleType) -> None:
    """Put the seam under ``client``, the module http.client; urllib.request stands on it. Idempotent."""
    install_wrapper(_own(client.HTTPConnection), "connect", _connecting)
    install_wrapper(_own(client.HTTPSConnection), "connect", _connecting)
    install_wrapper(_own(client.HTTPConnection), "putrequest", _beginning)
    response_head.install(client)


def install_urllib3(client: ModuleType) -> None:
    """Put the seam under ``client``, urllib3 1.26 or 2; requests and botocore stand on it. Idempotent."""
    install_wrapper(_own(client.connection.HTTPConnection), "connect", _connecting)
    install_wrapper(_own(client.connection.HTTPSConnection), "connect", _connecting)
    install_wrapper(client.connectionpool.HTTPConnectionPool, "urlopen", _opening)


def _own(kind: type[HTTPConnection]) -> type[HTTPConnection]:
    """The client's own class, even while a cassette of vcrpy has put a stand-in under its name."""
    return getattr(kind, "_baseclass", kind)


def _connecting(original: Callable[[Any], None]) -> Callable[[Any], None]:
    def connect(connection: Any) -> None:
        __tracebackhide__ = True
        # HTTPSConnection.connect calls HTTPConnection.connect: a real call must pass both.
        if not is_really_calling():
            destination = registry.forwarded_to.get() or _destination(connection)
            double = registry.double_for(*destination)
            if double is not None:
                _lead(connection, double, destination)
                return
        original(connection)

    return connect


def _opening(original: Callable[..., Any]) -> Callable[..., Any]:
    def urlopen(pool: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if pool.proxy is None or not _in_full(url):
            return original(pool, method, url, *args, **kwargs)
        # A proxy behind TLS is connected to before it is told the address: connect() has to know it already.
        token = registry.forwarded_to.set(_origin(url))
        try:
            return original(pool, method, url, *args, **kwargs)
        finally:
            registry.forwarded_to.reset(token)

    return urlopen


def _beginning(original: Callable[..., None]) -> Callable[..., None]:
    def putrequest(connection: Any, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        _redirect(connection, url)
        original(connection, method, url, *args, **kwargs)

    return putrequest


def _redirect(connection: Any, url: str) -> None:
    """Before a request: see that ``connection`` leads where it should.

    It may be a kept one that was opened before the double started, or lead to a double that has stopped; and only
    now does a connection to a plain proxy tell where it leads.
    """
    in_full = _in_full(url)
    destination = _origin(url) if in_full else _destination(connection)
    double = registry.double_for(*destination)
    sock = connection.sock
    kept = isinstance(sock, MemorySocket)
    if double is (sock.double if kept else None):
        return
    if sock is not None:
        # Not connection.close(): urllib3 would forget its tunnel, http.client the answer that is still being read.
        connection.sock = None
        sock.close()
    if double is not None and (in_full or sock is not None):
        _lead(connection, double, destination)


def _lead(connection: Any, double: RequestHandler, destination: Destination) -> None:
    """Have ``connection`` lead to ``double``."""
    # A weak reference, for the connection holds the socket: both are to go when the client lets go of it.
    weakly = weakref.ref(connection)
    sock = MemorySocket(double, destination, _client(connection), RealConnection(weakly), Unconnected(weakly))
    sock.settimeout(connection.timeout if isinstance(connection.timeout, (int, float)) else None)
    connection.sock = sock
    if hasattr(connection, "is_verified"):
        # There is no certificate to distrust: urllib3 would warn of an unverified request.
        connection.is_verified = True
    if hasattr(connection, "_has_connected_to_proxy"):
        # Else urllib3 2 takes every later failure for one of the proxy.
        connection._has_connected_to_proxy = bool(connection.proxy)  # noqa: SLF001 - its own connect() sets it, too


def _destination(connection: HTTPConnection) -> Destination:
    tunnel: str | None = getattr(connection, "_tunnel_host", None)
    if tunnel:
        port: int | None = getattr(connection, "_tunnel_port", None)
        return tunnel, port
    return connection.host, connection.port


def _in_full(url: str) -> bool:
    """Whether ``url`` is a whole address, as a proxy is told it: http://sessiondirectory.xboxlive.com/handles."""
    return not url.startswith("/") and "://" in url


def _origin(url: str) -> Destination:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _client(connection: HTTPConnection) -> str:
    """The client that ``connection`` belongs to, even where its class is a user's own."""
    packages = [kind.__module__.partition(".")[0] for kind in type(connection).__mro__]
    return next((name for name in ("botocore", "urllib3") if name in packages), "http.client")
