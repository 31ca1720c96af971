"""The seam of httpx, and of httpx2, which has the same names: the public transports."""

from __future__ import annotations

import functools
import sys
from collections.abc import Awaitable, Callable, Mapping
from types import ModuleType
from typing import Any

import h11

from handlesfake.engine.steps import Patience
from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault
from handlesfake.intercept.answering import answer_async, answer_request
from handlesfake.intercept.clients.httpx_pool import connect, connect_async
from handlesfake.intercept.network.guard import is_really_calling, really_calling
from handlesfake.intercept.patching import first, install_wrapper
from handlesfake.intercept.registry import registry
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.intercept.wire.broken_responses import broken_response, extensions
from handlesfake.intercept.wire.http1 import framed, received
from handlesfake.intercept.wire.plain_text import Line, names_are_plain, values_are_plain
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.values.values import replace

_PORTS = {"http": 80, "https": 443}
_NO_LENGTH = "Content-Length", "0"


def install(client: ModuleType) -> None:
    """Put the seam under ``client``, httpx or httpx2. Idempotent; it is inert until a double is active.

    A user's own ``MockTransport``, ASGI and WSGI transports do not use the network and are left alone.
    """
    install_wrapper(client.HTTPTransport, "handle_request", functools.partial(_sync, client))
    install_wrapper(client.AsyncHTTPTransport, "handle_async_request", functools.partial(_async, client))


def looks_at(client: ModuleType) -> object:
    """What stands in each place of ``client`` where :func:`install` puts something."""
    return client.HTTPTransport.handle_request, client.AsyncHTTPTransport.handle_async_request


def around(client: ModuleType, transport: Any) -> Callable[[Any, Any], Any]:
    """The seam of ``transport``, for a tool that has taken its place."""
    if isinstance(transport, client.HTTPTransport):
        return first(client.HTTPTransport, "handle_request")
    return first(client.AsyncHTTPTransport, "handle_async_request")


def is_taken(url: Any) -> bool:
    """Whether an active double answers for ``url``, and no real call is under way."""
    port = url.port or _PORTS.get(url.scheme)
    return registry.active_for(url.host, port) is not None and not is_really_calling()


