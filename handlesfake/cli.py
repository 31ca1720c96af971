"""The command line: handlesfake serve | demo."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from handlesfake.commands.cassettes import add_show, add_verify
from handlesfake.commands.rules import add_rules
from handlesfake.commands.scan import add_scan
from handlesfake.errors import HandlesfakeError

FINE, FOUND_SOMETHING, COULD_NOT_LOOK = 0, 1, 2
"""Exit statuses of every command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 fine, 1 something was found, 2 could not look."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except HandlesfakeError as error:
        print(f"handlesfake: {error}", file=sys.stderr)
        return COULD_NOT_LOOK
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="handlesfake", description="A test double of Xbox Live's session directory (MPSD)."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands.add_parser("serve", help="answer as MPSD on a real port, for clients in any language"))
    _add_demo(
        commands.add_parser("demo", help="see the main job done, in ten seconds, and keep a folder to play with")
    )
    add_show(commands.add_parser("show", help="print a recording as a readable timeline"))
    add_verify(commands.add_parser("verify", help="see where the fake answers otherwise than a recording"))
    add_scan(commands.add_parser("scan", help="find secrets and people in recordings before they are committed"))
    add_rules(commands.add_parser("rules", help="see that rule files say what can be"))
    return parser


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: any free one)")
    parser.add_argument("--tls", type=Path, metavar="DIR", help="serve HTTPS; DIR/ca.pem is what clients must trust")
    parser.add_argument("--rules", type=Path, action="append", default=[], metavar="FILE", help="apply these rules")
    parser.add_argument(
        "--templates", type=Path, action="append", default=[], metavar="FILE", help="describe sessions and titles so"
    )
    parser.add_argument("--state", type=Path, action="append", default=[], metavar="FILE", help="begin with it")
    parser.add_argument("--cassette", type=Path, metavar="FILE", help="play this recording, in place of the fake")
    parser.add_argument("--strict", action="store_true", help="assume nothing that the client left unsaid")
    parser.add_argument("--dialect", choices=("observed", "documented"), default="observed")
    parser.add_argument(
        "--clock", choices=("system", "virtual"), default="system", help="virtual: time moves as the test says"
    )
    parser.add_argument(
        "--control", metavar="HOST:PORT", help="where tests talk to it (default: beside the service, or on loopback)"
    )
    parser.add_argument("--json", action="store_true", help="say where the server is as one JSON object")
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="write that object there once it answers")
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    # lazily, like every command: `handlesfake --help` should not wait for a server's imports
    from handlesfake.double import Double
    from handlesfake.options.options import Options
    from handlesfake.server.address import Address, read_address
    from handlesfake.server.certificates import make_certificates
    from handlesfake.server.extra import check_extra

    check_extra()
    from handlesfake.server.running import announce, serve

    double = Double(
        Options.of(
            strict=options.strict,
            dialect=options.dialect,
            rules=tuple(options.rules),
            templates=tuple(options.templates),
            cassette=options.cassette,
            clock=options.clock,
            journal_limit=10_000,
            name="handlesfake serve",
        )
    )
    for state in options.state:
        double.load(state)
    control = read_address(options.control) if options.control else None
    if control is not None and not control.is_loopback:
        print(f"handlesfake: whoever reaches {control} may read and change everything here", file=sys.stderr)
    serve(
        double,
        Address(options.host, options.port),
        certificates=make_certificates(options.tls, options.host) if options.tls else None,
        control=control,
        say=lambda places: announce(places, as_json=options.json, file=options.ready_file),
    )
    return FINE


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--into", type=Path, default=Path("handlesfake-demo"), metavar="DIR", help="where it leaves its folder"
    )
    parser.set_defaults(run=_demo)


def _demo(options: argparse.Namespace) -> int:
    from handlesfake.demo import show  # lazily, see above

    return FINE if show(options.into) else FOUND_SOMETHING
