"""Replace a client's method with a trampoline, once."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

_MARK = "__handlesfake__"
_lock = threading.Lock()
_first: dict[tuple[Any, str], Callable[..., Any]] = {}


def install_wrapper(
    owner: Any, name: str, make: Callable[[Callable[..., Any]], Any], *, lasting: bool = True
) -> None:
    """Replace ``owner.name`` with ``make(original)``, unless it is a trampoline already.

    Calling it again is cheap, and heals the seam when another tool has put the client's own method back.
    ``pytester`` may drop the seam's module from ``sys.modules``. A trampoline of that earlier copy is replaced: it
    has other doubles than those that start now.

    :param lasting: it stays from now on, and not only as long as another tool is active.
    """
    found = getattr(owner, name)
    # each double that starts looks at each place, and mostly finds what would be made again
    if is_trampoline(found) and found.__globals__ is _home(make):
        return
    with _lock:
        found = getattr(owner, name)
        original = found.__wrapped__ if is_trampoline(found) else found
        made = make(original)
        if original is not found and made.__globals__ is found.__globals__:
            return
        trampoline = functools.wraps(original)(made)
        setattr(trampoline, _MARK, trampoline)
        setattr(owner, name, trampoline)
        if lasting and (original is not found or (owner, name) not in _first):
            _first[owner, name] = trampoline


def _home(make: Callable[..., Any]) -> object:
    """The names of the module of ``make``, and so of what it makes."""
    while isinstance(make, functools.partial):
        make = make.func
    return getattr(make, "__globals__", None)


def first(owner: Any, name: str) -> Callable[..., Any]:
    """The trampoline that was the first to replace ``owner.name``, whatever is there now."""
    return _first[owner, name]


def taken_away() -> list[str]:
    """Where a trampoline is to stand and none does: another tool has put back what it had found."""
    lost = [(owner, name) for owner, name in _first if not is_trampoline(getattr(owner, name, None))]
    return [f"{getattr(owner, '__qualname__', owner.__name__)}.{name}" for owner, name in lost]


def is_trampoline(method: Any) -> bool:
    """True when ``method`` is one of ours."""
    # itself, not a flag: a wrapper of another tool (vcrpy uses functools.wraps) has its attributes
    return method is not None and getattr(method, _MARK, None) is method
