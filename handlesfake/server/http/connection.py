"""Protocol: one connection of HTTP/1.1, with a short way for what is plain."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, Protocol

import h11
import uvicorn
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.h11_impl import H11Protocol

from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault
from handlesfake.intercept.wire.http1 import plain_request, response_bytes, script
from handlesfake.mpsd.http.message import MPSD_HOST, Request, Response
from handlesfake.server.http.asgi import text
from handlesfake.server.http.idle_timeouts import IdleTimeouts
from handlesfake.server.http.limits import ConnectionLimits
from handlesfake.server.http.socket_faults import break_off, drip


class Direct(Protocol):
    """An application that can be asked without ASGI in between."""

    def takes_plain(self, request: Request) -> bool:
        """Whether :meth:`answer` answers it."""

    async def answer(self, request: Request) -> Answer | Fault:
        """What becomes of ``request``."""


class Config(uvicorn.Config):
    """uvicorn's, and what its connections need beside it."""

    direct: Direct | None
    limits: ConnectionLimits
    turns: IdleTimeouts

    def configure_logging(self) -> None:
        """Leave the logging of the process alone: it may be that of a test."""


class HttpConnection(H11Protocol):
    """uvicorn's HTTP/1.1, with limits, and with a short way from bytes to the service and back.

    Nearly all that clients send is a plain request that comes whole: it is read by one pattern, asked of the service
    directly, and its answer written in one piece. h11 and ASGI never hear of it, and cost two thirds of the time.
    Whatever is not altogether ordinary is theirs.
    """

    def __init__(
        self,
        config: Config,
        server_state: Any,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._direct, self._limits, self._turns = config.direct, config.limits, config.turns
        self._task: asyncio.Task[None] | None = None
        """What answers a plain request now."""

        self._behind = b""
        """What came while it did."""

        self._ends = False
        """Whether the connection ends with the last answer that is still to come."""

        self._is_upgraded = False

        self._gone = asyncio.Event()

    # ---- what the transport says

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """A client has connected."""
        super().connection_made(transport)
        self._turns.come(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is no more."""
        self._turns.go(self)
        self._gone.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """The client has said something."""
        if self._task is not None:
            self._behind += data
            if len(self._behind) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
        elif self._is_too_large(data):
            self._refuse_header()  # h11 itself looks only at a head whose end has not come
        elif not self._began(data):
            super().data_received(data)
            if self._ends and self.cycle is not None:
                self.cycle.keep_alive = False
            self._say_whose_turn()

    def eof_received(self) -> bool | None:  # type: ignore[override]  # asyncio's own signature, which uvicorn narrows
        """The client has closed its own half; one that has asked before is answered all the same."""
        if self.scheme == "https":
            return None  # TLS knows no half
        if self._task is not None:
            self._ends = True
            return True
        if self._is_between or self.cycle is None or self.cycle.more_body:
            return None
        self.cycle.keep_alive = False
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

    def _say_whose_turn(self) -> None:
        if self._is_upgraded or self.transport.is_closing():
            return
        waits = self._task is None and (self.cycle is None or self.cycle.response_complete or self.cycle.more_body)
        if waits or self.flow.write_paused:
            self._turns.wait_for(self)
        else:
            self._turns.hear(self)

    def cut_off(self) -> None:
        """The client has been silent for too long, in the middle of something or before it."""
        if self.flow.write_paused or self.conn.their_state is h11.SEND_BODY:
            self.transport.abort()
        else:
            if not self._is_between:
                self._refuse(408, f"The request did not come within {self._limits.idle:g} seconds")
            self.transport.close()

    def shutdown(self) -> None:
        """The server ends: at once where nothing is under way."""
        self._ends = True
        if self._task is None:
            super().shutdown()

    def on_response_complete(self) -> None:
        """An answer by ASGI is through."""
        super().on_response_complete()
        self._unset_keepalive_if_required()  # the turns see to that
        self._say_whose_turn()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Another protocol has the connection from now on."""
        self._is_upgraded = True
        self._turns.go(self)
        super().handle_websocket_upgrade(event)

    def send_400_response(self, msg: str) -> None:
        """What came is no HTTP, or more than the limit."""
        error = sys.exc_info()[1]  # uvicorn calls this while it handles h11's complaint, and keeps that to itself
        if isinstance(error, h11.RemoteProtocolError) and error.error_status_hint == 431:
            self._refuse_header()
        else:
            super().send_400_response(msg)

    def _refuse_header(self) -> None:
        self._refuse(431, f"The headers are larger than {self._limits.header} bytes")
        self.transport.close()

    def _refuse(self, status: int, sentence: str) -> None:
        answer = text(status, f"{sentence}, the limit of this fake.")
        closing = Response(status, answer.headers.plus([("Connection", "close")]), answer.body)
        self.transport.write(response_bytes(closing, "GET"))

    # ---- the short way

    def _is_too_large(self, data: bytes) -> bool:
        """Whether ``data`` makes a head larger than the limit."""
        if self.conn.their_state is not h11.IDLE:
            return False
        head, limit = self.conn.trailing_data[0] + data, self._limits.header
        return len(head) > limit and head.find(b"\r\n\r\n", 0, limit) < 0

    def _began(self, data: bytes) -> bool:
        """Whether ``data`` is a request that the short way answers."""
        plain = self._direct is not None and self._is_between
        found = plain_request(data, MPSD_HOST) if plain else None
        if found is None or self._direct is None or not self._is_ordinary(self._direct, found[0]):
            return False
        request, length = found
        self._behind = data[length:]
        self._turns.hear(self)
        self._task = self.loop.create_task(self._serve(self._direct, request))
        self.tasks.add(self._task)
        self._task.add_done_callback(self.tasks.discard)
        return True

    def _is_ordinary(self, direct: Direct, request: Request) -> bool:
        kept = request.headers.first("Connection", "keep-alive") == "keep-alive"
        return kept and len(request.body) <= self._limits.body and direct.takes_plain(request)

    async def _serve(self, direct: Direct, request: Request) -> None:
        try:
            await self._carry_out(await direct.answer(request), request.method)
            if self.flow.write_paused:
                self._turns.wait_for(self)
                await self.flow.drain()
        except Exception:  # whatever it was, it is this client's misfortune alone
            self.logger.exception("Exception in the service")
            self.transport.abort()
        self._task = None
        self._go_on()

    async def _carry_out(self, outcome: Answer | Fault, method: str) -> None:
        if self.transport.is_closing():
            return
        if isinstance(outcome, Answer) and not outcome.drips:
            data, ending = script(outcome, method)
            self.transport.write(data)
            if ending is ConnectionEnd.KEEP and (self._behind or not self._ends):
                return
            self.transport.close()
        elif isinstance(outcome, Answer):
            await drip(outcome, method, self.transport)
        else:
            await break_off(outcome, method, self.transport)
        await self._gone.wait()

    def _go_on(self) -> None:
        """The answer to a plain request is out: what came meanwhile is next."""
        if self.transport.is_closing():
            return
        behind, self._behind = self._behind, b""
        if len(behind) <= HIGH_WATER_LIMIT:
            self.flow.resume_reading()
        if behind:
            self.data_received(behind)
        else:
            self._turns.wait_for(self)
