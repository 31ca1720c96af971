"""Connection: one client's end of the push channel."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from handlesfake.mpsd.taps import Tap
from handlesfake.server.asgi import Receive, Send
from handlesfake.server.rta import frames


class Connection:
    """One WebSocket: its id, what it has subscribed to, and the taps that wait to be sent.

    :param connection_id: the GUID that the client puts into its member record.
    """

    def __init__(self, connection_id: str, send: Send) -> None:
        self.id = connection_id
        self._send = send
        self._subscriptions: set[int] = set()
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
        self._waiting += taps
        if self._flushing is None and self._waiting:
            self._flushing = asyncio.get_running_loop().call_later(delay, self._flush)

    async def drop(self) -> None:
        """End the WebSocket from the service's side."""
        await self._send({"type": "websocket.close", "code": 1001})

    def resync(self) -> None:
        """Tell the client that it may have missed something."""
        self._later(frames.write(frames.RESYNC))

    def _answer(self, said: frames.Said) -> str:
        if said.kind == frames.UNSUBSCRIBE:
            known = isinstance(said.subject, int) and said.subject in self._subscriptions
            if known:
                self._subscriptions.discard(said.subject)
            return frames.write(frames.UNSUBSCRIBE, said.sequence, frames.OK if known else frames.UNKNOWN_RESOURCE)
        if not frames.is_connections(said.subject):
            return frames.write(frames.SUBSCRIBE, said.sequence, frames.UNKNOWN_RESOURCE)
        self._last += 1
        self._subscriptions.add(self._last)
        return frames.write(frames.SUBSCRIBE, said.sequence, frames.OK, self._last, {"ConnectionId": self.id})

    def _flush(self) -> None:
        self._flushing = None
        taps = [tap for tap in frames.coalesced(self._waiting) if self._is_news(tap)]
        self._waiting.clear()
        for subscription in sorted(self._subscriptions) if taps else ():
            self._later(frames.tapped(subscription, self.id, taps))

    def _is_news(self, tap: Tap) -> bool:
        """Whether the client was not told of that change or a later one of that branch."""
        key = tap.subscription.lower(), tap.resource, tap.branch
        if tap.change_number is None:
            return self._seen.pop(key, None) is not None
        is_news = tap.change_number > self._seen.get(key, 0)
        if is_news:
            self._seen[key] = tap.change_number
        return is_news

    def _later(self, frame: str) -> None:
        task = asyncio.get_running_loop().create_task(self._say(frame))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _say(self, frame: str) -> None:
        try:
            await self._send({"type": "websocket.send", "text": frame})
        except OSError:  # the client has gone meanwhile: its end is found by who listens
            return
