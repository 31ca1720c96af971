"""The command that reads rule files: handlesfake rules check."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from handlesfake.values.values import frozen

FINE, FOUND_SOMETHING, COULD_NOT_LOOK = 0, 1, 2


def add_rules(parser: argparse.ArgumentParser) -> None:
    """``handlesfake rules check PATH...``."""
    commands = parser.add_subparsers(required=True, metavar="check")
    check = commands.add_parser("check", help="read rule files as a test would, and say what is wrong with them")
    check.add_argument("paths", nargs="+", metavar="PATH", help="a rule file, a folder of them, or ready/NAME")
    check.add_argument(
        "--together", action="store_true", help="as one test that names them all, in this order; else each alone"
    )
    check.add_argument("--json", action="store_true", help="print what was found as JSON, for other programs")
    check.set_defaults(run=_check)


@frozen(slots=False)
class _Checked:
    """One file, or several that are to stand together."""

    path: str
    rules: int | None
    """How many there are; None when something is wrong."""

    problem: str
    status: int

    def __str__(self) -> str:
        counted = f"{self.rules} {'rule' if self.rules == 1 else 'rules'}"
        return self.problem or f"{self.path}: {counted}"


def _check(options: argparse.Namespace) -> int:
    done = list(_checked([Path(path) for path in options.paths], together=options.together))
    print(json.dumps([asdict(one) for one in done], indent=2) if options.json else "\n".join(map(str, done)))
    return max(one.status for one in done)


def _checked(paths: Sequence[Path], *, together: bool) -> Iterator[_Checked]:
    """Each file, those in folders too; or all of them as one."""
    files: list[tuple[Path, Path]] = []
    here = Path.cwd()
    for path in paths:
        found = _files(path)
        if not found:
            yield _Checked(str(path), None, f"there is no rule file (.yaml, .yml) in {path}", COULD_NOT_LOOK)
        # as in a test that runs here; a folder elsewhere is used as it is
        root = path if path.is_dir() and not path.resolve().is_relative_to(here) else here
        files += [(file, root) for file in found]
    if together and files:
        yield _read([file for file, _ in files], here)
    elif not together:
        yield from (_read([file], root) for file, root in files)


def _files(path: Path) -> list[Path]:
    """The file, or those in the folder."""
    if not path.is_dir():
        return [path]
    return sorted(one for one in path.rglob("*") if one.suffix in (".yaml", ".yml") and one.is_file())


def _read(paths: Sequence[Path], root: Path) -> _Checked:
    # lazily, like every command: `handlesfake --help` should not wait for imports
    from handlesfake.errors import RuleError
    from handlesfake.rules.bundled import found
    from handlesfake.rules.loading import load_rules

    name = ", ".join(map(str, paths))
    try:
        count = len(load_rules(*paths, root=root))
    except RuleError as error:
        could_look = all(found(path).is_file() for path in paths)
        return _Checked(name, None, str(error), FOUND_SOMETHING if could_look else COULD_NOT_LOOK)
    return _Checked(name, count, "", FINE)
