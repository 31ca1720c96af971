"""aiohttp at the connections that its connector makes and keeps."""

from __future__ import annotations

import asyncio
import inspect
import socket
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from handlesfake.callsite.call_site import calling_line
from handlesfake.errors import Escaped, NotRecorded
from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault, Forward, NoAnswer
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response
from tests.intercept.loopback import Loopback, Streamed, failing, really
from tests.intercept.stub import CREATED, URL, Stub, echo
from tests.patience import PATIENCE

VERSION = tuple(int(number) for number in aiohttp.__version__.split(".")[:2])

Start = Callable[..., Stub]


async def send(method: str, url: str, session: Any = None, **request: Any) -> tuple[aiohttp.ClientResponse, bytes]:
    """Send one request in a new session, and read the answer."""
    async with aiohttp.ClientSession(**(session or {})) as client, client.request(method, url, **request) as response:
        return response, await response.read()


async def stream(url: str, timeout: float = PATIENCE) -> Streamed:
    """Read as far as it goes, with a read timeout."""
    status, body = 0, b""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(sock_read=timeout)) as client:
        try:
            async with client.post(url, allow_redirects=False) as response:
                status = response.status
                async for piece in response.content.iter_any():
                    body += piece
        except (aiohttp.ClientError, OSError) as error:
            return status, body, error
    return status, body, None


def test_the_request_arrives_as_it_crossed_the_wire(double: Stub) -> None:
    """Target with query, header lines with their names as sent, and the body reach the double."""
    headers = {"X-Xbl-Contract-Version": "107"}
    asyncio.run(send("POST", f"{URL}?include=relatedInfo", json={"a": 1}, headers=headers))
    request = double.requests[0]

    assert ("POST", "/handles?include=relatedInfo", MPSD_HOST) == (request.method, request.target, request.host)
    assert "Host" == request.headers[0][0]
    assert "107" == dict(request.headers)["X-Xbl-Contract-Version"]
    assert b'{"a": 1}' == request.body
    assert ["aiohttp"] == double.clients


def test_the_answer_is_read_by_the_clients_own_parser(start: Start) -> None:
    """Status, reason, headers with Content-Length, and body are those of a real response."""
    start(Answer(Response(201, Headers([("X-A", "1"), ("X-A", "2")]), b'{"id":"h1"}', "Made"), "stub"))
    response, body = asyncio.run(send("POST", URL))

    assert type(response) is aiohttp.ClientResponse
    assert (201, "Made", b'{"id":"h1"}') == (response.status, response.reason, body)
    assert ((b"X-A", b"1"), (b"X-A", b"2"), (b"Content-Length", b"11")) == response.raw_headers


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("DELETE", 204), ("GET", 304)])
def test_no_body_comes_where_http_allows_none(start: Start, method: str, status: int) -> None:
    """HEAD, 204 and 304 have no body, and the connection can carry the next request."""
    start(Answer(Response(status, body=b"12345"), "stub"), CREATED)

    async def main() -> list[bytes]:
        async with aiohttp.ClientSession() as session:
            return [await (await session.request(method, URL)).read(), await (await session.post(URL)).read()]

    assert [b"", CREATED.response.body] == asyncio.run(main())


def test_a_content_coding_is_undone_by_the_client(start: Start) -> None:
    """A gzipped answer travels as it is, and the client decodes it."""
    start(Answer(Response(200, Headers([("Content-Encoding", "gzip")]), Loopback.BODY), "stub"))

    assert b'{"real":true}' == asyncio.run(send("GET", URL))[1]


def test_a_relative_address_goes_to_the_sessions_base_url(double: Stub) -> None:
    """``ClientSession(base_url=)`` works by itself."""
    asyncio.run(send("POST", "/handles/query", {"base_url": f"https://{MPSD_HOST}"}))

    assert ["/handles/query"] == [request.target for request in double.requests]


