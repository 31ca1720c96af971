"""TLS under its own authority: any offer of a client survives, any of its names is served."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from handlesfake.double.double import Double
from handlesfake.errors import SettingsError
from handlesfake.options.options import Options
from handlesfake.server.http.address import Address
from handlesfake.server.http.certificates import Certificates, make_certificates
from handlesfake.server.http.limits import ConnectionLimits
from handlesfake.server.run.sockets import Site
from handlesfake.server.run.thread import in_thread
from tests.patience import PATIENCE
from tests.server.servers import ACTIVITY, HEADERS, everything, posted, raw
from tests.server.test_limits import WHOLE
from tests.systems.needed import system_has

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


def mode(path: Path) -> int:
    """Who may do what with a file."""
    return path.stat().st_mode & 0o777


@system_has("modes")
def test_keys_are_for_nobody_else(tmp_path: Path) -> None:
    """Both files with keys are this user's alone, also where they were opened to others; clients get none."""
    made = make_certificates(tmp_path)
    modes = [mode(made.authority_file), mode(made.server_file)]
    made.authority_file.chmod(0o644)
    made.server_file.chmod(0o640)
    make_certificates(tmp_path)

    assert [0o600] * 4 == [*modes, mode(made.authority_file), mode(made.server_file)]
    assert {made.ca_file, made.authority_file, made.server_file} == set(tmp_path.iterdir())
    assert b"PRIVATE" not in made.ca_file.read_bytes()


# ---- one folder, several servers


def test_servers_with_one_folder_share_its_authority(tmp_path: Path) -> None:
    """What a client trusts stays: it trusts each of them, with other names too, and the earlier ones."""
    first = make_certificates(tmp_path)
    trusted = first.ca_file.read_bytes()
    with behind_tls(first, ConnectionLimits()) as one:
        second = make_certificates(tmp_path, "mpsd.test")
        with behind_tls(second, ConnectionLimits()) as two:
            statuses = [posted(url, str(first.ca_file)).status for url in (one, two)]
    again = make_certificates(tmp_path)

    assert [201, 201] == statuses
    assert (first, trusted) == (again, again.ca_file.read_bytes())
    assert first.server_file != second.server_file


def test_servers_that_start_at_once_share_it_too(tmp_path: Path) -> None:
    """Whichever is first makes it; no file is half, and no draft is left."""
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: make_certificates(tmp_path), range(8)))

    assert 1 == len(made)
    with behind_tls(made.copy().pop(), ConnectionLimits()) as url:
        assert 201 == posted(url, str(tmp_path / "ca.pem")).status
    assert 3 == len(list(tmp_path.iterdir()))


def test_a_certificate_that_was_removed_is_written_again(tmp_path: Path) -> None:
    """The key file holds the whole authority."""
    made = make_certificates(tmp_path)
    trusted = made.ca_file.read_bytes()
    made.ca_file.unlink()
    make_certificates(tmp_path)

    assert trusted == made.ca_file.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("ca.pem", "an authority of somebody else", "ca.pem is not the certificate of ca.key"),
        ("ca.key", "cut off", "ca.key cannot be read"),
        ("ca.key", None, "there is a ca.pem, and no ca.key to it"),
    ],
)
def test_an_authority_that_is_not_ours_is_not_replaced(
    tmp_path: Path, name: str, content: str | None, problem: str
) -> None:
    """The server does not start, and the files are as they were."""
    make_certificates(tmp_path)
    path = tmp_path / name
    path.unlink() if content is None else path.write_text(content)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(SettingsError) as caught:
        make_certificates(tmp_path)

    assert (
        f"--tls {tmp_path}: {problem}.\n"
        "  name another folder, or remove ca.pem and ca.key: clients then need new trust"
    ) == str(caught.value)
    assert before == {path: path.read_bytes() for path in tmp_path.iterdir()}


def test_a_name_that_is_no_host(tmp_path: Path) -> None:
    """It is named, and nothing is left behind."""
    with pytest.raises(SettingsError, match=r"no certificate can be made for a b: .*\n  a name is that of a host"):
        make_certificates(tmp_path, "a b")

    assert ["ca.key", "ca.pem"] == sorted(path.name for path in tmp_path.iterdir())


def test_who_never_shakes_hands_is_cut_off(url: str, certificates: Certificates) -> None:
    """Who speaks plain HTTP is told what is wrong; the next client is served."""
    with raw(url) as silent, raw(url) as plain:
        plain.sendall(CLOSING)
        ends = [everything(silent), everything(plain)]
    status = posted(url, str(certificates.ca_file)).status

    assert [b"", 201] == [ends[0], status]
    assert ends[1].startswith(b"HTTP/1.1 400 ")
    assert ends[1].endswith(
        b"The request cannot be read: it came as plain HTTP, and this port speaks TLS: write https:// in its address.\r\n"
    )
