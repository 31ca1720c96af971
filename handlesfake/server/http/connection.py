"""HttpConnection: one connection of HTTP/1.1, with a short way for what is plain."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import h11
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT

from handlesfake.exchange.outcome import ConnectionEnd
from handlesfake.intercept.wire.http1 import plain_request, script
from handlesfake.mpsd.http.message import MPSD_HOST, Request
from handlesfake.server.http.asgi import Scope, to_origin_form
from handlesfake.server.http.config import Config, Direct
from handlesfake.server.http.head_reader import HeadReader, last_of
from handlesfake.server.http.web_socket import WebSocketLine


def _is_framed_twice(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a request says its length in two ways: it may be an attempt to smuggle another (RFC 9112, 6.1)."""
    names = {name for name, _ in headers}
    return b"content-length" in names and b"transfer-encoding" in names


class HttpConnection(HeadReader):
    """uvicorn's HTTP/1.1, with limits, and with a short way from bytes to the service and back.

    Nearly all that clients send is a plain request that comes whole. One pattern reads it, the service answers it
    directly, and the answer is written in one piece. That leaves out h11 and ASGI, which cost two thirds of the
    time. They handle everything that is not quite ordinary.
    """

    def __init__(
        self,
        config: Config,
        server_state: Any,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._task: asyncio.Task[None] | None = None
        """What answers a plain request now."""

        self._is_upgraded = False

    # ---- what the transport says

    def data_received(self, data: bytes) -> None:
        """The client has said something."""
        if self._is_silent:
            return
        if self._task is not None:
            self._behind += data
            if len(self._behind) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
        elif self.conn.their_state is not h11.IDLE:
            self._hear(data)
        elif not self._is_between:
            self._hear_head(data)
        else:
            if self._odd or data[:1] == b"\r":
                data = self._without_empty_lines(data)
            if data and not self._began(data):
                self._hear_head(data)

    def _hear(self, data: bytes) -> None:
        super().data_received(data)
        self._mark_last()
        self._say_whose_turn()

    def _mark_last(self) -> None:
        """Let the connection end with the answer under way, where the client will ask nothing more."""
        if self._ends and self.cycle is not None and not self.conn.trailing_data[0]:
            self.cycle.keep_alive = False

    def handle_events(self) -> None:
        """What h11 has read; the client's end is noticed while it waits, whatever it has asked beside that."""
        super().handle_events()
        if self.cycle is not None:
            to_origin_form(cast("Scope", self.cycle.scope))
            if _is_framed_twice(self.headers):
                self.cycle.keep_alive = False  # and it is said (RFC 9112, 9.6), which uvicorn does for HTTP/1.0 alone
                self.cycle.default_headers = [*self.cycle.default_headers, (b"Connection", b"close")]
        if self.conn.their_state is h11.DONE and len(self.conn.trailing_data[0]) <= HIGH_WATER_LIMIT:
            self.flow.resume_reading()

    def eof_received(self) -> bool | None:  # type: ignore[override]  # asyncio's own signature, which uvicorn narrows
        """The client has closed its own half; a request from before is still answered."""
        self._left.set()
        if self.scheme == "https" or self._is_silent:
            return None  # TLS has no half-closed state
        if not self._is_answering:
            return None
        self._ends = True
        if self._task is None:
            self._mark_last()
        return True

    def pause_writing(self) -> None:
        """The client takes less than it is given: it is its turn."""
        super().pause_writing()
        self._turns.wait_for(self)

    def resume_writing(self) -> None:
        """It has taken it."""
        super().resume_writing()
        self._say_whose_turn()

    # ---- turns

    @property
    def _is_between(self) -> bool:
        """Whether the next byte begins a request."""
        return self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]

    @property
    def _is_answering(self) -> bool:
        """Whether a request has come whole, and its answer is still to come."""
        is_asked = self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body
        return not self._is_silent and (self._task is not None or is_asked)

    def _say_whose_turn(self) -> None:
        if self._is_upgraded or self._is_silent or self.transport.is_closing():
            return
        if self.flow.write_paused or not self._is_answering:
            self._turns.wait_for(self)
        else:
            self._turns.hear(self)

    def cut_off(self) -> None:
        """The client has been silent for too long, in the middle of something or before it."""
        if self.flow.write_paused or self.conn.their_state is h11.SEND_BODY or self._is_answering:
            self.transport.abort()
        else:
            if not self._is_between and not self._is_silent:
                self._refuse(408, f"The request did not come within {self._limits.idle:g} seconds")
            self.transport.close()

    def shutdown(self) -> None:
        """The server ends: at once where nothing is under way."""
        self._ends = True
        if self._is_silent:
            self.hang_up()
        elif self._task is None:
            super().shutdown()

    def on_response_complete(self) -> None:
        """An answer by ASGI is through; what came behind its request may be plain again, or odd in its own way."""
        behind = b""
        if self.conn.our_state is self.conn.their_state is h11.DONE:
            behind = self.conn.trailing_data[0]
            self.conn = h11.Connection(h11.SERVER, self._limits.header)
        super().on_response_complete()
        self._unset_keepalive_if_required()  # the turns see to that
        self._say_whose_turn()
        if behind:
            self._hear_behind(behind)

    def _hear_behind(self, behind: bytes) -> None:
        """What came before the last answer was out."""
        if self.transport.is_closing():
            return
        self.data_received(behind)
        if self._ends and not self._is_answering:  # it was the beginning of a request, or empty lines
            self.transport.close()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Another protocol has the connection from now on."""
        self._is_upgraded = True
        self._turns.go(self)
        super().handle_websocket_upgrade(event)
        line = self.transport.get_protocol()
        if isinstance(line, WebSocketLine):
            line.came_by = self.came_by

    # ---- the short way

    def _began(self, data: bytes) -> bool:
        """Whether ``data`` is a request that the short way answers."""
        if self._direct is None:
            return False
        found = plain_request(data, MPSD_HOST)
        if found is None or not self._is_ordinary(self._direct, found[0], found[1]):
            return False
        request, length = found
        self._behind = data[length:]
        self._begin(self._direct, request)
        return True

    def _is_ordinary(self, direct: Direct, request: Request, length: int) -> bool:
        is_small = len(request.body) <= self._limits.body and length - len(request.body) <= self._limits.header
        kept = request.headers.first("Connection", "keep-alive") == "keep-alive"
        return is_small and kept and direct.takes_plain(request)

    def _begin(self, direct: Direct, request: Request) -> None:
        self._turns.hear(self)
        self._task = self.loop.create_task(self._serve(direct, request))
        self.tasks.add(self._task)
        self._task.add_done_callback(self.tasks.discard)

    async def _serve(self, direct: Direct, request: Request) -> None:
        try:
            answer = await direct.answer(request, self)
            if answer is not None and not self.transport.is_closing():
                await self._write(*script(last_of(answer) if request.malformed else answer, request.method))
        except Exception:  # whatever it was, it is this client's misfortune alone
            self.logger.exception("Exception in the service")
            self.transport.abort()
        self._task = None
        self._go_on()

    async def _write(self, data: bytes, ending: ConnectionEnd) -> None:
        self.transport.write(data)
        if ending is not ConnectionEnd.KEEP or (self._ends and not self._behind):
            self.transport.close()
            await self._gone.wait()
        elif self.flow.write_paused:
            self._turns.wait_for(self)
            await self.flow.drain()

    def _go_on(self) -> None:
        """The answer to a plain request is out: what came meanwhile is next."""
        if self.transport.is_closing():
            return
        behind, self._behind = self._behind, b""
        if len(behind) <= HIGH_WATER_LIMIT:
            self.flow.resume_reading()
        if behind:
            self._hear_behind(behind)
        else:
            self._turns.wait_for(self)
