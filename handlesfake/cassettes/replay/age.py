"""How old a recording is, and what to say when it is older than it may be."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from pathlib import Path

from handlesfake.cassettes.cassette import Cassette
from handlesfake.cassettes.next_steps import display_path, record_again
from handlesfake.cassettes.replay.player import Playing
from handlesfake.cassettes.replay.time_shift import http_ticks
from handlesfake.cassettes.sharing import others
from handlesfake.errors import CassetteError, OldRecordingWarning
from handlesfake.mpsd.ticks import to_datetime


def recorded_at(cassette: Cassette) -> datetime | None:
    """When the service last answered in ``cassette``, by its own ``Date`` headers; None where there are none."""
    found = [http_ticks(one.response.headers.first("Date") or "") for one in cassette.interactions]
    return max((to_datetime(ticks) for ticks in found if ticks is not None), default=None)


def is_too_old(cassette: Cassette, playing: Playing) -> bool:
    """Whether ``cassette`` is older than ``playing`` allows."""
    at = recorded_at(cassette) if playing.max_age is not None else None
    return playing.max_age is not None and at is not None and datetime.now(UTC) - at > playing.max_age


def check_age(cassette: Cassette, playing: Playing, holder: str) -> None:
    """Warn when ``cassette`` is older than ``playing`` allows, or fail where it says so.

    By the real clock: a recording grows old whatever time it is in a test.

    :param holder: who holds the double, a test's node id.
    :raises CassetteError: it is older, and that is to be a failure.
    """
    allowed = playing.max_age
    at = recorded_at(cassette) if allowed is not None else None
    if allowed is None or at is None or (age := datetime.now(UTC) - at) <= allowed:
        return
    path = display_path(Path(cassette.path))
    text = f"{path} was recorded {at:%Y-%m-%d}, {age.days} days ago; {allowed.days} allowed."
    sharing = others(cassette.path, holder, cassette.tests, playing.run)
    text = "\n".join((text, *record_again(holder, cassette.path, others=sharing)))
    if playing.old == "fail":
        raise CassetteError(text)
    # the cassette is what is to be changed, and no line of ours
    warnings.warn_explicit(text, OldRecordingWarning, str(cassette.path), 1)
