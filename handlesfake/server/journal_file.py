"""JournalFile: everything that is sent, as lines of JSON, written as it comes."""

from __future__ import annotations

import json
import sys
import threading
from functools import partial
from pathlib import Path

from handlesfake.double.double import Double, core_of
from handlesfake.double.shown import shown_document
from handlesfake.errors import SettingsError


class JournalFile:
    """Appends one line for each request of each world to a file; no token is in it.

    While the server records, the people and secrets in it are those of the cassette.

    :raises SettingsError: the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            # a line is there for others as soon as it is written
            self._file = path.open("a", buffering=1, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise SettingsError(
                f"--journal {path}: {error.strerror or error}.\n  name a file in a folder that this user may write"
            ) from None

    def follow(self, world: str, double: Double) -> None:
        """Write what is sent to ``double``, the one of ``world``, from now on."""
        core_of(double).journal.listen(partial(self._write, world, double))

    def _write(self, world: str, double: Double) -> None:
        document = shown_document(double.journal.newest, core_of(double).masking)
        line = json.dumps({"world": world, **document}, ensure_ascii=False, default=str)
        with self._lock:
            if self._file.closed:
                return
            try:
                self._file.write(f"{line}\n")
            except OSError as error:  # a full disk: the clients are still answered
                print(f"handlesfake: --journal {self._path}: {error}; nothing more is written", file=sys.stderr)
                self._file.close()

    def close(self) -> None:
        """Write no more."""
        with self._lock:
            self._file.close()
