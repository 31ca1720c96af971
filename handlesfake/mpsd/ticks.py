"""Times as integers of 100 ns since 1970-01-01 UTC, and as MPSD writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

TICKS_PER_SECOND = 10_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO = (
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?"
)


def from_datetime(moment: datetime) -> int:
    """The ticks of an aware datetime."""
    return (moment - _EPOCH) // _MICROSECOND * 10


def to_datetime(ticks: int) -> datetime:
    """The aware UTC datetime of ``ticks``; the last digit is lost, since datetime ends at microseconds."""
    return _EPOCH + timedelta(microseconds=ticks // 10)


def wire_time(ticks: int) -> str:
    """``2026-01-06T10:00:00.1234567Z``: seven fraction digits (captured)."""
    seconds, fraction = divmod(ticks, TICKS_PER_SECOND)
    return f"{_iso_second(seconds)}.{fraction:07d}Z"


@lru_cache(maxsize=64)
def _iso_second(seconds: int) -> str:
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}"


@lru_cache(maxsize=4096)
def from_wire_time(text: str) -> int | None:
    """The ticks of an ISO 8601 time, seven fraction digits kept; UTC by default; None for other texts."""
    found = re.fullmatch(_ISO, text)
    if found is None:
        return None
    date, time, fraction, zone = found.groups()
    offset = "+00:00" if zone in (None, "Z", "z") else zone
    try:
        moment = datetime.fromisoformat(f"{date}T{time or '00:00:00'}{offset}")
        return from_datetime(moment.astimezone(UTC)) + int((fraction or "").ljust(7, "0")[:7])
    except (ValueError, OverflowError):  # no such day or hour, or one before year 1 in UTC
        return None


def http_date(ticks: int) -> str:
    """``Tue, 06 Jan 2026 10:00:00 GMT``: the form of the ``Date`` header (captured)."""
    return _http_date(ticks // TICKS_PER_SECOND)


@lru_cache(maxsize=64)
def _http_date(seconds: int) -> str:
    """Kept for a while: many answers fall into one second."""
    at = _EPOCH + timedelta(seconds=seconds)
    # email.utils has this, and imports half of the network for it
    return f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S} GMT"
