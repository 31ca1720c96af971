"""Taps: what was pushed to each user, and calls that wait for it."""

from __future__ import annotations

import re
from typing import Any

from handlesfake.mpsd.http.message import Response
from handlesfake.mpsd.shoulder_taps import Tap
from handlesfake.reporting.tap_json import tap_as_json
from handlesfake.server.control.request import LONGEST_WAIT, ControlRequest, fine, number_parameter, whole_parameter
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import (
    COUNT,
    FROM_ZERO,
    TEXT,
    TEXT_BY_NAME,
    TEXTS,
    WHOLE,
    record_schema,
    several,
)
from handlesfake.server.control.wake import Wake, deadline_in

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
_TAP = record_schema(xuid=TEXT, connection=TEXT, sessionRef=TEXT_BY_NAME, changeNumber=WHOLE, at=TEXT, changes=TEXTS)
_QUERY = {"who": TEXT, "session": TEXT, "count": COUNT, "wait": FROM_ZERO}


async def _taps(ask: ControlRequest) -> Response:
    query = ask.query(*_QUERY)
    who, session = _whose(ask, query.get("who", "")), query.get("session", "").lower()
    count, wait = whole_parameter(query, "count", 1), min(number_parameter(query, "wait", 0), LONGEST_WAIT)
    deadline = deadline_in(wait)
    with Wake(ask.core.taps.listen) as wake:
        while True:
            found = [tap for tap in tuple(ask.core.taps) if _fits(tap, who, session)]
            if len(found) >= count or not await wake.before(deadline):
                return fine([tap_as_json(tap) for tap in found])


def _whose(ask: ControlRequest, who: str) -> str:
    """The xuid or the connection that the query names; empty where it names none.

    :raises SettingsError: it is neither, and no role.
    """
    if not who or _GUID.fullmatch(who):
        return who.lower()
    user: Any = ask.person(who, "who")
    return user if isinstance(user, str) else str(user.xuid)


def _fits(tap: Tap, who: str, session: str) -> bool:
    return (not who or who in (tap.xuid, tap.connection)) and session in ("", tap.session_ref.name.lower())


CALLS = (
    ControlCall(
        "GET",
        "/taps",
        "What the service pushed to each user, or would have pushed to a listening user; to one user, or about one "
        "session. Waits up to wait seconds until there are count taps.",
        _taps,
        query=_QUERY,
        answer=several(_TAP),
    ),
)
