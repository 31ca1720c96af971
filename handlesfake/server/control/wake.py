"""Wake: a call that waits for something to be written, wakened from whichever thread writes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any


class Wake:
    """Wakes a task of this loop whenever something is written.

    :param listen: begins to call a listener, and returns what ends that.
    """

    def __init__(self, listen: Callable[[Callable[..., None]], Callable[[], Any]]) -> None:
        self._listen = listen
        self._written = asyncio.Event()

    def __enter__(self) -> Wake:
        loop = asyncio.get_running_loop()

        def wake(*_: object) -> None:
            loop.call_soon_threadsafe(self._written.set)

        self._stop = self._listen(wake)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    async def before(self, deadline: float) -> bool:
        """Wait for what is written next; False when ``deadline``, of the loop's clock, has passed instead."""
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(left):  # wait_for of Python 3.11 may swallow that the client has gone
                await self._written.wait()
        self._written.clear()
        return True


def deadline_in(seconds: float) -> float:
    """The time of the loop's clock in so many seconds."""
    return asyncio.get_running_loop().time() + seconds
