"""States that a test arranges: the result of several requests, set in one step.

Every function is ``(directory, ..., now, new_id, settings) -> Directory`` and raises :class:`Refusal`, with the
service's own sentence, for a state that the service could never be in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.rendering import json_bytes
from handlesfake.mpsd.sessions.creation import new_member, new_session
from handlesfake.mpsd.sessions.lifetime.lifecycle import store_session, without_assumed
from handlesfake.mpsd.sessions.ownership import has_owners, owners, with_owners
from handlesfake.mpsd.sessions.system_properties import check_system
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import Caller, KnownUser
from handlesfake.mpsd.state.session import NOTHING, Document, Member, Session, SessionRef
from handlesfake.values.values import replace

NewId = Callable[[], str]
STATUSES = ("active", "ready", "inactive", "reserved")


def session(  # noqa: PLR0913 - the words of the public face, and what every function here is given
    directory: Directory,
    ref: SessionRef,
    *,
    members: tuple[KnownUser, ...] = (),
    constants: Document | None = None,
    properties: Document | None = None,
    now: int,
    new_id: NewId,
    settings: Settings,
) -> Directory:
    """With a session at ``ref`` and ``members`` active in it; one that exists keeps what it has, and gets the rest.

    :param constants: ``constants.system`` over that of the template, or ``{"system", "custom"}``, in 107 spelling.
    :param properties: ``{"system", "custom"}``, as a client would send it.
    """
    found = directory.session(ref)
    if found is None or found.assumed:
        found = new_session(directory, ref, _nested(constants), now, new_id, settings, arranged=True)
    given = {part: said for part, said in (properties or {}).items() if said}
    if given:  # else the document that all sessions share stays shared
        known = found.properties
        # as for a client: in a session that is created with properties, system is first
        order = known if directory.session(ref) is found else NOTHING
        found = replace(found, properties={part: {**known[part], **given.get(part, {})} for part in order})
        check_system(found, settings.choices, future_members=True)  # before the directory finds it by its keywords
    if found.properties["system"].get("locked"):
        found = replace(found, lock=frozenset(found.by_xuid) | {user.xuid for user in members})
    directory = without_assumed(directory).with_session(found)
    for user in members:
        if found.member_of(user.xuid) is None:
            directory = join(directory, ref, user, now=now, new_id=new_id, settings=settings)
    check_system(directory.sessions[ref.key], settings.choices, future_members=True)
    return directory


def join(
    directory: Directory,
    ref: SessionRef,
    user: KnownUser,
    *,
    status: str = "active",
    now: int,
    new_id: NewId,
    settings: Settings,  # noqa: ARG001 - every function here is given the same
) -> Directory:
    """With ``user`` in the session at ``ref``, with that status; a member of it changes to that status.

    :param status: ``active``, ``ready``, ``inactive`` or ``reserved``.
    """
    found = directory.session(ref)
    if found is None:
        raise refuse("session_missing")
    if status not in STATUSES:
        problem = f"must be one of {', '.join(STATUSES)}, and is {status!r}"
        raise refuse("invalid_field", field="status", problem=problem)
    if not user.multiplayer and status != "reserved":
        raise refuse("no_privilege", caller=user)
    member = found.member_of(user.xuid)
    if member is not None and member.status == status:
        return directory
    changed = found.with_member(_as(status, found, member, user, now))
    if has_owners(changed) and not owners(changed) and status != "reserved":
        changed = with_owners(changed, [changed.by_xuid[user.xuid]])
    return store_session(directory, found, changed.bumped(new_id(), 1 if found.members else 0), now)


def _as(status: str, found: Session, member: Member | None, user: KnownUser, now: int) -> Member:
    """The member record of ``user`` in that status; ``member`` is the one there is."""
    if member is not None and status == "reserved":
        raise refuse("invalid_field", field="status", problem="cannot turn from a member's into a reservation")
    if member is not None:
        return replace(member, status=status, since=now, gamertag=user.gamertag)
    if found.is_full:
        raise refuse("session_full", session=found.ref, members=len(found.members))
    return new_member(found, user, now, status)


def activity(
    directory: Directory, user: KnownUser, ref: SessionRef, *, now: int, new_id: NewId, settings: Settings
) -> Directory:
    """With ``ref`` as what ``user`` is doing now: the activity handle of ``POST /handles``."""
    return _posted(directory, user, {"type": "activity", "sessionRef": ref.wire}, now, new_id, settings)


def invite(  # noqa: PLR0913 - the words of the public face, and what every function here is given
    directory: Directory,
    sender: KnownUser,
    invited_xuid: str,
    ref: SessionRef,
    *,
    context: str | None = None,
    now: int,
    new_id: NewId,
    settings: Settings,
) -> Directory:
    """With an open invite from ``sender`` to ``invited_xuid``: the invite handle of ``POST /handles``.

    :param context: ``inviteAttributes.context``.
    """
    attributes = {"titleId": sender.title_id} | ({"context": context} if context is not None else {})
    document = {
        "type": "invite",
        "sessionRef": ref.wire,
        "invitedXuid": invited_xuid,
        "inviteAttributes": attributes,
    }
    return _posted(directory, sender, document, now, new_id, settings)


def follow(directory: Directory, xuid: str, other: str) -> Directory:
    """With ``xuid`` following ``other``."""
    user = directory.users[xuid]
    return directory.with_user(replace(user, follows=user.follows | {other}))


def _nested(constants: Document | None) -> Document | None:
    if constants is None or set(constants) <= {"system", "custom"}:
        return constants
    return {"system": constants}


def _posted(
    directory: Directory, user: KnownUser, document: dict[str, Any], now: int, new_id: NewId, settings: Settings
) -> Directory:
    """What a handle's creation would do; strict, since what a test arranges it has said."""
    from handlesfake.mpsd.handles.create import create_handle  # few tests arrange a handle

    if not user.title_id:
        raise refuse("no_title", caller=user)
    request = Request("POST", "/handles", body=json_bytes({**document, "version": 1}))
    caller = Caller(user.title_id, (user,))
    strict = replace(settings, strict=True)
    done: Result = create_handle(Context(directory, request, {}, caller, 107, now, new_id, strict))
    return done.directory
