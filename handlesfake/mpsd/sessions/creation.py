"""How sessions and member records begin."""

from __future__ import annotations

from collections.abc import Callable

from handlesfake.mpsd.sessions.constants import session_constants
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.state.session import NOTHING, UNSAID, Document, Member, Session, SessionRef
from handlesfake.values.values import replace


def new_session(
    directory: Directory,
    ref: SessionRef,
    constants: Document | None,
    now: int,
    new_id: Callable[[], str],
    settings: Settings,
    *,
    arranged: bool = False,
) -> Session:
    """A session without members, made at ``now``: a new branch, and the correlation id that the name had before.

    :param constants: ``{"system", "custom"}`` in 107 spelling, over those of the template; None for nothing.
    :param arranged: the test's constants stand against those of the template, as if that were another one.
    :raises Refusal: the constants contradict the template, or make no session.
    """
    described = settings.template(ref.template_name)
    fixed = session_constants(
        settings.constants(ref.template_name),
        constants,
        settings.choices,
        fixed=described is not None and not arranged,
    )
    session = Session(
        ref=ref,
        branch=new_id(),
        etag=f'"{new_id().replace("-", "")}"',
        correlation_id=directory.correlations.get(ref.key) or new_id(),
        started_at=now,
        constants=fixed,
        properties=UNSAID,
    )
    if not session.capabilities.get("userAuthorizationStyle"):
        return session
    # captured: both restrictions are local by default
    local = {"joinRestriction": "local", "readRestriction": "local"}
    return replace(session, properties={**UNSAID, "system": local})


def new_member(session: Session, user: KnownUser, now: int, status: str = "active") -> Member:
    """A member record for ``user``, at the session's next index."""
    accepted = status != "reserved"
    return Member(
        index=session.next_index,
        xuid=user.xuid,
        joined_at=now,
        status=status,
        since=now,
        constants=NOTHING,
        properties=NOTHING,
        gamertag=user.gamertag if accepted else "",
        title_id=user.title_id if accepted else "",
    )


def device_token(user: KnownUser) -> str:
    """The device of ``user``: what the test says, else one of the user's own; 32 hexadecimal digits (captured)."""
    from hashlib import blake2b  # when there is a member: it loads OpenSSL

    return user.device_token or blake2b(f"device of {user.xuid}".encode(), digest_size=16).hexdigest()
