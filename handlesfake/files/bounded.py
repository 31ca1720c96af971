"""Reading a file that a user names, and no more of it than such a file can have."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_bounded(path: Path, largest: int) -> bytes:
    """The bytes of ``path``, at most one more than ``largest``: who reads them sees that there are too many.

    :raises OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(largest + 1)


def read_regular(path: Path, largest: int) -> bytes:
    """The same of a regular file; a device or a pipe, which may never end, is not even opened to be read.

    :raises OSError: it cannot be read, or is not a regular file.
    """
    # without waiting for the other end of a pipe that has taken the place of the file meanwhile
    waits_not = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    _check(path.stat())
    with os.fdopen(os.open(path, os.O_RDONLY | waits_not), "rb") as file:
        _check(os.fstat(file.fileno()))
        return file.read(largest + 1)


def _check(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise OSError("it is not a regular file")