async def _parts() -> AsyncIterator[bytes]:
    for part in (b"on", b"e"):
        await asyncio.sleep(0)
        yield part


def test_a_generated_body_arrives_whole(double: Stub) -> None:
    """The pieces of a generator are sent in chunks, and put together."""
    asyncio.run(send("POST", URL, data=_parts()))

    assert [b"one"] == double.bodies
    assert "chunked" == double.requests[0].headers.first("Transfer-Encoding")


def test_a_form_arrives_as_its_bytes(double: Stub) -> None:
    """A multipart form with a file is what crossed the wire, not an object."""

    async def main() -> None:
        form = aiohttp.FormData()
        form.add_field("file", b"\x00\xff", filename="f.bin")
        await send("POST", URL, data=form)

    asyncio.run(main())

    assert b"\x00\xff" in double.bodies[0]


def test_a_client_that_waits_for_leave_to_send_its_body_gets_it(double: Stub) -> None:
    """``Expect: 100-continue`` is answered, and the body follows."""
    _, body = asyncio.run(send("POST", URL, data=b"big", expect100=True))

    assert b"big" == body
    assert [b"big"] == double.bodies


def test_a_redirect_is_followed_by_the_client(start: Start) -> None:
    """A 307 makes the client itself send the same request to the new address."""
    double = start(Answer(Response(307, Headers([("Location", "/handles/2")])), "stub"), CREATED)
    response, _ = asyncio.run(send("POST", URL, data=b"x"))

    assert [307] == [earlier.status for earlier in response.history]
    assert ["/handles", "/handles/2"] == [request.target for request in double.requests]
    assert [b"x", b"x"] == double.bodies


@pytest.mark.usefixtures("double")
def test_the_clients_trace_hooks_run() -> None:
    """A connection is made, then used again, as the hooks of a real session would tell."""
    told: list[str] = []

    async def main() -> None:
        trace = aiohttp.TraceConfig()
        for name in ("connection_create_start", "connection_create_end", "connection_reuseconn", "request_end"):

            async def tell(*_: Any, name: str = name) -> None:
                told.append(name)

            getattr(trace, f"on_{name}").append(tell)
        async with aiohttp.ClientSession(trace_configs=[trace]) as session:
            for _ in range(2):
                await (await session.post(URL)).read()

    asyncio.run(main())

    assert [
        "connection_create_start",
        "connection_create_end",
        "request_end",
        "connection_reuseconn",
        "request_end",
    ] == told


@pytest.mark.skipif(VERSION < (3, 12), reason="aiohttp has middlewares since 3.12")
def test_the_clients_middlewares_run(double: Stub) -> None:
    """A middleware adds its header."""

    async def sign(request: Any, handler: Any) -> Any:
        request.headers["Signature"] = "s"
        return await handler(request)

    asyncio.run(send("POST", URL, {"middlewares": (sign,)}))

    assert "s" == double.requests[0].headers.first("Signature")


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
    (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n", ConnectionEnd.CLOSE),
    (HEAD + b"Content-Type: text/plain\r\n\r\nabc", ConnectionEnd.CLOSE),
]


@pytest.mark.parametrize(("sent", "ending"), FAILURES)
def test_a_failure_is_the_one_that_a_real_server_causes(start: Start, sent: bytes, ending: ConnectionEnd) -> None:
    """The same bytes and the same ending give the same status, the same body and the same exception."""
    real, authority = really(lambda url, timeout: asyncio.run(stream(url, timeout)), sent, ending)
    start(Fault(ending, "rule", sent=sent))
    status, body, failure = asyncio.run(stream(URL))
    text = str(real[2]).replace(f"http://{authority}", f"https://{MPSD_HOST}")

    assert (real[0], real[1], type(real[2]), text) == (status, body, type(failure), str(failure))


