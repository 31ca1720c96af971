"""Later: a directory as it would be, had all of it happened later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from handlesfake.mpsd.state.connection import Connection, Connections
from handlesfake.mpsd.state.deadlines import DeadlineQueue
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.maps import with_item
from handlesfake.mpsd.state.session import Member, Session
from handlesfake.mpsd.ticks import from_wire_time, wire_time
from handlesfake.values.values import replace

_TIMES = ("createTime", "expiration")
"""What the document of a handle says of time."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def later(directory: Directory, by: int) -> Directory:
    """``directory``, had all that is known in it happened ``by`` ticks later: each timer has as long left as it had.

    What throttling has counted stays as it was: its periods are those of the clock.
    """
    moved = {key: _handle(handle, by) for key, handle in directory.handles.items()}
    return replace(
        directory,
        handles=_each(directory.handles, lambda handle: moved[handle.id]),
        activities=_each(directory.activities, lambda handles: tuple([moved[handle.id] for handle in handles])),
        searches=_each(directory.searches, lambda names: _each(names, lambda handle: moved[handle.id])),
        sessions=_each(directory.sessions, lambda session: _session(session, by)),
        connections=_connections(directory.connections, by),
        due=_due(directory.due, by),
    )


def _each(known: Mapping[_Key, _Value], change: Callable[[_Value], _Value]) -> Mapping[_Key, _Value]:
    """``known`` with each value changed, as a map of the same kind."""
    changed = known
    for key, value in known.items():
        changed = with_item(changed, key, change(value))
    return changed


def _handle(handle: Handle, by: int) -> Handle:
    names, *said = handle.kept
    moved = [_text(value, by) if name in _TIMES else value for name, value in zip(names, said, strict=True)]
    expires_at = None if handle.expires_at is None else handle.expires_at + by
    return replace(handle, created_at=handle.created_at + by, expires_at=expires_at, kept=(names, *moved))


def _text(said: Any, by: int) -> Any:
    """A time that a document says; any other value stays."""
    ticks = from_wire_time(said) if isinstance(said, str) else None
    return said if ticks is None else wire_time(ticks + by)


def _session(session: Session, by: int) -> Session:
    run = session.initialization
    return replace(
        session,
        started_at=session.started_at + by,
        members=_each(session.members, lambda member: _member(member, by)),
        empty_since=None if session.empty_since is None else session.empty_since + by,
        scheduled=None if session.scheduled is None else session.scheduled + by,
        initialization=None if run is None else replace(run, since=run.since + by),
    )


def _member(member: Member, by: int) -> Member:
    return replace(member, joined_at=member.joined_at + by, since=member.since + by)


def _connections(connections: Connections, by: int) -> Connections:
    def moved(connection: Connection) -> Connection:
        return connection if connection.lost is None else replace(connection, lost=connection.lost + by)

    due = tuple((at + by, name) for at, name in connections.due)
    return replace(connections, known=_each(connections.known, moved), due=due)


def _due(due: DeadlineQueue, by: int) -> DeadlineQueue:
    changed, at = DeadlineQueue(), due.earliest
    while at is not None:
        keys, due = due.reached(at)
        for key in keys:
            changed = changed.plus(at + by, key)
        at = due.earliest
    return changed
