"""Onset: who wants to know that a double has started. Imported by every pytest session: it imports nothing."""

from __future__ import annotations

from collections.abc import Callable

listeners: list[Callable[[], None]] = []
"""Called at each start of a double, in the thread that starts it."""


def notify() -> None:
    """A double has started."""
    for listener in tuple(listeners):
        listener()
