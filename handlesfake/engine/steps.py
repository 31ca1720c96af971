"""Steps: what a request has to go through beside the service, waits among them; no lock is held meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from handlesfake.errors import SettingsError
from handlesfake.values.values import frozen


class Step(Protocol):
    """Something that happens between the arrival of a request and its answer."""

    def take(self) -> None:
        """Go through it, in a thread."""

    async def take_async(self) -> None:
        """Go through it, in a task of asyncio or trio."""


@frozen
class Patience:
    """How long the sender of one request waits for its answer, in seconds; None: without limit."""

    read: float | None = None
    """From one piece of the answer to the next."""

    total: float | None = None
    """For the whole of it."""

    real: bool = False
    """Whether what waits here waits in real time, as it does on a server."""

    @property
    def limit(self) -> float | None:
        """The real seconds after which the sender of a request that is told nothing gives up; None for never."""
        return None if self.real else min((one for one in (self.read, self.total) if one is not None), default=None)

    def gives_up(self, delay: float, pieces: int) -> float | None:
        """After how many seconds the sender gives up on an answer that takes ``delay``; None when it does not."""
        if self.real:
            return None
        after = [] if self.read is None or delay / pieces <= self.read else [self.read]
        after += [] if self.total is None or delay <= self.total else [self.total]
        return min(after, default=None)


ENDLESS = Patience()


@frozen
class Act:
    """What the test does in between: a function without arguments, or a coroutine function for clients in a loop."""

    act: Callable[[], Any]
    title: str

    def take(self) -> None:
        """Do it.

        :raises SettingsError: it has to be awaited, and the client is a thread's.
        """
        import inspect  # when a test has such an act

        result = self.act()
        if inspect.isawaitable(result):
            if inspect.iscoroutine(result):
                result.close()
            raise SettingsError(
                f"{self.title}: the act has to be awaited, and this request was sent from a thread. Give it a plain "
                f"function, or send it with an async client."
            )

    async def take_async(self) -> None:
        """Do it, and await what it gives if that is awaitable."""
        import inspect  # as above

        result = self.act()
        if inspect.isawaitable(result):
            await result
