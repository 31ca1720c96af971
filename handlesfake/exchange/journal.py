"""Journal: everything that was sent to MPSD, what came of it, and who decided it."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any, Protocol, overload

from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import document_of, type_of
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.state.identity import Caller
from handlesfake.mpsd.ticks import to_datetime

_UNREAD = object()


@dataclass(frozen=True, slots=True)
class Entry:
    """One request and what came of it."""

    number: int
    """Counts from 1 in the order in which the service acted."""

    ticks: int
    """When the service acted, in 100 ns since 1970-01-01 UTC."""

    operation: str
    """The contract's word, ``create_handle``; ``unrouted`` for an address that MPSD does not have."""

    request: Request
    response: Response | None
    """What the service answered, also when the answer was lost; None when it never acted."""

    decided_by: str
    """``mpsd``, ``rule 'busy'``, ``cassette lobby.yaml #3``, ``real service``; ``nobody`` when nothing could."""

    evidence: Evidence | None = None
    caller: Caller | None = None
    refusal: Refusal | None = None
    """Why the service said no, where that is known."""

    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[str, ...] = ()
    created: Mapping[str, Any] | None = None
    """The handle that was created, whole; None when none was."""

    delivered: bool | None = None
    fault: str | None = None
    """How the network failed underneath the answer: ``close``, ``reset``, ``truncated_body``; None when it held."""

    original: Response | None = None
    """What the service itself answered, where a rule let the caller hear ``response`` in its place."""

    client: str = ""
    """The seam that carried the request: ``requests`` ..."""

    thread: str = ""
    """The thread, and in a loop the task, that sent the request."""

    source: str = ""
    """The line of the user's code that sent it: ``party/mpsd.py:31 in call``."""

    straggler: bool = False
    """True when a thread or task sent it that is older than the double: perhaps one of an earlier test."""

    _document: Any = field(default=_UNREAD, init=False, repr=False, compare=False)

    @property
    def document(self) -> Any:
        """The JSON body; None when there is none or it cannot be read. Most are never asked for, and never read."""
        if self._document is _UNREAD:
            object.__setattr__(self, "_document", document_of(self.request))
        return self._document

    @property
    def type(self) -> str:
        """The ``type`` in the body of a request about handles (``activity``), else empty."""
        return type_of(self.document)

    @property
    def at(self) -> datetime:
        """When the service acted, an aware UTC datetime of the virtual clock."""
        return to_datetime(self.ticks)

    @property
    def status(self) -> int | None:
        """The status of the answer; None when the service never acted."""
        return self.response.status if self.response else None

    @property
    def accepted(self) -> bool:
        """Whether the service did as it was asked; also when its answer was lost, or another was heard."""
        own = self.original or self.response
        return own is not None and 200 <= own.status < 300

    @property
    def answer(self) -> Any:
        """The JSON body of the answer; None when there is none."""
        return _json(self.response)

    @property
    def own_answer(self) -> Any:
        """What the service itself tells of its act: the handle that it created, else the JSON body of its answer."""
        return self.created if self.created is not None else _json(self.original or self.response)

    def __repr__(self) -> str:
        # short, and without the headers: a token is among them
        what = f"{self.operation} {self.type}".rstrip()
        return f"<Entry #{self.number} {what}: {self.status or 'no answer'}, decided by {self.decided_by}>"


def _json(response: Response | None) -> Any:
    if response is None or not response.body:
        return None
    try:
        return json.loads(response.body)
    except ValueError:
        return None


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
        self.written = 0
        """How many entries there were, those no longer kept included."""

    def arrive(self) -> None:
        """A request is under way."""
        with self._changed:
            self._in_flight += 1
            self.max_in_flight = max(self.max_in_flight, self._in_flight)

    def depart(self) -> None:
        """A request is no longer under way."""
        with self._changed:
            self._in_flight -= 1

    @property
    def waiting(self) -> list[Underway]:
        """The requests that holds keep now, in the order of their arrival."""
        return list(self._kept)

    def keep(self, exchange: Underway) -> None:
        """A hold keeps a request: it has no entry before the service acts."""
        with self._changed:
            self._kept.append(exchange)

    def let_go(self, exchange: Underway) -> None:
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
            self.written += 1
            entry = make(self.written)
            self._entries.append(entry)
            self._changed.notify_all()
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()
        return entry

    def wait(self, count: int, timeout: float) -> bool:
        """Block until there were more than ``count`` entries, at most ``timeout`` seconds; whether there were."""
        with self._changed:
            return self._changed.wait_for(lambda: self.written > count, timeout)

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after each new entry, from the thread that wrote it; the result ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def mark(self) -> int:
        """A mark of now, for ``since=`` of the assertions."""
        return self.written

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
            self.written = count

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
        return f"<Journal of {self.written} requests>"
