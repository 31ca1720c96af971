"""How much a capture may hold: files come from anywhere, and some are made to exhaust who reads them."""

from __future__ import annotations

from handlesfake.values.values import frozen


@frozen
class Limits:
    """Bounds of what is read; a file that passes one is refused whole."""

    file: int = 256 << 20
    """Bytes of a file, and of all that is unpacked from an archive together."""

    body: int = 64 << 20
    """Bytes of one body, and of one file in an archive."""

    entries: int = 100_000
    """Exchanges in a file; an archive may have four files for each."""

    values: int = 10_000_000
    """Brackets and commas in a JSON text: about as many values."""

    depth: int = 60
    """Levels of a flow file's structure."""


LIMITS = Limits()
