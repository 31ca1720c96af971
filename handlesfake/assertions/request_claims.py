"""RequestClaims: what a test may claim of requests of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from handlesfake.assertions import checks, verdict
from handlesfake.assertions.claim_base import ClaimBase, R, Where, Who
from handlesfake.assertions.criteria import sought
from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.wanted_words import check_steps, check_words

if TYPE_CHECKING:
    from handlesfake.literals import OperationName

Step: TypeAlias = "OperationName | tuple[OperationName, Mapping[str, Any]]"


class RequestClaims(ClaimBase[R]):
    """The claims about what was sent, how often, and in which order; and silence."""

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
        """Wait until no request is under way and no new one has come for ``seconds`` (real seconds).

        :raises AssertionError: that did not happen within ``at_most`` seconds.
        """
        __tracebackhide__ = True
        check_words("settle", self._traffic, {"seconds": seconds, "at_most": at_most})
        return self._settle(seconds, at_most)
