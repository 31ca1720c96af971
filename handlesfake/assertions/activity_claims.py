"""ActivityClaims: what a test may claim of the activities that players show now."""

from __future__ import annotations

from handlesfake.assertions import checks
from handlesfake.assertions.claim_base import ClaimBase, R, Where, Who
from handlesfake.assertions.criteria import Criteria
from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.wanted_words import check_words, wanted_session


class ActivityClaims(ClaimBase[R]):
    """The claims about what a player shows, or does not."""

    def assert_activity(self, user: Who, *, session: Where = None, within: float | None = None) -> R:
        """Claim that ``user`` shows an activity now (in ``session``); the past is ``mpsd.activities``."""
        __tracebackhide__ = True
        where = "assert_activity"
        check_words(where, self._traffic, {"within": within})
        xuid = self._traffic.xuid(user, self._traffic.words.call(where))
        ref = wanted_session(session, where, self._traffic)
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
