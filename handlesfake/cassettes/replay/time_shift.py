"""Times: what answers say of when, moved from the day of the recording to the double's clock."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime

from handlesfake.mpsd.http.message import Headers, Response
from handlesfake.mpsd.ticks import from_datetime, from_wire_time, http_date, wire_time

_IN_BODY = re.compile(
    rb'("(?:createTime|expiration|startTime|joinTime|nextTimer)"\s*:\s*")(\d{4}-[-0-9T:.]{6,30}Z)(")'
)


class Times:
    """``Date`` becomes the present; everything else keeps its distance from it, and no value is moved twice.

    A time that comes again in a later answer (the ``createTime`` of a handle) stays the same there.
    """

    def __init__(self) -> None:
        self._moved: dict[int, int] = {}

    def shifted(self, response: Response, now: int) -> Response:
        """``response`` as it would have come at ``now`` (ticks); as it is, when it does not say when it came."""
        came = http_ticks(response.headers.first("Date") or "")
        if came is None:
            return response
        headers = Headers((name, _header(name.lower(), value, now - came)) for name, value in response.headers)
        body = _IN_BODY.sub(lambda found: self._in_body(found, now - came), response.body)
        return Response(response.status, headers, body, response.reason)

    def _in_body(self, found: re.Match[bytes], offset: int) -> bytes:
        ticks = from_wire_time(found[2].decode())
        if ticks is None:  # the 31st of February
            return found[0]
        return found[1] + wire_time(self._moved.setdefault(ticks, ticks + offset)).encode() + found[3]


def http_ticks(text: str) -> int | None:
    """The ticks of a ``Date`` header; None when it is not a date."""
    try:
        moment = parsedate_to_datetime(text)
        # "-0000" gives None: a time in UTC without more information
        return from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _header(name: str, value: str, offset: int) -> str:
    if name not in ("date", "expires", "retry-after"):
        return value
    ticks = http_ticks(value)  # None for "Retry-After: 5", which counts from the answer anyway, and for "Expires: -1"
    return value if ticks is None else http_date(ticks + offset)
