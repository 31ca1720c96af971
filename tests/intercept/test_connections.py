"""http.client, urllib, urllib3 and requests speak to a double as they would to a server."""

from __future__ import annotations

import gc
import http.client
import io
import os
import socket
import threading
import urllib.request
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from handlesfake.errors import Escaped, Unanswered
from handlesfake.intercept.memory import MemorySocket
from handlesfake.intercept.seams import registry
from handlesfake.mpsd.message import MPSD_HOST, Headers, Response
from handlesfake.outcome import Answer, Ending, Fault, Nothing
from tests.intercept.loopback import Loopback, serving
from tests.intercept.stub import URL, Stub, active, echo

Start = Callable[..., Stub]
Post = Callable[[str, bytes], "tuple[int, bytes]"]
PLAIN = URL.replace("https", "http")
NOWHERE = "http://127.0.0.1:9"
"""A proxy that does not listen: port 9 is discard."""

BROKEN_OFF = requests.exceptions.ChunkedEncodingError if urllib3.__version__ >= "2" else None
"""What requests makes of a body shorter than its length: over urllib3 1.26 it does not notice."""


def with_requests(url: str, body: bytes) -> tuple[int, bytes]:
    with requests.Session() as session:
        response = session.post(url, data=body, timeout=5)
        return response.status_code, response.content


def with_urllib3(url: str, body: bytes) -> tuple[int, bytes]:
    with urllib3.PoolManager(timeout=5) as pool:
        response = pool.request("POST", url, body=body, retries=False)
        return response.status, response.data


def with_urllib(url: str, body: bytes) -> tuple[int, bytes]:
    with urllib.request.urlopen(url, body, timeout=5) as response:
        return response.status, response.read()


def with_http_client(url: str, body: bytes) -> tuple[int, bytes]:
    connection = connection_for(url)
    try:
        return said(connection, body)
    finally:
        connection.close()


def connection_for(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.netloc, timeout=5)


def said(connection: http.client.HTTPConnection, body: bytes = b"") -> tuple[int, bytes]:
    """What ``connection`` gets for a POST."""
    connection.request("POST", "/handles", body)
    response = connection.getresponse()
    return response.status, response.read()


CLIENTS = {
    "requests": with_requests,
    "urllib3": with_urllib3,
    "urllib": with_urllib,
    "http.client": with_http_client,
}


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def post(client: str) -> Post:
    """One POST with each client."""
    return CLIENTS[client]


# what arrives


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
    """Where HTTP knows no body, none is sent, and the connection carries the next request."""
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
    """urllib3 retries what it is told to, and heeds ``Retry-After``."""
    busy = Answer(Response(503, Headers([("Retry-After", "0")])), "stub")
    double = start(busy, Fault(Ending.RESET, "stub"), echo)
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=Retry(3, status_forcelist=[503], allowed_methods=None)))

    assert (200, b"body") == ((answer := session.post(URL, data=b"body")).status_code, answer.content)
    assert [b"body"] * 3 == double.bodies


def test_no_warning_of_an_unverified_request(double: Stub) -> None:
    """There is no certificate to verify, so that nothing warns of one (a warning fails this suite)."""
    assert 200 == requests.post(URL, verify=False).status_code
    assert 200 == urllib3.PoolManager(cert_reqs="CERT_NONE").request("POST", URL).status
    assert 2 == len(double.requests)


# connections that live longer or shorter than a double


@pytest.mark.parametrize("kind", [requests.Session, urllib3.PoolManager])
def test_a_pool_made_before_the_double(start: Start, kind: Callable[[], Any]) -> None:
    """Sessions and pools that are older than the double reach it."""
    pool = kind()
    double = start(echo)
    pool.request("POST", URL)

    assert 1 == len(double.requests)


def test_a_kept_connection_from_before_the_double(start: Start, server: Loopback) -> None:
    """A keep-alive connection that leads to the real service leads to the double while there is one."""
    connection = http.client.HTTPConnection(server.authority)
    with requests.Session() as session:
        url = f"http://{server.authority}/handles"
        before = [said(connection)[0], session.post(url).status_code]
        double = start(echo, hosts=(server.authority,))
        during = [said(connection)[0], session.post(url).status_code]
        connection.close()

    assert ([203, 203], [200, 200]) == (before, during)
    assert 2 == len(double.requests) == len(server.seen)


def test_a_kept_connection_does_not_answer_after_the_double(start: Start, server: Loopback) -> None:
    """A pooled connection to a double that has stopped leads to the real service, where that is allowed."""
    double = start(echo, hosts=(server.authority,))
    connection = http.client.HTTPConnection(server.authority)
    with requests.Session() as session:
        url = f"http://{server.authority}/handles"
        during = [said(connection)[0], session.post(url).status_code]
        registry.stop(double)
        with registry.lifted():
            after = [said(connection)[0], session.post(url).status_code]
        connection.close()

    assert ([200, 200], [203, 203]) == (during, after)
    assert 2 == len(double.requests) == len(server.seen)


