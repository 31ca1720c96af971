"""Journal: what a test sees of everything that was sent to MPSD."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from handlesfake.exchange.entry import Entry
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.exchange.underway import Underway
from handlesfake.suggestions import AttributeSuggestions


class Journal(AttributeSuggestions, Sequence[Entry]):
    """The entries of one double, in the order in which the service acted.

    ``str(mpsd.journal)`` has a line for each entry, the same in every run: for snapshots.

    :param log: where the double writes.
    :param text: what ``str`` makes of the entries.
    """

    def __init__(self, log: EntryLog, text: Callable[[Sequence[Entry]], str]) -> None:
        self._log = log
        self._text = text

    @property
    def limit(self) -> int | None:
        """How many entries are kept whole, the newest; None for all."""
        return self._log.limit

    @property
    def max_in_flight(self) -> int:
        """The most requests that were under way at once."""
        return self._log.max_in_flight

    @property
    def waiting(self) -> list[Underway]:
        """The requests that holds keep now, in the order of their arrival."""
        return self._log.waiting

    @property
    def in_flight(self) -> int:
        """How many requests are under way now."""
        return self._log.in_flight

    def mark(self) -> int:
        """A mark of now, for ``since=`` of the assertions."""
        return self._log.mark()

    def since(self, mark: int) -> list[Entry]:
        """The entries written after ``mark``.

        :param mark: what :meth:`mark` gave; 0 for all.
        :raises SettingsError: no mark can be that.
        """
        return self._log.since(mark)

    @property
    def newest(self) -> Entry:
        """The entry that was written last.

        :raises IndexError: there is none.
        """
        return self._log.newest

    def forget(self) -> None:
        """Forget what was sent, for claims too; numbers count on."""
        self._log.forget()

    def _how_to_set(self, name: str, value: object) -> str:
        if name == "limit":
            return f"Say it when the double is made: handlesfake.fake(journal_limit={value!r})"
        return "It is what was sent; mpsd.journal.forget() starts again."

    def __len__(self) -> int:
        return len(self._log)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._log)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        return self._log[index]

    def __str__(self) -> str:
        return self._text(tuple(self._log))

    def __repr__(self) -> str:
        return f"<Journal of {self._log.total} requests>"
