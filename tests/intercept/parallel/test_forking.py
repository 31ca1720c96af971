"""Forks beside active doubles: their locks are held over one fork at a time."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import cast

from handlesfake.intercept.forking import Locks
from handlesfake.intercept.registry import Registry
from tests.patience import PATIENCE


class Contested:
    """A lock that, when it is let go, gives another thread the time to take it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.taken = threading.Event()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
        self.taken.wait(0.2)  # without success, where the other has to wait for its turn


def test_two_threads_that_fork_at_once() -> None:
    """Each releases what it holds, and no lock stays shut."""
    lock = Contested()
    locks = Locks(cast("Registry", SimpleNamespace(active=(SimpleNamespace(locks=(lock,)),))))
    failures: list[Exception] = []
    released = threading.Event()

    def fork() -> None:
        try:
            locks.hold()
            lock.taken.set()
            released.wait(PATIENCE)
            locks.release()
        except RuntimeError as error:
            failures.append(error)

    locks.hold()
    other = threading.Thread(target=fork)
    other.start()
    try:
        locks.release()
    except RuntimeError as error:  # the other's lock was let go in its place
        failures.append(error)
    released.set()
    other.join(PATIENCE)

    assert [] == failures
    assert not other.is_alive()
    assert lock._lock.acquire(blocking=False)
