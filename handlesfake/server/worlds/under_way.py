"""UnderWay: the tasks that do something in a world, which end with it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast


class Overtaken(Exception):
    """The world has ended in which something was still under way."""


class UnderWay:
    """The tasks of one server that are under way in its doubles."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[object], object] = {}
        """Each task, and the double that it is about, compared by identity; why it ends, once that has ended."""

    @contextmanager
    def within(self, double: object) -> Iterator[None]:
        """What the current task does inside is about ``double``.

        :raises Overtaken: the double has ended meanwhile.
        """
        task = cast("asyncio.Task[object]", asyncio.current_task())  # servers answer in tasks
        self._tasks[task] = double
        try:
            yield
        except asyncio.CancelledError:
            why = self._tasks[task]
            if not isinstance(
                why, Overtaken
            ):  # somebody else has cancelled it: the server ends, or the client has gone
                raise
            task.uncancel()
            raise why from None
        finally:
            del self._tasks[task]

    def end(self, double: object, why: str) -> None:
        """End what is under way in ``double``, but for the task that says so.

        :param why: the text of :class:`Overtaken`.
        """
        current = asyncio.current_task()
        for task, about in list(self._tasks.items()):
            if about is double and task is not current:
                self._tasks[task] = Overtaken(why)
                task.cancel()
