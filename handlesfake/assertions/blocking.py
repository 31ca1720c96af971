"""Assertions: say what should have been sent; show the nearest thing that was."""

from __future__ import annotations

from collections.abc import Iterable

from handlesfake.assertions.api import Claims
from handlesfake.assertions.failure import Call
from handlesfake.assertions.soon import Soon
from handlesfake.assertions.waiting import Claim, Waiting, block, silence, throughout, until
from handlesfake.callsite.still_running import in_loop
from handlesfake.errors import SettingsError
from handlesfake.exchange.entry import Entry
from handlesfake.mpsd.assumption import Assumption
from handlesfake.reporting import timeline
from handlesfake.suggestions import nearest
from handlesfake.traffic.records import Activity, Invite
from handlesfake.traffic.traffic import Traffic
from handlesfake.users import User, xuid_of


class Assertions(Claims[None]):
    """What a test reads and claims of the traffic of one double; waiting blocks, for tests outside an event loop."""

    def __init__(self, traffic: Traffic) -> None:
        super().__init__(traffic)
        self.journal = traffic.journal
        """Every request that reached the double, in the order in which the service acted."""

        self._soon = Soon(traffic)

    # ---- to look

    @property
    def invites(self) -> list[Invite]:
        """The invites that MPSD accepted, in order, those whose answer was lost included.

        ``mpsd.invites[0].invited_xuid``, ``.session_ref.name``, ``.invite_attributes.title_id``, ``.by`` ...; each
        equals a mapping of some of its fields: ``assert mpsd.invites == [{"invited_xuid": guest}]``.
        """
        return self._traffic.invites()

    @property
    def activities(self) -> list[Activity]:
        """The activities that MPSD accepted, in order, those whose answer was lost included: the past, not now."""
        return self._traffic.activities()

    @property
    def refused(self) -> list[Entry]:
        """The requests that MPSD said no to, in order: ``.status``, ``.refusal``, ``.document`` ..."""
        return self._traffic.refused()

    def activity_of(self, user: User | str) -> Activity | None:
        """What ``user`` shows now, None for nothing; the newest where there are several."""
        shown = self._traffic.shown_by(xuid_of(user, "mpsd.activity_of()"))
        return shown[-1] if shown else None

    @property
    def assumptions(self) -> list[Assumption]:
        """What the test left unsaid and the fake took for granted, each once; ``instead`` is the line to say it."""
        every = (assumption for entry in self.journal for assumption in entry.assumptions)
        return list(dict.fromkeys(every))

    @property
    def soon(self) -> Soon:
        """The same assertions for an event loop: ``await mpsd.soon.assert_invited("3210", within=1.0)``."""
        return self._soon

    # ---- to claim what takes no waiting

    def assert_no_assumptions(self, except_: Iterable[str] = ()) -> None:
        """Claim that the fake took nothing for granted.

        :param except_: what may be taken for granted: ``caller``, ``session``, ``member``, ``template``.
        :raises SettingsError: ``except_`` names something else.
        """
        __tracebackhide__ = True
        allowed = {except_} if isinstance(except_, str) else set(except_)
        for word in sorted(allowed.difference(_QUESTIONS)):
            hint = nearest(word, _QUESTIONS)
            raise SettingsError(f"except_: {word!r} is never assumed{hint}\n  known: {', '.join(_QUESTIONS)}")
        found = [one for one in self.assumptions if one.question not in allowed]
        if found:
            lines = [f"the fake took {timeline.counted(len(found), 'thing')} for granted:"]
            for one in found:
                lines += [f"  {one.text}. To say it:", f"      {one.instead}"]
            raise AssertionError("\n".join(lines))

    # ---- how this form of the claims waits

    def _claim(self, claim: Claim, call: Call, within: float | None, *, lasting: bool = False) -> None:
        __tracebackhide__ = True
        if within is None:
            text = claim()
            if text is not None:
                raise AssertionError(text)
            return
        wait = throughout if lasting else until
        self._block(wait(claim, within), call.waiting(within))

    def _settle(self, seconds: float, at_most: float) -> None:
        __tracebackhide__ = True
        self._block(silence(self.journal, seconds, at_most), f"await mpsd.soon.settle({seconds:g})")

    def _block(self, waiting: Waiting, instead: str) -> None:
        __tracebackhide__ = True
        if in_loop():
            raise SettingsError(f"this would block the event loop that it runs in. Await it:\n    {instead}")
        block(waiting, self.journal)

    # ---- for the plugin

    def _never_awaited(self) -> list[str]:
        """What of ``mpsd.soon`` was never awaited, a sentence each: the test has claimed less than it says."""
        return self._soon.never_awaited()

    def _section(self, limit: int | None = 10) -> tuple[str, str]:
        """Title and text of the section in a failed test's report; both empty when nothing was sent."""
        entries = list(self.journal)
        if not entries:
            return "", ""
        return timeline.title(entries), timeline.section(entries, limit, self._traffic.roles())


_QUESTIONS = ("caller", "session", "member", "template")
