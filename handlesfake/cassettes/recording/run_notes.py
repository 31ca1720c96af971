"""RunNotes: what a run found in a cassette when it began, kept beside the cassette until the run is over.

A note whose run is dead says that the cassette was cut short: the next ``once`` run records on.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from handlesfake.cassettes.format.atomic_file import keep
from handlesfake.cassettes.format.file_names import hidden
from handlesfake.cassettes.recording.locking import PATIENCE, Lock, folder
from handlesfake.errors import CassetteError
from handlesfake.values.values import field, frozen

SUFFIX = ".start"


@frozen
class Start:
    """What a cassette held as a run began that is still to be replaced; any other interaction was recorded since."""

    texts: list[str]
    stamp: list[int]
    """Tells whether another run has replaced the file since."""

    tests: list[str] = field(default_factory=list)
    """The tests that had recorded it as the run began."""

    goes_on: bool = False
    """The run goes on with a cassette that was cut short."""

    before: list[str] = field(default_factory=list)
    """All that the cassette held as the run began, for the ids and times that stay."""

    renamed: dict[str, str] = field(default_factory=dict)
    """Id of this run to the recorded id that it matches."""

    keeps_times: bool = True
    """Recorded times stay where nothing else has changed."""

    ranks: dict[str, int] = field(default_factory=dict)
    """See :func:`handlesfake.cassettes.recording.ordering.in_order`."""

    digest: str = ""
    """That of the file as the run began; empty when there was none."""

    writes: int = 0
    """How often this run has written the cassette."""

    rejected: list[int] = field(default_factory=list)
    """The stamp of the ``.rejected`` file as this run has left it; empty when it has not written one."""


def stamp_of(path: Path) -> list[int]:
    """What changes whenever the file at ``path`` is written; empty when there is none."""
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_ino, found.st_mtime_ns, found.st_size]


def noted(path: Path, run: str) -> Start | None:
    """What ``run`` has noted of the cassette at ``path``; None when it has not asked before.

    :param run: names one session of pytest, all its workers included; empty for one recording by itself.
    """
    if not run:
        return None
    try:
        return Start(**json.loads(note_of(path, run).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def take_note(path: Path, run: str, start: Start) -> None:
    """Note ``start`` for whichever test of ``run`` records next. The lock of ``path`` is held.

    :raises CassetteError: it cannot be written.
    """
    if run:
        join(run)
        # whole: another worker asks for it without the lock
        keep(json.dumps(asdict(start)), note_of(path, run), what="the note of this run")


def note_of(path: Path, run: str) -> Path:
    """Where ``run`` notes what it found in the cassette at ``path``."""
    return path.with_name(hidden(path.name, f"{_short(run)}{SUFFIX}"))


def cut_short(path: Path, run: str = "") -> list[Path]:
    """The notes of runs that were killed, or interrupted, before they were done with the cassette at ``path``.

    :param run: the run that asks. It goes on, also where all of its workers that have recorded have ended.
    """
    own = note_of(path, run) if run else None
    notes = path.parent.glob(hidden(path.name, f"*{SUFFIX}", is_pattern=True))
    others = (note for note in sorted(notes) if note != own)
    return [note for note in others if not _lives(note.name.removesuffix(SUFFIX).rpartition(".")[2])]


def forget(notes: Iterable[Path]) -> None:
    """Throw ``notes`` away: their runs are over, or another one goes on."""
    for note in notes:
        with suppress(OSError):
            note.unlink()


# ---- which runs live: each process that takes part in one holds a lock until it leaves

_joined: dict[str, Lock] = {}


def _short(run: str) -> str:
    return hashlib.sha256(run.encode()).hexdigest()[:12]


def join(run: str) -> None:
    """Take part in ``run``: until this process leaves, no other run takes its notes for those of a killed one.

    :raises CassetteError: the temporary folder cannot be written.
    """
    if run not in _joined:
        lock = Lock(folder() / f"{_short(run)}.{os.getpid()}.run")
        if lock.take(PATIENCE):  # a process that asks who lives holds it for a moment
            _joined[run] = lock
            atexit.register(leave, run)


def leave(run: str) -> None:
    """Let go of ``run``: this process has no part in it any more."""
    lock = _joined.pop(run, None)
    if lock is not None:
        lock.release()
        with suppress(CassetteError):  # the temporary folder has changed meanwhile
            _lives(_short(run))  # which also removes what a worker that crashed has left


def _lives(short: str) -> bool:
    """Whether a process takes part in the run called ``short``; the locks of killed ones are removed."""
    files = list(folder().glob(f"{short}.*.run"))
    if not files:
        return False
    asking = Lock(folder() / f"{short}.asking")
    asking.take(PATIENCE)  # two that ask at once would each take the other for the run
    try:
        for file in files:
            lock = Lock(file)
            if not lock.take():
                return True
            lock.release()
    finally:
        asking.release()
    return False
