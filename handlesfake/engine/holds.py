"""Hold: requests that are kept waiting before the service acts, until a test lets them go."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from handlesfake.callsite.still_running import in_loop
from handlesfake.engine.exchange import Exchange
from handlesfake.engine.latch import Latch
from handlesfake.errors import SettingsError
from handlesfake.exchange.journal import Journal
from handlesfake.mpsd.http.message import Request

WITHIN = 5.0
"""Real seconds in which requests are expected to arrive where nobody says otherwise."""


class Hold:
    """Keeps requests waiting while its ``with`` block runs; from any thread, and from tasks of asyncio and trio.

    :param title: how messages call it: ``hold('create_handle')``.
    :param end: takes it out of the double.
    """

    def __init__(self, title: str, journal: Journal, end: Callable[[Hold], None]) -> None:
        self._title, self._journal, self._end = title, journal, end
        self._lock = threading.Lock()
        self._held: list[tuple[Latch, Exchange]] = []
        self._awaited: list[tuple[int, Latch]] = []
        self._opener = threading.current_thread()
        self._is_over = False

    @property
    def waiting(self) -> int:
        """How many requests wait now."""
        return len(self._held)

    @property
    def requests(self) -> tuple[Request, ...]:
        """The requests that wait now, in the order of their arrival."""
        return tuple(exchange.request for _, exchange in tuple(self._held))

    def wait_for(self, number: int, within: float = WITHIN) -> None:
        """Block this thread until ``number`` requests wait, at most ``within`` real seconds.

        :raises AssertionError: fewer have come.
        :raises SettingsError: an event loop is running in this thread: to block would stop it.
        """
        __tracebackhide__ = True
        if in_loop():
            raise SettingsError(
                f"held.wait_for({number}) would stop the loop. Write: await held.waiting_for({number})"
            )
        self._demand(self._reached(number).wait(within), number, within)

    async def waiting_for(self, number: int, within: float = WITHIN) -> None:
        """Wait, in a task of asyncio or trio, until ``number`` requests wait, at most ``within`` real seconds.

        :raises AssertionError: fewer have come.
        """
        __tracebackhide__ = True
        self._demand(await self._reached(number).wait_async(within), number, within)

    def release(self, number: int | None = None) -> None:
        """Let the first ``number`` requests go; without a number all of them, and keep nobody from then on.

        :raises SettingsError: fewer wait.
        """
        with self._lock:
            if number is None:
                self._is_over, number = True, len(self._held)
            if not 0 <= number <= len(self._held):
                raise SettingsError(
                    f"{self._title}: release({number}), and {len(self._held)} wait. Wait for them first: "
                    f"held.wait_for({number}), or in a task: await held.waiting_for({number})"
                )
            gone, self._held = self._held[:number], self._held[number:]
        for latch, _ in gone:
            latch.open()

    def __enter__(self) -> Hold:
        """Itself.

        :raises SettingsError: it has ended already, and would keep nobody.
        """
        if self._is_over:
            raise SettingsError(f"{self._title} has ended and keeps nobody any more. Make another: mpsd.hold(...)")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        forgotten = self._let_all_go()
        if forgotten and kind is None:
            raise AssertionError(forgotten)

    def _let_all_go(self) -> str:
        """End it; what to say of those that still waited, empty when nobody did."""
        self._end(self)
        lines = [
            f"    {exchange.request.method} {exchange.request.path}  {exchange.source}" for _, exchange in self._held
        ]
        self.release()
        if not lines:
            return ""
        return "\n".join(
            [
                f"{self._title} has ended, and {len(lines)} of the requests that it kept had not been released:",
                *lines,
                "  they go on now. Let them go inside the block: held.release()",
            ]
        )

    # ---- the side of the requests

    def _step(self, exchange: Exchange) -> Held | None:
        return None if self._is_over else Held(self, exchange)

    def _take(self, exchange: Exchange) -> Latch:
        latch = Latch()
        with self._lock:
            if self._is_over:
                latch.open()
                return latch
            self._held.append((latch, exchange))
            reached = [found for number, found in self._awaited if len(self._held) >= number]
        self._journal.keep(exchange)
        for found in reached:
            found.open()
        return latch

    def _leave(self, exchange: Exchange) -> None:
        self._journal.let_go(exchange)
        with self._lock:
            self._held = [held for held in self._held if held[1] is not exchange]

    def _reached(self, number: int) -> Latch:
        latch = Latch()
        with self._lock:
            self._awaited.append((number, latch))
            is_there = len(self._held) >= number
        if is_there:
            latch.open()
        return latch

    def _demand(self, are_there: bool, number: int, within: float) -> None:  # noqa: FBT001 - what was waited for
        __tracebackhide__ = True
        if not are_there:
            raise AssertionError(
                f"{self._title}: {self.waiting} of {number} requests came within {within:g} s.\n"
                "  they must be sent by other threads or tasks than the one that waits for them"
            )


class Held:
    """One request that a hold keeps."""

    def __init__(self, hold: Hold, exchange: Exchange) -> None:
        self._hold, self._exchange = hold, exchange

    def take(self) -> None:
        """Wait in this thread, as long as the client has patience.

        :raises SettingsError: this is the thread that opened the hold, and nobody could let it go.
        """
        hold, exchange = self._hold, self._exchange
        if threading.current_thread() is hold._opener:  # noqa: SLF001 - two halves of one thing
            raise SettingsError(
                f"{hold._title}: the thread that holds has sent a request itself, and waits for itself.\n"  # noqa: SLF001
                "  send it from another thread, or from a task with an async client"
            )
        latch = hold._take(exchange)  # noqa: SLF001 - as above
        try:
            self._passed(is_open=latch.wait(exchange.patience.limit))
        finally:
            hold._leave(exchange)  # noqa: SLF001 - as above

    async def take_async(self) -> None:
        """Wait in this task, as long as the client has patience."""
        latch = self._hold._take(self._exchange)  # noqa: SLF001 - as above
        try:
            self._passed(is_open=await latch.wait_async(self._exchange.patience.limit))
        finally:
            self._hold._leave(self._exchange)  # noqa: SLF001 - as above

    def _passed(self, *, is_open: bool) -> None:
        if is_open:
            self._exchange.notes = (*self._exchange.notes, f"was kept by {self._hold._title}")  # noqa: SLF001
        else:
            self._exchange.given_up = self._hold._title  # noqa: SLF001 - as above
