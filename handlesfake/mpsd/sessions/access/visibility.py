"""Which sessions a query shows to which users."""

from __future__ import annotations

from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.sessions.access.read_and_join import may_read
from handlesfake.mpsd.state.session import Session


def is_listed(context: Context, session: Session | None) -> bool:
    """Whether a handle query shows a handle to ``session``: private ones to members only (U46).

    The read restriction binds only by the choice ``queries_respect_read_restriction`` (U47): a live query showed a
    handle whose session could then not be read.
    """
    choices = context.settings.choices
    if session is None or context.caller.manages:
        return True
    is_private = visibility_of(session) == "private"
    if not is_private and not choices.queries_respect_read_restriction:
        return True
    if any(session.member_of(user.xuid) for user in context.caller.users):
        return True
    if is_private:
        context.limit_evidence(Evidence.ASSUMED)
        return choices.private_in_queries == "all"
    if may_read(context, session):
        return True
    context.limit_evidence(Evidence.ASSUMED)
    return False


def visibility_of(session: Session) -> str:
    """``constants.system.visibility``; ``open`` when the template does not say (documented default)."""
    return str(session.system.get("visibility") or "open")


def owner_xuids(session: Session) -> list[str]:
    """The xuids of ``properties.system.owners``, which are member indices."""
    owners = session.properties.get("system", {}).get("owners") or ()
    return [session.members[index].xuid for index in owners if index in session.members]
