"""Serving while a command runs: it finds the server by its environment, and its end is the server's."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from handlesfake.double.double import Double, core_of
from handlesfake.errors import CassetteError
from handlesfake.reporting.timeline import counted
from handlesfake.server.addresses import Places
from handlesfake.server.command.environment import (
    past_proxies,
    past_the_proxy,
    place_variables,
    without_entries,
)
from handlesfake.server.command.process import Command, Ending
from handlesfake.server.command.proxy import NAMES, proxied, proxy_variables
from handlesfake.server.command.trust import make_trust
from handlesfake.server.control.words import CONTROL
from handlesfake.server.http.address import Address
from handlesfake.server.run.chronicle import Chronicle
from handlesfake.server.run.failure_text import failure_text
from handlesfake.server.run.foreground import Extras, prepared
from handlesfake.server.run.last_word import LastWord
from handlesfake.server.run.report_file import write_report
from handlesfake.server.run.sockets import Site
from handlesfake.server.run.thread import in_thread
from handlesfake.server.worlds.misses import all_misses
from handlesfake.server.worlds.world import DEFAULT
from handlesfake.values.values import frozen, replace
from handlesfake.vocabulary import speaking

COULD_NOT = 2
"""The exit status where the command ended well, and what was to be written could not be."""

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 - nothing listens by this
"""Addresses to listen on that clients cannot call, and those by which this machine reaches them."""


@frozen
class Asked:
    """What is asked for beside the command itself."""

    say: Callable[[Places], None]
    """Called once the server answers, before the command begins."""

    report: Path | None = None
    """Where the report of the run is written."""

    proxy: bool = False
    """Whether a proxy leads the real names to the server; it has TLS then."""


def serve_beside(
    double: Double, address: Address, extras: Extras, command: Command, asked: Asked
) -> tuple[int, list[str]]:
    """Serve ``double`` while ``command`` runs; its status, and what nothing could answer; from the main thread.

    What is said of it goes to standard error: standard output is the command's.

    :raises SettingsError: an address cannot be had.
    """
    last_word, ending, misses = LastWord(), None, list[str]()
    try:
        with prepared(double, address, extras) as site:
            chronicle = Chronicle(site.worlds, core_of(double).options.journal_limit or sys.maxsize)
            with command.signals(), in_thread(site), _environment(site, asked) as environment:
                asked.say(_callable(site.places))
                _say(f"runs {command.line}")
                ending = command.run(environment)
                last_word.come()
            last_word.spare()  # what was recorded is still to be written, however long that takes
            core_of(double).failed = ending.status != 0
            misses = all_misses(site.worlds)
            written = _told(chronicle, command, ending, asked.report, site.places)
    except CassetteError as error:
        if ending is None or not ending.status:
            raise
        _say(str(error))
    finally:
        last_word.spare()
    status = ending.status if ending is not None else COULD_NOT
    return status if status or written else COULD_NOT, misses


def _told(chronicle: Chronicle, command: Command, ending: Ending, report: Path | None, places: Places) -> bool:
    """Say how the command ended, and what the server saw; whether all could be written."""
    if ending.status and ending.started:
        with speaking(CONTROL):
            _say_lines(failure_text(chronicle.stories(), places))
    for line in chronicle.unused_of_files():
        _say(line)
    if ending.left_behind:
        _say("the command left processes behind, which were ended: wait for them in it")
    count = chronicle.count()
    worlds = f" in {counted(count['worlds'], 'world')}" if count["worlds"] > 1 else ""
    words = f"{command.line} {ending.words}" + (f" after {ending.seconds:.1f} s" if ending.seconds else "")
    if ending.timed_out:
        over = f"took longer than its --timeout of {command.timeout:g} s, and was told to end"
        words = f"{command.line} {over}: it {ending.words}"
    _say(f"{words}; {counted(count['requests'], 'request')}{worlds}")
    if report is None:
        return True
    try:
        write_report(report, chronicle, command.line, ending)
    except OSError as error:
        _say(f"--report {report}: {error.strerror or error}")
        return False
    _say(f"the report is in {report}")
    return True


@contextmanager
def _environment(site: Site, asked: Asked) -> Iterator[Mapping[str, str]]:
    """All variables of the command: those of this process, the server's address, the authorities, and a proxy."""
    places, found = _callable(site.places), dict(os.environ)
    with ExitStack() as stack:
        if asked.proxy:
            target = urlsplit(places.url)
            names = NAMES | {*site.worlds.core(DEFAULT).options.service_hosts}
            url = stack.enter_context(proxied((target.hostname or "", target.port or 443), names))
            _say(f"leads {' and '.join(sorted(names))} here by the proxy {url}")
            found |= proxy_variables(url)
            past = past_the_proxy(found, names)
            if past:
                found |= without_entries(found, past)
                _say(f"NO_PROXY has {', '.join(past)}, which leads past the proxy: the command does not see that")
        found |= {**past_proxies(found), **place_variables(places)}
        if places.ca_file:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="handlesfake-trust-"))
            trust = make_trust(Path(places.ca_file), Path(folder), os.environ)
            found |= trust.variables(found)
            if trust.is_alone:
                _say("this machine has no list of authorities: the command trusts only this server")
        yield found


def _callable(places: Places) -> Places:
    """The places as a client on this machine calls them, where the server listens on all addresses."""
    listens = urlsplit(places.url).netloc
    host, _, port = listens.rpartition(":")
    if host not in _EVERYWHERE:
        return places
    calls = f"{_EVERYWHERE[host]}:{port}"
    return replace(places, url=places.url.replace(listens, calls), rta=places.rta.replace(listens, calls))


def _say(text: str) -> None:
    _say_lines(f"handlesfake: {text}")


def _say_lines(text: str) -> None:
    print(text.encode("utf-8", "backslashreplace").decode(), file=sys.stderr, flush=True)
