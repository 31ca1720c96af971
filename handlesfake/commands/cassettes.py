"""The commands that read cassettes: handlesfake show | verify."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from handlesfake.errors import CassetteError

FINE, FOUND_SOMETHING = 0, 1


def add_show(parser: argparse.ArgumentParser) -> None:
    """``handlesfake show CASSETTE``."""
    parser.add_argument("cassette", type=Path, metavar="CASSETTE")
    parser.add_argument("--bodies", action="store_true", help="with the JSON of requests and answers")
    parser.add_argument("--json", action="store_true", help="as one JSON object")
    parser.set_defaults(run=_show)


def _show(options: argparse.Namespace) -> int:
    # lazily, like every command: `handlesfake --help` should not wait for imports
    from handlesfake.cassettes.loading import load
    from handlesfake.commands.showing import as_json, timeline

    cassette = load(options.cassette)
    if options.json:
        print(json.dumps(as_json(cassette), indent=2))
    else:
        print(timeline(cassette, bodies=options.bodies))
    return FINE


def add_verify(parser: argparse.ArgumentParser) -> None:
    """``handlesfake verify PATH...``."""
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="a cassette, or a folder of cassettes")
    parser.add_argument("--dialect", choices=("observed", "documented"), default="observed")
    parser.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    # lazily, as above
    from handlesfake.cassettes.commands import shown
    from handlesfake.cassettes.loading import load
    from handlesfake.cassettes.verifying import Account, verify
    from handlesfake.mpsd.settings import Settings

    account = Account()
    for path in _cassettes(options.paths):
        lines = [line for one in verify(load(path), Settings(dialect=options.dialect)) for line in account.add(one)]
        print(
            "\n".join(
                [f"{shown(path)}: {'as the fake answers' if not lines else 'the fake answers otherwise'}", *lines]
            )
        )
    print("\n".join(account.lines()))
    return FOUND_SOMETHING if account.differ else FINE


def _cassettes(paths: list[Path]) -> list[Path]:
    """The cassettes that ``paths`` are, or hold at any depth.

    :raises CassetteError: there is none.
    """
    found = [
        one
        for path in paths
        for one in (sorted(path.rglob("*")) if path.is_dir() else [path])
        if not path.is_dir() or (one.suffix in (".yaml", ".yml", ".json") and not one.name.startswith("."))
    ]
    if not found:
        raise CassetteError(f"no cassette in {', '.join(map(str, paths))}: name a .yaml or .json file, or a folder.")
    return found
