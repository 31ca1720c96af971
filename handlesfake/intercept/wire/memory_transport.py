"""An in-memory connection of an asyncio loop: what is written to it is a request for a double."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable
from typing import Any

from handlesfake.callsite.call_site import told
from handlesfake.callsite.sender import told as told_sender
from handlesfake.engine.steps import ENDLESS, Patience
from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault
from handlesfake.intercept.answering import GiveUp, answer_async
from handlesfake.intercept.registry import registry
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.intercept.wire.connect_errors import os_error
from handlesfake.intercept.wire.http1 import (
    CONTINUE,
    MalformedMessage,
    RequestReader,
    script,
    unreadable,
)
from handlesfake.intercept.wire.parsing import ResponseReader
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.values.values import frozen, replace

PIECE = 1 << 16
"""Bytes that the client is handed at a time, so that one that stops reading is not run over."""


@frozen
class Sending:
    """Who sends one request over a connection, and what the client alone can do."""

    line: str = ""
    task: Any = None
    patience: Patience = ENDLESS
    timer: Any = None
    """aiohttp's timer of the whole request, if it has one."""

    unconnected: Callable[[ConnectionEnd], Exception] = os_error
    """What the client raises where no connection is made."""

    @property
    def name(self) -> str:
        """What the task is called, for the journal."""
        return self.task.get_name() if self.task else ""

    def time_out(self, protocol: Any) -> None:
        """Let the client's timer run out that would be the first to."""
        read, total = self.patience.read, self.patience.total
        if total is not None and (read is None or total <= read) and hasattr(self.timer, "timeout"):
            self.timer.timeout()
        else:
            protocol._on_read_timeout()  # noqa: SLF001 - what aiohttp's own timer calls, in 3.8 to 3.14


