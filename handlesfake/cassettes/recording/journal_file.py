"""RecordingJournal: the file beside a cassette under way, to which each interaction goes before its caller hears."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import Timeout

from handlesfake.cassettes.recording.locking import lock_of
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.errors import CassetteError

SUFFIX = ".journal"


@dataclass(frozen=True, slots=True)
class Line:
    """One interaction of a journal, scrubbed."""

    text: str
    """As it stands in the cassette."""

    what: str
    """For messages: ``put_session by host``."""

    status: int
    found: Findings
    mine: int | None = None
    """Its place among those that this recorder has heard; None for one of another process."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What one journal holds."""

    path: Path
    roles: dict[str, str]
    lines: tuple[Line, ...]


class RecordingJournal:
    """Appends interactions; each is with the operating system when :meth:`write` returns, which survives SIGKILL.

    A power cut is not promised anything: nothing is synced to the disk.

    :raises CassetteError: the folder cannot be written; nothing was sent.
    """

    def __init__(self, cassette: Path, roles: dict[str, str]) -> None:
        self._cassette = cassette
        self._made = _missing_folders(cassette.parent)
        self._pid = os.getpid()
        self._is_torn = False
        self.path = cassette.with_name(f".{cassette.name}.{self._pid}.{secrets.token_hex(4)}{SUFFIX}")
        try:
            cassette.parent.mkdir(parents=True, exist_ok=True)
            self._lock = lock_of(self.path)
            self._lock.acquire()
            # O_APPEND: a process that was forked meanwhile writes behind us, and never over us
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            self._append({"cassette": cassette.name, "roles": roles})
        except OSError as error:
            raise CassetteError(
                f"{cassette}: the cassette cannot be written: {error.strerror or error} "
                f"({error.filename or cassette.parent})\n"
                "  nothing was sent; make the folder writable, or name another one"
            ) from None

    @property
    def is_mine(self) -> bool:
        """Whether this process has begun it, and was not forked from the one that has."""
        return os.getpid() == self._pid

    def write(self, text: str, what: str, status: int, found: Findings, number: int) -> None:
        """Append one interaction.

        :raises CassetteError: the disk is full, or the file is gone.
        """
        line = {"text": text, "what": what, "status": status, "found": found.as_json(), "by": [os.getpid(), number]}
        try:
            self._append(line)
        except OSError as error:
            raise CassetteError(
                f"{self.path}: the interaction cannot be kept: {error.strerror or error}\n"
                f"  {what} was sent and answered {status}; what came before it is kept"
            ) from None

    def _append(self, line: dict[str, Any]) -> None:
        raw = json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        # behind half a line, which a full disk has left, the next would be lost with it
        raw = b"\n" + raw if self._is_torn else raw
        self._is_torn = True
        while raw:
            raw = raw[os.write(self._file, raw) :]
        self._is_torn = False

    def pages(self) -> Pages:
        """What it holds now."""
        return _pages(self.path, self._pid)

    def close(self, *, discard: bool) -> None:
        """Let go of it; ``discard``: what it held is in the cassette now, or there was nothing."""
        os.close(self._file)
        if discard:
            forget(self.path)
            for folder in self._made:
                with suppress(OSError):  # somebody else has put something there
                    folder.rmdir()
        self._lock.release()
        with suppress(OSError):
            Path(self._lock.lock_file).unlink()


def has_abandoned(cassette: Path) -> bool:
    """Whether a recorder of ``cassette`` was killed, and what it kept is still to be put in."""
    for path in cassette.parent.glob(f".{cassette.name}.*{SUFFIX}"):
        lock = lock_of(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue  # its recorder lives
        lock.release()
        return True
    return False


def abandoned(cassette: Path) -> Iterator[Pages]:
    """The journals of recorders of ``cassette`` that were killed; the cassette's lock is held."""
    for path in sorted(cassette.parent.glob(f".{cassette.name}.*{SUFFIX}")):
        lock = lock_of(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue  # its recorder lives
        try:
            if path.exists():
                yield _pages(path, None)
        finally:
            lock.release()
            with suppress(OSError):
                Path(lock.lock_file).unlink()


def forget(path: Path) -> None:
    """Throw the journal at ``path`` away."""
    with suppress(OSError):
        path.unlink()


def _pages(path: Path, pid: int | None) -> Pages:
    roles: dict[str, str] = {}
    lines = []
    for raw in path.read_bytes().splitlines():
        try:
            found = json.loads(raw)
        except ValueError:
            continue  # the last one, of a recorder that was killed or a disk that was full as it wrote
        if "roles" in found:
            roles = found["roles"]
        else:
            mine = found["by"][1] if found["by"][0] == pid else None
            lines.append(Line(found["text"], found["what"], found["status"], Findings.of(found["found"]), mine))
    return Pages(path, roles, tuple(lines))


def _missing_folders(folder: Path) -> list[Path]:
    return [one for one in (folder, *folder.parents) if not one.exists()]
