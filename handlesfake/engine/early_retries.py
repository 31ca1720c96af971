"""TooEarly: which attempts come before the time that the last answer asked for has passed, or have really waited."""

from __future__ import annotations

import math
from time import monotonic

from handlesfake.exchange.entry import Entry
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.values.values import frozen
from handlesfake.vocabulary import spoken

_UNHEARD = 0.01
"""Seconds by which an attempt may come too early: between two readings of a clock some microseconds are lost."""


@frozen
class _Asked:
    number: int
    seconds: int
    ticks: int
    real: float


class TooEarly:
    """Remembers each ``Retry-After`` by its receiver and its operation.

    Time has passed when it has passed on either clock: code that really sleeps is as good as a test that moves the
    virtual clock.
    """

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str, str], _Asked] = {}
        self.waited = 0.0
        """Real seconds that have passed between a ``Retry-After`` and the attempt that follows it; what overlaps
        counts once."""

        self._waited_until = -math.inf

    @property
    def is_waiting(self) -> bool:
        """Whether anybody was asked to wait, so that attempts may come too early."""
        return bool(self._asked)

    def answered(self, entry: Entry) -> None:
        """Remember what the answer in ``entry`` asks for; a later answer without a ``Retry-After`` ends it."""
        response = entry.response
        if response is None:
            return
        asks = response.status in (429, 503) and entry.fault is None
        if not asks and not self._asked:
            return
        after = response.headers.first("Retry-After", "") if asks else ""
        if after and after.isascii() and after.isdigit():
            self._asked[_key(entry)] = _Asked(entry.number, int(after), entry.ticks, monotonic())
        elif self._asked:
            self._asked.pop(_key(entry), None)

    def note(self, entry: Entry, *, is_skipping: bool = False) -> str:
        """``3 s too early: ...`` for an attempt before its time, ``really waited ...`` after one; else empty.

        :param is_skipping: whether sleeps are skipped now, so that this one was not seen.
        """
        asked = self._asked.get(_key(entry)) if self._asked else None
        if asked is None:
            return ""
        now, virtual = monotonic(), (entry.ticks - asked.ticks) / TICKS_PER_SECOND
        really = now - asked.real
        due = asked.seconds - _UNHEARD
        missing = math.ceil(due - max(virtual, really))
        told = f"#{asked.number} asked to wait {asked.seconds} s (Retry-After)"
        if missing >= 1:
            return f"{missing} s too early: {told}"
        if 0 < due <= really and virtual < due:
            self.waited += now - max(asked.real, self._waited_until)
            self._waited_until = now
            return f"really waited {really:.1f} s: {told}; {_UNSEEN if is_skipping else _in_virtual_time()}"
        return ""


def _in_virtual_time() -> str:
    return spoken().either(
        "in virtual time: with mpsd.clock.skip_sleeps()",
        "with handlesfake serve --clock virtual, the test moves the time by POST /clock, and does not have to wait",
    )


_UNSEEN = "skip_sleeps() did not see that sleep: use mpsd.clock.sleep, or asleep, instead"


def _key(entry: Entry) -> tuple[str, str, str]:
    return entry.request.headers.first("Authorization") or "", entry.operation, entry.type
