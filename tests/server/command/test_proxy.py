"""``--proxy``: the real names lead to the server, and every other host is where it is."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from handlesfake.server.command.proxy import proxied
from tests.patience import PATIENCE
from tests.server.command.beside import beside, python
from tests.server.servers import refused

REAL = "os.environ['MPSD_URL'] = 'https://sessiondirectory.xboxlive.com'; "


@contextmanager
def peer(*says: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A host that takes one connection, answers what it hears with each of ``says``, and what it heard."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                for text in says:
                    heard.append(connection.recv(65536))
                    connection.sendall(text)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1], heard
        thread.join(PATIENCE)


def asked(url: str, *texts: bytes) -> bytes:
    """All that a client of the proxy gets for what it sends, one text after the other."""
    parts, came = urlsplit(url), b""
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as client:
        for text in texts:
            client.sendall(text)
            came += client.recv(65536)
        client.shutdown(socket.SHUT_WR)
        while more := client.recv(65536):
            came += more
    return came


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine of the test may have its own proxy."""
    for name in ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_a_client_that_knows_only_the_real_name(tmp_path: Path) -> None:
    """It asks the real address over HTTPS, and the fake answers; what it leaves open delays no process."""
    text = f"{REAL}print(show()); import socket; socket.create_connection(('127.0.0.1', int(os.environ['MPSD_PROXY'][17:])))"
    status, output, complaints = beside("--tls", str(tmp_path), "--proxy", "--", *python(text))

    assert (0, "201\n") == (status, output), complaints
    assert complaints.startswith(
        "handlesfake: leads rta.xboxlive.com and sessiondirectory.xboxlive.com here by the proxy http://127.0.0.1:"
    )
    assert 4 == len(complaints.splitlines())


def test_an_open_tunnel_ends_with_the_proxy(capfd: pytest.CaptureFixture[str]) -> None:
    """Both of its ends are closed, and nothing is complained of."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with proxied(("127.0.0.1", port)) as url:
            client = socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=PATIENCE)
            client.sendall(b"CONNECT rta.xboxlive.com:443 HTTP/1.1\r\nHost: x\r\n\r\n")
            answer, (server, _) = client.recv(99), listening.accept()
        with client, server:
            rest = client.recv(99), server.recv(99)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert ((b"", b""), "") == (rest, capfd.readouterr().err)


def test_another_host_is_where_it_is() -> None:
    """Both ends hear what the other says, and of its end."""
    with proxied(("127.0.0.1", 1)) as url, peer(b"pong") as (port, heard):
        came = asked(url, f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), b"ping")

    assert came.startswith(b"HTTP/1.1 200 ")
    assert (True, [b"ping"]) == (came.endswith(b"\r\n\r\npong"), heard)


def test_what_comes_with_the_request_is_handed_on() -> None:
    """A client need not wait for the answer before it speaks through the tunnel."""
    with peer(b"pong") as (port, heard), proxied(("127.0.0.1", port)) as url:
        came = asked(url, b"CONNECT RTA.xboxlive.com:443 HTTP/1.1\r\nHost: x\r\n\r\nping")

    assert (True, [b"ping"]) == (came.endswith(b"\r\n\r\npong"), heard)


def test_a_proxy_of_the_users_own_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every other host, with what it wants to know about the user; a host of NO_PROXY is reached without it."""
    with (
        peer(b"HTTP/1.1 200 Fine\r\nX: y\r\n\r\n", b"pong") as (port, heard),
        proxied(("127.0.0.1", 1)) as url,
        peer(b"near") as (near, _),
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:pass%20word@127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        came = asked(url, b"CONNECT far.test:443 HTTP/1.1\r\nHost: x\r\n\r\n", b"ping")
        without = asked(url, f"CONNECT 127.0.0.1:{near} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), b"ping")

    assert [True, True] == [came.endswith(b"pong"), without.endswith(b"near")]
    assert [
        b"CONNECT far.test:443 HTTP/1.1\r\nHost: far.test:443\r\nProxy-Authorization: Basic bWU6cGFzcyB3b3Jk\r\n\r\n",
        b"ping",
    ] == heard


def test_a_proxy_for_all_is_asked_where_none_is_for_https(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds ours in HTTPS_PROXY, which wins over its ALL_PROXY: the way on is still the user's."""
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    monkeypatch.delenv("https_proxy", raising=False)
    with peer(b"HTTP/1.1 200 Fine\r\n\r\n", b"pong") as (port, _), proxied(("127.0.0.1", 1)) as url:
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{port}")
        came = asked(url, b"CONNECT far.test:443 HTTP/1.1\r\nHost: x\r\n\r\n", b"ping")

    assert came.endswith(b"pong")


@pytest.mark.parametrize(
    ("proxy", "reason"),
    [
        ("socks5h://127.0.0.1:1", b"far.test:443 is reached by a proxy of socks5h, which this one does not speak"),
        ("http://127.0.0.1:1", b"the proxy 127.0.0.1:1 cannot be reached for far.test:443: "),
    ],
)
def test_a_proxy_of_the_users_own_that_cannot_be_asked(
    monkeypatch: pytest.MonkeyPatch, proxy: str, reason: bytes
) -> None:
    """The reason names the proxy, and not the host behind it."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with proxied(("127.0.0.1", 1)) as url:
        came = asked(url, b"CONNECT far.test:443 HTTP/1.1\r\nHost: x\r\n\r\n")

    assert came.startswith(b"HTTP/1.1 502 handlesfake: " + reason)


def test_a_proxy_of_the_users_own_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its status is told."""
    with peer(b"HTTP/1.1 407 No\r\n\r\n") as (port, _), proxied(("127.0.0.1", 1)) as url:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        came = asked(url, b"CONNECT far.test:443 HTTP/1.1\r\nHost: x\r\n\r\n")

    assert came.startswith(b"HTTP/1.1 502 handlesfake: the proxy 127.0.0.1 answered 407 for far.test:443\r\n")


@pytest.mark.parametrize(
    ("sent", "begins"),
    [
        (
            b"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
            b"HTTP/1.1 405 handlesfake: this proxy takes CONNECT host:port ",
        ),
        (b"CONNECT x HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 405 handlesfake: "),
        (
            b"CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\n\r\n",
            b"HTTP/1.1 502 handlesfake: 127.0.0.1 port 1 cannot be ",
        ),
        (b"nonsense\r\n\r\n", b"HTTP/1.1 400 handlesfake: this is not an HTTP request"),
    ],
)
def test_what_it_does_not_do(sent: bytes, begins: bytes) -> None:
    """The reason stands where clients show one: behind the status, and in the body."""
    with proxied(("127.0.0.1", 1)) as url:
        came = asked(url, sent)

    assert came.startswith(begins)
    assert came.split(b"\r\n")[0].partition(b" ")[2][4:] == came.rpartition(b"\r\n\r\n")[2].strip()


def test_it_needs_tls() -> None:
    """There would be nothing to lead HTTPS to."""
    assert (
        2,
        "",
        "handlesfake: --proxy leads HTTPS here, and needs --tls DIR, so that there is HTTPS to lead to\n",
    ) == refused("--proxy", "--", "true")
