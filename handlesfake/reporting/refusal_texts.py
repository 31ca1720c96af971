"""Explanations: what to say of those refusals of which the facts tell more than the name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from handlesfake.json_diff import Difference, differences, table
from handlesfake.mpsd.assumption import state_call
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.state.identity import Caller
from handlesfake.mpsd.state.session import SessionRef
from handlesfake.reporting.remedies import way_out
from handlesfake.traffic.labels import Users, label, short_name, variable, xuid_in
from handlesfake.vocabulary import spoken

REAL_HASH = 19
"""Digits of a real user hash; a xuid has sixteen."""


def _contract_version(refusal: Refusal, users: Users) -> list[str]:  # noqa: ARG001 - the form of all explanations
    problem = str(refusal.facts.get("problem", "is missing or too low")).removesuffix(": send 107")
    return [f"header X-Xbl-Contract-Version {problem}: MPSD demands it on every request (documented). Send 107."]


def _unknown_caller(refusal: Refusal, users: Users) -> list[str]:
    user_hash = str(refusal.facts.get("user_hash", ""))
    if user_hash == "-":
        return [
            f"a service token (x=-) that this test does not know. {_known(users)}",
            spoken().either(
                "In a test: service = mpsd.service(); give the code under test service.headers(host).",
                'In a test: POST /service {"users": ["host"]}; give the code under test its headers.',
            ),
        ]
    first = _first(users)
    which = '    # the text between "x=" and ";" of the Authorization'
    return [
        f"{_described_hash(user_hash)} does not belong to any user of this test. {_known(users)}",
        spoken().either(
            f"Give the code under test {first}.authorization, or say whose hash it is:",
            f"Give the code under test the authorization of PUT /users/{first}, or say whose hash it is:",
        ),
        spoken().either(
            f'    mpsd.user("{first}", user_hash=...){which}',
            f'    PUT /users/{first} {{"user_hash": "..."}}{which}',
        ),
    ]


def _described_hash(user_hash: str) -> str:
    """A user hash names an account: only its first and last four characters are shown, of a short one none."""
    if not user_hash:
        return "the Authorization"
    is_number = user_hash.isascii() and user_hash.isdigit()
    if len(user_hash) <= 8:
        noun = ("digit" if is_number else "character") + ("s" if len(user_hash) > 1 else "")
        return f"a user hash of {len(user_hash)} {noun}"
    short = f"{user_hash[:4]}...{user_hash[-4:]}"
    if is_number:
        remark = ": a real hash, not an xuid" if len(user_hash) == REAL_HASH else ""
        return f"user hash {short} ({len(user_hash)} digits{remark})"
    return f"user hash {short} ({len(user_hash)} characters)"


def _known(users: Users) -> str:
    labels = [label(xuid, role) for xuid, role in users.items()]
    return f"Users of this test: {', '.join(labels[:5])}." if labels else "This test has no users."


def _first(users: Users) -> str:
    """What a test calls its first user."""
    return next((role for role in users.values() if role.isidentifier()), "host")


def _unauthenticated(refusal: Refusal, users: Users) -> list[str]:
    return [
        f"header Authorization is missing: MPSD rejects unauthenticated requests ({refusal.evidence.words}). "
        f"{_known(users)}",
        "In production: send XBL3.0 x=<user hash>;<XSTS token>. In a test: "
        + spoken().either(f"{_first(users)}.headers has both.", f"headers of PUT /users/{_first(users)} has both."),
    ]


def _token_expired(refusal: Refusal, users: Users) -> list[str]:
    caller = refusal.facts.get("caller")
    if isinstance(caller, Caller):
        return [
            f"the token of the {caller.label} has expired ({refusal.evidence.words}).",
            "In production: get a new service token and send the request again. "
            f"In a test: {spoken().either('mpsd.service().renew()', 'POST /service/renew')} gives a good one.",
        ]
    who = xuid_in(caller)
    renew = spoken().either(f"{variable(who, users)}.renew()", f"POST /users/{_called(who, users)}/renew")
    return [
        f"the token of {short_name(caller, users)} has expired ({refusal.evidence.words}).",
        f"In production: get a new XSTS token and send the request again. In a test: {renew} gives a good one.",
    ]


def _not_a_member(refusal: Refusal, users: Users) -> list[str]:
    name, session = short_name(refusal.facts.get("caller"), users), _session(refusal)
    members = [str(xuid) for xuid in refusal.facts.get("members", ())]
    listed = ", ".join(label(xuid, users.get(xuid, "")) for xuid in members[:5])
    more = f" and {len(members) - 5} more" if len(members) > 5 else ""
    wanted = (*members[:2], xuid_in(refusal.facts.get("caller")))
    return [
        f"{name} is not a member of {session} (members: {listed or 'none'}{more}).",
        f"In production: PUT the session with members.me first. In a test: {_seeded(session, wanted, users)}.",
    ]


def _owner_inactive(refusal: Refusal, users: Users) -> list[str]:
    caller, session = refusal.facts.get("caller"), _session(refusal)
    return [
        f"{short_name(caller, users)} is a member of {session}, but not active in it: "
        f"only an active member can show it ({refusal.evidence.words}).",
        "In production: PUT the session with members.me.properties.system.active true first. "
        "In a test: "
        + spoken().either(
            f'mpsd.session("{session}").join({variable(xuid_in(caller), users)}).',
            f"{_by_state(session, [xuid_in(caller)], users)}.",
        ),
    ]


def _session_not_found(refusal: Refusal, users: Users) -> list[str]:
    session, caller = _session(refusal), refusal.facts.get("caller")
    asked, there = refusal.facts.get("session"), refusal.facts.get("nearest")
    if isinstance(asked, SessionRef) and isinstance(there, SessionRef):
        return [
            f"there is no such session, but a {there.name} elsewhere ({refusal.evidence.words}).",
            *table(_apart(there, asked), indent="    ", words=("there", "sent")),
            "In production: send the reference by which the session was PUT. "
            "In a test: give the code under test "
            + spoken().either(f'mpsd.session("{there.name}").ref.', "the reference in the column there."),
        ]
    return [
        f"there is no session {session}, or {short_name(caller, users)} may not use it ({refusal.evidence.words}).",
        "In production: PUT the session before a handle points to it. "
        f"In a test: {_seeded(session, [xuid_in(caller)], users)}.",
    ]


def _apart(there: SessionRef, asked: SessionRef) -> list[Difference]:
    """Where two references differ in more than case, which MPSD does not look at."""
    return [one for one in differences(there.wire, asked.wire) if str(one.wanted).lower() != str(one.sent).lower()]


def _not_an_owner(refusal: Refusal, users: Users) -> list[str]:
    return [
        f"{short_name(refusal.facts.get('caller'), users)} is not an owner of {_session(refusal)}: "
        f"where a session has owners, only they may invite ({refusal.evidence.words}).",
        "In production: let an owner invite, or set ownershipPolicies.allowNonOwnerInviteHandles in the template. "
        "In a test: let the first member of the session be the one who invites.",
    ]


def _no_privilege(refusal: Refusal, users: Users) -> list[str]:
    caller = refusal.facts.get("caller")
    name = short_name(caller, users)
    return [
        f"{name} lacks the multiplayer privilege ({refusal.evidence.words}).",
        "In production: tell the player: this player cannot invite at all. In a test: "
        + spoken().either(
            f"say multiplayer=True of {variable(xuid_in(caller), users)} in mpsd.user().",
            f'PUT /users/{_called(xuid_in(caller), users)} {{"multiplayer": true}}.',
        ),
    ]


def _service_activity(refusal: Refusal, users: Users) -> list[str]:  # noqa: ARG001 - the form of all explanations
    return [
        "a service cannot set an activity handle, only client APIs can; a service shares the session name with a "
        f"client (documented; the {refusal.status} is assumed).",
        way_out("service_activity"),
    ]


EXPLAIN: Mapping[str, Callable[[Refusal, Users], list[str]]] = {
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


def _session(refusal: Refusal) -> str:
    found = refusal.facts.get("session")
    return str(getattr(found, "name", found or "the session"))


def _called(xuid: str, users: Users) -> str:
    """What the control interface calls a user: by role, else by xuid."""
    return users.get(xuid) or xuid or "host"


def _seeded(session: str, members: Sequence[str], users: Users) -> str:
    """The call by which a test has the session with these members."""
    named = ", ".join(variable(xuid, users) for xuid in members)
    return spoken().either(f'mpsd.session("{session}", members=[{named}])', _by_state(session, members, users))


def _by_state(session: str, members: Sequence[str], users: Users) -> str:
    return state_call(sessions=[{"name": session, "members": [_called(xuid, users) for xuid in members]}])
