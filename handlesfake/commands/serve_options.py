"""The options of handlesfake serve."""

from __future__ import annotations

import argparse
from typing import Any

from handlesfake.commands.said import said_path, said_text

_EPILOG = """\
Once the server answers, it prints one line to standard output. With --json that line is one JSON object. For a
script that waits for it, --ready-file FILE writes the same object to a file, whole or not at all:

  {"url": "https://127.0.0.1:41873", "ca": "DIR/ca.pem", "rta": "wss://127.0.0.1:41873/connect",
   "control": "http://127.0.0.1:41874/_handlesfake", "pid": 4711}

"url" is the address of the service. "ca" is the file with the authority that clients must trust (with --tls).
"control" is the address where tests arrange states and ask questions; opened in a browser, it shows what happens.
Ctrl-C and SIGTERM end the server. Exit status: 0 a clean end; 1 the server ended, and a client asked for something
that the recording does not have; 2 the server could not start or could not end, the recording must not be kept, or
the journal is not whole. Standard error says why.

handlesfake serve -- COMMAND runs a command while it serves, and ends with it. Exit status: the status of the
command; 128 plus the number of the signal that ended it; 124 if it took longer than --timeout; 126 if it cannot be
executed; 127 if there is no such program. Where the command ended with 0, the status can also be 1 or 2, as above.
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
        raise argparse.ArgumentTypeError(f"{said!r} is not a whole number: write it in digits, as 8080") from None


def _seconds(said: str) -> float:
    try:
        return float(said)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{said!r} is not a number of seconds: 600 is ten minutes") from None


def _add_where(parser: argparse.ArgumentParser) -> None:
    where = parser.add_argument_group("where the server listens")
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
        help="one more host name that clients use: the certificate is valid for it, and control answers to it",
    )
    where.add_argument(
        "--control",
        type=said_text,
        metavar="HOST:PORT",
        help="where tests talk to the server (default: beside the service, or on loopback)",
    )


def _add_what(parser: argparse.ArgumentParser) -> None:
    what = parser.add_argument_group("what the server answers")
    files: dict[str, Any] = {"type": said_path, "action": "append", "default": [], "metavar": "FILE"}
    what.add_argument("--state", help="begin with the users and sessions of this file", **files)
    what.add_argument("--rules", help="apply these rules; ready/NAME is one that ships", **files)
    what.add_argument("--templates", help="session and title templates", **files)
    what.add_argument(
        "--service",
        type=said_text,
        action="append",
        default=[],
        metavar="NAME",
        help="play this service, too, under its own hosts: mpa, Multiplayer Activity, or sign_in",
    )
    what.add_argument("--strict", action="store_true", help="assume nothing that the client left unsaid")
    what.add_argument(
        "--dialect",
        choices=("observed", "documented"),
        default="observed",
        help="answer as the service was seen to, or as Microsoft's page says",
    )
    what.add_argument(
        "--choice",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="answer an open question, such as invite_to_self=400, or use a set of answers: realistic",
    )
    what.add_argument(
        "--choices", help="answer the open questions that the file names; --choice wins over it", **files
    )
    what.add_argument(
        "--clock",
        choices=("system", "virtual"),
        default="system",
        help="virtual: time moves only when the test moves it",
    )


def _add_cassette(parser: argparse.ArgumentParser) -> None:
    tape = parser.add_argument_group("recordings")
    tape.add_argument(
        "--mode",
        choices=("fake", "replay", "hybrid", "record"),
        help="replay: answer only from --cassette; hybrid: the rest by the fake; record: keep answers of the real "
        "service (default: fake, or replay with a cassette)",
    )
    tape.add_argument("--cassette", type=said_path, metavar="FILE", help="the recording")
    tape.add_argument(
        "--record",
        choices=("once", "new_episodes", "all", "rewrite"),
        default="once",
        help="what to do when the recording exists (once: it is an error)",
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
        help='the real user of each role, for a recording: {host: {xuid: "..."}}',
    )
    tape.add_argument(
        "--volatile-fields",
        action="append",
        default=[],
        metavar="PATH",
        help="a field that is new in each run of the client",
    )
    tape.add_argument(
        "--repeats", choices=("reads", "last", "error"), default="reads", help="how a repeated request is answered"
    )
    tape.add_argument(
        "--not-secret",
        action="append",
        default=[],
        metavar="PLACE",
        help="a place that looks like a secret but is not",
    )


def _add_said(parser: argparse.ArgumentParser) -> None:
    said = parser.add_argument_group("what the server writes")
    said.add_argument(
        "--journal-limit",
        type=_whole_number,
        default=10_000,
        metavar="N",
        help="keep the newest N requests whole, and of earlier ones what assertions need (default: 10000)",
    )
    said.add_argument("--json", action="store_true", help="print where the server is as one JSON object")
    said.add_argument(
        "--ready-file", type=said_path, metavar="FILE", help="write that object to FILE once the server answers"
    )
    said.add_argument(
        "--journal",
        type=said_path,
        metavar="FILE",
        help="append each request as a line of JSON when it comes; a recording server writes the cassette's "
        "made-up names",
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    limits = parser.add_argument_group("limits per client")
    limits.add_argument(
        "--limit-body",
        type=_whole_number,
        metavar="BYTES",
        help="largest body of a request; more is 413 (default: 8 MiB)",
    )
    limits.add_argument(
        "--limit-header",
        type=_whole_number,
        metavar="BYTES",
        help="largest request line and headers; more is 431 (default: 64 KiB)",
    )
    limits.add_argument(
        "--limit-connections",
        type=_whole_number,
        metavar="N",
        help="connections at once; one more closes the one that was silent longest (default: three quarters of "
        "the open files allowed)",
    )
    limits.add_argument(
        "--idle-timeout",
        type=_seconds,
        metavar="SECONDS",
        help="how long a client may send nothing, or read nothing, when it should (default: 75)",
    )


def _add_command(parser: argparse.ArgumentParser) -> None:
    parser.usage = "%(prog)s [options] [-- COMMAND [ARGUMENT ...]]"
    command = parser.add_argument_group(
        "a command that runs beside the server",
        "The command finds the service in MPSD_URL, control in MPSD_CONTROL, the push channel in MPSD_RTA.\n"
        "With --tls, it also finds the authority to trust, where OpenSSL, Go, PHP, curl, requests, Node and Deno\n"
        "look for it. The server ends with the command.",
    )
    command.add_argument(
        "--timeout",
        type=_seconds,
        metavar="SECONDS",
        help="end the command after this time; the status is then 124",
    )
    command.add_argument(
        "--report",
        type=said_path,
        metavar="FILE",
        help="write the requests of each world and how the command ended: .html, .json, or .xml for JUnit",
    )
    command.add_argument(
        "--proxy",
        action="store_true",
        help="send the command's HTTPS for the real names to this server, by a proxy in HTTPS_PROXY; needs --tls",
    )
