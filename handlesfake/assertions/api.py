"""Claims: every assertion by name and words, once, for the form that blocks and the form that awaits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from handlesfake.assertions import checks, verdict
from handlesfake.assertions.criteria import Criteria, sought
from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.waiting import Claim
from handlesfake.assertions.wanted_words import check_steps, check_words, wanted_session
from handlesfake.errors import SettingsError
from handlesfake.exchange.sent import sent_fields
from handlesfake.suggestions import AttributeSuggestions
from handlesfake.traffic.traffic import Traffic
from handlesfake.users import User
from handlesfake.world.seeded_session import SeededSession

if TYPE_CHECKING:
    from handlesfake.literals import OperationName

R = TypeVar("R")
Who = User | str
Where = SeededSession | Mapping[str, Any] | str | None
Step: TypeAlias = "OperationName | tuple[OperationName, Mapping[str, Any]]"


class Claims(AttributeSuggestions, ABC, Generic[R]):
    """What a test may claim of the traffic of one double.

    Words that all share: xuids are users of the test, their roles, or decimal text; ``session`` is a session of the
    test, a session reference or a part of one, a name, or a session's address; ``by`` is the sender; ``since`` is a
    mark of ``mpsd.journal.mark()``, and what was sent before it does not count; ``within`` waits that many real
    seconds for the claim to come true.

    A claim that denies (``assert_not_...``, ``times=0``) is an error where it names what can never be, such as
    ``type="Invite"``, unless a request had it all the same. Where the journal keeps a part only (``journal_limit``),
    a claim that would need the rest fails and says so.

    :raises AssertionError: the claim does not hold; the text shows the nearest thing that was sent.
    :raises TypeError: a xuid is an int, or another value of a wrong type.
    :raises SettingsError: an operation, field or role is unknown, a value can never be, or the call would block an
        event loop.
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
        """Claim that each of ``xuids`` was invited (without xuids: any player), and MPSD accepted it.

        An invite whose answer was lost counts.

        :param title_id: the title invited to, as text or number.
        :param context: ``inviteAttributes.context``.
        :param only: that nobody else was invited, and nowhere else.
        :param times: that each was invited exactly so often; without it, at least once.
        """
        __tracebackhide__ = True
        where = "assert_invited"
        attributes = {"titleId": title_id, "context": context}
        said = {name: value for name, value in attributes.items() if value is not None}
        words = {
            "session": session, "title_id": title_id, "context": context, "by": by, "only": only, "times": times,
            "since": since,
        }  # fmt: skip
        check_words(where, self._traffic, {**words, "within": within})
        one = self._invite(where, {"inviteAttributes": said} if said else {}, session, by, accepted=True)
        people = self._xuids(xuids, where)
        if times == 0:
            one.check_possible(where)
        call = ClaimCall(where, xuids, words)
        count = checks.Count(times, since, only)
        each = [checks.invitee(one, xuid) for xuid in people] or [one]
        return self._claim(
            lambda: verdict.sent(checks.invited(one, people, count, call), each, since, is_exact=count.is_exact),
            call,
            within,
        )

    def assert_not_invited(
        self, *xuids: Who, session: Where = None, by: Who | None = None, since: int = 0, within: float | None = None
    ) -> R:
        """Claim that none of ``xuids`` was invited: not even tried, accepted or not.

        :param within: for so many seconds; with threads of your own, else "never" is only "not yet".
        """
        __tracebackhide__ = True
        where = "assert_not_invited"
        people = self._xuids(xuids, where)
        if not people:
            claim = self._traffic.words.call
            raise TypeError(
                f"{claim(where)}: no user is named; name one at least, or claim {claim('assert_no_invites')}."
            )
        check_words(where, self._traffic, {"since": since, "within": within})
        one = self._invite(where, {}, session, by)
        call = ClaimCall(where, xuids, {"session": session, "by": by, "since": since})
        return self._claim(
            lambda: verdict.not_sent(checks.not_invited(one, people, since), [one], since), call, within, lasting=True
        )

    def assert_no_invites(self, *, since: int = 0, within: float | None = None) -> R:
        """Claim that nobody was invited: not even tried, accepted or not."""
        __tracebackhide__ = True
        where = "assert_no_invites"
        check_words(where, self._traffic, {"since": since, "within": within})
        one, call = self._invite(where, {}, None, None), ClaimCall(where, (), {"since": since})
        return self._claim(
            lambda: verdict.not_sent(checks.no_invites(one, since), [one], since), call, within, lasting=True
        )

    # ---- activities

    def assert_activity(self, user: Who, *, session: Where = None, within: float | None = None) -> R:
        """Claim that ``user`` shows an activity now (in ``session``); the past is ``mpsd.activities``."""
        __tracebackhide__ = True
        where = "assert_activity"
        check_words(where, self._traffic, {"within": within})
        xuid, ref = (
            self._traffic.xuid(user, self._traffic.words.call(where)),
            wanted_session(session, where, self._traffic),
        )
        one = Criteria(self._traffic, "create_handle", "activity", session=ref, by=xuid, accepted=True)
        call = ClaimCall(where, (user,), {"session": session})
        return self._claim(lambda: checks.shows(one, call), call, within)

    def assert_no_activity(self, user: Who, *, within: float | None = None) -> R:
        """Claim that ``user`` shows no activity now; with ``within``, that this comes true in time."""
        __tracebackhide__ = True
        where = "assert_no_activity"
        check_words(where, self._traffic, {"within": within})
        xuid = self._traffic.xuid(user, self._traffic.words.call(where))
        call = ClaimCall(where, (user,))
        return self._claim(lambda: checks.shows_nothing(self._traffic, xuid), call, within)

    # ---- requests of every kind

    def assert_sent(
        self,
        operation: OperationName,
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
        where = "assert_sent"
        words = {"times": times, "accepted": accepted, "by": by, "session": session, "since": since}
        check_words(where, self._traffic, {**words, "within": within})
        one = self._sought(where, operation, fields, session, by, accepted)
        if times == 0:
            one.check_possible(where)
        call = ClaimCall(where, (operation,), {**words, **fields})
        count = checks.Count(times, since)
        return self._claim(
            lambda: verdict.sent(checks.sent(one, count, call), [one], since, is_exact=count.is_exact), call, within
        )

    def assert_not_sent(
        self,
        operation: OperationName,
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
        where = "assert_not_sent"
        words = {"accepted": accepted, "by": by, "session": session, "since": since}
        check_words(where, self._traffic, {**words, "within": within})
        one = self._sought(where, operation, fields, session, by, accepted)
        one.check_possible(where)
        call = ClaimCall(where, (operation,), {**words, **fields})
        return self._claim(
            lambda: verdict.not_sent(checks.none_sent(one, since), [one], since), call, within, lasting=True
        )

    def assert_in_order(self, *steps: Step, since: int = 0, within: float | None = None) -> R:
        """Claim that these requests were sent in this order; others may lie between.

        :param steps: two at least; operations, or pairs of operation and fields:
            ``("create_handle", {"type": "activity"})``.
        """
        __tracebackhide__ = True
        where = "assert_in_order"
        check_words(where, self._traffic, {"since": since, "within": within})
        ordered = [
            sought(self._traffic, name, fields, where=where)
            for name, fields in check_steps(steps, self._traffic.words)
        ]
        call = ClaimCall(where, steps, {"since": since})
        return self._claim(lambda: verdict.sent(checks.in_order(ordered, since, call), ordered, since), call, within)

    def settle(self, seconds: float = 0.2, *, at_most: float = 10.0) -> R:
        """Wait until no request has come for ``seconds`` and none is under way; real seconds.

        :raises AssertionError: that was not so after ``at_most`` seconds.
        """
        __tracebackhide__ = True
        check_words("settle", self._traffic, {"seconds": seconds, "at_most": at_most})
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
        sender = self._traffic.xuid(by, self._traffic.words.call(where, "by")) if by is not None else ""
        ref = wanted_session(session, where, self._traffic)
        return sought(self._traffic, operation, fields, where=where, session=ref, by=sender, accepted=accepted)

    def _invite(
        self, where: str, fields: Mapping[str, Any], session: Where, by: Who | None, *, accepted: bool | None = None
    ) -> Criteria:
        return self._sought(where, "create_handle", {"type": "invite", **fields}, session, by, accepted)

    def _xuids(self, given: tuple[Who, ...], where: str) -> list[str]:
        __tracebackhide__ = True
        for one in given:
            if isinstance(one, (list, tuple, set, frozenset)):
                raise TypeError(self._traffic.words.one_by_one(where, "users"))
        return list(dict.fromkeys(self._invitee(one, where) for one in given))

    def _invitee(self, given: Who, where: str) -> str:
        """The xuid; or the text that an attempt invited, whatever it is."""
        __tracebackhide__ = True
        try:
            return self._traffic.xuid(given, self._traffic.words.call(where))
        except SettingsError:
            if any(sent_fields(entry).get("invitedXuid") == given for entry in self._traffic.kinds()):
                return str(given)
            raise
