"""How a stored session looks to a client of contract 104, 105 or 107."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handlesfake.mpsd.sessions.lifetime.lifecycle import next_timer
from handlesfake.mpsd.sessions.roles import role_types_document
from handlesfake.mpsd.sessions.spelling import to_contract_105
from handlesfake.mpsd.state.initialization import Initialization
from handlesfake.mpsd.state.session import Document, Member, Session
from handlesfake.mpsd.ticks import wire_time

_CONSTANTS = (
    "readyRemovalTimeout",
    "reservedRemovalTimeout",
    "sessionEmptyTimeout",
    "inactiveRemovalTimeout",
    "version",
    "maxMembersCount",
    "visibility",
    "capabilities",
    "inviteProtocol",
)
"""``constants.system`` begins with these, in this order (logged, for 107)."""

_CONSTANTS_105 = ("version", "maxMembersCount", "visibility", "inviteProtocol", "capabilities")
"""The same for 104 and 105 (captured)."""

_MEMBER_PROPERTIES = ("secureDeviceAddress", "subscription", "ready", "active", "connection")
"""A member's ``properties.system`` begins with these, in this order (captured)."""


def session_document(
    session: Session, contract_version: int, xuids: Iterable[str] = (), search_handle: str | None = None
) -> Document:
    """The whole session as MPSD shows it, keys in captured order.

    :param xuids: who asks: of a large session each sees the own member record only, under ``me``.
    :param search_handle: the id of the session's search handle, when it has one.
    """
    document: Document = {
        "membersInfo": _members_info(session),
        "constants": _constants(session, contract_version),
        "properties": _properties(session, contract_version),
    }
    if session.role_types:
        document["roleTypes"] = role_types_document(session)
    document["servers"] = session.servers
    document["members"] = _members(session, xuids)
    document["correlationId"] = session.correlation_id
    document["contractVersion"] = contract_version
    document["branch"] = session.branch
    document["changeNumber"] = session.change_number
    document["startTime"] = wire_time(session.started_at)
    timer = next_timer(session)
    if timer is not None:
        document["nextTimer"] = wire_time(timer)
    document |= _initialization(session.initialization)
    if search_handle is not None:
        document["searchHandle"] = search_handle
    return document


def _initialization(run: Initialization | None) -> Document:
    """What shows while members are initialized; once an episode is over, nothing does (documented)."""
    if run is None:
        return {}
    shown: Document = {}
    if run.stage:
        start = wire_time(run.since)
        shown["initializing"] = {"stage": run.stage, "stageStartTime": start, "episode": run.episode}
    if run.candidates:
        shown["hostCandidates"] = list(run.candidates)
    return shown


def _members_info(session: Session) -> dict[str, int]:
    first = min(session.members, default=session.next_index)
    return {
        "first": first,
        "next": session.next_index,
        "count": len(session.members),
        "accepted": session.accepted,
        "active": session.active,
    }


def _constants(session: Session, contract_version: int) -> Document:
    if contract_version < 107:
        system = to_contract_105(_in_order(session.system, _CONSTANTS_105))
    else:
        system = _in_order(session.system, _CONSTANTS)
    return {"system": system, "custom": session.constants["custom"]}


def _properties(session: Session, contract_version: int) -> Document:
    stored = session.properties["system"]
    # "closed: false" is not echoed (seen in a client); for its neighbour the same is inferred
    system = {name: value for name, value in stored.items() if not (name in ("closed", "locked") and not value)}
    if not session.capabilities.get("large"):  # "doesn't appear on large sessions" (documented)
        system = _with_turn(system, first=next(iter(session.properties)) == "custom")
    if contract_version < 107:
        system["matchmaking"] = system.pop("matchmaking", {})  # last (captured)
    shown = {"system": system, "custom": session.custom}
    return {part: shown[part] for part in session.properties}


def _with_turn(system: Document, *, first: bool) -> Document:
    """``system`` with a ``turn``, in its captured place.

    :param first: whether the creator sent no properties: then it is the first. Else what was sent comes before it,
        and ``host``, which a later write sets, after it.
    """
    turn = system.pop("turn", [])
    later = () if first else tuple(name for name in system if name != "host")
    before = {name: system.pop(name) for name in later}
    return {**before, "turn": turn, **system}


def _members(session: Session, xuids: Iterable[str]) -> dict[str, Document]:
    order = sorted(session.members)
    # an empty session has a next index, and no record that would name it
    following = dict(zip(order, [*order[1:], session.next_index], strict=False))
    if not session.capabilities.get("large"):
        return {str(index): _member(session, session.members[index], following[index]) for index in order}
    mine = [session.by_xuid[xuid] for xuid in xuids if xuid in session.by_xuid]
    return {"me": _member(session, session.members[mine[0]], following[mine[0]])} if mine else {}


def _member(session: Session, member: Member, following: int) -> Document:
    document: dict[str, Any] = {"next": following, "joinTime": wire_time(member.joined_at)}
    if not member.accepted:
        document["reserved"] = True
    document["constants"] = _member_constants(session, member)
    document["properties"] = {"system": _member_system(member), "custom": member.properties["custom"]}
    rare = {
        "roles": member.roles,
        "gamertag": member.gamertag if member.accepted else "",
        "activeTitleId": member.title_id if member.active else "",
        "deviceToken": member.device_token,
        "turn": member.index in session.properties["system"].get("turn", ()),
        "initializationFailure": member.failure,
        "initializationEpisode": member.episode,
    }
    return document | {name: value for name, value in rare.items() if value}


def _member_constants(session: Session, member: Member) -> Document:
    stored = member.constants["system"]
    system = {"xuid": member.xuid, "index": member.index}
    for name, value in stored.items():
        # captured: initialize is not echoed where no member initialization is configured
        if name not in system and (name != "initialize" or "memberInitialization" in session.system):
            system[name] = value
    return {"system": system, "custom": member.constants["custom"]}


def _member_system(member: Member) -> Document:
    stored = dict(member.properties["system"])
    if member.status in ("active", "ready"):
        stored[member.status] = True
    return _in_order(stored, _MEMBER_PROPERTIES)


def _in_order(document: Document, names: tuple[str, ...]) -> Document:
    first = {name: document[name] for name in names if name in document}
    return first | {name: value for name, value in document.items() if name not in first}
