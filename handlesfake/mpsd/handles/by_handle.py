"""/handles/{id}: the handle itself, and the session that it points at (contract 3, 4, 6)."""

from __future__ import annotations

import re

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.access.read_and_join import Grant, may_read
from handlesfake.mpsd.sessions.operations import read_session, write_session
from handlesfake.mpsd.sessions.writing import read_body
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.identity import Caller
from handlesfake.mpsd.state.session import Session, SessionRef
from handlesfake.values.values import replace

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ZERO = "00000000-0000-0000-0000-000000000000"


def get_handle(context: Context) -> Result:
    """The handle as it was created, or, by choice, its session (U34).

    :raises Refusal: there is no such handle, or the caller may not see it.
    """
    handle = _handle(context)
    if not _may_see(context, handle):
        raise refuse("stale_handle", context.settings.choices.unseen_handle)
    if context.settings.choices.get_handle_returns == "session":
        return _read(context, handle, Evidence.ASSUMED)
    if not _owns(context.caller, handle):
        context.limit_evidence(Evidence.ASSUMED)  # who else may see it is open (U35)
    return Result(context.directory, 200, handle.document, evidence=Evidence.CLIENT)  # three read sessionRef from it


def delete_handle(context: Context) -> Result:
    """Delete the handle; for an activity that clears what its owner is doing (contract 4).

    :raises Refusal: there is no such handle, or it belongs to another user.
    """
    handle = _handle(context)
    if not _owns(context.caller, handle):
        raise refuse("foreign_handle", context.settings.choices.foreign_handle_delete)
    directory = context.directory.without_handle(handle)
    session = directory.session(handle.session_ref)
    if session is not None and handle.type != "invite":
        directory = directory.with_session(session.bumped(context.new_id(), context.settings.choices.delete_bumps))
    return Result(directory, 204, evidence=Evidence.INFERRED)


def get_session_by_handle(context: Context) -> Result:
    """The session that the handle points at, with its address in ``Content-Location``.

    :raises Refusal: there is no such handle, or the caller may not read the session.
    """
    return _read(context, _handle(context), Evidence.DOCUMENTED)


def put_session_by_handle(context: Context) -> Result:
    """Write or join the session that the handle points at: the handle is a capability (contract 6.2).

    :raises Refusal: there is no such handle, or as for ``put_session``.
    """
    handle = _handle(context)
    session = context.directory.session(handle.session_ref)
    ref = session.ref if session is not None else handle.session_ref
    grant = _grant(context, handle, session)
    done = write_session(context, ref, session, read_body(context.body()), grant)
    context.limit_evidence(Evidence.CLIENT)
    return _located(done, ref)


def _read(context: Context, handle: Handle, evidence: Evidence) -> Result:
    session = context.directory.session(handle.session_ref)
    done = read_session(context, session, _grant(context, handle, session), evidence)
    return _located(done, session.ref if session is not None else handle.session_ref)


def _located(done: Result, ref: SessionRef) -> Result:
    if done.status == 204:
        return done
    return replace(done, headers=(*done.headers, ("Content-Location", ref.path)))


# ---- which handle


def live_handle(directory: Directory, handle_id: str, now: int) -> Handle | None:
    """The handle with that id, case ignored (U32); None when there is none, or its invite has expired (U2)."""
    handle = directory.handles.get(handle_id.lower())
    if handle is None or (handle.expires_at is not None and handle.expires_at <= now):
        return None
    return handle


def _handle(context: Context) -> Handle:
    handle_id = context.parameters["handle_id"].lower()
    if not _GUID.fullmatch(handle_id) or handle_id == _ZERO:
        raise refuse("invalid_handle_id", context.settings.choices.invalid_handle_id)
    handle = live_handle(context.directory, handle_id, context.now)
    if handle is None:
        raise refuse("stale_handle")
    return handle


# ---- what it gives


def _grant(context: Context, handle: Handle, session: Session | None) -> Grant:
    """What the handle gives to this caller: an invite to its invitee, a transfer to members of the origin."""
    xuids = [user.xuid for user in context.caller.users]
    if handle.type == "invite":
        mine = handle.invited_xuid in xuids
        return Grant(reads=mine, joins=mine, by_handle=True)
    if handle.type == "transfer":
        mine = _in_origin(context.directory, handle, xuids)
        return Grant(reads=mine, joins=mine, by_handle=True, is_outside_origin=not mine)
    if handle.type == "search":
        # "lets non-local users join" sessions of userAuthorizationStyle (documented)
        joins = session is not None and bool(session.capabilities.get("userAuthorizationStyle"))
        return Grant(joins=joins, by_handle=True)
    return Grant(by_handle=True)


def _in_origin(directory: Directory, handle: Handle, xuids: list[str]) -> bool:
    origin = handle.said("originSessionRef")
    session = directory.session(SessionRef(origin["scid"], origin["templateName"], origin["name"]))
    return session is not None and any(session.member_of(xuid) is not None for xuid in xuids)


def _may_see(context: Context, handle: Handle) -> bool:
    if _owns(context.caller, handle) or handle.invited_xuid in [user.xuid for user in context.caller.users]:
        return True
    session = context.directory.session(handle.session_ref)
    return handle.type != "invite" and session is not None and may_read(context, session)


def _owns(caller: Caller, handle: Handle) -> bool:
    """The user who made it, from the title that did (documented for activities); for an invite, its sender."""
    if caller.manages:
        return handle.type == "invite" or handle.title_id == caller.title_id
    mine = handle.owner_xuid in [user.xuid for user in caller.users]
    return mine and (handle.type == "invite" or handle.title_id == caller.title_id)
