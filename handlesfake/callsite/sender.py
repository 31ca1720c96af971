"""Who sends a request: the task that is running, else the thread; and who is older than a double."""

from __future__ import annotations

import sys
import threading
from contextvars import ContextVar
from typing import Any
from weakref import WeakSet

told: ContextVar[Any] = ContextVar("handlesfake_sender", default=None)
"""The sender, as read by a seam that serves a request in a separate task."""


def sender() -> Any:
    """The running task, or the thread: what to remember weakly."""
    return told.get() or task() or threading.current_thread()


def task() -> Any:
    """The task of asyncio or trio that is running in this thread, if any; neither is imported for that."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is not None and _is_running(asyncio):
        return asyncio.current_task()
    return _trio_task()


def _trio_task() -> Any:
    return sys.modules["trio"].lowlevel.current_task() if "trio" in sys.modules and in_trio() else None


def in_trio() -> bool:
    """Whether a task of trio is running in this thread.

    A run alone is not enough: between the turns of a guest run, which the plugin of anyio makes, there is no task.
    """
    trio = sys.modules.get("trio")
    if trio is None:
        return False
    return bool(getattr(trio.lowlevel, "in_trio_task", trio.lowlevel.in_trio_run)())  # it came with 0.23


class Older:
    """Threads and tasks from before the double: their requests may be stragglers of an earlier test."""

    def __init__(self) -> None:
        here = {threading.current_thread(), threading.main_thread()}
        # weak references, not numbers: a new thread may have the number of one that has ended
        self._threads = WeakSet(set(threading.enumerate()) - here)
        self._has_threads = len(self._threads) > 0
        self._tasks: WeakSet[Any] = WeakSet(_tasks() - {_asyncio_task()})

    def sender(self) -> tuple[Any, str, bool]:
        """What :func:`sender` gives, the name of its thread and task, and whether it is older than the double."""
        thread, task = threading.current_thread(), told.get() or _asyncio_task()
        if task is None:
            here = _trio_task() if "trio" in sys.modules else None
            return here or thread, thread.name, self._has_threads and thread in self._threads
        return task, f"{thread.name}, task {task.get_name()}", task in self._tasks or thread in self._threads


def _asyncio_task() -> Any:
    """The asyncio task that is running in this thread, if any; asyncio is not imported for that."""
    asyncio = sys.modules.get("asyncio")
    return asyncio.current_task() if asyncio is not None and _is_running(asyncio) else None


def _tasks() -> set[Any]:
    """All tasks of the loop that is running in this thread."""
    asyncio = sys.modules.get("asyncio")
    return set(asyncio.all_tasks()) if asyncio is not None and _is_running(asyncio) else set()


def _is_running(asyncio: Any) -> bool:
    return asyncio._get_running_loop() is not None  # noqa: SLF001 - the public get_running_loop() raises instead
