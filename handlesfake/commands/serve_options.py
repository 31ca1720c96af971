"""The options of handlesfake serve."""

from __future__ import annotations

import argparse
from typing import Any

from handlesfake.commands.said import said_path, said_text

_EPILOG = """\
When it answers, it says so on one line of standard output; with --json the line is one object, and --ready-file FILE
writes the same object there, whole or not at all, for a script that waits for it:

  {"url": "https://127.0.0.1:41873", "ca": "DIR/ca.pem", "rta": "wss://127.0.0.1:41873/connect",
   "control": "http://127.0.0.1:41874/_handlesfake", "pid": 4711}

"url" is the service, "ca" whom clients must trust (with --tls), "control" where tests arrange and ask; a browser sees
there what goes on. Ctrl-C and SIGTERM end it. Exit status: 0 a clean end; 1 it ended, and something was asked that
the recording did not hold; 2 it could not serve, could not end by itself, what was recorded must not be kept, or the
journal is not whole: standard error says why.

handlesfake serve -- COMMAND runs a command while it serves, and ends with it. Exit status: that of the command; 128
and the number of the signal that ended it; 124 it took longer than --timeout; 126 it cannot be executed; 127 there is
no such program; 1 and 2 also as above, where the command itself ended with 0.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """All options, in groups, and what the command says."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    _add_where(parser)
    _add_what(parser)
    _add_cassette(parser)
    _add_said(parser)
    _add_limits(parser)
    _add_command(parser)


def _whole_number(said: str) -> int:
    try:
        return int(said)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{said!r} is no whole number: write it in digits, as 8080") from None


def _seconds(said: str) -> float:
    try:
        return float(said)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{said!r} is no number of seconds: 600 is ten minutes") from None


def _add_where(parser: argparse.ArgumentParser) -> None:
    where = parser.add_argument_group("where it listens")
    where.add_argument("--host", type=said_text, default="127.0.0.1", help="address to listen on (default: loopback)")
    where.add_argument("--port", type=_whole_number, default=0, help="port to listen on (default: any free one)")
    where.add_argument(
        "--tls", type=said_path, metavar="DIR", help="serve HTTPS; DIR/ca.pem is what clients must trust"
    )
    where.add_argument(
        "--name",
        type=said_text,
        action="append",
        default=[],
        metavar="HOST",
        help="one more host by which clients call it: the certificate is good for it, and control answers to it",
    )
    where.add_argument(
        "--control",
        type=said_text,
        metavar="HOST:PORT",
        help="where tests talk to it (default: beside the service, or on loopback)",
    )


def _add_what(parser: argparse.ArgumentParser) -> None:
    what = parser.add_argument_group("what it answers")
    files: dict[str, Any] = {"type": said_path, "action": "append", "default": [], "metavar": "FILE"}
    what.add_argument("--state", help="begin with it", **files)
    what.add_argument("--rules", help="apply these rules; ready/NAME is one that ships", **files)
    what.add_argument("--templates", help="describe sessions and titles so", **files)
    what.add_argument("--strict", action="store_true", help="assume nothing that the client left unsaid")
    what.add_argument(
        "--dialect",
        choices=("observed", "documented"),
        default="observed",
        help="as seen, or as Microsoft's page says",
    )
    what.add_argument(
        "--choice",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="answer an open question so: invite_to_self=400; or a set of answers: realistic",
    )
    what.add_argument("--choices", help="answer those that the file names so; --choice goes over it", **files)
    what.add_argument(
        "--clock", choices=("system", "virtual"), default="system", help="virtual: time moves as the test says"
    )


def _add_cassette(parser: argparse.ArgumentParser) -> None:
    tape = parser.add_argument_group("recordings")
    tape.add_argument(
        "--mode",
        choices=("fake", "replay", "hybrid", "record"),
        help="replay: answer from --cassette alone, hybrid: and the rest by itself, record: ask the real service and "
        "keep what it says (default: fake, or replay with a cassette)",
    )
    tape.add_argument("--cassette", type=said_path, metavar="FILE", help="the recording")
    tape.add_argument(
        "--record",
        choices=("once", "new_episodes", "all", "rewrite"),
        default="once",
        help="what becomes of a recording that is there (once: it is an error)",
    )
    tape.add_argument(
        "--upstream",
        type=said_text,
        metavar="URL",
        help="where the real service answers (default: MPSD's own address)",
    )
    tape.add_argument(
        "--credentials",
        type=said_path,
        metavar="FILE",
        help='who the roles are, for a recording: {host: {xuid: "..."}}',
    )
    tape.add_argument(
        "--volatile-fields",
        action="append",
        default=[],
        metavar="PATH",
        help="a field that is new in each run of the client",
    )
    tape.add_argument(
        "--repeats", choices=("reads", "last", "error"), default="reads", help="what a repeated request is answered"
    )
    tape.add_argument(
        "--not-secret", action="append", default=[], metavar="PLACE", help="what looks like a secret and is none"
    )


def _add_said(parser: argparse.ArgumentParser) -> None:
    said = parser.add_argument_group("what it says")
    said.add_argument(
        "--journal-limit",
        type=_whole_number,
        default=10_000,
        metavar="N",
        help="requests that it keeps whole, the newest; of earlier ones it keeps what claims need (default: 10000)",
    )
    said.add_argument("--json", action="store_true", help="say where the server is as one JSON object")
    said.add_argument("--ready-file", type=said_path, metavar="FILE", help="write that object there once it answers")
    said.add_argument(
        "--journal",
        type=said_path,
        metavar="FILE",
        help="append each request as a line of JSON as it comes; while it records, with the names of the cassette",
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    limits = parser.add_argument_group("what it takes of clients, so that the others are still served")
    limits.add_argument(
        "--limit-body", type=_whole_number, metavar="BYTES", help="of a request; more is 413 (default: 8 MiB)"
    )
    limits.add_argument(
        "--limit-header",
        type=_whole_number,
        metavar="BYTES",
        help="of a request's line and headers; more is 431 (default: 64 KiB)",
    )
    limits.add_argument(
        "--limit-connections",
        type=_whole_number,
        metavar="N",
        help="at once; one more ends the longest silent one (default: three quarters of the open files allowed)",
    )
    limits.add_argument(
        "--idle-timeout",
        type=_seconds,
        metavar="SECONDS",
        help="for which a client may say nothing, or take nothing, when it is its turn (default: 75)",
    )


def _add_command(parser: argparse.ArgumentParser) -> None:
    parser.usage = "%(prog)s [options] [-- COMMAND [ARGUMENT ...]]"
    command = parser.add_argument_group(
        "a command that runs beside it",
        "It finds the service in MPSD_URL, control in MPSD_CONTROL, the push channel in MPSD_RTA and,\n"
        "with --tls, whom to trust where OpenSSL, Go, PHP, curl, requests, Node and Deno read. The server\n"
        "ends with it.",
    )
    command.add_argument(
        "--timeout",
        type=_seconds,
        metavar="SECONDS",
        help="which the command may take; then it is ended, and the status is 124",
    )
    command.add_argument(
        "--report",
        type=said_path,
        metavar="FILE",
        help="write what each world was sent and how the command ended: .html, .json, or .xml for JUnit",
    )
    command.add_argument(
        "--proxy",
        action="store_true",
        help="lead the command's HTTPS to the real names here, by a proxy in HTTPS_PROXY; needs --tls",
    )
