"""Which tasks and threads are still running, and at which line of the user's code."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

from handlesfake.source import line_of


def in_loop() -> bool:
    """Whether this thread runs an event loop of asyncio or trio, so that to block would stop it."""
    return _in_asyncio() or _in_trio()


def _in_asyncio() -> bool:
    asyncio = sys.modules.get("asyncio")
    # the public get_running_loop() raises instead
    return asyncio is not None and asyncio._get_running_loop() is not None  # noqa: SLF001 - see above


def _in_trio() -> bool:
    trio = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_run())


def still_running() -> list[str]:
    """Other tasks of this loop and other threads: ``task 'invite' party/app.py:11 in call``.

    Only those that stand in a line of the user's code: the rest are the workers of libraries.
    """
    return [*_asyncio_tasks(), *_trio_tasks(), *_threads()]


def _threads() -> Iterator[str]:
    frames = sys._current_frames()  # noqa: SLF001 - documented, and the only way to another thread's stack
    here = (threading.current_thread(), threading.main_thread())
    for thread in threading.enumerate():
        line = line_of(frames.get(thread.ident or 0))
        if line and thread not in here:
            yield f"thread {thread.name!r} {line}"


def _asyncio_tasks() -> Iterator[str]:
    if not _in_asyncio():
        return
    import asyncio  # it is there already: without a loop nothing here imports it

    here = asyncio.current_task()
    tasks = [task for task in asyncio.all_tasks() if task is not here]
    for task in sorted(tasks, key=lambda task: task.get_name()):
        line = _line_of_awaiting(task.get_coro())
        if line:
            yield f"task {task.get_name()!r} {line}"


def _trio_tasks() -> Iterator[str]:
    if not _in_trio():
        return
    import trio  # it is there already

    here = trio.lowlevel.current_task()
    waiting: list[Any] = [trio.lowlevel.current_root_task()]
    while waiting:
        task = waiting.pop()
        waiting += [child for nursery in task.child_nurseries for child in nursery.child_tasks]
        line = "" if task is here else _line_of_awaiting(task.coro)
        if line:
            yield f"task {task.name!r} {line}"


def _line_of_awaiting(awaited: Any) -> str:
    """The innermost line of the user's code in a chain of awaits."""
    found = ""
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)
        if isinstance(frame, FrameType):
            found = line_of(frame, outwards=False) or found
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)
    return found
