"""IdleTimeouts: whose turn it is to speak, and who has been silent for too long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from handlesfake.server.http.limits import ConnectionLimits


class IdleClient(Protocol):
    """A connection, as far as its silence goes."""

    def cut_off(self) -> None:
        """End it, as gently as its state lets."""


class IdleTimeouts:
    """The connections of which it is the client's turn, the longest silent first.

    Kept in order, so that nobody's word costs more because ten thousand say nothing.

    :param now: the present in seconds, of any beginning.
    """

    def __init__(self, limits: ConnectionLimits, now: Callable[[], float]) -> None:
        self._limits = limits
        self._now = now
        self._silent: dict[IdleClient, float] = {}
        """Since when."""

        self._count = 0

    def come(self, guest: IdleClient) -> None:
        """A client has connected. Where there are too many, the one that has been silent for longest has to go."""
        self._count += 1
        if self._limits.connections is not None and self._count > self._limits.connections and self._silent:
            longest = next(iter(self._silent))
            del self._silent[longest]
            longest.cut_off()
        self.wait_for(guest)

    def go(self, guest: IdleClient) -> None:
        """The connection is no more."""
        self._count -= 1
        self._silent.pop(guest, None)

    def wait_for(self, guest: IdleClient) -> None:
        """It is the client's turn, from now on."""
        self._silent.pop(guest, None)
        self._silent[guest] = self._now()

    def hear(self, guest: IdleClient) -> None:
        """The client has said what it had to: it is the server's turn."""
        self._silent.pop(guest, None)

    def sweep(self) -> None:
        """Cut off who has been silent for too long."""
        late = self._now() - self._limits.idle
        while self._silent:
            guest, since = next(iter(self._silent.items()))
            if since > late:
                return
            del self._silent[guest]
            guest.cut_off()
