"""PushConnection: one WebSocket of the push channel, which carries one line of the service."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any

from handlesfake.double.core import DoubleCore
from handlesfake.mpsd.push import frames
from handlesfake.mpsd.push.line import Line
from handlesfake.mpsd.shoulder_taps import Tap
from handlesfake.mpsd.state.connection import BROKEN
from handlesfake.server.http.asgi import Receive, Send
from handlesfake.server.http.socket_faults import transport_of
from handlesfake.server.rta.alarms import Alarms

LEAVING, RESTARTED = 1001, 1012
"""Close codes: the world has ended, or was reset (RFC 6455, 7.4.1, and the registry that it begins)."""

_ROOM = 123
"""Bytes of a reason in a close frame (RFC 6455, 5.5)."""

_PONG = b"\x8a\x00"
"""An empty pong as the bytes of its frame (RFC 6455, 5.5.3): ASGI has no word for one."""


class PushConnection:
    """One WebSocket: what the service says over it, and when it ends.

    :param line: what the service keeps of it.
    :param token: the fingerprint of the token by which it was opened.
    :param world: the id of the world that it is in.
    """

    def __init__(self, line: Line, token: str, world: str, core: DoubleCore, send: Send, alarms: Alarms) -> None:
        self.world = world
        self.on_frame: Callable[[], object] = _nothing
        """Called with each frame of the client."""

        self._line = line
        self._token = token
        self._core = core
        self._send = send
        self._alarms = alarms
        self._is_mute = False
        self._has_ended = False
        self._sending: set[asyncio.Task[None]] = set()
        self._watch_silence()

    @property
    def id(self) -> str:
        """The ConnectionId."""
        return self._line.id

    @property
    def xuid(self) -> str:
        """Whose it is; empty for a service."""
        return self._line.xuid

    @property
    def is_mute(self) -> bool:
        """Whether it is open, and nothing is pushed over it."""
        known = self._core.world.directory.connections.known.get(self.id)
        return self._is_mute or (known is not None and known.is_muted)

    async def listen(self, receive: Receive) -> None:
        """Answer the client until it goes away; what is not a frame is ignored."""
        while (message := await receive())["type"] != "websocket.disconnect":
            self.on_frame()
            if message.get("text") is None:
                continue
            self._line, answer = self._line.hear(message["text"], self._core.time.ticks)
            if answer is not None:
                await self._say(answer)

    def closed(self) -> None:
        """Say nothing any more: the client is gone."""
        self._has_ended = True
        self._alarms.cancel((self, "taps"))
        self._alarms.cancel((self, "silence"))

    # ---- what is pushed

    def tap(self, taps: Sequence[Tap]) -> None:
        """Push ``taps``, which one change has brought, now or when it is time for the next."""
        self._line = self._line.tap(taps)
        self._push(max(tap.at for tap in taps))  # its own time: the test may have moved the clock meanwhile

    def _push_in_time(self) -> None:
        self._push(self._core.time.ticks)

    def _push(self, now: int) -> None:
        if self._has_ended:
            return
        interval = self._core.world.settings.choices.tap_interval
        self._line, said = self._line.push(now, interval, _new_ncid)
        self._begin(said)
        due = self._line.due()
        if due is not None:
            self._alarms.at(self._core.time, due, self._push_in_time, (self, "taps"))

    def invite(self, invite: Mapping[str, Any], gamertag: str) -> None:
        """Push ``invite``, the handle as it was created, where the client has subscribed to invites."""
        if not self.is_mute:
            self._line, said = self._line.invite(invite, gamertag, self._core.time.ticks)
            self._begin(said)

    def resync(self) -> None:
        """Tell the client that it may have missed something."""
        self._begin([frames.write_frame(frames.RESYNC)])

    def _watch_silence(self) -> None:
        self._alarms.at(self._core.time, self._line.silent_at(), self._break_silence, (self, "silence"))

    def _break_silence(self) -> None:
        transport = transport_of(self._send)
        # one that is closing takes no more, and raises under TLS; the listener will find its end
        if self._has_ended or transport.is_closing():
            return
        now = self._core.time.ticks
        if now >= self._line.silent_at():
            self._line = self._line.spoken(now)
            if not self.is_mute:
                transport.write(_PONG)
        self._watch_silence()

    # ---- how it ends

    def look(self) -> None:
        """End it where the service's own end has: it was dropped, or its token has expired."""
        if self._has_ended:
            return
        directory, clock = self._core.world.directory, self._core.time
        due = directory.connections.earliest
        if due is not None:  # so that who is connected is tapped once the service notices another's end
            self._alarms.at(clock, due, self._core.world.settle, (self._core, due))
        user, known = directory.users.get(self.xuid), directory.connections.known.get(self.id)
        if directory.connections.is_closed(self.id):
            self.end(directory.connections.code_of(self.id))
        elif known is not None and known.lost is not None:
            self.end(known.code)
        elif self._token in directory.services_expired or (user is not None and self._token in user.expired):
            self.end(BROKEN)

    def end(self, code: int = BROKEN, reason: str = "") -> None:
        """End the WebSocket from the service's side: by a close frame with ``code``, without one for 1006.

        :param reason: what the frame says beside the code, as far as it has room for it.
        """
        if not self._has_ended:
            self._has_ended = True
            self._later(self._broken() if code == BROKEN else self._closed(code, reason))

    def mute(self) -> None:
        """Push nothing any more, whatever the service knows about it."""
        self._is_mute = True

    async def _broken(self) -> None:
        transport_of(self._send).close()  # what was said before still goes out

    async def _closed(self, code: int, reason: str) -> None:
        said = reason.encode()[:_ROOM].decode(errors="ignore")
        await self._send({"type": "websocket.close", "code": code, "reason": said})

    # ---- to say it

    def _begin(self, said: Iterable[str]) -> None:
        for frame in said:
            self._later(self._say(frame))

    def _later(self, act: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(act)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _say(self, frame: str) -> None:
        try:
            await self._send({"type": "websocket.send", "text": frame})
        except OSError:  # the client has gone meanwhile: the listener finds its end
            return


def _nothing() -> None:
    """A listener that does nothing."""


def _new_ncid() -> str:
    return str(uuid.uuid4())
