"""Journals that lie beside a cassette: those of recorders that live, and of those that were killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from handlesfake.cassettes.format.file_names import hidden

# Every replay asks here, and nearly always finds none: what takes locks is imported once there is one.

SUFFIX = ".journal"
"""What the name of a journal ends with."""

FAILED = f".failed{SUFFIX}"
"""The same of a journal whose test has failed: what it holds must not be the cassette."""


def has_abandoned(cassette: Path) -> bool:
    """Whether a recorder of ``cassette`` was killed, and what it kept is still to be put in."""
    return any(path.exists() for path in unlocked(cassette))


def unlocked(cassette: Path) -> Iterator[Path]:
    """The journals of ``cassette`` whose recorders do not live; each is locked while it is looked at."""
    for path in sorted(cassette.parent.glob(hidden(cassette.name, f"*{SUFFIX}", is_pattern=True))):
        from handlesfake.cassettes.recording.locking import lock_of  # lazily, see above

        own = path.with_name(path.name.removesuffix(FAILED) + SUFFIX) if path.name.endswith(FAILED) else path
        lock = lock_of(own)  # as it was called when its recorder locked it
        if lock.take():
            try:
                yield path
            finally:
                lock.release()
