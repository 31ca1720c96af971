"""The timeouts of members and sessions, applied when a request next looks (contract 8.5)."""

from __future__ import annotations

from collections.abc import Callable

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.sessions.lifetime.connections import inactive, noticed
from handlesfake.mpsd.sessions.lifetime.initialization_stages import advanced, timed_out
from handlesfake.mpsd.sessions.lifetime.lifecycle import empty_due, ended, member_due, stage_due, store_session
from handlesfake.mpsd.sessions.ownership import after_leaving
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.session import Member, Session
from handlesfake.values.values import replace

NewId = Callable[[], str]


def apply_timeouts(directory: Directory, now: int, new_id: NewId, choices: Choices) -> Directory:
    """The directory after every timer that has run out by ``now``; the very same value when none has.

    One transition for each member: who turns inactive now is removed by a later look at the earliest (documented).
    """
    earliest, lost = directory.due.earliest, directory.connections.earliest
    if earliest is not None and earliest <= now:
        keys, due = directory.due.reached(now)
        directory = replace(directory, due=due)
        for key in keys:
            session = directory.sessions.get(key)
            if session is not None:
                directory = _settled(directory, session, now, new_id, choices)
    return directory if lost is None or lost > now else noticed(directory, now, new_id)


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
