"""Started: the doubles that answer now, and those that have ended and were not judged yet."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from handlesfake.double import start_listeners

if TYPE_CHECKING:
    from handlesfake.assertions.soon import Soon
    from handlesfake.engine.engine import Engine
    from handlesfake.options.options import Options


class MayBeOver(Protocol):
    """What a double says of errors that were swallowed, which differs once the double has stopped."""

    is_over: bool


class Startable(Protocol):
    """What is asked here of a double that starts and ends."""

    options: Options
    engine: Engine
    soon: Soon

    @property
    def swallowed(self) -> MayBeOver:
        """Its errors that the code under test swallowed."""


DoubleT = TypeVar("DoubleT", bound=Startable)


class Started(Generic[DoubleT]):
    """What was started and not judged yet: by the pytest plugin, if it is there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.active: tuple[DoubleT, ...] = ()
        """The doubles that answer now, in the order of their start."""

        self._ended: list[DoubleT] = []
        self.is_judged = False
        """Whether the pytest plugin asks; otherwise nothing that has ended is kept."""

        self.followers: tuple[Callable[[DoubleT], None], ...] = ()
        """The last one is called with each double that starts, in the thread that starts it. So a session of pytest
        inside a test of another session judges its own doubles."""

        self._is_watched = False
        if hasattr(os, "register_at_fork"):  # a child must not get the lock held
            os.register_at_fork(after_in_child=self._renew_lock)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()

    def start(self, core: DoubleT) -> None:
        """It answers from now on."""
        start_listeners.notify()
        core.swallowed.is_over = False
        with self._lock:
            self.active = (*self.active, core)
            if not self._is_watched:
                self._is_watched = True
                atexit.register(self._tell_at_exit)
        for follower in self.followers[-1:]:
            follower(core)

    def stop(self, core: DoubleT) -> None:
        """It answers no more."""
        core.swallowed.is_over = True
        with self._lock:
            self.active = tuple(other for other in self.active if other is not core)
            if self.is_judged:
                self._ended.append(core)

    def settle(self, core: DoubleT) -> None:
        """It has ended and said itself what there was to say."""
        with self._lock:
            self._ended = [other for other in self._ended if other is not core]

    def to_judge(self) -> list[DoubleT]:
        """Those that are active, and those that have ended since this was asked last."""
        with self._lock:
            ended, self._ended = self._ended, []
        return [*ended, *self.active]

    def follow(self, follower: Callable[[DoubleT], None]) -> None:
        """Call ``follower`` with each double that starts from now on, until there is a later one."""
        with self._lock:
            self.followers = (*self.followers, follower)

    def unfollow(self, follower: Callable[[DoubleT], None]) -> None:
        """Call it no more."""
        with self._lock:
            self.followers = tuple(other for other in self.followers if other != follower)

    def _tell_at_exit(self) -> None:
        """Outside pytest, the process reports doubles that were never stopped when it ends."""
        if self.is_judged:
            return
        for core in self.active:
            lines = [still_active(core), *core.soon.never_awaited()]
            print(*(f"handlesfake: {line}" for line in lines), sep="\n", file=sys.stderr)


started: Started[Any] = Started()
"""Of all doubles of this process."""


def still_active(core: Startable) -> str:
    """What to say of a double that was never stopped."""
    return f"a double is still active: {core.engine.place or core.options.name}; use with, or call its stop()"
