"""Journal: everything that was sent to MPSD, what came of it, and who decided it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import takewhile
from typing import Any, Protocol, overload

from handlesfake.exchange.entry import Entry
from handlesfake.mpsd.http.message import Request


class Underway(Protocol):
    """A request that has no entry yet: the service has not acted."""

    @property
    def request(self) -> Request:
        """What is asked."""

    @property
    def client(self) -> str:
        """Through what it was sent, as in :attr:`Entry.client`."""

    @property
    def thread(self) -> str:
        """Who sent it, as in :attr:`Entry.thread`."""

    @property
    def source(self) -> str:
        """The line of the code under test that sent it, as in :attr:`Entry.source`."""


class Journal(Sequence[Entry]):
    """The entries of one double, in the order in which the service acted.

    :param limit: how many entries are kept at most, the newest; None for all.
    """

    def __init__(self, limit: int | None = None) -> None:
        self._entries: deque[Entry] = deque(maxlen=limit)
        self._changed = threading.Condition()
        self._listeners: list[Callable[[], None]] = []
        self._in_flight = 0
        self.max_in_flight = 0
        """The most requests that were under way at once."""

        self._kept: list[Underway] = []
        self.total = 0
        """How many entries there were, those no longer kept included."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while an entry is written; a fork must not copy it held."""
        return self._changed

    def request_started(self) -> None:
        """A request is under way."""
        with self._changed:
            self._in_flight += 1
            self.max_in_flight = max(self.max_in_flight, self._in_flight)

    def request_finished(self) -> None:
        """A request is no longer under way."""
        with self._changed:
            self._in_flight -= 1

    @property
    def waiting(self) -> list[Underway]:
        """The requests that holds keep now, in the order of their arrival."""
        return list(self._kept)

    def hold_request(self, exchange: Underway) -> None:
        """A hold keeps a request: it has no entry before the service acts."""
        with self._changed:
            self._kept.append(exchange)

    def release_request(self, exchange: Underway) -> None:
        """It keeps the request no more."""
        with self._changed:
            self._kept = [kept for kept in self._kept if kept is not exchange]

    @property
    def in_flight(self) -> int:
        """How many requests are under way now."""
        return self._in_flight

    def append(self, make: Callable[[int], Entry]) -> Entry:
        """Write the entry that ``make`` gives for its number, and wake who waits."""
        with self._changed:
            self.total += 1
            entry = make(self.total)
            self._entries.append(entry)
            self._changed.notify_all()
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()
        return entry

    def wait(self, count: int, timeout: float) -> bool:
        """Block until there were more than ``count`` entries, at most ``timeout`` seconds; whether there were."""
        with self._changed:
            return self._changed.wait_for(lambda: self.total > count, timeout)

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after each new entry, from the thread that wrote it; the result ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def mark(self) -> int:
        """A mark of now, for ``since=`` of the assertions."""
        return self.total

    def since(self, mark: int) -> list[Entry]:
        """The entries written after ``mark``."""
        found = list(takewhile(lambda entry: entry.number > mark, reversed(tuple(self._entries))))
        return found[::-1]

    @property
    def newest(self) -> Entry:
        """The entry that was written last.

        :raises IndexError: there is none.
        """
        return self._entries[-1]

    def restore(self, entries: Sequence[Entry], count: int) -> None:
        """Put back an earlier state."""
        with self._changed:
            self._entries.clear()
            self._entries.extend(entries)
            self.total = count

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        return list(tuple(self._entries)[index]) if isinstance(index, slice) else self._entries[index]

    def __repr__(self) -> str:
        return f"<Journal of {self.total} requests>"
