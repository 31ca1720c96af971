"""JournalFile: everything that is sent, as lines of JSON, written as it comes."""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from stat import S_ISREG

from handlesfake.double.double import Double, core_of
from handlesfake.double.shown import shown_document
from handlesfake.errors import SettingsError

_BEGINNING = b'{"world": '
"""How each line begins."""

_BLOCK = 65536


class JournalFile:
    """Appends one line for each request of each world to a file; no token is in it.

    While the server records, the people and secrets in it are those of the cassette. A full disk costs lines, never
    answers: what was begun of a line is taken back, and :attr:`problem` tells at the end.

    :raises SettingsError: the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._lost = 0
        self._error = ""
        try:
            # not buffered: a line is there for others as soon as it is written
            self._file = path.open("ab", buffering=0)
            self._mend()
        except OSError as error:
            raise SettingsError(
                f"--journal {path}: {error.strerror or error}.\n  name a file in a folder that this user may write"
            ) from None

    @property
    def problem(self) -> str:
        """What the file lacks, in a sentence; empty when it has all."""
        if not self._lost:
            return ""
        requests = "1 request is" if self._lost == 1 else f"the last {self._lost} requests are"
        return f"--journal {self._path} is not whole: {requests} missing ({self._error})"

    def follow(self, world: str, world_id: str, double: Double) -> None:
        """Write what is sent to ``double``, the one of ``world``, from now on."""
        core_of(double).journal.listen(partial(self._write, {"world": world, "world_id": world_id}, double))

    def _write(self, world: dict[str, str], double: Double) -> None:
        document = shown_document(double.journal.newest, core_of(double).masking)
        line = f"{json.dumps({**world, **document}, ensure_ascii=False, default=str)}\n"
        with self._lock:
            if self._lost:  # it has all up to some request, and nothing behind that
                self._lost += 1
            elif not self._file.closed:
                self._append(line.encode("utf-8", "backslashreplace"))

    def _append(self, line: bytes) -> None:
        written = 0
        try:
            while written < len(line):
                written += self._file.write(line[written:])
        except OSError as error:  # a full disk: the clients are still answered
            self._take_back(written)
            self._lost, self._error = 1, error.strerror or str(error)
            with suppress(OSError):  # standard error may be on that disk, too
                print(f"handlesfake: --journal {self._path}: {error}; nothing more is written", file=sys.stderr)

    def _take_back(self, written: int) -> None:
        """Remove the beginning of a line."""
        with suppress(OSError):
            known = os.fstat(self._file.fileno())
            if S_ISREG(known.st_mode):
                os.ftruncate(self._file.fileno(), known.st_size - written)

    def _mend(self) -> None:
        """End the last line, where a run before was killed or its disk was full; remove it where it is torn."""
        if not self._path.is_file():
            return
        tail = _last_line(self._path)
        if not tail:
            return
        if not tail.startswith(_BEGINNING[: len(tail)]) or _is_json(tail):
            self._file.write(b"\n")
            return
        os.ftruncate(self._file.fileno(), self._path.stat().st_size - len(tail))
        print(
            f"handlesfake: --journal {self._path}: its last line was torn, and its {len(tail)} bytes are removed",
            file=sys.stderr,
        )

    def close(self) -> None:
        """Write no more."""
        with self._lock, suppress(OSError):
            self._file.close()


def _last_line(path: Path) -> bytes:
    """What follows the last end of a line."""
    with path.open("rb") as file:
        begin = file.seek(0, os.SEEK_END)
        tail = b""
        while begin and b"\n" not in tail:
            size = min(_BLOCK, begin)
            begin = file.seek(begin - size)
            tail = file.read(size) + tail
    return tail.rpartition(b"\n")[2]


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
