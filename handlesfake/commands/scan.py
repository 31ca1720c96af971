"""``handlesfake scan PATH...``: what must not be committed."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from handlesfake.commands.pytest_setting import pytest_setting
from handlesfake.commands.said import said_path
from handlesfake.errors import CassetteError

FINE, FOUND_SOMETHING, COULD_NOT_LOOK = 0, 1, 2
_SUFFIXES = (".yaml", ".yml", ".json", ".har", ".jsonl", ".journal", ".rejected", ".key", ".toml", ".env")
_BETWEEN = 0.2
"""Seconds between two words on how far it is."""


def add_scan(parser: argparse.ArgumentParser) -> None:
    """``handlesfake scan PATH...``."""
    parser.add_argument("paths", type=said_path, nargs="+", metavar="PATH", help="a file, or a folder of cassettes")
    parser.add_argument(
        "--not-secret",
        nargs="*",
        default=None,
        metavar="PLACE",
        help="places that look like secrets but are not (default: what pytest's mpsd_not_secret names here)",
    )
    parser.set_defaults(run=_scan)


def _scan(options: argparse.Namespace) -> int:
    from handlesfake.cassettes.audit.scanning import scan  # lazily, like every command

    problems: list[str] = []
    files = list(dict.fromkeys(_files(options.paths, problems)))
    allowed = pytest_setting("mpsd_not_secret", Path()) if options.not_secret is None else options.not_secret
    leaks = leaking = read = 0
    for path in _told(files):
        try:
            found = scan(path, allowed)
        except CassetteError as error:
            problems.append(str(error))
            continue
        leaks, leaking, read = leaks + len(found), leaking + bool(found), read + 1
        for leak in found:
            print(leak)
    for problem in problems:
        print(f"handlesfake: {problem}", file=sys.stderr)
    print(_summary(leaks, leaking, read, problems), file=sys.stderr)
    return COULD_NOT_LOOK if problems else FOUND_SOMETHING if leaks else FINE


def _summary(leaks: int, leaking: int, read: int, problems: Sequence[str]) -> str:
    """What the command says last: of files that were not read, it says nothing else."""
    if not read:
        return "no file was read" if problems else "no file was found: a folder is searched for recordings by suffix"
    rest = f"; {len(problems)} could not be read" if problems else ""
    among = f"{leaking} of " if leaks and read > 1 else ""
    return f"{leaks or 'nothing'} to hide in {among}{read} {'file' if read == 1 else 'files'}{rest}"


def _files(paths: list[Path], problems: list[str]) -> Iterator[Path]:
    """The files that ``paths`` name, and those in folders that may be recordings."""

    def refuse(error: OSError) -> None:
        problems.append(f"{error.filename}: cannot be read: {error.strerror or error}")

    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path, onerror=refuse):
            folders[:] = sorted(name for name in folders if name != ".git")
            found = (Path(folder, name) for name in sorted(names) if name.endswith(_SUFFIXES))
            yield from (one for one in found if one.is_file())


def _told(files: Sequence[Path]) -> Iterator[Path]:
    """``files`` one by one; a terminal shows the progress."""
    shown = 0.0
    for number, path in enumerate(files, 1):
        if sys.stderr.isatty() and time.monotonic() - shown > _BETWEEN:
            shown = time.monotonic()
            print(f"\r{number} of {len(files)} files", end="", file=sys.stderr, flush=True)
        yield path
    if shown:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