class MemoryTransport(asyncio.Transport):
    """The transport under one of aiohttp's connections.

    It belongs to ``double`` and dies with it: a client that keeps the connection in its pool finds it closed.

    :param protocol: aiohttp's ``ResponseHandler``.
    :param call_really: sends ``(request, its bytes)`` over the real network.
    """

    def __init__(
        self,
        double: RequestHandler,
        host: str,
        protocol: Any,
        call_really: Callable[[Request, bytes], Awaitable[Response]],
    ) -> None:
        super().__init__()
        self.double = double
        self.sending = Sending()
        """Who sends the present request."""

        self._loop = asyncio.get_running_loop()
        self._protocol = protocol
        self._call_really = call_really
        self._reader = RequestReader(host)
        self._written: list[bytes] = []
        self._continued = False
        self._serving: asyncio.Task[None] | None = None
        self._give_up: GiveUp | None = None
        self._coming, self._ending = b"", ConnectionEnd.KEEP
        self._paused = self._closing = self._lost = False

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        """Take a piece of a request; once it is complete, the double is asked."""
        if self._closing:
            return
        piece = bytes(data)
        self._written.append(piece)
        try:
            self._reader.feed(piece)
            request = self._reader.next()
        except MalformedMessage as error:
            request = unreadable(error)
        if request is not None:
            raw, self._written, self._continued = b"".join(self._written), [], False
            self._serving = self._loop.create_task(self._serve(request, raw), name=self.sending.name or None)
        elif self._reader.awaits_continue and not self._continued:
            self._continued = True
            self._loop.call_soon(self._deliver, CONTINUE, ConnectionEnd.KEEP)

    async def _serve(self, request: Request, raw: bytes) -> None:
        __tracebackhide__ = True
        sending = self.sending
        told.set(sending.line)
        told_sender.set(sending.task)
        try:
            outcome = await answer_async(
                self.double,
                request,
                "aiohttp",
                lambda: self._call_really(request, raw),
                sending.patience,
                self._arrived,
            )
            self._give_up = None
            if isinstance(outcome, Fault) and outcome.ending.is_unconnected:
                raise sending.unconnected(outcome.ending)
            data, ending = _script(outcome, request)
            if request.malformed and ending is ConnectionEnd.KEEP:
                ending = ConnectionEnd.CLOSE  # what follows on this connection means nothing
            if ending is ConnectionEnd.HANG:
                await registry.end_of(self.double).wait_async()
                ending = ConnectionEnd.RESET
        except asyncio.CancelledError:
            self.close()
            raise
        except BaseException as error:  # noqa: BLE001 - it is the caller's, who would else wait for ever
            self._fail(error)
            return
        finally:
            self._serving = self._give_up = None
        self._deliver(data, ending)

    def _arrived(self, give_up: GiveUp) -> None:
        self._give_up = give_up

    def _fail(self, error: BaseException) -> None:
        self._protocol.set_exception(error)
        self.close()

    def _deliver(self, data: bytes, ending: ConnectionEnd) -> None:
        self._coming += data
        self._ending = ending
        self._pump()

    def _pump(self) -> None:
        while self._coming and not self._paused and not self._closing:
            piece, self._coming = self._coming[:PIECE], self._coming[PIECE:]
            self._protocol.data_received(piece)
        if not self._coming and not self._paused and self._ending is not ConnectionEnd.KEEP:
            ending, self._ending = self._ending, ConnectionEnd.KEEP
            # A turn later, as from a socket: the caller has read by then what came before the ending.
            self._loop.call_soon(self._end, ending)

    def _end(self, ending: ConnectionEnd) -> None:
        if self._closing:
            return
        if ending is ConnectionEnd.CLOSE:
            self._protocol.eof_received()
            self._lose(None)
        elif ending is ConnectionEnd.RESET:
            self._lose(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"))
        elif ending is ConnectionEnd.TIMEOUT:
            self.sending.time_out(self._protocol)

    def _lose(self, error: Exception | None) -> None:
        self._closing = True
        if not self._lost:
            self._lost = True
            self._protocol.connection_lost(error)

    def close(self) -> None:
        """Close the connection; a request that the double has not answered yet is abandoned."""
        if self._closing:
            return
        self._closing = True
        if self._serving is not None:
            self._serving.cancel()
        if self._give_up is not None:
            self._give_up()  # at once: what closed the connection may go on before the loop turns
        if not self._loop.is_closed():
            self._loop.call_soon(self._lose, None)

    def abort(self) -> None:
        """The same as :meth:`close`: there is no buffer."""
        self.close()

    def is_closing(self) -> bool:
        """True once it is closed, or its double has stopped."""
        return self._closing or not registry.is_active(self.double)

    def pause_reading(self) -> None:
        """Hold back what is coming."""
        self._paused = True

    def resume_reading(self) -> None:
        """Hand out what was held back."""
        if self._paused:
            self._paused = False
            self._loop.call_soon(self._pump)

    def is_reading(self) -> bool:
        """True unless reading is paused."""
        return not self._paused

    def get_protocol(self) -> Any:
        """The client's protocol."""
        return self._protocol

    def set_protocol(self, protocol: Any) -> None:
        """Hand the connection to another protocol of the client."""
        self._protocol = protocol

    def get_write_buffer_size(self) -> int:
        """Nothing is ever buffered."""
        return 0

    def can_write_eof(self) -> bool:
        """As over TLS: no."""
        return False


def _script(outcome: Answer | Fault, request: Request) -> tuple[bytes, ConnectionEnd]:
    """What crosses the wire, and its end: bytes that leave the client waiting are followed by silence."""
    if isinstance(outcome, Answer) and (request.headers.first("Connection") or "").lower() == "close":
        headers = outcome.response.headers.without("Connection").plus([("Connection", "close")])
        outcome = replace(outcome, response=replace(outcome.response, headers=headers))
    data, ending = script(outcome, request.method)
    if ending is ConnectionEnd.KEEP and isinstance(outcome, Fault) and _incomplete(data, request.method):
        return data, ConnectionEnd.TIMEOUT
    return data, ending


def _incomplete(data: bytes, method: str) -> bool:
    reader = ResponseReader(method)
    reader.feed(data)
    try:
        return reader.next() is None
    except MalformedMessage:
        return False
