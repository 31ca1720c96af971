"""Who may read a session, and who may join it (contract 8.6)."""

from __future__ import annotations

from handlesfake.mpsd.assumption import Assumption, state_call
from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.refusals.catalogue import Refusal, refuse
from handlesfake.mpsd.sessions.creation import device_token
from handlesfake.mpsd.sessions.ownership import has_owners, owners
from handlesfake.mpsd.state.identity import Caller, KnownUser
from handlesfake.mpsd.state.session import Session
from handlesfake.values.values import frozen


@frozen
class Grant:
    """What a handle gives to the one who uses it, beyond what everybody may."""

    reads: bool = False
    joins: bool = False
    """The join restriction does not bind."""

    by_handle: bool = False
    """The session was reached through some handle."""

    is_outside_origin: bool = False
    """The handle is a transfer, and the caller is not in the session that it leads from."""

    creates: bool = False
    """The session is being made by this very request."""


NO_GRANT = Grant()


def may_read(context: Context, session: Session, grant: Grant = NO_GRANT) -> bool:
    """Whether the caller of ``context`` may see ``session``."""
    if context.caller.manages:
        return True
    return any(_may_read(context, session, user, grant) for user in context.caller.users)


def _may_read(context: Context, session: Session, user: KnownUser, grant: Grant) -> bool:
    if session.member_of(user.xuid) is not None:
        return True
    visibility = session.system.get("visibility", "open")
    if visibility == "private":
        return False
    return visibility == "visible" or grant.reads or _meets(context, session, user, "readRestriction")


def require_read(context: Context, session: Session, grant: Grant = NO_GRANT) -> None:
    """The caller must be allowed to see ``session``.

    :raises Refusal: they are not.
    """
    if not may_read(context, session, grant):
        raise refuse(
            "session_unreadable",
            context.settings.choices.session_access_denied,
            reason=_reading_reason(session),
            session=session.ref,
            caller=context.caller,
        )


def _reading_reason(session: Session) -> str:
    if session.system.get("visibility") == "private":
        return "It is private, and the caller is not a member of it."
    restriction = session.properties["system"].get("readRestriction")
    return f"Its readRestriction is {restriction}, and the caller does not meet it."


def require_join(context: Context, session: Session, user: KnownUser, grant: Grant) -> None:
    """``user`` must be allowed to become a member of ``session``; reservations come in always.

    :raises Refusal: the first reason against it.
    """
    if not user.multiplayer:
        unprivileged = refuse("no_privilege", caller=user)
        unprivileged.evidence = Evidence.LOGGED  # the service's own sentence about a write says so (contract 9.3)
        raise unprivileged
    member = session.member_of(user.xuid)
    if member is not None or grant.creates or context.caller.manages:
        if member is None:
            require_room(context, session)
        return
    refusal = _against_joining(context, session, user, grant)
    if refusal is not None:
        raise refusal
    require_room(context, session)


def require_room(context: Context, session: Session) -> None:
    """One more member must fit into ``session``.

    :raises Refusal: it is full.
    """
    if session.is_full:
        raise refuse(
            "session_full",
            context.settings.choices.reservation_needed,
            session=session.ref,
            members=len(session.members),
        )


def _against_joining(context: Context, session: Session, user: KnownUser, grant: Grant) -> Refusal | None:
    choices = context.settings.choices
    visibility = session.system.get("visibility", "open")
    if visibility != "open":
        return refuse("reservation_needed", choices.reservation_needed, visibility=visibility, session=session.ref)
    kind = _shut_by(context, session, user, grant)
    if kind is None:
        return None
    said = {"restriction": session.properties["system"]["joinRestriction"]} if kind == "join_restricted" else {}
    return refuse(kind, choices.session_access_denied, session=session.ref, caller=user, **said)


def _shut_by(context: Context, session: Session, user: KnownUser, grant: Grant) -> str | None:
    """The refusal that keeps ``user`` out of an open session; None when nothing does."""
    if session.lock is not None:
        return None if user.xuid in session.lock else "session_locked"
    if session.properties["system"].get("closed"):
        return "session_closed"
    if session.capabilities.get("searchable") and not grant.by_handle:
        return "handle_needed"
    if grant.is_outside_origin:
        if context.settings.choices.transfer_outsider == 403:
            return "origin_needed"
        context.limit_evidence(Evidence.ASSUMED)
    if not grant.joins and not _meets(context, session, user, "joinRestriction"):
        return "join_restricted"
    return "blocked_by_owner" if _blocked(context, session, user) else None


def _blocked(context: Context, session: Session, user: KnownUser) -> bool:
    """A user that an owner blocks cannot join (documented for session browse)."""
    if not has_owners(session):
        return False
    known = context.directory.users
    xuids = (session.members[index].xuid for index in owners(session) if index in session.members)
    return any(xuid in known and user.xuid in known[xuid].blocks for xuid in xuids)


# ---- restrictions


def _meets(context: Context, session: Session, user: KnownUser, name: str) -> bool:
    """Whether ``user``, who is not a member, meets ``joinRestriction`` or ``readRestriction``."""
    restriction = session.properties["system"].get(name, "none")
    if restriction == "none" or _is_local(context, session, user):
        return True
    return restriction == "followed" and _is_followed(context, session, user)


def _is_local(context: Context, session: Session, user: KnownUser) -> bool:
    """Whether an active member calls from the device of ``user``."""
    known = context.directory.users
    device = device_token(user)
    return any(
        member.active and member.xuid in known and device_token(known[member.xuid]) == device
        for member in session.members.values()
    )


def _is_followed(context: Context, session: Session, user: KnownUser) -> bool:
    """Whether a member who is more than a reservation follows ``user``.

    As long as the test has named no users, it has said nothing about who follows which user: then it is assumed.
    """
    known = context.directory.users
    followers = (member.xuid for member in session.members.values() if member.accepted)
    if any(xuid in known and user.xuid in known[xuid].follows for xuid in followers):
        return True
    if context.settings.strict or context.directory.users_named:
        return False
    context.assume(
        Assumption(
            "follow",
            f"a member of the session {session.ref.name} follows {user.label}",
            "mpsd.friends(host, guest)",
            state_call(friends=[["host", "guest"]]),
        )
    )
    return True


def acting(caller: Caller, what: str) -> KnownUser:
    """The one user that a request speaks for.

    :raises Refusal: it speaks for none or for several.
    """
    if caller.user is None:
        raise refuse("service_users", problem=f"must name exactly one user for {what}")
    return caller.user
