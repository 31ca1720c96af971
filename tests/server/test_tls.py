"""TLS under an authority of its own: any offer of a client survives, any of its names is served."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from handlesfake.double.double import Double
from handlesfake.options.options import Options
from handlesfake.server.http.address import Address
from handlesfake.server.http.certificates import Certificates, make_certificates
from handlesfake.server.http.limits import ConnectionLimits
from handlesfake.server.run.sockets import Site
from handlesfake.server.run.thread import in_thread
from tests.patience import PATIENCE
from tests.server.servers import ACTIVITY, HEADERS, everything, posted, raw
from tests.server.test_limits import WHOLE

CLOSING = WHOLE.replace(b"Host: x", b"Host: x\r\nConnection: close")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """One authority for all tests here."""
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def url(certificates: Certificates) -> Iterator[str]:
    """A server behind TLS, which cuts off soon who says nothing."""
    with behind_tls(certificates, ConnectionLimits(idle=0.5)) as found:
        yield found


@contextmanager
def behind_tls(certificates: Certificates, limits: ConnectionLimits) -> Iterator[str]:
    """Where a server in this process answers."""
    site = Site(Double(Options.of(name="a test of TLS")), Address(), certificates, limits=limits)
    with in_thread(site):
        yield site.places.url


@contextmanager
def handshaken(url: str, context: ssl.SSLContext, name: str | None) -> Iterator[ssl.SSLSocket]:
    """A client's end of a TLS connection."""
    parts = urlsplit(url)
    plain = socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)
    with plain, context.wrap_socket(plain, server_hostname=name) as client:
        yield client


def trusting(certificates: Certificates) -> ssl.SSLContext:
    """What a client has to set up: the CA, and nothing else."""
    return ssl.create_default_context(cafile=str(certificates.ca_file))


@pytest.mark.parametrize("offer", [[], ["http/1.1"], ["h2", "http/1.1"], ["h2"], ["spdy/3"]])
def test_any_offer_of_protocols_survives(url: str, certificates: Certificates, offer: list[str]) -> None:
    """Nothing is chosen, as uvicorn speaks no HTTP/2, and HTTP/1.1 is answered."""
    context = trusting(certificates)
    if offer:
        context.set_alpn_protocols(offer)
    with handshaken(url, context, "localhost") as client:
        chosen = client.selected_alpn_protocol()
        client.sendall(CLOSING)
        answer = everything(client)

    assert [None, b"HTTP/1.1 201 "] == [chosen, answer[:13]]


def test_a_client_of_http2_falls_back(url: str, certificates: Certificates) -> None:
    """A client with HTTP/2 switched on is served over HTTP/1.1, and does not mind."""
    pytest.importorskip("h2")
    with httpx.Client(http2=True, verify=trusting(certificates)) as client:
        answer = client.post(f"{url}/handles", content=ACTIVITY, headers=HEADERS)

    assert ["HTTP/1.1", 201] == [answer.http_version, answer.status_code]


@pytest.mark.parametrize(
    "name", ["sessiondirectory.xboxlive.com", "rta.xboxlive.com", "localhost", "127.0.0.1", "::1"]
)
def test_it_is_whom_the_client_asked_for(url: str, certificates: Certificates, name: str) -> None:
    """Both hosts of the service, and this machine by its name and by its addresses, on one port."""
    with handshaken(url, trusting(certificates), name) as client:
        client.sendall(CLOSING)

        assert b"HTTP/1.1 201 " == everything(client)[:13]


def test_a_client_that_names_nobody_is_served(url: str, certificates: Certificates) -> None:
    """Old clients send no SNI: they get the same certificate."""
    context = trusting(certificates)
    context.check_hostname = False
    with handshaken(url, context, None) as client:
        client.sendall(CLOSING)

        assert b"HTTP/1.1 201 " == everything(client)[:13]


def test_it_is_nobody_else(url: str, certificates: Certificates) -> None:
    """Any other name is refused by the client, unless --name has asked for it."""
    with (
        pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"),
        handshaken(url, trusting(certificates), "profile.xboxlive.com"),
    ):
        pass


def test_a_name_that_was_asked_for(tmp_path: Path) -> None:
    """It is in the certificate beside the others."""
    made = make_certificates(tmp_path, "profile.xboxlive.com")
    with (
        behind_tls(made, ConnectionLimits()) as url,
        handshaken(url, trusting(made), "profile.xboxlive.com") as client,
    ):
        names = {name for _, name in client.getpeercert()["subjectAltName"]}  # type: ignore[index]  # it has one

    assert {"profile.xboxlive.com", "sessiondirectory.xboxlive.com", "localhost", "127.0.0.1"} <= names


def test_it_is_valid_today(url: str, certificates: Certificates) -> None:
    """From before now until well behind it, whatever a frozen clock says."""
    with handshaken(url, trusting(certificates), "localhost") as client:
        certificate = client.getpeercert() or {}
    begin, end = (ssl.cert_time_to_seconds(str(certificate[word])) for word in ("notBefore", "notAfter"))

    assert begin < time.time() < end


def test_the_key_is_for_nobody_else(tmp_path: Path) -> None:
    """Also where somebody has left a readable one; the authority's own key is written nowhere."""
    (tmp_path / "server.key").write_text("")
    (tmp_path / "server.key").chmod(0o644)
    made = make_certificates(tmp_path)

    assert 0o600 == made.key_file.stat().st_mode & 0o777
    assert {"ca.pem", "server.key", "server.pem"} == {path.name for path in tmp_path.iterdir()}
    assert b"PRIVATE" not in made.ca_file.read_bytes() + made.chain_file.read_bytes()


def test_who_never_shakes_hands_is_cut_off(url: str, certificates: Certificates) -> None:
    """So is who speaks plain HTTP; the next client is served."""
    with raw(url) as silent, raw(url) as plain:
        plain.sendall(CLOSING)
        ends = [everything(silent), everything(plain)]
    status = posted(url, str(certificates.ca_file)).status

    assert [b"", b"", 201] == [*ends, status]
