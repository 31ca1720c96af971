"""How far a command has come, for people who wait at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

_WIDTH = 60


def watched(paths: Sequence[Path]) -> Iterator[Path]:
    """``paths``, one after the other; meanwhile stderr shows which one, if it is a terminal."""
    if not sys.stderr.isatty() or len(paths) < 2:  # of one there is nothing to tell
        yield from paths
        return
    for number, path in enumerate(paths, 1):
        print(f"\r{number} of {len(paths)}  {str(path)[-_WIDTH:]:<{_WIDTH}}", end="", file=sys.stderr, flush=True)
        try:
            yield path
        finally:
            wipe()


def wipe() -> None:
    """Take away what the terminal tells, before something else is printed."""
    if sys.stderr.isatty():
        print(f"\r{'':<{_WIDTH + 20}}\r", end="", file=sys.stderr, flush=True)
