"""Ways out: for each refusal by name, what to do about it in production and in a test."""

from __future__ import annotations

from collections.abc import Mapping

from handlesfake.vocabulary import spoken

_BODY = "In production: correct the body. In a test: mpsd.refused[-1].request.body is what was sent."
_QUERY = "In production: correct the query. In a test: mpsd.refused[-1].request.query is what was sent."
_RULE = "In a test: give the rule that says so its word times."
_ACCOUNTS = (
    *("account_banned", "parental_restriction", "no_xbox_account", "terms_not_accepted", "country_not_authorized"),
    *("age_not_verified", "screen_time_over", "child_account", "content_isolation", "gamertag_change_needed"),
    "signed_in_elsewhere",
)
_JOIN = 'In a test: mpsd.session("lobby-1").join(guest).'

BAD_DAYS = ("stale_handle", "session_full", "precondition_failed", "throttled", "unavailable")
"""What can happen to a correct request: the way out is the same for every refuser."""

IN_OTHER_WORDS: Mapping[str, str] = {
    "malformed_authorization": "header Authorization is not of the form XBL3.0 x=<user hash>;<XSTS token>",
    "bad_signature": "header Signature is not base64 of 76 bytes",
    "not_a_search_owner": "where a session has owners, only they may make it searchable",
    "second_search": "the session has a search handle already",
    "privacy_block": "the invited user blocks the caller, or lacks the multiplayer privilege",
    "foreign_title": "the title of the request is not the title of the token",
    "sender_string": "only a service may set inviteAttributes.senderString",
    "self_invite": "a user cannot invite themselves",
    "service_scope": "with X-Xbl-Deny-Scope: Multiplayer.Manage the call needs an acting user",
    "stale_handle": "the handle is gone: deleted, expired, or its session ended",
    "session_full": "the session has as many members as its template allows",
    "precondition_failed": (
        "the session has changed since: the ETag of If-Match (or If-None-Match: *) does not hold any more"
    ),
    "wrong_token": "the token was not issued here, or it is of another kind or for another service than is taken",
    "throttled": "too many requests; the header Retry-After of the answer says how many seconds to wait",
    "unavailable": "the service is not available now",
}
"""What happened, where the service's own sentence does not say it well, or there is none."""

