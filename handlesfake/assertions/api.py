"""Claims: every assertion by name and words, once, for the form that blocks and the form that awaits."""

from __future__ import annotations

from handlesfake.assertions.activity_claims import ActivityClaims
from handlesfake.assertions.claim_base import R
from handlesfake.assertions.invite_claims import InviteClaims
from handlesfake.assertions.request_claims import RequestClaims


class Claims(RequestClaims[R], ActivityClaims[R], InviteClaims[R]):
    """What a test may claim of the traffic of one double.

    Parameters that all share: xuids are users of the test, their roles, or decimal text. ``session`` is a session of
    the test, a session reference or a part of one, a name, or a session's address. ``by`` is the sender. ``since``
    is a mark of ``mpsd.journal.mark()``: earlier requests do not count. ``within`` waits that many real seconds for
    the claim to come true.

    A negative claim (``assert_not_...``, ``times=0``) is an error where it names what can never be, such as
    ``type="Invite"``, unless a request had that value. Where the journal keeps only a part (``journal_limit``), a
    claim that needs the rest fails and says so.

    :raises AssertionError: the claim does not hold; the text shows the nearest thing that was sent.
    :raises TypeError: a xuid is an int, or another value of a wrong type.
    :raises SettingsError: an operation, field or role is unknown, a value can never be, or the call would block an
        event loop.
    """
