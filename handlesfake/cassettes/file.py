"""Draft: a cassette file under way, which replaces the old one whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from handlesfake.errors import CassetteError


class Draft:
    """A new file beside ``path``, made at once: a folder that cannot be written is known before any request."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made = _missing_folders(path.parent)
        self._draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.draft")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._draft.open("x").close()
        except OSError as error:
            raise CassetteError(
                f"{path}: the cassette cannot be written: {error.strerror or error} "
                f"({error.filename or path.parent})\n"
                "  nothing was sent; make the folder writable, or name another one"
            ) from None

    def keep(self, text: str, path: Path | None = None) -> None:
        """Put ``text`` in the place of the file at ``path`` (the cassette's own), whole or not at all.

        :raises CassetteError: the disk is full, or the folder is gone.
        """
        path = path or self._path
        try:
            with self._draft.open("w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            if path.exists():
                self._draft.chmod(path.stat().st_mode & 0o7777)
            os.replace(self._draft, path)
        except OSError as error:
            self.discard()
            raise CassetteError(f"{path}: the cassette cannot be written: {error.strerror or error}") from None

    def discard(self) -> None:
        """Leave everything as it was before."""
        with suppress(OSError):
            self._draft.unlink()
        for folder in self._made:
            with suppress(OSError):  # somebody else has put something there
                folder.rmdir()


def _missing_folders(folder: Path) -> list[Path]:
    return [one for one in (folder, *folder.parents) if not one.exists()]
