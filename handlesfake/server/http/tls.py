"""Door and TlsLine: a connection to a port that speaks TLS, from its first byte on."""

from __future__ import annotations

import asyncio
import ssl
from asyncio.sslproto import SSLProtocol
from collections.abc import Callable
from typing import Any

from handlesfake.server.http.connection import HttpConnection
from handlesfake.server.http.idle_timeouts import IdleTimeouts


class TlsLine(SSLProtocol):
    """asyncio's TLS, with a buffer of one record: asyncio's own has 256 KiB for each connection, idle ones too."""

    max_size = 16 * 1024

    def __init__(self, door: Door, connection: HttpConnection, context: ssl.SSLContext, patience: float) -> None:
        super().__init__(
            asyncio.get_running_loop(),
            connection,
            context,
            None,  # type: ignore[arg-type]  # no code waits for the handshake; asyncio asks for that
            server_side=True,
            ssl_handshake_timeout=patience,  # type: ignore[arg-type]  # parts of a second are fine
        )
        self._door = door

    def connection_lost(self, exc: BaseException | None) -> None:
        """The connection is no more, perhaps before its handshake was through."""
        self._door.leave()
        super().connection_lost(exc)


class Door(asyncio.Protocol):
    """Hears the first byte of a client: TLS goes on, and plain HTTP is told what is wrong.

    :param make: makes the connection that is behind it.
    :param patience: seconds that a client may take for its handshake, or for its first byte.
    """

    def __init__(
        self, make: Callable[[], HttpConnection], context: ssl.SSLContext, patience: float, turns: IdleTimeouts
    ) -> None:
        self._make, self._context, self._patience, self._turns = make, context, patience, turns
        self._transport: Any = None
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected; it counts from now on."""
        self._transport = transport
        self._turns.come(self)
        self._late = asyncio.get_running_loop().call_later(self._patience, self.cut_off)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as asyncio calls it
        """The client has gone without a word."""
        self.leave()

    def cut_off(self) -> None:
        """End it, wherever its handshake is, and whatever has come of it.

        asyncio's TLS forgets itself where it is closed a second time, and hears of no abort then; this does.
        """
        self._transport.abort()

    def leave(self) -> None:
        """A client that completed the handshake is connected, or gone."""
        self._turns.go(self)
        self._on_time()

    def _on_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def data_received(self, data: bytes) -> None:
        """The client has said something."""
        self._on_time()
        connection = self._make()
        connection.came_by = self
        if data[:1].isalpha():  # the method of a request, and nothing that TLS knows
            self._transport.set_protocol(connection)
            connection.connection_made(self._transport)
            connection.refuse_plain(data)
            return
        line = TlsLine(self, connection, self._context, self._patience)
        self._transport.set_protocol(line)
        line.connection_made(self._transport)
        for start in range(0, len(data), line.max_size):
            part = data[start : start + line.max_size]
            line.get_buffer(len(part))[: len(part)] = part
            line.buffer_updated(len(part))
