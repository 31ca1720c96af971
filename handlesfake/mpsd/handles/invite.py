"""POST /handles with type invite: one player asks another into a session."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.handles.handle_body import (
    bump_change_number,
    created_handle,
    remark_unknown,
    session_ref_of,
    title_fields,
)
from handlesfake.mpsd.http.body import a_title_id, a_xuid, an_object, type_name
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.access import session_lookup
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import Handle, kept
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.state.session import Session, SessionRef
from handlesfake.mpsd.ticks import TICKS_PER_SECOND, wire_time
from handlesfake.values.values import frozen

CONTEXT_LIMIT = 256
"""Characters of ``inviteAttributes.context`` when URI-encoded (documented)."""

_ATTRIBUTES = ("titleId", "context", "contextString", "senderString")


@frozen
class _Invite:
    """What the body of an invite says, checked."""

    invited_xuid: str
    title_id: str


def create_invite(context: Context, echo: dict[str, Any]) -> Result:
    """Invite one player to a session, be it full or closed (contract 2.3).

    :raises Refusal: the body is not as MPSD wants it, or the caller may not invite to that session.
    """
    ref = session_ref_of(echo)
    invite = _read_invite(context, echo)
    echo = _less_unknown_attributes(context, echo)
    sender = _sender(context)
    if sender is not None:
        session_lookup.require_privilege(sender)
    _check_invitee(context, sender, invite)
    directory, session = session_lookup.referred_session(context, ref)
    if session is not None and sender is not None and not context.caller.manages:
        _require_may_invite(context, session, sender)
    handle = _invite_handle(context, echo, ref, session, sender, invite)
    known = directory.with_handle(handle)
    directory = bump_change_number(context, known, session, context.settings.choices.invite_bumps)
    # the fields are seen in clients, the Location headers inferred (contract 2.3)
    delivered = _delivered(context, session, sender, invite)
    return created_handle(directory, handle, Evidence.INFERRED, delivered=delivered)


def _read_invite(context: Context, echo: dict[str, Any]) -> _Invite:
    invited_xuid = a_xuid(echo.get("invitedXuid"), "invitedXuid")
    if echo.get("inviteAttributes") is None:
        _check_left_out(context, "inviteAttributes")
        return _Invite(invited_xuid, context.caller.title_id)
    attributes = an_object(echo["inviteAttributes"], "inviteAttributes")
    title_id = _read_title(context, attributes.get("titleId"))
    for name in ("context", "contextString", "senderString"):
        text = attributes.get(name)
        if text is not None and not isinstance(text, str):
            field = f"inviteAttributes.{name}"
            raise refuse("invalid_field", field=field, problem=f"must be a string, and is {type_name(text)}")
    _check_context(context, attributes.get("context"))
    _check_strings(context, attributes)
    return _Invite(invited_xuid, title_id)


def _read_title(context: Context, value: Any) -> str:
    """The title that is invited to; the caller's own where the request names no title."""
    field = "inviteAttributes.titleId"
    if value is None:
        _check_left_out(context, field)
        return context.caller.title_id
    title_id = a_title_id(value, field)
    if not isinstance(value, str):
        context.note(f"{field} is a number: every known client sends a string (U11)", Evidence.INFERRED)
    if title_id != context.caller.title_id:
        if context.settings.choices.foreign_title != 201:
            raise refuse("foreign_title", context.settings.choices.foreign_title)
        context.note(f"{field} is not the title of the token, {context.caller.title_id} (U12)")
    return title_id


def _check_left_out(context: Context, field: str) -> None:
    if context.settings.choices.invite_attributes_required:
        raise refuse("missing_attribute", field=field)
    context.note(f"{field} is missing: every known client sends it (U10)")


def _less_unknown_attributes(context: Context, echo: dict[str, Any]) -> dict[str, Any]:
    """The echo less the attributes that MPSD is not known to read (U30)."""
    attributes = echo.get("inviteAttributes") or {}
    unknown = [name for name in attributes if name not in _ATTRIBUTES]
    remark_unknown([f"inviteAttributes.{name}" for name in unknown], context)
    if not unknown:
        return echo
    return {**echo, "inviteAttributes": {name: attributes[name] for name in attributes if name not in unknown}}


