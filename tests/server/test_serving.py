"""The service on a real socket, in a thread of this process."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import socket
import threading
from contextlib import suppress

import pytest

from handlesfake.double.double import core_of
from handlesfake.server.http.address import Address, listen
from tests.patience import PATIENCE
from tests.server.servers import ACTIVITY, call, connected, everything, post, posted, raw, thread

HEAD = b"Host: x\r\nAuthorization: XBL3.0 x=uhs-9000000000000001;made-up\r\nX-Xbl-Contract-Version: 107\r\n"
WHOLE = b"POST /handles HTTP/1.1\r\n" + HEAD + f"Content-Length: {len(ACTIVITY)}\r\n\r\n{ACTIVITY}".encode()


def test_it_answers_as_the_service_would() -> None:
    """An activity posted to the port is created, with the headers of the contract as the service spells them."""
    with thread() as (_, url):
        answer = posted(url)

    assert 201 == answer.status
    assert f"/handles/{answer.json['id']}" == answer.headers["Location"]
    assert "no-cache, no-store" == answer.headers["Cache-Control"]
    assert "server" not in {name.lower() for name in answer.headers}


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_small_write_is_sent_at_once(host: str) -> None:
    """Else a body that follows its head waits until the client has acknowledged the head: 40 ms a call on Linux."""

    async def option() -> int:
        found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            found.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(accepted, sock=listening):
            with socket.create_connection(listening.getsockname()[:2]):
                return await found

    with listen(Address(host)) as listening:
        assert 1 == asyncio.run(option())


def test_a_connection_is_kept_alive() -> None:
    """Two requests go over one connection; the second activity replaces the first."""
    with thread() as (_, url), connected(url) as connection:
        first, second = post(connection), post(connection)

    assert [201, 201] == [first.status, second.status]
    assert first.json["id"] != second.json["id"]


@pytest.mark.parametrize(
    ("how", "error"), [("close", http.client.RemoteDisconnected), ("reset", ConnectionResetError)]
)
def test_a_lost_answer_is_lost_on_the_socket(how: str, error: type[Exception]) -> None:
    """A rule that loses the answer closes or resets the real connection, and the service has acted."""
    with thread() as (mpsd, url):
        mpsd.lose_answer("create_handle", how=how, times=1)
        with pytest.raises(error):
            posted(url)
        status = posted(url).status

        assert [how, None] == [entry.fault for entry in mpsd.journal]

    assert 201 == status


def test_an_answer_that_never_comes_leaves_the_others_served() -> None:
    """A rule with a timeout says nothing on that connection; the next one is answered."""
    with thread() as (mpsd, url), connected(url) as silent:
        mpsd.lose_answer("create_handle", how="timeout", times=1)
        silent.timeout = 0.1
        with pytest.raises(TimeoutError):
            post(silent)
        status = posted(url).status

    assert 201 == status


def test_a_fault_is_nobodys_error(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is logged when a rule ends a connection: it was meant to."""
    with thread() as (mpsd, url):
        mpsd.lose_answer("create_handle", how="close")
        with pytest.raises(http.client.RemoteDisconnected):
            posted(url)

    assert [] == caplog.records


def test_a_body_beyond_the_limit_is_refused_by_the_server_itself() -> None:
    """A body larger than the limit is 413, and the sentence says whose limit it is."""
    with thread() as (mpsd, url):
        answer = posted(url, body=" " * (8 * 1024 * 1024 + 1))

        assert 0 == len(mpsd.journal)

    assert [413, "The body is larger than 8388608 bytes, the limit of this fake.\r\n"] == [answer.status, answer.text]


def test_a_request_that_breaks_off_is_not_acted_upon() -> None:
    """A client that goes away within its body has sent no request."""
    with thread() as (mpsd, url):
        with raw(url) as connection:
            connection.sendall(WHOLE[:-5])
        status = posted(url).status

        assert [201, 1] == [status, len(mpsd.journal)]


def test_a_slow_client_is_heard_out_and_holds_nobody_up() -> None:
    """While one client dribbles its request, another is answered; then the first is, too."""
    with thread() as (_, url), raw(url) as slow:
        slow.sendall(WHOLE[:40])
        between = posted(url).status
        slow.sendall(WHOLE[40:-5])
        slow.sendall(WHOLE[-5:] + b"GET /handles HTTP/1.1\r\nConnection: close\r\n" + HEAD + b"\r\n")
        statuses = re.findall(rb"HTTP/1.1 (\d+)", everything(slow))

    assert [201, [b"201", b"405"]] == [between, statuses]


def test_a_client_that_has_closed_its_half_is_answered() -> None:
    """A request and an end of file, as ``nc -N`` sends them, get their answer."""
    with thread() as (_, url), raw(url) as connection:
        connection.sendall(WHOLE)
        connection.shutdown(socket.SHUT_WR)
        answer = everything(connection)

    assert answer.startswith(b"HTTP/1.1 201 ")


def test_a_client_that_reads_nothing_holds_nobody_up() -> None:
    """Another client is answered while one sends and never reads."""
    with thread() as (_, url), raw(url) as deaf:
        deaf.sendall(WHOLE * 200)
        status = posted(url).status

    assert 201 == status


