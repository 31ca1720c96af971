"""WebSocketLine: one WebSocket, read frame by frame, so that a flood of frames does not disturb other clients."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from wsproto.connection import ConnectionState
from wsproto.events import CloseConnection, RejectConnection, RejectData
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from handlesfake.server.http.asgi import text
from handlesfake.server.http.config import Config
from handlesfake.server.http.idle_timeouts import IdleClient

_PIECE = 512
"""Bytes that are read at a time: frames have six at least, and each takes some 50 µs."""

_AT_ONCE = 0.005
"""Seconds for which one client is read before the others have their turn."""

_FAREWELL = 0.2
"""Seconds that a client has to read why the connection ends: what it still sends would overtake that as an RST."""

_OTHER_VERSION = 426

_NOT_UTF_8, _CODEC = CloseReason.INVALID_FRAME_PAYLOAD_DATA, "codec can't decode"
_NO_TEXT = "what was sent as text is not UTF-8"
"""Where wsproto hands on what Python says of a text, or of the reason in a close frame."""


class WebSocketLine(WSProtocol):
    """uvicorn's WebSocket, which is counted among the connections, and says by a close frame what it cannot read."""

    def __init__(
        self,
        config: Config,
        server_state: Any,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._turns = config.turns
        self.came_by: IdleClient | None = None
        """The door of TLS by which it came."""

        self._behind = bytearray()
        """What has come and is not yet read."""

        self._later: asyncio.Handle | None = None
        self._is_over = False
        """Whether what came was not a frame: what follows it has no meaning."""

    def cut_off(self) -> None:
        """End it, as others need its place."""
        self.abort()

    def abort(self) -> None:
        """End it at once; what is still to be sent is lost."""
        if self.came_by is not None:
            self.came_by.cut_off()
        else:
            self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """The connection is a WebSocket from now on, over which a client may say nothing for hours."""
        super().connection_made(transport)
        self._turns.come(self)
        self._turns.hear(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is no more."""
        self._turns.go(self)
        self._is_over = True
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """The client has said something."""
        self._turns.hear(self)
        self._behind += data
        self._read_on()

    def _read_on(self) -> None:
        """Read until there is a message for the listener, or nothing is left, or others have waited enough."""
        self._later = None
        until = self.loop.time() + _AT_ONCE
        while self._behind and self.queue.empty() and not self._is_over:
            if self.loop.time() >= until:
                self._later = self.loop.call_soon(self._read_on)
                break
            piece = bytes(self._behind[:_PIECE])
            del self._behind[:_PIECE]
            self._read(piece)
        if self._is_over:
            self._behind.clear()
        elif self._behind and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def _read(self, piece: bytes) -> None:
        try:
            self.conn.receive_data(piece)
        except RemoteProtocolError as error:
            self._is_over = True
            self._refuse(error)
            self.transport.close()
        except LocalProtocolError:  # what the client sends behind its goodbye
            self.transport.close()
        else:
            self.handle_events()

    def _refuse(self, error: RemoteProtocolError) -> None:
        """Say why there is no WebSocket: wsproto hints at a status, and keeps the reason to itself."""
        hint = error.event_hint
        if not isinstance(hint, RejectConnection):
            return
        problem = "this server speaks version 13 alone" if hint.status_code == _OTHER_VERSION else str(error)
        said = text(hint.status_code, f"The WebSocket cannot be opened: {problem}.")
        headers = [(name.encode(), value.encode()) for name, value in said.headers]
        length = (b"Content-Length", str(len(said.body)).encode())
        begun = replace(hint, headers=[*hint.headers, *headers, length], has_body=True)
        self.transport.write(self.conn.send(begun) + self.conn.send(RejectData(data=said.body)))

    async def receive(self) -> Any:
        """The next message; between any two of them the others have their turn."""
        await asyncio.sleep(0)
        if self._behind and self._later is None:
            self._read_on()
        message = await self.queue.get()
        if self.read_paused and self.queue.empty() and not self._behind:
            self.read_paused = False
            self.transport.resume_reading()
        return message

    def handle_close(self, event: CloseConnection) -> None:
        """The client says goodbye; or what it has sent is not a frame; the answer has the same code."""
        if self.close_sent or self.conn.state is not ConnectionState.OPEN:
            super().handle_close(event)
            return
        self._is_over = self.close_sent = True
        reason = _NO_TEXT if event.code == _NOT_UTF_8 and _CODEC in (event.reason or "") else event.reason
        self.transport.write(self.conn.send(CloseConnection(code=event.code, reason=reason)))
        self.queue.put_nowait({"type": "websocket.disconnect", "code": event.code, "reason": reason})
        self.close_timer = self.loop.call_later(_FAREWELL, self.transport.close)
