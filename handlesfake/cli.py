"""The command line ``handlesfake``: one parser, in which each command says what it takes and what it runs."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path

from handlesfake.commands.captures import add_export, add_import
from handlesfake.commands.cassettes import add_show, add_verify
from handlesfake.commands.diff import add_diff
from handlesfake.commands.rules import add_rules
from handlesfake.commands.said import said_path
from handlesfake.commands.scan import add_scan
from handlesfake.commands.serve import add_serve
from handlesfake.errors import HandlesfakeError

FINE, FOUND_SOMETHING, COULD_NOT_LOOK = 0, 1, 2
"""Exit statuses of every command."""

ENOUGH = 141
"""The exit status when who reads the output has stopped: a shell's for SIGPIPE."""

_OF_OUTPUT = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a stream that cannot be written says: a full disk, or a terminal that has gone."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 fine, 1 something was found, 2 could not look."""
    _fill_what_is_closed()
    _escape_what_cannot_be_shown()
    options = parsed(sys.argv[1:] if arguments is None else arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        status = run(options)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except OSError as error:
        if _has_read_enough(error):
            _leave_output()
            return ENOUGH
        problem = _of_system(error)
        if not problem:
            raise
        print(f"handlesfake: {problem}", file=sys.stderr)
        return COULD_NOT_LOOK
    except HandlesfakeError as error:
        print(f"handlesfake: {error}", file=sys.stderr)
        return COULD_NOT_LOOK
    except KeyboardInterrupt:
        return 130


def _fill_what_is_closed() -> None:
    """Replace closed streams with the null device: else the next file or socket would be that stream."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    if sys.stderr is None:  # print() would say it on standard output
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - to the end of the process


def _escape_what_cannot_be_shown() -> None:
    """Write a letter that the output cannot have as its escape: a pipe on Windows has letters of one region only."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _has_read_enough(error: OSError) -> bool:
    """Whether the reader of the output has stopped, as ``show ... | head`` does; Windows calls that EINVAL."""
    is_windows = os.name == "nt" and error.errno == errno.EINVAL and error.filename is None
    return isinstance(error, BrokenPipeError) or is_windows


def _of_system(error: OSError) -> str:
    """What to say of an error that no command has foreseen, if it is of the output or the folder; else empty."""
    if error.errno in _OF_OUTPUT and error.filename is None and sys.stdout is not None:
        _leave_output()
        return f"standard output cannot be written: {error.strerror}"
    try:
        os.getcwd()
    except OSError:
        return "the folder that it was called in is no longer there; go to another one, and call it again"
    return ""


def _leave_output() -> None:
    """What is still in the buffer would raise again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says.

    The words after ``--`` are a command of the user: only with ``serve``, whose own words never contain one.
    """
    own, command = list(arguments), None
    if own[:1] == ["serve"] and "--" in own:
        cut = own.index("--")
        own, command = own[:cut], own[cut + 1 :]
    options = _parser().parse_args(own)
    options.command = command
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="handlesfake", description="A test double of Xbox Live's session directory (MPSD)."
    )
    parser.add_argument("--version", action=_Version, help="show the version of handlesfake and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    add_serve(commands.add_parser("serve", help="answer as MPSD on a real port, for clients in any language"))
    _add_demo(
        commands.add_parser("demo", help="see the main job done, in ten seconds, and keep a folder to play with")
    )
    add_diff(commands.add_parser("diff", help="say what has changed from one recording to another; git can ask it"))
    add_show(commands.add_parser("show", help="print a recording as a readable timeline"))
    add_verify(commands.add_parser("verify", help="compare the fake with a recording"))
    add_import(commands.add_parser("import", help="make a recording of what a proxy or a browser has captured"))
    add_export(commands.add_parser("export", help="write a recording as HAR, for the network panel of a browser"))
    add_scan(commands.add_parser("scan", help="find secrets and people in recordings before they are committed"))
    add_rules(commands.add_parser("rules", help="check rule files for errors"))
    return parser


class _Version(argparse.Action):
    """Prints ``handlesfake 1.2.3``, as the metadata of the installed package have it, and exits."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str) -> None:  # noqa: A002, ARG002 - as it is called
        super().__init__(option_strings, dest=argparse.SUPPRESS, default=argparse.SUPPRESS, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # lazily: no other command needs it as it starts

        print(f"handlesfake {version('handlesfake')}")
        parser.exit()


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--into", type=said_path, default=Path("handlesfake-demo"), metavar="DIR", help="where it leaves its folder"
    )
    parser.set_defaults(run=_demo)


def _demo(options: argparse.Namespace) -> int:
    from handlesfake.server.run.requirements import check_extra  # lazily, see above

    check_extra("demo", "requests", "trustme")
    from handlesfake.demo import show  # lazily: it imports what was just looked for

    return FINE if show(options.into) else FOUND_SOMETHING
