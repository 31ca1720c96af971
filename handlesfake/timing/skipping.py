"""Skipping: the sleeps of the clients' code, led to a virtual clock while a test asks for it."""

from __future__ import annotations

import functools
import importlib
import sys
import threading
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Protocol
from weakref import ref

from handlesfake.callsite.sender import sender


class SleepingClock(Protocol):
    """A clock in whose time one can sleep."""

    def sleep(self, seconds: float) -> None:
        """Sleep in this thread."""

    async def asleep(self, seconds: float) -> None:
        """Sleep in this task."""


_lock = threading.Lock()
_active: list[Any] = []
"""``(whose sleeps are skipped, in which clock's time)``, the newest last."""

_put: list[tuple[Callable[..., Any], Callable[..., Any]]] = []
"""``(a sleep, ours that stands in its place)``."""

_UNSEEN: tuple[Callable[[], object], tuple[str, ...]] = (lambda: None, ())
_names: dict[str, tuple[Callable[[], object], tuple[str, ...]]] = {}
"""Name of a module -> that module, held weakly, and the names under which it holds a sleep.

anyio, celery and many loops have ``from time import sleep``. The names are looked for once in each module, which
takes some ms for all of them.
"""


@contextmanager
def skipping(skips: Callable[[Any], bool], clock: SleepingClock) -> Iterator[None]:
    """Inside, the sleeps of time, asyncio and trio are ``clock``'s for threads and tasks that ``skips`` names."""
    mine = (skips, clock)
    with _lock:
        if not _active:
            _put_all()
        _active.append(mine)
    try:
        yield
    finally:
        with _lock:
            _active[:] = [one for one in _active if one is not mine]
            if not _active:
                _take_all()


def _clock_for(seconds: Any) -> SleepingClock | None:
    """Whose clock the sender sleeps by; None for the real one."""
    if not isinstance(seconds, (int, float)) or seconds <= 0:
        return None
    who = sender()
    return next((clock for skips, clock in reversed(_active) if skips(who)), None)


def _put_all() -> None:
    for name, make in (("time", _for_threads), ("asyncio", _for_tasks), ("trio", _for_tasks)):
        # who has not imported trio does not sleep in it
        module = sys.modules.get(name) if name == "trio" else importlib.import_module(name)
        if module is not None:
            own = module.sleep
            _put.append((own, functools.wraps(own)(make(own))))
            if name == "trio":
                _put.append(
                    (module.sleep_until, functools.wraps(module.sleep_until)(_until(module, module.sleep_until)))
                )
    _swap(dict(_put))


def _take_all() -> None:
    # where another tool has put its own over ours, that still leads to ours: inert by now
    _swap({ours: own for own, ours in _put})
    _put.clear()


def _swap(successors: dict[Callable[..., Any], Callable[..., Any]]) -> None:
    """Replace each function with its successor, in every module that has it under any name."""
    by_id = {id(present): future for present, future in successors.items()}
    for called, module in list(sys.modules.items()):
        if not issubclass(type(module), ModuleType):  # isinstance() believes what cffi's libraries say of themselves
            continue
        names, (seen, holding) = vars(module), _names.get(called, _UNSEEN)
        if seen() is not module:
            holding = _names_of(names, by_id.keys())
            if not getattr(names.get("__spec__"), "_initializing", False):  # another thread is importing it
                _names[called] = ref(module), holding
        for name in holding:
            future = by_id.get(id(names.get(name)))
            if future is not None:
                names[name] = future


def _names_of(names: dict[str, Any], sleeps: Collection[int]) -> tuple[str, ...]:
    """The names under which a module may hold a sleep; most modules hold none, which is found out quickly."""
    if "sleep" not in names and {*sleeps}.isdisjoint(map(id, names.copy().values())):
        return ()
    return tuple(name for name, value in names.copy().items() if name == "sleep" or id(value) in sleeps)


def _for_threads(own: Callable[[float], None]) -> Callable[[float], None]:
    def sleep(seconds: float, /) -> None:
        clock = _clock_for(seconds)
        if clock is None:
            own(seconds)
        else:
            clock.sleep(seconds)

    return sleep


def _until(trio: ModuleType, own: Callable[[float], Awaitable[None]]) -> Callable[[float], Awaitable[None]]:
    async def sleep_until(deadline: float) -> None:
        seconds = deadline - trio.current_time() if isinstance(deadline, (int, float)) else None
        clock = _clock_for(seconds)
        if clock is None or seconds is None:
            await own(deadline)
        else:
            await clock.asleep(seconds)

    return sleep_until


def _for_tasks(own: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def sleep(*args: Any, **words: Any) -> Any:
        seconds: Any = args[0] if args else words.get("delay", words.get("seconds"))
        clock = _clock_for(seconds)
        if clock is None:
            return await own(*args, **words)
        await clock.asleep(seconds)
        return args[1] if len(args) > 1 else words.get("result")

    return sleep
