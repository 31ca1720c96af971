"""A double that forwards makes the real call with the client's own connection."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import requests
import trustme
import urllib3

from handlesfake.exchange.outcome import Answer, Forward
from handlesfake.intercept.network.guard import is_really_calling, really_calling
from handlesfake.mpsd.http.message import Headers, Response
from tests.intercept.loopback import Loopback, serving
from tests.intercept.stub import Stub, forward_as
from tests.patience import PATIENCE

Start = Callable[..., Stub]
CHUNK = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n"


@contextmanager
def scripted(*answers: bytes | None) -> Iterator[str]:
    """A server that gives one of ``answers`` to each connection and closes it; None is silence to the end."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in answers:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer) if answer is not None else over.wait(PATIENCE)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield "127.0.0.1:%d" % listener.getsockname()[1]
    finally:
        over.set()
        thread.join()
        listener.close()


def test_the_real_answer_reaches_client_and_double(start: Start, server: Loopback) -> None:
    """The stages see the real answer, its content coding kept, before the client does."""
    seen: list[Response] = []

    def teed(response: Response) -> Answer:
        seen.append(response)
        return Answer(response, "real service")

    double = start(lambda request: Forward(teed), hosts=(server.authority,))
    answer = requests.post(f"http://{server.authority}/handles", data=b"sent")

    assert (203, {"real": True}) == (answer.status_code, answer.json())
    assert [(203, Loopback.BODY, "gzip")] == [(r.status, r.body, r.headers.first("content-encoding")) for r in seen]
    assert [b"sent"] == server.bodies
    assert 1 == len(double.departed)


def test_the_stages_may_change_a_real_answer(start: Start, server: Loopback) -> None:
    """The double decides what happens to a real answer."""
    start(
        lambda request: Forward(lambda response: Answer(Response(503, Headers(), b"busy"), "rule 'busy'")),
        hosts=(server.authority,),
    )
    answer = requests.post(f"http://{server.authority}/handles")

    assert (503, b"busy", 1) == (answer.status_code, answer.content, len(server.seen))


def test_the_very_bytes_are_sent(start: Start) -> None:
    """A chunked body is sent in the client's own chunks, and header lines as the client wrote them."""
    received: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            while not b"".join(received).endswith(b"0\r\n\r\n"):
                received.append(connection.recv(65536))
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    host = "127.0.0.1:%d" % listener.getsockname()[1]
    start(forward_as("real service"), hosts=(host,))
    connection = http.client.HTTPConnection(host)
    connection.request("POST", "/handles", iter([b"one", b"two"]), {"x-LOWER": "1"}, encode_chunked=True)
    status = connection.getresponse().status
    thread.join()
    listener.close()

    assert 204 == status
    assert (
        f"POST /handles HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\n"
        "Transfer-Encoding: chunked\r\nx-LOWER: 1\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"
    ).encode() == b"".join(received)


def test_a_kept_connection_forwards_again_and_again(start: Start, server: Loopback) -> None:
    """One session makes several real calls, and the client sees one connection."""
    start(forward_as("real service"), hosts=(server.authority,))
    with requests.Session() as session:
        statuses = [session.post(f"http://{server.authority}/handles").status_code for _ in range(3)]

    assert [203] * 3 == statuses
    assert 3 == len(server.seen)


