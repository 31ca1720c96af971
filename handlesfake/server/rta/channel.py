"""Channel: the push channel of a server, ``/connect`` and ``/nonce``."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import parse_qs

from handlesfake.double.core import DoubleCore
from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.mpsd.push.frames import SUB_PROTOCOL
from handlesfake.mpsd.push.line import Line
from handlesfake.mpsd.state.identity import fingerprint
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.server.http.asgi import Receive, Scope, Send, headers_of, send_response, text
from handlesfake.server.rta.alarms import Alarms
from handlesfake.server.rta.connection import LEAVING, PushConnection
from handlesfake.server.rta.delivery import Delivery
from handlesfake.server.worlds.past_worlds import WorldEnd, WorldEnded
from handlesfake.server.worlds.world import World
from handlesfake.server.worlds.worlds import Worlds
from handlesfake.values.values import frozen

MOST_NONCES = 10_000
"""How many nonces wait for their connection at most; the oldest go first."""

_UNKNOWN_CALLER = Response(401)


class Channel:
    """The part of a server that speaks RTA.

    Its double's choices decide how long a connection lives, in how many sessions it is tapped, and when the service
    notices its end.
    """

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._nonces: dict[str, _Known] = {}
        self._alarms = Alarms()
        self._connections: dict[str, PushConnection] = {}
        worlds.on_end.append(self._world_ended)

    def takes(self, scope: Scope) -> bool:
        """Whether a request is for the push channel."""
        path: str = scope["path"]
        return (scope["type"] == "websocket" and path == "/connect") or (scope["type"] == "http" and path == "/nonce")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand out a nonce, or connect."""
        headers = headers_of(scope)
        try:
            if scope["type"] == "http":
                await send_response(send, self._nonce(headers))
                return
            known = self._connecting(headers, scope)
        except WorldEnded as error:
            kind = "http.response" if scope["type"] == "http" else "websocket.http.response"
            await send_response(send, text(401, str(error)), kind)
            return
        if known is None:
            await send_response(send, _UNKNOWN_CALLER, "websocket.http.response")
        else:
            await self._connect(known, scope, receive, send)

    def connections(self, world: str) -> tuple[PushConnection, ...]:
        """The connections that are open in a world, oldest first."""
        return tuple(one for one in self._connections.values() if one.world == world)

    def end(self, world: str, code: int, reason: str) -> None:
        """End all connections of a world by a close frame that says why."""
        for one in self.connections(world):
            one.end(code, reason)

    def _world_ended(self, world: World, end: WorldEnd) -> None:
        self.end(world.id, LEAVING, _farewell(world, end))
        self._alarms.forget(world.core.time)

    # ---- who connects

    def _nonce(self, headers: Headers) -> Response:
        known = self._authorised(headers)
        if known is None:
            return _UNKNOWN_CALLER
        nonce = uuid.uuid4().hex
        self._nonces[nonce] = known
        while len(self._nonces) > MOST_NONCES:
            del self._nonces[next(iter(self._nonces))]
        return Response(200, Headers([("Content-Type", "application/json")]), f'{{"nonce":"{nonce}"}}'.encode())

    def _connecting(self, headers: Headers, scope: Scope) -> _Known | None:
        """Who connects: by a nonce, which counts once, else by a token."""
        nonces = parse_qs(scope["query_string"].decode("latin-1")).get("nonce", [])
        known = self._nonces.pop(nonces[0], None) if nonces else None
        if known is None:
            return self._authorised(headers)
        self._worlds[known.world].use(self._worlds.clock())  # or it has ended
        return known

    def _authorised(self, headers: Headers) -> _Known | None:
        world = self._worlds.world_for(headers)
        request = Request("GET", "/connect", headers)
        # RTA does not need a test's names of users; a token that MPSD would take is good here
        caller = world.core.world.caller(request)
        if caller is None:
            return None
        token = fingerprint(headers.first("Authorization") or "")
        return _Known(world.id, caller.user.xuid if caller.user is not None else "", token)

    # ---- connected

    async def _connect(self, known: _Known, scope: Scope, receive: Receive, send: Send) -> None:
        world = self._worlds[known.world]
        core = world.core
        choices, now = core.world.settings.choices, core.time.ticks
        await receive()  # websocket.connect
        await send({"type": "websocket.accept", "subprotocol": _chosen(scope.get("subprotocols") or ())})
        line = Line(str(uuid.uuid4()), known.xuid, choices.rta_sessions, now)
        connection = PushConnection(line, known.token, known.world, core, send, self._alarms)
        connection.on_frame = lambda: world.use(self._worlds.clock())
        self._connections[connection.id] = connection
        world.connections += 1
        with suppress(SettingsError):  # what plays a cassette has no state that could change
            core.world.connections.opened(connection.id, connection.xuid)
        delivery = Delivery(core, connection)
        connection.look()  # the token may have expired, or the user been dropped, meanwhile
        lifetime = now + choices.rta_lifetime_seconds * TICKS_PER_SECOND
        self._alarms.at(core.time, lifetime, connection.end, (connection, "lifetime"))
        if world.id not in self._worlds:  # it has ended while the client was let in
            connection.end(LEAVING, f"the world {world.id} has ended")
        try:
            await connection.listen(receive)
        finally:
            self._alarms.cancel((connection, "lifetime"))
            delivery.stop()
            connection.closed()
            del self._connections[connection.id]
            world.connections -= 1
            if world.id in self._worlds:
                self._gone(core, connection.id)
            else:
                self._alarms.forget(core.time)

    def _gone(self, core: DoubleCore, connection_id: str) -> None:
        """The client's end is gone: the service notices, at once or in its time."""
        with suppress(SettingsError):  # as above
            core.world.connections.ended(connection_id)
        found = core.world.directory.connections.known.get(connection_id)
        if found is not None and found.lost is not None:
            self._alarms.at(core.time, found.lost, core.world.settle, (core, connection_id))


@frozen
class _Known:
    """The client: its world, by its id, its user, and its token; a service has no xuid."""

    world: str
    xuid: str
    token: str
    """Its fingerprint: the connection ends once it has expired."""


def _chosen(offered: Sequence[str]) -> str | None:
    """The sub-protocol: the service's own where it is offered, else what is.

    friend-connect offers ``echo-protocol``, and its WebSocket library fails if the server does not choose a
    protocol. So the service, to which it connects, chooses that (inferred).
    """
    return SUB_PROTOCOL if SUB_PROTOCOL in offered else next(iter(offered), None)


def _farewell(world: World, end: WorldEnd) -> str:
    """Why the connections of a world end, as a close frame has room for it."""
    named = f" ({world.name})" if world.name != world.id else ""
    return f"the world {world.id} has ended: it {end.words}{named}"
