"""What the verdict on a test must know about its double, beyond what the test itself asserts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from handlesfake.double.core import DoubleCore
from handlesfake.double.swallowed import WANTED, told_once
from handlesfake.exchange.entry import Entry
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.shoulder_taps import Tap

if TYPE_CHECKING:
    from handlesfake.cassettes.recording.masking import Masking
    from handlesfake.cassettes.replay.player import Player


class DoubleMonitor:
    """Follows one double through one test, from its start or from now on."""

    def __init__(self, core: DoubleCore) -> None:
        self.core = core
        self.unheard = core.swallowed
        """Requests that its double could not answer, and that were not reported."""

        self.is_wider = False
        """Whether the double was there before the test."""

        self._since = core.journal.total
        self._waited_before = core.engine.waited_really
        self._rules = core.tracker.unfired()
        """Rules that are not this test's own."""

        self._taken_back: list[Entry] = []
        """The entries of this test that checkpoints took back."""

        self._taps_before = tuple(core.taps)
        self._taps_taken_back: list[Tap] = []
        self.taps: Sequence[Tap] = ()
        """What was pushed in this test, as of the last :meth:`look`."""

        self.entries: Sequence[Entry] = ()
        """What was sent in this test, as of the last :meth:`look`."""

        self.stored: dict[str, bool] = {}
        """The rules of files that the test had, and whether each has acted, as of the last :meth:`look`."""

        self.failed = False
        """The test did not pass: what it recorded is not to be trusted."""

        core.before_restore = (*core.before_restore, self._take_back)

    def fail(self) -> None:
        """The test did not pass: the recording of its own double is not to be trusted."""
        self.failed = True
        self.core.failed = self.core.failed or not self.is_wider

    @property
    def waited_really(self) -> float:
        """Real seconds that this test's clients have waited for a ``Retry-After``."""
        return self.core.engine.waited_really - self._waited_before

    def close(self) -> None:
        """Follow it no more."""
        self.core.before_restore = tuple(one for one in self.core.before_restore if one != self._take_back)

    def pass_over(self) -> None:
        """What there is by now is not this test's own: a fixture of wider scope has made it."""
        self._rules = self.core.tracker.unfired()
        self._since = self.core.journal.total
        self._waited_before = self.core.engine.waited_really
        self._taps_before = tuple(self.core.taps)
        self.entries = ()

    def _take_back(self, mark: int) -> None:
        self.look()
        self._taken_back += self.core.journal.since(max(mark, self._since))
        self._taps_taken_back = list(self.taps)

    @property
    def users(self) -> dict[str, str]:
        """The users that the test has made, xuid to role."""
        return self.core.traffic.roles()

    @property
    def player(self) -> Player | None:
        """What plays the test's cassette; None when it has none."""
        return self.core.mode.player

    @property
    def masking(self) -> Masking | None:
        """What masks the shown traffic of the test while it is real; None where it has no real people."""
        return self.core.masking

    def shown_entries(self) -> list[Entry]:
        """:attr:`entries` as they may be shown."""
        return [self.core.shown(entry) for entry in self.entries]

    def look(self) -> None:
        """Take note of what the journal holds now; called before fixtures end, some of which take it back."""
        entries = [*self._taken_back, *self.core.journal.after(self._since)]
        if len(entries) >= len(self.entries):
            self.entries = entries
        self._look_at_taps()
        for rule, _, acted in self.core.rules.counts():
            if rule.from_file:
                told = f"{rule.place}: {rule.title if rule.name else 'this rule'}"
                self.stored[told] = self.stored.get(told, False) or acted > 0

    def _look_at_taps(self) -> None:
        if not (self.taps or self._taps_taken_back or self.core.taps):
            return
        known = {id(tap) for tap in (*self._taps_before, *self._taps_taken_back)}
        taps = [*self._taps_taken_back, *(tap for tap in self.core.taps if id(tap) not in known)]
        if len(taps) >= len(self.taps):
            self.taps = taps

    def problems(self, *, swallowed: bool) -> list[str]:
        """What must fail the test although its code raised nothing; each is told once.

        :param swallowed: nothing was raised; otherwise the error may be the very failure of the test.
        """
        found = self.unheard.misses()
        hint = [WANTED] if swallowed and found else []
        never_awaited = self.core.soon.never_awaited()
        self.look()
        if self.unheard.is_over:
            never_acted = self.core.tracker.never_acted_at_all(self.entries)
        else:
            never_acted = self.core.tracker.never_acted(self.entries, self._rules)
        return [*told_once(found), *hint, *never_awaited, *never_acted, *self._differs()]

    def _differs(self) -> list[str]:
        """Where the fake would have answered otherwise: only a verifying double knows."""
        told = getattr(self.player, "told", None)
        text = told() if told is not None else ""
        return [text] if text else []

    def unrouted(self) -> list[str]:
        """Warn of addresses that MPSD does not have, each once, or return them where they are to fail the test."""
        self.look()
        return self.unheard.unrouted(self.entries)


def escaped(since: int) -> list[str]:
    """What asked for MPSD without a double after the first ``since`` such requests of the session."""
    return told_once(registry.escapes[since:])