@pytest.mark.parametrize("sent", [b"", HEAD + b"Content-Length: 9\r\n\r\nabc"])
@pytest.mark.parametrize("ending", [ConnectionEnd.TIMEOUT, ConnectionEnd.KEEP])
def test_silence_is_a_timeout_at_once(start: Start, sent: bytes, ending: ConnectionEnd) -> None:
    """No time passes: the read timeout of the client comes, even if it has none."""
    start(Fault(ending, "rule", sent=sent))
    with pytest.raises(aiohttp.ServerTimeoutError, match="Timeout on reading data from socket"):
        asyncio.run(asyncio.wait_for(send("POST", URL, timeout=aiohttp.ClientTimeout()), PATIENCE))


@pytest.mark.skipif(VERSION < (3, 10), reason="aiohttp tries a kept connection again since 3.10")
def test_a_kept_connection_that_breaks_is_tried_again_by_the_client(start: Start) -> None:
    """The client sends a PUT again when a kept connection dies, but not a POST: as in production."""
    double = start(CREATED, Fault(ConnectionEnd.CLOSE, "rule"), CREATED, Fault(ConnectionEnd.CLOSE, "rule"))

    async def main() -> int:
        async with aiohttp.ClientSession() as session:
            await (await session.put(URL)).read()
            again = await session.put(URL)
            await again.read()
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await session.post(URL)
            return again.status

    assert 201 == asyncio.run(main())
    assert ["PUT", "PUT", "PUT", "POST"] == [request.method for request in double.requests]


def test_a_large_answer_waits_for_a_slow_reader(start: Start) -> None:
    """A body larger than the client's buffer arrives whole, although the connection closes behind it."""
    body = bytes(range(256)) * 8192
    start(Fault(ConnectionEnd.CLOSE, "rule", sent=HEAD + b"\r\n" + body))

    assert (200, body, None) == asyncio.run(stream(URL))


@pytest.mark.parametrize("raised", [NotRecorded("not in the cassette"), OSError("a stage failed"), KeyError("id")])
def test_an_error_reaches_the_caller_raw_and_at_once(start: Start, raised: Exception) -> None:
    """What the engine raises is neither a timeout nor a failure of the network."""
    double = start(raised)
    with pytest.raises(type(raised)) as caught:
        asyncio.run(asyncio.wait_for(send("POST", URL), 5))

    # aiohttp turns every OSError that comes from a connection into a ClientOSError, a real one as well
    assert raised.args == caught.value.args
    assert 1 == len(double.abandoned)


def test_nothing_raises_its_error_after_the_request_departed(start: Start) -> None:
    """An outcome of nothing is the developer's error, and the request is no longer in flight."""
    nothing = NoAnswer(NotRecorded("not in the cassette"))
    double = start(nothing)
    with pytest.raises(NotRecorded, match="not in the cassette") as caught:
        asyncio.run(send("POST", URL))

    assert nothing.error is caught.value
    assert [nothing] == double.departed


@pytest.mark.parametrize("proxied", [False, True])
def test_a_forwarded_request_is_made_over_a_real_connection(start: Start, server: Loopback, proxied: bool) -> None:
    """The real answer comes to the double with its content coding, and to the caller as the double decides."""
    seen: list[Response] = []

    def then(response: Response) -> Answer:
        seen.append(response)
        return Answer(response, "real service")

    double = start(Forward(then), hosts=(server.authority if not proxied else "mpsd.example",))
    url = f"http://{double.hosts[0]}/handles?a=b"
    extra = {"proxy": f"http://{server.authority}"} if proxied else {}

    async def main() -> list[bytes]:
        async with aiohttp.ClientSession() as session:
            return [await (await session.post(url, data=_parts(), **extra)).read() for _ in range(2)]

    answers = asyncio.run(main())

    assert [f"POST {url if proxied else '/handles?a=b'} HTTP/1.1"] * 2 == server.seen
    assert [b"one", b"one"] == server.bodies
    assert ["/handles?a=b"] * 2 == [request.target for request in double.requests]
    assert (203, "Really Made", Loopback.BODY) == (seen[0].status, seen[0].phrase, seen[0].body)
    assert [b'{"real":true}'] * 2 == answers


