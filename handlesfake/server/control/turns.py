"""Turns: long work of a call, done in steps between which all other requests have their turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator
from typing import TypeVar

_AT_ONCE = 0.005
"""Seconds of work between two turns of the others."""

_Done = TypeVar("_Done")


async def in_turns(steps: Generator[None, None, _Done]) -> _Done:
    """What ``steps`` returns in the end."""
    until = time.monotonic() + _AT_ONCE
    while True:
        try:
            next(steps)
        except StopIteration as end:
            done: _Done = end.value
            return done
        if time.monotonic() >= until:
            await asyncio.sleep(0)
            until = time.monotonic() + _AT_ONCE
