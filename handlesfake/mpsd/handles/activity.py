"""POST /handles with type activity: what a player is doing now."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.handles.handle_body import (
    created_handle,
    session_ref_or_new,
    title_fields,
)
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.access import session_lookup
from handlesfake.mpsd.state.handle import Handle, kept
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.state.session import Session
from handlesfake.mpsd.ticks import wire_time
from handlesfake.values.values import replace


def create_activity(context: Context, echo: dict[str, Any]) -> Result:
    """Set what the caller is doing now; what they were doing before in the same place is gone (contract 2.2).

    :raises Refusal: the caller is a service, lacks the multiplayer privilege, or is not active in the session.
    """
    if context.caller.is_service:
        raise refuse("service_activity", context.settings.choices.service_activity)
    user = context.caller.users[0]
    session_lookup.require_privilege(user)
    ref = session_ref_or_new(echo, context)
    directory, session = context.directory, None
    named = echo["sessionRef"].get("name") is not None
    if named:
        directory, session = session_lookup.referred_session(context, ref)
    else:
        session_lookup.require_template(context, ref)
        echo = {**echo, "sessionRef": {**echo["sessionRef"], "name": ref.name}}
    if session is not None:
        _require_active(context, session, user)
        ref = session.ref if session.ref == ref else ref
    handle_id = context.new_id()
    document = _document(context, echo, handle_id, session, user)
    as_kept = kept(document, ref, context.now)
    handle = Handle(handle_id, "activity", ref, user.xuid, user.title_id, context.now, as_kept)
    bumped = session and session.bumped(context.new_id(), context.settings.choices.activity_bumps)  # U21
    directory = directory.with_activity(_place(context, handle), handle, bumped)
    if "inviteProtocol" not in document:
        context.limit_evidence(
            Evidence.INFERRED
        )  # that a session without inviteProtocol gives none (contract 2.2); U18
    done = created_handle(directory, handle, Evidence.CAPTURED, document)
    if context.settings.dialect == "documented":
        # the page: "response body for setting activity: none"; its status is as for any other creation
        return replace(done, document=None, evidence=Evidence.DOCUMENTED)
    return done


def _document(
    context: Context, echo: dict[str, Any], handle_id: str, session: Session | None, user: KnownUser
) -> dict[str, Any]:
    """The handle as the answer shows it (captured)."""
    return {
        **echo,
        "titleId": user.title_id,
        "ownerXuid": user.xuid,
        "id": handle_id,
        **title_fields(context, session, user.title_id),
        "createTime": wire_time(context.now),
    }


def _require_active(context: Context, session: Session, user: KnownUser) -> None:
    member = session_lookup.require_member(session, user)
    if not member.active:
        status = context.settings.choices.inactive_owner
        if status != 201:
            raise refuse("owner_inactive", status, caller=user, session=session.ref)
        context.note(f"{user.label} is not active in the session, but the activity was accepted (U17)")


def _place(context: Context, handle: Handle) -> tuple[str, ...]:
    """Where there can be one activity only (U20)."""
    if context.settings.choices.activity_scope == "scid":
        return handle.owner_xuid, handle.session_ref.key[0]
    return (handle.owner_xuid, *handle.session_ref.key)
