"""What ``include`` adds to the result of a handle query: relatedInfo, customProperties, roleInfo, activityInfo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.access.visibility import owner_xuids, visibility_of
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.session import Session
from handlesfake.mpsd.ticks import wire_time

_COPIED = ("description", "keywords", "scheduledTime", "searchHandleVisibility")
"""Fields of ``properties.system`` that relatedInfo shows as they are (seen in clients)."""


def read_include(context: Context, names: tuple[str, ...]) -> frozenset[str]:
    """Which parts are wanted, as MPSD spells them; what it does not know is ignored by default (U40, U41).

    :raises Refusal: one is unknown, and the choice ``unknown_include`` is 400.
    """
    spelled = {name.lower(): name for name in INCLUDE}
    wanted = set()
    for name in names:
        if name.lower() in spelled:
            wanted.add(spelled[name.lower()])
        elif context.settings.choices.unknown_include == 400:
            raise refuse("unknown_include", part=name[:60])
        else:
            context.note(f"include={name[:60]} is not known and was ignored (U40)")
    return frozenset(wanted)


def related_info(context: Context, handle: Handle, session: Session | None) -> dict[str, Any] | None:
    """Visibility, restriction and counts of the session; None when it is gone."""
    if session is None:
        return None
    properties = session.properties.get("system", {})
    full = session.is_full and context.settings.choices.related_visibility == "full"
    # that postedTime is the time of the handle is inferred; what a full session shows is not published (U50)
    context.limit_evidence(Evidence.ASSUMED if session.is_full else Evidence.INFERRED)
    info: dict[str, Any] = {
        "visibility": "full" if full else visibility_of(session),
        "joinRestriction": properties.get("joinRestriction") or "none",
        "closed": bool(properties.get("closed")),
        "maxMembersCount": session.capacity,
        "membersCount": len(session.members),
        "postedTime": wire_time(handle.created_at),
    }
    if session.invite_protocol:
        info["inviteProtocol"] = session.invite_protocol
    info |= {name: properties[name] for name in _COPIED if properties.get(name)}
    if handle.type == "search":
        info["sessionOwners"] = owner_xuids(session)
    return info


def _custom_properties(_context: Context, _handle: Handle, session: Session | None) -> dict[str, Any]:
    """``{}`` when there are none: the official client reads the field whenever it asked for it (U48)."""
    return session.custom if session is not None else {}


def _role_info(_context: Context, _handle: Handle, session: Session | None) -> dict[str, Any] | None:
    if session is None:
        return None
    return {"roleTypes": {name: _role_type(session, name, known) for name, known in session.role_types.items()}}


def _role_type(session: Session, type_name: str, known: Any) -> dict[str, Any]:
    return {"roles": {name: _role(session, type_name, name, role) for name, role in known.get("roles", {}).items()}}


def _role(session: Session, type_name: str, name: str, role: Any) -> dict[str, Any]:
    xuids = [member.xuid for member in session.in_order() if member.roles.get(type_name) == name]
    limits = {limit: role[limit] for limit in ("target", "max") if limit in role}
    return {"count": len(xuids), **limits, "memberXuids": xuids}


def _activity_info(context: Context, handle: Handle, _session: Session | None) -> dict[str, Any] | None:
    """``titleName`` where the test named the title, else nothing: the shape is unproved (U42)."""
    name = context.directory.title(handle.title_id).name
    if not name:
        return None
    context.limit_evidence(Evidence.ASSUMED)
    return {"titleName": name}


INCLUDE: Mapping[str, Callable[[Context, Handle, Session | None], dict[str, Any] | None]] = MappingProxyType(
    {
        "relatedInfo": related_info,
        "customProperties": _custom_properties,
        "roleInfo": _role_info,
        "activityInfo": _activity_info,
    }
)
"""Name to what builds the part; a part that is None is left out."""
