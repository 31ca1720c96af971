"""The indexes of sessions: by member and by keyword, moved on when a session is replaced."""

from __future__ import annotations

from handlesfake.mpsd.state.indexes import Index, moved
from handlesfake.mpsd.state.session import Session, SessionKey


def moved_xuids(
    index: Index[str, SessionKey], key: SessionKey, before: Session | None, after: Session | None
) -> Index[str, SessionKey]:
    """``index``, from xuids to the keys of their sessions, when ``after`` replaces ``before`` at ``key``."""
    if before and after and before.members is after.members:  # most writes leave the members as they are
        return index
    old = before.by_xuid if before else {}
    new = after.by_xuid if after else {}
    return index if old is new else moved(index, key, old, new)


def moved_keywords(
    index: Index[tuple[str, str], SessionKey], key: SessionKey, before: Session | None, after: Session | None
) -> Index[tuple[str, str], SessionKey]:
    """``index``, from scid and keyword to keys of sessions, when ``after`` replaces ``before`` at ``key``."""
    if before and after and before.properties is after.properties:
        return index
    old = before.keywords if before else ()
    new = after.keywords if after else ()
    if not old and not new:
        return index
    return moved(index, key, ((key[0], word.lower()) for word in old), ((key[0], word.lower()) for word in new))
