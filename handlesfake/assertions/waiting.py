"""Waiting: until a claim holds, as long as it holds, or for silence; other modules decide what blocks, and how."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator

from handlesfake.exchange.entry_log import EntryLog
from handlesfake.traffic.traffic import Traffic

Claim = Callable[[], "str | None"]
"""Gives the text of the failure as things stand; None when the claim holds."""

Waiting = Generator[float, None, None]
"""Yields for how many seconds to wait for the next entry at most; raises AssertionError when it has failed."""

Now = Callable[[], float]


def until(claim: Claim, within: float, now: Now = time.monotonic) -> Waiting:
    """Until ``claim`` holds, at most ``within`` real seconds."""
    __tracebackhide__ = True
    deadline = now() + within
    while (text := claim()) is not None:
        left = deadline - now()
        if left <= 0:
            raise AssertionError(text)
        yield left


def throughout(claim: Claim, within: float, now: Now = time.monotonic) -> Waiting:
    """For ``within`` real seconds, as long as ``claim`` holds."""
    __tracebackhide__ = True
    deadline = now() + within
    while True:
        text = claim()
        if text is not None:
            raise AssertionError(text)
        left = deadline - now()
        if left <= 0:
            return
        yield left


def silence(traffic: Traffic, seconds: float, at_most: float, now: Now = time.monotonic) -> Waiting:
    """At most ``at_most`` real seconds, until no request is under way and no new one has come for ``seconds``."""
    __tracebackhide__ = True
    journal, end = traffic.journal, now() + at_most
    instead = traffic.words.waiting("assert_sent", ("...",), {}, 1.0, str)
    while True:
        count, deadline = journal.total, now() + seconds
        while journal.total == count and (left := deadline - now()) > 0:
            yield left
        if journal.total == count and not journal.in_flight:
            return
        if now() >= end:
            raise AssertionError(
                f"MPSD did not settle in {at_most:g} s: {journal.total} requests so far, {journal.in_flight} under "
                f"way, and never {seconds:g} s of silence.\n"
                f"  end what goes on sending, or wait for what you need: {instead}"
            )


def refuse_blocking_wait(waiting: Waiting, journal: EntryLog) -> None:
    """Go through ``waiting``, blocking this thread; each new entry wakes it."""
    __tracebackhide__ = True
    while True:
        # read before the claim is, so that no entry is missed in between
        count = journal.total
        try:
            left = next(waiting)
        except StopIteration:
            return
        journal.wait(count, left)
