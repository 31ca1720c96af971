"""App: the double as an ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from handlesfake.errors import Unanswered
from handlesfake.intercept.seams import Double, answer_async
from handlesfake.mpsd.message import Headers, Request, Response
from handlesfake.outcome import Answer, Fault
from handlesfake.server.wire import end

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class App:
    """An ASGI application that answers as MPSD does.

    :param engine: the engine of a double.
    :param largest_body: bytes of a request body; a larger one is answered 413, which is the server's own limit.
    """

    def __init__(self, engine: Double, largest_body: int = 8 * 1024 * 1024) -> None:
        self._engine = engine
        self._largest_body = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; of the other ASGI scopes, take ``lifespan`` and no more."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive, self._largest_body)
        if body is None:
            await _send(
                send, _text(413, f"The body is larger than {self._largest_body} bytes, the limit of this fake.")
            )
            return
        try:
            outcome = await answer_async(self._engine, _request(scope, body), "server", _no_way_out)
        except Unanswered as error:
            await _send(send, _text(501, str(error)))
            return
        if isinstance(outcome, Answer):
            await _send(send, outcome.response)
        elif isinstance(outcome, Fault):
            await end(outcome, receive, send)


async def _no_way_out() -> Response:
    raise Unanswered("this server has no way to the real service: it plays and fakes only.")


def _request(scope: Scope, body: bytes) -> Request:
    target = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
    if query := scope["query_string"].decode("latin-1"):
        target += f"?{query}"
    headers = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return Request(scope["method"], target, headers, body)


async def _body(receive: Receive, largest: int) -> bytes | None:
    """The whole body; None when it is larger than ``largest`` bytes."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if size > largest:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)


async def _send(send: Send, response: Response) -> None:
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in response.headers
    ]
    if response.status not in (204, 304):
        headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def _text(status: int, sentence: str) -> Response:
    return Response(status, Headers([("Content-Type", "text/plain; charset=utf-8")]), f"{sentence}\r\n".encode())


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
