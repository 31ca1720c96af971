"""Listener: uvicorn on one listening socket, as a test's server needs it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import uvicorn

from handlesfake.server.app import App
from handlesfake.server.http.address import BACKLOG
from handlesfake.server.http.certificates import Certificates
from handlesfake.server.http.config import Config
from handlesfake.server.http.connection import HttpConnection
from handlesfake.server.http.idle_timeouts import IdleTimeouts
from handlesfake.server.http.limits import DEFAULT, ConnectionLimits
from handlesfake.server.http.tls import Door
from handlesfake.server.http.web_socket import WebSocketLine

GRACE = 0.5
"""Seconds that requests under way get when the server is to end; a client that still waits then is cut off."""


AT_ONCE = 32
"""Connections that are accepted before any of them is looked at. asyncio uses its backlog for that, and would run out
of files before the limit of connections takes effect."""


HANDSHAKE = 10.0
"""Seconds that a TLS handshake may take at most."""


class Listener(uvicorn.Server):
    """uvicorn's server for one socket: it leaves signals and logging alone, and ends at once when asked.

    :param ready: called once the socket answers.
    """

    def __init__(
        self,
        app: Any,
        listening: socket.socket,
        ready: Callable[[], None],
        certificates: Certificates | None = None,
        limits: ConnectionLimits = DEFAULT,
    ) -> None:
        limits = limits.of_this_process()
        config = _config(app, certificates, limits)
        super().__init__(config)
        self._config, self._limits = config, limits
        self._listening = listening
        self._ready = ready
        self._end = asyncio.Event()

    async def run_until_ended(self) -> None:
        """Serve until :meth:`end`."""
        await self.serve(sockets=[self._listening])

    def end(self) -> None:
        """Begin to end; from the loop's own thread."""
        self._end.set()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Take none: who runs the listener decides."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - it is ours anyway
        """Listen. uvicorn would let clients take a minute for a TLS handshake, and not count them meanwhile."""
        made: Callable[[], asyncio.Protocol] = self._connection
        if self.config.ssl is not None:
            patience, turns = min(self._limits.idle, HANDSHAKE), self._config.turns
            made = partial(Door, self._connection, self.config.ssl, patience, turns)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(made, sock=self._listening, backlog=AT_ONCE)
        self._listening.listen(BACKLOG)
        self.servers = [server]
        self.started = True

    def _connection(self) -> HttpConnection:
        return HttpConnection(self._config, self.server_state, self.lifespan.state)

    async def main_loop(self) -> None:
        """Wait for the end. uvicorn wakes ten times a second, for headers and limits that are not used here."""
        self._ready()
        sweeping = asyncio.create_task(self._sweep())
        await self._end.wait()
        sweeping.cancel()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(min(1.0, self._limits.idle / 4))
            self._config.turns.sweep()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End every connection: idle ones at once, the others when they are through, at most after ``GRACE``.

        uvicorn waits as long as its clients want, and a client that gets no answer may wait without limit.
        """
        state, loop = self.server_state, asyncio.get_running_loop()
        await self._stop_accepting(loop)
        for listening in sockets or []:
            listening.close()
        for connection in list(state.connections):
            connection.shutdown()
        deadline = loop.time() + GRACE
        while state.connections or state.tasks:
            if loop.time() > deadline:
                for connection in list(state.connections):
                    connection.abort()  # type: ignore[union-attr]  # they are our own lines
            if loop.time() > deadline and not state.connections:
                for task in list(state.tasks):  # what is delayed or held does not look whether its client is there
                    task.cancel()
            await asyncio.sleep(0.002)
        self._config.turns.end()  # a client that is left is in a TLS handshake, and not yet a connection
        await asyncio.sleep(0)

    async def _stop_accepting(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close asyncio's server once each connection that it has accepted is known.

        One that it accepts in the round of the loop in which it closes gets half a transport. From Python 3.13 on,
        such a transport complains on standard error when it is collected.
        """
        with suppress(NotImplementedError):  # on Windows nothing is between accepting and the transport
            loop.remove_reader(self._listening)
        for _ in ("the transport is made", "its protocol is told"):
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()


def _config(app: Any, certificates: Certificates | None, limits: ConnectionLimits) -> Config:
    tls: dict[str, Any] = {}
    if certificates is not None:
        tls = {"ssl_certfile": certificates.server_file}  # it also contains the key
    config = Config(
        app,
        http=HttpConnection,
        ws=WebSocketLine,
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        ws_ping_interval=None,  # the service sends pongs unasked, and no pings (contract 19.1)
        h11_max_incomplete_event_size=limits.header,
        **tls,
    )
    config.direct = app if isinstance(app, App) else None
    config.limits = limits
    config.turns = IdleTimeouts(limits, time.monotonic)
    return config
