"""A fork of the process while doubles are active: the child's copies of them answer, too."""

from __future__ import annotations

import os
from contextlib import ExitStack

from handlesfake.intercept.seams import Registry

_watched: list[Registry] = []


def watch(registry: Registry) -> None:
    """Have no lock of an active double of ``registry`` copied while another thread holds it. Idempotent.

    A child has one thread, so that what others held at the moment of the fork would stay shut for ever.
    """
    if registry in _watched or not hasattr(os, "register_at_fork"):
        return
    _watched.append(registry)
    held = ExitStack()

    def hold() -> None:
        for double in registry.active:
            for lock in getattr(double, "locks", ()):
                held.enter_context(lock)

    os.register_at_fork(before=hold, after_in_parent=held.close, after_in_child=held.close)
