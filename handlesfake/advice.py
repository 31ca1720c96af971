"""Advice: why MPSD said no, in sentences for people, and the ways out in production and in a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from handlesfake.mpsd.identity import Caller, User
from handlesfake.mpsd.refusals import Refusal

if TYPE_CHECKING:
    from handlesfake.journal import Entry

Users = Mapping[str, str]
"""The users that the test has made: xuid to role (``host``, empty for none), in order of first use."""

_REAL_HASH = 19
"""Digits of a real user hash; a xuid has sixteen."""


def advice(refusal: Refusal, users: Users = MappingProxyType({})) -> list[str]:
    """What happened, and what to do about it in production and in a test; one to three lines for people.

    :param users: the users that the test has made, xuid to role.
    """
    explain = _EXPLAIN.get(refusal.kind.name)
    if explain is not None:
        return explain(refusal, users)
    what, *ways = _PLAIN.get(refusal.kind.name, ("",))
    # a rule may refuse in the name of a refusal without its facts: then the general sentence has to do
    sentence = _sentence(refusal) if not what or "{" in refusal.kind.sentence else what
    return [f"{sentence} ({refusal.evidence.words})", *ways]


def in_words(entry: Entry) -> str:
    """What an answer means that says nothing by itself; empty when there is nothing to say."""
    if entry.status == 204:
        return _GONE.get(entry.operation, "")
    if entry.status is None or 200 <= entry.status < 300 or entry.response is None:
        return ""
    text = entry.response.body[:400].decode("utf-8", "replace").strip()
    first = text.splitlines()[0][:120] if text else ""
    return f"the answer says: {first}" if first and not text.startswith(("{", "[", "<")) else ""


_SESSION_GONE = "204: there is no such session (any more); MPSD says so by 204, and not by 404 (documented)"
_GONE = {
    "get_session": _SESSION_GONE,
    "get_session_by_handle": _SESSION_GONE,
    "put_session": "204: the session is gone: this write left it without members (documented)",
    "put_session_by_handle": "204: the session is gone: this write left it without members (documented)",
    "delete_member": "204: the member is gone, or the whole session with it (documented)",
    "delete_server": "204: the server entry is gone, or the whole session with it (documented)",
}


# ---- by the facts of the refusal


def _contract_version(refusal: Refusal, users: Users) -> list[str]:  # noqa: ARG001 - the form of all explanations
    problem = str(refusal.facts.get("problem", "is missing or too low")).removesuffix(": send 107")
    return [f"header X-Xbl-Contract-Version {problem}: MPSD demands it on every request (documented). Send 107."]


def _unknown_caller(refusal: Refusal, users: Users) -> list[str]:
    user_hash = str(refusal.facts.get("user_hash", ""))
    if user_hash == "-":
        return [
            f"a service token (x=-) that this test does not know. {_known(users)}",
            "In a test: service = mpsd.service(); give the code under test service.headers(host).",
        ]
    return [
        f"{_described_hash(user_hash)}. {_known(users)}",
        f"Give the code under test {_first(users)}.authorization, or say whose hash it is:",
        f'    mpsd.user("{_first(users)}", user_hash=...)    # the text between "x=" and ";" of the Authorization',
    ]


def _described_hash(user_hash: str) -> str:
    """A user hash names an account: only its first and last four characters are shown."""
    if not user_hash:
        return "an Authorization of nobody whom MPSD knows"
    short = f"{user_hash[:4]}...{user_hash[-4:]}" if len(user_hash) > 8 else "of few characters"
    if user_hash.isascii() and user_hash.isdigit():
        remark = ": a real hash, not an xuid" if len(user_hash) == _REAL_HASH else ""
        return f"user hash {short} ({len(user_hash)} digits{remark})"
    return f"user hash {short} ({len(user_hash)} characters)"


def _known(users: Users) -> str:
    labels = [label(xuid, role) for xuid, role in users.items()]
    return f"This test knows {', '.join(labels[:5])}." if labels else "This test knows no user."


def _first(users: Users) -> str:
    """What a test calls its first user."""
    return next((role for role in users.values() if role.isidentifier()), "host")


def _unauthenticated(refusal: Refusal, users: Users) -> list[str]:
    return [
        f"header Authorization is missing: MPSD answers nobody whom it does not know ({refusal.evidence.words}). "
        f"{_known(users)}",
        f"In production: send XBL3.0 x=<user hash>;<XSTS token>. In a test: {_first(users)}.headers has both.",
    ]


def _token_expired(refusal: Refusal, users: Users) -> list[str]:
    caller = refusal.facts.get("caller")
    return [
        f"the token of {_name(caller, users)} has expired ({refusal.evidence.words}).",
        "In production: get a new XSTS token and send the request again. "
        f"In a test: {_variable(_xuid(caller), users)}.renew() gives a good one.",
    ]


def _not_a_member(refusal: Refusal, users: Users) -> list[str]:
    name, session = _name(refusal.facts.get("caller"), users), _session(refusal)
    members = [str(xuid) for xuid in refusal.facts.get("members", ())]
    listed = ", ".join(label(xuid, users.get(xuid, "")) for xuid in members[:5])
    more = f" and {len(members) - 5} more" if len(members) > 5 else ""
    roles = ", ".join(_variable(xuid, users) for xuid in (*members[:2], _xuid(refusal.facts.get("caller"))))
    return [
        f"{name} is not a member of {session} (members: {listed or 'none'}{more}).",
        "In production: PUT the session with members.me first. "
        f'In a test: mpsd.session("{session}", members=[{roles}]).',
    ]


def _owner_inactive(refusal: Refusal, users: Users) -> list[str]:
    caller, session = refusal.facts.get("caller"), _session(refusal)
    return [
        f"{_name(caller, users)} is a member of {session}, and not active in it: "
        f"only an active member can show it ({refusal.evidence.words}).",
        "In production: PUT the session with members.me.properties.system.active true first. "
        f'In a test: mpsd.session("{session}").join({_variable(_xuid(caller), users)}).',
    ]


def _session_not_found(refusal: Refusal, users: Users) -> list[str]:
    session, caller = _session(refusal), refusal.facts.get("caller")
    return [
        f"there is no session {session}, or {_name(caller, users)} may not use it ({refusal.evidence.words}).",
        "In production: PUT the session before a handle points to it. "
        f'In a test: mpsd.session("{session}", members=[{_variable(_xuid(caller), users)}]).',
    ]


def _not_an_owner(refusal: Refusal, users: Users) -> list[str]:
    return [
        f"{_name(refusal.facts.get('caller'), users)} is no owner of {_session(refusal)}: "
        f"where a session has owners, only they may invite ({refusal.evidence.words}).",
        "In production: let an owner invite, or set ownershipPolicies.allowNonOwnerInviteHandles in the template. "
        "In a test: let the first member of the session be the one who invites.",
    ]


def _no_privilege(refusal: Refusal, users: Users) -> list[str]:
    caller = refusal.facts.get("caller")
    name = _name(caller, users)
    return [
        f"{name} lacks the multiplayer privilege ({refusal.evidence.words}).",
        "In production: tell the player; no request of his will do. "
        f"In a test: say multiplayer=True of {_variable(_xuid(caller), users)} in mpsd.user().",
    ]


_EXPLAIN: Mapping[str, Callable[[Refusal, Users], list[str]]] = {
    "contract_version": _contract_version,
    "unknown_caller": _unknown_caller,
    "unauthenticated": _unauthenticated,
    "token_expired": _token_expired,
    "not_a_member": _not_a_member,
    "owner_inactive": _owner_inactive,
    "session_not_found": _session_not_found,
    "not_an_owner": _not_an_owner,
    "no_privilege": _no_privilege,
}

_BODY = "In production: correct the body. In a test: the line of your code that sent it stands above."
_PLAIN: Mapping[str, tuple[str, ...]] = {
    "no_such_path": (
        "",
        "In production and in a test: MPSD's addresses begin with /handles or /serviceconfigs/{scid}.",
    ),
    "wrong_verb": ("", "In production and in a test: correct the method of the request."),
    "malformed_authorization": (
        "header Authorization is not of the form XBL3.0 x=<user hash>;<XSTS token>",
        "In production: send the XSTS token in that form. In a test: give the code under test host.authorization.",
    ),
    "bad_signature": (
        "header Signature is not base64 of 76 bytes",
        "In production: sign the request, or leave the header out. In a test: leave choices.signature_checked off.",
    ),
    "malformed_body": ("", _BODY),
    "content_coding": ("", "In production and in a test: send the body plain or as gzip."),
    "beyond_bounds": ("", "This is a bound of the fake, and no fact about MPSD."),
    "content_type": (
        "",
        "In production: send Content-Type: application/json. In a test: leave choices.content_type_checked off.",
    ),
    "missing_field": ("", _BODY),
    "missing_attribute": (
        "",
        "In production: every known client sends it. In a test: choices.invite_attributes_required=False accepts it.",
    ),
    "invalid_field": ("", _BODY),
    "handle_version": ("", 'In production and in a test: send "version": 1, a number.'),
    "unknown_field": ("", 'In production: leave it out. In a test: choices.unknown_fields="ignore" accepts it.'),
    "unsupported_handle_type": ("", "In production and in a test: the types are activity, invite, search, transfer."),
    "template_not_found": (
        "",
        "In production: publish the template. In a test: describe it, or describe none and any name will do.",
    ),
    "not_a_search_owner": (
        "where a session has owners, only they may make it searchable",
        "In production and in a test: let an owner create the search handle.",
    ),
    "not_searchable": (
        "",
        "In production: set the capability in the template. In a test: mpsd.session(constants=...).",
    ),
    "second_search": (
        "the session has a search handle already",
        'In production: delete that one first. In a test: choices.second_search="replace" replaces it.',
    ),
    "privacy_block": (
        "the invited user blocks the caller, or lacks the multiplayer privilege",
        "In production: tell the player. In a test: choices.unreachable_invitee=201 accepts it, undelivered.",
    ),
    "foreign_title": (
        "the title of the request is not the title of the token",
        "In production: invite to the token's own title. In a test: mpsd.user(title_id=...).",
    ),
    "sender_string": (
        "only a service may set inviteAttributes.senderString",
        "In production: leave it out. In a test: choices.user_sender_string=201 ignores it.",
    ),
    "self_invite": (
        "a user cannot invite himself",
        "In production: leave the sender out of the list. In a test: choices.invite_to_self=201 accepts it.",
    ),
    "service_activity": (
        "an activity handle cannot be set by a service, only by client APIs: the service shares the session name "
        "with a client (the service-to-service page)",
        "In production: let the player's own client set the activity. "
        "In a test: give the code that does it host.authorization, not mpsd.service().",
    ),
    "service_title": (
        "",
        "In production: a service names its title on every call. In a test: service.headers(host) has all it takes.",
    ),
    "service_users": (
        "",
        "In production: list the acting users, xuid by xuid. In a test: service.headers(host) has all it takes.",
    ),
    "service_scope": (
        "with X-Xbl-Deny-Scope: Multiplayer.Manage the call needs an acting user",
        "In production: name one in X-Xbl-OnBehalfOf-Users. In a test: service.headers(host).",
    ),
    "stale_handle": (
        "the handle is gone: deleted, expired, or its session ended",
        "In production: ask for the handle again, or tell the player that the game is over. "
        "In a test: create it before it is used, or look at what ended it above.",
    ),
    "session_full": (
        "the session has as many members as its template allows",
        "In production: tell the player. In a test: seed fewer members, or constants={'maxMembersCount': ...}.",
    ),
    "precondition_failed": (
        "the session has changed since: the ETag of If-Match (or If-None-Match: *) does not hold any more",
        "In production: take the session in the answer, change it again, send it with its new ETag. "
        "In a test: read the session right before the write.",
    ),
    "throttled": (
        "too many requests; the header Retry-After of the answer says how many seconds to wait",
        "In production: wait that long before sending it again. In a test: mpsd.clock.advance() moves the time on.",
    ),
    "unavailable": (
        "the service is not available now",
        "In production: send it again later, with growing pauses. In a test: give the rule that says so times=.",
    ),
}


# ---- words


def _sentence(refusal: Refusal) -> str:
    try:
        return refusal.sentence.removesuffix(".")
    except KeyError:  # raised by a rule, which knows the name and not the facts
        return refusal.kind.name.replace("_", " ")


def _session(refusal: Refusal) -> str:
    found = refusal.facts.get("session")
    return str(getattr(found, "name", found or "the session"))


def _xuid(caller: Any) -> str:
    if isinstance(caller, Caller):
        return caller.user.xuid if caller.user else ""
    return caller.xuid if isinstance(caller, User) else ""


def _name(caller: Any, users: Users) -> str:
    """``Host``, else the xuid: the whole label stands on the line above."""
    xuid = _xuid(caller)
    role = users.get(xuid) or (caller.role if isinstance(caller, User) else "")
    return role.capitalize() or xuid or "the caller"


def _variable(xuid: str, users: Users) -> str:
    """What a test calls the user: ``host``, else the words that make him."""
    role = users.get(xuid, "")
    if role.isidentifier():
        return role
    return f'mpsd.user(xuid="{xuid}")' if xuid else "host"


def label(xuid: str, role: str = "") -> str:
    """``Host 9000000000000001``: how messages name a player."""
    return f"{role.capitalize()} {xuid}" if role else xuid
