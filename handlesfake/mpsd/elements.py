"""Removing one element of a session: a member or a server (contract 7.6)."""

from __future__ import annotations

from dataclasses import replace

from handlesfake.mpsd.context import Context, Done
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.lifecycle import stored
from handlesfake.mpsd.member_keys import member_writes
from handlesfake.mpsd.ownership import after_leaving
from handlesfake.mpsd.preconditions import if_match_holds
from handlesfake.mpsd.refusals import refuse
from handlesfake.mpsd.rights import require_read
from handlesfake.mpsd.session import Session
from handlesfake.mpsd.sessions import carrying, session_ref


def delete_member(context: Context) -> Done:
    """Remove ``members/me``, or, for a service, ``members/{index}``.

    :raises Refusal: there is no such session, or the caller may not.
    """
    session = _session(context)
    key = context.parameters["member"].lower()
    if key != "me" and not (key.isascii() and key.isdigit()):
        raise refuse("no_such_path", path=context.request.path[:200])
    after = session
    for write in member_writes(context, session, {key: None}, created=False):
        member = session.member_of(write.xuid)
        if write.body is None and member is not None:
            after = after.without_member(member.index)
    return _removed(context, session, after_leaving(session, after))


def delete_server(context: Context) -> Done:
    """Remove ``servers/{name}``, for a service.

    :raises Refusal: there is no such session, or the caller is no service.
    """
    session = _session(context)
    if not context.caller.is_service:
        raise refuse("servers_by_user")
    name = context.parameters["server"]
    if name not in session.servers:
        return _removed(context, session, session)
    servers = {known: server for known, server in session.servers.items() if known != name}
    return _removed(context, session, replace(session, servers=servers))


def _session(context: Context) -> Session:
    session = context.directory.session(session_ref(context))
    if session is None:
        raise refuse("session_missing")
    if not if_match_holds(context.request.headers, session):
        require_read(context, session)
        raise carrying(context, session, refuse("precondition_failed"))
    return session


def _removed(context: Context, before: Session, after: Session) -> Done:
    """204: the session existed at the start, and the element is gone now (documented)."""
    if after is before:
        status = context.settings.choices.missing_element
        if status != 204:
            raise refuse("no_such_element", status)
        return Done(context.directory, 204, evidence=Evidence.DOCUMENTED)
    directory = stored(context.directory, before, after.bumped(context.new_id()), context.now)
    return Done(directory, 204, evidence=Evidence.DOCUMENTED)