@pytest.mark.parametrize(
    "octets",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 20,
        b"GET\r\n\r\n",
        b"GET / HTPP/1.1\r\n\r\n",
        b"POST /handles HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /handles HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    ],
    ids=["TLS", "no target", "no version", "length", "chunk", "target", "hosts"],
)
def test_what_is_no_http_is_400(octets: bytes) -> None:
    """It is answered 400 with the reason, cut off, and is in the journal; the next client is served."""
    with thread() as (mpsd, url):
        with raw(url) as connection:
            connection.sendall(octets)
            connection.shutdown(socket.SHUT_WR)
            answer = everything(connection)
        status = posted(url).status

        assert [400, 201] == [entry.status for entry in mpsd.journal]
        assert ["malformed_request"] == [entry.refusal.name for entry in mpsd.journal if entry.refusal]

    assert [b"HTTP/1.1 400 ", 201] == [answer[:13], status]
    assert b"The request cannot be read: " in answer


@pytest.mark.parametrize(
    ("octets", "version"),
    [
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"2.0"),
        (b"POST /handles HTTP/1.2\r\nHost: x\r\nContent-Length: 0\r\n\r\n", b"1.2"),
    ],
)
def test_another_version_of_http_is_505(octets: bytes, version: bytes) -> None:
    """The server says which one it speaks, once, and ends the connection; the journal knows nothing of it."""
    with thread() as (mpsd, url), raw(url) as connection:
        connection.sendall(octets)
        answer = everything(connection)

        assert 0 == len(mpsd.journal)

    assert answer.startswith(b"HTTP/1.1 505 ")
    assert answer.endswith(b"This fake speaks HTTP/1.1, and no HTTP/" + version + b".\r\n")


def test_a_head_without_end_is_cut_off() -> None:
    """A client that sends headers beyond every measure is cut off, and the next one is served."""
    with thread() as (mpsd, url):
        with raw(url) as connection, suppress(ConnectionError):
            for _ in range(100):
                connection.sendall(b"GET / HTTP/1.1\r\nX: " + b"a" * 65536)
        status = posted(url).status

        assert 1 == len(mpsd.journal)

    assert 201 == status


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /%00%ff%0d%0a?\x7f= HTTP/1.1", 400),
        (b"GET /%00%ff%0d%0a?%ff HTTP/1.1", 404),
        (b"GET //handles HTTP/1.1", 404),
        (b"OPTIONS * HTTP/1.1", 404),
        (b"CONNECT sessiondirectory.xboxlive.com:443 HTTP/1.1", 404),
        (b"BREW /handles HTTP/1.1", 405),
        (b"HEAD /handles HTTP/1.1", 405),
        (b"GET http://sessiondirectory.xboxlive.com/handles HTTP/1.1", 405),
        (b"GET /handles HTTP/1.1\r\nX-Xbl-Contract-Version: \xff\xfe", 405),
        (b"GET /handles/\xe2\x82\xac HTTP/1.1", 400),
    ],
)
def test_any_address_gets_an_answer(head: bytes, status: int) -> None:
    """What is HTTP but none of MPSD's addresses is a refusal, never a failure of the server."""
    with thread() as (_, url), raw(url) as connection:
        connection.sendall(head + b"\r\nConnection: close\r\n" + HEAD + b"\r\n")
        answer = everything(connection)

    assert f"HTTP/1.1 {status} ".encode() == answer[:13]


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"[" * 100_000, b'{"type": "\\ud800"}', b"null", b'{"type":1e999}', b"\x00" * 4096]
)
def test_any_body_gets_an_answer(body: bytes) -> None:
    """Bytes that no client should send are a 400 of the service."""
    with thread() as (_, url), connected(url) as connection:
        status = call(connection, "POST", "/handles", body).status

    assert 400 == status


def test_a_name_with_line_ends_stays_out_of_the_headers() -> None:
    """A session name that holds line ends and letters beyond Latin-1 makes no additional header."""
    ref = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "a\r\nX: 1\r\n\u20ac"}
    body = json.dumps({"type": "activity", "version": 1, "sessionRef": ref})
    with thread() as (_, url):
        answer = posted(url, body=body)

    assert answer.status < 500
    assert "X" not in answer.headers


def test_the_journal_is_bounded() -> None:
    """A server that runs for days keeps the newest requests only, and counts them all."""
    with thread(journal_limit=3) as (mpsd, url), connected(url) as connection:
        for _ in range(5):
            post(connection)

        assert [[3, 4, 5], 5] == [[entry.number for entry in mpsd.journal], core_of(mpsd).journal.total]


def test_nothing_is_left_behind() -> None:
    """Its thread is gone with it, and so is its port, although a client has stayed."""
    before = set(threading.enumerate())
    with thread() as (_, url), connected(url) as connection:
        post(connection)
    with pytest.raises(ConnectionRefusedError), raw(url):
        pass

    assert before == set(threading.enumerate())


def test_who_is_kept_waiting_is_cut_off_at_the_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A request that is held without end ends with the server, and is not an error."""
    arrived, before = threading.Event(), set(threading.enumerate())

    async def held(*_: object) -> None:
        arrived.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("handlesfake.server.app.answer_async", held)
    with thread() as (_, url), connected(url) as waiting:
        waiting.request("POST", "/handles", ACTIVITY)
        arrived.wait(PATIENCE)

    assert [[], before] == [caplog.records, set(threading.enumerate())]
