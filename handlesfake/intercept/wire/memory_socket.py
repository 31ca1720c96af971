"""A socket that leads to a double: what the clients of http.client hold instead of a connection."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault
from handlesfake.intercept.answering import answer_request
from handlesfake.intercept.registry import registry
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.intercept.wire.connect_errors import os_error
from handlesfake.intercept.wire.descriptors import quiet_end, readable_end
from handlesfake.intercept.wire.http1 import request_bytes
from handlesfake.intercept.wire.memory_end import MemoryEnd, as_served, reset
from handlesfake.intercept.wire.plain_response import PlainResponse, plain_response
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.values.values import replace

CallReally = Callable[[bytes, str], Response]
"""``(the very bytes of a request, its method) -> the real answer``."""


class BrokenAnswer(Exception):
    """A real answer that broke off, or is not HTTP: the client gets the same bytes, and fails in its own way."""

    def __init__(self, received: bytes) -> None:
        super().__init__(f"a real answer broke off after {len(received)} bytes")
        self.received = received


class MemorySocket(MemoryEnd):
    """One end of a connection whose other end is a double.

    A request goes to the double when the client begins to read the answer, as late as on a network. By then the
    client has set its read timeout, and treats what happens as the answer. A connection that is closed unread has
    still sent its bytes.

    :param destination: host and port that the client asked for.
    :param call_really: for a double that forwards.
    :param unconnected: what the client raises where no connection is made.
    """

    def __init__(
        self,
        double: RequestHandler,
        destination: tuple[str, int | None],
        client: str,
        call_really: CallReally,
        unconnected: Callable[[ConnectionEnd], BaseException] = os_error,
    ) -> None:
        super().__init__(double, destination, client, unconnected)
        self._call_really = call_really
        self._value: Request | None = None
        """The request that was handed over last."""

        self.last_headers: Headers | None = None
        """Those of the plain request that was handed over last."""

        self.takes_values: bool | None = None
        """Whether requests may be handed over to it; None as long as that was not asked."""

    # what the client sends

    def sendall(self, data: Any, _flags: int = 0) -> None:
        """Take ``data``, any bytes-like object."""
        __tracebackhide__ = True
        if self._fed(data):
            self._converse()

    def send(self, data: Any, _flags: int = 0) -> int:
        """Take all of ``data``."""
        self.sendall(data)
        return len(data)

    # what the client reads

    def recv_into(self, buffer: Any, nbytes: int = 0, _flags: int = 0) -> int:
        """Fill ``buffer``; 0 when the connection has ended in good order."""
        __tracebackhide__ = True
        self._demand_open()
        return self.receive(memoryview(buffer).cast("B")[: nbytes or None])

    def recv(self, bufsize: int, _flags: int = 0) -> bytes:
        """At most ``bufsize`` bytes; none when the connection has ended in good order."""
        __tracebackhide__ = True
        buffer = bytearray(bufsize)
        return bytes(buffer[: self.recv_into(buffer)])

    def makefile(self, mode: str = "r", buffering: int | None = None, **_kwargs: Any) -> Any:
        """A file to read the answer from; ``rb`` only, for HTTP is bytes. It outlives :meth:`close`, as ever."""
        if mode != "rb":
            raise ValueError(f"a connection to a double has no file of mode {mode!r}: HTTP is read with 'rb'")
        raw = Incoming(self)
        return raw if buffering == 0 else io.BufferedReader(raw)

    def receive(self, buffer: memoryview) -> int:
        """Fill ``buffer``, from what is closed, too: a file outlives its socket."""
        __tracebackhide__ = True
        if not self._unread and self._ending is ConnectionEnd.KEEP:
            self._converse()
        if not self._unread:
            return self._end()
        handed = self._handed(len(buffer))
        buffer[: len(handed)] = handed
        return len(handed)

    def _converse(self) -> None:
        """Let the double answer the next request, if the client has sent one whole."""
        __tracebackhide__ = True
        request = self._next()
        if request is not None:
            self._answer(as_served(request))

    def _answer(self, request: Request) -> None:
        __tracebackhide__ = True
        outcome = self._outcome(request)
        if outcome is not None:
            self._take(outcome, request)

    def _outcome(self, request: Request) -> Answer | Fault | None:
        """What happens to ``request``; None where the bytes of a real answer are ready to be read."""
        __tracebackhide__ = True
        try:
            return answer_request(self.double, request, self._client, lambda: self._forward(request), self._patience)
        except BrokenAnswer as broken:
            self._take_broken(broken.received)
            return None
        except BaseException:
            self._ending = ConnectionEnd.CLOSE
            raise

    def _forward(self, request: Request) -> Response:
        return self._call_really(self._requests.raw or request_bytes(request), request.method)

    # what is never bytes

    @property
    def is_idle(self) -> bool:
        """Nothing is under way, and the next request may be handed over."""
        return (
            not self._unread
            and self._asked is None
            and self._ending is ConnectionEnd.KEEP
            and not self._closed
            and self.alive
            and not self._requests.is_begun
            and not self.double.may_fail_to_connect
        )

    def hand_over(self, request: Request) -> None:
        """Take ``request`` as if its bytes had been sent; it goes to the double when they would."""
        self._asked = self._value = request if request.host == self._host else replace(request, host=self._host)
        self._requests.raw = b""

    @property
    def holds_value(self) -> bool:
        """Whether a request was handed over that the double has not been asked."""
        return self._asked is not None and self._asked is self._value

    def answer_plainly(self) -> PlainResponse | None:
        """The answer to the request that was handed over, its body ready to be read.

        None where the whole lies ready to be read as bytes, or the end.
        """
        __tracebackhide__ = True
        request = self._next()
        if request is None:
            return None
        outcome = self._outcome(as_served(request))
        if outcome is None:
            return None
        plain = plain_response(outcome, request.method)
        if plain is None:
            self._take(outcome, request)
        else:
            self._unread = memoryview(plain.body)
        return plain

    def _end(self) -> int:
        __tracebackhide__ = True
        if self._ending is ConnectionEnd.CLOSE:
            return 0
        if self._is_reset:
            raise reset()
        if self._ending is ConnectionEnd.HANG and registry.end_of(self.double).wait(self._timeout):
            raise reset()
        # Nothing is there and nothing will come: the client's own timeout ends this, and there is no use in waiting.
        raise TimeoutError("timed out")

    # what else a client does with a socket

    def fileno(self) -> int:
        """A descriptor to wait on: readable at once when there is something to read, or the connection is dead.

        Pools ask it before they reuse a connection, and drop one that is readable. The two descriptors are the
        process's, not this connection's.
        """
        if self._closed:
            return -1
        return readable_end() if self.is_readable() else quiet_end()

    def is_readable(self) -> bool:
        """Whether something is there to read, or the connection is dead: what a pool asks before it reuses one."""
        if not self._unread and self._ending is ConnectionEnd.KEEP and self.alive:
            self._converse()
        return not self._is_quiet

    @property
    def is_closed(self) -> bool:
        """Whether this end was closed."""
        return self._closed

    def close(self) -> None:
        """Close this end. A request that was sent whole still reaches the double, as it would reach a server."""
        if self._closed:
            return
        self._closed = True
        # Whatever comes of it: the double remembers, and close() must not hide why the client closes.
        with suppress(Exception):
            if not self._unread and self._ending is ConnectionEnd.KEEP:
                self._converse()


class Incoming(io.RawIOBase):
    """What a client's file reads from."""

    def __init__(self, source: MemorySocket) -> None:
        self._source = source

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer``."""
        __tracebackhide__ = True
        return self._source.receive(memoryview(buffer).cast("B"))
