"""TrimmedEntries: what claims need of the requests that the journal no longer keeps whole, in little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from handlesfake.exchange.columns import Columns
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.sent import label_of_several, sender_of, sent_fields, session_of
from handlesfake.exchange.trimmed_entry import REF, TEXTS, Left, restored
from handlesfake.json_diff import MISSING

LARGEST = 32 * 1024 * 1024
"""Bytes that they take at most, about. Requests that are alike take some three bytes each, others some hundred."""

_ROWS = 4096
_ROW = 10
"""Bytes of one row of a page that is not full yet: which kind it is, and when."""

_KNOWN = 8
"""Bytes that a kind takes in a page when the page before it has the same one."""

_LONGEST = 256
"""Characters of a text that are kept; MPSD has no longer name."""

_ALIKE = 256
"""For how many requests it is known what is left of another that is alike."""

_LARGE = 1024
"""Bytes of a body beyond which a request is not among these."""

Fits = Callable[[Entry], bool]


class _Page:
    """A few thousand requests in order: each is one of the kinds of this page, at a time."""

    __slots__ = ("columns", "count", "first", "kinds", "weight")

    def __init__(self, first: int) -> None:
        self.first = first
        self.count = 0
        self.kinds: dict[Left, int] = {}
        self.columns = Columns()
        self.weight = 0

    def takes(self, number: int) -> bool:
        """Whether the request of that number is the next one, and there is room."""
        return number == self.first + self.count and self.count < _ROWS

    def add(self, left: Left, ticks: int, known: Mapping[Left, Left]) -> int:
        """One more row; how many bytes it takes.

        :param known: the kinds of the page before this one, to be used again.
        """
        weight = _ROW
        place = self.kinds.get(left)
        if place is None:
            weight += _KNOWN if left in known else left.weight
            place = self.kinds[known.get(left, left)] = len(self.kinds)
        self.columns.append(place, ticks)
        self.count += 1
        self.weight += weight
        return weight

    def pack(self) -> int:
        """Take less memory, as no more rows come; how many bytes less."""
        less = self.columns.pack()
        self.weight -= less
        return less

    def fitting(self, after: int, fits: Fits) -> Iterator[Entry]:
        """The entries after number ``after`` that fit; ``fits`` is asked once for each kind."""
        wanted = {place: left for place, left in enumerate(tuple(self.kinds)) if fits(restored(left, 0, 0))}
        if not wanted:
            return
        rows, ticks = self.columns.read()
        start = max(after + 1 - self.first, 0)
        for number, place in enumerate(rows[start:], self.first + start):
            if place in wanted:
                yield restored(wanted[place], number, ticks[number - self.first])


class TrimmedEntries:
    """Rows for the entries that were dropped, the oldest of which go, page by page, beyond a bound in bytes.

    :param largest: the bound.
    """

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest = largest
        self._pages: list[_Page] = []
        self._weight = 0
        self._known: dict[Left, Left] = {}
        """The kinds of the page before the newest."""

        self._alike: dict[tuple[Any, ...], Left] = {}
        """What is left of those requests that were last: clients ask the same again and again."""

        self._is_sealed = True
        """Whether the newest page may not change: a snapshot has it."""

    @property
    def first(self) -> int | None:
        """The number of the oldest; None when there are none."""
        return self._pages[0].first if self._pages else None

    def add(self, entry: Entry) -> None:
        """Keep what is to be left of ``entry``, the next by number."""
        newest = self._pages[-1] if self._pages else None
        if newest is None or self._is_sealed or not newest.takes(entry.number):
            if newest is not None:
                self._weight -= newest.pack()
                self._known = {left: left for left in newest.kinds}
            self._pages.append(newest := _Page(entry.number))
            self._is_sealed = False
            while self._weight > self._largest and len(self._pages) > 1:
                self._weight -= self._pages.pop(0).weight
        self._weight += newest.add(self._left_of(entry), entry.ticks, self._known)

    def _left_of(self, entry: Entry) -> Left:
        alike = _alike(entry)
        if alike is None:
            return _left_of(entry)
        left = self._alike.get(alike)
        if left is None:
            if len(self._alike) >= _ALIKE:
                self._alike.clear()
            left = self._alike[alike] = _left_of(entry)
        return left

    def fitting(self, after: int, before: int, fits: Fits) -> list[Entry]:
        """The entries with numbers between ``after`` and ``before``, exclusive, for which ``fits`` is true."""
        pages = tuple(self._pages)
        return [
            entry
            for page in pages
            if page.first + page.count > after + 1
            for entry in page.fitting(after, fits)
            if entry.number < before
        ]

    def kinds(self) -> Iterator[Entry]:
        """One entry of each kind of each page; its number is 0."""
        for page in tuple(self._pages):
            yield from (restored(left, 0, 0) for left in list(page.kinds))

    def state(self) -> tuple[_Page, ...]:
        """What :meth:`restore` puts back; nothing is copied."""
        self._is_sealed = True
        return tuple(self._pages)

    def restore(self, state: tuple[Any, ...] = ()) -> None:
        """Go back, or forth, to a state; without one, forget all."""
        self._pages = list(state)
        self._known = {}
        self._weight = sum(page.weight for page in self._pages)
        self._is_sealed = True


def _alike(entry: Entry) -> tuple[Any, ...] | None:
    """What all that is left of a request follows from; None where that is more than this."""
    request, created = entry.request, (entry.created or {}).get("sessionRef", {})
    own = entry.original or entry.response
    if entry.refusal is not None or entry.caller is None or len(request.body) > _LARGE:
        return None
    return (
        entry.operation,
        request.method,
        request.target,
        request.headers.first("Content-Encoding"),
        request.body,
        entry.created is not None,
        *[created.get(name) for name in REF],
        sender_of(entry),
        label_of_several(entry),
        entry.status,
        own.status if own is not None else None,
        entry.fault,
        entry.decided_by,
        entry.assumptions,
    )


def _left_of(entry: Entry) -> Left:
    sent = sent_fields(entry)
    ref = sent.get("sessionRef")
    in_ref = tuple(_cut(ref.get(name, MISSING)) if isinstance(ref, dict) else MISSING for name in REF)
    own = entry.original or entry.response
    return Left(
        operation=entry.operation,
        fields=(*(_cut(sent.get(name, MISSING)) for name in TEXTS), *in_ref),
        session=_completed(entry, in_ref) if entry.created is not None else None,
        sender=sender_of(entry)[:_LONGEST],
        label=label_of_several(entry),
        status=entry.status,
        own_status=own.status if own is not None else None,
        refusal=entry.refusal.kind if entry.refusal is not None else None,
        fault=entry.fault,
        decided_by=entry.decided_by,
        assumptions=entry.assumptions,
    )


def _completed(entry: Entry, in_ref: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The reference of the session, where the service filled in what the request left out."""
    ref = session_of(entry)
    found = tuple(_cut(ref.get(name, MISSING)) for name in REF)
    return None if found == in_ref else found


def _cut(value: Any) -> Any:
    """``value`` where it may be a name; what a client sends there may be anything."""
    if isinstance(value, str):
        return value[:_LONGEST]
    return value if value is MISSING or value is None or type(value) is int else "..."
