"""What a failing connection delivers to httpx before it ends."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Iterator
from types import ModuleType
from typing import Any

import h11

from handlesfake.exchange.outcome import ConnectionEnd, Fault
from handlesfake.intercept.wire.connect_errors import os_error
from handlesfake.intercept.wire.http1 import script
from handlesfake.intercept.wire.parsing import MAX_HEAD

_SILENCE = (ConnectionEnd.TIMEOUT, ConnectionEnd.KEEP)


def extensions(reason: bytes) -> dict[str, bytes]:
    """What httpx keeps of a status line, whatever carried it."""
    return {"http_version": b"HTTP/1.1", "reason_phrase": reason}


def broken_response(client: ModuleType, request: Any, fault: Fault, refused: str = "") -> Any:
    """Give a response as far as the network carried it.

    The client's own exception comes where its reader of HTTP/1.1 raises it. It comes from here while the head is
    read, and from the stream of the response while the body is read.

    :param client: the module httpx or httpx2.
    :param refused: the client's words where no server listens; empty for the system's own words.
    :raises httpx.TransportError: the connection ended before there was a head.
    """
    __tracebackhide__ = True
    if fault.ending.is_unconnected:
        error = os_error(fault.ending)
        words = refused if refused and fault.ending is ConnectionEnd.REFUSED else str(error)
        raise client.ConnectError(words, request=request) from error
    wire = _Wire(client, request, fault)
    head = wire.event()
    while isinstance(head, h11.InformationalResponse):
        head = wire.event()
    return client.Response(
        head.status_code,
        headers=head.headers.raw_items(),
        stream=_delivered(client)(wire),
        extensions=extensions(head.reason),
    )


class _Wire:
    """What a failing connection delivers before it ends, read as the client reads a connection."""

    def __init__(self, client: ModuleType, request: Any, fault: Fault) -> None:
        self._client, self._request, self._fault = client, request, fault
        self._parser = h11.Connection(h11.CLIENT, MAX_HEAD)
        self._parser.send(h11.Request(method=request.method, target="/", headers=[("Host", request.url.host)]))
        self._parser.send(h11.EndOfMessage())
        sent, _ = script(fault, request.method)
        if sent:
            self._parser.receive_data(sent)

    def event(self) -> Any:
        """The next event of the answer.

        :raises httpx.TransportError: the connection has failed, or was never HTTP/1.1.
        """
        __tracebackhide__ = True
        try:
            event = self._parser.next_event()
            while event is h11.NEED_DATA:
                self._end()
                event = self._parser.next_event()
        except h11.RemoteProtocolError as error:
            raise self._client.RemoteProtocolError(str(error), request=self._request) from error
        return event

    def body(self) -> Iterator[bytes]:
        """The pieces of the body, as far as they came."""
        event = self.event()
        while isinstance(event, h11.Data):
            yield bytes(event.data)
            event = self.event()

    def _end(self) -> None:
        """Nothing more is there to read."""
        __tracebackhide__ = True
        if self._fault.ending is ConnectionEnd.RESET:
            raise self._client.ReadError("[Errno 104] Connection reset by peer", request=self._request)
        if self._fault.ending in _SILENCE:
            raise self._client.ReadTimeout("The read operation timed out", request=self._request)
        if self._parser.their_state is h11.SEND_RESPONSE:
            message = "Server disconnected without sending a response."
            raise self._client.RemoteProtocolError(message, request=self._request)
        self._parser.receive_data(b"")


@functools.cache
def _delivered(client: ModuleType) -> Callable[[_Wire], Any]:
    """The class of the client's streams that read from a :class:`_Wire`, for its sync and its async side."""

    def start(self: Any, wire: _Wire) -> None:
        self._wire = wire

    def parts(self: Any) -> Iterator[bytes]:
        yield from self._wire.body()

    async def parts_async(self: Any) -> AsyncIterator[bytes]:
        for part in self._wire.body():
            yield part

    bases = (client.SyncByteStream, client.AsyncByteStream)
    return type("DeliveredStream", bases, {"__init__": start, "__iter__": parts, "__aiter__": parts_async})
