"""Reading and removing one element of a session: its properties, a member or a server (contract 7.6)."""

from __future__ import annotations

from functools import reduce
from operator import getitem

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.preconditions import if_match_holds
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.access.read_and_join import NO_GRANT, acting, require_read
from handlesfake.mpsd.sessions.lifetime.initialization_stages import advanced
from handlesfake.mpsd.sessions.lifetime.lifecycle import store_session
from handlesfake.mpsd.sessions.member_keys import member_writes
from handlesfake.mpsd.sessions.operations import carrying, read_session, session_ref
from handlesfake.mpsd.sessions.ownership import after_leaving
from handlesfake.mpsd.state.session import Session
from handlesfake.values.values import replace


def get_session_properties(context: Context) -> Result:
    """The session's ``properties``.

    :raises Refusal: there is no such session, or the caller may not read it.
    """
    return _shown(context, _known_session(context), "properties")


def get_member(context: Context) -> Result:
    """The record of ``members/me`` or ``members/{index}``; 204 where there is no member (documented).

    :raises Refusal: there is no such session, or the caller may not read it.
    """
    session = _known_session(context)
    key = _member_key(context)
    large = session.capabilities.get("large")
    if key == "me":
        index = session.by_xuid.get(acting(context.caller, "members/me").xuid)
        return _shown(context, session, "members", key if large else str(index), there=index is not None)
    # of a large session each sees the own record only
    return _shown(context, session, "members", key, there=not large and key in map(str, session.members))


def get_server(context: Context) -> Result:
    """The entry of ``servers/{name}``; 204 where there is none (documented).

    :raises Refusal: there is no such session, or the caller may not read it.
    """
    session, name = _known_session(context), context.parameters["server"]
    return _shown(context, session, "servers", name, there=name in session.servers)


def _shown(context: Context, session: Session, *path: str, there: bool = True) -> Result:
    """The value at ``path`` in the session's document."""
    require_read(context, session)
    if not there:
        return Result(context.directory, 204, evidence=Evidence.DOCUMENTED)
    whole = read_session(context, session, NO_GRANT, Evidence.INFERRED)
    if context.settings.choices.element_get_returns == "session":
        return replace(whole, evidence=Evidence.ASSUMED)
    if whole.document is None:  # 304
        return whole
    return replace(whole, document=reduce(getitem, path, whole.document))


def delete_member(context: Context) -> Result:
    """Remove ``members/me``, or, for a service, ``members/{index}``.

    :raises Refusal: there is no such session, or the caller may not.
    """
    session = _matching_session(context)
    key = _member_key(context)
    after = session
    for write in member_writes(context, session, {key: None}, created=False):
        member = session.member_of(write.xuid)
        if write.body is None and member is not None:
            after = after.without_member(member.index)
    after = advanced(session, after_leaving(session, after), context.now, context.settings.choices)
    return _removed(context, session, after)


def delete_server(context: Context) -> Result:
    """Remove ``servers/{name}``, for a service.

    :raises Refusal: there is no such session, or the caller is not a service.
    """
    session = _matching_session(context)
    if not context.caller.is_service:
        raise refuse("servers_by_user")
    name = context.parameters["server"]
    if name not in session.servers:
        return _removed(context, session, session)
    servers = {known: server for known, server in session.servers.items() if known != name}
    return _removed(context, session, replace(session, servers=servers))


def _member_key(context: Context) -> str:
    """``me`` or the digits of an index; anything else is an "invalid element lookup" (documented)."""
    key = context.parameters["member"].lower()
    if key != "me" and not (key.isascii() and key.isdigit()):
        raise refuse("no_such_path", path=context.request.path[:200])
    return key


def _known_session(context: Context) -> Session:
    session = context.directory.session(session_ref(context))
    if session is None:
        raise refuse("session_missing")
    return session


def _matching_session(context: Context) -> Session:
    session = _known_session(context)
    if not if_match_holds(context.request.headers, session):
        require_read(context, session)
        raise carrying(context, session, refuse("precondition_failed"))
    return session


def _removed(context: Context, before: Session, after: Session) -> Result:
    """204: the session existed at the start, and the element is gone now (documented)."""
    if after is before:
        status = context.settings.choices.missing_element
        if status != 204:
            raise refuse("no_such_element", status)
        return Result(context.directory, 204, evidence=Evidence.DOCUMENTED)
    directory = store_session(context.directory, before, after.bumped(context.new_id()), context.now)
    return Result(directory, 204, evidence=Evidence.DOCUMENTED)
