"""AssertionsApi: what a test reads and claims of the traffic of its double."""

from __future__ import annotations

from collections.abc import Iterable

from handlesfake.assertions import assumed, blocking
from handlesfake.assertions.api import Claims
from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.nesting import heeding_nearer
from handlesfake.assertions.soon import Soon
from handlesfake.assertions.waiting import Claim
from handlesfake.double.face import Face
from handlesfake.exchange.entry import Entry
from handlesfake.mpsd.assumption import Assumption
from handlesfake.traffic.records import Activity, Invite
from handlesfake.traffic.traffic import Traffic
from handlesfake.users.user import User


class AssertionsApi(Face, Claims[None]):
    """What a test reads and claims of the traffic of one double; waiting blocks, for tests outside an event loop."""

    # ---- to look

    @property
    def invites(self) -> list[Invite]:
        """The invites that MPSD accepted, in order, those whose answer was lost included.

        ``mpsd.invites[0].invited_xuid``, ``.session_ref.name``, ``.invite_attributes.title_id``, ``.by`` ...; each
        equals a mapping of some of its fields: ``assert mpsd.invites == [{"invited_xuid": guest}]``.
        """
        return self._core.traffic.invites()

    @property
    def activities(self) -> list[Activity]:
        """The activities that MPSD accepted, in order, those whose answer was lost included: the past, not now."""
        return self._core.traffic.activities()

    @property
    def refused(self) -> list[Entry]:
        """The requests that MPSD said no to, in order: ``.status``, ``.refusal``, ``.document`` ..."""
        return self._core.traffic.refused()

    def activity_of(self, user: User | str) -> Activity | None:
        """What ``user`` (a role and a xuid too) shows now, None for nothing; the newest where there are several.

        :raises TypeError: the xuid is an int.
        :raises SettingsError: the text is neither a role nor a xuid.
        """
        traffic = self._core.traffic
        shown = traffic.shown_by(traffic.xuid(user, "mpsd.activity_of()"))
        return shown[-1] if shown else None

    @property
    def assumptions(self) -> list[Assumption]:
        """What the test left unsaid and the fake took for granted, each once; ``instead`` is the line to say it."""
        return self._core.traffic.assumptions()

    @property
    def soon(self) -> Soon:
        """The same assertions for an event loop: ``await mpsd.soon.assert_invited("3210", within=1.0)``."""
        return self._core.soon

    # ---- to claim what takes no waiting

    def assert_no_assumptions(self, except_: Iterable[str] = ()) -> None:
        """Claim that the fake took nothing for granted.

        :param except_: what may be taken for granted: ``caller``, ``session``, ``member``, ``template``.
        :raises TypeError: ``except_`` is neither a text nor a list of texts.
        :raises SettingsError: it names something else.
        """
        __tracebackhide__ = True
        allowed = assumed.questions_of(except_)
        self._claim(
            lambda: assumed.nothing_but(allowed, self.assumptions),
            ClaimCall("assert_no_assumptions", (allowed,)),
            None,
        )

    # ---- what this form of the claims brings along

    @property
    def _traffic(self) -> Traffic:
        return self._core.traffic

    def _claim(self, claim: Claim, call: ClaimCall, within: float | None, *, lasting: bool = False) -> None:
        __tracebackhide__ = True
        heeding = heeding_nearer(claim, call, self._core.traffic)
        blocking.demand(heeding, call, within, self._core.journal, lasting=lasting)

    def _settle(self, seconds: float, at_most: float) -> None:
        __tracebackhide__ = True
        blocking.settle(seconds, at_most, self._core.traffic)
