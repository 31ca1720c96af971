"""Advice: why MPSD said no, in sentences for people, and the ways out in production and in a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from handlesfake.mpsd.identity import Caller, User
from handlesfake.mpsd.refusals import Refusal
from handlesfake.ways_out import BAD_DAYS, IN_OTHER_WORDS, WAYS_OUT

if TYPE_CHECKING:
    from handlesfake.journal import Entry

Users = Mapping[str, str]
"""The users that the test has made: xuid to role (``host``, empty for none), in order of first use."""

_WIDEST = 116
_REAL_HASH = 19
"""Digits of a real user hash; a xuid has sixteen."""


def advice(refusal: Refusal, users: Users = MappingProxyType({}), *, ruled: bool = False) -> list[str]:
    """What happened, and what to do about it in production and in a test; one to three lines for people.

    :param users: the users that the test has made, xuid to role.
    :param ruled: a rule of the test said no, so that nothing is wrong with the request.
    """
    name = refusal.kind.name
    if ruled and name not in BAD_DAYS:
        lines = [_in_general(refusal)]
    elif name in _EXPLAIN:
        lines = _EXPLAIN[name](refusal, users)
    else:
        lines = [_in_general(refusal), *filter(None, [WAYS_OUT.get(name)])]
    return [part for line in lines for part in _in_width(line)]


def _in_general(refusal: Refusal) -> str:
    sentence = IN_OTHER_WORDS.get(refusal.kind.name) or _sentence(refusal)
    return f"{sentence} ({refusal.evidence.words})."


def _in_width(line: str) -> list[str]:
    """The two ways out on one line where they fit there."""
    head, found, rest = line.partition(" In a test: ")
    return [line] if len(line) <= _WIDEST or not found else [head, f"In a test: {rest}"]


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


def _service_activity(refusal: Refusal, users: Users) -> list[str]:  # noqa: ARG001 - the form of all explanations
    return [
        "an activity handle cannot be set by a service, only by client APIs: "
        f"a service shares the session name with a client (documented; the {refusal.status} is assumed).",
        WAYS_OUT["service_activity"],
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
    "service_activity": _service_activity,
}

# ---- words


def _sentence(refusal: Refusal) -> str:
    """The service's own, else the name: a 401 has no body."""
    return refusal.sentence.removesuffix(".") or refusal.kind.name.replace("_", " ")


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
