"""POST /handles with type transfer (from a lobby to its game) and, behind a choice, correlation."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.handles.handle_body import bump_change_number, created_handle, session_ref_of
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.access import session_lookup
from handlesfake.mpsd.state.handle import Handle, kept
from handlesfake.mpsd.state.session import SessionRef


def create_transfer(context: Context, echo: dict[str, Any]) -> Result:
    """Let the members of ``originSessionRef`` into ``sessionRef``, the target (contract 2.5).

    :raises Refusal: a reference is not as it must be, or the caller is not in the target.
    """
    target = session_ref_of(echo)
    origin = session_ref_of(echo, "originSessionRef")
    directory, session = session_lookup.referred_session(context, target)
    for user in context.caller.users:
        session_lookup.require_privilege(user)
        if session is not None and not context.caller.manages:
            member = session_lookup.require_member(session, user)
            if not member.active:
                context.limit_evidence(Evidence.INFERRED)  # the caller of the captures was active
    if context.caller.is_service:
        context.limit_evidence(Evidence.DOCUMENTED)  # a service acts as its users would; the captures show a user
    _check_origin(context, origin)
    handle = _handle(context, "transfer", target, echo)
    directory = bump_change_number(
        context, directory.with_handle(handle), session, context.settings.choices.transfer_bumps
    )
    return created_handle(directory, handle, Evidence.CAPTURED)


def _check_origin(context: Context, origin: SessionRef) -> None:
    """Being in the origin is checked when the handle is used; at creation only by choice (U25)."""
    if context.caller.manages:
        return
    session = context.directory.session(origin)
    if context.settings.choices.transfer_requires_origin:
        if session is None:
            raise refuse("session_not_found", session=origin, caller=context.caller)
        for user in context.caller.users:
            session_lookup.require_member(session, user)
    elif session is None or any(session.member_of(user.xuid) is None for user in context.caller.users):
        context.note(f"{context.caller.label} is not in the origin, which MPSD may check only at use (U25)")


def create_correlation(context: Context, echo: dict[str, Any]) -> Result:
    """A correlation handle: known by name only, and therefore refused unless a choice asks for an echo (U26).

    :raises Refusal: the choice ``correlation_handles`` is off.
    """
    if not context.settings.choices.correlation_handles:
        raise refuse("unsupported_handle_type", type="correlation")
    ref = session_ref_of(echo)
    directory, _ = session_lookup.referred_session(context, ref)
    handle = _handle(context, "correlation", ref, echo)
    return created_handle(directory.with_handle(handle), handle, Evidence.ASSUMED)


def _handle(context: Context, kind: str, ref: SessionRef, echo: dict[str, Any]) -> Handle:
    """A handle whose answer is the request in its own order, and ``id`` (captured for transfer)."""
    handle_id = context.new_id()
    owner_xuid = context.caller.user.xuid if context.caller.user is not None else ""
    document = {**echo, "id": handle_id}
    return Handle(handle_id, kind, ref, owner_xuid, context.caller.title_id, context.now, kept(document, ref))