def _sync(client: ModuleType, original: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def handle_request(transport: Any, request: Any) -> Any:
        __tracebackhide__ = True
        double = _double_for(request.url)
        if double is None:
            return original(transport, request)
        connection = connect(client, transport, request, double)
        try:
            return connection.until_closed(client, answer(transport, request, double))
        except BaseException:
            connection.close()
            raise

    def answer(transport: Any, request: Any, double: RequestHandler) -> Any:
        __tracebackhide__ = True
        body = b"".join(request.stream)
        asked, patience = _asked(client, request, body), _patience(request)

        def call_really() -> Response:
            with really_calling():
                response = original(transport, _again(client, request, body))
                try:
                    return _message(response, b"".join(response.stream), request.method)
                finally:
                    response.close()

        outcome = answer_request(double, asked, client.__name__, call_really, patience)
        if isinstance(outcome, Fault):
            if outcome.ending is ConnectionEnd.HANG:
                ended = registry.end_of(double).wait(patience.read)
                outcome = replace(outcome, ending=ConnectionEnd.RESET if ended else ConnectionEnd.TIMEOUT)
            return broken_response(client, request, outcome)
        return _given(client, request, outcome)

    return handle_request


def _async(
    client: ModuleType, original: Callable[[Any, Any], Awaitable[Any]]
) -> Callable[[Any, Any], Awaitable[Any]]:
    async def handle_async_request(transport: Any, request: Any) -> Any:
        __tracebackhide__ = True
        double = _double_for(request.url)
        if double is None:
            return await original(transport, request)
        connection = await connect_async(client, transport, request, double)
        try:
            return connection.until_closed(client, await answer(transport, request, double))
        except BaseException:
            connection.close()
            raise

    async def answer(transport: Any, request: Any, double: RequestHandler) -> Any:
        __tracebackhide__ = True
        body = b"".join([part async for part in request.stream])
        asked, patience = _asked(client, request, body), _patience(request)

        async def call_really() -> Response:
            with really_calling():
                response = await original(transport, _again(client, request, body))
                try:
                    return _message(response, b"".join([part async for part in response.stream]), request.method)
                finally:
                    await response.aclose()

        outcome = await answer_async(double, asked, client.__name__, call_really, patience)
        if isinstance(outcome, Fault):
            if outcome.ending is ConnectionEnd.HANG:
                ended = await registry.end_of(double).wait_async(patience.read)
                outcome = replace(outcome, ending=ConnectionEnd.RESET if ended else ConnectionEnd.TIMEOUT)
            return broken_response(client, request, outcome, refused="All connection attempts failed")
        return _given(client, request, outcome)

    return handle_async_request


def _double_for(url: Any) -> RequestHandler | None:
    port = url.port or _PORTS.get(url.scheme)
    if not registry.active and _respx_plays():
        return None
    return registry.double_for(url.host, port)


def _respx_plays() -> bool:
    """Whether a mock of respx is below this seam: without a double it may well mock MPSD itself."""
    respx = sys.modules.get("respx")
    return respx is not None and any(mocker.routers for mocker in respx.mocks.Mocker.registry.values())


def _asked(client: ModuleType, request: Any, body: bytes) -> Request:
    """The client's request as it would have crossed the wire; its transfer coding is removed by not being made.

    :raises httpx.LocalProtocolError: the client could not have sent it: a token that ends in a newline ...
    """
    lines = _lines(request.headers)
    named = {line[0].lower(): line for line in lines}
    headers = Headers.of_different(named) if len(named) == len(lines) else Headers(lines)
    if not _is_plain(request.method, lines, named, len(body)):
        _demand_writable(client, request, body)
    url = request.url
    return Request(request.method, url.raw_path.decode("ascii"), headers, body, url.host)


def _is_plain(method: str, lines: list[Line], named: Mapping[str, Line], length: int) -> bool:
    """Whether the client's own HTTP/1.1 writer finds no fault with this: so it is with most requests."""
    return (
        len(named) == len(lines)
        and "host" in named
        and "transfer-encoding" not in named
        and named.get("content-length", _NO_LENGTH)[1] == str(length)
        and names_are_plain([method, *named])
        and values_are_plain([value for _, value in lines])
    )


def _demand_writable(client: ModuleType, request: Any, body: bytes) -> None:
    """Let h11, which writes the client's requests, judge one that is out of the ordinary: it takes 28 us to ask.

    :raises httpx.LocalProtocolError: the client could not have sent it.
    """
    writer = h11.Connection(h11.CLIENT)
    try:
        writer.send(h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw))
        writer.send(h11.Data(data=body))
        writer.send(h11.EndOfMessage())
    except h11.LocalProtocolError as error:
        raise client.LocalProtocolError(str(error), request=request) from error


def _again(client: ModuleType, request: Any, body: bytes) -> Any:
    """The client's request with its body, which has been read, in memory."""
    return client.Request(
        request.method,
        request.url,
        headers=request.headers,
        stream=client.ByteStream(body),
        extensions=request.extensions,
    )


def _message(response: Any, body: bytes, method: str) -> Response:
    """A real response to ``method`` as MPSD sent it: the content coding is kept."""
    reason = response.extensions.get("reason_phrase")  # HTTP/2 has none
    headers = received(Headers(_lines(response.headers)), method)
    return Response(response.status_code, headers, body, None if reason is None else reason.decode("latin-1"))


def _lines(headers: Any) -> list[Line]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw]


def _patience(request: Any) -> Patience:
    return Patience(read=request.extensions.get("timeout", {}).get("read") or None)


def _given(client: ModuleType, request: Any, outcome: Answer) -> Any:
    """What the client's transport returns for ``outcome``."""
    response = outcome.response
    headers, body = framed(response, request.method)
    return client.Response(
        response.status,
        headers=[(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers],
        stream=client.ByteStream(body),
        extensions=extensions(response.phrase.encode("latin-1", "replace")),
    )
