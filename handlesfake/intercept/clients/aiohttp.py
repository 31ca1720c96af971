"""The seam of aiohttp: the connections that its connectors make and keep."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from operator import attrgetter
from types import ModuleType
from typing import Any

from handlesfake.callsite.call_site import calling_line
from handlesfake.engine.steps import Patience
from handlesfake.exchange.outcome import ConnectionEnd
from handlesfake.intercept import registry
from handlesfake.intercept.clients.aiohttp_patched import uncover
from handlesfake.intercept.network.guard import really_calling
from handlesfake.intercept.patching import install_wrapper, is_trampoline
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.intercept.wire.connect_errors import os_error
from handlesfake.intercept.wire.http1 import MalformedMessage
from handlesfake.intercept.wire.memory_transport import MemoryTransport, Sending
from handlesfake.intercept.wire.parsing import ResponseReader
from handlesfake.mpsd.http.message import Request, Response

_Connecting = Callable[[Any, Any, Any, Any], Awaitable[Any]]
"""``(connector, client request, traces, timeouts)`` to a connection, or to the protocol under one."""


def install(client: ModuleType) -> None:
    """Put the seam under ``client``, aiohttp. Idempotent; it is inert until a double is active.

    A user's connector with its own ``_create_connection`` is left alone, unless it calls the one of ``TCPConnector``.
    """
    for connector in (client.TCPConnector, client.UnixConnector):  # a socket of Unix may lead to a tunnel
        install_wrapper(connector, "_create_connection", functools.partial(_create_connection, client))
    install_wrapper(client.BaseConnector, "connect", functools.partial(_connect, client))
    uncover(client)


looks_at = attrgetter(
    "TCPConnector._create_connection",
    "UnixConnector._create_connection",
    "BaseConnector.connect",
    "ClientSession._request",
)
"""The content of each place of a client where :func:`install` puts something."""


def _create_connection(client: ModuleType, original: _Connecting) -> _Connecting:
    """A new connection for MPSD is one in memory."""

    async def create_connection(connector: Any, req: Any, traces: Any, timeout: Any) -> Any:
        __tracebackhide__ = True
        double = _double_for(req)
        if double is None:
            return await original(connector, req, traces, timeout)

        async def call_really(request: Request, raw: bytes) -> Response:
            with really_calling():
                real = await original(connector, req, [], timeout)
            return await _exchange(client, real.transport, raw, request.method)

        protocol = connector._factory()  # noqa: SLF001 - the seam itself is as private, and unchanged since 3.8
        protocol.connection_made(MemoryTransport(double, req.url.host, protocol, call_really))
        return protocol

    return create_connection


def _connect(client: ModuleType, original: _Connecting) -> _Connecting:
    """A kept connection is used for MPSD only if it belongs to the double that is to answer now.

    One that was opened before the double started leads to the real service.
    """

    async def connect(connector: Any, req: Any, traces: Any, timeout: Any) -> Any:
        __tracebackhide__ = True
        if not is_trampoline(type(connector)._create_connection):  # noqa: SLF001 - see above
            return await original(connector, req, traces, timeout)
        _double_for(req)  # refuses before a kept connection is taken
        while True:
            connection = await original(connector, req, traces, timeout)
            try:
                double = _double_for(req)
            except BaseException:
                connection.close()
                raise
            if double is None:
                return connection
            transport = connection.transport
            if isinstance(transport, MemoryTransport) and transport.double is double:
                transport.sending = _sending(client, req, timeout)
                return connection
            connection.close()

    return connect


def _sending(client: ModuleType, req: Any, timeout: Any) -> Sending:
    patience = Patience(read=timeout.sock_read or None, total=timeout.total or None)
    timer = getattr(req, "_timer", None) or getattr(req, "timer", None)  # it became private in 3.14
    unconnected = functools.partial(_unconnected, client, req.connection_key)
    return Sending(calling_line(), asyncio.current_task(), patience, timer, unconnected)


def _unconnected(client: ModuleType, key: Any, ending: ConnectionEnd) -> Exception:
    """What the client raises where no connection is made."""
    error = os_error(ending)
    if ending is ConnectionEnd.TLS:
        kind = client.ClientConnectorCertificateError
    elif ending is ConnectionEnd.DNS:
        kind = getattr(client, "ClientConnectorDNSError", client.ClientConnectorError)  # its own since 3.10
    else:
        kind = client.ClientConnectorError
    raised: Exception = kind(key, error)
    raised.__cause__ = error
    return raised


def _double_for(req: Any) -> RequestHandler | None:
    return registry.registry.double_for(req.url.host or "", req.url.port)


async def _exchange(client: ModuleType, transport: Any, raw: bytes, method: str) -> Response:
    """Send ``raw`` over a real connection, which is closed afterwards, and read the answer."""
    exchange = _Exchange(client, method)
    transport.set_protocol(exchange)
    try:
        transport.write(raw)
        return await exchange.answer
    finally:
        transport.close()


class _Exchange(asyncio.Protocol):
    """Reads the one answer of a real connection as it crossed the wire, content coding and all."""

    def __init__(self, client: ModuleType, method: str) -> None:
        self._client = client
        self._reader = ResponseReader(method)
        self.answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        """A piece of the answer has come."""
        if not self.answer.done():
            self._reader.feed(data)
            self._read()

    def connection_lost(self, exc: Exception | None) -> None:
        """The service has closed the connection: the end of an answer that names no length, or of none."""
        if self.answer.done():
            return
        if exc is None:
            self._reader.eof()
            self._read()
        if not self.answer.done():
            args = exc.args if exc is not None else ()
            lost = self._client.ClientOSError(*args) if exc else self._client.ServerDisconnectedError()
            self.answer.set_exception(lost)

    def _read(self) -> None:
        try:
            response = self._reader.next()
        except MalformedMessage as error:
            self.answer.set_exception(self._client.ClientPayloadError(str(error)))
            return
        if response is not None:
            self.answer.set_result(response)
