"""Skipping: the sleeps of the clients' code, led to a virtual clock while somebody asks for it."""

from __future__ import annotations

import functools
import importlib
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

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

_put: list[tuple[Any, Callable[..., Any], Callable[..., Any]]] = []
"""``(module, its own sleep, ours)``."""


@contextmanager
def skipping(skips: Callable[[Any], bool], clock: SleepingClock) -> Iterator[None]:
    """Inside, ``time.sleep``, ``asyncio.sleep`` and ``trio.sleep`` are ``clock``'s for those whom ``skips`` names."""
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
            ours = functools.wraps(own)(make(own))
            module.sleep = ours  # type: ignore[attr-defined] # a module of the library, with a sleep of its own
            _put.append((module, own, ours))


def _take_all() -> None:
    for module, own, ours in _put:
        if module.sleep is ours:  # else another tool has put its own over it, which still leads to ours: inert by now
            module.sleep = own
    _put.clear()


def _for_threads(own: Callable[[float], None]) -> Callable[[float], None]:
    def sleep(seconds: float, /) -> None:
        clock = _clock_for(seconds)
        if clock is None:
            own(seconds)
        else:
            clock.sleep(seconds)

    return sleep


def _for_tasks(own: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def sleep(*args: Any, **words: Any) -> Any:
        seconds: Any = args[0] if args else words.get("delay", words.get("seconds"))
        clock = _clock_for(seconds)
        if clock is None:
            return await own(*args, **words)
        await clock.asleep(seconds)
        return args[1] if len(args) > 1 else words.get("result")

    return sleep
