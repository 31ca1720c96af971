"""Where doubles are started: in which thread, in which task, and in which context of ``contextvars``."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextvars import ContextVar
from itertools import pairwise
from typing import Any, Generic, TypeVar
from weakref import ReferenceType, ref

from handlesfake.callsite import sender

Held = TypeVar("Held")


class Start(Generic[Held]):
    """One start of a double, in this thread and task.

    A context may outlive the double, so this lets go of it: :attr:`double` is None once it has stopped.

    :param isolated: it answers only where it was started, and in contexts that were copied there.
    """

    __slots__ = ("_task", "_thread", "double", "inside", "isolated")

    def __init__(self, double: Held, *, isolated: bool) -> None:
        task = sender.task()
        self.double: Held | None = double
        self.isolated = isolated
        self.inside = chain()
        """What had been started by then in the same context."""

        self._thread = ref(threading.current_thread())
        self._task: ReferenceType[Any] | None = None if task is None else ref(task)

    @property
    def is_around(self) -> bool:
        """Whether this thread has started it outside any task: whatever runs in the thread by now runs meanwhile."""
        return self._task is None and self._thread() is threading.current_thread()

    @property
    def is_elsewhere(self) -> bool:
        """Whether another thread, or another task of this one, has started it and is still alive.

        What was started outside any task is not elsewhere to the tasks of its thread: they run meanwhile.
        """
        task = self._task() if self._task is not None else None
        if self._task is not None and (task is None or _has_ended(task)):
            return False
        thread = self._thread()
        if thread is not threading.current_thread():
            return thread is not None and thread.is_alive()
        here = sender.task()
        return task is not None and here is not None and here is not task


Chain = tuple[Start[Any], ...]

_chain: ContextVar[Chain] = ContextVar("handlesfake_started", default=())


def chain() -> Chain:
    """The starts that this context has and whose doubles have not stopped, in their order.

    A context that is copied (a task, ``asyncio.to_thread()``, ``copy_context()``) knows what the first one knew.
    """
    known = _chain.get()
    return known if all(start.double is not None for start in known) else _living(known)


def around(starts: Sequence[Start[Held]]) -> tuple[Start[Held], ...]:
    """Those of ``starts`` that this thread has started outside any task, from the first isolated one on.

    A loop that is older than they are, such as one of :class:`asyncio.Runner`, runs its tasks in a context that knows
    none of them. None where they do not nest: which of them answers would be a guess.
    """
    found = [start for start in starts if start.is_around]
    found = found[next((at for at, start in enumerate(found) if start.isolated), len(found)) :]
    nests = all(outer in inner.inside for outer, inner in pairwise(found))
    return tuple(found) if nests else ()


def enter(start: Start[Any]) -> None:
    """Add ``start`` to this context, and to those that are copied from it later."""
    _chain.set((*_living(_chain.get()), start))


def leave() -> None:
    """Let this context forget what has stopped; another one does so when it starts a double itself."""
    _chain.set(_living(_chain.get()))


def _living(known: Chain) -> Chain:
    return tuple(start for start in known if start.double is not None)


def _has_ended(task: Any) -> bool:
    """Whether ``task``, of asyncio or trio, is over."""
    if hasattr(task, "done"):
        return bool(task.done())
    return getattr(task.coro, "cr_frame", None) is None  # trio has no word for it
