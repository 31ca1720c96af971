"""CassetteCache: what was read of cassettes, kept for the next run under a hash of the bytes that it was read from.

It holds what the cassettes hold, checked, and nothing else; every entry may go at any time. A cassette that cannot be
read is never in it: its error comes from the reader, each time.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from handlesfake import files
from handlesfake.cassettes.cassette import Cassette
from handlesfake.cassettes.format.cassette_json import cassette_from_json, cassette_to_json
from handlesfake.cassettes.format.compression import decoders
from handlesfake.cassettes.format.file_names import is_json

LARGEST_FOLDER = 128 << 20
"""Bytes that the entries may have together as a process begins to write some; the oldest go first."""

_LARGEST_ENTRY = LARGEST_FOLDER // 4
_swept: set[Path] = set()
"""Folders that this process has written to, and made room in before."""

_unwritable: set[Path] = set()
"""Folders that it could not write to, and does not ask again."""


class CassetteCache:
    """The cache in ``folder``, which need not be there yet; several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, raw: bytes, path: Path) -> Cassette | None:
        """What was read of ``raw``, the text of the file at ``path``; None when nothing is kept, or it is damaged."""
        try:
            digest, _, text = self._entry(raw, path).read_bytes().partition(b"\n")
        except OSError:
            return None
        if digest.decode("latin-1") != sha256(text).hexdigest():
            return None
        try:
            return cassette_from_json(text, path)
        except (ValueError, TypeError, LookupError):
            return None

    def keep(self, raw: bytes, cassette: Cassette) -> None:
        """Keep what was read of ``raw``; where that cannot be written, nothing happens."""
        text = cassette_to_json(cassette)
        if self._folder in _unwritable or len(text) > _LARGEST_ENTRY:
            return
        entry = self._entry(raw, cassette.path)
        draft = entry.with_name(f"{os.getpid()}.{secrets.token_hex(4)}.draft")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            # for the owner's eyes only, since the cassette may be
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(sha256(text).hexdigest().encode() + b"\n" + text)
            os.replace(draft, entry)
        except OSError:
            if not entry.exists():  # else another process has it open, and Windows replaces no open file
                _unwritable.add(self._folder)
            with suppress(OSError):
                draft.unlink()

    def _entry(self, raw: bytes, path: Path) -> Path:
        read_as = b"json" if is_json(path) else b"yaml"
        return self._folder / sha256(b"\n".join((read_as, _reader(), raw))).hexdigest()

    def _sweep(self) -> None:
        """Make room, once in a process, so that entries of cassettes that were recorded again do not pile up."""
        if self._folder in _swept:
            return
        _swept.add(self._folder)
        found = []
        for file in _files(self._folder):
            with suppress(FileNotFoundError):  # another process has put its draft in place since
                found.append((file.stat(), file.path))
        total = sum(stat.st_size for stat, _ in found)
        for stat, path in sorted(found, key=lambda one: one[0].st_mtime):
            if total <= LARGEST_FOLDER:
                break
            with suppress(OSError):  # another process makes room, too
                os.unlink(path)
            total -= stat.st_size


def _files(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return list(found)


@cache
def _reader() -> bytes:
    """What reads cassettes here: our modules, by size and time, and the decoders that are installed."""
    folders = (Path(__file__).parent, Path(files.__file__).parent)
    with suppress(OSError):  # where there are no files, the version says it
        modules = (file for folder in folders for file in _files(folder) if file.name.endswith(".py"))
        found = sorted((file.name, (stat := file.stat()).st_size, stat.st_mtime_ns) for file in modules)
        return repr((found, decoders())).encode()
    from importlib.metadata import version  # lazily: it takes milliseconds to import

    return repr((version("handlesfake"), decoders())).encode()
