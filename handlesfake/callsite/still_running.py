"""Which tasks and threads are still running, and at which line of the user's code."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any
from weakref import WeakSet

from handlesfake.callsite.call_site import line_of
from handlesfake.callsite.sender import in_trio


def in_loop() -> bool:
    """Whether this thread runs an event loop of asyncio or trio, so that to block would stop it."""
    return _in_asyncio() or in_trio()


def _in_asyncio() -> bool:
    asyncio = sys.modules.get("asyncio")
    # the public get_running_loop() raises instead
    return asyncio is not None and asyncio._get_running_loop() is not None  # noqa: SLF001 - see above


class Bystanders:
    """The threads and tasks from before a double: what they do does not concern its test."""

    def __init__(self) -> None:
        # weak references, not numbers: a new thread may have the number of one that has ended
        self._known: WeakSet[Any] = WeakSet([*threading.enumerate(), *_asyncio_tasks(), *_trio_tasks()])

    def still_running(self) -> list[str]:
        """Other tasks of this loop and other threads: ``task 'invite' party/app.py:11 in call``.

        Only those that run a line of the user's code: the rest are the workers of libraries.
        """
        frames = sys._current_frames()  # noqa: SLF001 - documented, and the only way to another thread's stack
        found = [
            *(
                (f"task {task.get_name()!r}", _line_of_awaiting(task.get_coro()))
                for task in self._new(_asyncio_tasks)
            ),
            *((f"task {task.name!r}", _line_of_awaiting(task.coro)) for task in self._new(_trio_tasks)),
            *((f"thread {one.name!r}", line_of(frames.get(one.ident or 0))) for one in self._new(_threads)),
        ]
        return [f"{name} {line}" for name, line in found if line]

    def _new(self, every: Callable[[], Iterable[Any]]) -> list[Any]:
        return [one for one in every() if one not in self._known]


def _threads() -> list[threading.Thread]:
    here = (threading.current_thread(), threading.main_thread())
    return [thread for thread in threading.enumerate() if thread not in here]


def _asyncio_tasks() -> list[Any]:
    """All tasks of the loop that runs in this thread, less the present one."""
    if not _in_asyncio():
        return []
    import asyncio  # it is there already: without a loop nothing here imports it

    here = asyncio.current_task()
    return sorted((task for task in asyncio.all_tasks() if task is not here), key=lambda task: task.get_name())


def _trio_tasks() -> Iterator[Any]:
    if not in_trio():
        return
    import trio  # it is there already

    here = trio.lowlevel.current_task()
    waiting: list[Any] = [trio.lowlevel.current_root_task()]
    while waiting:
        task = waiting.pop()
        waiting += [child for nursery in task.child_nurseries for child in nursery.child_tasks]
        if task is not here:
            yield task


def _line_of_awaiting(awaited: Any) -> str:
    """The innermost line of the user's code in a chain of awaits."""
    found = ""
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)
        if isinstance(frame, FrameType):
            found = line_of(frame, outwards=False) or found
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)
    return found
