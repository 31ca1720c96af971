"""Put a finished draft where its file belongs: over an earlier file, or only where there is not one."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

IS_WINDOWS = os.name == "nt"
PATIENCE, PAUSE = 2.0, 0.02
"""Seconds: how long Windows is asked for a file that another process has open, and how often."""


def replace_file(draft: Path, path: Path) -> None:
    """Move ``draft`` over the file at ``path``.

    Windows replaces no file that is open: another worker may be reading it, or a scanner of viruses. There this waits
    for :data:`PATIENCE` seconds.

    :raises OSError: it cannot be replaced.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            os.replace(draft, path)
        except PermissionError:
            if not IS_WINDOWS or time.monotonic() >= end:
                raise
            time.sleep(PAUSE)
        else:
            return


def place_new(draft: Path, path: Path) -> None:
    """Move ``draft`` to ``path``, unless another process has placed a file there: that one is whole, and stays.

    :raises OSError: the folder cannot be written.
    """
    try:
        _link(draft, path)
    except FileExistsError:
        pass
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def _link(draft: Path, path: Path) -> None:
    if IS_WINDOWS:
        os.rename(draft, path)  # which replaces nothing there
        return
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # FAT and some network folders have no hard links
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, draft.stat().st_mode & 0o777), "wb"
        ) as file:
            file.write(draft.read_bytes())
