"""Journals that lie beside a cassette: those of recorders that live, and of those that were killed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from handlesfake.cassettes.format.file_names import hidden

# Every replay asks here, and nearly always finds none: what takes locks is imported once there is one.

SUFFIX = ".journal"
"""What the name of a journal ends with."""

FAILED = f".failed{SUFFIX}"
"""The same of a journal whose test has failed: what it holds must not be the cassette."""


untold: Counter[Path] = Counter()
"""Cassette to how many exchanges of runs that were killed were put into it, and no report has told yet."""


def told_of(path: Path) -> int:
    """How many exchanges of killed runs were put into the cassette at ``path``; from now on that is told."""
    return untold.pop(path, 0)


def has_abandoned(cassette: Path) -> bool:
    """Whether a recorder of ``cassette`` was killed, and what it kept is still to be put in.

    Where another process puts it in now, this waits until it is there.

    :raises CassetteError: the other one has held the lock of ``cassette`` for a minute.
    """
    if not _journals(cassette):
        return False
    from handlesfake.cassettes.recording.locking import locked  # lazily, see above

    with locked(cassette):  # two that look at once would each take the other for the recorder
        return any(path.exists() for path in unlocked(cassette))


def _journals(cassette: Path) -> list[Path]:
    start = hidden(cassette.name, "")
    try:
        names = os.listdir(cassette.parent)
    except OSError:  # there is no such folder yet
        return []
    beside = (name for name in sorted(names) if name.startswith(start))
    return [cassette.with_name(name) for name in beside if name[len(start) :].endswith(SUFFIX)]


def unlocked(cassette: Path) -> Iterator[Path]:
    """The journals of ``cassette`` whose recorders do not live; each is locked while it is looked at.

    The lock of ``cassette`` is held.
    """
    for path in _journals(cassette):
        from handlesfake.cassettes.recording.locking import lock_of  # lazily, see above

        own = path.with_name(path.name.removesuffix(FAILED) + SUFFIX) if path.name.endswith(FAILED) else path
        lock = lock_of(own)  # as it was called when its recorder locked it
        if lock.take():
            try:
                yield path
            finally:
                lock.release()
