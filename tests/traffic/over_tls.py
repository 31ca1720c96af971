"""A server as ``handlesfake serve --tls`` makes it, and one kept connection to it that writes headers as they are."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from urllib.parse import urlsplit

import handlesfake
from handlesfake.double.double import Double
from handlesfake.mpsd.http.message import MPSD_HOST, Headers
from handlesfake.mpsd.state.session import Document
from handlesfake.options.options import Options
from handlesfake.server.run.fixture import Server
from tests.patience import PATIENCE
from tests.traffic.replay import Send


@dataclass(frozen=True)
class Wire:
    """A way to the service, and the service."""

    send: Send


@contextmanager
def over_tls(options: Options, _templates: Mapping[str, Document]) -> Iterator[Wire]:
    """As a road; the templates are those that every double knows."""
    with Double(options) as mpsd, handlesfake.serve(mpsd) as server, wire_to(server) as wire:
        yield wire


@contextmanager
def wire_to(server: Server) -> Iterator[Wire]:
    """One kept connection to ``server``."""
    address = urlsplit(server.url)
    trust = ssl.create_default_context(cafile=server.ca_file)
    connection = HTTPSConnection(str(address.hostname), address.port, timeout=PATIENCE, context=trust)

    def send(method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, Headers, bytes]:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in [
            ("Host", MPSD_HOST),
            *headers,
            *([("Content-Length", str(len(body)))] if body else []),
        ]:
            connection.putheader(name, value)
        connection.endheaders(body or None)
        response = connection.getresponse()
        return response.status, Headers(response.getheaders()), response.read()

    with closing(connection):
        yield Wire(send)
