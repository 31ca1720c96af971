"""Alarms: what is to happen at a time of a double's clock, which a test may move."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.timing.clock import Clock

LOOK = 0.1
"""Seconds between two looks at the clocks: they tell nobody that they were moved."""


class Alarms:
    """All that is still to happen, looked at while there is anything."""

    def __init__(self) -> None:
        self._waiting: dict[object, tuple[Clock, int, Callable[[], object]]] = {}
        self._looking: asyncio.Task[None] | None = None

    def after(self, clock: Clock, seconds: float, act: Callable[[], object]) -> Callable[[], object]:
        """Call ``act`` in so many seconds of ``clock``; the result takes that back."""
        key = object()
        self._waiting[key] = clock, clock.ticks + round(seconds * TICKS_PER_SECOND), act
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())
        return lambda: self._waiting.pop(key, None)

    async def _look(self) -> None:
        while self._waiting:
            await asyncio.sleep(LOOK)
            for key, (clock, due, act) in list(self._waiting.items()):
                if clock.ticks >= due:
                    self._waiting.pop(key, None)
                    act()
