"""The command that answers as MPSD on a real port: handlesfake serve."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handlesfake.errors import SettingsError

if TYPE_CHECKING:
    from handlesfake.double import Double
    from handlesfake.options.options import Options
    from handlesfake.server.limits import Limits

FINE, FOUND_SOMETHING = 0, 1
HOLDER = "handlesfake serve"
"""Who holds the double, for messages."""

_EPILOG = """\
When it answers, it says so on one line of standard output; with --json the line is one object, and --ready-file FILE
writes the same object there, whole or not at all, for a script that waits for it:

  {"url": "https://127.0.0.1:41873", "ca": "DIR/ca.pem", "rta": "wss://127.0.0.1:41873/connect",
   "control": "http://127.0.0.1:41874/_handlesfake", "pid": 4711}

"url" is the service, "ca" whom clients must trust (with --tls), "control" where tests arrange and ask; a browser sees
there what goes on. Ctrl-C and SIGTERM end it. Exit status: 0 a clean end; 1 it ended, and something was asked that
the recording did not hold; 2 it could not serve, or what was recorded must not be kept: standard error says why.
"""


def add_serve(parser: argparse.ArgumentParser) -> None:
    """``handlesfake serve``."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    _add_where(parser)
    _add_what(parser)
    _add_cassette(parser)
    _add_said(parser)
    _add_limits(parser)
    parser.set_defaults(run=_serve)


def _add_where(parser: argparse.ArgumentParser) -> None:
    where = parser.add_argument_group("where it listens")
    where.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback)")
    where.add_argument("--port", type=int, default=0, help="port to listen on (default: any free one)")
    where.add_argument("--tls", type=Path, metavar="DIR", help="serve HTTPS; DIR/ca.pem is what clients must trust")
    where.add_argument(
        "--name", action="append", default=[], metavar="HOST", help="one more host that the certificate is good for"
    )
    where.add_argument(
        "--control", metavar="HOST:PORT", help="where tests talk to it (default: beside the service, or on loopback)"
    )


def _add_what(parser: argparse.ArgumentParser) -> None:
    what = parser.add_argument_group("what it answers")
    files: dict[str, Any] = {"type": Path, "action": "append", "default": [], "metavar": "FILE"}
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
    tape.add_argument("--cassette", type=Path, metavar="FILE", help="the recording")
    tape.add_argument(
        "--record",
        choices=("once", "new_episodes", "all", "rewrite"),
        default="once",
        help="what becomes of a recording that is there (once: it is an error)",
    )
    tape.add_argument(
        "--upstream", metavar="URL", help="where the real service answers (default: MPSD's own address)"
    )
    tape.add_argument(
        "--credentials", type=Path, metavar="FILE", help='who the roles are, for a recording: {host: {xuid: "..."}}'
    )
    tape.add_argument(
        "--holes", action="append", default=[], metavar="PATH", help="a field that is new in each run of the client"
    )
    tape.add_argument(
        "--repeats", choices=("reads", "last", "error"), default="reads", help="what a repeated request is answered"
    )
    tape.add_argument(
        "--not-secret", action="append", default=[], metavar="PLACE", help="what looks like a secret and is none"
    )


