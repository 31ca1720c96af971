"""Put a trampoline in the place of a client's method, once."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

_MARK = "__handlesfake__"
_lock = threading.Lock()
_first: dict[tuple[Any, str], Callable[..., Any]] = {}


def put(owner: Any, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Put ``make(original)`` in the place of ``owner.name``, unless a trampoline stands there already.

    Calling it again is cheap, and heals the seam when another tool has put the client's own method back.
    """
    with _lock:
        original = getattr(owner, name)
        if is_trampoline(original):
            return
        trampoline = functools.wraps(original)(make(original))
        setattr(trampoline, _MARK, trampoline)
        setattr(owner, name, trampoline)
        _first.setdefault((owner, name), trampoline)


def first(owner: Any, name: str) -> Callable[..., Any]:
    """The trampoline that was the first to be put in the place of ``owner.name``, whatever stands there now."""
    return _first[owner, name]


def is_trampoline(method: Any) -> bool:
    """True when ``method`` is one of ours."""
    # itself, and no flag: what another tool wraps around it (vcrpy does, with functools.wraps) bears its attributes
    return method is not None and getattr(method, _MARK, None) is method
