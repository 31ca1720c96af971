"""The timeouts of members and sessions, applied when somebody next looks (contract 8.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.sessions.lifetime.initialization_stages import advanced, timed_out
from handlesfake.mpsd.sessions.lifetime.lifecycle import empty_due, ended, member_due, stage_due, store_session
from handlesfake.mpsd.sessions.ownership import after_leaving
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.session import Member, Session

NewId = Callable[[], str]


def apply_timeouts(directory: Directory, now: int, new_id: NewId, choices: Choices) -> Directory:
    """The directory after every timer that has run out by ``now``; the very same value when none has.

    One transition for each member: who turns inactive now is removed by a later look at the earliest (documented).
    """
    earliest = directory.due.earliest
    if earliest is None or earliest > now:
        return directory
    keys, due = directory.due.reached(now)
    directory = replace(directory, due=due)
    for key in keys:
        session = directory.sessions.get(key)
        if session is not None:
            directory = _settled(directory, session, now, new_id, choices)
    return directory


def _settled(directory: Directory, session: Session, now: int, new_id: NewId, choices: Choices) -> Directory:
    before = replace(session, scheduled=None)
    empty = empty_due(before)
    if empty is not None and empty <= now:
        return ended(directory, before)
    after = before
    for member in before.in_order():
        if _is_due(member_due(before, member), now):
            after = _next_status(after, member, now, choices)
    if _is_due(stage_due(before), now):
        after = timed_out(after, now, choices)
    after = advanced(before, after_leaving(before, after), now, choices)
    if after is not before:
        after = after.bumped(new_id())
    return store_session(directory, before, after, now)


def _is_due(due: int | None, now: int) -> bool:
    return due is not None and due <= now


def _next_status(session: Session, member: Member, now: int, choices: Choices) -> Session:
    if member.status == "ready" and choices.ready_timeout == "inactive":
        return session.with_member(inactive(member, now))
    return session.without_member(member.index)


def inactive(member: Member, now: int) -> Member:
    """``member`` as it is from ``now`` on when it is active no longer; its connection goes with that."""
    system = {name: value for name, value in member.properties["system"].items() if name != "connection"}
    return replace(member, status="inactive", since=now, properties={**member.properties, "system": system})


def drop_connection(directory: Directory, connection_or_xuid: str, now: int, new_id: NewId) -> Directory:
    """The directory after a player's connection broke: the members that were active by it are inactive.

    :param connection_or_xuid: the connection GUID that a session write named, or the player's xuid.
    """
    wanted = connection_or_xuid.lower()
    for session in _sessions_with(directory, wanted):
        after = session
        for member in session.in_order():
            if member.active and wanted in (member.xuid, connection_of(member)):
                after = after.with_member(inactive(member, now))
        if after is not session:
            directory = store_session(directory, session, after.bumped(new_id()), now)
    return directory


def connection_of(member: Member) -> str:
    """The GUID of the connection that makes ``member`` active, in lower case; empty without one."""
    return str(member.properties["system"].get("connection", "")).lower()


def _sessions_with(directory: Directory, wanted: str) -> list[Session]:
    """Breaking a connection is a test's doing, not a request's: here a look at every session is good enough."""
    return [
        session
        for session in directory.sessions.values()
        if any(wanted in (member.xuid, connection_of(member)) for member in session.members.values())
    ]
