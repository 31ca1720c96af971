"""Claims: every assertion by name and words, once, for the form that blocks and the form that awaits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from handlesfake.assertions import checks
from handlesfake.assertions.criteria import Criteria, sought, wanted_session
from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.waiting import Claim
from handlesfake.suggestions import AttributeSuggestions
from handlesfake.traffic.traffic import Traffic
from handlesfake.users import User, xuid_of
from handlesfake.world.seeded_session import SeededSession

R = TypeVar("R")
Who = User | str
Where = SeededSession | Mapping[str, Any] | str | None
Step = str | tuple[str, Mapping[str, Any]]


class Claims(AttributeSuggestions, ABC, Generic[R]):
    """What a test may claim of the traffic of one double.

    Words that all share: xuids are users of the test or decimal text; ``session`` is a session of the test, a session
    reference or a part of one, or a name; ``by`` is the sender; ``since`` is a mark of ``mpsd.journal.mark()``, and
    what was sent before it does not count; ``within`` waits that many real seconds for the claim to come true.

    :raises AssertionError: the claim does not hold; the text shows the nearest thing that was sent.
    :raises TypeError: a xuid is an int, a session something else.
    :raises SettingsError: an operation or field is unknown, or the call would block an event loop.
    """

    # ---- invites

    def assert_invited(  # noqa: PLR0913 - one optional word for each thing that an invite says
        self,
        *xuids: Who,
        session: Where = None,
        title_id: str | int | None = None,
        context: str | None = None,
        by: Who | None = None,
        only: bool = False,
        times: int | None = None,
        since: int = 0,
        within: float | None = None,
    ) -> R:
        """Claim that each of ``xuids`` was invited, and MPSD accepted it; an invite whose answer was lost counts.

        Without xuids: that anybody was.

        :param title_id: the title invited to, as text or number.
        :param context: ``inviteAttributes.context``.
        :param only: that nobody else was invited, and nowhere else.
        :param times: that each was invited exactly so often; without it, at least once.
        """
        __tracebackhide__ = True
        where = "assert_invited"
        attributes = {"titleId": title_id, "context": context}
        said = {name: value for name, value in attributes.items() if value is not None}
        one = self._invite(where, {"inviteAttributes": said} if said else {}, session, by, accepted=True)
        people = _xuids(xuids, where)
        words = {
            "session": session, "title_id": title_id, "context": context, "by": by, "only": only, "times": times,
            "since": since,
        }  # fmt: skip
        call = ClaimCall(where, xuids, words)
        return self._claim(lambda: checks.invited(one, people, checks.Count(times, since, only), call), call, within)

    def assert_not_invited(
        self, *xuids: Who, session: Where = None, by: Who | None = None, since: int = 0, within: float | None = None
    ) -> R:
        """Claim that none of ``xuids`` was invited: not even tried, accepted or not.

        :param within: for so many seconds; with threads of your own, else "never" is only "not yet".
        """
        __tracebackhide__ = True
        where = "assert_not_invited"
        people = _xuids(xuids, where)
        if not people:
            raise TypeError("assert_not_invited() names nobody: give it a xuid, or write mpsd.assert_no_invites().")
        one = self._invite(where, {}, session, by)
        call = ClaimCall(where, xuids, {"session": session, "by": by, "since": since})
        return self._claim(lambda: checks.not_invited(one, people, since), call, within, lasting=True)

    def assert_no_invites(self, *, since: int = 0, within: float | None = None) -> R:
        """Claim that nobody was invited: not even tried, accepted or not."""
        __tracebackhide__ = True
        one, call = (
            self._invite("assert_no_invites", {}, None, None),
            ClaimCall("assert_no_invites", (), {"since": since}),
        )
        return self._claim(lambda: checks.no_invites(one, since), call, within, lasting=True)

    # ---- activities

    def assert_activity(self, user: Who, *, session: Where = None, within: float | None = None) -> R:
        """Claim that ``user`` shows an activity now (in ``session``); the past is ``mpsd.activities``."""
        __tracebackhide__ = True
        xuid, ref = xuid_of(user, "mpsd.assert_activity()"), wanted_session(session)
        one = Criteria(self._traffic, "create_handle", "activity", session=ref, by=xuid, accepted=True)
        call = ClaimCall("assert_activity", (user,), {"session": session})
        return self._claim(lambda: checks.shows(one, call), call, within)

    def assert_no_activity(self, user: Who, *, within: float | None = None) -> R:
        """Claim that ``user`` shows no activity now; with ``within``, that this comes true in time."""
        __tracebackhide__ = True
        xuid = xuid_of(user, "mpsd.assert_no_activity()")
        call = ClaimCall("assert_no_activity", (user,))
        return self._claim(lambda: checks.shows_nothing(self._traffic, xuid), call, within)

    # ---- requests of every kind

    def assert_sent(
        self,
        operation: str,
        *,
        times: int | None = None,
        accepted: bool | None = None,
        by: Who | None = None,
        session: Where = None,
        since: int = 0,
        within: float | None = None,
        **fields: Any,
    ) -> R:
        """Claim that a request of ``operation`` was sent, attempts that were refused or lost included.

        :param operation: the contract's word: ``create_handle``, ``put_session`` ...
        :param times: exactly so often; without it, at least once.
        :param accepted: True counts only what MPSD accepted, False only what it did not.
        :param fields: what the request says, in snake case or as on the wire; a mapping inside names what matters of
            an object: ``invite_attributes={"context": "x"}``.
        """
        __tracebackhide__ = True
        one = self._sought("assert_sent", operation, fields, session, by, accepted)
        words = {"times": times, "accepted": accepted, "by": by, "session": session, "since": since, **fields}
        call = ClaimCall("assert_sent", (operation,), words)
        return self._claim(lambda: checks.sent(one, checks.Count(times, since), call), call, within)

    def assert_not_sent(
        self,
        operation: str,
        *,
        accepted: bool | None = None,
        by: Who | None = None,
        session: Where = None,
        since: int = 0,
        within: float | None = None,
        **fields: Any,
    ) -> R:
        """Claim that no such request was sent; words as of :meth:`assert_sent`. ``within``: for so many seconds."""
        __tracebackhide__ = True
        one = self._sought("assert_not_sent", operation, fields, session, by, accepted)
        words = {"accepted": accepted, "by": by, "session": session, "since": since, **fields}
        call = ClaimCall("assert_not_sent", (operation,), words)
        return self._claim(lambda: checks.none_sent(one, since), call, within, lasting=True)

    def assert_in_order(self, *steps: Step, since: int = 0, within: float | None = None) -> R:
        """Claim that these requests were sent in this order; others may lie between.

        :param steps: operations, or pairs of operation and fields: ``("create_handle", {"type": "activity"})``.
        """
        __tracebackhide__ = True
        ordered = [self._step(step) for step in steps]
        call = ClaimCall("assert_in_order", steps, {"since": since})
        return self._claim(lambda: checks.in_order(ordered, since, call), call, within)

    def settle(self, seconds: float = 0.2, *, at_most: float = 10.0) -> R:
        """Wait until no request has come for ``seconds`` and none is under way; real seconds.

        :raises AssertionError: that was not so after ``at_most`` seconds.
        """
        __tracebackhide__ = True
        return self._settle(seconds, at_most)

    # ---- what a form of the claims brings along

    @property
    @abstractmethod
    def _traffic(self) -> Traffic:
        """What the claims are about."""

    @abstractmethod
    def _claim(self, claim: Claim, call: ClaimCall, within: float | None, *, lasting: bool = False) -> R:
        """Check ``claim``; with ``lasting`` it must hold for ``within`` seconds, else come true in them."""

    @abstractmethod
    def _settle(self, seconds: float, at_most: float) -> R:
        """Wait for ``seconds`` without a request, at most ``at_most``."""

    # ---- from the words of a test

    def _sought(
        self,
        where: str,
        operation: str,
        fields: Mapping[str, Any],
        session: Where,
        by: Who | None,
        accepted: bool | None,  # noqa: FBT001 - three-valued
    ) -> Criteria:
        sender = xuid_of(by, f"mpsd.{where}(by=)") if by is not None else ""
        ref = wanted_session(session)
        return sought(self._traffic, operation, fields, session=ref, by=sender, accepted=accepted)

    def _invite(
        self, where: str, fields: Mapping[str, Any], session: Where, by: Who | None, *, accepted: bool | None = None
    ) -> Criteria:
        return self._sought(where, "create_handle", {"type": "invite", **fields}, session, by, accepted)

    def _step(self, step: Step) -> Criteria:
        operation, fields = (step, {}) if isinstance(step, str) else step
        return sought(self._traffic, operation, fields)


def _xuids(given: tuple[Who, ...], where: str) -> list[str]:
    __tracebackhide__ = True
    for one in given:
        if isinstance(one, (list, tuple, set, frozenset)):
            raise TypeError(f"mpsd.{where}() takes users one by one: write mpsd.{where}(*xuids), with the star.")
    return list(dict.fromkeys(xuid_of(one, f"mpsd.{where}()") for one in given))
