"""Claims that block the thread of the test while they wait: for tests outside an event loop."""

from __future__ import annotations

from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.waiting import Claim, Waiting, refuse_blocking_wait, silence, throughout, until
from handlesfake.callsite.still_running import in_loop
from handlesfake.errors import SettingsError
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.traffic.traffic import Traffic


def demand(claim: Claim, call: ClaimCall, within: float | None, journal: EntryLog, *, lasting: bool) -> None:
    """Check ``claim`` now; with ``within`` real seconds, wait until it holds, or with ``lasting`` as long as it does.

    :param call: the assertion as the test wrote it, for the message.
    :raises AssertionError: the claim does not hold.
    :raises SettingsError: an event loop is running in this thread: to wait would stop it.
    """
    __tracebackhide__ = True
    if within is None:
        text = claim()
        if text is not None:
            raise AssertionError(text)
        return
    wait = throughout if lasting else until
    _block(wait(claim, within), journal, call.waiting(within))


def settle(seconds: float, at_most: float, traffic: Traffic) -> None:
    """Wait at most ``at_most`` real seconds until no request is under way and no new one has come for ``seconds``.

    :raises AssertionError: that did not happen in time.
    :raises SettingsError: an event loop is running in this thread: to wait would stop it.
    """
    __tracebackhide__ = True
    _block(silence(traffic, seconds, at_most), traffic.journal, f"await mpsd.soon.settle({seconds:g})")


def _block(waiting: Waiting, journal: EntryLog, instead: str) -> None:
    __tracebackhide__ = True
    if in_loop():
        raise SettingsError(f"this would block the event loop that it runs in. Await it:\n    {instead}")
    refuse_blocking_wait(waiting, journal)
