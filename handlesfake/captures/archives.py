"""Zip archives, read within limits: SAZ, and the archives of Playwright."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import Counter
from typing import IO

from handlesfake.captures.exchange import Unreadable, shown
from handlesfake.captures.limits import LIMITS, Limits

_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What zipfile raises of an archive that is damaged, or made to be."""

_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FILES_OF_AN_EXCHANGE = 4
_PIECE = 1 << 16


class Archive:
    """The zip archive in ``raw``. Nothing of it is written anywhere.

    :raises Unreadable: it is not a zip archive, it is encrypted, or it holds more files than ``limits`` allow.
    """

    def __init__(self, raw: bytes, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
            members = self._zip.infolist()
        except _BROKEN as error:
            raise Unreadable(f"it is not a whole zip archive: {error}; it may be cut short") from None
        if len(members) > limits.entries * _FILES_OF_AN_EXCHANGE:
            raise Unreadable(f"it has {len(members)} files, more than are read")
        if any(one.flag_bits & _ENCRYPTED for one in members):
            raise Unreadable("it is encrypted with a password; save it again without one, in the tool that wrote it")
        names = [one.filename.replace("\\", "/") for one in members]
        twice = next((name for name, count in Counter(names).items() if count > 1), None)
        if twice is not None:
            raise Unreadable(f"it has two files called {shown(twice)}")
        self._members = dict(zip(names, members, strict=True))
        self.comment = self._zip.comment.decode("utf-8", "replace")

    @property
    def names(self) -> list[str]:
        """The names of its files, with ``/`` between the parts."""
        return list(self._members)

    def has(self, name: str) -> bool:
        """Whether there is a file called ``name``."""
        return name in self._members

    def read(self, name: str) -> bytes | None:
        """The bytes of the file called ``name``; None where there is none.

        :raises Unreadable: it is damaged, or more than the limits allow, whatever the archive says of its size.
        """
        member = self._members.get(name)
        if member is None:
            return None
        if member.compress_type not in _METHODS:
            raise Unreadable(f"{shown(name)} is packed in a way that is not read: method {member.compress_type}")
        most = min(self._limits.body, self._limits.file - self._unpacked)
        try:
            with self._zip.open(member) as file:
                raw = _at_most(file, most)
        except _BROKEN as error:
            raise Unreadable(f"{shown(name)} in it is damaged: {error}") from None
        if raw is None:
            raise Unreadable(f"{shown(name)} in it unpacks to more than {most} bytes")
        self._unpacked += len(raw)
        return raw


def _at_most(file: IO[bytes], most: int) -> bytes | None:
    """What ``file`` holds; None when that is more than ``most`` bytes."""
    parts, size = [], 0
    while part := file.read(_PIECE):
        parts.append(part)
        size += len(part)
        if size > most:
            return None
    return b"".join(parts)
