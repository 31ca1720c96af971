"""Latch: one thing to wait for, in a thread or in a task of asyncio or trio, and to let go from anywhere."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable


class Latch:
    """Closed until a thread or task opens it; then it stays open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = threading.Event()
        self._wakers: list[Callable[[], None]] = []

    @property
    def is_open(self) -> bool:
        """Whether threads and tasks do not have to wait here any more."""
        return self._open.is_set()

    def open(self) -> None:
        """Let everybody go who waits here."""
        with self._lock:
            self._open.set()
            wakers, self._wakers = self._wakers, []
        for wake in wakers:
            wake()

    def wait(self, timeout: float | None = None) -> bool:
        """Block this thread until it is open, at most ``timeout`` real seconds; whether it is."""
        return self._open.wait(timeout)

    async def wait_async(self, timeout: float | None = None) -> bool:
        """The same for a task, which can be cancelled meanwhile."""
        trio = sys.modules.get("trio")
        if trio is not None and trio.lowlevel.in_trio_run():
            return await self._wait_trio(timeout)
        return await self._wait_asyncio(timeout)

    async def _wait_asyncio(self, timeout: float | None) -> bool:
        import asyncio  # a loop is running: it is there already

        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()

        def resolve() -> None:
            if not future.done():
                future.set_result(None)

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(resolve)

        self.on_open(wake)
        # no asyncio.wait_for(): in Python 3.11 its task outlives the turn in which it is cancelled
        timer = None if timeout is None else loop.call_later(timeout, resolve)
        try:
            await future
        finally:
            if timer is not None:
                timer.cancel()
            self.forget(wake)
        return self.is_open

    async def _wait_trio(self, timeout: float | None) -> bool:
        import trio  # it is there already

        token, opened = trio.lowlevel.current_trio_token(), trio.Event()

        def wake() -> None:
            with contextlib.suppress(trio.RunFinishedError):
                token.run_sync_soon(opened.set)

        self.on_open(wake)
        try:
            with trio.move_on_after(float("inf") if timeout is None else timeout):
                await opened.wait()
        finally:
            self.forget(wake)
        return self.is_open

    def on_open(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` once it is open, in the thread that opens it; at once where it is."""
        with self._lock:
            if not self._open.is_set():
                self._wakers.append(wake)
                return
        wake()

    def forget(self, wake: Callable[[], None]) -> None:
        """Do not call ``wake`` any more."""
        with self._lock:
            if wake in self._wakers:
                self._wakers.remove(wake)
