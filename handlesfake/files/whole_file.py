"""A file that is written whole or not at all: reports, which others read while they are written again."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from handlesfake.files.placing import replace_file


def check_writable(path: Path) -> None:
    """Check that :func:`write_whole` can write there; its folder is made, and an existing file stays as it is.

    :raises OSError: it cannot.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        with path.open("a"):
            pass
    if _is_replaced(path):
        draft = _draft(path)
        draft.touch()
        draft.unlink()


def write_whole(path: Path, text: str) -> None:
    """Replace the content of the file with ``text``; a lone surrogate is written as its escape.

    :raises OSError: it cannot be written; what was there is there still.
    """
    raw = text.encode("utf-8", "backslashreplace")
    if not _is_replaced(path):
        path.write_bytes(raw)
        return
    path.parent.mkdir(parents=True, exist_ok=True)  # another process may have removed it meanwhile
    draft = _draft(path)
    try:
        draft.write_bytes(raw)
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o7777)
        replace_file(draft, path)
    except OSError:
        with suppress(OSError):
            draft.chmod(0o600)  # Windows removes no file that is read-only
            draft.unlink()
        raise


def _is_replaced(path: Path) -> bool:
    """Whether it is a file, or is to be one; a pipe and a device are written to, and a link is followed."""
    return not path.is_symlink() and (path.is_file() or not path.exists())


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.draft")
