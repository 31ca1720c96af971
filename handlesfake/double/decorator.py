"""Decorating: a double around each call of a function."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Protocol, TypeVar, cast

_F = TypeVar("_F", bound=Callable[..., Any])


class Around(AbstractContextManager[object], AbstractAsyncContextManager[object], Protocol):
    """What a call runs in, by ``with`` or ``async with``: a double."""


def decorated(function: _F, made: Callable[[], Around]) -> _F:
    """``function``, plain or ``async``, each call of which runs under its own double; nothing is injected.

    :raises TypeError: it is a class or a generator function, whose body no call runs.
    """
    _check(function)
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def run_async(*args: Any, **words: Any) -> Any:
            async with made():
                return await function(*args, **words)

        return cast("_F", run_async)

    @functools.wraps(function)
    def run(*args: Any, **words: Any) -> Any:
        with made():
            return function(*args, **words)

    return cast("_F", run)


def _check(function: Callable[..., Any]) -> None:
    name = getattr(function, "__name__", repr(function))
    if isinstance(function, type):
        raise TypeError(
            f"a double decorates functions, and {name} is a class: its methods would run without the double.\n"
            "  with pytest, put @pytest.mark.mpsd over the class; else start a double in setUp():\n"
            "      self.mpsd = handlesfake.fake().start()\n"
            "      self.addCleanup(self.mpsd.stop)"
        )
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(
            f"a double decorates functions, and {name} is a generator: its body would run without the double.\n"
            "  write inside it:\n"
            "      with handlesfake.fake() as mpsd:\n"
            "          yield mpsd"
        )
    if not callable(function):
        raise TypeError(f"a double decorates functions, got {type(function).__name__} {function!r}.")