@pytest.mark.parametrize(("sent", "ending"), FAILURES)
def test_a_real_call_that_fails_is_a_failure_of_the_client(start: Start, sent: bytes, ending: ConnectionEnd) -> None:
    """What the real service does to a forwarded request reaches the caller as an exception of aiohttp."""
    with failing(sent, ending) as authority:
        start(Forward(lambda response: Answer(response, "real service")), hosts=(authority,))
        wait = 0.05 if ending is ConnectionEnd.TIMEOUT else PATIENCE
        status, body, failure = asyncio.run(stream(f"http://{authority}/handles", wait))
    whole = sent.endswith(b"plain\r\n\r\nabc")

    assert (200, b"abc") == (status, body) if whole else isinstance(failure, aiohttp.ClientError)


def test_a_real_connection_that_cannot_be_made_is_the_clients_error(start: Start) -> None:
    """No server listens: the exception is the one of a connector."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        authority = f"127.0.0.1:{unused.getsockname()[1]}"
        start(Forward(lambda response: Answer(response, "real service")), hosts=(authority,))
        with pytest.raises(aiohttp.ClientConnectorError):
            asyncio.run(send("POST", f"http://{authority}/handles"))


def test_another_host_is_untouched(double: Stub, server: Loopback) -> None:
    """A request for a host that is not MPSD goes its way, and the double hears nothing of it."""
    _, body = asyncio.run(send("POST", f"http://{server.authority}/other", data=b"x"))

    assert b'{"real":true}' == body
    assert [] == double.requests


def test_proxies_divert_nothing(double: Stub, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither ``proxy=`` nor the environment leads a request for MPSD away."""
    for name in ("HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://user:secret@{server.authority}")
    proxy = f"http://{server.authority}"
    for url in (URL, URL.replace("https", "http")):
        asyncio.run(send("POST", url, {"trust_env": True}))
        asyncio.run(send("POST", url, proxy=proxy))

    assert ["/handles"] * 4 == [request.target for request in double.requests]
    assert [MPSD_HOST] * 4 == [request.host for request in double.requests]
    assert 0 == server.connections


def test_a_connection_kept_from_before_the_double_is_not_used(start: Start, server: Loopback) -> None:
    """A session that already speaks with the real host speaks with the double while it is active."""
    url = f"http://{server.authority}/handles"

    async def main() -> list[int]:
        async with aiohttp.ClientSession() as session:

            async def status() -> int:
                async with session.post(url) as response:
                    await response.read()
                    return response.status

            before = await status()
            double = start(hosts=(server.authority,))
            during = [await status(), await status()]
            registry.stop(double)
            with registry.lifted():
                return [before, *during, await status()]

    assert [203, 201, 201, 203] == asyncio.run(main())
    assert 2 == len(server.seen)


def test_a_kept_connection_after_the_double_is_dead(start: Start) -> None:
    """After the last double the session is refused by name; the next double gets its own requests."""
    first = start(name="tests/test_party.py::test_one")

    async def main() -> list[Stub]:
        async with aiohttp.ClientSession() as session:
            await (await session.post(URL, data=b"1")).read()
            registry.stop(first)
            with pytest.raises(Escaped, match=r"the double of tests/test_party\.py::test_one has stopped"):
                await session.post(URL, data=b"2")
            second = start()
            await (await session.post(URL, data=b"3")).read()
            third = start()
            await (await session.post(URL, data=b"4")).read()
            registry.stop(third)
            await (await session.post(URL, data=b"5")).read()
            return [first, second, third]

    doubles = asyncio.run(main())

    assert [[b"1"], [b"3", b"5"], [b"4"]] == [double.bodies for double in doubles]


