"""Channel: the push channel of a server, ``/connect`` and ``/nonce``."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from urllib.parse import parse_qs

from handlesfake.double import Double
from handlesfake.errors import SettingsError
from handlesfake.mpsd.message import Headers, Request, Response
from handlesfake.mpsd.taps import Tap
from handlesfake.server.asgi import Receive, Scope, Send, headers_of, send_response
from handlesfake.server.rta.connection import Connection
from handlesfake.server.rta.frames import SUB_PROTOCOL
from handlesfake.server.worlds import Worlds

TOGETHER = 0.01
"""Seconds for which taps are gathered into one frame."""

MOST_NONCES = 10_000
"""How many nonces wait for their connection at most; the oldest go first."""

_UNKNOWN_CALLER = Response(401)


class Channel:
    """The part of a server that speaks RTA.

    A member whose socket closes is inactive at once: the service takes 20 to 30 seconds for that (documented), and no
    test wants to wait for them.
    """

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._nonces: dict[str, str] = {}
        """To the name of the world."""

        self._connections: dict[str, Connection] = {}

    def takes(self, scope: Scope) -> bool:
        """Whether a request is for the push channel."""
        path: str = scope["path"]
        return (scope["type"] == "websocket" and path == "/connect") or (scope["type"] == "http" and path == "/nonce")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand out a nonce, or connect."""
        headers = headers_of(scope)
        if scope["type"] == "http":
            await send_response(send, self._nonce(headers))
            return
        world = self._world(headers, scope)
        if world is None:
            await send_response(send, _UNKNOWN_CALLER, "websocket.http.response")
        else:
            await self._connect(self._worlds[world], scope, receive, send)

    @property
    def connections(self) -> tuple[str, ...]:
        """The ids of the connections that are open, oldest first."""
        return tuple(self._connections)

    async def drop(self, connection_id: str) -> None:
        """Break a connection from the service's side.

        :raises SettingsError: there is no such connection.
        """
        await self._open(connection_id).drop()

    def resync(self, connection_id: str) -> None:
        """Tell a client that it may have missed something.

        :raises SettingsError: there is no such connection.
        """
        self._open(connection_id).resync()

    def _open(self, connection_id: str) -> Connection:
        connection = self._connections.get(connection_id.lower())
        if connection is None:
            known = ", ".join(self._connections) or "none"
            raise SettingsError(f"there is no connection {connection_id!r}. Open: {known}.")
        return connection

    # ---- who connects

    def _nonce(self, headers: Headers) -> Response:
        world = self._authorised(headers)
        if world is None:
            return _UNKNOWN_CALLER
        nonce = uuid.uuid4().hex
        self._nonces[nonce] = world
        while len(self._nonces) > MOST_NONCES:
            del self._nonces[next(iter(self._nonces))]
        return Response(200, Headers([("Content-Type", "application/json")]), f'{{"nonce":"{nonce}"}}'.encode())

    def _world(self, headers: Headers, scope: Scope) -> str | None:
        """The world that a client connects to: by its nonce, which counts once, else by its token."""
        nonces = parse_qs(scope["query_string"].decode("latin-1")).get("nonce", [])
        world = self._nonces.pop(nonces[0], None) if nonces else None
        return world if world is not None and world in self._worlds else self._authorised(headers)

    def _authorised(self, headers: Headers) -> str | None:
        world = self._worlds.name_for(headers)
        request = Request("GET", "/connect", headers)
        # what a test names a user by is no business of RTA's; a token that MPSD would take is good here
        known = self._worlds[world]._world.caller(request)  # noqa: SLF001 - a test asks for users, not for callers
        return None if known is None else world

    # ---- connected

    async def _connect(self, mpsd: Double, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        offered = scope.get("subprotocols") or ()
        await send({"type": "websocket.accept", "subprotocol": SUB_PROTOCOL if SUB_PROTOCOL in offered else None})
        connection = Connection(str(uuid.uuid4()), send)
        self._connections[connection.id] = connection
        loop = asyncio.get_running_loop()

        def push(taps: Sequence[Tap]) -> None:
            mine = [tap for tap in taps if tap.connection.lower() == connection.id]
            if mine:
                with suppress(RuntimeError):  # the server has ended meanwhile
                    loop.call_soon_threadsafe(partial(connection.tap, mine, TOGETHER))

        stop = mpsd.taps.listen(push)
        try:
            await connection.listen(receive)
        finally:
            stop()
            connection.close()
            del self._connections[connection.id]
            with suppress(SettingsError):  # what plays a cassette has no state that could change
                mpsd.drop_connection(connection.id)
