"""Control: the part of a server that tests in other languages talk to."""

from __future__ import annotations

import asyncio
import inspect
import re
import traceback
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any
from urllib.parse import unquote

from handlesfake.errors import HandlesfakeError, SettingsError
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.server.addresses import Places
from handlesfake.server.control import (
    about,
    assertions,
    choices,
    clock,
    connections,
    rules,
    services,
    state,
    taps,
    traffic,
    users,
)
from handlesfake.server.control.holds import Holds
from handlesfake.server.control.openapi.document import description
from handlesfake.server.control.page import calls as page
from handlesfake.server.control.request import ControlRequest, NotThere, fine, plain_response
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import OBJECT
from handlesfake.server.control.snapshots import Snapshots
from handlesfake.server.control.visitors import Visitors
from handlesfake.server.control.words import CONTROL
from handlesfake.server.control.worlds import WorldCalls
from handlesfake.server.http.asgi import Gone, Receive, Scope, Send, TooLarge, read_request, send_response
from handlesfake.server.http.silences import Silences
from handlesfake.server.http.socket_faults import Line, line_of
from handlesfake.server.rta.channel import Channel
from handlesfake.server.worlds.past_worlds import WorldEnded
from handlesfake.server.worlds.under_way import Overtaken, UnderWay
from handlesfake.server.worlds.world import DEFAULT, World
from handlesfake.server.worlds.worlds import UnknownWorld, Worlds
from handlesfake.suggestions import closest
from handlesfake.vocabulary import speaking

ROOT = "/_handlesfake"
"""The address below which the control interface answers: none of MPSD's begins so."""

_WORLD = re.compile(r"/worlds/([^/]+)(/.*|)")


