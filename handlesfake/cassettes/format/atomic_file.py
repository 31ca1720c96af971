"""A cassette file is replaced whole or not at all, and keeps its mode."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from handlesfake.cassettes.format.file_names import hidden, is_there
from handlesfake.cassettes.next_steps import display_path
from handlesfake.errors import CassetteError
from handlesfake.files.placing import replace_file


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
        replace_file(draft, path)
    except OSError as error:
        with suppress(OSError):
            draft.chmod(0o600)  # Windows removes no file that is read-only
            draft.unlink()
        raise CassetteError(f"{path}: {what} cannot be written: {error.strerror or error}{hint}") from None
    return True
