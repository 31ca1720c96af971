"""PushConnection: one client's end of the push channel."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from typing import Any

from handlesfake.mpsd.shoulder_taps import Tap
from handlesfake.server.http.asgi import Receive, Send
from handlesfake.server.rta import frames
from handlesfake.server.rta.resources import Connections, Invites, Resource, notice, resource_at


class PushConnection:
    """One WebSocket: its id, what it has subscribed to, and the taps that wait to be sent.

    :param connection_id: the GUID that the client puts into its member record.
    :param xuid: whose it is; empty for a service.
    :param most_sessions: in how many sessions it is tapped at once.
    """

    def __init__(self, connection_id: str, xuid: str, most_sessions: int, send: Send) -> None:
        self.id = connection_id
        self._xuid = xuid
        self._most_sessions = most_sessions
        self._send = send
        self._subscriptions: dict[int, Resource] = {}
        self._sessions: set[str] = set()
        self._last = 0
        self._waiting: list[Tap] = []
        self._seen: dict[tuple[str, str, str], int] = {}
        self._flushing: asyncio.TimerHandle | None = None
        self._sending: set[asyncio.Task[None]] = set()

    async def listen(self, receive: Receive) -> None:
        """Answer the client until it goes away; what is no frame is passed over."""
        while (message := await receive())["type"] != "websocket.disconnect":
            text = message.get("text")
            said = frames.read_frame(text) if text is not None else None
            if said is not None:
                await self._say(self._answer(said))

    def close(self) -> None:
        """Send nothing any more."""
        if self._flushing is not None:
            self._flushing.cancel()
        self._waiting.clear()

    def tap(self, taps: Iterable[Tap], delay: float) -> None:
        """Send ``taps`` after ``delay`` seconds, together with what comes until then."""
        self._waiting += [tap for tap in taps if self._counts(tap)]
        if self._flushing is None and self._waiting:
            self._flushing = asyncio.get_running_loop().call_later(delay, self._flush)

    async def drop(self) -> None:
        """End the WebSocket from the service's side."""
        await self._send({"type": "websocket.close", "code": 1001})

    def drop_soon(self) -> None:
        """The same, from where nobody can wait for it."""
        self._begin(self.drop())

    def resync(self) -> None:
        """Tell the client that it may have missed something."""
        self._later(frames.write_frame(frames.RESYNC))

    def invite(self, invite: Mapping[str, Any], gamertag: str) -> None:
        """Tell of ``invite``, the handle as it was created, whoever has subscribed to such."""
        for number, resource in self._subscriptions.items():
            if isinstance(resource, Invites) and resource.wants(invite):
                self._later(frames.write_frame(frames.EVENT, number, notice(invite, gamertag)))

    def _answer(self, said: frames.Said) -> str:
        if said.kind == frames.UNSUBSCRIBE:
            known = isinstance(said.subject, int) and self._subscriptions.pop(said.subject, None) is not None
            return frames.write_frame(
                frames.UNSUBSCRIBE, said.sequence, frames.OK if known else frames.UNKNOWN_RESOURCE
            )
        resource = resource_at(said.subject)
        if resource is None:
            return frames.write_frame(frames.SUBSCRIBE, said.sequence, frames.UNKNOWN_RESOURCE)
        if isinstance(resource, Invites) and resource.xuid != self._xuid:
            return frames.write_frame(frames.SUBSCRIBE, said.sequence, frames.NO_DATA)
        self._last += 1
        self._subscriptions[self._last] = resource
        data = {"ConnectionId": self.id} if isinstance(resource, Connections) else {}
        return frames.write_frame(frames.SUBSCRIBE, said.sequence, frames.OK, self._last, data)

    def _flush(self) -> None:
        self._flushing = None
        taps = [tap for tap in frames.coalesced(self._waiting) if self._is_news(tap)]
        self._waiting.clear()
        for number, resource in self._subscriptions.items() if taps else ():
            if isinstance(resource, Connections):
                self._later(frames.tapped(number, self.id, taps))

    def _counts(self, tap: Tap) -> bool:
        """Whether the session is among those that this connection is tapped in."""
        if tap.resource not in self._sessions and len(self._sessions) >= self._most_sessions:
            return False
        if tap.is_last:
            self._sessions.discard(tap.resource)
        else:
            self._sessions.add(tap.resource)
        return True

    def _is_news(self, tap: Tap) -> bool:
        """Whether the client was not told of that change or a later one of that branch."""
        key = tap.subscription.lower(), tap.resource, tap.branch
        if tap.change_number is None:  # a branch ends once, and whoever was told of nothing yet is told of that
            self._seen.pop(key, None)
            return True
        is_news = tap.change_number > self._seen.get(key, 0)
        if is_news:
            self._seen[key] = tap.change_number
        return is_news

    def _later(self, frame: str) -> None:
        self._begin(self._say(frame))

    def _begin(self, act: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(act)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _say(self, frame: str) -> None:
        try:
            await self._send({"type": "websocket.send", "text": frame})
        except OSError:  # the client has gone meanwhile: its end is found by who listens
            return