def test_a_connection_is_kept_as_a_real_one(double: Stub) -> None:
    """Requests one after the other use one connection; one that is told to close is not kept."""
    created: list[Any] = []

    async def main() -> None:
        async def create(*_: Any) -> None:
            created.append(len(double.requests))

        trace = aiohttp.TraceConfig()
        trace.on_connection_create_end.append(create)
        async with aiohttp.ClientSession(trace_configs=[trace]) as session:
            for headers in ({}, {}, {"Connection": "close"}, {}):
                await (await session.post(URL, headers=headers)).read()

    asyncio.run(main())

    assert [0, 3] == created


def test_a_users_own_connector_is_left_alone(double: Stub, server: Loopback) -> None:
    """A connector with its own way to connect is left alone."""

    class Own(aiohttp.TCPConnector):
        async def _create_connection(self, req: Any, traces: Any, timeout: Any) -> Any:
            _, protocol = await self._loop.create_connection(self._factory, "127.0.0.1", server.server_port)
            return protocol

    async def main() -> bytes:
        _, body = await send("POST", URL.replace("https", "http"), {"connector": Own()})
        return body

    assert b'{"real":true}' == asyncio.run(main())
    assert [] == double.requests


def test_a_connector_with_settings_of_the_users_does_no_harm(double: Stub) -> None:
    """A resolver, limits, an SSL context and a fingerprint are not even asked."""

    async def main() -> None:
        class Resolver(aiohttp.ThreadedResolver):
            async def resolve(self, *args: Any, **kwargs: Any) -> Any:
                raise AssertionError("nothing is to be looked up")

        connector = aiohttp.TCPConnector(resolver=Resolver(), limit_per_host=1, ssl=aiohttp.Fingerprint(b"0" * 32))
        async with aiohttp.ClientSession(connector=connector) as session:
            await asyncio.gather(*(session.post(URL) for _ in range(1)))

    asyncio.run(main())

    assert 1 == len(double.requests)


def test_a_hundred_tasks_are_in_flight_at_once(double: Stub) -> None:
    """The loop turns before the service acts, so that races show."""

    async def main() -> None:
        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(_read(session) for _ in range(100)))

    asyncio.run(main())

    assert 100 == double.max_in_flight


async def _read(session: aiohttp.ClientSession, body: bytes = b"x") -> bytes:
    async with session.post(URL, data=body) as response:
        return await response.read()


def test_a_caller_that_gives_up_abandons_its_request(start: Start) -> None:
    """Cancelled while a real call is under way, the request is no longer in flight, and the session stays usable."""

    async def main(double: Stub, url: str) -> bytes:
        async with aiohttp.ClientSession() as session:
            given_up = asyncio.create_task(session.post(url))
            while not double.requests:
                await asyncio.sleep(0)
            given_up.cancel()
            with pytest.raises(asyncio.CancelledError):
                await given_up
            await asyncio.sleep(0)

            assert (1, []) == (len(double.abandoned), double.departed)
            return await (await session.post(url, data=b"again")).read()

    with failing(b"", ConnectionEnd.TIMEOUT) as authority:
        silent = Forward(lambda response: Answer(response, "real service"))
        double = start(silent, echo, hosts=(authority,))

        assert b"again" == asyncio.run(main(double, f"http://{authority}/handles"))


def test_a_request_that_waits_for_a_connection_is_refused_after_the_double(start: Start) -> None:
    """It was in the queue of a connector with a limit when the double stopped: nothing is sent."""

    async def main(double: Stub, url: str) -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
            first = asyncio.create_task(session.post(url))
            while not double.requests:
                await asyncio.sleep(0)
            second = asyncio.create_task(session.post(url))
            await asyncio.sleep(0)
            registry.stop(double)
            first.cancel()
            with pytest.raises(Escaped):
                await second

    with failing(b"", ConnectionEnd.TIMEOUT) as authority:
        double = start(Forward(lambda response: Answer(response, "real service")), hosts=(authority,))
        registry.guarded_hosts |= {authority}  # by itself nothing on this machine is guarded
        try:
            asyncio.run(asyncio.wait_for(main(double, f"http://{authority}/handles"), PATIENCE))
        finally:
            registry.guarded_hosts -= {authority}

    assert 1 == len(double.requests)


