"""Every open question about the service as a named choice with a default.

The numbers are those of the open questions (``docs/open-questions.md``). What the reference page demands is not a
choice: it is always demanded.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from handlesfake.mpsd.choices_beside import ChoicesBeside
from handlesfake.values.values import frozen


@frozen
class Choices(ChoicesBeside):
    """How the fake answers where public material leaves it open; each field names its question."""

    invite_lifetime_seconds: int = 7200
    """U1: how long an invite lives; the length is not published."""

    invite_requires_membership: bool = True
    """U5: an invite by a user who is not in the session is 403."""

    non_owner_invite: Literal[403, 201] = 403
    """U6: an invite by a member who is not an owner, where the session has owners and its policy says nothing."""

    invite_to_self: Literal[201, 400] = 201
    """U7: an invite of oneself."""

    unreachable_invitee: Literal[201, 403] = 201
    """U8: an invite of a user who blocks the sender, or lacks the privilege to play; 201 does not deliver it."""

    invite_extra_fields: bool = False
    """U4: whether the answer to an invite also has ``createTime``, ``titleId`` and ``ownerXuid``."""

    invite_attributes_required: bool = True
    """U10: an invite without ``inviteAttributes`` or without its ``titleId`` is 400."""

    foreign_title: Literal[201, 403] = 201
    """U12: an invite to a title other than the caller's."""

    context_counted: Literal["encoded", "raw"] = "encoded"
    """U13: what the 256 characters of ``context`` are counted over."""

    user_sender_string: Literal[201, 403] = 201
    """U15: ``senderString`` in the invite of a user, who is not a service."""

    missing_session: Literal[403, 404, 201] = 403
    """U16, U24: a handle, of any type, to a session that does not exist."""

    inactive_owner: Literal[403, 201] = 403
    """U17: an activity of a user who is not active in the session."""

    activity_scope: Literal["scid", "session"] = "scid"
    """U20: one activity per user and service configuration, or per member of a session."""

    activity_bumps: int = 1
    """U21: by how much setting an activity raises the session's ``changeNumber`` (captured under contract 105, logged
    of the retail service under 107: 1)."""

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
    """U23: a search handle by a member who is not an owner, where the session has owners."""

    transfer_requires_origin: bool = False
    """U25: whether the caller of a transfer must be in the origin at creation; MPSD is said to check that at use."""

    transfer_outsider: Literal[403, 200] = 403
    """U25: a join through a transfer handle by a user outside its origin; 200: the target's own rules decide."""

    correlation_handles: bool = False
    """U26: whether a correlation handle is created, as a plain echo with an id; otherwise its type is refused."""

    handle_version_required: bool = False
    """U28: whether a handle request without ``version`` is 400; otherwise it is taken for 1 and echoed."""

    unknown_fields: Literal["ignore", 400] = "ignore"
    """U30: fields of a handle request that MPSD does not know."""

    missing_contract_version: Literal[400, 401, 406] = 400
    """U79, U80: the status when ``X-Xbl-Contract-Version`` is missing, no integer, or below 104."""

    authenticate_header: bool = False
    """U82: whether a 401 has ``WWW-Authenticate: XBL3.0``."""

    signature_checked: bool = False
    """U84: whether a ``Signature`` that is not base64 of 76 bytes is 401."""

    content_type_checked: bool = False
    """U86: whether a body under another ``Content-Type`` than JSON is 400."""

    service_activity: Literal[403, 400] = 403
    """Contract 17: the status when a service sets an activity, which only client APIs can."""

    service_title_header: Literal[400, 403] = 400
    """Contract 17: the status when a service calls without ``X-Xbl-OnBehalfOf-Title``."""

    service_privilege: Literal["account", "stated"] = "account"
    """Contract 17: whether an acting user may play by the account, or only where the service states
    ``;priv=multiplayer`` for that user."""

    # ---- handles as addresses

    get_handle_returns: Literal["handle", "session"] = "handle"
    """U34: what ``GET /handles/{id}`` shows; the page says a session, its own index a handle, and three clients read
    the ``sessionRef`` of a handle from it."""

    unseen_handle: Literal[404, 403] = 404
    """U35: the status of ``GET /handles/{id}`` for a user who may not see the handle."""

    foreign_handle_delete: Literal[403, 404] = 403
    """U37, U38: the deletion of a handle by another user than its owner, or from another title."""

    delete_bumps: int = 1
    """U21: by how much the deletion of an activity, search or transfer handle raises ``changeNumber``."""

    invalid_handle_id: Literal[404, 400] = 404
    """U33: the status for a handle id that is not a GUID, or all zeroes."""

    # ---- sessions

    noop_bumps: bool = False
    """U57: whether a write that changes nothing still raises ``changeNumber``."""

    precondition_shows_session: bool = False
    """U59: whether 412 for ``If-None-Match: *`` on an existing session carries the session; the page has no body."""

    missing_session_get: Literal[204, 404] = 204
    """U61: reading a session that does not exist; a log shows an empty answer, the status page 204."""

    reservation_needed: Literal[403, 400] = 403
    """U62, U69: joining a full, ``visible`` or ``private`` session without a reservation."""

    session_access_denied: Literal[403, 401] = 403
    """U63: reading or writing a session that the caller may not use. XSAPI expects 401 of a write; two logs of the
    retail service show 403."""

    refusal_shows_session: bool = True
    """U64: whether 403 carries the session for a user who may read but not write it."""

    ready_timeout: Literal["inactive", "removed"] = "inactive"
    """U65: what happens to a ready member in time."""

    custom_merge: Literal["shallow", "deep"] = "shallow"
    """Contract 16.1: whether ``custom`` merges by its top-level keys, or at every depth."""

    large_members: int = 10_000
    """U73: the highest ``maxMembersCount`` of a large session; the documents disagree (1000)."""

    connection_required: Literal[400, 200] = 400
    """U75b: an active member without ``connection`` where the capabilities require one."""

    custom_size_limit: int | None = None
    """U76: bytes of one ``custom`` object as JSON; None for no limit."""

    address_without_connectivity: Literal["note", 400] = "note"
    """Contract 8.2: ``secureDeviceAddress`` in a session without ``connectivity``; the status is not published."""

    stated_xuid: Literal["ignore", 403] = "ignore"
    """A member who states another xuid than the token's; one bot has done so for years (contract 7.2)."""

    early_decision: Literal[400, 409] = 400
    """Contract 7.4: ``initializationSucceeded`` while no member waits for it; its sentence is known, not its
    status."""

    qos_evaluation: Literal["thresholds", "none"] = "thresholds"
    """Contract 8.2: whether the measurements between members are compared with the session's requirements, pair by
    pair, or always pass. How the service weighs them is not published."""

    broadcast_name: Literal[400, 201] = 400
    """Contract 8.2: a session with the capability ``broadcast`` that is not named by the broadcaster's xuid; the rule
    is documented, its status is not."""

    full_role: Literal[409, 400, 403] = 409
    """Contract 8.4: a member who takes a role that is full."""

    missing_element: Literal[204, 404] = 204
    """Contract 7.6: the deletion of a missing member or server."""

    element_get_returns: Literal["element", "session"] = "element"
    """Contract 7.6: what reading a member, a server or the properties gives. Only the missing case is documented;
    that a refusal at such an address carries the whole session "even" there speaks for the element itself."""

    template_get_returns: Literal["document", "names"] = "document"
    """U78: what reading one template gives: the template, or (as its page's sample has it) a list."""

    # ---- queries

    xuid_parameter: bool = False
    """U39: whether ``?xuid=`` means ``owners.xuids``; a live query with it and without owners was 400."""

    unknown_include: Literal["ignore", 400] = "ignore"
    """U40, U41: a value of ``include`` that MPSD is not known to read, ``session`` among them."""

    unscoped_query: Literal[200, 403] = 200
    """Contract 19.2: a query for the activities of ``owners.xuids`` without ``scid``. The page calls it a filter that
    may be left out; one client's comment reports 403."""

    handle_query_parameters: Literal["read", "ignore"] = "read"
    """U44, U45: whether ``take``, ``private`` and ``reservations`` count on handle queries, whose page lists them
    in words copied from session queries."""

    private_in_queries: Literal["members", "all"] = "members"
    """U46: which users see private sessions in a handle query."""

    queries_respect_read_restriction: bool = False
    """U47: whether a query leaves out sessions that the caller may not read; a live one did not."""

    query_service_fields: bool = True
    """U49: whether the results of activity queries have ``createTime``, ``inviteProtocol`` and ``gameTypes``."""

    related_visibility: Literal["constant", "full"] = "constant"
    """U50: ``relatedInfo.visibility`` of a full session: its constant, or ``full`` as in session queries."""

    activity_order: Literal["newest", "oldest"] = "newest"
    """U43, U51: which activities come first, and are kept where there are more than a query shows."""

    unknown_moniker: Literal[400, "people"] = 400
    """U53: a moniker other than ``people`` and ``favorites``: refused, or read as ``people``."""

    foreign_moniker: Literal[200, 403] = 200
    """U54: ``monikerXuid`` of another user; a live query with one was answered."""

    any_not_equal: Literal["none", "some"] = "none"
    """Contract 5.3: whether ``tags/any(t: t ne 'x')`` finds handles without the tag, or with some other tag. The page
    of the filters says the first about its example; OData reads it as the second."""

    upper_case_filter: Literal["nothing", "exact"] = "nothing"
    """Contract 5.3: what a tag or string finds that a filter compares, without ``tolower``, with upper-case text."""

    unfiltered_session_query: Literal[400, 403, 404] = 400
    """U77: the status of a session query with neither ``keyword`` nor ``xuid``."""

    # ---- throttling

    throttled_requests_count: bool = True
    """U90: whether requests that were answered 429 count, too."""

    throttle_windows: Literal["fixed", "sliding"] = "fixed"
    """U91: whether a period starts at a first request and ends as a whole, or always reaches back from now."""

    unavailable_retry_after_seconds: int = 5
    """U92: ``Retry-After`` of a 503, which only a rule brings about."""

    debug_header: bool = False
    """U93: whether answers have an ``X-Xbl-Debug``, a made-up one."""

    # ---- the push channel

    rta_sessions: int = 10
    """Contract 11: in how many sessions one connection is tapped. Ten are documented as the maximum, but not what
    happens to an eleventh: here it is silent."""

    rta_lifetime_seconds: int = 7200
    """Contract 11: how long a connection lives; clients count on about two hours."""

    rta_inactive_seconds: int | None = None
    """Contract 19.1: how many seconds after it has ended the service notices a connection, so that its members are
    inactive. None: 30, as documented, on a clock that goes on by itself, and none on one that stands, where they
    would never pass."""

    tap_interval: float = 0.0
    """Contract 19.1: the seconds from one frame with taps to the next; what comes in between is coalesced. The
    service takes about 2.6 to 3 (captured). 0: a frame for each change, because a standing clock would swallow second
    taps."""


USUAL = Choices()
"""The default choices."""

NOTICED_AFTER = 30
"""Seconds after which the service notices a dead connection (contract 19.1, documented)."""

SETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {"realistic": MappingProxyType({"rta_inactive_seconds": NOTICED_AFTER, "tap_interval": 2.6})}
)
"""Choices that go together, by the name of the set. ``realistic``: the paces of the real service, also on a clock
that stands, where the test moves it."""
