"""EntryLog: everything that was sent to MPSD, as the parts of a double write and read it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import takewhile
from typing import Any, overload

from handlesfake.errors import SettingsError
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.indexing import item_of
from handlesfake.exchange.trimmed_entries import Fits, TrimmedEntries
from handlesfake.exchange.underway import Underway
from handlesfake.json_diff import short_json
from handlesfake.values.values import frozen


@frozen
class LogState:
    """A log at one moment."""

    entries: tuple[Entry, ...]
    written: int
    """How many entries there had been, those no longer kept included."""

    forgotten: int
    """The number up to which the developer had it forget."""

    trimmed: tuple[Any, ...]
    """What was left of those no longer kept."""


class Mark(int):
    """How many entries there were at a moment; and how many requests had passed by to nearer doubles."""

    passed: int = 0

    @classmethod
    def of(cls, total: int, passed: int) -> Mark:
        """The mark of a moment."""
        mark = cls(total)
        mark.passed = passed
        return mark


class EntryLog(Sequence[Entry]):
    """The entries of one double, in the order in which the service acted; a test is shown a ``Journal`` over it.

    Of entries beyond ``limit`` it keeps what claims need (:class:`TrimmedEntries`), up to a bound in bytes.

    :param limit: how many entries are kept whole at most, the newest; None for all.
    """

    def __init__(self, limit: int | None = None) -> None:
        self._limit = limit
        self._entries: deque[Entry] = deque()
        self._trimmed = TrimmedEntries()
        self._forgotten = 0
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._waiting = 0
        self._listeners: list[Callable[[], None]] = []
        self._in_flight = 0
        self._max_in_flight = 0
        self._kept: list[Underway] = []
        self._total = 0
        self._passed = 0

    @property
    def limit(self) -> int | None:
        """How many entries are kept whole; None for all."""
        return self._limit

    @property
    def max_in_flight(self) -> int:
        """The most requests that were under way at once."""
        return self._max_in_flight

    @property
    def total(self) -> int:
        """How many entries there were, those no longer kept included."""
        return self._total

    @property
    def passed(self) -> int:
        """How many requests nearer doubles got instead."""
        return self._passed

    def note_passed(self, count: int) -> None:
        """Nearer doubles have got ``count`` requests by now."""
        self._passed = count

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while an entry is written; a fork must not copy it held."""
        return self._lock

    def request_started(self) -> None:
        """A request is under way."""
        with self._lock:
            self._in_flight += 1
            if self._in_flight > self._max_in_flight:  # noqa: PLR1730 - max() is a call more for each request
                self._max_in_flight = self._in_flight

    def request_finished(self) -> None:
        """A request is no longer under way."""
        with self._lock:
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
        with self._lock:
            self._total += 1
            entry = make(self._total)
            self._entries.append(entry)
            if self._limit is not None and len(self._entries) > self._limit:
                self._trimmed.add(self._entries.popleft())
            if self._waiting:
                self._changed.notify_all()
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()
        return entry

    def wait(self, count: int, timeout: float) -> bool:
        """Block until there were more than ``count`` entries, at most ``timeout`` seconds; whether there were."""
        with self._changed:
            self._waiting += 1
            try:
                return self._changed.wait_for(lambda: self._total > count, timeout)
            finally:
                self._waiting -= 1

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after each new entry, from the thread that wrote it; the result ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def mark(self) -> int:
        """A mark of now, for ``since=`` of the assertions."""
        return Mark.of(self._total, self._passed)

    def since(self, mark: int) -> list[Entry]:
        """The entries written after ``mark``.

        :param mark: what :meth:`mark` gave; 0 for all.
        :raises SettingsError: no mark can be that.
        """
        if not isinstance(mark, int) or isinstance(mark, bool) or not 0 <= mark <= self._total:
            raise SettingsError(
                f"mpsd.journal.since({short_json(mark)}): a mark is what mpsd.journal.mark() gave, from 0 to "
                f"{self._total} here."
            )
        return self.after(mark)

    def after(self, number: int) -> list[Entry]:
        """The entries with a higher number, whatever it is."""
        if not self._entries or self._entries[-1].number <= number:
            return []
        found = list(takewhile(lambda entry: entry.number > number, reversed(tuple(self._entries))))
        return found[::-1]

    @property
    def newest(self) -> Entry:
        """The entry that was written last.

        :raises IndexError: there is none.
        """
        if not self._entries:
            raise IndexError("mpsd.journal is empty: nothing was sent, or all of it was forgotten.")
        return self._entries[-1]

    # ---- what is no longer kept whole

    def past(self, mark: int, fits: Fits) -> list[Entry]:
        """The entries written after ``mark``, and before them what is left of those no longer kept whole.

        :param fits: which of the latter are wanted; asked once for all that are alike.
        """
        if self.limit is None:
            return self.after(mark)
        with self._changed:
            kept, pages = self.after(mark), self._trimmed
            first = self._entries[0].number if self._entries else self.total + 1
        return [*pages.fitting(max(mark, self._forgotten), first, fits), *kept]

    def trimmed_kinds(self) -> Iterator[Entry]:
        """Of the entries that are no longer kept whole, one for all that are alike."""
        return self._trimmed.kinds()

    def dropped(self, mark: int) -> int:
        """How many entries after ``mark`` are no longer kept whole, those aside that were forgotten on purpose."""
        with self._changed:
            kept = self._entries[0].number if self._entries else self.total + 1
        return max(0, kept - 1 - max(mark, self._forgotten))

    def lost(self, mark: int) -> tuple[int, int] | None:
        """The first and the last number after ``mark`` of which nothing is left; None when there is none."""
        with self._changed:
            kept = self._entries[0].number if self._entries else self.total + 1
            known, after = self._trimmed.first or kept, max(mark, self._forgotten)
        return (after + 1, known - 1) if after + 1 < known else None

    # ---- to go back

    def state(self) -> LogState:
        """What :meth:`restore` puts back."""
        with self._changed:
            return LogState(tuple(self._entries), self.total, self._forgotten, self._trimmed.state())

    def restore(self, state: LogState) -> None:
        """Put back an earlier state, or a later one."""
        with self._changed:
            self._entries.clear()
            self._entries.extend(state.entries)
            self._total, self._forgotten = state.written, state.forgotten
            self._trimmed.restore(state.trimmed)

    def forget(self) -> None:
        """Forget what was sent, for claims too; numbers count on."""
        with self._changed:
            self._entries.clear()
            self._trimmed.restore()
            self._forgotten = self.total

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        return item_of(tuple(self._entries) if isinstance(index, slice) else self._entries, index, "mpsd.journal")
