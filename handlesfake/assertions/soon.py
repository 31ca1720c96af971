"""Soon: the assertions as awaitables, for tests inside an event loop of asyncio or trio."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Coroutine, Generator
from contextlib import suppress
from functools import partial
from typing import Any

from handlesfake.assertions.api import Claims
from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.nesting import heeding_nearer
from handlesfake.assertions.waiting import Claim, Waiting, silence, throughout, until
from handlesfake.callsite.call_site import calling_line
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.traffic.traffic import Traffic

DEFAULT_WITHIN = 1.0
"""Seconds that an awaited assertion waits when the test does not say."""


class Soon(Claims[Coroutine[Any, Any, None]]):
    """The assertions of ``mpsd``, to be awaited: ``await mpsd.soon.assert_invited("3210", within=1.0)``.

    Each has the name and the words of its twin; ``within`` is one second where it is left out. Each gives a
    coroutine, so that type checkers find a forgotten ``await``. The double finds it at the end of the test, of a
    checkpoint, and when it stops.
    """

    def __init__(self, traffic: Traffic) -> None:
        self._of = traffic
        self._pending: list[_Awaited] = []

    @property
    def _traffic(self) -> Traffic:
        return self._of

    @property
    def pending(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What was asked for and not awaited by now."""
        return tuple(self._pending)

    def never_awaited(self, but: Collection[object] = ()) -> list[str]:
        """What was asked for and never awaited, a sentence each, told once.

        :param but: claims of :attr:`pending` that are left for later.
        """
        told = [awaited for awaited in tuple(self._pending) if awaited not in but]
        for awaited in told:
            awaited.forget()
        return [awaited.reproach for awaited in told]

    def _claim(
        self, claim: Claim, call: ClaimCall, within: float | None, *, lasting: bool = False
    ) -> Coroutine[Any, Any, None]:
        wait = throughout if lasting else until
        heeding = heeding_nearer(claim, call, self._traffic)
        return self._awaited(wait(heeding, DEFAULT_WITHIN if within is None else within), call)

    def _settle(self, seconds: float, at_most: float) -> Coroutine[Any, Any, None]:
        return self._awaited(silence(self._traffic, seconds, at_most), ClaimCall("settle", (seconds,)))

    def _awaited(self, waiting: Waiting, call: ClaimCall) -> Coroutine[Any, Any, None]:
        begin = partial(_begun, waiting, self._traffic.journal)
        name = call.name
        return self.to_await(begin, f"mpsd.soon.{name}(...)", "claimed nothing", f"mpsd.{name}(..., within=1.0)")

    def to_await(
        self, begin: Callable[[], Coroutine[Any, Any, None]], call: str, nothing: str, instead: str
    ) -> Coroutine[Any, Any, None]:
        """What ``begin`` gives, for the test to await; if the test forgets that, it is reported like a claim.

        :param call: how messages write it: ``held.waiting_for(2)``.
        :param nothing: what it has done without ``await``: ``claimed nothing``.
        :param instead: what to write outside a loop.
        """
        reproach = (
            f"{call} was never awaited, and so has {nothing}: {calling_line(2)}\n"
            f"  write await before it, or, outside a loop, {instead}"
        )
        awaited = _Awaited(begin, reproach, self._pending)
        self._pending.append(awaited)
        return awaited


class _Awaited(Coroutine[Any, Any, None]):
    """One claim. It is not a coroutine of Python, whose warning would only repeat what the double says better.

    :param reproach: what to tell the developer who forgot the ``await``.
    """

    def __init__(
        self, begin: Callable[[], Coroutine[Any, Any, None]], reproach: str, pending: list[_Awaited]
    ) -> None:
        self._begin = begin
        self.reproach = reproach
        self._pending = pending
        self._running: Coroutine[Any, Any, None] | None = None

    def forget(self) -> None:
        """It is awaited, or reported."""
        with suppress(ValueError):  # awaited in spite of having been reported
            self._pending.remove(self)

    def __await__(self) -> Generator[Any, None, None]:
        __tracebackhide__ = True
        return self._begun().__await__()

    def send(self, value: Any) -> Any:
        """What a loop does that was given it as a task."""
        __tracebackhide__ = True
        return self._begun().send(value)

    def throw(self, *error: Any) -> Any:
        """What a loop does that cancels its task."""
        __tracebackhide__ = True
        return self._begun().throw(*error)

    def close(self) -> None:
        """It is not to be awaited any more."""
        self.forget()
        if self._running is not None:
            self._running.close()

    def _begun(self) -> Coroutine[Any, Any, None]:
        self.forget()
        if self._running is None:
            self._running = self._begin()
        return self._running


def _begun(waiting: Waiting, journal: EntryLog) -> Coroutine[Any, Any, None]:
    """The waiting, in the loop that awaits it."""
    trio = sys.modules.get("trio")
    wait = _in_trio if trio is not None and trio.lowlevel.in_trio_run() else _in_asyncio
    return wait(waiting, journal)


async def _in_asyncio(waiting: Waiting, journal: EntryLog) -> None:
    import asyncio  # lazily: a loop is running, so that it is there already

    __tracebackhide__ = True
    loop, changed = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        with suppress(RuntimeError):  # the loop was closed underneath a claim that was not waited for to the end
            loop.call_soon_threadsafe(changed.set)

    stop = journal.listen(wake)
    try:
        for left in waiting:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):  # wait_for of Python 3.11 may swallow that the claim was given up
                    await changed.wait()
            changed.clear()
    finally:
        stop()


async def _in_trio(waiting: Waiting, journal: EntryLog) -> None:
    __tracebackhide__ = True
    import trio  # only a test that runs in trio gets here

    token, changed = trio.lowlevel.current_trio_token(), [trio.Event()]

    def wake() -> None:
        with suppress(trio.RunFinishedError):
            token.run_sync_soon(lambda: changed[0].set())  # noqa: PLW0108 - the event of then, not the one of now

    stop = journal.listen(wake)
    try:
        for left in waiting:
            with trio.move_on_after(left):
                await changed[0].wait()
            changed[0] = trio.Event()
    finally:
        stop()
