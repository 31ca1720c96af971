"""Every open question about the service as a named choice with a default.

The numbers are those of the project's list of open questions (``docs/choices.md``). What the reference page
demands is no choice: it is demanded always.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Choices:
    """How the fake answers where public material leaves it open; each field names its question."""

    invite_lifetime_seconds: int = 7200
    """U1: how long an invite lives; nobody has published the length."""

    invite_requires_membership: bool = True
    """U5: an invite by somebody who is not in the session is 403."""

    non_owner_invite: Literal[403, 201] = 403
    """U6: an invite by a member who is no owner, where the session has owners and its policy says nothing."""

    invite_to_self: Literal[201, 400] = 201
    """U7: an invite of oneself."""

    unreachable_invitee: Literal[201, 403] = 201
    """U8: an invite of somebody who blocks the sender, or lacks the multiplayer privilege; 201 does not deliver it."""

    invite_extra_fields: bool = False
    """U4: whether the answer to an invite bears ``createTime``, ``titleId`` and ``ownerXuid`` too."""

    invite_attributes_required: bool = True
    """U10: an invite without ``inviteAttributes`` or without its ``titleId`` is 400."""

    foreign_title: Literal[201, 403] = 201
    """U12: an invite to a title other than the caller's."""

    context_counted: Literal["encoded", "raw"] = "encoded"
    """U13: what the 256 characters of ``context`` are counted over."""

    user_sender_string: Literal[201, 403] = 201
    """U15: ``senderString`` in the invite of a user, who is no service."""

    missing_session: Literal[403, 404, 201] = 403
    """U16, U24: a handle, of any type, to a session that does not exist."""

    inactive_owner: Literal[403, 201] = 403
    """U17: an activity of somebody who is not active in the session."""

    activity_scope: Literal["scid", "session"] = "scid"
    """U20: one activity per user and service configuration, or per member of a session."""

    activity_bumps: int = 1
    """U21: by how much setting an activity raises the session's ``changeNumber`` (captured: 1)."""

    invite_bumps: int = 0
    """U21: by how much an invite raises the session's ``changeNumber``."""

    search_bumps: int = 1
    """U21: by how much a search handle raises the session's ``changeNumber``."""

    transfer_bumps: int = 1
    """U21: by how much a transfer handle raises its target's ``changeNumber`` (captured: 1)."""

    second_search: Literal["replace", 409] = "replace"
    """U22: a search handle for a session that has one already."""

    unsearchable_session: Literal[400, 403, 201] = 400
    """U23: a search handle for a session without the capability ``searchable``."""

    non_owner_search: Literal[403, 201] = 403
    """U23: a search handle by a member who is no owner, where the session has owners."""

    transfer_requires_origin: bool = False
    """U25: whether the caller of a transfer must be in the origin at creation; MPSD is said to check that at use."""

    correlation_handles: bool = False
    """U26: whether a correlation handle is created, as a plain echo with an id; otherwise its type is refused."""

    handle_version_required: bool = False
    """U28: whether a handle request without ``version`` is 400; otherwise it is taken for 1 and echoed."""

    unknown_fields: Literal["ignore", 400] = "ignore"
    """U30: fields of a handle request that MPSD does not know."""

    missing_contract_version: Literal[400, 401, 406] = 400
    """U79, U80: the status when ``X-Xbl-Contract-Version`` is missing, no integer, or below 104."""

    authenticate_header: bool = False
    """U82: whether a 401 bears ``WWW-Authenticate: XBL3.0``."""

    signature_checked: bool = False
    """U84: whether a ``Signature`` that is not base64 of 76 bytes is 401."""

    content_type_checked: bool = False
    """U86: whether a body under another ``Content-Type`` than JSON is 400."""

    service_activity: Literal[403, 400] = 403
    """Section 17: the status when a service sets an activity, which only client APIs can."""

    service_title_header: Literal[400, 403] = 400
    """Section 17: the status when a service calls without ``X-Xbl-OnBehalfOf-Title``."""
