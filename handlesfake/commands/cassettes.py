"""The commands that read cassettes: handlesfake show | verify."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from handlesfake.commands.progress import watched, wipe
from handlesfake.commands.said import said_path
from handlesfake.errors import CassetteError

if TYPE_CHECKING:
    from handlesfake.cassettes.cassette import Cassette
    from handlesfake.cassettes.comparison.verify import Account
    from handlesfake.mpsd.settings import Settings

FINE, FOUND_SOMETHING, COULD_NOT_LOOK = 0, 1, 2


def add_show(parser: argparse.ArgumentParser) -> None:
    """``handlesfake show PATH...``."""
    parser.add_argument(
        "paths", type=said_path, nargs="+", metavar="PATH", help="a cassette, or a folder of cassettes"
    )
    parser.add_argument("--bodies", action="store_true", help="with the JSON of requests and answers")
    parser.add_argument(
        "--json", action="store_true", help="as one JSON object; of several cassettes, a list of them"
    )
    parser.add_argument(
        "--git", action="store_true", help="as git's textconv: print a file that is not a cassette unchanged"
    )
    parser.set_defaults(run=_show)


def _show(options: argparse.Namespace) -> int:
    # lazily, like every command: `handlesfake --help` should not wait for imports
    from handlesfake.cassettes.next_steps import display_path
    from handlesfake.commands.showing import cassette_as_json, timeline

    is_one = len(options.paths) == 1 and not options.paths[0].is_dir()
    paths = options.paths if is_one else _cassettes(options.paths)
    status, shown, documents = FINE, 0, []
    for path in paths:
        try:
            cassette = _loaded(path)
        except CassetteError as error:
            if options.git and path.is_file():
                _print_raw(path)  # with any other status git would show no difference at all, of no file
                continue
            if is_one:
                raise
            print(f"handlesfake: {error}", file=sys.stderr)
            status = COULD_NOT_LOOK
            continue
        if options.json:
            documents.append(cassette_as_json(cassette))
            continue
        if shown:
            print()
        print(timeline(cassette, "" if is_one else display_path(path), bodies=options.bodies))
        shown += 1
    if options.json:
        print(json.dumps(documents[0] if is_one else documents, indent=2))
    return status


def _print_raw(path: Path) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(path.read_bytes())


def _loaded(path: Path) -> Cassette:
    """The cassette at ``path``.

    :raises CassetteError: it cannot be read, or is not written yet.
    """
    from handlesfake.cassettes.format.file_names import is_there  # lazily, as above
    from handlesfake.cassettes.format.loading import load_cassette
    from handlesfake.cassettes.recording.left_behind import has_abandoned

    if not is_there(path) and has_abandoned(path):
        raise CassetteError(
            f"{path}: not written yet: its recorder was killed, "
            "and what it kept is in a journal beside it.\n  the next test that names the cassette puts that in."
        )
    return load_cassette(path)


def add_verify(parser: argparse.ArgumentParser) -> None:
    """``handlesfake verify PATH...``."""
    parser.add_argument(
        "paths", type=said_path, nargs="+", metavar="PATH", help="a cassette, or a folder of cassettes"
    )
    parser.add_argument("--dialect", choices=("observed", "documented"), default="observed")
    parser.add_argument(
        "--templates",
        type=said_path,
        action="append",
        default=[],
        metavar="FILE",
        help="what the title's sessions are like",
    )
    parser.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    # lazily, as above
    from handlesfake.cassettes.comparison.verify import Account
    from handlesfake.mpsd.settings import Settings
    from handlesfake.templates.shelf import Shelf

    settings = Shelf(options.templates).settings(Settings(dialect=options.dialect))
    account, status = Account(), FINE
    for path in watched(_cassettes(options.paths)):
        try:
            lines = _verified(path, settings, account)
        except CassetteError as error:
            wipe()
            print(f"handlesfake: {error}", file=sys.stderr)
            status = COULD_NOT_LOOK
            continue
        wipe()
        print("\n".join(lines))
    if account.exchanges or status == FINE:
        print("\n".join(account.lines()))
    if not account.compared:
        status = COULD_NOT_LOOK  # what was not compared does not agree
    return status or (FOUND_SOMETHING if account.differ else FINE)


def _verified(path: Path, settings: Settings, account: Account) -> list[str]:
    """What the cassette at ``path`` shows, line by line; ``account`` counts it."""
    from handlesfake.cassettes.comparison.verify import verify
    from handlesfake.cassettes.format.loading import load_cassette
    from handlesfake.cassettes.next_steps import display_path  # lazily, as above

    before = account.compared
    lines = [line for one in verify(load_cassette(path), settings) for line in account.add(one)]
    agrees = "as the fake answers" if account.compared > before else "nothing to compare"
    return [f"{display_path(path)}: {'the fake answers otherwise' if lines else agrees}", *lines]


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
