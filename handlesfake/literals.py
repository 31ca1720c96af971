"""The names that calls take, for editors and type checkers."""

# Written by `python -m docs.generate`, from the tables that the calls themselves read.

from __future__ import annotations

from typing import Literal

OperationName = Literal[
    "create_handle",
    "query_handles",
    "get_handle",
    "delete_handle",
    "get_session_by_handle",
    "put_session_by_handle",
    "get_session",
    "put_session",
    "put_session_properties",
    "get_session_properties",
    "get_member",
    "delete_member",
    "get_server",
    "delete_server",
    "query_sessions",
    "batch_query_sessions",
    "list_templates",
    "get_template",
    "set_activity",
    "get_activity",
    "delete_activity",
    "query_activities",
    "send_invites",
    "send_server_invites",
    "update_recent_players",
    "update_server_recent_players",
    "update_recent_player_groups",
]
"""What a request asks of MPSD: for assertions, rules and faults."""

RefusalName = Literal[
    "bad_signature",
    "blocked_by_owner",
    "caller_not_allowed",
    "connection_missing",
    "constant_conflict",
    "content_coding",
    "content_type",
    "contract_version",
    "existing_members",
    "foreign_handle",
    "foreign_moniker",
    "foreign_title",
    "foreign_xuid",
    "handle_needed",
    "handle_version",
    "history_not_modelled",
    "initialization_members",
    "initiator_needed",
    "invalid_field",
    "invalid_filter",
    "invalid_handle_id",
    "invalid_parameter",
    "join_restricted",
    "key_prohibited",
    "malformed_authorization",
    "malformed_body",
    "malformed_request",
    "method_not_allowed",
    "missing_attribute",
    "missing_field",
    "no_privilege",
    "no_such_element",
    "no_such_path",
    "no_title",
    "not_a_member",
    "not_a_search_owner",
    "not_an_owner",
    "not_modelled",
    "not_searchable",
    "origin_needed",
    "others_hidden",
    "others_in_large",
    "owner_inactive",
    "owners_both",
    "owners_missing",
    "owners_only",
    "precondition_failed",
    "privacy_block",
    "request_too_large",
    "reservation_needed",
    "role_full",
    "scid_missing",
    "second_search",
    "self_invite",
    "sender_string",
    "servers_by_user",
    "service_activity",
    "service_scope",
    "service_title",
    "service_users",
    "session_closed",
    "session_full",
    "session_locked",
    "session_missing",
    "session_not_found",
    "session_unreadable",
    "several_in_large",
    "stale_handle",
    "stale_sequence",
    "template_not_found",
    "throttled",
    "token_expired",
    "too_many_xuids",
    "unauthenticated",
    "unavailable",
    "unfiltered_session_query",
    "unknown_caller",
    "unknown_field",
    "unknown_include",
    "unknown_moniker",
    "unqueryable_type",
    "unsupported_handle_type",
]
"""How the service says no: for ``mpsd.refuse``, and ``entry.refusal``."""

FaultName = Literal[
    "broken_chunk",
    "dns_failure",
    "duplicate_delivery",
    "empty_reply",
    "garbage_status_line",
    "hang",
    "read_timeout",
    "refused",
    "reset",
    "reset_after_answer",
    "reset_in_answer",
    "reset_in_body",
    "short_content_length",
    "slow_drip",
    "tls_failure",
    "truncated_body",
    "wrong_content_length",
]
"""How the network fails: for ``mpsd.fault``."""

HandleType = Literal[
    "activity",
    "invite",
    "search",
    "transfer",
]
"""The ``type`` of a handle."""

FaultMoment = Literal[
    "before",
    "after",
]
"""When a fault or a refusal comes: before the service has acted, or after."""

ChoiceSet = Literal["realistic"]
"""Choices that go together, by the name of the set: for ``choices=``."""

LostHow = Literal[
    "close",
    "reset",
    "timeout",
]
"""How the connection of a lost answer ends."""
