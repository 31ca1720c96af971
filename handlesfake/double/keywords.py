"""The keywords that calls take, for editors and type checkers; nothing imports it as it runs."""

# Written by `python -m docs.generate`, from the tables that the calls themselves read.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypedDict

from handlesfake.literals import ChoiceSet, HandleType
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.settings import Dialect
from handlesfake.options.options import Mode, Policy
from handlesfake.users.user import User
from handlesfake.world.seeded_session import SeededSession


class ChoiceWords(TypedDict, total=False):
    """Open questions of the service, answered by a test: ``choices=``."""

    invite_lifetime_seconds: int
    invite_requires_membership: bool
    non_owner_invite: Literal[403, 201]
    invite_to_self: Literal[201, 400]
    unreachable_invitee: Literal[201, 403]
    invite_extra_fields: bool
    invite_attributes_required: bool
    foreign_title: Literal[201, 403]
    context_counted: Literal["encoded", "raw"]
    user_sender_string: Literal[201, 403]
    missing_session: Literal[403, 404, 201]
    inactive_owner: Literal[403, 201]
    activity_scope: Literal["scid", "session"]
    activity_bumps: int
    invite_bumps: int
    search_bumps: int
    transfer_bumps: int
    second_search: Literal["replace", 409]
    unsearchable_session: Literal[400, 403, 201]
    non_owner_search: Literal[403, 201]
    transfer_requires_origin: bool
    transfer_outsider: Literal[403, 200]
    correlation_handles: bool
    handle_version_required: bool
    unknown_fields: Literal["ignore", 400]
    missing_contract_version: Literal[400, 401, 406]
    authenticate_header: bool
    signature_checked: bool
    content_type_checked: bool
    service_activity: Literal[403, 400]
    service_title_header: Literal[400, 403]
    service_privilege: Literal["account", "stated"]
    get_handle_returns: Literal["handle", "session"]
    unseen_handle: Literal[404, 403]
    foreign_handle_delete: Literal[403, 404]
    delete_bumps: int
    invalid_handle_id: Literal[404, 400]
    noop_bumps: bool
    precondition_shows_session: bool
    missing_session_get: Literal[204, 404]
    reservation_needed: Literal[403, 400]
    session_access_denied: Literal[403, 401]
    refusal_shows_session: bool
    ready_timeout: Literal["inactive", "removed"]
    custom_merge: Literal["shallow", "deep"]
    large_members: int
    connection_required: Literal[400, 200]
    custom_size_limit: int | None
    address_without_connectivity: Literal["note", 400]
    stated_xuid: Literal["ignore", 403]
    early_decision: Literal[400, 409]
    qos_evaluation: Literal["thresholds", "none"]
    broadcast_name: Literal[400, 201]
    full_role: Literal[409, 400, 403]
    missing_element: Literal[204, 404]
    element_get_returns: Literal["element", "session"]
    template_get_returns: Literal["document", "names"]
    xuid_parameter: bool
    unknown_include: Literal["ignore", 400]
    unscoped_query: Literal[200, 403]
    handle_query_parameters: Literal["read", "ignore"]
    private_in_queries: Literal["members", "all"]
    queries_respect_read_restriction: bool
    query_service_fields: bool
    related_visibility: Literal["constant", "full"]
    activity_order: Literal["newest", "oldest"]
    unknown_moniker: Literal[400, "people"]
    foreign_moniker: Literal[200, 403]
    any_not_equal: Literal["none", "some"]
    upper_case_filter: Literal["nothing", "exact"]
    unfiltered_session_query: Literal[400, 403, 404]
    throttled_requests_count: bool
    throttle_windows: Literal["fixed", "sliding"]
    unavailable_retry_after_seconds: int
    debug_header: bool
    rta_sessions: int
    rta_lifetime_seconds: int
    rta_inactive_seconds: int | None
    tap_interval: float
    mpa_stale_sequence: Literal[400, 204]
    mpa_connection_string_limit: int
    mpa_foreign_title: Literal["allow", 400]
    mpa_inferred_platform: Literal["none", "XboxOne", "Scarlett", "WindowsOneCore"]
    mpa_unset_counts: Literal["absent", "zero"]
    mpa_throttled_values: Literal["text", "number"]
    mpa_blocked_invitee: Literal[204, 400]
    mpa_sequence_shown: Literal["text", "number"]
    mpa_missing_activity_delete: Literal[204, 400]
    sign_in_poll_seconds: int
    sign_in_user_token_hours: int
    sign_in_wrong_token: Literal[401, 403, 400]


