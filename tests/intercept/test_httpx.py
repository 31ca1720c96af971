"""httpx and httpx2, sync and async (asyncio, trio), at the seam of their transports."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import httpx
import httpx2
import pytest
import trio

from handlesfake.errors import Escaped, NotRecorded
from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault, Forward, NoAnswer
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Response
from tests.intercept.loopback import Loopback, Streamed, really
from tests.intercept.stub import CREATED, URL, Stub
from tests.patience import PATIENCE


@dataclass(frozen=True)
class Road:
    """One way from a test to a transport of ``client``: ``run`` awaits, or is None for the sync side."""

    client: ModuleType
    run: Callable[..., Any] | None

    def send(self, method: str, url: str, *, read: Any = None, client: Any = None, **request: Any) -> Any:
        """Send one request; ``read`` (of a response, maybe async) works within the life of the client."""
        options = {"verify": False, **(client or {})}
        if self.run is None:
            with self.client.Client(**options) as session:
                response = session.request(method, url, **request)
                return read(response) if read else response
        return self.run(self._send_async, method, url, read, options, request)

    async def _send_async(self, method: str, url: str, read: Any, options: Any, request: Any) -> Any:
        async with self.client.AsyncClient(**options) as session:
            response = await session.request(method, url, **request)
            return read(response) if read else response

    def stream(self, url: str, timeout: float = PATIENCE) -> Streamed:
        """Read as far as it goes, with a read timeout."""
        got: list[Any] = [0, b"", None]
        options = {"verify": False, "timeout": self.client.Timeout(PATIENCE, read=timeout)}
        try:
            if self.run is None:
                self._stream(url, options, got)
            else:
                self.run(self._stream_async, url, options, got)
        except self.client.HTTPError as error:
            got[2] = error
        return got[0], got[1], got[2]

    def _stream(self, url: str, options: dict[str, Any], got: list[Any]) -> None:
        with self.client.Client(**options) as session, session.stream("GET", url) as response:
            got[0] = response.status_code
            for piece in response.iter_raw():
                got[1] += piece

    async def _stream_async(self, url: str, options: dict[str, Any], got: list[Any]) -> None:
        async with self.client.AsyncClient(**options) as session, session.stream("GET", url) as response:
            got[0] = response.status_code
            async for piece in response.aiter_raw():
                got[1] += piece


def _asyncio(function: Callable[..., Awaitable[Any]], *args: Any) -> Any:
    async def main() -> Any:
        return await function(*args)

    return asyncio.run(main())


Start = Callable[..., Stub]

ROADS = {
    f"{client.__name__}-{name}": Road(client, run)
    for client in (httpx, httpx2)
    for name, run in (("sync", None), ("asyncio", _asyncio), ("trio", trio.run))
}


@pytest.fixture(params=ROADS.values(), ids=ROADS.keys())
def road(request: pytest.FixtureRequest) -> Road:
    """Each client, each way."""
    road: Road = request.param
    return road


@pytest.fixture(params=[road for road in ROADS.values() if road.run], ids=[n for n, r in ROADS.items() if r.run])
def loop_road(request: pytest.FixtureRequest) -> Road:
    """Each client on each loop."""
    road: Road = request.param
    return road


def test_the_request_arrives_as_it_would_have_crossed_the_wire(double: Stub, road: Road) -> None:
    """Target with query, header lines in wire order with their names as sent, and the body reach the double."""
    road.send("POST", f"{URL}?include=relatedInfo", json={"a": 1}, headers={"X-Xbl-Contract-Version": "107"})
    request = double.requests[0]

    assert ("POST", "/handles?include=relatedInfo", MPSD_HOST) == (request.method, request.target, request.host)
    assert "Host" == request.headers[0][0]
    assert "107" == dict(request.headers)["X-Xbl-Contract-Version"]
    assert request.headers.first("Content-Length") == str(len(request.body))
    assert b'{"a":1}' == request.body.replace(b" ", b"")
    assert [road.client.__name__] == double.clients


def test_the_answer_is_the_clients_own_response(start: Start, road: Road) -> None:
    """Status, reason, version, headers with Content-Length, body and elapsed are those of a real response."""
    answer = Answer(Response(201, Headers([("X-A", "1"), ("X-A", "2")]), b'{"id":"h1"}', "Made"), "stub")
    start(answer)
    response = road.send("POST", URL)

    assert type(response) is road.client.Response
    assert (201, "Made", "HTTP/1.1") == (response.status_code, response.reason_phrase, response.http_version)
    assert [("X-A", "1"), ("X-A", "2"), ("Content-Length", "11")] == [
        (name.decode(), value.decode()) for name, value in response.headers.raw
    ]
    assert {"id": "h1"} == response.json()
    assert response.elapsed.total_seconds() >= 0
    assert URL == str(response.request.url)


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("DELETE", 204), ("GET", 304)])
def test_no_body_comes_where_http_allows_none(start: Start, road: Road, method: str, status: int) -> None:
    """HEAD, 204 and 304 have no body; HEAD still tells its length."""
    start(Answer(Response(status, body=b"12345"), "stub"))
    response = road.send(method, URL)

    assert b"" == response.content
    assert ("5" if method == "HEAD" else None) == response.headers.get("Content-Length")


def test_a_content_coding_is_undone_by_the_client(start: Start, road: Road) -> None:
    """A gzipped answer travels as it is, and the client decodes it."""
    gzipped = Answer(Response(200, Headers([("Content-Encoding", "gzip")]), Loopback.BODY), "stub")
    start(gzipped)
    response = road.send("GET", URL)

    assert {"real": True} == response.json()
    assert str(len(Loopback.BODY)) == response.headers["Content-Length"]


def _parts() -> Iterator[bytes]:
    yield b"on"
    yield b"e"


async def _parts_async() -> AsyncIterator[bytes]:
    yield b"on"
    yield b"e"


def test_a_generated_body_arrives_whole(double: Stub, road: Road) -> None:
    """The pieces of a generator body are put together; the transfer coding is not part of the body."""
    road.send("POST", URL, content=_parts_async() if road.run else _parts())

    assert [b"one"] == double.bodies
    assert "chunked" == double.requests[0].headers.first("Transfer-Encoding")


def test_a_multipart_body_arrives_whole(double: Stub, road: Road) -> None:
    """A form with a file arrives as its bytes."""
    road.send("POST", URL, data={"a": "1"}, files={"f": ("f.bin", io.BytesIO(b"\x00\xff"))})

    assert b"\x00\xff" in double.bodies[0]
    assert str(len(double.bodies[0])) == double.requests[0].headers.first("Content-Length")


def test_a_streamed_answer_can_be_read_in_pieces(start: Start, road: Road) -> None:
    """The body of an answer streams like that of a real one."""
    start(Answer(Response(200, body=b"abc"), "stub"))
    got = road.stream(URL)

    assert (200, b"abc", None) == got


def test_a_redirect_is_followed_by_the_client(start: Start, road: Road) -> None:
    """A 307 makes the client itself send the same request to the new address, under its own hooks."""
    moved = Answer(Response(307, Headers([("Location", "/handles/2")])), "stub")
    double = start(moved, CREATED)
    response = road.send("POST", URL, content=b"x", client={"follow_redirects": True})

    assert [307] == [earlier.status_code for earlier in response.history]
    assert ["/handles", "/handles/2"] == [request.target for request in double.requests]
    assert [b"x", b"x"] == double.bodies


def test_the_clients_hooks_run(double: Stub, road: Road) -> None:
    """Event hooks see the request and the response."""
    seen: list[Any] = []

    async def hook_async(event: Any) -> None:
        seen.append(type(event).__name__)

    hook = hook_async if road.run else lambda event: seen.append(type(event).__name__)
    road.send("POST", URL, client={"event_hooks": {"request": [hook], "response": [hook]}})

    assert ["Request", "Response"] == seen


@pytest.mark.parametrize(
    ("ending", "sent", "error", "text"),
    [
        (ConnectionEnd.CLOSE, b"", "RemoteProtocolError", "Server disconnected without sending a response."),
        (ConnectionEnd.RESET, b"", "ReadError", "[Errno 104] Connection reset by peer"),
        (ConnectionEnd.TIMEOUT, b"", "ReadTimeout", "The read operation timed out"),
        (ConnectionEnd.RESET, b"HTTP/1.1 20", "ReadError", "[Errno 104] Connection reset by peer"),
        (
            ConnectionEnd.CLOSE,
            b"rubbish\r\n\r\n",
            "RemoteProtocolError",
            "illegal status line: bytearray(b'rubbish')",
        ),
    ],
)
def test_a_fault_before_the_head_is_the_clients_own_exception(
    start: Start, road: Road, ending: ConnectionEnd, sent: bytes, error: str, text: str
) -> None:
    """A connection that ends without a head raises what a real one raises, with the request on it."""
    start(Fault(ending, "rule", sent=sent))
    with pytest.raises(getattr(road.client, error)) as caught:
        road.send("POST", URL)

    assert text == str(caught.value)
    assert URL == str(caught.value.request.url)


@pytest.mark.parametrize(
    ("ending", "error"),
    [
        (ConnectionEnd.CLOSE, "RemoteProtocolError"),
        (ConnectionEnd.RESET, "ReadError"),
        (ConnectionEnd.TIMEOUT, "ReadTimeout"),
    ],
)
def test_a_truncated_answer_fails_while_its_body_is_read(
    start: Start, road: Road, ending: ConnectionEnd, error: str
) -> None:
    """The head and the first bytes come; the exception comes where the body is read."""
    cut = Fault(ending, "rule", sent=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
    start(cut)
    status, body, failure = road.stream(URL)

    assert (200, b"abc", getattr(road.client, error)) == (status, body, type(failure))
    assert URL == str(failure.request.url)


def test_raw_bytes_that_are_whole_are_an_ordinary_answer(start: Start, road: Road) -> None:
    """A fault may send a complete answer by its raw bytes, an interim one before it."""
    raw = (
        b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    )
    start(Fault(ConnectionEnd.KEEP, "rule", sent=raw))
    response = road.send("GET", URL)

    assert (200, "Fine", "ok") == (response.status_code, response.reason_phrase, response.text)


HEAD = b"HTTP/1.1 200 OK\r\n"

FAILURES = [
    (b"", ConnectionEnd.CLOSE),
    (b"", ConnectionEnd.RESET),
    (b"", ConnectionEnd.TIMEOUT),
    (b"HTTP/1.1 20", ConnectionEnd.CLOSE),
    (b"rubbish\r\n\r\n", ConnectionEnd.CLOSE),
    (HEAD + b"Content-Length: 9\r\n\r\nabc", ConnectionEnd.CLOSE),
    (HEAD + b"Content-Length: 9\r\n\r\nabc", ConnectionEnd.RESET),
    (HEAD + b"Content-Length: 9\r\n\r\nabc", ConnectionEnd.TIMEOUT),
    (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz", ConnectionEnd.CLOSE),
    (HEAD + b"Content-Type: text/plain\r\n\r\nabc", ConnectionEnd.CLOSE),
]


@pytest.mark.parametrize(("sent", "ending"), FAILURES)
def test_a_failure_is_the_one_that_a_real_server_causes(
    start: Start, road: Road, sent: bytes, ending: ConnectionEnd
) -> None:
    """The same bytes and the same ending give the same status, the same body and the same exception."""
    real, _ = really(road.stream, sent, ending)
    start(Fault(ending, "rule", sent=sent))
    status, body, failure = road.stream(URL)

    assert (real[0], real[1], type(real[2])) == (status, body, type(failure))


@pytest.mark.parametrize("raised", [NotRecorded("not in the cassette"), OSError("a stage failed")])
def test_an_error_reaches_the_caller_raw(start: Start, road: Road, raised: BaseException) -> None:
    """What the engine raises is not dressed as a failure of the network."""
    double = start(raised)
    with pytest.raises(type(raised)) as caught:
        road.send("POST", URL)

    assert raised is caught.value
    assert 1 == len(double.abandoned)


def test_nothing_raises_its_error_after_the_request_departed(start: Start, road: Road) -> None:
    """An outcome of nothing is the developer's error, and the request is no longer in flight."""
    nothing = NoAnswer(NotRecorded("not in the cassette"))
    double = start(nothing)
    with pytest.raises(NotRecorded, match="not in the cassette"):
        road.send("POST", URL)

    assert [nothing] == double.departed


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({"Authorization": "XBL3.0 x=1;t\n"}, "Illegal header value b'XBL3.0 x=1;t\\n'"),
        ({"Content-Length": "2"}, "Too much data for declared Content-Length"),
        ({"Content-Length": "9"}, "Too little data for declared Content-Length"),
    ],
)
def test_what_the_client_could_not_have_sent_does_not_arrive(
    double: Stub, road: Road, headers: dict[str, str], text: str
) -> None:
    """A token read with its newline fails as it does in production, and so does a wrong length."""
    with pytest.raises(road.client.LocalProtocolError) as caught:
        road.send("POST", URL, content=b"1234", headers=headers)

    assert text == str(caught.value)
    assert [] == double.requests


