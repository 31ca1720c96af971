"""The server that the fixture ``mpsd_server`` gives: the test's own double, on a real port."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from handlesfake.double.double import Double, core_of
from handlesfake.server.command.environment import past_proxies, place_variables
from handlesfake.server.command.trust import ADDED_TO, Trust, make_trust
from handlesfake.server.http.address import Address
from handlesfake.server.http.certificates import Certificates, make_certificates
from handlesfake.server.run.sockets import Site
from handlesfake.server.run.thread import in_thread
from handlesfake.suggestions import AttributeSuggestions


class Server(AttributeSuggestions):
    """A double on a real port of loopback, for programs that no seam reaches.

    What a program sends here and what the test's own clients send is one traffic: one journal, one state.
    """

    def __init__(self, double: Double, site: Site, certificates: Certificates) -> None:
        self._mpsd = double
        self._places = site.places
        self._certificates = certificates

    @property
    def mpsd(self) -> Double:
        """The double that answers: the same as the fixture ``mpsd`` of the test."""
        return self._mpsd

    @property
    def url(self) -> str:
        """Where it answers: ``https://127.0.0.1:41873``."""
        return self._places.url

    @property
    def rta_url(self) -> str:
        """Where the push channel answers: ``wss://127.0.0.1:41873/connect``."""
        return self._places.rta

    @property
    def control_url(self) -> str:
        """Where the control interface answers, for a program that arranges and asserts itself."""
        return self._places.control

    @property
    def ca_file(self) -> str:
        """What a client has to trust, PEM."""
        return str(self._certificates.ca_file)

    @property
    def env(self) -> dict[str, str]:
        """What a program of any language needs in its environment: where MPSD is, and the authorities to trust.

        The authorities of this machine are trusted beside that of the server, so that the program also reaches the
        rest of the world. A proxy is not asked for the server.

        ``subprocess.run(command, env={**os.environ, **mpsd_server.env})``
        """
        trust = _trust(self._certificates.ca_file, _named_by_user())
        return {**past_proxies(os.environ), **place_variables(self._places), **trust.variables(os.environ)}

    def __repr__(self) -> str:
        return f"<Server of {self.mpsd!r} on {self.url}>"


@contextmanager
def served(double: Double, names: Iterable[str] = ()) -> Iterator[Server]:
    """``double`` on a free port of loopback, behind TLS; gone when the block ends.

    :param names: more hosts by which clients call it: see :func:`handlesfake.serve`.
    :raises SettingsError: trustme is not installed, or a name is not a host.
    """
    hosts = (names,) if isinstance(names, str) else tuple(names)
    certificates = _certificates(*hosts, *core_of(double).options.service_hosts)
    site = Site(double, Address(names=hosts), certificates)
    with in_thread(site):
        yield Server(double, site, certificates)


@cache
def _certificates(*names: str) -> Certificates:
    """One authority for each process, so that no test waits for keys; its files go when the process does."""
    folder = Path(tempfile.mkdtemp(prefix="handlesfake-ca-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return make_certificates(folder, *names)


def _named_by_user() -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name in ADDED_TO if (value := os.environ.get(name)))


@cache
def _trust(ca_file: Path, named: tuple[tuple[str, str], ...]) -> Trust:
    """The files of one authority, beside it."""
    return make_trust(ca_file, ca_file.parent, dict(named))
