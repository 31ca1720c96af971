"""Misses: the requests that nothing could answer, bounded for doubles that live long."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from handlesfake.errors import Unanswered

KEPT = 1000
"""How many are kept, the newest: a served replay may run for days, and each text is long."""


class Misses:
    """What nothing could answer, in order; :attr:`count` goes on where the oldest are no longer kept."""

    def __init__(self) -> None:
        self._kept: deque[Unanswered] = deque(maxlen=KEPT)
        self.count = 0
        """How many there were."""

    def append(self, error: Unanswered) -> None:
        """One more."""
        self._kept.append(error)
        self.count += 1

    def since(self, count: int) -> list[Unanswered]:
        """Those that came after there had been ``count``, as far as they are kept."""
        new = self.count - count
        return list(self._kept)[-new:] if new > 0 else []

    def take(self, count: int) -> list[Unanswered]:
        """As :meth:`since`; they are gone then, as if they had never been."""
        found = self.since(count)
        for _ in found:
            self._kept.pop()
        self.count = min(self.count, count)
        return found

    def clear(self) -> None:
        """None of them was."""
        self.take(0)

    def __iter__(self) -> Iterator[Unanswered]:
        return iter(tuple(self._kept))
