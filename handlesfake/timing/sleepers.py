"""Sleepers: the threads and tasks that wait for the virtual clock, which moves to the next due, not by the sum."""

from __future__ import annotations

import sys
import threading
import types
from collections.abc import Callable, Generator
from typing import Any
from weakref import WeakSet

from handlesfake.values.values import mutable

LOOKS = 5
"""So many looks in a row must find that nothing has happened before time moves on."""

MOST_LOOKS = 200
"""After so many looks the sleeper wakes anyway: another thread never rests."""

MOMENT = 0.001
"""Real seconds between two looks of a thread: others may be about to send."""


@mutable(eq=False)
class Sleeper:
    """One that waits until ``due``, in ticks of the virtual clock."""

    due: int
    number: int
    seen: int = -1
    looks: int = 0
    all_looks: int = 0
    woken: int = 0


class Sleepers:
    """All that wait for one clock, in threads and tasks.

    Time moves on, to the sleeper that is due first, once nothing was sent or answered and no sleeper came for a
    moment. So what overlaps in production overlaps here, and what ends first there ends first here.

    :param now: the present in ticks.
    :param reach: moves the clock to a time in ticks, never back.
    """

    def __init__(self, now: Callable[[], int], reach: Callable[[int], None]) -> None:
        self._now, self.reach = now, reach
        self.lock = threading.Lock()
        """Held while the sleepers are looked at or change; a fork must not copy it held."""

        self.skips = 0
        """How many blocks are active that skip sleeps in the time of this clock."""

        self._asleep: list[Sleeper] = []
        self._happened = 0
        self._count = 0
        self._woken = 0
        self._has_told = False
        self._told_to_wait: WeakSet[Any] = WeakSet()

    def answered(self, sender: Any, *, to_wait: bool) -> None:
        """Note the last answer of ``sender``, a thread or task: one after which to wait, or not."""
        if to_wait:
            self._has_told = True
            self._told_to_wait.add(sender)
        elif self._has_told:
            self._told_to_wait.discard(sender)

    def was_told_to_wait(self, sender: Any) -> bool:
        """Whether the last answer of ``sender`` was one after which to wait."""
        return sender in self._told_to_wait

    def stir(self) -> None:
        """Something has happened: a request arrived, or an answer went out."""
        if self._asleep:  # else no sleeper looks; one that falls asleep meanwhile begins to look after that
            with self.lock:
                self._happened += 1

    def sleep(self, due: int) -> None:
        """Return once it is ``due``; the clock is moved there if need be. For threads."""
        sleeper = self._lie_down(due)
        pause = threading.Event()  # time.sleep() may be ours
        try:
            alone = threading.active_count() == 1
            while not self._may_wake(sleeper, alone=alone):
                pause.wait(MOMENT)
            self.reach(due)
        finally:
            self._get_up(sleeper)

    async def sleep_async(self, due: int) -> None:
        """The same for tasks of asyncio and trio: the loop turns meanwhile."""
        sleeper = self._lie_down(due)
        try:
            await turn()
            while not self._may_wake(sleeper):
                await turn()
            self.reach(due)
        finally:
            self._get_up(sleeper)

    def _lie_down(self, due: int) -> Sleeper:
        with self.lock:
            self._count += 1
            self._happened += 1
            sleeper = Sleeper(due, self._count)
            self._asleep.append(sleeper)
        return sleeper

    def _may_wake(self, sleeper: Sleeper, *, alone: bool = False) -> bool:
        with self.lock:
            if self._now() >= sleeper.due or alone:
                return True
            sleeper.all_looks = sleeper.all_looks + 1 if sleeper.woken == self._woken else 0
            sleeper.woken = self._woken
            sleeper.looks = sleeper.looks + 1 if sleeper.seen == self._happened else 0
            sleeper.seen = self._happened
            next_due = min((other.due, other.number) for other in self._asleep)
            is_next = next_due == (sleeper.due, sleeper.number)
            return (is_next and sleeper.looks >= LOOKS) or sleeper.all_looks >= MOST_LOOKS

    def _get_up(self, sleeper: Sleeper) -> None:
        with self.lock:
            self._asleep.remove(sleeper)
            self._happened += 1
            self._woken += 1


async def turn() -> None:
    """Let the event loop turn once, whichever it is."""
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_run():
        await trio.lowlevel.checkpoint()
    else:
        await _once()


@types.coroutine
def _once() -> Generator[None, None, None]:
    """What asyncio.sleep(0) does, which may be ours."""
    yield
