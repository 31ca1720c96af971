"""UnderWay: the tasks that do something in a world, which end with it."""

from __future__ import annotations

import asyncio
from typing import cast


class Overtaken(Exception):
    """The world has ended in which something was still under way."""


class UnderWay:
    """The tasks of one server that are under way in its doubles."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[object], object] = {}
        """Each task, and the double that it is about, compared by identity; why it ends, once that has ended."""

    def within(self, double: object) -> _Within:
        """What the current task does inside is about ``double``; leaving raises :class:`Overtaken` where it ended."""
        return _Within(self._tasks, double)

    def end(self, double: object, why: str) -> None:
        """End what is under way in ``double``, except the task that says so.

        :param why: the text of :class:`Overtaken`.
        """
        current = asyncio.current_task()
        for task, about in list(self._tasks.items()):
            if about is double and task is not current:
                self._tasks[task] = Overtaken(why)
                task.cancel()


class _Within:
    """One block of one task: by hand, since every request of a server goes through one."""

    __slots__ = ("_double", "_task", "_tasks")

    def __init__(self, tasks: dict[asyncio.Task[object], object], double: object) -> None:
        self._tasks, self._double = tasks, double

    def __enter__(self) -> None:
        self._task = cast("asyncio.Task[object]", asyncio.current_task())  # servers answer in tasks
        self._tasks[self._task] = self._double

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        why = self._tasks.pop(self._task)
        # any other cancelling has another reason: the server ends, or the client has gone
        if isinstance(error, asyncio.CancelledError) and isinstance(why, Overtaken):
            self._task.uncancel()
            raise why from None