WAYS_OUT: Mapping[str, str] = {
    "malformed_request": (
        "In production and in a test: let the client write Host, Content-Length and Transfer-Encoding by itself."
    ),
    "no_such_path": "In production and in a test: MPSD's addresses begin with /handles or /serviceconfigs/{scid}.",
    "history_not_modelled": "In a test: answer it by a rule with the body that the tool needs; see docs/evidence.md.",
    "method_not_allowed": "In production and in a test: correct the method of the request.",
    "malformed_authorization": (
        "In production: send the XSTS token in that form. In a test: give the code under test host.authorization."
    ),
    "bad_signature": (
        "In production: sign the request, or leave the header out. In a test: leave choices.signature_checked off."
    ),
    "malformed_body": _BODY,
    "content_coding": "In production and in a test: send the body plain or as gzip.",
    "request_too_large": "This is a limit of the fake, not a fact about MPSD.",
    "content_type": (
        "In production: send Content-Type: application/json. In a test: leave choices.content_type_checked off."
    ),
    "missing_field": _BODY,
    "missing_attribute": (
        "In production: every known client sends it. In a test: choices.invite_attributes_required=False accepts it."
    ),
    "invalid_field": _BODY,
    "handle_version": 'In production and in a test: send "version": 1, a number.',
    "unknown_field": 'In production: leave it out. In a test: choices.unknown_fields="ignore" accepts it.',
    "unsupported_handle_type": "In production and in a test: the types are activity, invite, search, transfer.",
    "template_not_found": (
        "In production: publish the template. In a test: describe it; if the test describes no templates, any name "
        "is accepted."
    ),
    "not_a_search_owner": "In production and in a test: let an owner create the search handle.",
    "not_searchable": "In production: set the capability in the template. In a test: mpsd.session(constants=...).",
    "second_search": (
        'In production: delete that one first. In a test: choices.second_search="replace" replaces it.'
    ),
    "privacy_block": (
        "In production: tell the player. In a test: choices.unreachable_invitee=201 accepts it, undelivered."
    ),
    "foreign_title": "In production: invite to the token's own title. In a test: mpsd.user(title_id=...).",
    "sender_string": "In production: leave it out. In a test: choices.user_sender_string=201 ignores it.",
    "self_invite": (
        "In production: leave the sender out of the list. In a test: choices.invite_to_self=201 accepts it."
    ),
    "service_activity": (
        "In production: let the player's own client set the activity. "
        "In a test: give the code that does it host.authorization, not mpsd.service()."
    ),
    "service_title": (
        "In production: a service names its title on every call. In a test: service.headers(host) has all it takes."
    ),
    "service_users": (
        "In production: list the acting users, xuid by xuid. In a test: service.headers(host) has all it takes."
    ),
    "service_scope": "In production: name one in X-Xbl-OnBehalfOf-Users. In a test: service.headers(host).",
    "stale_handle": (
        "In production: ask for the handle again, or tell the player that the game is over. "
        "In a test: create it before it is used, or look at what ended it above."
    ),
    "session_full": (
        "In production: tell the player. In a test: seed fewer members, or constants={'maxMembersCount': ...}."
    ),
    "precondition_failed": (
        "In production: take the session in the answer, change it again, send it with its new ETag. "
        "In a test: read the session right before the write."
    ),
    "throttled": (
        "In production: wait that long before sending it again. In a test: mpsd.clock.skip_sleeps() skips that wait."
    ),
    "unavailable": (
        "In production: send it again later, with growing pauses. In a test: limit the rule with times=."
    ),
    # ---- queries
    "unqueryable_type": _BODY,
    "owners_missing": _BODY,
    "owners_both": _BODY,
    "scid_missing": _BODY,
    "unknown_moniker": _BODY,
    "foreign_moniker": "In production: ask for the caller's own people. In a test: send the caller's xuid there.",
    "too_many_xuids": "In production and in a test: ask for a hundred users at a time.",
    "unknown_include": _QUERY,
    "invalid_parameter": _QUERY,
    "others_hidden": (
        "In production: let a service ask. In a test: service = mpsd.service(); service.headers(host)."
    ),
    "invalid_filter": _BODY,
    "unfiltered_session_query": _QUERY,
    # ---- sessions
    "session_unreadable": "In production: join first, or loosen readRestriction. " + _JOIN,
    "join_restricted": "In production: join by an invite, or loosen joinRestriction. " + _JOIN,
    "session_closed": "In production: tell the player, or open it again. In a test: leave closed out of properties.",
    "session_locked": "In production: tell the player, or unlock it. In a test: leave locked out of properties.",
    "reservation_needed": "In production: have a member reserve a place. " + _JOIN,
    "handle_needed": (
        "In production: PUT to /handles/{handle_id}/session. In a test: the same, by the search handle."
    ),
    "origin_needed": (
        "In production: join the origin first. In a test: name the player among the members of the origin session."
    ),
    "blocked_by_owner": "In production: tell the player nothing of it. In a test: leave blocks out of mpsd.user().",
    "session_missing": 'In production: PUT the session first, or it has ended. In a test: mpsd.session("lobby-1").',
    "invalid_handle_id": "In production and in a test: take the id from the answer that created the handle.",
    "foreign_handle": "In production and in a test: delete it with the token that created it.",
    "constant_conflict": "In production and in a test: constants are set once; send the same ones, or none.",
    "existing_members": "In production: a player writes members.me only. In a test: use mpsd.service() for others.",
    "servers_by_user": "In production: let a service write servers. In a test: use mpsd.service().",
    "others_in_large": "In production and in a test: let each member of a large session join and leave by their own "
    "request.",
    "several_in_large": "In production and in a test: name one user in X-Xbl-OnBehalfOf-Users.",
    "key_prohibited": _BODY,
    "connection_missing": (
        "In production: send the connection id of the player's real-time activity socket. "
        "In a test: any GUID, or a template without connectionRequiredForActiveMembers."
    ),
    "initialization_members": "In production and in a test: reserve or add enough members with initialize: true.",
    "initiator_needed": "In production: let an initiator do it. In a test: put the caller among the initiators.",
    "owners_only": "In production: let an owner do it. In a test: let the first member of the session do it.",
    "role_full": "In production: choose another role. In a test: raise max of the role in roleTypes.",
    "foreign_xuid": "In production and in a test: send the caller's own xuid there, or leave it out.",
    "no_such_element": "In production and in a test: look at the session before the element is removed.",
    "caller_not_allowed": (
        "In production: send it for the caller alone, with a client's token or a service's as the address wants. "
        "In a test: give the code under test the authorization of the user in the address."
    ),
    "stale_sequence": (
        "In production: let each request have a greater sequenceNumber than the last. "
        "In a test: choices={'mpa_stale_sequence': 204} ignores it."
    ),
    "not_modelled": (
        "In production: the service may well know it. In a test: answer it by a rule that has respond, or by a tool."
    ),
    # ---- sign-in
    "authorization_pending": (
        "In production: ask again after the interval. In a test: mpsd.user() names the user who approves the code."
    ),
    "authorization_declined": "In production: tell the user, and begin again. " + _RULE,
    "access_denied": (
        "In production: tell the user, and begin again. In a test: mpsd.user() names the user who approves it."
    ),
    "signature_missing": ("In production: sign the request. In a test: leave choices.signature_checked off."),
    "expired_token": "In production: ask for a new device code. In a test: less time may pass on mpsd.clock.",
    "slow_down": "In production: add five seconds to the interval. " + _RULE,
    "invalid_request": "In production and in a test: correct the form of the request.",
    "invalid_grant": (
        "In production: sign in again with a device code. In a test: strict=False takes any refresh token."
    ),
    "unsupported_grant_type": "In production and in a test: send a device code, a code or a refresh token.",
    "wrong_token": (
        "In production: send the token that the step before gave; MPSD takes one of XSTS for http://xboxlive.com. "
        "In a test: sign in from the first step on."
    ),
    **dict.fromkeys(_ACCOUNTS, "In production: tell the player what to do about the account. " + _RULE),
    "no_title": "In production: use a token of a title. In a test: leave title_id of mpsd.user() as it is.",
}
"""What to do about it; the names are those of :data:`handlesfake.mpsd.refusals.catalogue.REFUSALS`."""

