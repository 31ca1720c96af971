"""App: doubles as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from functools import partial
from typing import Protocol

from handlesfake.engine.exchange import SERVER
from handlesfake.engine.steps import Patience
from handlesfake.errors import Unanswered
from handlesfake.exchange.outcome import Answer, Fault
from handlesfake.intercept.answering import answer_async
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.server.http.asgi import (
    Gone,
    Receive,
    Scope,
    Send,
    TooLarge,
    read_request,
    send_response,
    text,
)
from handlesfake.server.http.limits import DEFAULT, ConnectionLimits
from handlesfake.server.http.silences import Silence, Silences
from handlesfake.server.http.socket_faults import Line, break_off, drip, line_of
from handlesfake.server.upstream import Unreached
from handlesfake.server.worlds.past_worlds import WorldEnded
from handlesfake.server.worlds.under_way import Overtaken, UnderWay
from handlesfake.services.table import host_of
from handlesfake.values.values import replace

_REAL = Patience(real=True)
"""Clients of a server wait in real time."""

_SERVER = "the server"
"""What decides where nothing else can."""


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
    :param limits: what a request may be at most.
    :param silences: has the clients that a fault keeps waiting.
    :param under_way: knows what is being answered, and ends what is so in a world that has ended.
    """

    def __init__(
        self,
        engine: RequestHandler | Callable[[Headers], RequestHandler],
        *parts: Part,
        limits: ConnectionLimits = DEFAULT,
        way_out: Callable[[Request], Awaitable[Response]] | None = None,
        silences: Silences | None = None,
        under_way: UnderWay | None = None,
    ) -> None:
        self._engine = engine if callable(engine) else lambda _: engine
        self._parts = parts
        self._way_out = way_out or _no_way_out
        self._limits = limits
        self._silences = silences or Silences()
        self._under_way = under_way or UnderWay()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a client that goes away before it was heard out is not answered, nor acted for."""
        for part in self._parts:
            if part.takes(scope):
                await part(scope, receive, send)
                return
        if scope["type"] == "http" and scope["http_version"] not in ("1.0", "1.1"):  # h11 takes any number
            await send_response(send, _other_version(scope["http_version"]))
        elif scope["type"] == "http":
            with suppress(asyncio.CancelledError):  # the server ends, and has cut off waiting clients
                await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            nowhere = text(404, "There is no WebSocket here. The push channel is at /connect.")
            await send_response(send, nowhere, "websocket.http.response")

    def takes_plain(self, request: Request) -> bool:
        """Whether :meth:`answer` answers it, and no part."""
        path = request.target.partition("?")[0]
        if "%" in path:
            return False
        scope = {"type": "http", "path": path}
        return all(not part.takes(scope) for part in self._parts)

    async def answer(self, request: Request, line: Line) -> Answer | None:
        """The answer to a request that is whole and no part's business; None once ``line`` has failed and is gone."""
        try:
            double, came = self._engine(request.headers), self._silences.round
        except WorldEnded as error:
            return Answer(text(401, str(error)), _SERVER)
        is_begun = False
        try:
            with self._under_way.within(double):
                request = _addressed(request, double.hosts)
                outcome = await self._outcome(double, request)
                if isinstance(outcome, Answer) and not outcome.drips:
                    return outcome
                is_begun = True
                await self._carry_out(outcome, request.method, line, Silence(double, outcome.decided_by, came))
        except Overtaken as error:
            if not is_begun:
                return Answer(text(401, str(error)), _SERVER)
            line.hang_up()
        try:
            await line.until_gone()
        finally:
            self._silences.forget(line)
        return None

    async def _carry_out(self, outcome: Answer | Fault, method: str, line: Line, why: Silence) -> None:
        """Let ``line`` have what is not a plain answer."""
        if line.transport.is_closing():
            return
        if isinstance(outcome, Answer):
            self._silences.begin(line, why)  # between two pieces; what ends the others ends it, too
            await drip(outcome, method, line)
        elif await break_off(outcome, method, line):
            self._silences.begin(line, why)

    async def _outcome(self, double: RequestHandler, request: Request) -> Answer | Fault:
        try:
            return await answer_async(double, request, SERVER, partial(self._way_out, request), _REAL)
        except Unreached as error:
            return Answer(text(502, str(error)), _SERVER)
        except Unanswered as error:
            return Answer(text(501, str(error)), _SERVER)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await read_request(scope, receive, self._limits.body)
        except Gone:
            return
        except TooLarge:
            limit = f"The body is larger than {self._limits.body} bytes, the limit of this fake."
            await send_response(send, text(413, limit))
            return
        answer = await self.answer(request, line_of(send))
        if answer is not None:
            await send_response(send, answer.response)


def _other_version(version: str) -> Response:
    answer = text(505, f"This fake speaks HTTP/1.1, and no HTTP/{version}.")
    return Response(answer.status, answer.headers.plus([("Connection", "close")]), answer.body)


def _addressed(request: Request, hosts: Collection[str]) -> Request:
    """``request`` for the service whose name its client has called, where ``hosts`` has it; else for MPSD."""
    said = (request.headers.first("Host") or "").partition(":")[0].lower()
    host = host_of(said) if said in hosts else request.host
    return request if host == request.host else replace(request, host=host)


async def _no_way_out(_: Request) -> Response:
    raise Unanswered("this server has no way to the real service: it plays and fakes only.")
