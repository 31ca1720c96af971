"""Listener: uvicorn on one listening socket, as a test's server needs it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

from handlesfake.server.certificates import Certificates

GRACE = 0.5
"""Seconds that requests under way get when the server is to end; whoever still waits then is cut off."""

KEEP_ALIVE = 75
"""Seconds that a connection may say nothing between two requests. uvicorn's five are shorter than the pause between
two tests, and a client's pool would find its connection gone."""


class Listener(uvicorn.Server):
    """uvicorn's server for one socket: it leaves signals and logging alone, and ends at once when asked.

    :param ready: called once the socket answers.
    """

    def __init__(
        self, app: Any, listening: socket.socket, ready: Callable[[], None], certificates: Certificates | None = None
    ) -> None:
        super().__init__(_config(app, certificates))
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

    async def main_loop(self) -> None:
        """Wait for the end. uvicorn looks ten times a second, for headers and limits that nobody asked for here."""
        self._ready()
        await self._end.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End every connection: idle ones at once, the others when they are through, at most after ``GRACE``.

        uvicorn waits as long as its clients want, and a client that is told nothing may want to wait for ever.
        """
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()
        state, loop = self.server_state, asyncio.get_running_loop()
        for connection in list(state.connections):
            connection.shutdown()
        deadline = loop.time() + GRACE
        while state.connections or state.tasks:
            if loop.time() > deadline:
                for connection in list(state.connections):
                    connection.transport.abort()
            if loop.time() > deadline and not state.connections:
                for task in list(state.tasks):  # what is delayed or held does not look whether its client is there
                    task.cancel()
            await asyncio.sleep(0.002)


class _Protocol(H11Protocol):
    """uvicorn's HTTP/1.1, which also answers a client that has closed its own half after the request."""

    def eof_received(self) -> bool | None:  # type: ignore[override]  # asyncio's own signature, which uvicorn narrows
        if self.scheme == "https" or self.cycle is None or self.cycle.more_body or self.cycle.response_complete:
            return None  # TLS knows no half
        self.cycle.keep_alive = False
        return True


class _Config(uvicorn.Config):
    def configure_logging(self) -> None:
        """Leave the logging of the process alone: it may be that of a test."""


def _config(app: Any, certificates: Certificates | None) -> _Config:
    tls: dict[str, Any] = {}
    if certificates is not None:
        tls = {"ssl_keyfile": certificates.key_file, "ssl_certfile": certificates.chain_file}
    return _Config(
        app,
        http=_Protocol,
        ws=WSProtocol,
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        **tls,
    )
