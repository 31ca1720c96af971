"""RecordingJournal: the file beside a cassette under way, to which each interaction goes before its caller hears."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from handlesfake.cassettes.format.file_names import hidden
from handlesfake.cassettes.recording.left_behind import FAILED, SUFFIX, unlocked
from handlesfake.cassettes.recording.locking import lock_of
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.errors import CassetteError
from handlesfake.values.values import frozen

_as_line = json.JSONEncoder(ensure_ascii=False).encode


@frozen
class Line:
    """One interaction of a journal, scrubbed."""

    text: str
    """As in the cassette."""

    what: str
    """For messages: ``put_session by host``."""

    status: int
    found: Findings
    mine: int | None = None
    """Its place among those that this recorder has heard; None for one of another process."""


@frozen
class Pages:
    """What one journal holds."""

    path: Path
    roles: dict[str, str]
    lines: tuple[Line, ...]
    tests: tuple[str, ...] = ()
    """The test that has recorded it, without parameters; none outside pytest."""

    has_failed: bool = False
    """Whether the test failed that has recorded it."""


class RecordingJournal:
    """Appends interactions; each is with the operating system when :meth:`write` returns, which survives SIGKILL.

    A power cut is not promised anything: nothing is synced to the disk.

    :raises CassetteError: the folder cannot be written; nothing was sent.
    """

    def __init__(self, cassette: Path, roles: dict[str, str], tests: tuple[str, ...] = ()) -> None:
        self._cassette = cassette
        self._made = _missing_folders(cassette.parent)
        self._pid = os.getpid()
        self._is_torn = False
        self.path = cassette.with_name(hidden(cassette.name, f"{self._pid}.{secrets.token_hex(4)}{SUFFIX}"))
        self._lock = lock_of(self.path)
        try:
            cassette.parent.mkdir(parents=True, exist_ok=True)
            self._lock.take()
            # O_APPEND: a process that was forked meanwhile writes behind us, and never over us
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
            self._file = os.open(self.path, flags, 0o600)
        except OSError as error:
            self._leave_nothing()
            raise self._unwritable(error) from None
        try:
            self._append({"cassette": cassette.name, "roles": roles, "tests": tests})
        except OSError as error:
            self.close(discard=True)
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> CassetteError:
        return CassetteError(
            f"{self._cassette}: the cassette cannot be written: {error.strerror or error} "
            f"({error.filename or self._cassette.parent})\n"
            "  nothing was sent; make the folder writable, or name another one"
        )

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
        raw = _as_line(line).encode("utf-8", "replace") + b"\n"
        # behind half a line, which a full disk has left, the next would be lost with it
        raw = b"\n" + raw if self._is_torn else raw
        self._is_torn = True
        while raw:
            raw = raw[os.write(self._file, raw) :]
        self._is_torn = False

    def pages(self) -> Pages:
        """What it holds now, also when its folder has vanished meanwhile.

        :raises CassetteError: it has vanished, and there is no place where it can be kept.
        """
        raw = self._raw()
        if not self.path.exists():
            self._bring_back(raw)
        return _pages(self.path, raw, self._pid)

    def _raw(self) -> bytes:
        # by the open file, not by its name: a file that was removed is there until it is closed
        os.lseek(self._file, 0, os.SEEK_SET)
        parts = []
        while part := os.read(self._file, 1 << 20):
            parts.append(part)
        return b"".join(parts)

    def _bring_back(self, raw: bytes) -> None:
        """Keep ``raw`` where the journal was, or where that cannot be, in the temporary folder."""
        problem: OSError | None = None
        for path in (self.path, Path(tempfile.gettempdir()) / self.path.name):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(raw)
            except OSError as error:
                problem = error
                continue
            self.path = path
            return
        raise CassetteError(
            f"{self._cassette}: the folder has vanished, and what was recorded cannot be kept elsewhere: {problem}"
        )

    def distrust(self) -> None:
        """The test has failed: should it stay, what it holds is not put into the cassette by the next run either.

        The name says so, which a full disk allows. Windows renames no open file: there, a line says it, in case this
        process is killed before the file is closed.
        """
        if not self._renamed():
            with suppress(OSError):
                self._append({"failed": True})

    def _renamed(self) -> bool:
        path = self.path.with_name(self.path.name.removesuffix(SUFFIX) + FAILED)
        try:
            self.path = self.path.rename(path)
        except OSError:
            return False
        return True

    def close(self, *, discard: bool, failed: bool = False) -> None:
        """Let go of it; ``discard``: what it held is in the cassette now, or there was nothing."""
        os.close(self._file)
        if discard:
            forget(self.path)
        elif failed and not self.path.name.endswith(FAILED):
            self._renamed()
        self._leave_nothing(folders=discard)

    def _leave_nothing(self, *, folders: bool = True) -> None:
        for folder in self._made if folders else ():
            with suppress(OSError):  # another recorder has put something there
                folder.rmdir()
        self._lock.release()


def abandoned(cassette: Path) -> Iterator[Pages]:
    """The journals of recorders of ``cassette`` that were killed; the cassette's lock is held.

    :raises CassetteError: one cannot be read.
    """
    for path in unlocked(cassette):
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            continue  # its recorder has ended well, a moment ago
        except OSError as error:
            raise CassetteError(f"{path}: the journal cannot be read: {error.strerror or error}") from None
        yield _pages(path, raw, None)


def forget(path: Path) -> None:
    """Throw the journal at ``path`` away."""
    with suppress(OSError):
        path.unlink()


def _pages(path: Path, raw: bytes, pid: int | None) -> Pages:
    head: dict[str, Any] = {}
    lines = []
    has_failed = path.name.endswith(FAILED)
    for one in raw.splitlines():
        try:
            found = json.loads(one)
            if "roles" in found:
                head = found
                continue
            has_failed = has_failed or "failed" in found
            mine = found["by"][1] if found["by"][0] == pid else None
            lines.append(Line(found["text"], found["what"], found["status"], Findings.of(found["found"]), mine))
        except (ValueError, LookupError, TypeError):
            continue  # the last one, of a recorder that was killed or a disk that was full as it wrote
    return Pages(path, head.get("roles", {}), tuple(lines), tuple(head.get("tests", ())), has_failed)


def _missing_folders(folder: Path) -> list[Path]:
    return [one for one in (folder, *folder.parents) if not os.path.lexists(one)]
