"""What a file of certificates held when it was named, whatever happened to the file since."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from typing import NamedTuple

Stamp = tuple[int, int, int, int]
"""What a file is known by: inode, bytes, and the times of its last change. Programs cannot set the last of them."""


class Bundle(NamedTuple):
    """A file of certificates at one moment."""

    path: str
    stamp: Stamp
    content: bytes

    def load(self, read: Callable[[str], object]) -> None:
        """Let ``read``, which takes a path, have what the file held at that moment: neither more nor less."""
        if stamp(self.path) == self.stamp:
            read(self.path)
            return
        with tempfile.TemporaryDirectory(prefix="handlesfake-") as folder:
            copy = os.path.join(folder, "bundle.pem")
            with open(copy, "wb") as file:
                file.write(self.content)
            read(copy)


_latest: dict[str, Bundle] = {}
_sound: dict[str, Stamp] = {}
_KEPT = 8
"""A suite may name another file in each test."""


def bundle(path: str) -> Bundle | None:
    """``path`` as it is now; None where it cannot be read. Unchanged files are read once."""
    before = stamp(path)
    if before is None:
        return None
    known = _latest.get(path)
    if known is not None and known.stamp == before:
        return known
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return None
    if stamp(path) != before:  # it is being written just now
        return None
    if len(_latest) >= _KEPT:
        _latest.clear()
    found = _latest[path] = Bundle(path, before, content)
    return found


def sound(path: str) -> Bundle | None:
    """``path`` as it is now, if TLS has read these very bytes without complaint; else None."""
    found = bundle(path)
    return found if found is not None and _sound.get(path) == found.stamp else None


def is_sound(path: str, before: Stamp | None) -> None:
    """TLS has read ``path`` without complaint, and it was like ``before`` then."""
    if before is not None and before == stamp(path):
        _sound[path] = before


def stamp(path: str) -> Stamp | None:
    """What ``path`` is known by now; None where it is missing."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