def test_a_header_out_of_the_ordinary_arrives(double: Stub, road: Road) -> None:
    """An empty value is legal, and bytes above ASCII travel as latin-1."""
    road.send("POST", URL, headers=[(b"X-Empty", b""), (b"X-Latin", b"\xe9")])
    headers = double.requests[0].headers

    assert ("", "\xe9") == (headers.first("X-Empty"), headers.first("X-Latin"))


def test_a_forwarded_request_is_made_by_the_client_itself(start: Start, road: Road, server: Loopback) -> None:
    """The real answer comes to the double with its content coding, and to the caller as the double decides."""
    seen: list[Response] = []

    def then(response: Response) -> Answer:
        seen.append(response)
        return Answer(response, "real service")

    start(Forward(then), hosts=(server.authority,))
    response = road.send(
        "POST", f"http://{server.authority}/handles?a=b", content=_parts_async() if road.run else _parts()
    )

    assert ["POST /handles?a=b HTTP/1.1"] == server.seen
    assert [b"one"] == server.bodies
    assert (203, "Really Made", Loopback.BODY) == (seen[0].status, seen[0].phrase, seen[0].body)
    assert [None, None] == [seen[0].headers.first(name) for name in ("Content-Length", "Transfer-Encoding")]
    assert (203, {"real": True}) == (response.status_code, response.json())


