"""PassedBy: the requests that this double would have had, had a nearer one not been active."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

from handlesfake.exchange.entry_log import EntryLog, Mark

Passed = tuple[tuple[int, str, int], ...]
"""How many entries the journal had, where the nearer double was started, and how many requests it got then."""


class PassedBy:
    """What passed by one double while another answered, in order; neighbours of one kind are counted together.

    :param journal: that of the double which was passed by.
    """

    def __init__(self, journal: EntryLog) -> None:
        self._journal = journal
        self.lock = threading.Lock()
        """Held while one is noted; a fork must not copy it held."""

        self._passed: list[tuple[int, str, int]] = []

    def note(self, place: str) -> None:
        """A double that was started in ``place`` got one more request."""
        with self.lock:
            written = self._journal.total
            last = self._passed[-1] if self._passed else None
            if last is not None and last[:2] == (written, place):
                self._passed[-1] = (written, place, last[2] + 1)
            else:
                self._passed.append((written, place, 1))
            self._journal.note_passed(self._journal.passed + 1)

    def since(self, mark: int) -> Mapping[str, int]:
        """How many requests nearer doubles got after ``mark``, by where they were started."""
        found: Counter[str] = Counter()
        left = mark.passed if isinstance(mark, Mark) else 0  # those came before it, though no entry did
        for written, place, count in self.state():
            skipped = min(left, count)
            left -= skipped
            if written >= mark and count > skipped:
                found[place] += count - skipped
        return found

    def state(self) -> Passed:
        """What :meth:`restore` puts back."""
        return tuple(self._passed)

    def restore(self, passed: Passed) -> None:
        """Go back to an earlier state."""
        with self.lock:
            self._passed = list(passed)
            self._journal.note_passed(sum(count for _, _, count in passed))

    def clear(self) -> None:
        """None passed by: another test begins."""
        self.restore(())
