"""The command that answers as MPSD on a real port: handlesfake serve."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handlesfake.commands.serve_options import add_options
from handlesfake.errors import SettingsError
from handlesfake.vocabulary import speaking

if TYPE_CHECKING:
    from handlesfake.double.double import Double
    from handlesfake.options.options import Options
    from handlesfake.server.addresses import Places
    from handlesfake.server.http.address import Address
    from handlesfake.server.http.limits import ConnectionLimits
    from handlesfake.server.run.foreground import Extras
    from handlesfake.server.upstream import Upstream

FINE, FOUND_SOMETHING, COULD_NOT = 0, 1, 2
HOLDER = "handlesfake serve"
"""Who holds the double, for messages."""


def add_serve(parser: argparse.ArgumentParser) -> None:
    """``handlesfake serve``."""
    add_options(parser)
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    # lazily, like every command: `handlesfake --help` should not wait for a server's imports
    from handlesfake.server.control.words import CONTROL
    from handlesfake.server.run.requirements import check_extra

    _check_command(options)
    check_extra()
    with speaking(CONTROL):  # a user of the shell does not read Python: journals and misses show none either
        return _served(options)


def _served(options: argparse.Namespace) -> int:
    """Serve as ``options`` say; the exit status."""
    from handlesfake.double.double import Double
    from handlesfake.server.http.address import Address, read_address
    from handlesfake.server.http.certificates import make_certificates
    from handlesfake.server.journal_file import JournalFile
    from handlesfake.server.run.foreground import Extras, check_output
    from handlesfake.server.run.ready_file import ReadyFile
    from handlesfake.server.upstream import Upstream

    def begin(double: Double) -> None:
        for state in options.state:
            double.load(state)

    if options.command is None:
        check_output()
    said = _options(options)
    upstream = Upstream(options.upstream) if options.upstream else Upstream()
    extras = Extras(
        make_certificates(options.tls, options.host, *options.name, *said.service_hosts) if options.tls else None,
        read_address(options.control) if options.control else None,
        begin,
        upstream,
        JournalFile(options.journal) if options.journal else None,
        _limits(options),
        ReadyFile(options.ready_file) if options.ready_file else None,
    )
    address = Address(options.host, options.port, tuple(options.name))

    double = Double(said)
    begin(double)
    status, missed = _run(double, address, extras, options)
    told = _told(double, missed, said, upstream)  # whatever the command said: a recording of it may be rejected
    return _not_whole(extras, status or told)


def _not_whole(extras: Extras, status: int) -> int:
    """Say that the journal lacks something, if it does; the exit status."""
    if extras.journal is None or not extras.journal.problem:
        return status
    print(f"handlesfake: {extras.journal.problem}", file=sys.stderr)
    return status or COULD_NOT


def _check_command(options: argparse.Namespace) -> None:
    """See that what is said of a command has one.

    :raises SettingsError: it has none, or cannot be.
    """
    if options.command == []:
        raise SettingsError("behind -- stands the command that runs beside the server: handlesfake serve -- npm test")
    for word in ("timeout", "report", "proxy"):
        if options.command is None and getattr(options, word) not in (None, False):
            raise SettingsError(f"--{word} is about a command: handlesfake serve --{word} ... -- COMMAND")
    if options.proxy and options.tls is None:
        raise SettingsError("--proxy leads HTTPS here, and needs --tls DIR, so that there is HTTPS to lead to")
    if options.timeout is not None and not 0 < options.timeout < 1e9:
        raise SettingsError(f"--timeout {options.timeout:g}: write how many seconds the command may take")
    if options.report is not None:
        from handlesfake.server.run.report_file import check_report  # lazily, as above

        check_report(options.report)


def _run(double: Double, address: Address, extras: Extras, options: argparse.Namespace) -> tuple[int, list[str]]:
    """Serve until it is told to end, or while the command runs; its status, and what nothing could answer."""
    from handlesfake.server.run.foreground import announce, serve_in_foreground  # lazily, as above

    def say(places: Places) -> None:
        print(*_open_to_others(places, address, extras.control), sep="", end="", file=sys.stderr)
        announce(places, as_json=options.json, file=extras.ready, is_beside=options.command is not None)

    if options.command is None:
        return FINE, serve_in_foreground(double, address, extras, say=say)
    from handlesfake.server.command.process import Command  # lazily, as above
    from handlesfake.server.run.beside_command import Asked, serve_beside

    command = Command(options.command, options.timeout)
    return serve_beside(double, address, extras, command, Asked(say, options.report, options.proxy))


def _open_to_others(places: Places, service: Address, control: Address | None) -> Iterator[str]:
    """What is to be said, line by line, of sockets that other machines may reach."""
    if not service.is_loopback:
        yield f"handlesfake: other machines may reach the service: it listens on {places.url}\n"
    if control is not None and not control.is_loopback:
        yield f"handlesfake: a client that reaches {places.control} may read and change everything here\n"


def _limits(options: argparse.Namespace) -> ConnectionLimits:
    from handlesfake.server.http.limits import ConnectionLimits  # lazily, as above

    said = {
        "body": options.limit_body,
        "header": options.limit_header,
        "connections": options.limit_connections,
        "idle": options.idle_timeout,
    }
    return ConnectionLimits(**{name: value for name, value in said.items() if value is not None})


def _options(options: argparse.Namespace) -> Options:
    from handlesfake.options.options import Options  # lazily, as above

    mode = options.mode or ("replay" if options.cassette else "fake")
    if mode != "fake" and options.cassette is None:
        raise SettingsError(f"--mode {mode} needs a recording: --cassette FILE")
    if mode == "fake" and options.cassette is not None:
        raise SettingsError("--mode fake answers by itself: leave out --cassette, or take --mode hybrid")
    if options.upstream and mode != "record":
        raise SettingsError("--upstream is where --mode record asks; without that nothing leaves this machine")
    if options.journal_limit < 1:
        raise SettingsError(
            f"--journal-limit {options.journal_limit}: write how many requests are kept whole, from 1 on"
        )
    words = {word: getattr(options, word) for word in ("strict", "dialect", "rules", "templates", "clock", "repeats")}
    made = Options.of(
        **words,
        choices=_choices(options),
        services=options.service,
        mode=mode,
        cassette=options.cassette,
        record=options.record if mode == "record" else "none",
        credentials=_credentials(options.credentials),
        volatile_fields=options.volatile_fields,
        not_secret=options.not_secret,
        journal_limit=options.journal_limit,
        name=HOLDER,
        root=Path.cwd(),
    )
    if mode == "record":
        _check_recording(made)
    return made


def _check_recording(options: Options) -> None:
    """Check that something will be recorded: in Python an existing recording is replayed.

    Users of the command do not expect that.

    :raises SettingsError: there is one already.
    """
    from handlesfake.cassettes.modes import recording  # lazily, as above

    path = options.cassette
    if path is not None and not recording.records(path, recording.taping(options)):
        raise SettingsError(
            f"--mode record --cassette {path}: there is one already.\n"
            "  --record rewrite records it again, --record new_episodes adds what it lacks, --mode replay replays it"
        )


def _choices(options: argparse.Namespace) -> list[object]:
    """What the files of choices and then the single ones say, each checked with where it was said."""
    from handlesfake.options.chosen import chosen, read_choice  # lazily, as above

    said: list[object] = []
    for path in options.choices:
        found = _document(path, "--choices")
        try:
            chosen(found)
        except SettingsError as error:
            raise SettingsError(f"--choices {path}: {error}") from None
        said.append(found)
    for text in options.choice:
        try:
            said.append(read_choice(text))
        except SettingsError as error:
            raise SettingsError(f"--choice {text}: {error}") from None
    return said


def _credentials(path: Path | None) -> Any:
    return None if path is None else _document(path, "--credentials")


def _document(path: Path, option: str) -> Any:
    """What a YAML file says.

    :raises SettingsError: it cannot be read: it names the place, and never the content, which may be a token.
    """
    from handlesfake.files.bounded import read_bounded  # lazily, as above
    from handlesfake.files.document import read_document
    from handlesfake.files.placed import Misread, without_places
    from handlesfake.files.strict_yaml import decode

    try:
        return without_places(read_document(decode(read_bounded(path, 1 << 20))).root)
    except (OSError, Misread) as error:
        place = getattr(error, "place", None)
        where = f"line {place[0]}, column {place[1]}" if place else getattr(error, "strerror", None) or "no YAML"
        raise SettingsError(f"{option} {path}: {where}: it cannot be read") from None


def _told(double: Double, missed: list[str], options: Options, upstream: Upstream) -> int:
    """Say what came of a recording, or of a replay; the exit status."""
    recording = double.recording
    if recording is not None:
        print("\n".join(recording.lines()), file=sys.stderr)
    elif options.effective_mode == "record" and not upstream.unanswered:
        print("handlesfake: no client sent a request, and nothing was recorded", file=sys.stderr)
    if upstream.unanswered:
        print(_unanswered(upstream, is_whole=recording is None), file=sys.stderr)
    if missed:
        print("\n".join(missed), file=sys.stderr)
    return FOUND_SOMETHING if missed or upstream.unanswered else FINE


def _unanswered(upstream: Upstream, *, is_whole: bool) -> str:
    count = upstream.unanswered
    those = "1 request got" if count == 1 else f"{count} requests got"
    what = (
        "nothing was recorded" if is_whole else "the recording lacks them" if count > 1 else "the recording lacks it"
    )
    return (
        f"handlesfake: {those} no answer of the real service, and {what}: {upstream.problem}\n"
        "  --upstream URL says where it answers; SSL_CERT_FILE names authorities to trust besides those of the system"
    )