@pytest.mark.parametrize("client", [httpx, httpx2])
def test_a_head_that_is_sent_again_is_the_one_that_was_sent(double: Stub, client: ModuleType) -> None:
    """The lines of the request before stand in for equal ones, which were read once, and for no others."""
    sent = [("*", b"a"), ("*", b"b"), ("*", b"three"), ("1", b"three"), ("*", b"a")]
    with client.Client(verify=False) as session:
        for value, body in sent:
            session.post(URL, content=body, headers={"If-Match": value})

    assert sent == [(one.headers.first("If-Match"), one.body) for one in double.requests]
    assert ["1", "1", "5", "5", "1"] == [one.headers.first("Content-Length") for one in double.requests]
    assert double.requests[0].headers is double.requests[1].headers


def test_another_host_is_untouched(double: Stub, road: Road, server: Loopback) -> None:
    """A request for a host that is not MPSD goes its way, and the double hears nothing of it."""
    response = road.send("POST", f"http://{server.authority}/handles", content=b"x")

    assert {"real": True} == response.json()
    assert [] == double.requests


def test_after_the_last_double_a_request_is_refused_by_name(start: Start, road: Road) -> None:
    """Nothing answers and nothing is sent: the error names the test that has ended."""
    registry.stop(start(name="tests/test_party.py::test_one"))
    with pytest.raises(Escaped) as caught:
        road.send("POST", URL)

    assert "the double of tests/test_party.py::test_one has stopped" in str(caught.value)


