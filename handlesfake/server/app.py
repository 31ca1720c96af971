"""App: doubles as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from handlesfake.engine.steps import Patience
from handlesfake.errors import Unanswered
from handlesfake.intercept.seams import Double, answer_async
from handlesfake.mpsd.message import Headers, Request, Response
from handlesfake.outcome import Answer, Fault
from handlesfake.server.asgi import (
    LARGEST_BODY,
    Gone,
    Receive,
    Scope,
    Send,
    TooLarge,
    read_request,
    send_response,
    text,
)
from handlesfake.server.upstream import Unreached
from handlesfake.server.wire import drip, end

_REAL = Patience(real=True)
"""Clients of a server wait in real time."""


class Part(Protocol):
    """An ASGI application that answers for some addresses beside the service's own."""

    def takes(self, scope: Scope) -> bool:
        """Whether a request is its business."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""


class App:
    """An ASGI application that answers as MPSD does.

    :param engine: the engine of a double, or what says which one a request is for, by its headers.
    :param parts: what else is served; the first that takes a request answers it.
    :param way_out: makes a request for real, for a double that forwards.
    :param largest_body: bytes of a request body; a larger one is answered 413, which is the server's own limit.
    """

    def __init__(
        self,
        engine: Double | Callable[[Headers], Double],
        *parts: Part,
        largest_body: int = LARGEST_BODY,
        way_out: Callable[[Request], Awaitable[Response]] | None = None,
    ) -> None:
        self._engine = engine if callable(engine) else lambda _: engine
        self._parts = parts
        self._way_out = way_out or _no_way_out
        self._largest_body = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a client that goes away before it was heard out is not answered, nor acted for."""
        for part in self._parts:
            if part.takes(scope):
                await part(scope, receive, send)
                return
        if scope["type"] == "http":
            with suppress(asyncio.CancelledError):  # the server ends, and has cut off whoever still waits
                await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            nowhere = text(404, "There is no WebSocket here. The push channel is at /connect.")
            await send_response(send, nowhere, "websocket.http.response")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await read_request(scope, receive, self._largest_body)
            call_really = partial(self._way_out, request)
            outcome = await answer_async(self._engine(request.headers), request, "server", call_really, _REAL)
        except Gone:
            return
        except TooLarge:
            limit = f"The body is larger than {self._largest_body} bytes, the limit of this fake."
            await send_response(send, text(413, limit))
        except Unreached as error:
            await send_response(send, text(502, str(error)))
        except Unanswered as error:
            await send_response(send, text(501, str(error)))
        else:
            if isinstance(outcome, Answer) and outcome.drips:
                await drip(outcome, request.method, receive, send)
            elif isinstance(outcome, Answer):
                await send_response(send, outcome.response)
            elif isinstance(outcome, Fault):
                await end(outcome, request.method, receive, send)


async def _no_way_out(_: Request) -> Response:
    raise Unanswered("this server has no way to the real service: it plays and fakes only.")
