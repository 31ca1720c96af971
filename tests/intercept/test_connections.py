"""http.client, urllib, urllib3 and requests speak to a double as they would to a server."""

from __future__ import annotations

import http.client
import io
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

import handlesfake
from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Response
from tests.intercept.clients import Post, connection_for, said, with_requests, with_urllib
from tests.intercept.loopback import Loopback, serving
from tests.intercept.stub import URL, Stub, echo

Start = Callable[..., Stub]
PLAIN = URL.replace("https", "http")
NOWHERE = "http://127.0.0.1:9"
"""A proxy that does not listen: port 9 is discard."""


@pytest.mark.parametrize("url", [URL, PLAIN])
def test_each_client_reaches_the_double(double: Stub, post: Post, client: str, url: str) -> None:
    """Over https and http, the double is asked what was sent, and its answer comes back."""
    assert (200, b"body") == post(url, b"body")
    [request] = double.requests
    assert ("POST", "/handles", MPSD_HOST, b"body") == (request.method, request.target, request.host, request.body)
    assert [MPSD_HOST] == request.headers.every("Host")
    assert ["http.client" if "http" in client or client == "urllib" else "urllib3"] == double.clients
    assert 1 == len(double.departed)


def test_header_lines_arrive_as_sent(double: Stub) -> None:
    """Names keep their case and lines their order, even two of one name."""
    connection = http.client.HTTPSConnection(MPSD_HOST)
    connection.putrequest("POST", "/handles", skip_accept_encoding=True)
    lines = [("x-xbl-contract-version", "107"), ("X-Xbl-Contract-Version", "105"), ("AUTHORIZATION", "x")]
    for name, value in lines:
        connection.putheader(name, value)
    connection.endheaders()
    connection.getresponse().read()

    assert Headers([("Host", MPSD_HOST), *lines]) == double.requests[0].headers


def parts_of_a_body() -> Iterator[bytes]:
    yield b"in "
    yield b"parts"


@pytest.mark.parametrize(
    "body",
    [parts_of_a_body, lambda: io.BytesIO(b"in parts"), lambda: b"in parts"],
    ids=["generator", "file", "bytes"],
)
def test_bodies_arrive_whole(double: Stub, body: Callable[[], Any]) -> None:
    """A body that is streamed in chunks, read from a file or given at once is the same body."""
    requests.post(URL, data=body())
    urllib3.PoolManager().request("POST", URL, body=body())
    urllib.request.urlopen(urllib.request.Request(URL, body(), {"Transfer-Encoding": "chunked"})).close()
    connection = http.client.HTTPSConnection(MPSD_HOST)
    connection.request("POST", "/handles", body(), encode_chunked=True)
    connection.getresponse().read()

    assert [b"in parts"] * 4 == double.bodies


def test_an_answer_is_streamed(start: Start) -> None:
    """A client may read an answer bit by bit, and compressed."""
    body = bytes(range(256)) * 1000
    start(Answer(Response(200, Headers(), body), "stub"))
    streamed = requests.get(URL, stream=True)
    with urllib.request.urlopen(URL) as response:
        bits = iter(lambda: response.read(1000), b"")

        assert [body, body] == [b"".join(streamed.iter_content(999)), b"".join(bits)]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("DELETE", 204), ("GET", 304)])
def test_an_answer_without_a_body_keeps_the_connection(start: Start, method: str, status: int) -> None:
    """Where HTTP has no body, no body is sent, and the connection carries the next request."""
    double = start(Answer(Response(status, Headers(), b"never sent"), "stub"))
    connection = http.client.HTTPSConnection(MPSD_HOST)
    for _ in range(2):
        connection.request(method, "/handles/1")
        first = connection.sock

        assert b"" == connection.getresponse().read()

    assert connection.sock is first
    assert [method, method] == [request.method for request in double.requests]


def test_a_client_that_waits_is_told_to_continue(double: Stub) -> None:
    """``Expect: 100-continue`` is answered before the body, and the interim answer is not the answer."""
    connection = http.client.HTTPSConnection(MPSD_HOST)
    connection.putrequest("POST", "/handles")
    connection.putheader("Expect", "100-continue")
    connection.putheader("Content-Length", "4")
    connection.endheaders()
    interim = connection.sock.recv(100)
    connection.send(b"body")
    response = connection.getresponse()

    assert b"HTTP/1.1 100 Continue\r\n\r\n" == interim
    assert (200, b"body") == (response.status, response.read())


def test_a_request_that_nobody_waits_for_is_a_request(double: Stub) -> None:
    """A connection that is closed before its answer was read has sent what it sent."""
    connection = http.client.HTTPSConnection(MPSD_HOST)
    connection.request("POST", "/handles", b"and gone")
    connection.close()

    assert [b"and gone"] == double.bodies


def test_redirects_are_followed(start: Start, post: Post, client: str) -> None:
    """A redirect is another request to the double, made by clients that follow redirects."""
    moved = Answer(Response(302, Headers([("Location", "/elsewhere")])), "stub")
    double = start(moved, echo)
    status, _ = post(URL, b"body")
    follows = client in ("requests", "urllib")

    assert (200 if follows else 302) == status
    assert ["/handles", "/elsewhere"][: 1 + follows] == [request.target for request in double.requests]


