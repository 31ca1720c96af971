"""HeldRequests: the requests that one hold keeps, between those that wait and the test that lets them go."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from handlesfake.engine.latch import Latch
from handlesfake.errors import SettingsError
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.mpsd.http.message import Request
from handlesfake.vocabulary import spoken

if TYPE_CHECKING:
    from handlesfake.engine.exchange import Exchange


class HeldRequests:
    """The requests that one hold keeps, in the order of their arrival; for any thread.

    :param title: how messages call the hold: ``hold('create_handle')``.
    :param journal: shows the requests that wait; they have no entry yet.
    """

    def __init__(self, title: str, journal: EntryLog) -> None:
        self.title = title
        self.is_over = False
        """Whether the hold has ended, and keeps no request any more."""

        self._journal = journal
        self._lock = threading.Lock()
        self._held: list[tuple[Latch, Exchange]] = []
        self._awaited: list[tuple[int, Latch]] = []
        self._opener = threading.current_thread()

    def __len__(self) -> int:
        return len(self._held)

    @property
    def requests(self) -> tuple[Request, ...]:
        """The requests that wait now."""
        return tuple(exchange.request for _, exchange in tuple(self._held))

    # ---- the side of the test

    def reached(self, number: int) -> Latch:
        """What opens once ``number`` requests wait."""
        latch = Latch()
        with self._lock:
            self._awaited.append((number, latch))
            is_there = len(self._held) >= number
        if is_there:
            latch.open()
        return latch

    def release(self, number: int | None = None) -> None:
        """Let the first ``number`` requests go; without a number all of them, and keep none from then on.

        :raises SettingsError: fewer wait.
        """
        with self._lock:
            if number is None:
                self.is_over, number = True, len(self._held)
            if not 0 <= number <= len(self._held):
                wait = spoken().either(
                    f"held.wait_for({number}), or in a task: await held.waiting_for({number})",
                    f"GET /hold?count={number}&wait=5",
                )
                raise SettingsError(
                    f"{self.title}: release({number}), and {len(self._held)} wait. Wait for them first: {wait}"
                )
            gone, self._held = self._held[:number], self._held[number:]
        for latch, _ in gone:
            latch.open()

    def end(self) -> str:
        """Let every request go; what to say of those that still waited, empty when none did."""
        lines = [f"    {one.request.method} {one.request.path}  {one.source}" for _, one in tuple(self._held)]
        self.release()
        if not lines:
            return ""
        return "\n".join(
            [
                f"{self.title} has ended, and {len(lines)} of the requests that it kept had not been released:",
                *lines,
                "  they go on now. Let them go inside the block: held.release()",
            ]
        )

    # ---- the side of the requests

    def take(self, exchange: Exchange) -> Latch:
        """Keep a request; what opens when it may go on."""
        latch = Latch()
        with self._lock:
            if self.is_over:
                latch.open()
                return latch
            self._held.append((latch, exchange))
            exchange.let_go = partial(self.leave, exchange)
            reached = [found for number, found in self._awaited if len(self._held) >= number]
        self._journal.hold_request(exchange)
        for found in reached:
            found.open()
        return latch

    def leave(self, exchange: Exchange) -> None:
        """Keep a request no more: it goes on, or its sender has given up."""
        exchange.let_go = None
        self._journal.release_request(exchange)
        with self._lock:
            self._held = [held for held in self._held if held[1] is not exchange]

    def check_sender(self) -> None:
        """See that this thread may wait here.

        :raises SettingsError: it is the thread that opened the hold, and no other could let it go.
        """
        if threading.current_thread() is self._opener:
            raise SettingsError(
                f"{self.title}: the thread that holds has sent a request itself, and waits for itself.\n"
                "  send it from another thread, or from a task with an async client"
            )


class HeldRequest:
    """One request that a hold keeps: a step on its way."""

    def __init__(self, kept: HeldRequests, exchange: Exchange) -> None:
        self._kept, self._exchange = kept, exchange

    def take(self) -> None:
        """Wait in this thread, as long as the client has patience.

        :raises SettingsError: this is the thread that opened the hold, and no other could let it go.
        """
        self._kept.check_sender()
        latch = self._kept.take(self._exchange)
        try:
            self._passed(is_open=latch.wait(self._exchange.patience.limit))
        finally:
            self._kept.leave(self._exchange)

    async def take_async(self) -> None:
        """Wait in this task, as long as the client has patience."""
        latch = self._kept.take(self._exchange)
        try:
            self._passed(is_open=await latch.wait_async(self._exchange.patience.limit))
        finally:
            self._kept.leave(self._exchange)

    def _passed(self, *, is_open: bool) -> None:
        if is_open:
            self._exchange.notes = (*self._exchange.notes, f"was kept by {self._kept.title}")
        else:
            self._exchange.timed_out_by = self._kept.title
