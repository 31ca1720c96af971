"""Running a server in the foreground: one line when it is ready, a clean end on Ctrl-C and SIGTERM."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from handlesfake.double.double import Double, core_of
from handlesfake.errors import SettingsError
from handlesfake.server.addresses import Places
from handlesfake.server.http.address import Address
from handlesfake.server.http.certificates import Certificates
from handlesfake.server.http.limits import DEFAULT, ConnectionLimits
from handlesfake.server.journal_file import JournalFile
from handlesfake.server.run.last_word import LastWord
from handlesfake.server.run.ready_file import ReadyFile
from handlesfake.server.run.sockets import Site
from handlesfake.server.upstream import Upstream
from handlesfake.server.worlds.misses import all_misses
from handlesfake.values.values import frozen


@frozen
class Extras:
    """What a server may have beside its double and its address."""

    certificates: Certificates | None = None
    control: Address | None = None
    """Where the control interface listens; None for beside the service, or on loopback."""

    begin: Callable[[Double], object] | None = None
    """Arranges what each further world begins with."""

    upstream: Upstream | None = None
    journal: JournalFile | None = None
    limits: ConnectionLimits = DEFAULT
    ready: ReadyFile | None = None


_ENDING = ("SIGINT", "SIGTERM", "SIGBREAK")


def serve_in_foreground(
    double: Double,
    address: Address,
    extras: Extras,
    *,
    say: Callable[[Places], None],
) -> list[str]:
    """Serve ``double`` until Ctrl-C or SIGTERM, and return what nothing could answer; from the main thread.

    :param say: called once it answers.
    :raises SettingsError: an address cannot be had.
    :raises CassetteError: what was recorded cannot be written, or must not be.
    """
    with prepared(double, address, extras) as site:
        last_word = LastWord()

        def end(*_: object) -> None:
            site.end()
            last_word.come()

        for name in _ENDING:
            if hasattr(signal, name):  # Windows has one more, and lacks one in practice
                signal.signal(getattr(signal, name), end)
        try:
            asyncio.run(site.run(lambda: say(site.places)))
        finally:
            last_word.spare()  # what was recorded is still to be written, however long that takes
    return all_misses(site.worlds)


@contextmanager
def prepared(double: Double, address: Address, extras: Extras) -> Iterator[Site]:
    """The parts of a server around the time in which it answers: its sockets, its mode, its journal.

    What was recorded is written at the end; it is not to be trusted where the double has ``failed`` by then.

    :raises SettingsError: an address cannot be had.
    :raises CassetteError: what was recorded cannot be written, or must not be.
    """
    # when a client sends what is not HTTP, that is the client's mistake, and the answer says so
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    site = Site(
        double,
        address,
        extras.certificates,
        control=extras.control,
        begin=extras.begin,
        upstream=extras.upstream,
        limits=extras.limits,
    )
    if extras.journal is not None:
        journal = extras.journal
        site.worlds.listen(lambda world: journal.follow(world.name, world.id, world.double))
    # no client of this process is to meet the double, as start() would have it: only its mode runs
    core = core_of(double)
    mode = core.mode  # a reset opens another
    mode.start()
    _rest_the_collector()
    try:
        yield site
    finally:
        if extras.ready is not None:
            extras.ready.remove()
        mode.stop(failed=core.failed)
        if extras.journal is not None:
            extras.journal.close()


def _rest_the_collector() -> None:
    """Let the garbage collector look less often: what a server keeps, its state and its journal, is not garbage.

    With Python's default thresholds it looks through all of that every few hundred requests. Under load that takes a
    tenth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def announce(places: Places, *, as_json: bool, file: ReadyFile | None = None, is_beside: bool = False) -> None:
    """Say on one line that a server answers, and write where into ``file``.

    :param is_beside: a command runs beside the server: standard output is the command's.
    :raises SettingsError: it cannot be written, and no client would learn where the server is.
    """
    if file is not None:
        file.write(places)
    stream = sys.stderr if is_beside else sys.stdout
    try:
        stream.write(f"{ready_line(places, as_json=as_json, hint='' if is_beside else ' (Ctrl-C ends it)')}\n")
        stream.flush()
    except OSError as error:
        _leave(stream)
        raise _unsaid(error.strerror or str(error)) from None


def check_output() -> None:
    """See that there is a standard output to say on where the server is.

    :raises SettingsError: it is closed.
    """
    if sys.stdout is None:
        raise _unsaid("it is closed")


def _unsaid(problem: str) -> SettingsError:
    return SettingsError(
        f"standard output cannot be written: {problem}. The server says there where it answers.\n"
        f"  let it be written, or lead it to {os.devnull} and name --ready-file FILE"
    )


def _leave(stream: TextIO) -> None:
    """What is still in the buffer of ``stream`` would fail again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def ready_line(places: Places, *, as_json: bool, hint: str) -> str:
    """What a server says once it answers."""
    if as_json:
        return json.dumps(places.as_json)
    trust = f", CA {places.ca_file}" if places.ca_file else ""
    looks = f"look at it and ask it on {places.control}/"
    return f"handlesfake answers as MPSD on {places.url}{trust}; {looks}{hint}"
