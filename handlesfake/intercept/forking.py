"""A fork of the process while doubles are active: the child's copies of them answer, too."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack

from handlesfake.intercept.registry import Registry


def watch(registry: Registry) -> None:
    """Have no lock of an active double of ``registry`` copied while another thread holds it. Idempotent.

    A child has one thread, so that locks of other threads at the moment of the fork would stay locked.
    """
    if registry.is_watched or not hasattr(os, "register_at_fork"):
        return
    registry.is_watched = True
    locks = Locks(registry)
    os.register_at_fork(before=locks.hold, after_in_parent=locks.release, after_in_child=locks.release)


class Locks:
    """The locks of the active doubles of ``registry``, held over one fork."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._turn = threading.Lock()
        self._held = ExitStack()

    def hold(self) -> None:
        """Wait for each lock, and keep it. Two threads that fork at once do so one after the other."""
        self._turn.acquire()
        for double in self._registry.active:
            for lock in getattr(double, "locks", ()):
                self._held.enter_context(lock)

    def release(self) -> None:
        """Let them go, in the parent and in the child."""
        self._held.close()
        self._turn.release()