class Control:
    """The control interface of one server; its calls are in no journal.

    :param url: the address of the server that carries it.
    :param channel: the push channel beside it.
    :param silences: the clients that a fault keeps waiting.
    :param under_way: what is done in a world, and ends with it.
    :param names: hosts by which it may be called, beside addresses and ``localhost``.
    """

    def __init__(
        self,
        worlds: Worlds,
        url: str,
        channel: Channel,
        silences: Silences,
        under_way: UnderWay,
        names: Iterable[str] = (),
    ) -> None:
        self.url = url + ROOT
        self.places = Places("", "", self.url)
        """Where the whole server answers; the site says it once it knows."""

        self._worlds, self._silences, self._under_way = worlds, silences, under_way
        self._visitors = Visitors(names)
        snapshots = Snapshots()
        snapshots.begin(DEFAULT, worlds.core(DEFAULT))
        tables = (about, users, services, rules, choices, clock, traffic, taps, assertions, page)
        described = ControlCall("GET", "/openapi.json", "This description.", self._described, answer=OBJECT)
        holds = Holds()
        worlds.on_end.append(lambda world, _: silences.end(world.core.engine))
        worlds.on_end.append(lambda world, _: holds.end(world.id))
        worlds.on_end.append(lambda world, _: snapshots.forget(world.id))
        self.calls = (
            *state.State(snapshots, holds, channel).calls,
            *WorldCalls(snapshots).calls,
            *holds.calls,
            *connections.calls_of(channel),
            *(call for one in tables for call in one.CALLS),
            described,
        )

    def _described(self, ask: ControlRequest) -> Response:
        ask.query()
        return fine(description(self.calls, self.url))

    def takes(self, scope: Scope) -> bool:
        """Whether a request is for the control interface."""
        path: str = scope["path"]
        return scope["type"] == "http" and (path == ROOT or path.startswith(f"{ROOT}/"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call; a client that goes away while its call waits ends the waiting."""
        try:
            request = await read_request(scope, receive)
        except Gone:
            return
        except TooLarge:
            response: Response | None = plain_response(413, "the body is larger than any state file should be")
        else:
            response = None
            with suppress(asyncio.CancelledError):  # the server ends, and has cut off waiting clients
                response = await _unless_left(self._answer(request), line_of(send))
        if response is not None:
            await send_response(send, response)

    async def _answer(self, request: Request) -> Response:
        refusal = self._visitors.refusal(request, self.url)
        if refusal:
            return plain_response(403, refusal)
        # as it came: a role may have a slash in it, as %2F
        path = request.target.partition("?")[0].removeprefix(ROOT).rstrip("/")
        asked = "GET" if request.method == "HEAD" else request.method  # of HEAD, no body is sent
        try:
            world, path, found = self._place(path, asked)
        except (WorldEnded, UnknownWorld) as error:
            return _no_world(error)
        found += [(call, parts) for call in self.calls if (parts := call.fits(path)) is not None]
        for call, parts in found:
            if call.method == asked:
                ask = ControlRequest(request, self._worlds, world, parts, self.places, self._silences)
                return await self._performed(call, ask)
        if found:
            whole = request.target.partition("?")[0].removeprefix(ROOT).rstrip("/") or "/"
            return _other_method(request.method, whole, list(dict.fromkeys(call.method for call, _ in found)))
        return plain_response(404, self._nowhere(f"{request.method[:20]} {path[:200]}"))

    def _place(self, path: str, asked: str) -> tuple[str, str, list[tuple[ControlCall, dict[str, str]]]]:
        """The id of the world that an address leads to, what is asked there, and the calls about worlds on the way.

        :raises WorldEnded: there is no such world any more.
        :raises UnknownWorld: there never was one.
        """
        world, found = DEFAULT, list[tuple[ControlCall, dict[str, str]]]()
        for _ in range(2):  # each call exists below a world, too, and so does this one
            inside = _WORLD.fullmatch(path)
            if inside is None:
                break
            here = [
                (call, parts) for call in self.calls if call.is_of_world and (parts := call.fits(path)) is not None
            ]
            found += here
            if (here and inside[2]) or any(call.method == asked for call, _ in here):
                break
            world, path = self._worlds.find(unquote(inside[1])).id, inside[2].rstrip("/")
        return world, path, found

    async def _performed(self, call: ControlCall, ask: ControlRequest) -> Response:
        """What ``call`` answers; it ends with the world that it is about."""
        if ask.world == DEFAULT:
            return await _performed(call, ask)
        world, watches = ask.here, _is_live_page(ask.request)
        try:
            with self._under_way.within(world.core.engine), nullcontext() if watches else self._in_use(world):
                return await _performed(call, ask)
        except Overtaken as error:
            return plain_response(410, str(error))

    @contextmanager
    def _in_use(self, world: World) -> Iterator[None]:
        world.begin_call(self._worlds.clock())
        try:
            yield
        finally:
            world.end_call(self._worlds.clock())

    def _nowhere(self, asked: str) -> str:
        known = {_filled(call, asked): f"{call.method} {call.path}" for call in self.calls}
        near = closest(asked, known)
        hint = f"; did you mean {known[near]!r}?" if near is not None else "."
        return f"the control interface has no {asked!r}{hint}\n  all of it: GET {self.url}/openapi.json"


def _other_method(method: str, path: str, known: list[str]) -> Response:
    """What is answered where an address has no such method, or is asked which it has."""
    allowed = [*known, *(["HEAD"] if "GET" in known else []), "OPTIONS"]
    allow = [("Allow", ", ".join(allowed))]
    if method == "OPTIONS":
        return Response(204, Headers(allow))
    refused = plain_response(405, f"{method[:20]} {path[:400]}: there is {', '.join(known)} only")
    return Response(refused.status, refused.headers.plus(allow), refused.body)


def _filled(call: ControlCall, asked: str) -> str:
    """The call as it would be asked for, with the variable parts that ``asked`` has in their places."""
    given = asked.split("/")
    parts = f"{call.method} {call.path}".split("/")
    return "/".join(
        given[place] if part.startswith("{") and place < len(given) else part for place, part in enumerate(parts)
    )


def _is_live_page(request: Request) -> bool:
    """Whether the live page asks for what it shows: it only looks on, and keeps no world from its end."""
    return request.method == "GET" and request.headers.first("Sec-Fetch-Site") == "same-origin"


def _no_world(error: SettingsError) -> Response:
    """What is answered where an address names a world that has ended, or never was."""
    return plain_response(410 if isinstance(error, WorldEnded) else 404, str(error))


async def _performed(call: ControlCall, ask: ControlRequest) -> Response:
    try:
        with speaking(CONTROL):
            ask.query(*call.query)  # a word that nothing reads would claim less than was asked
            done = call.perform(ask)
            return await done if inspect.isawaitable(done) else done
    except (WorldEnded, UnknownWorld) as error:
        return _no_world(error)
    except NotThere as error:
        return plain_response(404, str(error))
    except HandlesfakeError as error:
        return plain_response(422, str(error))
    except AssertionError as error:
        ask.worlds.claim_failed(ask.world, str(error))
        return assertions.failed(error)
    except (TypeError, ValueError, LookupError) as error:
        # the words of a test reach functions of the double, whose complaints are the best there are
        return plain_response(422, str(error))
    except Exception:  # noqa: BLE001 - whoever asks from another language sees no traceback of ours elsewhere
        asked = f"{ask.request.method} {ask.request.path}"
        return plain_response(500, f"{asked} has met a mistake in handlesfake itself:\n\n{traceback.format_exc()}")


async def _unless_left(answering: Coroutine[Any, Any, Response], line: Line) -> Response | None:
    """What is answered; None when the client ends its side before, and then the connection is no more."""
    answer, left = asyncio.create_task(answering), asyncio.create_task(line.until_left())
    try:
        await asyncio.wait((answer, left), return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
    finally:
        for task in (answer, left):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task  # nothing of a call outlives it
    line.hang_up()
    await line.until_gone()
    return None