def test_a_kept_connection_is_refused_after_the_double(double: Stub, post: Post) -> None:
    """Kept or new, a connection to MPSD is refused by name once the double has stopped."""
    connection = http.client.HTTPSConnection(MPSD_HOST)
    said(connection)
    registry.stop(double)
    for attempt in (lambda: said(connection), lambda: post(URL, b"")):
        with pytest.raises(Escaped, match="^a request for sessiondirectory.xboxlive.com was refused"):
            attempt()

    assert 1 == len(double.requests)


def test_a_socket_outlives_its_double_dead(double: Stub) -> None:
    """What was sent to a double that stopped meanwhile is not answered, and nothing more is taken."""
    connection = http.client.HTTPSConnection(MPSD_HOST)
    connection.request("POST", "/handles")
    registry.stop(double)
    with pytest.raises(ConnectionResetError):
        connection.getresponse()
    memory = MemorySocket(double, (MPSD_HOST, 443), "test", lambda raw, method: Response(200))
    with pytest.raises(ConnectionResetError):
        memory.sendall(b"GET")

    assert [] == double.requests
    assert urllib3.util.wait_for_read(memory, timeout=0)  # type: ignore[arg-type]  # urllib3 asks for no more than fileno


def test_doubles_nest_and_stop_in_any_order() -> None:
    """The double that started last is asked; one kept connection follows from each to the next."""
    first, second = Stub(echo, name="first"), Stub(echo, name="second")
    connection = http.client.HTTPSConnection(MPSD_HOST)
    with active(first), requests.Session() as session:
        for step in (
            None,
            lambda: registry.start(second),
            lambda: registry.stop(first),
            lambda: registry.start(first),
        ):
            if step:
                step()
            said(connection)
            session.post(URL)
        registry.stop(second)

    assert (4, 4) == (len(first.requests), len(second.requests))


@pytest.mark.skipif(os.name != "posix", reason="counts open files where the system lists them")
def test_connections_cost_no_open_file(double: Stub) -> None:
    """Two hundred clients that are never closed open no file."""
    with_urllib3(URL, b"")
    before = len(os.listdir("/dev/fd"))
    kept = [urllib3.PoolManager() for _ in range(200)]
    for pool in kept:
        pool.request("POST", URL)
        pool.request("POST", URL)

    assert before == len(os.listdir("/dev/fd"))
    assert 401 == len(double.requests)


def test_a_connection_goes_when_its_client_lets_go(double: Stub) -> None:
    """Connection and socket are no cycle: nothing waits for the garbage collector."""
    connection = http.client.HTTPSConnection(MPSD_HOST)
    said(connection)
    left = weakref.ref(connection.sock)
    gc.disable()
    try:
        del connection

        assert left() is None
    finally:
        gc.enable()


# others


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


# what fails

PROMISED = b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\nonly this"
CHUNK = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"

FAULTS: list[tuple[str, Ending, bytes, dict[str, type[Exception] | None]]] = [
    (
        "timeout",
        Ending.TIMEOUT,
        b"",
        {
            "requests": requests.ReadTimeout,
            "urllib3": urllib3.exceptions.ReadTimeoutError,
            "urllib": TimeoutError,
            "http.client": TimeoutError,
        },
    ),
    (
        "closed",
        Ending.CLOSE,
        b"",
        {
            "requests": requests.ConnectionError,
            "urllib3": urllib3.exceptions.ProtocolError,
            "urllib": http.client.RemoteDisconnected,
            "http.client": http.client.RemoteDisconnected,
        },
    ),
    (
        "reset",
        Ending.RESET,
        b"",
        {
            "requests": requests.ConnectionError,
            "urllib3": urllib3.exceptions.ProtocolError,
            "urllib": ConnectionResetError,
            "http.client": ConnectionResetError,
        },
    ),
    (
        "truncated",
        Ending.CLOSE,
        PROMISED,
        {
            "requests": BROKEN_OFF,
            "urllib3": urllib3.exceptions.ProtocolError,
            "urllib": http.client.IncompleteRead,
            "http.client": http.client.IncompleteRead,
        },
    ),
    (
        "truncated chunk",
        Ending.CLOSE,
        CHUNK,
        {
            "requests": requests.exceptions.ChunkedEncodingError,
            "urllib3": urllib3.exceptions.ProtocolError,
            "urllib": http.client.IncompleteRead,
            "http.client": http.client.IncompleteRead,
        },
    ),
    (
        "silent in the body",
        Ending.TIMEOUT,
        PROMISED,
        {
            "requests": requests.ConnectionError,
            "urllib3": urllib3.exceptions.ReadTimeoutError,
            "urllib": TimeoutError,
            "http.client": TimeoutError,
        },
    ),
    (
        "garbage",
        Ending.CLOSE,
        b"\x00garbage\r\n\r\n",
        {
            "requests": requests.ConnectionError,
            "urllib3": urllib3.exceptions.ProtocolError,
            "urllib": http.client.BadStatusLine,
            "http.client": http.client.BadStatusLine,
        },
    ),
    (
        "nothing more on a connection that stays open",
        Ending.KEEP,
        b"HTTP/1.1 201 Cre",
        {
            "requests": requests.ReadTimeout,
            "urllib3": urllib3.exceptions.ReadTimeoutError,
            "urllib": TimeoutError,
            "http.client": TimeoutError,
        },
    ),
]