def _check_context(context: Context, text: str | None) -> None:
    """At most 256 characters when URI-encoded; already encoded text is encoded again for counting (U13)."""
    if text is None:
        return
    encoded = context.settings.choices.context_counted == "encoded"
    when_encoded = len(quote(text, safe="", errors="surrogatepass"))
    length = when_encoded if encoded else len(text)
    if length <= CONTEXT_LIMIT < when_encoded:
        context.limit_evidence(Evidence.ASSUMED)  # the page counts what is encoded
    if length > CONTEXT_LIMIT:
        counted = " when URI-encoded" if encoded else ""
        raise refuse(
            "invalid_field",
            field="inviteAttributes.context",
            problem=f"must be {CONTEXT_LIMIT} characters or less{counted}, and has {length}",
        )


def _check_invitee(context: Context, sender: KnownUser | None, invite: _Invite) -> None:
    """The users that the sender may invite, as far as that shows in the status (U7, U8)."""
    choices = context.settings.choices
    if sender is None:
        return
    if sender.xuid == invite.invited_xuid:
        if choices.invite_to_self != 201:
            raise refuse("self_invite", choices.invite_to_self)
        context.note(f"{sender.label} invites themselves (U7)")
    if not _may_reach(context.directory, sender, invite.invited_xuid):
        if choices.unreachable_invitee != 201:
            raise refuse("privacy_block", choices.unreachable_invitee)
        context.note(f"{invite.invited_xuid} cannot be invited by {sender.label}: accepted, and not delivered (U8)")


def _may_reach(directory: Directory, sender: KnownUser, invited_xuid: str) -> bool:
    """Whether the invitee may play with others, and has not blocked the sender; nothing is known about a stranger."""
    invitee = directory.users.get(invited_xuid)
    return invitee is None or (invitee.multiplayer and sender.xuid not in invitee.blocks)


def _check_strings(context: Context, attributes: dict[str, Any]) -> None:
    text = attributes.get("contextString")
    if text and not text.startswith("///"):
        context.note("inviteAttributes.contextString does not start with '///': clients drop it (U14)")
    if attributes.get("senderString") and not context.caller.is_service:
        if context.settings.choices.user_sender_string != 201:
            raise refuse("sender_string", context.settings.choices.user_sender_string)
        context.note("inviteAttributes.senderString is for services; a user's own is ignored (U15)")


def _sender(context: Context) -> KnownUser | None:
    """The sender: the caller, or the one user that a service acts for; a service may act for itself."""
    if len(context.caller.users) > 1:
        raise refuse("service_users", problem="must name one user at most, since an invite has one sender")
    return context.caller.user


def _require_may_invite(context: Context, session: Session, sender: KnownUser) -> None:
    choices = context.settings.choices
    if not choices.invite_requires_membership and session.member_of(sender.xuid) is None:
        context.note(f"{sender.label} is not in the session, but the invite was accepted (U5)")
        return
    member = session_lookup.require_member(session, sender)
    if session_lookup.may_invite(session, member) is False:
        if choices.non_owner_invite != 201:
            raise refuse("not_an_owner", choices.non_owner_invite, caller=sender, session=session.ref)
        context.note(f"{sender.label} is not an owner of the session, but the invite was accepted (U6)")


def _invite_handle(
    context: Context,
    echo: dict[str, Any],
    ref: SessionRef,
    session: Session | None,
    sender: KnownUser | None,
    invite: _Invite,
) -> Handle:
    handle_id = context.new_id()
    expires_at = context.now + context.settings.choices.invite_lifetime_seconds * TICKS_PER_SECOND
    document = dict(echo)
    if sender is not None:
        document["senderXuid"] = sender.xuid
    document["id"] = handle_id
    document |= title_fields(context, session, invite.title_id)
    document["expiration"] = wire_time(expires_at)
    if context.settings.choices.invite_extra_fields:
        context.limit_evidence(Evidence.ASSUMED)
        document |= {"createTime": wire_time(context.now), "titleId": context.caller.title_id}
        document |= {"ownerXuid": sender.xuid} if sender else {}
    return Handle(
        handle_id,
        "invite",
        ref,
        sender.xuid if sender else "",
        invite.title_id,
        context.now,
        kept(document, ref),
        invited_xuid=invite.invited_xuid,
        expires_at=expires_at,
    )


def _delivered(context: Context, session: Session | None, sender: KnownUser | None, invite: _Invite) -> bool:
    """Whether the invitee gets to see the invite; by default the status does not tell (U8, U9)."""
    if session is None:
        return False
    if session.invite_protocol is None:
        context.note("the session has no inviteProtocol: the invitee gets no notice of the invite (U9)")
        return False
    return sender is None or _may_reach(context.directory, sender, invite.invited_xuid)
