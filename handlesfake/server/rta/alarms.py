"""Alarms: what is to happen at a time of a double's clock, which a test may move."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from handlesfake.timing.virtual_time import VirtualTime

LOOK = 0.1
"""Seconds between two looks at the clocks, which tell nothing when they are moved."""


class Alarms:
    """All that is still to happen, looked at while there is anything."""

    def __init__(self) -> None:
        self._waiting: dict[object, tuple[VirtualTime, int, Callable[[], object]]] = {}
        self._looking: asyncio.Task[None] | None = None

    def at(self, clock: VirtualTime, ticks: int, act: Callable[[], object], key: object) -> None:
        """Call ``act`` once ``clock`` has reached ``ticks``.

        :param key: names the alarm: another of the same name replaces it.
        """
        self._waiting[key] = clock, ticks, act
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())

    def cancel(self, key: object) -> None:
        """Take back the alarm of that name, if there is one."""
        self._waiting.pop(key, None)

    def forget(self, clock: VirtualTime) -> None:
        """Take back all that is to happen at a time of ``clock``: it is not used any more."""
        for key, (of, _, _) in list(self._waiting.items()):
            if of is clock:
                del self._waiting[key]

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await asyncio.sleep(LOOK)
            for key, (clock, due, act) in list(self._waiting.items()):
                if clock.ticks >= due and self._waiting.pop(key, None) is not None:
                    loop.call_soon(act)  # what fails in there is the loop's to report, and stops no other alarm
