"""A socket that leads to a double: what the clients of http.client hold instead of a connection."""

from __future__ import annotations

import errno
import io
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from handlesfake.engine.steps import Patience
from handlesfake.exchange.outcome import ConnectionEnd
from handlesfake.intercept.registry import answer_request, registry
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.intercept.wire.connect_errors import os_error
from handlesfake.intercept.wire.descriptors import quiet_end, readable_end
from handlesfake.intercept.wire.http1 import CONTINUE, MalformedMessage, RequestReader, script, unreadable
from handlesfake.mpsd.http.message import MPSD_HOST, Request, Response

CallReally = Callable[[bytes, str], Response]
"""``(the very bytes of a request, its method) -> the real answer``."""


class BrokenAnswer(Exception):
    """A real answer that broke off, or is no HTTP: the client is given the same bytes, and fails in its own way."""

    def __init__(self, received: bytes) -> None:
        super().__init__(f"a real answer broke off after {len(received)} bytes")
        self.received = received


class MemorySocket:
    """One end of a connection whose other end is a double.

    A request goes to the double when the client begins to read the answer, as late as on a network: by then the
    client has set its read timeout, and takes what happens for the answer. A connection that is closed unread has
    still sent what it sent.

    :param destination: host and port that the client asked for.
    :param call_really: for a double that forwards.
    :param unconnected: what the client raises where no connection comes about.
    """

    def __init__(
        self,
        double: RequestHandler,
        destination: tuple[str, int | None],
        client: str,
        call_really: CallReally,
        unconnected: Callable[[ConnectionEnd], BaseException] = os_error,
    ) -> None:
        self.double = double
        self._destination = destination
        self._client = client
        self._call_really = call_really
        self._unconnected = unconnected
        self._requests = RequestReader()
        self._asked: Request | None = None
        """A request that was sent whole, and that the double has been shown."""

        self._among: tuple[RequestHandler, ...] = ()
        self._alive = False
        """Whether this was alive among those doubles."""

        self._unread = memoryview(b"")
        self._ending = ConnectionEnd.KEEP
        self._timeout: float | None = None
        self._closed = False

    @property
    def alive(self) -> bool:
        """The double is still the one that answers here. A socket that outlives it never answers again."""
        if self._among is not registry.active:
            self._among = registry.active
            self._alive = registry.leads_to(self.double, *self._destination)
        return self._alive

    # what the client sends

    def sendall(self, data: Any, _flags: int = 0) -> None:
        """Take ``data``, any bytes-like object.

        A connection that is to fail as it is made fails here, once the request is whole: before, nobody knows what
        the request is, and later the client would not take it for a failure to connect.
        """
        __tracebackhide__ = True
        self._demand_open()
        if self._ending is not ConnectionEnd.KEEP or not self.alive:
            raise _reset()
        self._requests.feed(bytes(data))
        if self.double.may_fail_to_connect and not self._unread and self._asked is None:
            self._asked = self._requests.next()
            if self._asked is not None and self.double.fails_to_connect(self._asked):
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
        count = min(len(buffer), len(self._unread))
        buffer[:count] = self._unread[:count]
        self._unread = self._unread[count:]
        return count

    def _converse(self) -> None:
        """Let the double answer the next request, if the client has sent one whole."""
        __tracebackhide__ = True
        request, self._asked = self._asked or self._next(), None
        if request is not None:
            self._answer(request)
        elif self._requests.awaits_continue:
            self._unread = memoryview(CONTINUE)

    def _next(self) -> Request | None:
        try:
            return self._requests.next()
        except MalformedMessage as error:
            return unreadable(error)

    def _answer(self, request: Request) -> None:
        __tracebackhide__ = True
        if not self.alive:
            self._ending = ConnectionEnd.RESET
            return
        if request.host != MPSD_HOST:
            request = replace(request, host=MPSD_HOST)
        try:
            patience = Patience(read=self._timeout or None)
            outcome = answer_request(self.double, request, self._client, lambda: self._forward(request), patience)
        except BrokenAnswer as broken:
            sent, self._ending = broken.received, ConnectionEnd.CLOSE
        except BaseException:
            self._ending = ConnectionEnd.CLOSE
            raise
        else:
            sent, self._ending = script(outcome, request.method)
            if request.malformed and self._ending is ConnectionEnd.KEEP:
                self._ending = ConnectionEnd.CLOSE  # what follows on this connection means nothing
        if self._ending is not ConnectionEnd.KEEP and self._ending.is_unconnected:
            ending, self._ending = self._ending, ConnectionEnd.RESET
            raise self._unconnected(ending)
        self._unread = memoryview(sent)

    def _forward(self, request: Request) -> Response:
        return self._call_really(self._requests.raw, request.method)

    def _end(self) -> int:
        __tracebackhide__ = True
        if self._ending is ConnectionEnd.CLOSE:
            return 0
        # The double may have stopped amid a request: urllib3 then goes on to read, whatever sending came to.
        if self._ending is ConnectionEnd.RESET or (self._ending is ConnectionEnd.KEEP and not self.alive):
            raise _reset()
        if self._ending is ConnectionEnd.HANG and registry.end_of(self.double).wait(self._timeout):
            raise _reset()
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
        if not self._unread and self._ending is ConnectionEnd.KEEP and self.alive:
            self._converse()
        quiet = (
            not self._unread
            and self._ending in (ConnectionEnd.KEEP, ConnectionEnd.TIMEOUT, ConnectionEnd.HANG)
            and self.alive
        )
        return quiet_end() if quiet else readable_end()

    def close(self) -> None:
        """Close this end. A request that was sent whole still reaches the double, as it would reach a server."""
        if self._closed:
            return
        self._closed = True
        # Whatever comes of it: the double remembers, and close() must not hide why the client closes.
        with suppress(Exception):
            if not self._unread and self._ending is ConnectionEnd.KEEP:
                self._converse()

    def shutdown(self, how: int) -> None:
        """Stop sending, reading or both."""
        if how != socket.SHUT_WR:
            self._unread = memoryview(b"")
            self._ending = ConnectionEnd.CLOSE

    def settimeout(self, value: float | None) -> None:
        """Remember the client's timeout: it is that of a real call, should there be one."""
        self._timeout = value

    def gettimeout(self) -> float | None:
        """The client's timeout in seconds; None waits for ever."""
        return self._timeout

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 - as the socket module has it
        """The same as ``settimeout(None)`` or ``settimeout(0)``."""
        self._timeout = None if flag else 0.0

    def setsockopt(self, *_args: Any) -> None:
        """There is nothing to set."""

    def getsockopt(self, *_args: Any) -> int:
        """0: no option is set and no error is pending."""
        return 0

    def getpeername(self) -> tuple[str, int]:
        """What the client asked for, by name: it was never looked up."""
        host, port = self._destination
        return host, port or 0

    def getsockname(self) -> tuple[str, int]:
        """An address of this machine that nobody listens on."""
        return "127.0.0.1", 0

    def _demand_open(self) -> None:
        if self._closed:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))


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


def _reset() -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
