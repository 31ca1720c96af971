"""Locks between processes that record into one cassette, and what a run found when it began."""

from __future__ import annotations

import getpass
import hashlib
import json
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from handlesfake.cassettes.format.atomic_file import keep

_PATIENCE = 60.0
"""Seconds to wait for another process that merges."""

_OLD = 2 * 86_400.0


def lock_of(path: Path) -> FileLock:
    """The lock of the file at ``path``; held by whoever changes it, and let go by the system when he is killed."""
    return FileLock(str(_beside_none(path, "lock")), timeout=_PATIENCE, thread_local=False)


@dataclass(frozen=True, slots=True)
class Start:
    """What a cassette held as a run began that is still to be replaced; any other interaction was recorded since."""

    texts: list[str]
    stamp: list[int]
    """Tells whether somebody else has replaced the file since."""


def stamp_of(path: Path) -> list[int]:
    """What changes whenever the file at ``path`` is written; empty when there is none."""
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_ino, found.st_mtime_ns, found.st_size]


def read_start(path: Path, run: str) -> Start | None:
    """What ``run`` has noted of the cassette at ``path``; None when it has not asked before.

    :param run: names one session of pytest, all its workers included; empty for one recording by itself.
    """
    note = _note(path, run)
    return Start(**json.loads(note.read_text(encoding="utf-8"))) if run and note.exists() else None


def take_note(path: Path, run: str, start: Start) -> None:
    """Note ``start`` for whoever of ``run`` records next. The lock of ``path`` is held."""
    if run:
        keep(json.dumps(asdict(start)), _note(path, run))  # whole: another worker asks for it without the lock


def _note(path: Path, run: str) -> Path:
    return _beside_none(path, f"{hashlib.sha256(run.encode()).hexdigest()[:12]}.start")


def _beside_none(path: Path, suffix: str) -> Path:
    """A file for ``path`` that litters nobody's repository."""
    folder = Path(tempfile.gettempdir()) / f"handlesfake-{_user()}"
    if not folder.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
    _sweep(folder)
    return folder / f"{hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:24]}.{suffix}"


_swept: set[Path] = set()


def _sweep(folder: Path) -> None:
    """Throw away, once in a process, the notes of runs that are long over."""
    if folder in _swept:
        return
    _swept.add(folder)
    for note in folder.glob("*.start"):
        with suppress(OSError):  # another process was faster
            if note.stat().st_mtime < time.time() - _OLD:
                note.unlink()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without a user database
        return "nobody"