_THEIR_BODY = "the body of the entry in GET /journal is what was sent."
_THEIR_QUERY = "the target of the entry in GET /journal is what was sent."
_THEIR_JOIN = 'POST /state {"sessions": [{"name": "lobby-1", "members": ["guest"]}]}.'
_THEIR_SERVICE = 'POST /service {"users": ["host"]} answers the headers that it takes.'

IN_A_TEST_BY_CONTROL: Mapping[str, str] = {
    **{name: _THEIR_BODY for name, way in WAYS_OUT.items() if way == _BODY},
    **{name: _THEIR_QUERY for name, way in WAYS_OUT.items() if way == _QUERY},
    **{name: _THEIR_JOIN for name, way in WAYS_OUT.items() if way.endswith(_JOIN)},
    "malformed_authorization": "give the code under test the authorization of PUT /users/host.",
    "bad_signature": "leave the choice signature_checked off.",
    "content_type": "leave the choice content_type_checked off.",
    "missing_attribute": 'POST /choices {"invite_attributes_required": false} accepts it.',
    "unknown_field": 'POST /choices {"unknown_fields": "ignore"} accepts it.',
    "not_searchable": "give the session its constants by POST /state.",
    "second_search": 'POST /choices {"second_search": "replace"} replaces it.',
    "privacy_block": 'POST /choices {"unreachable_invitee": 201} accepts it, undelivered.',
    "foreign_title": 'PUT /users/host {"title_id": "..."}.',
    "sender_string": 'POST /choices {"user_sender_string": 201} ignores it.',
    "self_invite": 'POST /choices {"invite_to_self": 201} accepts it.',
    "service_activity": (
        "give the code that does it the authorization of PUT /users/host, and not that of POST /service."
    ),
    "service_title": _THEIR_SERVICE,
    "service_users": _THEIR_SERVICE,
    "service_scope": _THEIR_SERVICE,
    "session_full": 'seed fewer members, or constants {"maxMembersCount": ...}, by POST /state.',
    "throttled": 'POST /clock {"advance": "1m"} moves the time on.',
    "unavailable": "give the rule that says so its word times.",
    "others_hidden": _THEIR_SERVICE,
    "blocked_by_owner": "leave blocks out of PUT /users/{role}.",
    "session_missing": 'POST /state {"sessions": [{"name": "lobby-1"}]}.',
    "existing_members": "use the headers of POST /service for others.",
    "servers_by_user": "use the headers of POST /service.",
    "stale_sequence": 'POST /choices {"mpa_stale_sequence": 204} ignores it.',
    "authorization_pending": "PUT /users/host names the user who approves the code.",
    "access_denied": "PUT /users/host names the user who approves it.",
    "signature_missing": "leave the choice signature_checked off.",
    "expired_token": "POST /clock moves the time on by less.",
    "invalid_grant": "serve without --strict takes a token as known.",
    "no_title": "leave title_id of PUT /users/{role} as it is.",
}
"""What a test does that talks to the control interface, where that is not what a test in Python does."""


def way_out(name: str) -> str:
    """What to do about the refusal of that name, in the reader's language; empty where nothing is known."""
    said = WAYS_OUT.get(name, "")
    before, in_a_test, _ = said.partition("In a test: ")
    by_control = IN_A_TEST_BY_CONTROL.get(name)
    return spoken().either(said, said if by_control is None else f"{before}{in_a_test}{by_control}")
