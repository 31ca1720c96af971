"""PassedBy: the requests that this double would have had, had a nearer one not been active."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

from handlesfake.exchange.entry_log import EntryLog, Mark
from handlesfake.values.values import frozen


@frozen
class Nearer:
    """A double that got requests instead of this one."""

    place: str
    """Where it was started, for messages."""

    is_isolated: bool = False
    """Whether it was asked because it is isolated; else it was started last."""


Passed = tuple[tuple[int, Nearer, int], ...]
"""How many entries the journal had, which nearer double it was, and how many requests it got then."""


class PassedBy:
    """What passed by one double while another answered, in order; neighbours of one kind are counted together.

    :param journal: that of the double which was passed by.
    """

    def __init__(self, journal: EntryLog) -> None:
        self._journal = journal
        self.lock = threading.Lock()
        """Held while one is noted; a fork must not copy it held."""

        self._passed: list[tuple[int, Nearer, int]] = []

    def note(self, nearer: Nearer) -> None:
        """``nearer`` got one more request."""
        with self.lock:
            written = self._journal.total
            last = self._passed[-1] if self._passed else None
            if last is not None and last[:2] == (written, nearer):
                self._passed[-1] = (written, nearer, last[2] + 1)
            else:
                self._passed.append((written, nearer, 1))
            self._journal.note_passed(self._journal.passed + 1)

    def since(self, mark: int) -> Mapping[Nearer, int]:
        """How many requests nearer doubles got after ``mark``, one by one."""
        found: Counter[Nearer] = Counter()
        left = mark.passed if isinstance(mark, Mark) else 0  # those came before it, though no entry did
        for written, nearer, count in self.state():
            skipped = min(left, count)
            left -= skipped
            if written >= mark and count > skipped:
                found[nearer] += count - skipped
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
