"""The seam of httpx, and of httpx2, which has the same names: the public transports."""

from __future__ import annotations

import functools
import sys
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

from handlesfake.engine.steps import Patience
from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault
from handlesfake.intercept.answering import answer_async, answer_request
from handlesfake.intercept.clients.httpx_pool import connect, connect_async
from handlesfake.intercept.clients.httpx_request import lines_of, request_of
from handlesfake.intercept.network.guard import is_really_calling, really_calling
from handlesfake.intercept.patching import first, install_wrapper
from handlesfake.intercept.registry import registry
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.intercept.wire.broken_responses import broken_response, extensions
from handlesfake.intercept.wire.http1 import framed, received
from handlesfake.mpsd.http.message import Headers, Response
from handlesfake.values.values import replace

_PORTS = {"http": 80, "https": 443}


def install(client: ModuleType) -> None:
    """Put the seam under ``client``, httpx or httpx2. Idempotent; it is inert until a double is active.

    A user's own ``MockTransport``, ASGI and WSGI transports do not use the network and are left alone.
    """
    install_wrapper(client.HTTPTransport, "handle_request", functools.partial(_sync, client))
    install_wrapper(client.AsyncHTTPTransport, "handle_async_request", functools.partial(_async, client))


def looks_at(client: ModuleType) -> object:
    """The content of each place of ``client`` where :func:`install` puts something."""
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
        asked, patience = request_of(client, transport, request, body), _patience(request)

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
        asked, patience = request_of(client, transport, request, body), _patience(request)

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
    headers = received(Headers(lines_of(response.headers.raw)), method)
    return Response(response.status_code, headers, body, None if reason is None else reason.decode("latin-1"))


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