class SharedWords(TypedDict, total=False):
    """What every double may be told."""

    record_hosts: Sequence[str] | str
    not_secret: Sequence[str] | str
    volatile_fields: Sequence[str] | str
    repeats: Literal["reads", "last", "error"]
    shift_times: bool
    max_age: timedelta | None
    old: Literal["warn", "fail"]
    rules: Sequence[Path | str] | Path | str
    templates: Sequence[Path | str] | Path | str
    state: Sequence[Path | str] | Path | str
    strict: bool
    dialect: Dialect
    throttling: bool
    choices: Choices | ChoiceWords | ChoiceSet | Sequence[ChoiceWords | ChoiceSet]
    unrouted: Literal["warn", "fail"]
    hosts: Sequence[str] | str
    services: Sequence[str] | str
    scid: str
    template_name: str
    title_id: str
    now: datetime | str | None
    clock: Literal["virtual", "system"]


class MarkerWords(SharedWords, total=False):
    """Those of the marker ``mpsd`` and of the fixture ``mpsd_config``."""

    mode: Mode | None
    cassette: Path | str | bool | None


class DoubleWords(SharedWords, total=False):
    """Of ``replay``, ``record``."""

    pseudonym_key: Path | str | None
    cassette_cache: Path | str | None
    name: str
    journal_limit: int | None
    isolated: bool


class FakeWords(DoubleWords, total=False):
    """Those of ``fake()``."""

    mode: Mode | None
    cassette: Path | str | None
    record: Policy
    credentials: Mapping[str, Mapping[str, Any]] | None


class UserWords(TypedDict, total=False):
    """What ``mpsd.user()`` says of a player."""

    xuid: str
    gamertag: str
    title_id: str
    follows: Iterable[User | str]
    favorites: Iterable[User | str]
    blocks: Iterable[User | str]
    multiplayer: bool
    authorization: str
    user_hash: str
    device_token: str
    signs_in: str


class ConditionWords(TypedDict, total=False):
    """A condition, instead of a value."""

    equals: Any
    one_of: Sequence[Any]
    like: str | Sequence[str]
    matches: str
    absent: bool
    at_least: float
    at_most: float


WhenWords = TypedDict(
    "WhenWords",
    {
        "access_token": "Any",
        "app_id": "Any",
        "client_id": "Any",
        "client_secret": "Any",
        "code": "Any",
        "code_verifier": "Any",
        "connection_string": "Any",
        "constants": "Any",
        "current_players": "Any",
        "custom": "Any",
        "device_code": "Any",
        "device_token": "Any",
        "filter": "Any",
        "global": "Any",
        "grant_type": "Any",
        "group_id": "Any",
        "handle_id": "Any",
        "id": "Any",
        "invite_attributes": "Any",
        "invited_users": "Any",
        "invited_xuid": "Any",
        "join_restriction": "Any",
        "max_players": "Any",
        "member": "Any",
        "members": "Any",
        "offers": "Any",
        "order_by": "Any",
        "origin_session_ref": "Any",
        "owners": "Any",
        "platform": "Any",
        "proof_key": "Any",
        "properties": "Any",
        "query": "str | Sequence[str] | ConditionWords",
        "recent_player_groups": "Any",
        "recent_players": "Any",
        "recent_players_by_xuid": "Any",
        "redirect_uri": "Any",
        "refresh_token": "Any",
        "relying_party": "Any",
        "response_type": "Any",
        "role_types": "Any",
        "sandbox": "Any",
        "scid": "Any",
        "scope": "Any",
        "search_attributes": "Any",
        "sender": "Any",
        "sequence_number": "Any",
        "server": "Any",
        "servers": "Any",
        "session_id": "Any",
        "session_members": "Any",
        "session_ref": "Any",
        "site_name": "Any",
        "system": "Any",
        "template_name": "Any",
        "title": "Any",
        "title_id": "Any",
        "token_type": "Any",
        "type": "HandleType | Sequence[HandleType] | ConditionWords",
        "use_modern_gamertag": "Any",
        "users": "Any",
        "version": "Any",
        "xuid": "Any",
        "xuids": "Any",
        "caller": "User | str | Sequence[User | str] | ConditionWords",
        "session": "SeededSession | Mapping[str, str] | str | Sequence[SeededSession | str] | ConditionWords",
        "invitee": "User | str | Sequence[User | str] | ConditionWords",
        "method": "str | Sequence[str] | ConditionWords",
        "path": "str | Sequence[str] | ConditionWords",
        "headers": "Mapping[str, str | Sequence[str] | ConditionWords]",
        "state": "Mapping[str, str | Sequence[str]]",
        "nth": "int | str",
        "fields": "Mapping[str, Any]",
    },
    total=False,
)
"""What a request must be like; other fields of requests are under ``fields``."""
