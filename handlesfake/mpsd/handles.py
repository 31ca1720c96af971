"""POST /handles: what a player is doing, and whom they invite."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from handlesfake.mpsd import access
from handlesfake.mpsd.context import Context, Done
from handlesfake.mpsd.directory import Directory, Handle
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.identity import User
from handlesfake.mpsd.reading import a_text, a_title_id, a_xuid, an_object, type_name
from handlesfake.mpsd.refusals import refuse
from handlesfake.mpsd.session import Session, SessionRef
from handlesfake.mpsd.ticks import TICKS_PER_SECOND, wire_time

CONTEXT_LIMIT = 256
"""Characters of ``inviteAttributes.context`` when URI-encoded (documented)."""

NAME_LIMIT = 99
"""Characters of a template or session name: 100-byte buffers, NUL included (seen in a client)."""

_COMMON = ("type", "version", "sessionRef")
_KNOWN = {"activity": _COMMON, "invite": (*_COMMON, "invitedXuid", "inviteAttributes")}


def create_handle(context: Context) -> Done:
    """Create the handle that the body describes.

    :raises Refusal: the body is not as MPSD wants it, or the caller may not.
    """
    document = context.body()
    kind = a_text(document.get("type"), "type")
    if kind not in _CREATE:
        raise refuse("unsupported_handle_type", type=kind)
    _check_version(document, context)
    _check_unknown(document, _KNOWN[kind], context)
    return _CREATE[kind](context, _echo(document, _KNOWN[kind]))


# ---- activity


def _create_activity(context: Context, echo: dict[str, Any]) -> Done:
    if context.caller.is_service:
        raise refuse("service_activity", context.settings.choices.service_activity)
    user = context.caller.users[0]
    access.require_privilege(user)
    ref = _session_ref(echo, context, name_required=False)
    directory, session = context.directory, None
    named = "name" in echo["sessionRef"]
    if named:
        directory, session = access.referred_session(context, ref)
    else:
        echo = _with_name(echo, ref)
    if session is not None:
        _require_active(context, session, user)
    handle = _activity_handle(context, echo, ref, session, user)
    directory = directory.with_activity(_place(context, handle), handle)
    if session is not None:
        directory = directory.with_session(session.bumped(context.new_id(), context.settings.choices.activity_bumps))
    if context.settings.dialect == "documented":
        # the page: "response body for setting activity: none"; its status is as for any other creation
        return Done(
            directory, 201, None, _locations(handle), evidence=Evidence.DOCUMENTED, created=handle.document
        )
    evidence = Evidence.CAPTURED if named else Evidence.INFERRED
    return Done(directory, 201, handle.document, _locations(handle), evidence=evidence, created=handle.document)


def _activity_handle(
    context: Context, echo: dict[str, Any], ref: SessionRef, session: Session | None, user: User
) -> Handle:
    handle_id = context.new_id()
    document = {**echo, "titleId": user.title_id, "ownerXuid": user.xuid, "id": handle_id}
    document |= _title_fields(context, session, user.title_id)
    document["createTime"] = wire_time(context.now)
    return Handle(handle_id, "activity", ref, user.xuid, user.title_id, context.now, document)


def _require_active(context: Context, session: Session, user: User) -> None:
    member = access.require_member(session, user)
    if not member.active:
        status = context.settings.choices.inactive_owner
        if status != 201:
            raise refuse("owner_inactive", status, caller=user, session=session.ref)


def _place(context: Context, handle: Handle) -> tuple[str, ...]:
    """Where there can be one activity only (U20)."""
    if context.settings.choices.activity_scope == "scid":
        return handle.owner_xuid, handle.session_ref.scid.lower()
    return (handle.owner_xuid, *handle.session_ref.key)


# ---- invite


@dataclass(frozen=True, slots=True)
class _Invite:
    """What the body of an invite says, checked."""

    invited_xuid: str
    title_id: str


def _create_invite(context: Context, echo: dict[str, Any]) -> Done:
    ref = _session_ref(echo, context, name_required=True)
    invite = _read_invite(context, echo)
    sender = _sender(context)
    if sender is not None:
        access.require_privilege(sender)
    if sender is not None and sender.xuid == invite.invited_xuid and context.settings.choices.invite_to_self != 201:
        raise refuse("self_invite", context.settings.choices.invite_to_self)
    directory, session = access.referred_session(context, ref)
    if session is not None and sender is not None and not context.caller.manages:
        _require_may_invite(context, session, sender)
    handle = _invite_handle(context, echo, ref, session, sender, invite)
    directory = directory.with_handle(handle)
    if session is not None:
        directory = directory.with_session(session.bumped(context.new_id(), context.settings.choices.invite_bumps))
    return Done(
        directory,
        201,
        handle.document,
        _locations(handle),
        evidence=Evidence.CLIENT,
        created=handle.document,
        delivered=_delivered(context.directory, session, sender, invite.invited_xuid),
    )


def _read_invite(context: Context, echo: dict[str, Any]) -> _Invite:
    invited_xuid = a_xuid(echo.get("invitedXuid"), "invitedXuid")
    if echo.get("inviteAttributes") is None and not context.settings.choices.invite_attributes_required:
        return _Invite(invited_xuid, context.caller.title_id)
    attributes = an_object(echo.get("inviteAttributes"), "inviteAttributes")
    title_id = context.caller.title_id
    if attributes.get("titleId") is not None or context.settings.choices.invite_attributes_required:
        title_id = a_title_id(attributes.get("titleId"), "inviteAttributes.titleId")
    if title_id != context.caller.title_id and context.settings.choices.foreign_title != 201:
        raise refuse("foreign_title", context.settings.choices.foreign_title)
    for name in ("context", "contextString", "senderString"):
        text = attributes.get(name)
        if text is not None and not isinstance(text, str):
            field = f"inviteAttributes.{name}"
            raise refuse("invalid_field", field=field, problem=f"must be a string, and is {type_name(text)}")
    _check_context(context, attributes.get("context"))
    _check_strings(context, attributes)
    return _Invite(invited_xuid, title_id)


def _check_context(context: Context, text: str | None) -> None:
    """At most 256 characters when URI-encoded; already encoded text is encoded again for counting (U13)."""
    if text is None:
        return
    encoded = context.settings.choices.context_counted == "encoded"
    length = len(quote(text, safe="", errors="surrogatepass")) if encoded else len(text)
    if length > CONTEXT_LIMIT:
        counted = " when URI-encoded" if encoded else ""
        raise refuse(
            "invalid_field",
            field="inviteAttributes.context",
            problem=f"must be {CONTEXT_LIMIT} characters or less{counted}, and has {length}",
        )


def _check_strings(context: Context, attributes: dict[str, Any]) -> None:
    text = attributes.get("contextString")
    if text and not text.startswith("///"):
        context.notes.append("inviteAttributes.contextString does not start with '///': clients drop it (U14)")
    if attributes.get("senderString") and not context.caller.is_service:
        if context.settings.choices.user_sender_string != 201:
            raise refuse("sender_string", context.settings.choices.user_sender_string)
        context.notes.append("inviteAttributes.senderString is for services; a user's own is ignored (U15)")


def _sender(context: Context) -> User | None:
    """Who invites: the caller, or the one user for whom a service calls; a service may speak for itself."""
    if len(context.caller.users) > 1:
        raise refuse("service_users", problem="must name one user at most, since an invite has one sender")
    return context.caller.user


def _require_may_invite(context: Context, session: Session, sender: User) -> None:
    choices = context.settings.choices
    if not choices.invite_requires_membership and session.member_of(sender.xuid) is None:
        return
    member = access.require_member(session, sender)
    if access.may_invite(session, member) is False and choices.non_owner_invite != 201:
        raise refuse("not_an_owner", choices.non_owner_invite, caller=sender, session=session.ref)


def _invite_handle(
    context: Context,
    echo: dict[str, Any],
    ref: SessionRef,
    session: Session | None,
    sender: User | None,
    invite: _Invite,
) -> Handle:
    handle_id = context.new_id()
    expires_at = context.now + context.settings.choices.invite_lifetime_seconds * TICKS_PER_SECOND
    document = dict(echo)
    if sender is not None:
        document["senderXuid"] = sender.xuid
    document["id"] = handle_id
    document |= _title_fields(context, session, invite.title_id)
    document["expiration"] = wire_time(expires_at)
    if context.settings.choices.invite_extra_fields:
        document |= {"createTime": wire_time(context.now), "titleId": context.caller.title_id}
        document |= {"ownerXuid": sender.xuid} if sender else {}
    return Handle(
        handle_id,
        "invite",
        ref,
        sender.xuid if sender else "",
        invite.title_id,
        context.now,
        document,
        invited_xuid=invite.invited_xuid,
        expires_at=expires_at,
    )


def _delivered(directory: Directory, session: Session | None, sender: User | None, invited_xuid: str) -> bool:
    """Whether the invitee gets to see the invite; the status never tells, so that a block does not show (U8, U9)."""
    invitee = directory.users.get(invited_xuid)
    if session is None or session.invite_protocol is None:
        return False
    if invitee is None:
        return True
    return invitee.multiplayer and not (sender and sender.xuid in invitee.blocks)


# ---- what both have in common


def _check_version(document: dict[str, Any], context: Context) -> None:
    version = document.get("version")
    if version is None and not context.settings.choices.handle_version_required:
        return
    if version is None:
        raise refuse("missing_field", field="version")
    if version != 1 or not isinstance(version, int) or isinstance(version, bool):
        raise refuse("invalid_field", field="version", problem="must be the number 1")


def _check_unknown(document: dict[str, Any], known: tuple[str, ...], context: Context) -> None:
    if "id" in document:
        context.notes.append("the body bears an id: MPSD assigns the ids itself, and the client's is ignored (U29)")
    unknown = [name for name in document if name not in known and name != "id"]
    if unknown and context.settings.choices.unknown_fields == 400:
        raise refuse("unknown_field", field=unknown[0])
    if unknown:
        context.notes.append(f"fields that MPSD does not know were ignored: {', '.join(unknown)[:200]} (U30)")


def _echo(document: dict[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """The request's own fields in the request's order (captured); ``version`` is filled in behind them (U28)."""
    echo = {name: value for name, value in document.items() if name in known and (name, value) != ("version", None)}
    echo.setdefault("version", 1)
    return echo


def _session_ref(echo: dict[str, Any], context: Context, *, name_required: bool) -> SessionRef:
    """The session reference of the body; a missing name becomes a GUID where it may be missing (documented)."""
    ref = an_object(echo.get("sessionRef"), "sessionRef")
    scid = a_text(ref.get("scid"), "sessionRef.scid")
    template_name = _a_name(ref.get("templateName"), "sessionRef.templateName")
    if ref.get("name") is None and not name_required:
        return SessionRef(scid, template_name, context.new_id())
    return SessionRef(scid, template_name, _a_name(ref.get("name"), "sessionRef.name"))


def _with_name(echo: dict[str, Any], ref: SessionRef) -> dict[str, Any]:
    return {**echo, "sessionRef": {**echo["sessionRef"], "name": ref.name}}


def _a_name(value: Any, field: str) -> str:
    name = a_text(value, field)
    if len(name) > NAME_LIMIT:
        raise refuse("invalid_field", field=field, problem=f"must be {NAME_LIMIT} characters or less")
    return name


def _title_fields(context: Context, session: Session | None, title_id: str) -> dict[str, Any]:
    protocol = session.invite_protocol if session else None
    fields: dict[str, Any] = {"inviteProtocol": protocol} if protocol else {}
    return fields | {"gameTypes": context.directory.title(title_id).game_types}


def _locations(handle: Handle) -> tuple[tuple[str, str], ...]:
    path = f"/handles/{handle.id}"
    return ("Content-Location", path), ("Location", path)


_CREATE = {"activity": _create_activity, "invite": _create_invite}
