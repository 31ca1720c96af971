"""The cassette that is to be played: there, with all that was recorded, and readable; else an error."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from handlesfake.cassettes.age import warn_of_age
from handlesfake.cassettes.cassette import Cassette
from handlesfake.cassettes.finishing import recover
from handlesfake.cassettes.journaling import has_abandoned
from handlesfake.cassettes.loading import load
from handlesfake.cassettes.locking import lock_of
from handlesfake.cassettes.missing import no_cassette, refuse_incomplete


def whole(path: Path, holder: str, max_age: timedelta | None = None) -> Cassette:
    """The cassette at ``path``, with what recorders that were killed have kept for it.

    :param holder: who holds the double, a test's node id.
    :param max_age: how old it may be before a warning comes.
    :raises CassetteError: there is none, it cannot be read, or something was withheld from it.
    """
    recovered(path)
    if not path.exists():
        raise no_cassette(path, holder)
    cassette = load(path)
    if cassette.incomplete:
        refuse_incomplete(cassette, holder)
    warn_of_age(cassette, max_age, holder)
    return cassette


def recovered(path: Path) -> None:
    """Put into the cassette at ``path`` what recorders that were killed have kept for it."""
    if has_abandoned(path):
        with lock_of(path):
            recover(path)
