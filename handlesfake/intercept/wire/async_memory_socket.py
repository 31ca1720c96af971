"""A socket for tasks that leads to a double: what urllib3-future holds instead of a connection in an event loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from handlesfake.exchange.outcome import ConnectionEnd
from handlesfake.intercept.answering import answer_async
from handlesfake.intercept.registry import registry
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.intercept.wire.connect_errors import os_error
from handlesfake.intercept.wire.descriptors import quiet_end, readable_end
from handlesfake.intercept.wire.memory_end import MemoryEnd, as_served, reset
from handlesfake.intercept.wire.memory_socket import BrokenAnswer
from handlesfake.mpsd.http.message import Request, Response

CallReally = Callable[[bytes, str], Awaitable[Response]]
"""``(the very bytes of a request, its method) -> the real answer``."""


class AsyncMemorySocket(MemoryEnd):
    """What ``MemorySocket`` is for threads, with the methods of urllib3-future's ``AsyncSocket``.

    The double is asked in the task that reads: to cancel that task is to give the request up.

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

    async def sendall(self, data: Any) -> None:
        """Take ``data``: bytes, or a list of them."""
        __tracebackhide__ = True
        if self._fed(b"".join(data) if isinstance(data, list) else data):
            await self._converse()

    send = write_all = sendall

    async def recv(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; none when the connection has ended in good order."""
        __tracebackhide__ = True
        self._demand_open()
        if not self._unread and self._ending is ConnectionEnd.KEEP:
            await self._converse()
        if not self._unread:
            return await self._end()
        return bytes(self._handed(size if size >= 0 else len(self._unread)))

    read = read_exact = recv

    async def _converse(self) -> None:
        """Let the double answer the next request, if the client has sent one whole."""
        __tracebackhide__ = True
        request = self._next()
        if request is not None:
            await self._answer(as_served(request))

    async def _answer(self, request: Request) -> None:
        __tracebackhide__ = True
        try:
            outcome = await answer_async(
                self.double, request, self._client, lambda: self._forward(request), self._patience
            )
        except BrokenAnswer as broken:
            self._take_broken(broken.received)
        except BaseException:
            self._ending = ConnectionEnd.CLOSE
            raise
        else:
            self._take(outcome, request)

    def _forward(self, request: Request) -> Awaitable[Response]:
        return self._call_really(self._requests.raw, request.method)

    async def _end(self) -> bytes:
        __tracebackhide__ = True
        if self._ending is ConnectionEnd.CLOSE:
            return b""
        if self._is_reset:
            raise reset()
        if self._ending is ConnectionEnd.HANG and await registry.end_of(self.double).wait_async(self._timeout):
            raise reset()
        # Nothing is there and nothing will come: the client's own timeout ends this, and there is no use in waiting.
        raise TimeoutError("timed out")

    # what else the client does with a socket

    def read_ready(self) -> bool:
        """Whether there is something to read, or the connection is dead."""
        return not self._is_quiet

    def fileno(self) -> int:
        """A descriptor to wait on, as ``MemorySocket`` has it, but nothing is asked for it."""
        if self._closed:
            return -1
        return quiet_end() if self._is_quiet else readable_end()

    def close(self) -> None:
        """Close this end."""
        self._closed = True

    async def wait_for_close(self) -> None:
        """It is closed at once."""

    async def wait_for_readiness(self) -> None:
        """It is ready from the start."""

    def should_connect(self) -> bool:
        """It is connected from the start."""
        return False