def test_retries_are_those_of_urllib3(start: Start) -> None:
    """urllib3 retries what it is told to, and follows ``Retry-After``."""
    busy = Answer(Response(503, Headers([("Retry-After", "0")])), "stub")
    double = start(busy, Fault(ConnectionEnd.RESET, "stub"), echo)
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=Retry(3, status_forcelist=[503], allowed_methods=None)))

    assert (200, b"body") == ((answer := session.post(URL, data=b"body")).status_code, answer.content)
    assert [b"body"] * 3 == double.bodies


def test_no_warning_of_an_unverified_request(double: Stub) -> None:
    """There is no certificate to verify, so that nothing warns of one (a warning fails this suite)."""
    assert 200 == requests.post(URL, verify=False).status_code
    assert 200 == urllib3.PoolManager(cert_reqs="CERT_NONE").request("POST", URL).status
    assert 2 == len(double.requests)


def test_other_hosts_are_untouched(double: Stub, post: Post, server: Loopback) -> None:
    """A request for another host goes where it always went."""
    status, _ = post(f"http://{server.authority}/handles", b"body")

    assert (203, [b"body"], []) == (status, server.bodies, double.requests)


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_not_dialled(
    double: Stub, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """A tunnel to MPSD leads to the double, and its proxy hears nothing."""
    with serving() as proxy:
        monkeypatch.setenv(variable, f"http://{proxy.authority}")
        answers = [with_requests(URL, b"1"), with_urllib(URL, b"2")]

    assert [(200, b"1"), (200, b"2")] == answers
    assert 0 == proxy.connections


@pytest.mark.parametrize("url", [URL, PLAIN])
def test_proxies_are_not_dialled(double: Stub, url: str) -> None:
    """Neither by a tunnel nor by an address in full does a request for MPSD reach a proxy."""
    tunnelled = http.client.HTTPSConnection("127.0.0.1", 9)
    tunnelled.set_tunnel(MPSD_HOST, 443)
    in_full = http.client.HTTPConnection("127.0.0.1", 9)
    in_full.request("POST", url)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": NOWHERE, "https": NOWHERE}))
    statuses = [
        requests.post(url, proxies={"http": NOWHERE, "https": NOWHERE}).status_code,
        urllib3.ProxyManager(NOWHERE).request("POST", url).status,
        opener.open(url, b"").status,
        said(tunnelled)[0],
        in_full.getresponse().status,
    ]

    assert [200] * 5 == statuses
    assert [("/handles", MPSD_HOST)] * 5 == [(request.target, request.host) for request in double.requests]


@pytest.mark.parametrize("url", [URL, PLAIN])
def test_a_proxy_behind_tls_is_not_dialled(double: Stub, url: str) -> None:
    """A proxy that is spoken to over TLS, and one that forwards https itself, hear nothing either."""
    proxy = NOWHERE.replace("http", "https")
    statuses = [
        requests.post(url, proxies={"http": proxy, "https": proxy}).status_code,
        urllib3.ProxyManager(proxy, use_forwarding_for_https=True).request("POST", url).status,
    ]

    assert [200] * 2 == statuses
    assert 2 == len(double.requests)


def test_one_connection_to_a_proxy_serves_mpsd_and_others(double: Stub, server: Loopback) -> None:
    """A plain proxy is asked for others only, whatever the order of requests on a kept connection."""
    proxy = http.client.HTTPConnection(server.authority)
    statuses = []
    for url in ("http://other.example/a", PLAIN, "http://other.example/b", PLAIN):
        proxy.request("POST", url)
        statuses.append((answer := proxy.getresponse()).status)
        answer.read()
    proxy.close()

    assert [203, 200, 203, 200] == statuses
    assert ["http://other.example/a", "http://other.example/b"] == [line.split()[1] for line in server.seen]


@pytest.mark.parametrize("threads", [8])
def test_threads_all_get_their_answers(double: Stub, post: Post, threads: int) -> None:
    """Eight threads of fifty calls: each gets its own answer, and nothing is looked up."""

    def calls(thread: int) -> list[bytes]:
        return [post(PLAIN, b"%d.%d" % (thread, call))[1] for call in range(50)]

    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(calls, range(threads)))

    assert [[b"%d.%d" % (thread, call) for call in range(50)] for thread in range(threads)] == answers
    assert {body for thread in answers for body in thread} == set(double.bodies)


def test_threads_share_a_session_while_doubles_come_and_go(double: Stub) -> None:
    """A session that four threads share loses no call while other doubles start and stop."""
    other = Stub(echo, hosts=("elsewhere.example",))
    session = requests.Session()
    done = threading.Event()

    def unrest() -> None:
        while not done.is_set():
            registry.start(other)
            registry.stop(other)

    restless = threading.Thread(target=unrest)
    restless.start()
    try:
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda call: session.post(URL, data=b"%d" % call).content, range(100)))
    finally:
        done.set()
        restless.join()

    assert [b"%d" % call for call in range(100)] == answers


def test_a_request_that_is_no_http_is_answered_as_a_server_answers() -> None:
    """The service says 400 and what is wrong, and the request is in the journal."""
    with handlesfake.fake() as mpsd:
        connection = connection_for(URL)
        connection.request("POST", "/handles", b"x", {"Transfer-Encoding": "gzip"})
        response = connection.getresponse()
        text = response.read()
        connection.close()

    assert 400 == response.status
    assert b"The request cannot be read: Only Transfer-Encoding: chunked is supported.\r\n" == text
    assert ["malformed_request"] == [entry.refusal.kind.name for entry in mpsd.journal if entry.refusal]
