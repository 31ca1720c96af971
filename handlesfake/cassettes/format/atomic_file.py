"""A cassette file is replaced whole or not at all, and keeps its mode."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from handlesfake.cassettes.format.file_names import hidden, is_there
from handlesfake.cassettes.next_steps import display_path
from handlesfake.errors import CassetteError

_IS_WINDOWS = os.name == "nt"
_PATIENCE, _PAUSE = 2.0, 0.02
"""Seconds: how long Windows is asked for a file that another process has open, and how often."""


def _replace(draft: Path, path: Path) -> None:
    """Replace ``path`` with ``draft``.

    Windows replaces no file that is open: another worker may be reading it, or a scanner of viruses.
    """
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            os.replace(draft, path)
        except PermissionError:
            if not _IS_WINDOWS or time.monotonic() >= end:
                raise
            time.sleep(_PAUSE)
        else:
            return


def refuse_to_replace(path: Path) -> None:
    """Let no command write over the file at ``path`` without being told to.

    :raises CassetteError: it is there.
    """
    if is_there(path):
        raise CassetteError(
            f"{display_path(path)} is there already; name another file, or say --rewrite to replace it"
        )


def keep(text: str, path: Path, hint: str = "", like: Path | None = None, what: str = "the cassette") -> bool:
    """Replace the file at ``path`` by one that holds ``text``; False when that is what it held.

    The folder is made again where it has vanished. ``path`` is not a link: see :func:`real_file`.

    :param hint: what happens to the recording when it cannot be written.
    :param like: has the mode of this file, where there is one; else that of the file at ``path``.
    :param what: what the file is, for the error.
    :raises CassetteError: the disk is full, or the folder cannot be made.
    """
    raw = text.encode()
    draft = path.with_name(hidden(path.name, f"{os.getpid()}.{secrets.token_hex(4)}.draft"))
    try:
        if path.exists() and path.read_bytes() == raw:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(raw)
        pattern = like or path
        if pattern.exists():
            draft.chmod(pattern.stat().st_mode & 0o7777)
        _replace(draft, path)
    except OSError as error:
        with suppress(OSError):
            draft.chmod(0o600)  # Windows removes no file that is read-only
            draft.unlink()
        raise CassetteError(f"{path}: {what} cannot be written: {error.strerror or error}{hint}") from None
    return True
