"""From a cassette file to its interactions: read, or taken from what an earlier run has read of the same bytes."""

from __future__ import annotations

from pathlib import Path

from handlesfake.cassettes.cassette import Cassette
from handlesfake.cassettes.format.cassette_cache import CassetteCache
from handlesfake.errors import CassetteError

LARGEST_FILE = 256 << 20
"""Bytes of a cassette file."""

opened: set[Path] = set()
"""The files that this process has read: what is not among them at the end of a whole run, no test plays."""


def load_cassette(path: Path, cache: Path | None = None) -> Cassette:
    """The cassette in the file at ``path``, which exists.

    :param cache: the folder that keeps what was read; None where nothing is kept.
    :raises CassetteError: it cannot be read; file, line and column are named.
    """
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= LARGEST_FILE else b""
    except IsADirectoryError:
        raise CassetteError(f"{path}: this is a folder; name a cassette in it") from None
    except OSError as error:
        raise CassetteError(f"{path}: the cassette cannot be read: {error.strerror or error}") from None
    opened.add(path.absolute())
    if size > LARGEST_FILE:
        raise CassetteError(f"{path}: {size} bytes are more than a cassette may have ({LARGEST_FILE})")
    if cache is None:
        return load_cassette_text(raw, path)
    kept = CassetteCache(cache)
    cassette = kept.find(raw, path)
    if cassette is None:
        cassette = load_cassette_text(raw, path)
        kept.keep(raw, cassette)
    return cassette


def load_cassette_text(raw: bytes, path: Path) -> Cassette:
    """The cassette in ``raw``, the text of the file at ``path``.

    :raises CassetteError: it cannot be read; file, line and column are named.
    """
    from handlesfake.cassettes.format.reading import read_cassette  # lazily: it imports YAML

    return read_cassette(raw, path)