def test_a_request_that_is_no_http_is_answered_as_one(double: Stub) -> None:
    """A header name with a space, which the client lets pass, is the double's to answer, with what is wrong with it."""
    asyncio.run(asyncio.wait_for(send("POST", URL, headers={"X Y": "1"}), PATIENCE))

    assert ["illegal header line: bytearray(b'X Y: 1')"] == [request.malformed for request in double.requests]


def test_a_loop_that_is_closed_takes_nothing_with_it(double: Stub) -> None:
    """Each loop has its own session; one closed without care does no harm to the next."""
    for number in range(3):
        loop = asyncio.new_event_loop()
        session = loop.run_until_complete(_session())
        assert str(number).encode() == loop.run_until_complete(_read(session, str(number).encode()))
        loop.run_until_complete(session.close())
        loop.close()

    assert [b"0", b"1", b"2"] == double.bodies


async def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession()


def test_loops_in_threads_are_all_answered(double: Stub) -> None:
    """Sixteen event loops at once; each task gets the answer to its own request."""
    answered: list[bytes] = []

    async def main(name: int) -> None:
        async with aiohttp.ClientSession() as session:
            answered.extend([await _read(session, f"{name}-{number}".encode()) for number in range(10)])

    threads = [threading.Thread(target=lambda name=name: asyncio.run(main(name))) for name in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answered) == sorted(double.bodies)
    assert 160 == len(set(answered))


def test_the_line_that_sent_a_request_is_known(start: Start) -> None:
    """The double sees the line and the task of the caller, although the seam serves it in a separate task."""
    lines: list[str] = []
    tasks: list[Any] = []

    def decide(request: Request) -> Answer:
        task = asyncio.current_task()
        tasks.append(task and task.get_name())
        lines.append(calling_line())
        return echo(request)

    start(decide)

    async def main() -> None:
        async with aiohttp.ClientSession() as session:
            await asyncio.create_task(_read(session), name="inviter")

    asyncio.run(main())

    assert ["inviter"] == tasks
    assert lines[0].endswith(" in _read")
    assert "test_aiohttp.py:" in lines[0]


def test_the_private_names_that_the_seam_stands_on_are_there() -> None:
    """A release of aiohttp that moves one of them is caught here."""
    connect = inspect.signature(aiohttp.BaseConnector.connect)
    create = inspect.signature(aiohttp.TCPConnector._create_connection)

    async def protocol() -> Any:
        connector = aiohttp.TCPConnector()
        await connector.close()
        return connector._factory()

    handler = asyncio.run(protocol())

    assert ["self", "req", "traces", "timeout"] == list(connect.parameters) == list(create.parameters)
    assert callable(handler._on_read_timeout)
    assert callable(handler.set_exception)


def test_a_host_is_met_by_its_port(start: Start) -> None:
    """``host:443`` takes requests that name no port, since that is the port of https, and no others."""
    double = start(hosts=(f"{MPSD_HOST}:443",))
    asyncio.run(send("POST", URL))

    assert 1 == len(double.requests)
    assert registry.active_for(MPSD_HOST, 80) is None


def test_a_socket_less_connection_tells_nothing_untrue(double: Stub) -> None:
    """The transport under a response is one of asyncio's, and names no peer."""

    async def main() -> Any:
        async with aiohttp.ClientSession() as session, session.post(URL) as response:
            connection = response.connection
            return connection and connection.transport and connection.transport.get_extra_info("peername")

    assert asyncio.run(main()) is None
    assert 1 == len(double.requests)
