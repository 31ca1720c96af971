"""Times as integers of 100 ns since 1970-01-01 UTC, and as MPSD writes them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

TICKS_PER_SECOND = 10_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)


def from_datetime(moment: datetime) -> int:
    """The ticks of an aware datetime."""
    return (moment - _EPOCH) // _MICROSECOND * 10


def to_datetime(ticks: int) -> datetime:
    """The aware UTC datetime of ``ticks``; the last digit is lost, since datetime ends at microseconds."""
    return _EPOCH + timedelta(microseconds=ticks // 10)


def wire_time(ticks: int) -> str:
    """``2026-01-06T10:00:00.1234567Z``: seven fraction digits (captured)."""
    return f"{to_datetime(ticks):%Y-%m-%dT%H:%M:%S}.{ticks % TICKS_PER_SECOND:07d}Z"


def http_date(ticks: int) -> str:
    """``Tue, 06 Jan 2026 10:00:00 GMT``: the form of the ``Date`` header (captured)."""
    return format_datetime(to_datetime(ticks).replace(microsecond=0), usegmt=True)
