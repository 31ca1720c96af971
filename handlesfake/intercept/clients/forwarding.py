"""The real connection underneath one that leads to a double, for a double that forwards."""

from __future__ import annotations

import errno
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from handlesfake.intercept.network.guard import really_calling
from handlesfake.intercept.wire.http1 import MalformedMessage
from handlesfake.intercept.wire.memory_socket import BrokenAnswer
from handlesfake.mpsd.http.message import Response


class RealConnection:
    """Makes real calls with what the client's own connection says of TLS, proxies and timeouts.

    :param connection: the http.client connection of the client.
    """

    def __init__(self, connection: weakref.ref[Any]) -> None:
        self._connection = connection

    def __call__(self, raw: bytes, method: str) -> Response:
        """Send the very bytes ``raw``, a request of ``method``, and return the service's answer.

        :raises BrokenAnswer: what came back is not an HTTP answer, or broke off.
        :raises OSError: of the network or of TLS, as the client's own ``connect`` raises it.
        """
        with really_calling():
            sock = self._open()
            try:
                sock.sendall(raw)
                return _received(sock, method)
            finally:
                # Closed after each call: to keep it would need a pool's care for what the service drops meanwhile.
                sock.close()

    def _open(self) -> Any:
        connection = self._connection()
        if connection is None:
            raise dropped()
        memory = connection.sock
        try:
            connection.connect()
            sock = connection.sock
        finally:
            connection.sock = memory
        if memory.gettimeout() is not None:
            sock.settimeout(memory.gettimeout())
        return sock


def dropped() -> ConnectionResetError:
    """What happens to a call whose connection the client has released."""
    return ConnectionResetError(errno.ECONNRESET, "the client has let go of its connection")


@contextmanager
def broken_off() -> Iterator[list[bytes]]:
    """Inside, what comes of a real answer is noted in the list that is given.

    :raises BrokenAnswer: it was not HTTP, or broke off.
    """
    received: list[bytes] = []
    try:
        yield received
    except MalformedMessage as error:
        raise BrokenAnswer(b"".join(received)) from error


def _received(sock: Any, method: str) -> Response:
    from handlesfake.intercept.wire.parsing import ResponseReader  # lazily: most doubles forward nothing

    reader = ResponseReader(method)
    with broken_off() as received:
        while (response := reader.next()) is None:
            data = sock.recv(65536)
            received.append(data)
            if data:
                reader.feed(data)
            else:
                reader.eof()
    return response