def _add_said(parser: argparse.ArgumentParser) -> None:
    said = parser.add_argument_group("what it says")
    said.add_argument("--json", action="store_true", help="say where the server is as one JSON object")
    said.add_argument("--ready-file", type=Path, metavar="FILE", help="write that object there once it answers")
    said.add_argument(
        "--journal", type=Path, metavar="FILE", help="append each request as a line of JSON as it comes"
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    limits = parser.add_argument_group("what it takes of clients, so that the others are still served")
    limits.add_argument("--limit-body", type=int, metavar="BYTES", help="of a request; more is 413 (default: 8 MiB)")
    limits.add_argument(
        "--limit-header",
        type=int,
        metavar="BYTES",
        help="of a request's line and headers; more is 431 (default: 64 KiB)",
    )
    limits.add_argument(
        "--limit-connections",
        type=int,
        metavar="N",
        help="at once; one more ends the longest silent one (default: three quarters of the open files allowed)",
    )
    limits.add_argument(
        "--idle-timeout",
        type=float,
        metavar="SECONDS",
        help="for which a client may say nothing, or take nothing, when it is its turn (default: 75)",
    )


def _serve(options: argparse.Namespace) -> int:
    # lazily, like every command: `handlesfake --help` should not wait for a server's imports
    from handlesfake.server.extra import check_extra

    check_extra()
    from handlesfake.double import Double
    from handlesfake.server.address import Address, read_address
    from handlesfake.server.certificates import make_certificates
    from handlesfake.server.journal_file import JournalFile
    from handlesfake.server.running import Extras, announce, serve
    from handlesfake.server.upstream import Upstream

    def begin(double: Double) -> None:
        for state in options.state:
            double.load(state)

    said = _options(options)
    extras = Extras(
        make_certificates(options.tls, options.host, *options.name) if options.tls else None,
        read_address(options.control) if options.control else None,
        begin,
        Upstream(options.upstream) if options.upstream else Upstream(),
        JournalFile(options.journal) if options.journal else None,
        _limits(options),
    )
    if extras.control is not None and not extras.control.is_loopback:
        print(f"handlesfake: whoever reaches {extras.control} may read and change everything here", file=sys.stderr)
    double = Double(said)
    begin(double)
    missed = serve(
        double,
        Address(options.host, options.port),
        extras,
        say=lambda places: announce(places, as_json=options.json, file=options.ready_file),
    )
    return _told(double, missed)


def _limits(options: argparse.Namespace) -> Limits:
    from handlesfake.server.limits import Limits  # lazily, as above

    said = {
        "body": options.limit_body,
        "header": options.limit_header,
        "connections": options.limit_connections,
        "idle": options.idle_timeout,
    }
    return Limits(**{name: value for name, value in said.items() if value is not None})


def _options(options: argparse.Namespace) -> Options:
    from handlesfake.options.options import Options  # lazily, as above

    mode = options.mode or ("replay" if options.cassette else "fake")
    if mode != "fake" and options.cassette is None:
        raise SettingsError(f"--mode {mode} needs a recording: --cassette FILE")
    if mode == "fake" and options.cassette is not None:
        raise SettingsError("--mode fake answers by itself: leave out --cassette, or take --mode hybrid")
    if options.upstream and mode != "record":
        raise SettingsError("--upstream is where --mode record asks; without that nothing leaves this machine")
    words = {word: getattr(options, word) for word in ("strict", "dialect", "rules", "templates", "clock", "repeats")}
    made = Options.of(
        **words,
        mode=mode,
        cassette=options.cassette,
        record=options.record if mode == "record" else "none",
        credentials=_credentials(options.credentials),
        holes=options.holes,
        not_secret=options.not_secret,
        journal_limit=10_000,
        name=HOLDER,
    )
    if mode == "record":
        _check_recording(made)
    return made


def _check_recording(options: Options) -> None:
    """See that something will be recorded: in Python a recording that is there is played; here nobody expects it.

    :raises SettingsError: there is one already.
    """
    from handlesfake.cassettes import opening  # lazily, as above

    path = options.cassette
    if path is not None and not opening.records(path, opening.taping(options)):
        raise SettingsError(
            f"--mode record --cassette {path}: there is one already.\n"
            "  --record rewrite records it anew, --record new_episodes adds what it lacks, --mode replay plays it"
        )


def _credentials(path: Path | None) -> Any:
    if path is None:
        return None
    from handlesfake.files.placed import Misread  # lazily, as above
    from handlesfake.files.strict_yaml import decode, read

    try:
        return read(decode(path.read_bytes())).root
    except (OSError, Misread) as error:
        # where it is wrong, and never what stands there: it may be a token
        place = getattr(error, "place", None)
        where = f"line {place[0]}, column {place[1]}" if place else getattr(error, "strerror", None) or "no YAML"
        raise SettingsError(f"--credentials {path}: {where}: it cannot be read") from None


def _told(double: Double, missed: list[str]) -> int:
    """Say what came of a recording, or of a replay; the exit status."""
    recording = double.recording
    if recording is not None:
        print("\n".join(recording.lines()), file=sys.stderr)
    elif double._options.effective_mode == "record":  # noqa: SLF001 - they are no business of a test
        print("handlesfake: the real service answered nothing, and nothing was recorded", file=sys.stderr)
    if missed:
        print("\n".join(missed), file=sys.stderr)
    return FOUND_SOMETHING if missed else FINE
