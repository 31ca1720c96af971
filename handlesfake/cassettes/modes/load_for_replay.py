"""The cassette that is to be played: there, with all that was recorded, and readable; else an error."""

from __future__ import annotations

from pathlib import Path

from handlesfake.cassettes.cassette import Cassette
from handlesfake.cassettes.format.file_names import is_there, real_file
from handlesfake.cassettes.format.loading import load_cassette, opened
from handlesfake.cassettes.recording.left_behind import has_abandoned
from handlesfake.cassettes.replay.age import check_age
from handlesfake.cassettes.replay.player import Playing


def load_for_replay(path: Path, holder: str, playing: Playing) -> Cassette:
    """The cassette at ``path``, with what recorders that were killed have kept for it.

    :param holder: who holds the double, a test's node id.
    :raises CassetteError: there is none, it cannot be read, something was withheld from it, or it is too old.
    """
    opened.add(path.absolute())  # also by the name of a link
    path = real_file(path)
    recovered(path)
    if not is_there(path):
        from handlesfake.cassettes.replay.no_cassette import no_cassette  # lazily: most have theirs

        raise no_cassette(path, holder)
    cassette = load_cassette(path, playing.cache)
    if cassette.incomplete:
        from handlesfake.cassettes.replay.no_cassette import refuse_incomplete  # lazily, as above

        refuse_incomplete(cassette, holder, playing.run)
    check_age(cassette, playing, holder)
    return cassette


def recovered(path: Path, run: str = "") -> None:
    """Put into the cassette at ``path`` what recorders that were killed have kept for it.

    :param run: the run that records it now; none in a replay.
    """
    if has_abandoned(path):
        from handlesfake.cassettes.recording.finishing import recover  # lazily, as above
        from handlesfake.cassettes.recording.locking import locked

        with locked(path):
            recover(path, run)