def test_a_host_is_met_by_its_port(start: Start, road: Road) -> None:
    """``host:443`` takes requests that name no port, since that is the port of https."""
    double = start(hosts=(f"{MPSD_HOST}:443",))
    road.send("POST", URL)

    assert 1 == len(double.requests)


def test_proxies_of_the_environment_divert_nothing(
    double: Stub, road: Road, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTTPS_PROXY and ALL_PROXY mount their own transports, which are intercepted as well."""
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://user:secret@{server.authority}")
    statuses = [road.send("POST", url).status_code for url in (URL, URL.replace("https", "http"))]

    assert [200, 200] == statuses
    assert ["/handles", "/handles"] == [request.target for request in double.requests]
    assert 0 == server.connections


def test_a_users_own_mock_transport_is_left_alone(double: Stub, road: Road) -> None:
    """A transport without a network is left alone."""
    transport = road.client.MockTransport(lambda request: road.client.Response(418))
    response = road.send("POST", URL, client={"transport": transport})

    assert 418 == response.status_code
    assert [] == double.requests


def test_a_users_transport_around_the_clients_own_is_met_inside(double: Stub, road: Road) -> None:
    """A retrying subclass sees each answer, as over a real connection."""
    name, method = ("AsyncHTTPTransport", "handle_async_request") if road.run else ("HTTPTransport", "handle_request")
    base = getattr(road.client, name)

    def twice(transport: Any, request: Any) -> Any:
        getattr(base, method)(transport, request)
        return getattr(base, method)(transport, request)

    async def twice_async(transport: Any, request: Any) -> Any:
        await getattr(base, method)(transport, request)
        return await getattr(base, method)(transport, request)

    subclass = type("Twice", (base,), {method: twice_async if road.run else twice})
    road.send("POST", URL, content=b"x", client={"transport": subclass(verify=False)})

    assert [b"x", b"x"] == double.bodies


@pytest.mark.parametrize("client", [httpx, httpx2])
def test_a_connection_kept_from_before_the_double_is_not_used(
    start: Start, client: ModuleType, server: Loopback
) -> None:
    """A client that already speaks with the real host speaks with the double once it starts."""
    with client.Client(verify=False) as session:
        before = session.post(f"http://{server.authority}/handles").status_code
        double = start(hosts=(server.authority,))
        during = session.post(f"http://{server.authority}/handles").status_code

    assert (203, 201) == (before, during)
    assert (1, 1) == (len(server.seen), len(double.requests))


@pytest.mark.parametrize("client", [httpx, httpx2])
def test_doubles_nest_and_end_in_any_order(start: Start, client: ModuleType) -> None:
    """The last started double that is still active answers."""
    outer, inner = start(), start()
    with client.Client(verify=False) as session:
        session.post(URL, content=b"1")
        registry.stop(outer)
        session.post(URL, content=b"2")
        registry.start(outer)
        session.post(URL, content=b"3")
        registry.stop(outer)
        session.post(URL, content=b"4")

    assert ([b"3"], [b"1", b"2", b"4"]) == (outer.bodies, inner.bodies)


def test_a_hundred_tasks_are_in_flight_at_once(double: Stub, loop_road: Road) -> None:
    """The loop turns before the service acts, so that races show."""

    async def main() -> None:
        async with loop_road.client.AsyncClient(verify=False) as session:
            if loop_road.run is trio.run:
                async with trio.open_nursery() as nursery:
                    for _ in range(100):
                        nursery.start_soon(session.post, URL)
            else:
                await asyncio.gather(*(session.post(URL) for _ in range(100)))

    assert loop_road.run is not None
    loop_road.run(main)

    assert 100 == double.max_in_flight


def test_a_cancelled_request_is_abandoned(double: Stub, loop_road: Road) -> None:
    """A caller that gives up while the loop turns leaves nothing in flight, and the service never acted."""

    async def main() -> None:
        async with loop_road.client.AsyncClient(verify=False) as session:
            if loop_road.run is trio.run:
                with trio.CancelScope() as scope:
                    scope.cancel()
                    await session.post(URL)
            else:
                task = asyncio.create_task(session.post(URL))
                await asyncio.sleep(0)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task

    assert loop_road.run is not None
    loop_road.run(main)

    assert (1, []) == (len(double.abandoned), double.departed)


def test_threads_with_one_client_are_all_answered(double: Stub) -> None:
    """Sixteen threads share a client; each gets the answer to its own request."""
    wrong: list[Any] = []

    def work(session: Any, name: int) -> None:
        for number in range(10):
            body = f"{name}-{number}".encode()
            got = session.post(URL, content=body).content
            if got != body:
                wrong.append((body, got))

    with httpx.Client(verify=False) as session:
        threads = [threading.Thread(target=work, args=(session, name)) for name in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert [] == wrong
    assert 160 == len(set(double.bodies))


def test_loops_in_threads_are_all_answered(double: Stub, loop_road: Road) -> None:
    """Eight event loops at once; each task gets the answer to its own request."""
    answered: list[bytes] = []

    async def main(name: int) -> None:
        async with loop_road.client.AsyncClient(verify=False) as session:
            for number in range(5):
                response = await session.post(URL, content=f"{name}-{number}".encode())
                answered.append(response.content)

    threads = [threading.Thread(target=loop_road.run, args=(main, name)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answered) == sorted(double.bodies)
    assert 40 == len(set(answered))


@pytest.mark.usefixtures("double")
def test_a_generator_body_stays_consumed() -> None:
    """Who sends the same request again gets the error that a real sending gives."""
    with httpx.Client(verify=False) as session:
        request = session.build_request("POST", URL, content=_parts())
        session.send(request)
        with pytest.raises(httpx.StreamConsumed):
            session.send(request)

    assert request.stream is not None