@pytest.mark.parametrize(
    ("ending", "sent", "expected"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_the_clients_own_exception(
    start: Start, post: Post, client: str, ending: Ending, sent: bytes, expected: dict[str, type[Exception] | None]
) -> None:
    """How a connection ends is said by each client in its own words, at once, and it can go on afterwards."""
    double = start(Fault(ending, "stub", sent=sent), echo)
    raised = None
    try:
        post(URL, b"lost")
    except Exception as error:
        raised = type(error)

    assert expected[client] is raised
    assert (200, b"next") == post(URL, b"next")
    assert 2 == len(double.departed)


def test_a_request_that_nothing_may_answer(start: Start, post: Post) -> None:
    """The error reaches the caller as it is, from every client."""
    error = Unanswered("no such request is recorded")
    start(Nothing(error))
    with pytest.raises(Unanswered) as raised:
        post(URL, b"")

    assert error is raised.value


@pytest.mark.parametrize("error", [Unanswered("nothing"), KeyboardInterrupt(), ValueError("a stage is broken")])
def test_an_error_leaves_no_broken_pool(start: Start, error: BaseException) -> None:
    """After an error of the double, the same session, with one connection that is waited for, goes on."""
    double = start(error, echo)
    pool = urllib3.HTTPSConnectionPool(MPSD_HOST, maxsize=1, block=True, timeout=5)
    with pytest.raises(type(error)):
        pool.request("POST", "/handles", retries=3)

    assert b"next" == pool.request("POST", "/handles", body=b"next").data
    assert (1, 1) == (len(double.abandoned), len(double.departed))


def test_closing_hides_nothing(start: Start) -> None:
    """A request that nothing may answer, found only while its connection closes, does not raise there."""
    double = start(Nothing(Unanswered("nothing")))
    connection = http.client.HTTPSConnection(MPSD_HOST)
    connection.request("POST", "/handles")
    connection.close()

    assert 1 == len(double.departed)


def test_an_incomplete_request_waits_for_the_rest(double: Stub) -> None:
    """A client that reads before it has sent everything waits in vain, as it would for a server."""
    connection = http.client.HTTPSConnection(MPSD_HOST)
    connection.putrequest("POST", "/handles")
    connection.putheader("Content-Length", "10")
    connection.endheaders(b"half")
    with pytest.raises(TimeoutError):
        connection.getresponse()

    assert [] == double.requests


# many threads


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
    other = Stub(echo, hosts=("other.example",))
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


# the second net


@pytest.mark.parametrize("name", [MPSD_HOST, MPSD_HOST.upper(), MPSD_HOST.encode(), MPSD_HOST + "."])
def test_a_look_up_of_mpsd_is_refused(double: Stub, name: str | bytes) -> None:
    """What comes by no road of ours ends at the look-up, and the registry remembers it."""
    with pytest.raises(Escaped) as raised:
        socket.create_connection((name, 443))

    assert [raised.value] == registry.escapes


def test_the_refusal_of_a_look_up_says_what_to_do(double: Stub) -> None:
    """The message names the double, the thread and the other road."""
    with pytest.raises(Escaped) as raised:
        socket.getaddrinfo(MPSD_HOST, "https")

    assert (
        "a look-up of sessiondirectory.xboxlive.com was refused: requests for it go to the double of a_test, never to "
        "the network.\n"
        "  asked by thread 'MainThread', on a road that handlesfake does not carry\n"
        "  it carries http.client, urllib, urllib3, requests, botocore, httpx and aiohttp; for any other client use\n"
        "  a real port: the fixture mpsd_server, or    handlesfake serve"
    ) == str(raised.value)


def test_other_names_are_looked_up(double: Stub) -> None:
    """Names that are nobody's here, and no name at all, are looked up as ever."""
    assert socket.getaddrinfo("127.0.0.1", 80)
    assert socket.getaddrinfo(None, 80)
    assert [] == registry.escapes