@contextmanager
def serving_tls(authority: trustme.CA) -> Iterator[Loopback]:
    """The loopback server behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with serving() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield server


def test_the_clients_own_trust_decides(start: Start) -> None:
    """A real call over TLS verifies the certificate by the settings of that very client."""
    authority = trustme.CA()
    with serving_tls(authority) as server, authority.cert_pem.tempfile() as trusted:
        start(forward_as("real service"), hosts=("localhost",))
        url = f"https://localhost:{server.server_port}/handles"
        context = ssl.create_default_context(cafile=trusted)
        connection = http.client.HTTPSConnection("localhost", server.server_port, context=context)
        connection.request("POST", "/handles")
        statuses = [
            requests.post(url, verify=trusted).status_code,
            urllib3.PoolManager(ca_certs=trusted).request("POST", url).status,
            connection.getresponse().status,
        ]
        with pytest.raises(requests.exceptions.SSLError):
            requests.post(url)

    assert [203] * 3 == statuses
    assert 3 == len(server.seen)


def test_a_plain_proxy_carries_the_real_call(start: Start) -> None:
    """Where the client has a proxy, the real call goes through it."""
    double = start(forward_as("real service"))
    with serving() as proxy:
        answer = requests.post(
            "http://sessiondirectory.xboxlive.com/handles", proxies={"http": f"http://{proxy.authority}"}
        )

    assert 203 == answer.status_code
    assert ["POST http://sessiondirectory.xboxlive.com/handles HTTP/1.1"] == proxy.seen
    assert ["/handles"] == [request.target for request in double.requests]


@contextmanager
def tunnelling(port: int) -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that leads one tunnel to ``port`` on loopback, wherever it was asked to lead."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def serve() -> None:
        near, _ = listener.accept()
        asked.append(near.recv(65536).partition(b"\r\n")[0])
        near.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        with near, socket.create_connection(("127.0.0.1", port)) as far:
            back = threading.Thread(target=pump, args=(far, near))
            back.start()
            pump(near, far)
            back.join()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield "http://127.0.0.1:%d" % listener.getsockname()[1], asked
    finally:
        thread.join()
        listener.close()


@pytest.mark.parametrize("client", ["requests", "urllib3", "http.client"])
def test_a_tunnel_carries_the_real_call(start: Start, client: str) -> None:
    """The real call goes through the client's tunnel, and trusts what the client trusts behind it."""
    authority = trustme.CA()
    with serving_tls(authority) as server, authority.cert_pem.tempfile() as trusted:
        double = start(forward_as("real service"), hosts=("localhost",))
        url = f"https://localhost:{server.server_port}/handles"
        with tunnelling(server.server_port) as (proxy, asked):
            if client == "requests":
                status = requests.post(url, verify=trusted, proxies={"https": proxy}).status_code
            elif client == "urllib3":
                status = urllib3.ProxyManager(proxy, ca_certs=trusted).request("POST", url).status
            else:
                context = ssl.create_default_context(cafile=trusted)
                connection = http.client.HTTPSConnection(proxy.removeprefix("http://"), context=context)
                connection.set_tunnel("localhost", server.server_port)
                connection.request("POST", "/handles")
                status = connection.getresponse().status

    assert 203 == status
    assert f"CONNECT localhost:{server.server_port} HTTP/1.".encode() == asked[0][:-1]
    assert ["POST /handles HTTP/1.1"] == server.seen
    assert 1 == len(double.departed)


def test_a_tunnel_may_refuse_the_real_call(start: Start) -> None:
    """A proxy that refuses the tunnel refuses the real call, in the client's own words."""
    start(forward_as("real service"))
    with scripted(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") as proxy:
        connection = http.client.HTTPSConnection(proxy)
        connection.set_tunnel("sessiondirectory.xboxlive.com", 443)
        connection.request("POST", "/handles")
        with pytest.raises(OSError, match="Tunnel connection failed: 407 Proxy Authentication Required"):
            connection.getresponse()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (CHUNK + b"abc", requests.exceptions.ChunkedEncodingError),
        (b"", requests.ConnectionError),
        (b"\x00\x01\r\n\r\n", requests.ConnectionError),
        (None, requests.ReadTimeout),
    ],
    ids=["truncated", "closed", "garbage", "silent"],
)
def test_a_real_fault_is_the_clients_own_exception(
    start: Start, answer: bytes | None, expected: type[Exception]
) -> None:
    """What goes wrong with a real call, goes wrong for the client as if no double were there."""
    with scripted(answer) as host:
        double = start(forward_as("real service"), hosts=(host,))
        with pytest.raises(expected) as raised:
            requests.post(f"http://{host}/handles", timeout=PATIENCE if answer is not None else (PATIENCE, 0.05))

    assert type(raised.value) is expected
    assert (1, 0) == (len(double.abandoned), len(double.departed))


def test_a_service_that_cannot_be_reached(start: Start) -> None:
    """A refused connection is a connection error of the client."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = "127.0.0.1:%d" % listener.getsockname()[1]
    start(forward_as("real service"), hosts=(host,))
    with pytest.raises(requests.ConnectionError):
        requests.post(f"http://{host}/handles")
    with pytest.raises(ConnectionRefusedError):
        connection = http.client.HTTPConnection(host)
        connection.request("POST", "/handles")
        connection.getresponse()


def test_only_who_calls_really_may_look_up(start: Start) -> None:
    """The permission to reach the network ends with the real call, and belongs to its thread or task."""
    start(hosts=("localhost",))
    others: list[bool] = []
    with really_calling():
        found = socket.getaddrinfo("localhost", 80)
        other = threading.Thread(target=lambda: others.append(is_really_calling()))
        other.start()
        other.join()
        inside = is_really_calling()

    assert found
    assert (True, [False], False) == (inside, others, is_really_calling())
    with pytest.raises(AssertionError, match="a look-up of localhost was refused"):
        socket.getaddrinfo("localhost", 80)
