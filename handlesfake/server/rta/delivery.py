"""Delivery: what a double pushes to one connection, from whichever thread it happens in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from handlesfake.double.core import DoubleCore
from handlesfake.exchange.entry import Entry
from handlesfake.mpsd.shoulder_taps import Tap
from handlesfake.server.rta.connection import PushConnection


class Delivery:
    """The taps, the invites and the end of ``connection``, as the double ``core`` has them, until :meth:`stop`.

    What a test arranges was never sent, and so an arranged invite is not pushed.
    """

    def __init__(self, core: DoubleCore, connection: PushConnection) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._world = core.world
        self._journal = core.journal
        self._passed = self._told = self._journal.total
        self._stops = (
            core.taps.listen(self._tapped),
            self._journal.listen(self._written),
            core.fake.watch(self._changed),
        )

    def stop(self) -> None:
        """Deliver nothing any more."""
        for stop in self._stops:
            stop()

    def _tapped(self, taps: Sequence[Tap]) -> None:
        mine = [tap for tap in taps if tap.connection.lower() == self._connection.id]
        if mine:
            with suppress(RuntimeError):  # the server has ended meanwhile
                self._loop.call_soon_threadsafe(self._connection.tap, mine)

    def _changed(self) -> None:
        with suppress(RuntimeError):  # as above
            self._loop.call_soon_threadsafe(self._connection.look)

    def _written(self) -> None:
        newest = self._journal.newest
        is_next, self._passed = newest.number == self._passed + 1, newest.number
        if not is_next or _is_invite(newest):  # others may have been written meanwhile, by other threads
            with suppress(RuntimeError):  # as above
                self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        self._told = min(self._told, self._journal.total - 1)  # a snapshot may have taken it back
        for entry in self._journal.after(self._told):
            self._told = entry.number
            if _is_invite(entry) and entry.created is not None:
                sender = self._world.directory.users.get(entry.created.get("senderXuid", ""))
                self._connection.invite(entry.created, sender.gamertag if sender else "")


def _is_invite(entry: Entry) -> bool:
    return entry.created is not None and entry.type == "invite" and entry.delivered is not False
