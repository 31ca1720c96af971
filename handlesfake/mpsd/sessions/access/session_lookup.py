"""Who may do what: the session that a request refers to, and whether the caller may use it so."""

from __future__ import annotations

from handlesfake.mpsd.assumption import Assumption, state_call
from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.creation import new_member, new_session
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.state.session import Member, Session, SessionRef
from handlesfake.values.values import replace


def referred_session(context: Context, ref: SessionRef) -> tuple[Directory, Session | None]:
    """The session that a new handle is to point to, and the directory that knows it.

    While no session was created and the double is not strict, the session is assumed to exist, with the caller
    active in it. The assumption is made once for each caller, and not where an answer has said otherwise.

    :raises Refusal: it does not exist, by the choice ``missing_session`` (U16), or its template is unknown (U31).
    """
    require_template(context, ref)
    directory = context.directory
    session = directory.session(ref)
    if session is not None and session.ref != ref:
        text = (
            f"the session is written {session.ref.wire} elsewhere: names are looked up without case (contract 16.2)"
        )
        context.note(text, Evidence.DOCUMENTED)
    unsaid = not context.settings.strict and not directory.sessions_created and ref.key not in directory.missing
    if unsaid and (session is None or session.assumed):
        session = _assumed(context, session, ref)
        return directory.with_session(session), session
    if session is None:
        status = context.settings.choices.missing_session
        if status != 201:
            raise refuse(
                "session_not_found", status, session=ref, caller=context.caller, nearest=directory.namesake(ref)
            )
        context.note(f"there is no session {ref.name[:100]}: the handle dangles (U16)")
    return directory, session


def _assumed(context: Context, session: Session | None, ref: SessionRef) -> Session:
    if session is None:
        context.assume(
            Assumption(
                "session",
                f"the session {ref.name} exists",
                f'mpsd.session("{ref.name}", members=[host])',
                state_call(sessions=[{"name": ref.name, "members": ["host"]}]),
            )
        )
        session = new_session(context.directory, ref, None, context.now, context.new_id, context.settings)
        session = replace(session, assumed=True)
    for user in context.caller.users:
        if session.member_of(user.xuid) is None:
            context.assume(
                Assumption(
                    "member",
                    f"{user.label} is active in the session {ref.name}",
                    f'mpsd.session("{ref.name}", members=[{user.role or "host"}])',
                    state_call(sessions=[{"name": ref.name, "members": [user.role or "host"]}]),
                )
            )
            session = session.with_member(new_member(session, user, context.now))
    return session


def require_template(context: Context, ref: SessionRef) -> None:
    """404 for a template that was not described, once any other was described (U31).

    :raises Refusal: the template is unknown.
    """
    if context.settings.templates and context.settings.template(ref.template_name) is None:
        raise refuse("template_not_found", template_name=ref.template_name)


def require_privilege(user: KnownUser) -> None:
    """403 for an account without the multiplayer privilege (contract 2.2, 9.3).

    :raises Refusal: the user lacks it.
    """
    if not user.multiplayer:
        raise refuse("no_privilege", caller=user)


def require_member(session: Session, user: KnownUser) -> Member:
    """The member record of ``user``.

    :raises Refusal: the user is not in the session, or only has a reservation.
    """
    member = session.member_of(user.xuid)
    if member is None or not member.accepted:
        raise refuse("not_a_member", caller=user, session=session.ref, members=tuple(session.by_xuid))
    return member


def may_invite(session: Session, member: Member) -> bool | None:
    """Whether ``member`` may create invite handles, where the session has owners; None where it has none.

    Owners may; the others only where ``ownershipPolicies.allowNonOwnerInviteHandles`` is true (contract 2.3).
    """
    if not session.capabilities.get("hasOwners"):
        return None
    policies = session.system.get("ownershipPolicies", {})
    owners = session.properties.get("system", {}).get("owners", [])
    return member.index in owners or bool(policies.get("allowNonOwnerInviteHandles", False))
