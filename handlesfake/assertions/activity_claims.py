"""ActivityClaims: what a test may claim of the activities that players show now."""

from __future__ import annotations

from handlesfake.assertions import activity_checks as checks
from handlesfake.assertions.claim_base import ClaimBase, R, Where, Who
from handlesfake.assertions.criteria import Criteria
from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.wanted_words import check_words, wanted_session
from handlesfake.errors import SettingsError


class ActivityClaims(ClaimBase[R]):
    """The claims about what a player shows, or does not."""

    def assert_activity(
        self, user: Who, *, session: Where = None, service: str | None = None, within: float | None = None
    ) -> R:
        """Claim that ``user`` shows an activity now (in ``session``); the past is ``mpsd.activities``.

        :param service: the service that shows it, by name; None for MPSD.
        """
        __tracebackhide__ = True
        where = "assert_activity"
        check_words(where, self._traffic, {"within": within})
        xuid = self._traffic.xuid(user, self._traffic.words.call(where))
        ref = wanted_session(session, where, self._traffic)
        call = ClaimCall(where, (user,), {"session": session, "service": service})
        shown = self._elsewhere(where, service, xuid)
        if shown is not None:
            if ref:
                words = self._traffic.words
                raise SettingsError(
                    f"{words.call(where)}: activities of {shown.service.label} have no session; "
                    f"leave it out, or claim {words.call('assert_sent')}."
                )
            set_by = Criteria(self._traffic, shown.service.shows_by, by=xuid, accepted=True, service=shown.service)
            return self._claim(lambda: checks.shows_elsewhere(shown, set_by, call), call, within)
        one = Criteria(self._traffic, "create_handle", "activity", session=ref, by=xuid, accepted=True)
        return self._claim(lambda: checks.shows(one, call), call, within)

    def assert_no_activity(self, user: Who, *, service: str | None = None, within: float | None = None) -> R:
        """Claim that ``user`` shows no activity now; with ``within``, that this comes true in time.

        :param service: the service that would show it, by name; None for MPSD.
        """
        __tracebackhide__ = True
        where = "assert_no_activity"
        check_words(where, self._traffic, {"within": within})
        xuid = self._traffic.xuid(user, self._traffic.words.call(where))
        call = ClaimCall(where, (user,), {"service": service})
        shown = self._elsewhere(where, service, xuid)
        if shown is not None:
            return self._claim(lambda: checks.shows_nothing_elsewhere(shown, xuid, self._traffic), call, within)
        return self._claim(lambda: checks.shows_nothing(self._traffic, xuid), call, within)

    def _elsewhere(self, where: str, service: str | None, xuid: str) -> checks.Elsewhere | None:
        """What ``xuid`` shows through a service beside MPSD; None where the claim is about MPSD."""
        traffic, call = self._traffic, self._traffic.words.call(where)
        played = traffic.played(service, call)
        if played.name not in traffic.services:
            return None
        asked = traffic.elsewhere
        if asked is None or played.showing is None:
            instead = traffic.words.call("assert_sent")
            raise SettingsError(f"{call}: only a fake knows what {played.label} shows; claim {instead}.")
        return checks.Elsewhere(played, lambda: asked(played.name, xuid))
