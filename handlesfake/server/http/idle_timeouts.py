"""IdleTimeouts: whose turn it is to speak, and who has been silent for too long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from handlesfake.server.http.limits import ConnectionLimits

_NOT_THERE = object()


class IdleClient(Protocol):
    """A connection, as far as its silence goes."""

    def cut_off(self) -> None:
        """End it, as gently as its state lets."""


class IdleTimeouts:
    """The connections of a server, those that have been silent for longest first; and the limit of their number.

    Kept in order, so that the cost does not grow with the number of idle connections.

    :param now: the present in seconds, of any beginning.
    """

    def __init__(self, limits: ConnectionLimits, now: Callable[[], float]) -> None:
        self._limits = limits
        self._now = now
        self._silent: dict[IdleClient, float] = {}
        """Of which it is the client's turn, and since when."""

        self._unheard: dict[IdleClient, None] = {}
        """Which a fault keeps silent: they may wait for as long as they like."""

        self._served: dict[IdleClient, None] = {}
        """Of which it is the server's turn: it answers, or its client waits for something to happen."""

    @property
    def _count(self) -> int:
        return len(self._silent) + len(self._unheard) + len(self._served)

    def come(self, guest: IdleClient) -> None:
        """A client has connected. Where there are too many, one has to go that has been silent for longest.

        First those of which it is the turn, then those that a fault keeps silent, then those that wait.
        """
        if self._limits.connections is not None and self._count >= self._limits.connections:
            for group in (self._silent, self._unheard, self._served):
                if group:
                    longest = next(iter(group))
                    self.go(longest)
                    longest.cut_off()
                    break
        self.wait_for(guest)

    def go(self, guest: IdleClient) -> None:
        """The connection is no more."""
        self._silent.pop(guest, None)
        self._unheard.pop(guest, None)
        self._served.pop(guest, None)

    def wait_for(self, guest: IdleClient) -> None:
        """It is the client's turn, from now on."""
        self._leave(guest, self._served)
        self._silent[guest] = self._now()

    def _leave(self, guest: IdleClient, group: dict[IdleClient, Any]) -> None:
        """Take ``guest`` out of where it nearly always is, else out of where it may be."""
        if group.pop(guest, _NOT_THERE) is _NOT_THERE:
            self.go(guest)

    def keep_silent(self, guest: IdleClient) -> None:
        """Nothing will be said to the client any more, and nothing heard of it."""
        self.go(guest)
        self._unheard[guest] = None

    def hear(self, guest: IdleClient) -> None:
        """The client has said what it had to: it is the server's turn."""
        self._leave(guest, self._silent)
        self._served[guest] = None

    def sweep(self) -> None:
        """Cut off who has been silent for too long."""
        late = self._now() - self._limits.idle
        while self._silent:
            guest, since = next(iter(self._silent.items()))
            if since > late:
                return
            del self._silent[guest]
            guest.cut_off()

    def end(self) -> None:
        """Cut off everybody who is left."""
        for guest in (*self._silent, *self._unheard, *self._served):
            guest.cut_off()
