"""How old a recording is, and what to say when it is older than it may be."""

from __future__ import annotations

import warnings
from datetime import datetime, timedelta, timezone
from pathlib import Path

from handlesfake.cassettes.cassette import Cassette
from handlesfake.cassettes.commands import record_again, shown
from handlesfake.cassettes.times import http_ticks
from handlesfake.errors import OldRecordingWarning
from handlesfake.mpsd.ticks import to_datetime


def recorded_at(cassette: Cassette) -> datetime | None:
    """When the service last answered in ``cassette``, by its own ``Date`` headers; None where there are none."""
    found = [http_ticks(one.response.headers.first("Date") or "") for one in cassette.interactions]
    return max((to_datetime(ticks) for ticks in found if ticks is not None), default=None)


def warn_of_age(cassette: Cassette, max_age: timedelta | None, holder: str) -> None:
    """Warn when ``cassette`` is older than ``max_age``; a filter can make an error of the warning.

    By the real clock: a recording grows old whatever time it is in a test.

    :param holder: who holds the double, a test's node id.
    """
    at = recorded_at(cassette) if max_age is not None else None
    if at is None or max_age is None or datetime.now(timezone.utc) - at <= max_age:
        return
    days = (datetime.now(timezone.utc) - at).days
    text = f"{shown(Path(cassette.path))} was recorded {at:%Y-%m-%d}, {days} days ago; {max_age.days} allowed."
    warnings.warn("\n".join((text, *record_again(holder, cassette.path))), OldRecordingWarning, stacklevel=2)
