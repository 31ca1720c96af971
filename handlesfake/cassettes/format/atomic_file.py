"""A cassette file is replaced whole or not at all, and keeps its mode."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from handlesfake.errors import CassetteError


def keep(text: str, path: Path, hint: str = "", like: Path | None = None) -> bool:
    """Put ``text`` in the place of the file at ``path``; False when that is what it held.

    :param hint: what becomes of the recording when it cannot be written.
    :param like: has the mode of this file, where there is one; else that of the file at ``path``.
    :raises CassetteError: the disk is full, or the folder is gone.
    """
    raw = text.encode()
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.draft")
    try:
        if path.exists() and path.read_bytes() == raw:
            return False
        draft.write_bytes(raw)
        pattern = like or path
        if pattern.exists():
            draft.chmod(pattern.stat().st_mode & 0o7777)
        os.replace(draft, path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise CassetteError(f"{path}: the cassette cannot be written: {error.strerror or error}{hint}") from None
    return True
