"""Virtual time as the engine counts it: integers of 100 ns, the resolution of the times that MPSD writes."""

from __future__ import annotations

import time
from datetime import datetime

from handlesfake.mpsd.ticks import TICKS_PER_SECOND, from_datetime
from handlesfake.timing.sleepers import Sleepers
from handlesfake.values.values import frozen

_TIME_MACHINE = 60 * TICKS_PER_SECOND
"""A system's clock that goes back by more than this was put back on purpose."""


@frozen
class TimeState:
    """A double's time at one moment."""

    ticks: int
    """100 ns since 1970-01-01 UTC."""

    is_frozen: bool
    """Whether it stood still."""

    is_system: bool
    """Whether it was the system's own: running, and never moved."""


class VirtualTime:
    """The time of one double; a test sees it as :class:`handlesfake.timing.clock.Clock`.

    :param start: where it starts; None for the real now.
    :param running: whether it goes on by itself, as the system's clock does; a server's does.
    """

    def __init__(self, start: datetime | None = None, *, running: bool = False) -> None:
        self._ticks = from_datetime(start) if start else time.time_ns() // 100
        self._gone_back = 0
        """Ticks by which it was put back, all in all."""

        self._running = running
        self._is_system = running and start is None
        self._ahead = self._ticks - time.time_ns() // 100
        self.sleepers = Sleepers(lambda: self.ticks, self._reach)
        """The threads and tasks that wait for it."""

    @property
    def ticks(self) -> int:
        """The present in 100 ns since 1970-01-01 UTC."""
        if self._running:
            real = time.time_ns() // 100 + self._ahead
            # one that goes back a little is set right; one that goes back far is a test's time machine
            if real > self._ticks or self._ticks - real > _TIME_MACHINE:
                self._gone_back += max(self._ticks - real, 0)
                self._ticks = real
        return self._ticks

    @property
    def ticks_forward(self) -> int:
        """Ticks that only ever go on: :meth:`restore` to an earlier time leaves them as they are."""
        return self.ticks + self._gone_back

    def tick(self) -> int:
        """Move on by 100 ns and return the new time in ticks: no two handles have the same ``createTime``."""
        self._ticks = self.ticks + 1
        return self._ticks

    def state(self) -> TimeState:
        """What :meth:`go_back` goes back to."""
        return TimeState(self.ticks, self.frozen, self._is_system)

    def go_back(self, state: TimeState) -> int:
        """Be as at ``state``. The system's clock is the system's again, and that goes on.

        :return: by how many ticks it is later now than it was then.
        """
        if state.is_system:
            self.restore(time.time_ns() // 100)
            self._running = self._is_system = True
            return self.ticks - state.ticks
        self.restore(state.ticks)
        self._running = not state.is_frozen
        return 0

    def restore(self, ticks: int) -> None:
        """Go to a time in ticks, earlier or later."""
        self._is_system = False
        self._gone_back += max(self.ticks - ticks, 0)
        self._ticks = ticks
        self._ahead = ticks - time.time_ns() // 100

    def _reach(self, ticks: int) -> None:
        """Move on to a time in ticks, unless it has passed."""
        if ticks > self.ticks:
            self.restore(ticks)

    @property
    def frozen(self) -> bool:
        """Whether it stands still, and moves only as the test says."""
        return not self._running

    def freeze(self) -> None:
        """Stand still from now on."""
        self._ticks = self.ticks
        self._running = self._is_system = False

    def thaw(self) -> None:
        """Go on by itself from where it stands."""
        self.restore(self._ticks)
        self._running = True
