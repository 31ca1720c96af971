"""Line: one client's end of the push channel, as an immutable value; its carrier has sockets and clocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from handlesfake.mpsd.push import frames
from handlesfake.mpsd.push.resources import Connections, Invites, Resource, notice, resource_at
from handlesfake.mpsd.shoulder_taps import Tap
from handlesfake.mpsd.state.maps import with_item, without_item
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.values.values import field, frozen, replace

SILENCE = 10 * TICKS_PER_SECOND
"""Ticks of silence after which the service sends an unsolicited, empty pong (captured: about ten seconds)."""

Branch = tuple[str, str, str]
"""Subscription, resource and branch of a tap: what its change numbers count in."""


@frozen
class Line:
    """What the service keeps of one WebSocket: what it is subscribed to, and what it was and will be told."""

    id: str
    """The ConnectionId that the client puts into its member record."""

    xuid: str
    """Whose it is; empty for a service."""

    most_sessions: int
    """In how many sessions it is tapped at once."""

    spoke: int
    """Ticks at which anything was last said over it, by either side."""

    subscriptions: Mapping[int, Resource] = field(default_factory=dict)
    next_id: int = 0
    """The id of its next subscription: they count from 0 on each connection (captured and logged)."""

    sessions: frozenset[str] = frozenset()
    """The resources that it is tapped for."""

    waiting: tuple[Tap, ...] = ()
    """The taps that are still to be sent."""

    next_taps: int = 0
    """Ticks before which no frame with taps goes out."""

    seen: Mapping[Branch, int] = field(default_factory=dict)
    """The last change number that the client got."""

    # ---- what the client says

    def hear(self, text: str, now: int) -> tuple[Line, str | None]:
        """The line after the client said ``text``, and the frame that answers it; None for what is not a frame."""
        after = replace(self, spoke=now)
        said = frames.read_frame(text)
        if said is None:
            return after, None
        if said.kind == frames.UNSUBSCRIBE:
            return _unsubscribed(after, said)
        resource = resource_at(said.subject)
        if resource is None:
            return after, frames.write_frame(frames.SUBSCRIBE, said.sequence, frames.UNKNOWN_RESOURCE)
        if isinstance(resource, Invites) and resource.xuid != self.xuid:
            return after, frames.write_frame(frames.SUBSCRIBE, said.sequence, frames.NO_DATA)
        number = self.next_id
        after = replace(after, next_id=number + 1, subscriptions=with_item(self.subscriptions, number, resource))
        data = {"ConnectionId": self.id} if isinstance(resource, Connections) else None
        return after, frames.write_frame(frames.SUBSCRIBE, said.sequence, frames.OK, number, data)

    # ---- what it is told

    def tap(self, taps: Iterable[Tap]) -> Line:
        """The line with those of ``taps`` waiting that are for its user, in the sessions that it has room for."""
        after = self
        for tap in taps:
            if tap.xuid != self.xuid or tap.connection.lower() != self.id:
                continue
            if tap.resource not in after.sessions and len(after.sessions) >= self.most_sessions:
                continue
            sessions = after.sessions - {tap.resource} if tap.is_last else after.sessions | {tap.resource}
            after = replace(after, sessions=sessions, waiting=(*after.waiting, tap))
        return after

    def due(self) -> int | None:
        """Ticks at which the taps that wait go out; None while none does."""
        return self.next_taps if self.waiting else None

    def push(self, now: int, interval: float, new_id: Callable[[], str]) -> tuple[Line, tuple[str, ...]]:
        """The line once the taps that wait are out, and their frames; nothing before they are :meth:`due`.

        :param interval: seconds from one frame to the next, in which what comes is coalesced; 0 for none.
        :param new_id: gives a new lower-case GUID at each call.
        """
        pace = round(interval * TICKS_PER_SECOND)
        if not self.waiting or 0 < self.next_taps - now <= pace:  # more than that: the clock was put back
            return self, ()
        after, taps = replace(self, waiting=()), []
        for tap in frames.coalesced(self.waiting):
            after, is_news = _told(after, tap)
            taps += [tap] if is_news else []
        if not taps:
            return after, ()
        numbers = (number for number, one in self.subscriptions.items() if isinstance(one, Connections))
        told = tuple(frames.tapped(number, new_id(), taps) for number in numbers)
        spoke = now if told else self.spoke
        return replace(after, next_taps=now + pace, spoke=spoke), told

    def invite(self, invite: Mapping[str, Any], gamertag: str, now: int) -> tuple[Line, tuple[str, ...]]:
        """The line and its frames about ``invite``, the handle as it was created, for each subscription to such."""
        wanted = (n for n, one in self.subscriptions.items() if isinstance(one, Invites) and one.wants(invite))
        told = tuple(frames.write_frame(frames.EVENT, number, notice(invite, gamertag)) for number in wanted)
        return (replace(self, spoke=now) if told else self), told

    # ---- silence

    def spoken(self, now: int) -> Line:
        """The line after something was said over it."""
        return replace(self, spoke=now)

    def silent_at(self) -> int:
        """Ticks at which it will have been silent for long enough for a pong."""
        return self.spoke + SILENCE


def _unsubscribed(line: Line, said: frames.Said) -> tuple[Line, str]:
    is_known = type(said.subject) is int and said.subject in line.subscriptions
    code = frames.OK if is_known else frames.UNKNOWN_RESOURCE
    answer = frames.write_frame(frames.UNSUBSCRIBE, said.sequence, code)
    rest = without_item(line.subscriptions, said.subject) if is_known else line.subscriptions
    return replace(line, subscriptions=rest), answer


def _told(line: Line, tap: Tap) -> tuple[Line, bool]:
    """The line after its client got ``tap``, and whether that is news: no number comes twice."""
    key = tap.subscription.lower(), tap.resource, tap.branch
    last = line.seen.get(key, 0)
    if tap.change_number is None:  # a branch ends once, and a client that got no news yet gets that news
        return (replace(line, seen=without_item(line.seen, key)) if last else line), True
    if tap.change_number <= last:
        return line, False
    return replace(line, seen=with_item(line.seen, key, tap.change_number)), True
