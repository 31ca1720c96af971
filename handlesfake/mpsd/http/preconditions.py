"""``If-Match`` and ``If-None-Match``, in all combinations of contract 7.3."""

from __future__ import annotations

from handlesfake.mpsd.http.message import Headers
from handlesfake.mpsd.state.session import Session


def if_match_holds(headers: Headers, session: Session | None) -> bool:
    """Whether ``If-Match`` is absent, ``*`` for an existing session, or holds the session's ETag."""
    wanted = headers.first("If-Match")
    return wanted is None or _names(wanted, session)


def if_none_match_holds(headers: Headers, session: Session | None) -> bool:
    """Whether ``If-None-Match`` is absent, or names neither the session nor, with ``*``, any."""
    unwanted = headers.first("If-None-Match")
    return unwanted is None or not _names(unwanted, session)


def _names(header: str, session: Session | None) -> bool:
    if session is None:
        return False
    # real ETags are quoted; one documentation page prints them bare
    etags = [part.strip().removeprefix("W/").strip('"') for part in header.split(",")]
    return header.strip() == "*" or session.etag.strip('"') in etags
