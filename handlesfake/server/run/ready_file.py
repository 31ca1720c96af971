"""ReadyFile: the file that says where a server answers, there only while it does."""

from __future__ import annotations

import json
import os
from pathlib import Path

from handlesfake.errors import SettingsError
from handlesfake.files.placing import replace_file
from handlesfake.server.addresses import Places


class ReadyFile:
    """Written whole or not at all. What an earlier server has left there is removed at once: it would mislead.

    :raises SettingsError: the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.{os.getpid()}")
        self._written = ""
        if path.exists() and not path.is_file():
            raise SettingsError(f"--ready-file {path}: that is not a file.\n  name a file, or one that is to be made")
        try:
            path.unlink(missing_ok=True)
            self._draft.write_text("", encoding="utf-8")  # better to know now than once it answers
            self._draft.unlink()
        except OSError as error:
            raise self._unwritable(error) from None

    def write(self, places: Places) -> None:
        """Say where the server answers.

        :raises SettingsError: the file cannot be written any more.
        """
        said = f"{json.dumps(places.as_json)}\n"
        try:
            self._draft.write_text(said, encoding="utf-8")
            replace_file(self._draft, self._path)
        except OSError as error:
            raise self._unwritable(error) from None
        self._written = said

    def remove(self) -> None:
        """The server answers no more. A file that another one has written meanwhile stays."""
        try:
            if self._written and self._path.read_text(encoding="utf-8") == self._written:
                self._path.unlink()
        except (OSError, UnicodeError):
            return  # it is gone already, or somebody else's

    def _unwritable(self, error: OSError) -> SettingsError:
        problem = error.strerror or str(error)
        return SettingsError(
            f"--ready-file {self._path}: {problem}.\n  name a file in a folder that this user may write"
        )
