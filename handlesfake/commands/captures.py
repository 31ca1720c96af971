"""The commands for captures of other tools: handlesfake import | export."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from handlesfake.commands.said import said_path
from handlesfake.errors import CaptureError, SettingsError
from handlesfake.mpsd.state.identity import is_xuid

if TYPE_CHECKING:
    from handlesfake.captures.exchange import Capture
    from handlesfake.captures.importing import Import

FINE, COULD_NOT_LOOK = 0, 2
_CASSETTES = (".yaml", ".yml", ".json")

_ROLE = "--role host=9000000000000071"

_IMPORT = """\
HAR 1.2, SAZ (Fiddler) and flow files of mitmproxy are read; the content of a file says which one it is. What the
import takes is treated like a recording: tokens and cookies are removed, and people are replaced. The import leaves
out an exchange whose bytes are not whole in the file, and prints which ones and why. Then it compares the fake with
the rest.

Exit status: 0 the cassette is written; 2 it is not, and standard error, or standard output, says why.
"""


def add_import(parser: argparse.ArgumentParser) -> None:
    """``handlesfake import FILE... --to CASSETTE``."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _IMPORT
    parser.add_argument("files", type=said_path, nargs="+", metavar="FILE", help="a capture")
    parser.add_argument(
        "--to", type=said_path, required=True, metavar="CASSETTE", help="the cassette that is written"
    )
    parser.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="ROLE=XUID",
        help="the role of a user in the capture: host=<xuid>, as the capture has it",
    )
    parser.add_argument(
        "--host", action="append", default=[], metavar="HOST", help="also take exchanges with this host"
    )
    parser.add_argument(
        "--mpsd-host", action="append", default=[], metavar="HOST", help="this host is MPSD under another name"
    )
    parser.add_argument(
        "--not-secret",
        action="append",
        default=[],
        metavar="PLACE",
        help="a place that looks like a secret but is not",
    )
    parser.add_argument(
        "--volatile-fields",
        action="append",
        default=[],
        metavar="PATH",
        help="a field that is new in each run of the client",
    )
    parser.add_argument("--pseudonym-key", type=said_path, metavar="FILE", help="the key of the pseudonyms")
    parser.add_argument("--rewrite", action="store_true", help="replace an existing cassette")
    parser.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    # lazily, like every command
    from handlesfake.captures.importing import import_captures
    from handlesfake.captures.report import lines_of

    if options.to.suffix not in _CASSETTES:
        raise SettingsError(f"--to {options.to}: a cassette's name ends in {', '.join(_CASSETTES)}")
    how = _how(options)
    _refuse_twins(options.files)
    imported = import_captures([(path.name, _read(path)) for path in options.files], how)
    print("\n".join(lines_of(imported, how)))
    if imported.recording is None or imported.recording.rejected:
        return COULD_NOT_LOOK
    print("\n".join(_compared(imported.path)))
    return FINE


def _refuse_twins(files: Sequence[Path]) -> None:
    """See that each file is named once.

    :raises SettingsError: one is not: its exchanges would stand twice in the cassette.
    """
    seen: set[Path] = set()
    for path in files:
        real = path.resolve()
        if real in seen:
            raise SettingsError(f"{path} is named twice, and each of its exchanges would be recorded twice")
        seen.add(real)


def _how(options: argparse.Namespace) -> Import:
    from handlesfake.captures.importing import Import  # lazily, as above

    return Import(
        options.to,
        _roles(options.role),
        frozenset(map(str.lower, options.host)),
        frozenset(map(str.lower, options.mpsd_host)),
        tuple(options.not_secret),
        tuple(options.volatile_fields),
        options.pseudonym_key,
        options.rewrite,
    )


def _roles(given: Sequence[str]) -> dict[str, str]:
    """Role to xuid.

    :raises SettingsError: one is not written in this form, or appears twice.
    """
    roles: dict[str, str] = {}
    for one in given:
        role, sign, xuid = one.partition("=")
        if not sign or not role:
            raise SettingsError(f"--role {role!r}: write the role and its xuid: {_ROLE}")
        if not (xuid and is_xuid(xuid)):
            # what was written is not shown: it may be a person's name, or a token in the wrong place
            raise SettingsError(
                f"--role {role}=...: behind the = stands the xuid, in digits, as the capture has it: {_ROLE}"
            )
        if role in roles or xuid in roles.values():
            raise SettingsError(f"--role {role!r}: a role is one person, and a person one role")
        roles[role] = xuid
    return roles


def _read(path: Path) -> Capture:
    """What the file at ``path`` holds.

    :raises CaptureError: it cannot be read.
    """
    from handlesfake.captures.exchange import Unreadable  # lazily, as above
    from handlesfake.captures.limits import LIMITS
    from handlesfake.captures.reading import read_capture
    from handlesfake.files.bounded import read_regular

    def beside(name: str) -> bytes | None:
        try:
            return read_regular(path.with_name(name), LIMITS.body)
        except (OSError, ValueError):
            return None

    try:
        return read_capture(read_regular(path, LIMITS.file), beside)
    except OSError as error:
        raise CaptureError(f"{path}: the capture cannot be read: {error.strerror or error}") from None
    except Unreadable as error:
        raise CaptureError(f"{path}: the capture cannot be read: {error}") from None


def _compared(path: Path) -> list[str]:
    """Where the fake differs from the cassette at ``path``."""
    from handlesfake.cassettes.comparison.verify import Account, verify  # lazily, as above
    from handlesfake.cassettes.format.loading import load_cassette

    account = Account()
    lines = [line for one in verify(load_cassette(path)) for line in account.add(one)]
    if not account.exchanges:
        return ["no exchange with MPSD among them: nothing to compare the fake with"]
    if not account.compared:
        return [*account.lines()]
    return ["the fake answers otherwise:" if lines else "the fake answers so, too:", *lines, *account.lines()]


def add_export(parser: argparse.ArgumentParser) -> None:
    """``handlesfake export CASSETTE``."""
    parser.add_argument("cassette", type=said_path, metavar="CASSETTE")
    parser.add_argument("--to", type=said_path, metavar="FILE", help="the HAR to write (default: standard output)")
    parser.add_argument("--rewrite", action="store_true", help="replace an existing file")
    parser.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    # lazily, as above
    from handlesfake.captures.exporting import har_text
    from handlesfake.cassettes.format.atomic_file import keep, refuse_to_replace
    from handlesfake.cassettes.format.loading import load_cassette
    from handlesfake.cassettes.next_steps import display_path

    if options.to is not None and options.to.suffix in _CASSETTES:
        raise SettingsError(f"--to {options.to}: that is the name of a cassette; a HAR's ends in .har")
    if options.to is not None and not options.rewrite:
        refuse_to_replace(options.to)
    cassette = load_cassette(options.cassette)
    text = har_text(cassette)
    if options.to is None:
        sys.stdout.write(text)
        return FINE
    keep(text, options.to, what="the HAR")
    print(f"exported {display_path(options.to)}: {len(cassette.interactions)} exchanges")
    return FINE
