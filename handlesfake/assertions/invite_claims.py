"""InviteClaims: what a test may claim of invites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlesfake.assertions import checks, verdict
from handlesfake.assertions.claim_base import ClaimBase, R, Where, Who
from handlesfake.assertions.criteria import Criteria
from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.other_services import invitee
from handlesfake.assertions.wanted_words import check_words
from handlesfake.errors import SettingsError
from handlesfake.exchange.sent import sent_fields
from handlesfake.services.table import SERVICES


class InviteClaims(ClaimBase[R]):
    """The claims about who was invited, and who was not."""

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
        service: str | None = None,
        within: float | None = None,
    ) -> R:
        """Claim that each of ``xuids`` was invited, and MPSD accepted it; an invite whose answer was lost counts.

        Without xuids: that anybody was.

        :param title_id: the title invited to, as text or number.
        :param context: ``inviteAttributes.context``.
        :param only: claim that no other player was invited, and to no other session.
        :param times: that each was invited exactly so often; without it, at least once.
        :param service: which service was asked, by name; None for MPSD.
        """
        __tracebackhide__ = True
        where = "assert_invited"
        attributes = {"titleId": title_id, "context": context}
        said = {name: value for name, value in attributes.items() if value is not None}
        words = {
            "session": session, "title_id": title_id, "context": context, "by": by, "only": only, "times": times,
            "since": since, "service": service,
        }  # fmt: skip
        check_words(where, self._traffic, {**words, "within": within})
        fields = {"inviteAttributes": said} if said else {}
        one = self._invite(where, fields, session, by, service, accepted=True)
        people = self._xuids(xuids, where)
        if times == 0:
            one.check_possible(where)
        call = ClaimCall(where, xuids, words)
        count = checks.Count(times, since, only)
        each = [invitee(one, xuid) for xuid in people] or [one]
        return self._claim(
            lambda: verdict.sent(checks.invited(one, people, count, call), each, since, is_exact=count.is_exact),
            call,
            within,
        )

    def assert_not_invited(
        self,
        *xuids: Who,
        session: Where = None,
        by: Who | None = None,
        since: int = 0,
        service: str | None = None,
        within: float | None = None,
    ) -> R:
        """Claim that no request tried to invite any of ``xuids``, accepted or not.

        :param service: which service was asked, by name; None for MPSD.
        :param within: for so many seconds; if your code sends from threads, "never" is else only "not yet".
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
        one = self._invite(where, {}, session, by, service)
        each = [invitee(one, xuid) for xuid in people]
        call = ClaimCall(where, xuids, {"session": session, "by": by, "since": since, "service": service})
        return self._claim(
            lambda: verdict.not_sent(checks.not_invited(one, people, since), each, since), call, within, lasting=True
        )

    def assert_no_invites(self, *, since: int = 0, service: str | None = None, within: float | None = None) -> R:
        """Claim that no request tried to invite a player, accepted or not."""
        __tracebackhide__ = True
        where = "assert_no_invites"
        check_words(where, self._traffic, {"since": since, "within": within})
        one = self._invite(where, {}, None, None, service)
        call = ClaimCall(where, (), {"since": since, "service": service})
        return self._claim(
            lambda: verdict.not_sent(checks.no_invites(one, since), [one], since), call, within, lasting=True
        )

    # ---- from the words of a test

    def _invite(
        self,
        where: str,
        fields: Mapping[str, Any],
        session: Where,
        by: Who | None,
        service: str | None,
        *,
        accepted: bool | None = None,
    ) -> Criteria:
        __tracebackhide__ = True
        call = self._traffic.words.call(where)
        played = self._traffic.played(service, call)
        invites = played.invites
        if invites is None or (not invites.type and (fields or session is not None)):
            what = "have no session, title or context" if invites else "do not exist"
            raise SettingsError(
                f"{call}: invites of {played.label} {what}; claim {self._traffic.words.call('assert_sent')}."
            )
        said = {"type": invites.type} if invites.type else {}
        return self._sought(where, invites.operations[0], {**said, **fields}, session, by, accepted)

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
            fields = [service.invites.field for service in SERVICES.values() if service.invites]
            if any(sent_fields(entry).get(field) == given for entry in self._traffic.kinds() for field in fields):
                return str(given)
            raise
