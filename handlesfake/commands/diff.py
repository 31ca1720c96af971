"""``handlesfake diff OLD NEW``: what has changed from one recording to another."""

from __future__ import annotations

import argparse
import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handlesfake.errors import CassetteError, SettingsError

if TYPE_CHECKING:
    from handlesfake.cassettes.cassette import Cassette, Interaction
    from handlesfake.cassettes.comparison.cassette_diff import CassetteDiff, Change
    from handlesfake.reporting.stable_names import StableNames

FINE, FOUND_SOMETHING = 0, 1
_GIT_GIVES = (7, 9)
"""How many arguments git gives a diff driver: path, then file, hash and mode of both, then those of a rename."""

_NOTHING = "/dev/null"
"""What git gives for a missing file."""


def add_diff(parser: argparse.ArgumentParser) -> None:
    """``handlesfake diff OLD NEW``."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="two cassettes, the old one first")
    parser.add_argument("--json", action="store_true", help="as one JSON object")
    parser.add_argument(
        "--volatile-fields",
        action="append",
        default=[],
        metavar="PATH",
        help="a path of values that are new in each run, as in mpsd_volatile_fields",
    )
    parser.add_argument("--git", action="store_true", help="as git calls a diff driver; always ends with status 0")
    parser.set_defaults(run=_diff)


def _diff(options: argparse.Namespace) -> int:
    if options.git:
        return _for_git(options)
    if len(options.paths) != 2:
        raise SettingsError("handlesfake diff takes two cassettes: the old one, then the new one.")
    old, new = map(Path, options.paths)
    found, cassettes = _found(old, new, options.volatile_fields)
    if options.json:
        print(json.dumps(_as_json(found, str(old), str(new)), indent=2))
    else:
        from handlesfake.cassettes.next_steps import display_path  # lazily, as below

        print("\n".join(_lines(found, f"{display_path(old)} -> {display_path(new)}", *cassettes)))
    return FINE if found.is_empty else FOUND_SOMETHING


def _found(old: Path, new: Path, patterns: list[str]) -> tuple[CassetteDiff, tuple[Cassette, Cassette]]:
    # lazily, like every command: `handlesfake --help` should not wait for imports
    from handlesfake.cassettes.comparison.cassette_diff import cassette_diff
    from handlesfake.cassettes.format.loading import load_cassette
    from handlesfake.cassettes.volatile_fields import checked

    cassettes = load_cassette(old), load_cassette(new)
    return cassette_diff(*cassettes, checked(patterns)), cassettes


def _for_git(options: argparse.Namespace) -> int:
    """What git asks a driver for: a new or gone file is shown whole; a file that is not a cassette, as text."""
    if len(options.paths) not in _GIT_GIVES:
        print(f"{options.paths[0]}: unmerged")
        return FINE
    from handlesfake.reporting.printable import printable  # lazily, as below

    path, old, _, _, new, *_ = options.paths
    renamed = f" -> {options.paths[7]}" if len(options.paths) == _GIT_GIVES[1] else ""
    print(f"{path}{renamed}:", end=" ")
    try:
        if _NOTHING in (old, new):
            print("\n".join(_whole(Path(new if old == _NOTHING else old), is_new=old == _NOTHING)))
        else:
            found, cassettes = _found(Path(old), Path(new), options.volatile_fields)
            print("\n".join(_lines(found, "", *cassettes)))
    except CassetteError as error:
        print(f"as text, since it cannot be read: {str(error).removeprefix(old).removeprefix(new).lstrip(': ,')}")
        lines = difflib.unified_diff(_text(old), _text(new), f"a/{path}", f"b/{path}", lineterm="")
        print("\n".join(map(printable, lines)))
    return FINE


def _text(file: str) -> list[str]:
    try:
        return Path(file).read_text("utf-8", "replace").splitlines() if file != _NOTHING else []
    except OSError as error:
        raise CassetteError(f"{file}: cannot be read: {error.strerror or error}") from None


def _whole(path: Path, *, is_new: bool) -> Iterator[str]:
    from handlesfake.cassettes.format.loading import load_cassette  # lazily, as above
    from handlesfake.commands.showing import timeline

    first, *rest = timeline(load_cassette(path)).splitlines()
    yield f"{'a new recording' if is_new else 'removed'}: {first}"
    yield from (f"{'+' if is_new else '-'} {line}" for line in rest)


def _lines(found: CassetteDiff, which: str, old: Cassette, new: Cassette) -> Iterator[str]:
    from handlesfake.json_diff import table
    from handlesfake.reporting.printable import printable  # lazily, as above
    from handlesfake.reporting.stable_names import StableNames
    from handlesfake.reporting.timeline import counted

    names = StableNames({xuid: role for role, xuid in [*new.roles.items(), *old.roles.items()]})
    for one in old.interactions:  # so that a name is that of show, whatever has changed
        _named(one, names)
    kinds = [change.kind for change in found.changes]
    counts = [f"{kinds.count(kind)} {kind}" for kind in ("changed", "added", "removed") if kind in kinds]
    counts += [f"{counted(len(found.roles), 'role')} changed"] if found.roles else []
    noise = [counted(count, noun) for count, noun in ((found.ids, "id"), (found.times, "time")) if count]
    told = ", ".join(counts) or "nothing has changed"
    head = f"{told}; {' and '.join(noise)} are new" if noise else told
    yield f"{which}: {head}" if which else head
    yield from (_role(one.path, is_new=one.wanted != "here") for one in found.roles)
    for change in found.changes:
        yield printable(_heading(change, names))
        yield from (printable(line) for line in table(change.unlike, words=("old", "new"), limit=20))


def _role(path: str, *, is_new: bool) -> str:
    return f"{'+' if is_new else '-'} role {path.partition('.')[2]}"


def _heading(change: Change, names: StableNames) -> str:
    if change.old is not None and change.new is not None:
        moved = f" (now #{change.new.number})" if change.old.number != change.new.number else ""
        return f"  #{change.old.number}{moved} {_named(change.old, names)}"
    sign, one = ("+", change.new) if change.new is not None else ("-", change.old)
    return f"{sign} #{one.number} {_named(one, names)} -> {one.response.status}" if one is not None else ""


def _named(one: Interaction, names: StableNames) -> str:
    from handlesfake.commands.exchange_words import called, details, made  # lazily, as above

    by = f"{called(one)} by {one.caller[:40]}" if one.caller else called(one)
    text = ", ".join([by, *details(one, names)])
    made(one, names)
    return text


def _as_json(found: CassetteDiff, old: str, new: str) -> dict[str, Any]:
    return {
        "old": old,
        "new": new,
        "same": found.is_empty,
        "changes": [_change_as_json(one) for one in found.changes],
        "roles": {one.path.partition(".")[2]: "added" if one.sent == "here" else "removed" for one in found.roles},
        "ids": found.ids,
        "times": found.times,
    }


def _change_as_json(change: Change) -> dict[str, Any]:
    from handlesfake.json_diff import MISSING  # lazily, as above

    one = change.new if change.new is not None else change.old
    fields = [
        {
            "path": unlike.path,
            **({"old": unlike.wanted} if unlike.wanted is not MISSING else {}),
            **({"new": unlike.sent} if unlike.sent is not MISSING else {}),
        }
        for unlike in change.unlike
    ]
    return {
        "kind": change.kind,
        "old": change.old.number if change.old is not None else None,
        "new": change.new.number if change.new is not None else None,
        "operation": one.call.operation if one is not None else "",
        "caller": one.caller if one is not None else "",
        "fields": fields,
    }
