"""What is different where urllib3 is urllib3-future, on which niquests stands: its own HTTP, and classes for tasks.

Its connections have a machine for the version of HTTP beside their socket. To a double they speak HTTP/1.1, whichever
versions the client was told to speak.
"""

from __future__ import annotations

import copy
import sys
import weakref
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from handlesfake.exchange.outcome import ConnectionEnd
from handlesfake.intercept.clients.forwarding import RealConnection, broken_off, dropped
from handlesfake.intercept.clients.http_client import client_of, forget_protocol, hold
from handlesfake.intercept.network.guard import really_calling
from handlesfake.intercept.registry import Destination, registry
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.intercept.wire.async_memory_socket import AsyncMemorySocket
from handlesfake.intercept.wire.connect_errors import os_error
from handlesfake.intercept.wire.memory_end import MemoryEnd
from handlesfake.intercept.wire.memory_socket import MemorySocket
from handlesfake.mpsd.http.message import Response


def lead(connection: Any, double: RequestHandler, destination: Destination) -> None:
    """Have ``connection``, one of urllib3-future for threads, lead to ``double``."""
    weakly = weakref.ref(connection)
    sock = MemorySocket(double, destination, client_of(connection), RealCall(weakly), OwnErrors(weakly))
    _speak_http1(connection, sock)


def lead_async(connection: Any, double: RequestHandler, destination: Destination) -> None:
    """Have ``connection``, one of urllib3-future for tasks, lead to ``double``."""
    weakly = weakref.ref(connection)
    sock = AsyncMemorySocket(double, destination, client_of(connection), RealAsyncCall(weakly), OwnErrors(weakly))
    _speak_http1(connection, sock)


def without_racing(original: Callable[..., Any]) -> Callable[..., Any]:
    """A pool that races the addresses of its host (``happy_eyeballs=True``) asks for them, and connects, by itself.

    Where a double answers, there are no addresses: the connection is made as by a pool that races none.
    """

    def new_connection(pool: Any, **words: Any) -> Any:  # of a pool for tasks, what is to be awaited
        __tracebackhide__ = True
        host, port = registry.forwarded_to.get() or (pool.host, pool.port)
        if not pool.happy_eyeballs or registry.active_for(host, port) is None:
            return original(pool, **words)
        plain = copy.copy(pool)  # its connections, locks and settings are those of the pool
        plain.happy_eyeballs = False
        pool.num_connections += 1
        return original(plain, **words)

    return new_connection


def _speak_http1(connection: Any, sock: MemoryEnd) -> None:
    forget_protocol(connection)
    versions = _package(connection).HttpVersion
    connection._svn = versions.h11  # noqa: SLF001 - as its own connect() finds out from TLS
    connection._disabled_svn = connection._disabled_svn - {versions.h11}  # noqa: SLF001 - disable_http1=True
    connection._connect_timings = (timedelta(), timedelta(), datetime.now(UTC))  # noqa: SLF001 - of conn_info
    hold(connection, sock)


def _package(connection: Any) -> Any:
    """urllib3, or urllib3_future where both are kept: what the class of ``connection`` is from, or is made of."""
    packages = {kind.__module__.partition(".")[0] for kind in type(connection).__mro__}
    return sys.modules["urllib3_future" if "urllib3_future" in packages else "urllib3"]


class OwnErrors:
    """What the client raises where no connection is made.

    It is not asked to connect: its resolver may be one that asks over HTTPS.

    :param connection: the connection of the client.
    """

    def __init__(self, connection: weakref.ref[Any]) -> None:
        self._connection = connection

    def __call__(self, ending: ConnectionEnd) -> BaseException:
        """The client's own error. Its pool closes the connection."""
        connection, error = self._connection(), os_error(ending)
        if connection is None or ending is ConnectionEnd.TLS:
            return error
        errors = _package(connection).exceptions
        raised: BaseException
        if ending is ConnectionEnd.DNS:
            raised = errors.NameResolutionError(connection.host, connection, error)
        else:
            raised = errors.NewConnectionError(connection, f"Failed to establish a new connection: {error}")
        raised.__cause__ = error
        return raised


class RealCall(RealConnection):
    """Makes real calls over a second connection that is set up as the client's own."""

    def _open(self) -> Any:
        connection, timeout = _second(self._connection())
        connection.connect()
        connection.sock.settimeout(timeout)
        return connection.sock


class RealAsyncCall:
    """The same for tasks.

    :param connection: the connection of the client.
    """

    def __init__(self, connection: weakref.ref[Any]) -> None:
        self._connection = connection

    async def __call__(self, raw: bytes, method: str) -> Response:
        """Send the very bytes ``raw``, a request of ``method``, and return the service's answer.

        :raises BrokenAnswer: what came back is not an HTTP answer, or broke off.
        :raises OSError: of the network or of TLS, as the client's own ``connect`` raises it.
        """
        with really_calling():
            connection, timeout = _second(self._connection())
            await connection.connect()
            sock = connection.sock
            sock.settimeout(timeout)
            try:
                await sock.sendall(raw)
                return await _received(sock, method)
            finally:
                sock.close()
                await sock.wait_for_close()


def _second(connection: Any) -> tuple[Any, float | None]:
    """A connection set up as ``connection``, for HTTP/1.1, that has no socket yet; and the client's timeout."""
    if connection is None:
        raise dropped()
    second = copy.copy(connection)
    second.sock = None
    forget_protocol(second)
    versions = _package(connection).HttpVersion
    second._disabled_svn = {versions.h2, versions.h3}  # noqa: SLF001 - what the client is told as disabled_svn
    return second, connection.sock.gettimeout()


async def _received(sock: Any, method: str) -> Response:
    from handlesfake.intercept.wire.parsing import ResponseReader  # lazily: most doubles forward nothing

    reader = ResponseReader(method)
    with broken_off() as received:
        while (response := reader.next()) is None:
            data = await sock.recv(65536)
            received.append(data)
            if data:
                reader.feed(data)
            else:
                reader.eof()
    return response
