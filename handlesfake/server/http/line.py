"""HttpLine: what any answer, fault or long wait needs of a connection of HTTP/1.1."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from handlesfake.server.http.config import Config
from handlesfake.server.http.idle_timeouts import IdleClient


class HttpLine(H11Protocol):
    """uvicorn's connection, which knows when its client ends its side, and can fall silent."""

    def __init__(
        self,
        config: Config,
        server_state: Any,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._direct, self._limits, self._turns = config.direct, config.limits, config.turns
        self._behind = b""
        """What came while a plain request was answered."""

        self._is_silent = False
        """Whether a fault keeps it silent: then it hears only the client's end."""

        self.came_by: IdleClient | None = None
        """What counted as the connection before it was one: a handshake."""

        self._left, self._gone = asyncio.Event(), asyncio.Event()

    def cut_off(self) -> None:
        """End it, as its client has been silent for too long, or others need its place."""
        self.abort()

    def abort(self) -> None:
        """End it at once; what is still to be sent is lost."""
        if self.came_by is not None:
            self.came_by.cut_off()
        else:
            self.transport.abort()

    # ---- what the transport says

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """A client has connected."""
        super().connection_made(transport)
        if self.came_by is not None:
            self._turns.go(self.came_by)
        self._turns.come(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is no more."""
        self._turns.go(self)
        self._left.set()
        self._gone.set()
        super().connection_lost(exc)

    # ---- how it is used

    async def say_all(self, data: bytes) -> None:
        """Write ``data``, and wait until all of it has gone out: an RST would overtake it."""
        self.transport.set_write_buffer_limits(high=0)
        self.transport.write(data)
        if self.flow.write_paused:
            await self.flow.drain()

    def fall_silent(self) -> None:
        """Send nothing more, and only wait for the client's end, which ends the connection."""
        self._is_silent = True
        self._behind = b""
        self._turns.keep_silent(self)
        self.flow.resume_reading()  # a client that does not read does not see the end either
        if self._left.is_set():
            self.hang_up()

    def hang_up(self) -> None:
        """End the connection; what was sent before still goes out."""
        self.transport.close()

    async def until_gone(self) -> None:
        """Wait until the connection is no more."""
        await self._gone.wait()

    async def until_left(self) -> None:
        """Wait until the client has ended its side, by FIN or RST."""
        await self._left.wait()
