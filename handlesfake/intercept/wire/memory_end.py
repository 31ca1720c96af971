"""One end of a connection whose other end is a double: what is the same for threads and for tasks."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

from handlesfake.engine.steps import ENDLESS, Patience
from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault
from handlesfake.intercept.registry import registry
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.intercept.wire.connect_errors import os_error
from handlesfake.intercept.wire.http1 import CONTINUE, MalformedMessage, RequestReader, script, unreadable
from handlesfake.mpsd.http.message import Request
from handlesfake.services.table import host_of
from handlesfake.values.values import replace

REFUSED = {
    **dict.fromkeys(("accept", "bind", "listen"), "it is the end of a client, which waits for no connection"),
    **dict.fromkeys(("connect", "connect_ex"), "it is connected from the start"),
    **dict.fromkeys(("detach", "dup", "share"), "its descriptor is only there to be waited for"),
    **dict.fromkeys(("get_inheritable", "set_inheritable"), "it ends with its process"),
    **dict.fromkeys(("ioctl", "sendfile", "sendmsg_afalg"), "the system knows nothing of it"),
    **dict.fromkeys(
        ("recvfrom", "recvfrom_into", "recvmsg", "recvmsg_into"), "it is a stream, and carries no messages"
    ),
    **dict.fromkeys(("sendmsg", "sendto"), "it is a stream, and carries no messages"),
}
"""What a socket of the system has and this has not, with the reason."""

_STATES = {"linux": ("TCP_INFO", 1, 8), "darwin": ("TCP_CONNECTION_INFO", 4, 5)}
"""Platform -> the option that tells a connection's state, and its first byte: established, closed by the peer."""


class MemoryEnd:
    """What is sent is read as requests; what a double answers is handed out as bytes, then comes the ending.

    :param destination: host and port that the client asked for.
    :param unconnected: what the client raises where no connection is made.
    """

    family = socket.AF_INET
    type = socket.SOCK_STREAM
    proto = socket.IPPROTO_TCP

    def __init__(
        self,
        double: RequestHandler,
        destination: tuple[str, int | None],
        client: str,
        unconnected: Callable[[ConnectionEnd], BaseException] = os_error,
    ) -> None:
        self.double = double
        self._destination = destination
        self._client = client
        self._unconnected = unconnected
        self._host = host_of(destination[0])
        self._requests = RequestReader(self._host)
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

    def __getattr__(self, name: str) -> Any:
        """Say why it has no such thing, as far as a socket of the system has."""
        reason = REFUSED.get(name)
        what = f"a connection to a double has no {name!r}"
        raise AttributeError(f"{what}: {reason}" if reason else what, name=name, obj=self)

    # the two ways

    def _fed(self, data: Any) -> bool:
        """Take ``data``, any bytes-like object.

        A connection that is to fail as it is made fails once the request is whole. Before, the request is not known;
        later, the client would not see it as a failure to connect.

        :returns: the double is to be asked at once, since it fails to connect.
        """
        __tracebackhide__ = True
        self._demand_open()
        if self._ending is not ConnectionEnd.KEEP or not self.alive:
            raise reset()
        self._requests.feed(bytes(data))
        if self.double.may_fail_to_connect and not self._unread and self._asked is None:
            self._asked = self._requests.next()
            return self._asked is not None and self.double.fails_to_connect(self._asked)
        return False

    def _next(self) -> Request | None:
        """The next request, if the client has sent one whole; one that waits is told to go on."""
        request, self._asked = self._asked, None
        try:
            request = request or self._requests.next()
        except MalformedMessage as error:
            request = unreadable(error)
        if request is None and self._requests.awaits_continue:
            self._unread = memoryview(CONTINUE)
        if request is not None and not self.alive:
            self._ending = ConnectionEnd.RESET
            return None
        return request

    @property
    def _patience(self) -> Patience:
        return Patience(read=self._timeout) if self._timeout else ENDLESS

    def _take(self, outcome: Answer | Fault, request: Request) -> None:
        """Have ``outcome`` read by the client from now on."""
        __tracebackhide__ = True
        sent, self._ending = script(outcome, request.method)
        if request.malformed and self._ending is ConnectionEnd.KEEP:
            self._ending = ConnectionEnd.CLOSE  # what follows on this connection means nothing
        if self._ending is not ConnectionEnd.KEEP and self._ending.is_unconnected:
            ending, self._ending = self._ending, ConnectionEnd.RESET
            raise self._unconnected(ending)
        self._unread = memoryview(sent)

    def _take_broken(self, received: bytes) -> None:
        """Have the bytes of a real answer read that broke off."""
        self._unread, self._ending = memoryview(received), ConnectionEnd.CLOSE

    def _handed(self, count: int) -> memoryview:
        """At most ``count`` bytes of what is unread."""
        handed, self._unread = self._unread[:count], self._unread[count:]
        return handed

    @property
    def _is_reset(self) -> bool:
        """Nothing comes any more. The double may have stopped during a request: urllib3 then still reads."""
        return self._ending is ConnectionEnd.RESET or (self._ending is ConnectionEnd.KEEP and not self.alive)

    @property
    def _is_quiet(self) -> bool:
        """Nothing is there to read, and this has not ended."""
        waiting = (ConnectionEnd.KEEP, ConnectionEnd.TIMEOUT, ConnectionEnd.HANG)
        return not self._unread and self._ending in waiting and self.alive

    # what else a client does with a socket

    def shutdown(self, how: int) -> None:
        """Stop sending, reading or both."""
        if how != socket.SHUT_WR:
            self._unread = memoryview(b"")
            self._ending = ConnectionEnd.CLOSE

    @property
    def timeout(self) -> float | None:
        """The client's timeout in seconds; None waits without limit."""
        return self._timeout

    def settimeout(self, value: float | None) -> None:
        """Remember the client's timeout: it is that of a real call, should there be one."""
        self._timeout = value

    def gettimeout(self) -> float | None:
        """The client's timeout in seconds; None waits without limit."""
        return self._timeout

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 - as the socket module has it
        """The same as ``settimeout(None)`` or ``settimeout(0)``."""
        self._timeout = None if flag else 0.0

    def getblocking(self) -> bool:
        """Whether the timeout is not 0."""
        return self._timeout != 0

    def setsockopt(self, *_args: Any) -> None:
        """There is nothing to set."""

    def getsockopt(self, _level: int, option: int, length: int = 0) -> int | bytes:
        """0: no option is set and no error is pending. As bytes the state of the connection, or nothing."""
        if not length:
            return 0
        name, established, closed = _STATES.get(sys.platform, ("", 0, 0))
        if option != getattr(socket, name, None):
            return b""
        return bytes([established if self._is_quiet and not self._closed else closed]).ljust(length, b"\0")

    def getpeername(self) -> tuple[str, int]:
        """What the client asked for, by name: it was never looked up."""
        host, port = self._destination
        return host, port or 0

    def getsockname(self) -> tuple[str, int]:
        """An address of this machine on which nothing listens."""
        return "127.0.0.1", 0

    def _demand_open(self) -> None:
        if self._closed:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def as_served(request: Request) -> Request:
    """``request`` as its service sees it, whatever name the host of that has here."""
    host = host_of(request.host)
    return request if request.host == host else replace(request, host=host)


def reset() -> ConnectionResetError:
    """What a connection raises that the other end has broken."""
    return ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
