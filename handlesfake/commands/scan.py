"""``handlesfake scan PATH...``: what must not be committed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from handlesfake.errors import CassetteError

FINE, FOUND_SOMETHING, COULD_NOT_LOOK = 0, 1, 2
_SUFFIXES = (".yaml", ".yml", ".json", ".har", ".jsonl", ".journal", ".rejected", ".key", ".toml")


def add_scan(parser: argparse.ArgumentParser) -> None:
    """``handlesfake scan PATH...``."""
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="a file, or a folder of cassettes")
    parser.set_defaults(run=_scan)


def _scan(options: argparse.Namespace) -> int:
    from handlesfake.cassettes.scanning import scan  # lazily, like every command

    count = leaks = 0
    status = FINE
    for path in _files(options.paths):
        count += 1
        try:
            found = scan(path)
        except CassetteError as error:
            print(f"handlesfake: {error}", file=sys.stderr)
            status = COULD_NOT_LOOK
            continue
        leaks += len(found)
        for leak in found:
            print(leak)
    print(f"{leaks or 'nothing'} to hide in {count} {'file' if count == 1 else 'files'}", file=sys.stderr)
    return status or (FOUND_SOMETHING if leaks else FINE)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.suffix in _SUFFIXES and one.is_file())
        else:
            yield path
