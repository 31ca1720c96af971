"""Overview: the present state of one double, as its page shows it."""

from __future__ import annotations

from heapq import nlargest
from typing import Any

from handlesfake.double.core import DoubleCore
from handlesfake.mpsd.state.connection import Connection
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.state.session import Member, Session
from handlesfake.mpsd.ticks import wire_time
from handlesfake.server.control.schemas import (
    ANY,
    OBJECT,
    SWITCH,
    TEXT,
    TEXT_OR_NONE,
    WHOLE,
    record_schema,
    several,
)
from handlesfake.server.worlds.worlds import Worlds

SHOWN = 200
"""How many of a kind one page shows, the newest; the counts include all."""

_MEMBER = record_schema(xuid=TEXT, called=TEXT, status=TEXT, custom=OBJECT)
SCHEMA = record_schema(
    now=TEXT,
    counts=record_schema(users=WHOLE, sessions=WHOLE, handles=WHOLE, requests=WHOLE, in_flight=WHOLE, waiting=WHOLE),
    users=several(
        record_schema(
            xuid=TEXT,
            role=TEXT,
            gamertag=TEXT,
            title_id=TEXT,
            assumed=SWITCH,
            connections=several(record_schema(id=TEXT, state=TEXT)),
        )
    ),
    sessions=several(
        record_schema(
            scid=TEXT,
            template_name=TEXT,
            name=TEXT,
            change_number=WHOLE,
            assumed=SWITCH,
            properties=OBJECT,
            members=several(_MEMBER),
        )
    ),
    handles=several(
        record_schema(
            id=TEXT,
            type=TEXT,
            owner=TEXT,
            invited=TEXT,
            session=TEXT,
            created=TEXT,
            expires=TEXT_OR_NONE,
            document=ANY,
        )
    ),
    worlds=several(record_schema(id=TEXT, name=TEXT, requests=WHOLE)),
)
"""The answer, as the description of the control interface has it."""


def overview(core: DoubleCore, worlds: Worlds) -> dict[str, Any]:
    """Users, sessions and handles as they are now, and how much each world was sent; no token is in it."""
    core.world.settle()
    directory = core.world.directory
    handles = nlargest(SHOWN, directory.handles.values(), key=lambda one: one.created_at)
    sessions = nlargest(SHOWN, directory.sessions.values(), key=lambda one: one.started_at)
    # the newest user has the highest number
    users = sorted(nlargest(SHOWN, directory.users.values(), key=_number), key=_number)
    return {
        "now": core.clock.now.isoformat(),
        "counts": {
            "users": len(directory.users),
            "sessions": len(directory.sessions),
            "handles": len(directory.handles),
            "requests": core.journal.total,
            "in_flight": core.journal.in_flight,
            "waiting": len(core.journal.waiting),
        },
        "users": [_user(one, directory) for one in users],
        "sessions": [_session(one, directory) for one in sessions],
        "handles": [_handle(one, directory) for one in handles],
        "worlds": [{"id": world.id, "name": world.name, "requests": world.core.journal.total} for world in worlds],
    }


def _number(user: KnownUser) -> tuple[int, str]:
    return len(user.xuid), user.xuid


def _user(user: KnownUser, directory: Directory) -> dict[str, Any]:
    return {
        "xuid": user.xuid,
        "role": user.role,
        "gamertag": user.gamertag,
        "title_id": user.title_id,
        "assumed": user.assumed,
        "connections": [
            {"id": one.id, "state": _state(one)}
            for one in directory.connections.of(user.xuid)
            if one.id != user.xuid  # what its members without a connection have lost
        ],
    }


def _state(connection: Connection) -> str:
    """``connected``, ``mute``, or ``lost`` for one that is gone, which the service has not noticed yet."""
    if connection.lost is not None:
        return "lost"
    return "mute" if connection.is_muted else "connected"


def _session(session: Session, directory: Directory) -> dict[str, Any]:
    return {
        "scid": session.ref.scid,
        "template_name": session.ref.template_name,
        "name": session.ref.name,
        "change_number": session.change_number,
        "assumed": session.assumed,
        "properties": session.properties,
        "members": [_member(one, directory) for one in session.in_order()],
    }


def _member(member: Member, directory: Directory) -> dict[str, Any]:
    return {
        "xuid": member.xuid,
        "called": _called(member.xuid, directory),
        "status": member.status,
        "custom": member.properties.get("custom", {}),
    }


def _handle(handle: Handle, directory: Directory) -> dict[str, Any]:
    return {
        "id": handle.id,
        "type": handle.type,
        "owner": _called(handle.owner_xuid, directory),
        "invited": _called(handle.invited_xuid, directory),
        "session": handle.session_ref.name,
        "created": wire_time(handle.created_at),
        "expires": None if handle.expires_at is None else wire_time(handle.expires_at),
        "document": handle.document,
    }


def _called(xuid: str, directory: Directory) -> str:
    """The role of a xuid, else itself."""
    user = directory.users.get(xuid)
    return user.role if user is not None and user.role else xuid
