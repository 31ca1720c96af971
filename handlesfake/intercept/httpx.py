"""The seam of httpx, and of httpx2, which has the same names: the public transports."""

from __future__ import annotations

import functools
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import ModuleType
from typing import Any

import h11

from handlesfake.intercept import seams
from handlesfake.intercept.http1 import CARRIED, MAX_HEAD, framed
from handlesfake.intercept.network import really_calling
from handlesfake.intercept.trampoline import put
from handlesfake.mpsd.message import Headers, Request, Response
from handlesfake.outcome import Answer, Ending, Fault

_PORTS = {"http": 80, "https": 443}
_SILENCE = (Ending.TIMEOUT, Ending.KEEP)

_TOKEN = rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+"
_ORDINARY = re.compile(_TOKEN + rb"(?:\n" + _TOKEN + rb":[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)*")
"""A method and header lines in which the client's own HTTP/1.1 writer finds no fault."""


def install(client: ModuleType) -> None:
    """Put the seam under ``client``, httpx or httpx2. Idempotent; it is inert until a double is active.

    A user's own ``MockTransport``, ASGI and WSGI transports are no network and are left alone.
    """
    put(client.HTTPTransport, "handle_request", functools.partial(_sync, client))
    put(client.AsyncHTTPTransport, "handle_async_request", functools.partial(_async, client))


def _sync(client: ModuleType, original: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def handle_request(transport: Any, request: Any) -> Any:
        double = _double_for(request.url)
        if double is None:
            return original(transport, request)
        body = b"".join(request.stream)
        _writable(client, request, body)

        def call_really() -> Response:
            with really_calling():
                response = original(transport, _again(client, request, body))
                try:
                    return _message(response, b"".join(response.stream))
                finally:
                    response.close()

        return _given(client, request, seams.answer(double, _asked(request, body), client.__name__, call_really))

    return handle_request


def _async(
    client: ModuleType, original: Callable[[Any, Any], Awaitable[Any]]
) -> Callable[[Any, Any], Awaitable[Any]]:
    async def handle_async_request(transport: Any, request: Any) -> Any:
        double = _double_for(request.url)
        if double is None:
            return await original(transport, request)
        body = b"".join([part async for part in request.stream])
        _writable(client, request, body)

        async def call_really() -> Response:
            with really_calling():
                response = await original(transport, _again(client, request, body))
                try:
                    return _message(response, b"".join([part async for part in response.stream]))
                finally:
                    await response.aclose()

        asked = _asked(request, body)
        return _given(client, request, await seams.answer_async(double, asked, client.__name__, call_really))

    return handle_async_request


def _double_for(url: Any) -> seams.Double | None:
    return seams.registry.double_for(url.host, url.port or _PORTS.get(url.scheme))


def _writable(client: ModuleType, request: Any, body: bytes) -> None:
    """Let h11, which writes the client's requests, judge one that is out of the ordinary: it takes 28 us to ask.

    :raises httpx.LocalProtocolError: the client could not have sent it: a token that ends in a newline ...
    """
    raw = request.headers.raw
    declared = request.headers.get("Content-Length")
    lines = b"\n".join([request.method.encode("latin-1", "replace"), *(b"%b:%b" % pair for pair in raw)])
    if _ORDINARY.fullmatch(lines) and declared in (None, str(len(body))):
        return
    writer = h11.Connection(h11.CLIENT)
    try:
        writer.send(h11.Request(method=request.method, target=request.url.raw_path, headers=raw))
        writer.send(h11.Data(data=body))
        writer.send(h11.EndOfMessage())
    except h11.LocalProtocolError as error:
        raise client.LocalProtocolError(str(error), request=request) from error


def _asked(request: Any, body: bytes) -> Request:
    """The client's request as it would have crossed the wire; its transfer coding is removed by not being made."""
    return Request(
        request.method, request.url.raw_path.decode("ascii"), _lines(request.headers), body, request.url.host
    )


def _again(client: ModuleType, request: Any, body: bytes) -> Any:
    """The client's request with its body, which has been read, in memory."""
    return client.Request(
        request.method,
        request.url,
        headers=request.headers,
        stream=client.ByteStream(body),
        extensions=request.extensions,
    )


def _message(response: Any, body: bytes) -> Response:
    """A real response as MPSD sent it: the content coding is kept."""
    reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
    return Response(response.status_code, _lines(response.headers).without(*CARRIED), body, reason)


def _lines(headers: Any) -> Headers:
    return Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw])


def _given(client: ModuleType, request: Any, outcome: Answer | Fault) -> Any:
    """What the client's transport returns, or raises, for ``outcome``."""
    if isinstance(outcome, Fault):
        return _broken(client, request, outcome)
    response = outcome.response
    headers, body = framed(response, request.method)
    return client.Response(
        response.status,
        headers=[(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers],
        stream=client.ByteStream(body),
        extensions=_extensions(response.phrase.encode("latin-1", "replace")),
    )


def _extensions(reason: bytes) -> dict[str, bytes]:
    return {"http_version": b"HTTP/1.1", "reason_phrase": reason}


def _broken(client: ModuleType, request: Any, fault: Fault) -> Any:
    """A response as far as the network carried it; the client's own exception comes where its reader raises it."""
    wire = _Wire(client, request, fault)
    head = wire.event()
    while isinstance(head, h11.InformationalResponse):
        head = wire.event()
    return client.Response(
        head.status_code,
        headers=head.headers.raw_items(),
        stream=_delivered(client)(wire),
        extensions=_extensions(head.reason),
    )


class _Wire:
    """What a failing connection delivers before it ends, read as the client reads a connection."""

    def __init__(self, client: ModuleType, request: Any, fault: Fault) -> None:
        self._client, self._request, self._fault = client, request, fault
        self._parser = h11.Connection(h11.CLIENT, MAX_HEAD)
        self._parser.send(h11.Request(method=request.method, target="/", headers=[("Host", request.url.host)]))
        self._parser.send(h11.EndOfMessage())
        if fault.sent:
            self._parser.receive_data(fault.sent)

    def event(self) -> Any:
        """The next event of the answer.

        :raises httpx.TransportError: the connection has failed, or was never HTTP/1.1.
        """
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
        if self._fault.ending is Ending.RESET:
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
