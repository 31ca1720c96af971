"""The command that reads rule files: handlesfake rules check."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

FINE, FOUND_SOMETHING, COULD_NOT_LOOK = 0, 1, 2


def add_rules(parser: argparse.ArgumentParser) -> None:
    """``handlesfake rules check PATH...``."""
    commands = parser.add_subparsers(required=True, metavar="check")
    check = commands.add_parser("check", help="read rule files as a test would, and say what is wrong with them")
    check.add_argument("paths", nargs="+", metavar="PATH", help="a rule file, a folder of them, or ready/NAME")
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    return max((_read(path) for path in _files(map(Path, options.paths))), default=COULD_NOT_LOOK)


def _read(path: Path) -> int:
    """Read one file, say what it holds, and return how that went."""
    # lazily, like every command: `handlesfake --help` should not wait for imports
    from handlesfake.errors import RuleError
    from handlesfake.rules.loading import load
    from handlesfake.rules.ready import found

    try:
        count = len(load(path))
    except RuleError as error:
        print(error)
        return FOUND_SOMETHING if found(path).is_file() else COULD_NOT_LOOK
    print(f"{path}: {count} {'rule' if count == 1 else 'rules'}")
    return FINE


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    """Each file, those in folders too."""
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.suffix in (".yaml", ".yml") and one.is_file())
        else:
            yield path
