"""Open questions about the services that are played beside MPSD, as named choices (docs/open-questions.md)."""

from __future__ import annotations

from typing import Literal

from handlesfake.values.values import frozen


@frozen
class ChoicesBeside:
    """How the fakes of other services answer; a field begins with the name of its service."""

    # ---- Multiplayer Activity

    mpa_stale_sequence: Literal[400, 204] = 400
    """M1: an update whose ``sequenceNumber`` is not greater than the last one; 204 ignores it."""

    mpa_connection_string_limit: int = 512
    """M2: characters of a connection string; Microsoft's Swagger says 512, its concept page less than 256."""

    mpa_foreign_title: Literal["allow", 400] = "allow"
    """M3: a title id in the address that is not that of the token."""

    mpa_inferred_platform: Literal["none", "XboxOne", "Scarlett", "WindowsOneCore"] = "none"
    """M4: the platform that is shown of an activity for which none was sent."""

    mpa_unset_counts: Literal["absent", "zero"] = "absent"
    """M5: how ``maxPlayers`` and ``currentPlayers`` are shown that were not sent."""

    mpa_throttled_values: Literal["text", "number"] = "text"
    """M6: how the numbers in the body of a 429 are written; Microsoft's Swagger calls them strings."""

    mpa_blocked_invitee: Literal[204, 400] = 204
    """M7: an invite of a user who blocks the sender; 204 does not deliver it."""

    mpa_sequence_shown: Literal["text", "number"] = "text"
    """M8: how ``sequenceNumber`` is shown; Microsoft's Swagger says a string, XSAPI's tests have a number."""

    mpa_missing_activity_delete: Literal[204, 400] = 204
    """M9: the deletion of an activity that does not exist."""

    # ---- sign-in

    sign_in_poll_seconds: int = 5
    """S1: how long a client is told to wait before it asks again whether the user has approved its code."""

    sign_in_user_token_hours: int = 336
    """S2: how long a user token is good; 336 hours were captured in 2016, 96 were measured in 2026."""

    sign_in_wrong_token: Literal[401, 403, 400] = 401
    """S3: a token that was not issued, or is of another kind."""
